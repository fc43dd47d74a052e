"""Hold the recipes of a claims file against the tables that they read, without running anything.

Tables are read as plain CSV, without pandas.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, get_args, get_origin, get_type_hints

from analysis.claims.checks import Fault, parameter_blocks
from analysis.claims.model import defaults
from analysis.claims.plain_tables import Tables
from analysis.data.editions import original
from analysis.data.periods import is_form
from analysis.data.type_check import bare, known_keys, options
from analysis.errors import suggest
from analysis.methods import METHODS, method

if TYPE_CHECKING:
    from analysis.yamlfile import Path_

PLACEHOLDER = re.compile(r"\{[^{}]*\}")
DATED = ("date", "month", "quarter", "year", "partial_date", "period")  # types of columns
SCALARS = (str, bool, int, float)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Context:
    """Where in a recipe a check is: the nearest table, and values that are absent on purpose."""

    tables: Tables
    table: str
    absent: Sequence[Any] = ()

    def within(self, recipe: Mapping[str, Any]) -> _Context:
        """The same inside of a recipe, which may name a table of its own."""
        absent = recipe.get("absent", self.absent)
        return replace(self, table=recipe.get("table", self.table), absent=absent)


def faults(value: Any, tables: Tables) -> list[Fault]:
    """All faults of the recipes of a register in full, which its types admit."""
    found: dict[Fault, None] = {}
    for where, name, given in parameter_blocks(value):
        context = _Context(tables=tables, table=_table(name, value, where, given))
        for key, item in given.items():
            found |= dict.fromkeys(_parameter(name, key, item, (*where, key), context))
    for claim, entry in value["claims"].items():
        for key, options_given in entry.get("grid", {}).items():
            place = ("claims", claim, "grid", key)
            for index, item in enumerate(options_given):
                context = _Context(tables=tables, table=_table(entry["method"], value, place, {}))
                where = (*place, index)
                found |= dict.fromkeys(_parameter(entry["method"], key, item, where, context))
    return list(found)


def _parameter(name: str, key: str, value: Any, where: Path_, context: _Context) -> Iterator[Fault]:
    """The faults of one parameter of a method; its default has none."""
    kinds = _kinds(name)
    if key in kinds and value != defaults(name).get(key):
        yield from _faults(kinds[key], value, where, context)


@cache
def _kinds(name: str) -> Mapping[str, Any]:
    return get_type_hints(method(name), include_extras=True) if name in METHODS else {}


def _table(name: str, value: Any, where: Path_, given: Mapping[str, Any]) -> str:
    """The table of a method's own columns: of these parameters, the claim's or the default."""
    claim = value["claims"][where[1]]
    own = claim.get("parameters", {}) if claim.get("method") == name else {}
    for parameters in (given, own, defaults(name)):
        table: str = parameters.get("table") or parameters.get("documents") or ""
        if table:
            return table
    return ""


def _faults(kind: Any, value: Any, where: Path_, context: _Context) -> Iterator[Fault]:
    """The faults of a value whose type marks some texts as tables or columns."""
    if _mark(kind) == "table":
        if context.tables.columns(value) is None:
            yield where, f"no table {value!r}{suggest(value, context.tables.names)} in data/"
    elif _mark(kind) == "column":
        yield from _column(value, where, context)
    elif _mark(kind) == "day":
        yield from _day(value, where)
    else:
        branch = next((each for each in options(kind) if _fits(each, value)), Any)
        if _mark(branch):
            yield from _faults(branch, value, where, context)
        elif isinstance(value, Mapping):
            yield from _entries(branch, value, where, context)
        elif isinstance(value, list) and get_args(branch):
            for index, item in enumerate(value):
                yield from _faults(get_args(branch)[0], item, (*where, index), context)


def _entries(
    kind: Any, value: Mapping[str, Any], where: Path_, context: _Context
) -> Iterator[Fault]:
    if keys := known_keys(kind):
        for key, item in value.items():
            yield from _faults(bare(keys[key]), item, (*where, key), context.within(value))
    elif len(get_args(kind)) > 1:
        of_key, of_item = get_args(kind)
        for key, item in value.items():
            if _mark(of_key) == "column":
                yield from _condition(key, item, (*where, key), context)
            else:
                yield from _faults(of_item, item, (*where, key), context)


def _mark(kind: Any) -> str:
    mark: str = kind.__metadata__[0] if get_origin(kind) is Annotated else ""
    return mark


def _fits(kind: Any, value: Any) -> bool:
    kind = bare(kind, marks=True)
    if keys := known_keys(kind):
        return isinstance(value, Mapping) and set(value) <= set(keys)
    origin = get_origin(kind)
    if isinstance(value, Mapping | list):
        mapping = isinstance(origin, type) and issubclass(origin, Mapping)
        return isinstance(origin, type) and mapping == isinstance(value, Mapping)
    return kind not in SCALARS or isinstance(value, kind)


def _column(name: str, where: Path_, context: _Context) -> Iterator[Fault]:
    known = context.tables.columns(context.table)
    if known is not None and name not in known and not PLACEHOLDER.search(name):
        yield where, f"{context.table} has no column {name!r}{suggest(name, known)}"


def _day(value: Any, where: Path_) -> Iterator[Fault]:
    """A date as far as known, or two with a slash; an empty text is none."""
    text = str(value)
    if text and not PLACEHOLDER.search(text) and not is_form("period", text):
        yield where, f"{text!r} is no date: expected YYYY, YYYY-MM or YYYY-MM-DD"


def _condition(column: str, wanted: Any, where: Path_, context: _Context) -> Iterator[Fault]:
    """Whether a column is there and has the values that a condition names."""
    yield from _column(column, where, context)
    known = (context.tables.columns(context.table) or {}).get(column)
    if not known:  # no such column, or one that loading adds
        return
    if isinstance(wanted, Mapping):
        kind = context.tables.entry(context.table).get("columns", {}).get(column, {}).get("type")
        for bound in ("min", "max"):
            if kind in DATED and bound in wanted:
                yield from _day(wanted[bound], (*where, bound))
        if "not" in wanted:
            yield from _condition(column, wanted["not"], (*where, "not"), context)
        return
    several = isinstance(wanted, list)
    for index, each in enumerate(wanted if several else [wanted]):
        if each not in context.absent and not occurs(each, known, column):
            place = (*where, index) if several else where
            yield place, nowhere(each, column, context.table, known)


def nowhere(value: Any, column: str, table: str, known: frozenset[str]) -> str:
    """That no row of a table has a value, and which one may be meant.

    >>> nowhere("SPN", "iso3", "power/shares", frozenset({"ESP", "FRA"}))
    "'SPN' occurs nowhere in the column 'iso3' of power/shares (did you mean 'ESP'?)"
    """
    hint = suggest(str(value), known)
    return f"{value!r} occurs nowhere in the column {column!r} of {table}{hint}"


def occurs(value: Any, texts: frozenset[str], column: str) -> bool:
    """Whether a value, or one that its placeholders could make, is among the texts of a column."""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    if text in texts:
        return True
    if PLACEHOLDER.search(text):
        parts = (re.escape(part) for part in PLACEHOLDER.split(text))
        return any(map(re.compile(".*".join(parts)).fullmatch, texts))
    if column == "source_id":
        return text in {original(each) for each in texts}
    with suppress(ValueError):
        return float(text) in {float(each) for each in texts if each}
    return False
