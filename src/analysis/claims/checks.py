"""Find every fault of a claims file: against its schema, its types and its own other entries."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from analysis.claims import typeface
from analysis.claims.entries import claim_of
from analysis.claims.schema import DAY, NAME, TABLE, WEB, schema
from analysis.data import type_check
from analysis.errors import ParameterError, suggest
from analysis.methods import METHODS
from analysis.methods.parameters import hints

if TYPE_CHECKING:
    from analysis.claims.model import Claim, Reading, Specification


Fault = tuple[tuple, str]


def faults(value: Any) -> list[Fault]:
    """All faults of a file's plain content; contradictions only if its form is right."""
    found = list(_faults(_validator(), value))
    found += [each for each in parameter_faults(value) if each[0] not in dict(found)]
    return found or list(_contradictions(value))


def _validator() -> Any:
    """The schema's validator, to which a pattern is for the whole text.

    Python's `$` also stands before a line break at the end, that of JSON Schema does not.
    """
    from jsonschema import Draft202012Validator, ValidationError
    from jsonschema.validators import extend

    def whole(_: Any, pattern: str, text: object, __: Any) -> Iterator[Any]:
        if isinstance(text, str) and not re.fullmatch(pattern, text):
            yield ValidationError(f"{text!r} does not match {pattern!r}")

    return extend(Draft202012Validator, {"pattern": whole})(schema())


def _faults(validator: Any, value: Any) -> Iterator[Fault]:
    for error in validator.iter_errors(value):
        where = tuple(error.absolute_path)
        if "propertyNames" in error.absolute_schema_path:
            where = (*where, error.instance)  # the key itself is wrong, not what it stands for
        if error.validator == "additionalProperties":
            known = list(error.schema.get("properties", {}))
            for key in error.instance:
                if key not in known:
                    yield (*where, key), _unknown(key, known, where, value)
        else:
            yield where, _explain(error)


def parameter_faults(value: Any) -> Iterator[Fault]:
    """Recipes of another form than the method's types, wherever parameters are given."""
    for where, name, parameters in parameter_blocks(value):
        types = hints(name)
        for key, given in parameters.items():
            if key in types:
                yield from type_check.faults(types[key], given, (*where, key))


def parameter_blocks(value: Any) -> Iterator[tuple[tuple, str, Mapping[str, Any]]]:
    """All mappings of parameters in a claims file, with the place and the method of each."""
    for path in (
        ("claims", "*", "parameters"),
        ("claims", "*", "readings", "*", "parameters"),
        ("claims", "*", "periphery", "*", "parameters"),
    ):
        for where, found in _at(value, path):
            name = _method(where, value)
            if name in METHODS and isinstance(found, Mapping):
                yield where, name, found


def _at(value: Any, path: Sequence[str], where: tuple = ()) -> Iterator[tuple[tuple, Any]]:
    """Whatever a path leads to; a star is for every key."""
    if not path:
        yield where, value
    elif isinstance(value, Mapping):
        for key in value if path[0] == "*" else [path[0]]:
            if key in value:
                yield from _at(value[key], path[1:], (*where, key))


def _unknown(key: str, known: Sequence[str], where: tuple, value: Any) -> str:
    noun = "key"
    owner = f" in claim {where[1]}" if where[:1] == ("claims",) else ""
    if where[-1:] in (("parameters",), ("grid",)):
        noun = "parameter"
        owner = f" of method {_method(where, value)!r}{owner}"
    return (
        f"unknown {noun} {key!r}{owner}{suggest(key, known)}; expected one of: {', '.join(known)}"
    )


def _method(where: tuple, value: Any) -> str:
    """The method that the parameters at `where` are for: the nearest one that is named above."""
    named = ""
    for key in where:
        value = value[key]
        if isinstance(value, Mapping):
            named = value.get("method", named)
    return named


SHOWN = 60  # characters of a wrong value that a message repeats
FORMS = {
    DAY["pattern"]: "a day, e.g. 2024-01-31",
    NAME["pattern"]: "capital letters and a number, e.g. X1",
    WEB["pattern"]: "an address of the web, e.g. https://example.org",
    TABLE["pattern"]: "<topic>/<table>, e.g. trade/gdp",
}
COUNTS = {
    "minLength": "expected some text",
    "minItems": "expected at least {} in the list",
    "minProperties": "expected at least {} key",
    "maxProperties": "expected at most {} keys",
}


def _explain(error: Any) -> str:
    found = json.dumps(error.instance, ensure_ascii=False)
    found = found if len(found) <= SHOWN else f"{found[: SHOWN - 3]}..."
    if error.validator == "enum":
        options = [str(option) for option in error.validator_value]
        hint = suggest(str(error.instance), options)
        return f"{found} is not allowed{hint}; expected one of: {', '.join(options)}"
    if error.validator == "required":
        return f"missing key {error.message.removesuffix(' is a required property')}"
    if error.validator == "type":
        return f"expected {error.validator_value}, found {found}"
    if error.validator == "pattern":
        return f"{found} does not look right; expected {FORMS[error.validator_value]}"
    if error.validator in COUNTS:
        return f"{COUNTS[error.validator].format(error.validator_value)}, found {found}"
    return error.message


def _contradictions(value: Mapping[str, Any]) -> Iterator[Fault]:
    """What a schema cannot say: one literal reading, a known section, parameters that fit."""
    yield from _impossible_days(value)
    yield from _undrawable(value)
    for name, entry in value["claims"].items():
        where = ("claims", name)
        section, sections = entry["section"], value["sections"]
        if section not in sections:
            hint = suggest(section, sections)
            told = f"unknown section {section!r}{hint}; expected one of: {', '.join(sections)}"
            yield (*where, "section"), told
        if entry["checkable"] == "no":
            continue
        kinds = [reading["kind"] for reading in entry["readings"].values()]
        if kinds.count("literal") != 1:
            found = kinds.count("literal")
            yield (
                (*where, "readings"),
                f"claim {name} has {found} literal readings; exactly one is needed",
            )
            continue
        yield from _outside_grid(entry, where)
        yield from _idle_constraints(entry, where)
        if not entry.get("pending"):
            yield from dict.fromkeys(_misfits(claim_of(name, entry), where))


def _impossible_days(value: Mapping[str, Any]) -> Iterator[Fault]:
    places = [("article", "published")]
    places += [("deviations", index, "date") for index in range(len(value.get("deviations", ())))]
    for where in places:
        day = value
        for key in where:
            day = day[key]
        try:
            date.fromisoformat(day)
        except ValueError:
            yield where, f"{day} is no day of the calendar"


DRAWN = ("title", "parameters", "grid", "readings")  # of a claim, what its figures show


def _undrawable(value: Mapping[str, Any]) -> Iterator[Fault]:
    """Characters in the texts of figures for which the typeface has no sign."""
    parts: dict[tuple, Any] = {("names",): value.get("names", {})}
    for name, entry in value["claims"].items():
        parts |= {("claims", name, key): entry[key] for key in DRAWN if key in entry}
    for where, part in parts.items():
        for place, character in typeface.undrawable(part, where):
            if place[-1] != "statement":
                yield place, f"no figure can draw {character}: write it in words"


def _outside_grid(entry: Mapping[str, Any], where: tuple) -> Iterator[Fault]:
    """Preferred choices that are none of the choices."""
    grid, parameters = entry.get("grid", {}), entry.get("parameters", {})
    for factor, options in grid.items():
        if factor in parameters and parameters[factor] not in options:
            shown = ", ".join(map(str, options))
            message = f"{parameters[factor]!r} is no choice of the grid"
            hint = suggest(str(parameters[factor]), options)
            yield (*where, "parameters", factor), f"{message}{hint}; it has: {shown}"


def _idle_constraints(entry: Mapping[str, Any], where: tuple) -> Iterator[Fault]:
    """Constraints on choices that the grid does not offer: they would forbid all or nothing."""
    grid = entry.get("grid", {})
    for index, constraint in enumerate(entry.get("constraints", ())):
        for side in ("when", "only"):
            for factor in constraint[side]:
                if factor not in grid:
                    told = f"{factor!r} is no factor of the grid{suggest(factor, grid)}"
                    yield (*where, "constraints", index, side, factor), told


CHECKED = 2000  # combinations of choices that are built when a register is read; a run builds all


def _misfits(claim: Claim, where: tuple) -> Iterator[Fault]:
    for reading in claim.readings:
        try:
            for specification in _some(claim, reading):
                built = specification.build()
                built.test  # noqa: B018 - the property raises if the parameters contradict
        except ParameterError as error:
            own = ("readings", reading.name) if reading.parameters else ()
            yield (*where, *own, "parameters"), f"claim {claim.id}: {error}"
    for item in claim.periphery:
        try:
            claim.examine(item).build().test  # noqa: B018 - as above
        except ParameterError as error:
            told = f"claim {claim.id}: {error}"
            yield (*where, "periphery", item.name, "parameters"), told


def _some(claim: Claim, reading: Reading) -> Iterator[Specification]:
    """The first combinations of a grid, and each option beside the preferred other choices."""
    yield from claim.specifications(reading, most=CHECKED)
    preferred = dict.fromkeys(claim.grid, ())
    for factor, options in claim.grid.items():
        alone = replace(claim, grid={**preferred, factor: options})
        yield from alone.specifications(reading)
