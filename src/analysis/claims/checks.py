"""Find every fault of a claims file: against its schema, its types and its own other entries."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

from analysis.claims import typeface
from analysis.claims.declaration_checks import declaration_faults, search_faults
from analysis.claims.entries import claim_of
from analysis.claims.expand import checkable, expanded
from analysis.claims.files import DEFAULTS
from analysis.claims.finding_texts import finding_faults
from analysis.claims.free_choices import free_names, used
from analysis.data import type_check
from analysis.errors import ParameterError, suggest
from analysis.methods import METHODS
from analysis.yamlfile import Path_

if TYPE_CHECKING:
    from analysis.claims.model import Claim, Reading, Specification


Fault = tuple[Path_, str]


def written_faults(value: Any) -> list[Fault]:
    """All faults of the form of a register as it is written, in the long form or the short."""
    from analysis.claims import forms
    from analysis.claims.short_keys import Defaults

    usual = value.get(DEFAULTS, {}) if isinstance(value, Mapping) else {}
    register = {key: value[key] for key in value if key != DEFAULTS} if usual else value
    found = type_check.faults(forms.ClaimsFile, register)
    for file, own in usual.items():
        found += type_check.faults(Defaults, own, (DEFAULTS, file))
    return found and [*found, *parameter_faults(value), *_missing(value)]


def faults(value: Any) -> list[Fault]:
    """All faults of a register in the long form; contradictions only if its form is right."""
    from analysis.claims import forms

    found = type_check.faults(forms.ClaimsFile, value)
    found += [*parameter_faults(value), *_missing(value)]
    return found or list(_contradictions(expanded(value)))


def parameter_faults(value: Any) -> Iterator[Fault]:
    """Parameters and choices of another form than the method's types, wherever they are given."""
    for where, name, parameters in parameter_blocks(value):
        free = _free(name, value["claims"][where[1]])
        own = {key: each for key, each in parameters.items() if key not in free}
        yield from type_check.faults(_parameters(name), own, where)
    for where, grid in _at(value, ("claims", "*", "grid")):
        name = _method(where, value)
        if name in METHODS and isinstance(grid, Mapping):
            free = _free(name, value["claims"][where[1]])
            own = {key: each for key, each in grid.items() if key not in free}
            others = {key: each for key, each in grid.items() if key in free}
            yield from type_check.faults(_grid(name), own, where)
            yield from type_check.faults(Mapping[str, Sequence[str | int | float]], others, where)


def _free(name: str, entry: Mapping[str, Any]) -> set[str]:
    """The choices that are no parameters, and that a text names; any other one is a slip."""
    grid = entry.get("grid", {})
    if entry.get("method") != name or not isinstance(grid, Mapping):
        return set()
    texts = (entry.get("parameters", {}), entry.get("readings", {}))
    return set(free_names(name, grid)) & {word for text in texts for word in used(text)}


def parameter_blocks(value: Any) -> Iterator[tuple[Path_, str, Mapping[str, Any]]]:
    """All mappings of parameters in a claims file, with the place and the method of each."""
    for path in (
        ("claims", "*", "parameters"),
        ("claims", "*", "readings", "*", "parameters"),
        ("claims", "*", "side_assertions", "*", "parameters"),
    ):
        for where, found in _at(value, path):
            name = _method(where, value)
            if name in METHODS and isinstance(found, Mapping):
                yield where, name, found


@cache
def _parameters(name: str) -> Any:
    from analysis.claims import forms

    return forms.parameters_of(name)


@cache
def _grid(name: str) -> Any:
    from analysis.claims import forms

    return forms.grid_of(name)


ALWAYS = ("locator", "title", "statement", "type")
NEEDED = {
    "no": ("reason", "why", "remedy"),
    "yes": ("rule", "method"),
    "partly": ("rule", "method"),
}


def _missing(value: Any) -> Iterator[Fault]:
    """Keys that a claim needs because of what it says elsewhere, and a method that is none."""
    for where, entry in _at(value, ("claims", "*")):
        if not isinstance(entry, Mapping) or "says" in entry or "like" in entry:
            continue  # of the short form: what it is written out to is asked again
        answer = checkable(entry)
        runs = answer in ("yes", "partly") and "pending" not in entry
        for key in (*ALWAYS, *NEEDED.get(str(answer), ()), *(["parameters"] if runs else [])):
            if key not in entry:
                yield (*where, key), f"missing key {key!r}"
        name = entry.get("method")
        if runs and isinstance(name, str) and name and name not in METHODS:
            known = ", ".join(METHODS)
            message = f"{json.dumps(name)} is not allowed{suggest(name, METHODS)}"
            yield (*where, "method"), f"{message}; expected one of: {known}"


def _at(value: Any, path: Sequence[str], where: Path_ = ()) -> Iterator[tuple[Path_, Any]]:
    """Whatever a path leads to; a star is for every key."""
    if not path:
        yield where, value
    elif isinstance(value, Mapping):
        for key in value if path[0] == "*" else [path[0]]:
            if key in value:
                yield from _at(value[key], path[1:], (*where, key))


def _method(where: Path_, value: Any) -> str:
    """The method that the parameters at `where` are for: the nearest one that is named above."""
    named = ""
    for key in where:
        value = value[key]
        if isinstance(value, Mapping):
            named = value.get("method", named)
    return named


def _contradictions(value: Mapping[str, Any]) -> Iterator[Fault]:
    """What a schema cannot say: one literal reading, a known section, parameters that fit."""
    yield from _impossible_days(value)
    yield from _undrawable(value)
    yield from search_faults(value)
    for name, entry in value["claims"].items():
        where = ("claims", name)
        section, sections = entry["section"], value["sections"]
        if section not in sections:
            hint = suggest(section, sections)
            message = f"unknown section {section!r}{hint}; expected one of: {', '.join(sections)}"
            yield (*where, "section"), message
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
        yield from declaration_faults(entry, where)
        yield from finding_faults(entry, where)
        yield from _outside_grid(entry, where)
        yield from _idle_constraints(entry, where)
        if not entry.get("pending"):
            yield from dict.fromkeys(_misfits(claim_of(name, entry), where))


def _impossible_days(value: Mapping[str, Any]) -> Iterator[Fault]:
    places: list[Path_] = [("article", "published")]
    places += [("deviations", index, "date") for index in range(len(value.get("deviations", ())))]
    for where in places:
        day: Any = value
        for key in where:
            day = day[key]
        try:
            date.fromisoformat(day)
        except ValueError:
            yield where, f"{day} is no day of the calendar"


DRAWN = ("title", "finding", "parameters", "grid", "readings")  # of a claim, what its figures show


def _undrawable(value: Mapping[str, Any]) -> Iterator[Fault]:
    """Characters in the texts of figures for which the typeface has no sign."""
    parts: dict[Path_, Any] = {("names",): value.get("names", {})}
    for name, entry in value["claims"].items():
        parts |= {("claims", name, key): entry[key] for key in DRAWN if key in entry}
    for where, part in parts.items():
        for place, character in typeface.undrawable(part, where):
            if place[-1] != "statement":
                yield place, f"no figure can draw {character}: write it in words"


def _outside_grid(entry: Mapping[str, Any], where: Path_) -> Iterator[Fault]:
    """Preferred choices that are none of the choices."""
    grid, parameters = entry.get("grid", {}), entry.get("parameters", {})
    for factor, options in grid.items():
        if factor in parameters and parameters[factor] not in options:
            shown = ", ".join(map(str, options))
            message = f"{parameters[factor]!r} is no choice of the grid"
            hint = suggest(str(parameters[factor]), options)
            yield (*where, "parameters", factor), f"{message}{hint}; it has: {shown}"


def _idle_constraints(entry: Mapping[str, Any], where: Path_) -> Iterator[Fault]:
    """Constraints on choices that the grid does not offer: they would forbid all or nothing."""
    grid = entry.get("grid", {})
    for index, constraint in enumerate(entry.get("constraints", ())):
        for side in ("when", "only"):
            for factor in constraint[side]:
                if factor not in grid:
                    message = f"{factor!r} is no factor of the grid{suggest(factor, grid)}"
                    yield (*where, "constraints", index, side, factor), message


CHECKED = 2000  # combinations of choices that are built when a register is read; a run builds all


def _misfits(claim: Claim, where: Path_) -> Iterator[Fault]:
    for reading in claim.readings:
        try:
            for specification in _some(claim, reading):
                built = specification.build()
                built.pass_criterion  # noqa: B018 - the property raises if the parameters contradict
        except ParameterError as error:
            own = ("readings", reading.name) if reading.parameters else ()
            yield (*where, *own, "parameters"), f"claim {claim.id}: {error}"
    for item in claim.side_assertions:
        try:
            claim.examine(item).build().pass_criterion  # noqa: B018 - as above
        except ParameterError as error:
            message = f"claim {claim.id}: {error}"
            yield (*where, "side_assertions", item.name, "parameters"), message


def _some(claim: Claim, reading: Reading) -> Iterator[Specification]:
    """The first combinations of a grid, and each option beside the preferred other choices."""
    yield from claim.specifications(reading, most=CHECKED)
    preferred = dict.fromkeys(claim.grid, ())
    for factor, options in claim.grid.items():
        alone = replace(claim, grid={**preferred, factor: options})
        yield from alone.specifications(reading)
