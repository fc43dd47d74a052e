"""Hold the recipes of a claims file against the tables that they read, without running anything.

Tables are read as plain CSV, without pandas.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache, cached_property
from itertools import zip_longest
from typing import TYPE_CHECKING, Annotated, Any, get_args, get_origin, get_type_hints

from analysis import yamlfile
from analysis.claims.checks import Fault, parameter_blocks
from analysis.claims.conditions import meets
from analysis.claims.model import defaults
from analysis.data.catalog import DERIVED, read_plain
from analysis.data.editions import original
from analysis.data.periods import is_form
from analysis.data.type_check import bare, known_keys, options
from analysis.errors import suggest
from analysis.methods import METHODS, method

if TYPE_CHECKING:
    from analysis.project import Project
    from analysis.yamlfile import Path_

PLACEHOLDER = re.compile(r"\{[^{}]*\}")
DATED = ("date", "month", "quarter", "year", "partial_date", "period")  # types of columns
SCALARS = (str, bool, int, float)


class Tables:
    """The tables of an audit as plain texts, read when asked for and with their corrections."""

    def __init__(self, project: Project, expected: Collection[str] = ()) -> None:
        self._project = project
        self._expected = expected  # whose entries are read at once
        self.cells = cache(self._cells)
        self.columns = cache(self._columns)
        self.entry = cache(self._catalogued)
        self._index = cache(self._indexed)
        self._places: dict[tuple[str, str, str], frozenset[int]] = {}

    @cached_property
    def names(self) -> list[str]:
        """All tables that have a file."""
        data = self._project.data
        return sorted(str(path.relative_to(data).with_suffix("")) for path in data.glob("*/*.csv"))

    def _cells(self, name: str) -> dict[str, list[str]]:
        """The texts of each column of a table, without the records that a correction drops."""
        with (self._project.data / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            header, *records = filter(None, csv.reader(file))
        # by column, for most of the records are never asked for
        columns = zip_longest(*records, fillvalue="") if records else [()] * len(header)
        cells = {name: list(texts) for name, texts in zip(header, columns, strict=False)}
        for each in self._corrections:
            if each["table"] == name and each["action"] != "flag":
                meant = _described(cells, each["where"])
                for place in meant if each["action"] == "set" else ():
                    cells[each["column"]][place] = str(each.get("value", ""))
                for texts in cells.values() if each["action"] == "drop" else ():
                    texts[:] = [text for at, text in enumerate(texts) if at not in meant]
        return cells

    def _columns(self, name: str) -> Mapping[str, frozenset[str]] | None:
        """The columns of a table with their distinct texts; None if there is no such table."""
        if not (self._project.data / f"{name}.csv").is_file():
            return None
        found = {column: frozenset(texts) for column, texts in self.cells(name).items()}
        return {**dict.fromkeys(DERIVED, frozenset()), **found}

    def meeting(self, name: str, where: Mapping[str, Any]) -> list[dict[str, str]]:
        """The records of a table that meet all conditions, as in `query.select`.

        Conditions on columns that loading adds are left out.
        """
        cells = self.cells(name)
        met = [self._meeting(name, key, each) for key, each in where.items() if key in cells]
        places = sorted(frozenset.intersection(*met)) if met else range(len(cells["source_id"]))
        return [{column: texts[place] for column, texts in cells.items()} for place in places]

    def _meeting(self, name: str, column: str, wanted: Any) -> frozenset[int]:
        """The places of the records that meet a condition; each distinct text is read once."""
        key = name, column, repr(wanted)
        if key not in self._places:
            texts = self._index(name, column)
            met = (at for text, at in texts.items() if meets({column: text}, column, wanted))
            self._places[key] = frozenset(place for places in met for place in places)
        return self._places[key]

    def _indexed(self, name: str, column: str) -> dict[str, list[int]]:
        """The places of the records with each text of a column."""
        found: dict[str, list[int]] = {}
        for place, text in enumerate(self.cells(name)[column]):
            found.setdefault(text, []).append(place)
        return found

    def has_editions(self, name: str) -> bool:
        """Whether the catalog declares that records of the table are editions of one another."""
        return bool(self.entry(name).get("vintage", {}).get("editions"))

    def observation(self, name: str, row: Mapping[str, str]) -> tuple[str, ...]:
        """What the editions of a record have in common; all of it where none are declared."""
        if not self.has_editions(name):
            return tuple(row.values())
        entry = self.entry(name)
        own = {"source_id", entry["vintage"]["column"]}
        key = (row[column] for column in entry["key"] if column not in own)
        return (self.family(name, row), *key)

    def family(self, name: str, row: Mapping[str, str]) -> str:
        """The family of a record: by the table's own column or map, else by its source."""
        entry = self.entry(name).get("family")
        mapped = entry["map"].get(row[entry["column"]]) if entry else None
        return mapped or row.get("family") or self._families.get(original(row["source_id"]), "")

    @cached_property
    def _families(self) -> dict[str, str]:
        with self._project.sources.open(encoding="utf-8", newline="") as file:
            return {row["source_id"]: row["family"] for row in csv.DictReader(file)}

    def _catalogued(self, name: str) -> Mapping[str, Any]:
        """What the catalog says of a table; nothing if it does not have it."""
        entries = self._entries if name in self._expected else read_plain(self._project, {name})[0]
        entry: Mapping[str, Any] = entries.get(name, {})
        return entry

    @cached_property
    def _entries(self) -> Mapping[str, Any]:
        return read_plain(self._project, self._expected)[0]

    @cached_property
    def _corrections(self) -> Sequence[Mapping[str, Any]]:
        path = self._project.corrections
        return (yamlfile.read(path)[0] or ()) if path.exists() else ()


def _described(cells: Mapping[str, Sequence[str]], where: Mapping[str, Any]) -> frozenset[int]:
    """The places of the records that a correction means; None there is an empty cell."""
    wanted = {key: "" if each is None else str(each) for key, each in where.items()}
    met = [
        frozenset(place for place, text in enumerate(cells.get(key, ())) if text == each)
        for key, each in wanted.items()
    ]
    return frozenset.intersection(*met)


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
