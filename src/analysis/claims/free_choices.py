"""Choices of an audit's own: factors of a grid that are no parameter of the method.

Their value takes the place of "{name}" in the texts of the parameters before a method is built.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from analysis.methods import METHODS
from analysis.methods.parameters import hints

Grid = Mapping[str, Any]


def free_names(method: str, grid: Iterable[str]) -> tuple[str, ...]:
    """The factors of a grid that are no parameters of the method.

    >>> free_names("level", ["period", "base_month"])
    ('base_month',)
    """
    own = hints(method) if method in METHODS else {}
    return tuple(name for name in grid if own and name not in own)


def filled(method: str, parameters: Mapping[str, Any], grid: Iterable[str]) -> dict[str, Any]:
    """The parameters of the method, with the values of free choices in the place of their names.

    >>> filled("level", {"unit": "t", "base": 2020, "measures": [{"where": {"year": "{base}"}}]},
    ...        ["base"])
    {'unit': 't', 'measures': [{'where': {'year': '2020'}}]}
    """
    free = free_names(method, grid)
    if not free:
        return dict(parameters)
    words = {name: str(parameters[name]) for name in free if name in parameters}
    pattern = re.compile("|".join(re.escape(f"{{{name}}}") for name in words) or "(?!)")
    return {
        key: _filled(value, pattern, words) for key, value in parameters.items() if key not in free
    }


def _filled(value: Any, pattern: re.Pattern[str], words: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return pattern.sub(lambda found: words[found[0][1:-1]], value)
    if isinstance(value, Mapping):
        return {key: _filled(item, pattern, words) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_filled(item, pattern, words) for item in value]
    return value


def used(value: Any) -> Iterator[str]:
    """Every name in braces in the texts of a plain value."""
    if isinstance(value, str):
        yield from re.findall(r"\{([^{}]*)\}", value)
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from used(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from used(item)
