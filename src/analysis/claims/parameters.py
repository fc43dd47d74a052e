"""Read `name=value` as the method's own types; whatever does not fit is an error."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal, get_origin

from analysis import yamlfile
from analysis.claims.model import waits
from analysis.errors import ParameterError, clip
from analysis.methods.parameters import fit, known
from analysis.yamlfile import decimal, whole

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.claims.model import Claim


DEEPEST = 32  # structures of structures; a recipe has six


def parse(claim: Claim, changes: Sequence[str]) -> dict[str, Any]:
    """The parameters given on a command line, typed by the claim's method.

    Raises ParameterError for an unknown name or a value of another type; it names what is valid.
    """
    if why := waits(claim):
        raise ParameterError(f"claim {claim.id} has no parameters to change: {why}")
    types, found = claim.types, {}
    for change in changes:
        name, equals, text = change.partition("=")
        if not equals:
            raise ParameterError(f"{clip(change)!r} is not of the form name=value")
        known([name], claim.method, f"claim {claim.id}", types)
        found[name] = _value(text, types[name])
        if _depth(found[name]) > DEEPEST:
            message = f"is nested more than {DEEPEST} deep, which no parameter is"
            raise ParameterError(f"{name}={clip(text)}: {message}")
        fit(name, found[name], types[name], clip(text))
    return found


def read(claim: Claim, path: Path) -> dict[str, Any]:
    """The parameters in a YAML file, `name: value`, as papermill's `-f` takes it.

    Raises ParameterError with file and line for what does not fit the claim's method.
    """
    if why := waits(claim):
        raise ParameterError(f"claim {claim.id} has no parameters to change: {why}")
    found, marks = yamlfile.read(path, shown=str(path), error=ParameterError)
    if not isinstance(found, dict):
        raise ParameterError("expected parameters as `name: value`", **marks.at(()))
    types = claim.types
    for name, value in found.items():
        try:
            known([name], claim.method, f"claim {claim.id}", types)
            fit(name, value, types[name])
        except ParameterError as error:
            raise ParameterError(error.message, **marks.at((name,))) from None
    return found


def _value(text: str, hint: Any) -> Any:
    """The value of a text; of one that is no JSON, nothing, which fits no parameter."""
    if hint is str or get_origin(hint) is Literal:
        return text
    try:
        value = json.loads(text, parse_int=whole, parse_float=decimal)
        json.dumps(value, allow_nan=False)  # no parameter is infinite or no number
    except (ValueError, RecursionError):
        return None
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
