"""Recipes of indices, and the series that they make of the rows of a table. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from analysis.errors import ParameterError, suggest
from analysis.methods.estimate import Citation
from analysis.methods.placeholders import fill
from analysis.methods.query import from_source, matching, select
from analysis.methods.recipes import IndexSeries
from analysis.methods.time_bins import MONTHS, Cell, fits, periods, reduced, span_of, with_zeros
from analysis.stats.cache import once

if TYPE_CHECKING:
    import numpy as np
    from pandas import DataFrame

    from analysis.data.evidence import Evidence

Rows = Mapping[str, list]  # columns as plain lists
CITED = ("row", "source_id", "family", "grade", "later_edition")
FACETS = ("edition", "scope", "definition")


@dataclass(frozen=True, slots=True, kw_only=True)
class Strand:
    """One series of an index: cells and periods in order, and the rows behind them."""

    label: str
    cells: Sequence[Cell]
    periods: Sequence[Cell]
    months: int
    citations: tuple[Citation, ...]

    @property
    def times(self) -> list[int]:
        """The number of each period."""
        return [cell.start // self.months for cell in self.periods]

    @property
    def rates(self) -> list[float]:
        """The value of each period."""
        return [cell.rate for cell in self.periods]

    @property
    def countable(self) -> bool:
        """Whether the values are counts: whole numbers, none below zero."""
        return all(cell.value >= 0 and float(cell.value).is_integer() for cell in self.cells)

    def of(self, year: int) -> list[Cell]:
        """The cells of a year."""
        return [cell for cell in self.cells if cell.year == year]

    def at(self, year: int) -> list[float]:
        """The values of the periods of a year."""
        pairs = zip(self.periods, self.rates, strict=True)
        return [value for cell, value in pairs if cell.year == year]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How recipes are read: for which edition and the like, which years, how often, from whom."""

    edition: str = ""
    scope: str = ""
    definition: str = ""
    start: int = 0
    last_year: int = 9999
    frequency: str = "year"
    source: str = "all"

    def filled(self, wanted: Any) -> Any:
        """A condition with its parameters in place of their names."""
        return fill(wanted, {name: getattr(self, name) for name in FACETS})

    def holds(self, recipe: IndexSeries) -> bool:
        """Whether the recipe is meant for these parameters."""
        asked = [name for name in FACETS if name in recipe]
        return all(getattr(self, name) in _listed(recipe[name]) for name in asked)


def strands(recipe: IndexSeries, evidence: Evidence, reading: Reading) -> tuple[Strand, ...]:
    """The series of an index: one, or one for each value of `by`."""
    key = ("strands", repr(recipe), reading)
    return once(evidence, key, lambda: tuple(_strands(recipe, evidence, reading)))


def _strands(recipe: IndexSeries, evidence: Evidence, reading: Reading) -> Iterator[Strand]:
    rows, edges = _rows(recipe, evidence, reading)
    months = MONTHS[recipe.get("frequency", reading.frequency)]
    deflator = _deflator(recipe, evidence)
    cited = _cited(rows, recipe)
    for name, entries in _entries(rows, recipe).items():
        cells = _cells(entries, recipe, months, deflator)
        cells = _unbroken(cells, recipe, evidence, reading.last_year)
        cells = [cell for cell in cells if reading.start <= cell.year <= reading.last_year]
        if recipe.get("zeros"):
            first, last = edges or (1, 0)
            years = max(first, reading.start), min(last, reading.last_year)
            cells = with_zeros(cells, months, years)
        if cells:
            yield Strand(
                label=f"{recipe['index']}: {name}" if name else recipe["index"],
                cells=tuple(cells),
                periods=periods(cells, months),
                months=months,
                citations=tuple(cited[row] for cell in cells for row in cell.rows),
            )


def _rows(
    recipe: IndexSeries, evidence: Evidence, reading: Reading
) -> tuple[Rows, tuple[int, int] | None]:
    """The columns of an index, and the first and last year of its table if zeros count.

    Plain lists: a sweep comes here a thousand times, and frames would cost ten times as much.
    """
    frame = from_source(evidence[recipe["table"]], reading.source)
    edges = _edges(frame, recipe) if recipe.get("zeros") else None
    mask = _meant(frame, recipe, reading)
    wanted = [recipe["time"], *(recipe.get(key) for key in ("value", "exposure", "by")), *CITED]
    return {name: _picked(frame, name, mask) for name in wanted if name}, edges


def _edges(frame: DataFrame, recipe: IndexSeries) -> tuple[int, int] | None:
    """The first and last year in which the table could have had a row."""
    zeros = recipe["zeros"]
    covered = matching(frame, zeros if isinstance(zeros, Mapping) else {}, recipe["table"])
    spans = map(span_of, map(str, _picked(frame, recipe["time"], covered)))
    years = [span[0] // 12 for span in spans if span]
    return (min(years), max(years)) if years else None


def _meant(frame: DataFrame, recipe: IndexSeries, reading: Reading) -> np.ndarray:
    """Which rows the index is made of."""
    import numpy as np

    table, value = recipe["table"], recipe.get("value")
    where = {column: reading.filled(wanted) for column, wanted in recipe.get("where", {}).items()}
    mask = matching(frame, where, table)
    for column, word in recipe.get("among", {}).items():
        held = [word in str(text).split("/") for text in frame[column].to_numpy().tolist()]
        mask &= np.array(held, dtype=bool)
    for column in (recipe["time"], value, recipe.get("exposure"), recipe.get("by")):
        if column and column not in frame.columns:
            known = list(frame.columns)
            raise ParameterError(f"{table} has no column {column!r}{suggest(column, known)}")
    if value and frame[value].dtype.kind == "f":
        mask &= ~np.isnan(frame[value].to_numpy())
    return mask


def _picked(frame: DataFrame, column: str, mask: np.ndarray) -> list:
    return frame[column].to_numpy()[mask].tolist()


def _deflator(recipe: IndexSeries, evidence: Evidence) -> dict[int, float] | None:
    if "over" not in recipe:
        return None
    over = recipe["over"]
    rows = select(evidence[over["table"]], over["where"], over["table"])
    years = rows[over.get("time", "year")].tolist()
    return {int(year): float(v) for year, v in zip(years, rows[over["value"]], strict=True)}


def _cited(rows: Rows, recipe: IndexSeries) -> dict[int, Citation]:
    """A citation for each row, by its line."""
    table, part = recipe["table"], recipe["index"]
    return {
        row: Citation(
            table=table,
            row=row,
            source_id=source,
            family=family,
            grade=grade,
            part=part,
            later_edition=later,
        )
        for row, source, family, grade, later in zip(*(rows[name] for name in CITED), strict=True)
    }


def _entries(rows: Rows, recipe: IndexSeries) -> dict[str, list[tuple]]:
    """Rows as (when, value, exposure, group, family, row), by the series that they belong to."""
    named = [recipe["time"], *(recipe.get(key) or "row" for key in ("value", "exposure", "by"))]
    apart = bool(recipe.get("by")) and not recipe.get("sum")
    found: dict[str, list[tuple]] = {} if apart else {"": []}
    for entry in zip(*(rows[name] for name in (*named, "family", "row")), strict=True):
        found.setdefault(str(entry[3]) if apart else "", []).append(entry)
    return dict(sorted(found.items()))


def _cells(
    entries: Sequence[tuple],
    recipe: IndexSeries,
    months: int,
    deflator: Mapping[int, float] | None,
) -> list[Cell]:
    """The rows of a series as cells in order, one for each stretch of time that they name."""
    reduction = recipe.get("reduce", "median" if recipe.get("value") else "count")
    grouped = _grouped(entries, months, reduction, exposed=recipe.get("exposure") is not None)
    groups = {entry[2] for members in grouped.values() for entry in members}
    cells = []
    for span, members in sorted(grouped.items()):
        if recipe.get("sum") and len({entry[2] for entry in members}) < len(groups):
            continue
        cell = _deflated(_cell(span, members, recipe, reduction), deflator)
        if cell is not None and cell.exposure > 0:
            cells.append(cell)
    return cells


def _grouped(
    entries: Sequence[tuple], months: int, reduction: str, *, exposed: bool
) -> dict[tuple[int, int], list[tuple]]:
    """Rows without their time, by the stretch that it names, where this can stand in the series."""
    grouped: dict[tuple[int, int], list[tuple]] = {}
    for entry in entries:
        span = span_of(str(entry[0]))
        if span is not None and reduction == "distinct":  # one a period, in however many months
            span = (span[0] // months * months, months)
        if span is not None and fits(span, months, reduction, exposed=exposed):
            grouped.setdefault(span, []).append(entry[1:])
    return grouped


def _cell(
    span: tuple[int, int], members: Sequence[tuple], recipe: IndexSeries, reduction: str
) -> Cell:
    return Cell(
        start=span[0],
        months=span[1],
        value=reduced(members, reduction, summed=bool(recipe.get("sum"))),
        exposure=float(sum(entry[1] for entry in members)) if recipe.get("exposure") else 1.0,
        scale=recipe.get("scale", 1.0),
        rows=tuple(entry[4] for entry in members),
    )


def _deflated(cell: Cell, deflator: Mapping[int, float] | None) -> Cell | None:
    """At constant prices; None where the year has none."""
    if deflator is None:
        return cell
    if cell.year not in deflator:
        return None
    return replace(cell, value=100 * cell.value / deflator[cell.year])


def _unbroken(
    cells: Sequence[Cell], recipe: IndexSeries, evidence: Evidence, last_year: int
) -> list[Cell]:
    """What follows the last declared break of the table inside the window."""
    exempt = {str(at) for at in recipe.get("unbroken", {})} | {str(recipe.get("floor", ""))}
    kept = [cell for cell in cells if cell.year <= last_year]
    for change in evidence.table(recipe["table"]).info.breaks:
        at = span_of(str(change.at))
        if str(change.at) in exempt or at is None:
            continue
        after = [cell for cell in kept if cell.start >= at[0]]
        kept = after or kept
    return kept


def _listed(value: Any) -> Sequence[Any]:
    return value if isinstance(value, Sequence) and not isinstance(value, str) else [value]
