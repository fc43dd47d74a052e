"""Factors as told on a command line: `name=a,b,c`, or `name=low:high:count` for numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from analysis.errors import ParameterError
from analysis.running import parameters

if TYPE_CHECKING:
    from analysis.claims import Claim

_RANGE = 3  # low, high, count


def parse(claim: Claim, told: Sequence[str]) -> dict[str, tuple[Any, ...]]:
    """The options of each factor, typed by the claim's method.

    Raises ParameterError for an unknown name, or an option of another type.
    """
    found = {}
    for each in told:
        name, equals, text = each.partition("=")
        if not equals:
            raise ParameterError(f"{each!r} is not of the form name=a,b,c or name=low:high:count")
        options = _range(each, text) if text.count(":") == _RANGE - 1 else text.split(",")
        values = [parameters.parse(claim, [f"{name}={option}"])[name] for option in options]
        found[name] = tuple(dict.fromkeys(values))
    return found


def _range(told: str, text: str) -> list[str]:
    try:
        low, high, count = (float(part) for part in text.split(":"))
    except ValueError:
        return text.split(",")  # an option that has colons
    if count != int(count) or count < 2 or not low < high:  # noqa: PLR2004 - two ends
        raise ParameterError(f"{told!r}: expected low < high and a count of at least 2")
    steps = int(count) - 1
    return [f"{low + (high - low) * step / steps:.12g}" for step in range(steps + 1)]
