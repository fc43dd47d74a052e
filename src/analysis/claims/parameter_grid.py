"""Read the options of factors: `name=a,b,c`, `name=low:high:count` for numbers, or a YAML file."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.claims import admissible, parameters
from analysis.errors import ParameterError, clip
from analysis.yamlfile import read as read_yaml

if TYPE_CHECKING:
    from analysis.claims.model import Claim

_RANGE = 3  # low, high, count
MOST = 10_000_000  # options of one factor


def options(claim: Claim, words: Sequence[str], file: Path | None) -> dict[str, tuple[Any, ...]]:
    """The options of each factor from a file and a command line; where both name one, the latter.

    Raises ParameterError as `parse` does, and for a file of another form.
    """
    try:
        listed = _file(claim, file) if file else {}
    except ParameterError as error:
        raise ParameterError(
            error.message, file=str(file), line=error.line, column=error.column
        ) from None
    return {**listed, **parse(claim, words)}


def _file(claim: Claim, file: Path) -> dict[str, tuple[Any, ...]]:
    content, _ = read_yaml(file, error=ParameterError)
    if not isinstance(content, Mapping) or not content:
        raise ParameterError("expected factors with their options, e.g. `period: ['2022', '2023']`")
    return {str(name): _listed(claim, str(name), each) for name, each in content.items()}


def _listed(claim: Claim, name: str, options: Any) -> tuple[Any, ...]:
    if isinstance(options, Mapping) and set(options) == {"from", "to", "count"}:
        return parse(claim, [f"{name}={options['from']}:{options['to']}:{options['count']}"])[name]
    if not isinstance(options, list) or not options:
        raise ParameterError(f"{name}: expected a list, or from, to and count; found {options!r}")
    words = [each if isinstance(each, str) else json.dumps(each, default=str) for each in options]
    values = [parameters.parse(claim, [f"{name}={word}"])[name] for word in words]
    return tuple(value for i, value in enumerate(values) if value not in values[:i])


def parse(claim: Claim, words: Sequence[str]) -> dict[str, tuple[Any, ...]]:
    """The options of each factor, typed by the claim's method.

    Raises ParameterError for an unknown name, an option of another type or an unknown text.
    """
    found = {}
    for each in words:
        name, equals, text = each.partition("=")
        if not equals:
            raise ParameterError(
                f"{clip(each)!r} is not of the form name=a,b,c or name=low:high:count"
            )
        options = _range(each, text) if text.count(":") == _RANGE - 1 else text.split(",")
        values = [parameters.parse(claim, [f"{name}={option}"])[name] for option in options]
        for value in values:
            admissible.check_text(claim, name, value)
        found[name] = tuple(dict.fromkeys(values))
    return found


def _range(word: str, text: str) -> list[str]:
    try:
        low, high, count = (float(part) for part in text.split(":"))
    except ValueError:
        return text.split(",")  # an option that has colons
    if not (count.is_integer() and 2 <= count <= MOST and low < high < inf):  # noqa: PLR2004 - two ends
        expected = f"expected low < high and a count from 2 to {MOST:,}"
        raise ParameterError(f"{clip(word)!r}: {expected}")
    steps = int(count) - 1
    return [f"{low + (high - low) * step / steps:.12g}" for step in range(steps + 1)]
