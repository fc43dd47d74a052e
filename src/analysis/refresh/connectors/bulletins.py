"""A web page of bulletins in fixed words: a row a bulletin, a pattern a column."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import bs4
import pandas as pd
import soupsieve

from analysis.errors import DataError
from analysis.refresh.connectors.errors import fault
from analysis.refresh.connectors.layout import Layout, read_options
from analysis.refresh.connectors.texts import decoded
from analysis.refresh.connectors.tidy import tidy

_HTML_END = re.compile(r"</html\s*>(?:\s|<!--.*?-->)*\Z", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Layouts see the names of the patterns, each with what its only group matched."""

    item: str  # CSS selector of one bulletin
    patterns: Mapping[str, str]
    layouts: tuple[Layout, ...]
    optional: tuple[str, ...] = ()  # patterns of what a bulletin may leave unsaid
    encoding: str = "utf-8"
    figures: Mapping[str, str] = field(default_factory=dict)  # words for numbers: "no": "0"


def read(raw: bytes, options: Mapping[str, Any]) -> pd.DataFrame:
    """The tidy rows of a page; `bulletin N` counts from its top."""
    given = read_options(Options, options)
    patterns = {name: _compiled(name, pattern) for name, pattern in given.patterns.items()}
    rows = [
        {name: _found(name, pattern, text, i, given) for name, pattern in patterns.items()}
        for i, text in enumerate(_bulletins(raw, given), start=1)
    ]
    frame = pd.DataFrame(rows, columns=list(patterns), dtype=object)
    return tidy(frame.set_axis(range(1, len(rows) + 1)), given.layouts)


def _compiled(name: str, pattern: str) -> re.Pattern[str]:
    try:
        compiled = re.compile(pattern)
    except re.error as error:
        raise DataError(f"options of the connector: pattern '{name}': {error}") from None
    if compiled.groups != 1:
        raise DataError(
            f"options of the connector: pattern '{name}': expected one group, found "
            f"{compiled.groups}: put brackets around what counts"
        )
    return compiled


def _bulletins(raw: bytes, given: Options) -> list[str]:
    """The texts of all bulletins, with single blanks."""
    page = bs4.BeautifulSoup(written := decoded(raw, given.encoding, "the page"), "html.parser")
    try:
        items = page.select(given.item)
    except soupsieve.SelectorSyntaxError as error:
        message = f"item: expected a CSS selector, found '{given.item}'"
        raise DataError(f"options of the connector: {message}") from error
    if not items:
        title = page.title.get_text(strip=True) if page.title else "no title"
        raise fault("the page", expected=f"elements '{given.item}'", found=f"none ('{title}')")
    if not _HTML_END.search(written):
        raise fault("the page", expected="</html> at its end", found=repr(written[-40:]))
    return [" ".join(item.get_text(" ").split()) for item in items]


def _found(name: str, pattern: re.Pattern[str], text: str, i: int, given: Options) -> str | None:
    match = pattern.search(text)
    if match is None and name not in given.optional:
        raise fault(f"bulletin {i}", expected=f"'{pattern.pattern}'", found=repr(text[:120]))
    word = match[1] if match else None
    return word if word is None else given.figures.get(word, word)
