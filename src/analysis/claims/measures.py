"""The columns that the short form measures, and their units, by the catalog."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from analysis.data.catalog import read_plain
from analysis.errors import suggest
from analysis.formatting import plain

if TYPE_CHECKING:
    from analysis.project import Project

SIZES = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}


class MeasureError(Exception):
    """A table or a column that the catalog does not have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnMeasure:
    """A column of a table: its unit (empty if the catalog has none) and the column of the time.

    `title` is that of the table, `columns` are its columns.
    """

    table: str
    column: str
    unit: str = ""
    time: str = ""
    title: str = ""
    columns: frozenset[str] = frozenset()

    def __str__(self) -> str:
        return f"{self.column} of {self.table}"

    @property
    def words(self) -> str:
        """The column in plain words, in the table by its title."""
        return f"{plain(self.column)} in “{self.title or self.table}”"


class Measures:
    """The columns of an audit's catalog, of which only the entries that are asked for are read."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._entry = cache(self._catalogued)

    def _catalogued(self, table: str) -> Mapping[str, Any] | None:
        entry: Mapping[str, Any] | None = read_plain(self._project, {table})[0].get(table)
        return entry

    def __getitem__(self, text: str) -> ColumnMeasure:
        """The measure of `<topic>/<table>.<column>`. Raises MeasureError if there is none."""
        table, _, column = text.rpartition(".")
        entry = self._entry(table)
        if entry is None:
            hint = suggest(table, read_plain(self._project)[0])
            raise MeasureError(f"no table {table!r}{hint} in data/catalog.yaml")
        columns = entry.get("columns", {})
        if column not in columns:
            known = f"{suggest(column, columns)}; it has: {', '.join(columns)}"
            raise MeasureError(f"{table} has no column {column!r}{known}")
        return ColumnMeasure(
            table=table,
            column=column,
            unit=columns[column].get("unit", ""),
            time=entry.get("time", {}).get("column", ""),
            title=entry.get("title", ""),
            columns=frozenset(columns),
        )


def scale(measured: str, stated: str) -> float | None:
    """What a number in one unit is multiplied by to be in another; None if they do not compare.

    "percent of GDP" says of what "percent" is, and "%" is percent.

    >>> scale("USD million", "USD billion"), scale("USD", "JPY")
    (0.001, None)
    """
    (one, size), (other, factor) = _sized(measured), _sized(stated)
    return size / factor if one == other or other.startswith(f"{one} of ") else None


def _sized(unit: str) -> tuple[str, float]:
    """A unit without its words of size, and their product.

    >>> _sized("million USD")
    ('USD', 1000000.0)
    """
    words = unit.replace("%", "percent").split()
    size = 1.0
    for word in words:
        size *= SIZES.get(word, 1.0)
    return " ".join(word for word in words if word not in SIZES), size
