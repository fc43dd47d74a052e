"""Read `name=value` as the method's own types; whatever does not fit is an error."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin, get_type_hints

from analysis.errors import ParameterError, clip, suggest
from analysis.methods import method
from analysis.running.plan import waits

if TYPE_CHECKING:
    from analysis.claims import Claim


DEEPEST = 32  # structures of structures; a recipe has six
LARGEST = 2**63 - 1


def parse(claim: Claim, changes: Sequence[str]) -> dict[str, Any]:
    """The parameters given on a command line, typed by the claim's method.

    Raises ParameterError for an unknown name or a value of another type; it names what is valid.
    """
    if why := waits(claim):
        raise ParameterError(f"claim {claim.id} has no parameters to change: {why}")
    kind = method(claim.method)
    hints = get_type_hints(kind)
    known = [item.name for item in fields(kind)]
    found = {}
    for change in changes:
        name, equals, text = change.partition("=")
        if not equals:
            raise ParameterError(f"{clip(change)!r} is not of the form name=value")
        if name not in known:
            message = (
                f"unknown parameter {clip(name)!r} of method {claim.method!r} in claim {claim.id}"
                f"{suggest(name, known)}; known: {', '.join(known)}"
            )
            raise ParameterError(message)
        found[name] = _value(name, text, hints[name])
    return found


def _value(name: str, text: str, hint: Any) -> Any:
    if get_origin(hint) is Literal:
        options = [str(option) for option in get_args(hint)]
        if text not in options:
            near = suggest(text, options).strip() or "no such option"
            message = f"{name}={clip(text)}: {near}"
            raise ParameterError(f"{message}; expected one of: {', '.join(options)}")
        return text
    if hint is str:
        return text
    return _json(name, text, hint)


def _json(name: str, text: str, hint: Any) -> Any:
    kinds = {
        float: ((int, float), "a number, e.g. 75.5 or 7e20"),
        int: ((int,), f"a whole number, e.g. 2, of at most {LARGEST}"),
        bool: ((bool,), "true or false"),
        Mapping: ((dict,), 'JSON, e.g. {"year": 2023}'),
        Sequence: ((list,), 'JSON, e.g. ["a", "b"]'),
    }
    accepted, words = kinds[get_origin(hint) or hint]
    try:
        value = json.loads(text, parse_int=_whole)
        json.dumps(value, allow_nan=False)  # no parameter is infinite or no number
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, accepted) or (isinstance(value, bool) and bool not in accepted):
        raise ParameterError(f"{name}={clip(text)}: expected {words}")
    if _depth(value) > DEEPEST:
        message = f"is nested more than {DEEPEST} deep, which no parameter is"
        raise ParameterError(f"{name}={clip(text)}: {message}")
    return value


def _whole(digits: str) -> int:
    """A whole number that a column of a table can hold; ValueError for a larger one."""
    value = int(digits)
    if abs(value) > LARGEST:
        raise ValueError(digits)
    return value


def _depth(value: Any) -> int:
    """How many lists and objects stand in each other."""
    layer, depth = [value], 0
    while layer := [each for each in layer if isinstance(each, (dict, list))]:
        depth += 1
        layer = [
            inner for each in layer for inner in (each.values() if isinstance(each, dict) else each)
        ]
    return depth
