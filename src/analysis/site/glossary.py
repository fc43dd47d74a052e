"""The glossary: words of the method, of verdicts and of errors, in one page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from analysis.site import prose
from analysis.site.context import Material
from analysis.site.page import Page
from analysis.site.words import TAGS, in_words
from analysis.verdicts.code_table import ROWS
from analysis.verdicts.wording import SENTENCES, WORDS

OF_LIBRARY = Path(__file__).with_suffix(".md")
_ENTRY = re.compile(r"\| (?!word \|)([^|]+) \|")
_DEFINED = re.compile(r"^- (?:A|An|The) \*\*(?P<word>[^*]+)\*\*", re.MULTILINE)


def page(material: Material) -> Page:
    """The words of the method with its definitions, of verdicts, of errors, and all others."""
    return Page(
        path="glossary.html",
        template="glossary.html",
        title="Glossary",
        description="What the words of this audit mean.",
        context={
            "defined": list(defined(in_words(material.document("docs/method.md")))),
            "verdicts": list(verdicts()),
            "tags": [tuple(each) for each in TAGS.values()],
            "body": prose.rendered(in_words(_joined(material.project.glossary))),
        },
    )


def verdicts() -> Iterator[tuple[str, str, list[str]]]:
    """The word of each verdict, what it says, and the rules of which each gives it.

    >>> list(verdicts())[-2]
    ('cannot be tested', 'This cannot be tested against data.', ['no data can decide it'])
    """
    for code, text in SENTENCES.items():
        yield WORDS[code], text, [row.words for row in ROWS if row.code == code]


def defined(method: str) -> Iterator[tuple[str, str]]:
    """The words that the method defines, each with the HTML of its definition.

    >>> list(defined("- A **claim** is one assertion."))
    [('claim', '<p>A <strong>claim</strong> is one assertion.</p>')]
    """
    for item in re.split(r"\n(?=- |\n)", method):
        found = _DEFINED.match(item)
        if found:
            yield found["word"], prose.rendered(re.sub(r"\n +", " ", item[2:])).strip()


def _joined(own: Path) -> str:
    """The audit's glossary, if it has one, then the library's."""
    library = OF_LIBRARY.read_text(encoding="utf-8")
    return merged(own.read_text(encoding="utf-8") if own.exists() else "", library)


def merged(own: str, library: str) -> str:
    """Two glossaries without title and introduction: sections of one heading become one.

    A word of `own` replaces the same one of `library`.
    """
    defined = {_word(line) for line in own.splitlines()} - {""}
    sections = _sections(own)
    for heading, lines in _sections(library).items():
        kept = [line for line in lines if _word(line) not in defined]
        if heading in sections:
            sections[heading] += [line for line in kept if _word(line)]
        else:
            sections[heading] = kept
    return "\n\n".join("\n".join([head, "", *lines]) for head, lines in sections.items())


def _sections(text: str) -> dict[str, list[str]]:
    """The lines below each heading of the second level."""
    parts = [part.strip().splitlines() for part in re.split(r"(?m)^(?=## )", text)[1:]]
    return {head: lines[1:] for head, *lines in parts}


def _word(line: str) -> str:
    """The word that a line of a table explains; empty for any other line."""
    found = _ENTRY.match(line)
    return found[1] if found else ""
