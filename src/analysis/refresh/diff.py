"""A new edition against the pinned table: what is added, revised, vanished, and the merged text.

An edition replaces only the rows that cite its source; all others stay byte for byte.
"""

import csv
import io
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.data.catalog import TableInfo
from analysis.data.csvfile import convert
from analysis.errors import DataError, suggest
from analysis.refresh.registry import Refreshable

Row = Mapping[str, str]
Key = tuple[str, ...]
Scope = Callable[[Row], bool]
_SOURCE = "source_id"
_RELATIVE_ROUNDING = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """A row whose cells changed: the pinned one and the new one."""

    key: Key
    before: Row
    after: Row

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that changed, the source apart."""
        return tuple(
            name
            for name in self.before
            if name != _SOURCE and self.before[name] != self.after[name]
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TableDiff:
    """What an edition would change; `unchanged` counts the rows that it confirms."""

    added: Sequence[Row]
    revised: Sequence[Revision]
    vanished: Sequence[Row]
    unchanged: int
    rows: Sequence[Row]

    def __bool__(self) -> bool:
        return bool(self.added or self.revised or self.vanished)


def identity(info: TableInfo) -> tuple[str, ...]:
    """The key's columns that name an observation whatever source it was read in."""
    return tuple(name for name in info.key if name != _SOURCE)


def records(data: bytes) -> list[Row]:
    """The rows of a pinned table as text."""
    return list(csv.DictReader(io.StringIO(data.decode(), newline="")))


def text(rows: Sequence[Row], columns: Sequence[str]) -> bytes:
    """Rows as the bytes of a table: UTF-8, LF, quotes where needed."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def compare(
    pinned: Sequence[Row], edition: pd.DataFrame, info: TableInfo, entry: Refreshable, source: str
) -> TableDiff:
    """The difference by identity; new and revised rows cite `source`.

    Raises DataError where the edition has other columns than the table, a cell that does not fit
    its type, or the same observation twice.
    """
    incoming = _incoming(edition, info)
    in_scope = _scope(incoming, info, entry)
    mine = {_key(row, info): row for row in pinned if in_scope(row)}
    added, revised, merged = [], [], {}
    for key, given in incoming.items():
        before = mine.get(key)
        after = _full_row(given, before, info, source)
        if before is None:
            added.append(after)
        elif _same(before, given, info):
            after = before
        else:
            revised.append(Revision(key=key, before=before, after=after))
        merged[key] = after
    gone = [row for key, row in mine.items() if key not in incoming]
    return TableDiff(
        added=added,
        revised=revised,
        vanished=gone,
        unchanged=len(merged) - len(added) - len(revised),
        rows=_merge_rows(pinned, merged, added, info, in_scope),
    )


def _scope(incoming: Mapping[Key, Row], info: TableInfo, entry: Refreshable) -> Scope:
    """The pinned rows that the edition may replace: of its source, from its first period on."""
    if not entry.rolling:
        return lambda row: entry.cites(row[_SOURCE])
    if info.time is None:
        raise DataError("'rolling' needs a table with a time column: correct data/connectors.yaml")
    column = info.time.column
    first = min(row[column] for row in incoming.values())
    return lambda row: entry.cites(row[_SOURCE]) and row[column] >= first


def _merge_rows(
    pinned: Sequence[Row], merged: Mapping[Key, Row], added: Sequence[Row], info: TableInfo,
    in_scope: Scope,
) -> list[Row]:  # fmt: skip
    """The merged table: rows in their pinned order, added ones after the last row of the source."""
    kept, last = [], 0
    for row in pinned:
        mine = in_scope(row)
        if mine and _key(row, info) not in merged:
            continue
        kept.append(merged[_key(row, info)] if mine else row)
        last = len(kept) if mine else last
    new = sorted(added, key=lambda row: _key(row, info))
    return [*kept[:last], *new, *kept[last:]]


def _incoming(edition: pd.DataFrame, info: TableInfo) -> dict[Key, dict[str, str]]:
    # Connectors may name the pinned source; which one a row cites is decided here.
    whole = edition.drop(columns=_SOURCE, errors="ignore")
    for name in (*whole.columns, *identity(info)):
        if name not in info.columns or name not in whole.columns:
            hint = suggest(name, whole.columns if name in info.columns else info.columns)
            where = "comes in the edition" if name in info.columns else "is in the table"
            raise DataError(f"no column '{name}' {where}{hint}: correct data/connectors.yaml")
    found: dict[Key, dict[str, str]] = {}
    for number, cells in enumerate(whole.to_dict("records"), start=1):
        row = {str(name): _cell(cell) for name, cell in cells.items()}
        _check(row, info, number)
        key = _key(row, info)
        if key in found:
            raise DataError(f"row {number} of the edition: {_key_text(key)} occurs twice in it")
        found[key] = row
    return found


def _check(row: Row, info: TableInfo, number: int) -> None:
    for name, cell in row.items():
        column = info.columns[name]
        if cell == "" and column.nullable:
            continue
        try:
            convert(cell, column)
        except ValueError as fault:
            message = f"row {number} of the edition: {name} = {cell!r}: {fault}"
            raise DataError(f"{message}; did the publisher change its form?") from None


def _cell(value: Any) -> str:
    if value is None or value != value:  # noqa: PLR0124 - NaN is not itself
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _key(row: Row, info: TableInfo) -> Key:
    return tuple(row[name] for name in identity(info))


def _key_text(key: Key) -> str:
    return " · ".join(key)


def _same(before: Row, given: Row, info: TableInfo) -> bool:
    return all(
        _equal(_value(before[name], name, info), _value(given[name], name, info)) for name in given
    )


def _equal(one: Any, other: Any) -> bool:
    """Numbers are the same up to what binary fractions lose: 33608898999.999996 is a whole one."""
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=_RELATIVE_ROUNDING)
    return bool(one == other)


def _value(cell: str, name: str, info: TableInfo) -> Any:
    return None if cell == "" else convert(cell, info.columns[name])


def _full_row(given: Row, before: Row | None, info: TableInfo, source: str) -> Row:
    """The new row in the table's columns; those that the edition lacks keep their pinned cells."""
    rest = before or dict.fromkeys(info.columns, "")
    return {name: given.get(name, rest[name]) for name in info.columns} | {_SOURCE: source}
