"""Recipes of indices, and the series that they make of the rows of a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, Literal

from analysis.errors import ParameterError, suggest
from analysis.methods.coverage import table_months, whole_bins
from analysis.methods.editions import kept_editions, one_edition
from analysis.methods.estimate import Citation
from analysis.methods.placeholders import fill
from analysis.methods.query import column_of, matching_of, select_of
from analysis.methods.recipes import IndexSeries
from analysis.methods.time_bins import BIN_MONTHS, TimeBin, fits, months_of, periods, reduced
from analysis.stats.cache import cached

if TYPE_CHECKING:
    import numpy as np

    from analysis.data.evidence import Evidence

Columns = Mapping[str, list[Any]]  # columns as plain lists
CITED = ("row", "source_id", "family", "grade", "later_edition")
Facet = Literal["edition", "scope", "definition"]
FACETS: tuple[Facet, ...] = ("edition", "scope", "definition")


@dataclass(frozen=True, kw_only=True)
class MeasuredSeries:
    """One series of an index: time bins and periods in order, and their rows.

    `unit` is empty for counts, whose label says what is counted.
    """

    label: str
    bins: Sequence[TimeBin]
    periods: Sequence[TimeBin]
    months: int
    citations: tuple[Citation, ...]
    unit: str = ""

    @cached_property
    def times(self) -> tuple[int, ...]:
        """The number of each period."""
        return tuple(each.start // self.months for each in self.periods)

    @cached_property
    def rates(self) -> tuple[float, ...]:
        """The value of each period."""
        return tuple(each.rate for each in self.periods)

    def rates_of(self, year: int) -> list[float]:
        """The values of the periods of a year."""
        return [each.rate for each in self.periods if each.year == year]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesSelection:
    """The parameters that select rows: edition, scope, definition, years, frequency, source."""

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

    def key(self, recipe: IndexSeries) -> tuple[str, ...]:
        """What the rows of a recipe depend on, and how they are put together."""
        where = {column: self.filled(wanted) for column, wanted in recipe.get("where", {}).items()}
        return repr(recipe), repr(where), self.frequency, self.source

    def applies_to(self, recipe: IndexSeries) -> bool:
        """Whether the recipe is meant for these parameters."""
        asked = [(getattr(self, name), recipe[name]) for name in FACETS if name in recipe]
        return all(own == each if isinstance(each, str) else own in each for own, each in asked)


def read_series(
    recipe: IndexSeries, evidence: Evidence, selection: SeriesSelection
) -> tuple[MeasuredSeries, ...]:
    """The series of an index: one, or one for each value of `by`."""
    key = ("series", selection.key(recipe), selection.start, selection.last_year)
    series = partial(_read, recipe, evidence, selection)
    return cached(evidence, key, lambda: tuple(series()), tables_of(recipe))


def tables_of(recipe: IndexSeries) -> tuple[str, ...]:
    """The tables that the series of an index are read from."""
    return (recipe["table"], recipe["over"]["table"]) if "over" in recipe else (recipe["table"],)


def _read(
    recipe: IndexSeries, evidence: Evidence, selection: SeriesSelection
) -> Iterator[MeasuredSeries]:
    months = BIN_MONTHS[recipe.get("frequency", selection.frequency)]
    key = ("bins", selection.key(recipe))
    binned = partial(_binned, recipe, evidence, selection, months)
    every, cited, edges = cached(evidence, key, binned, tables_of(recipe))
    for name, found in every.items():
        bins = _after_last_break(found, recipe, evidence, selection.last_year)
        bins = whole_bins(bins, recipe, months, edges)
        bins = [each for each in bins if selection.start <= each.year <= selection.last_year]
        if bins:
            yield MeasuredSeries(
                label=f"{recipe['index']}: {name}" if name else recipe["index"],
                bins=tuple(bins),
                periods=periods(bins, months),
                months=months,
                citations=tuple(cited[row] for each in bins for row in each.rows),
                unit=_unit(recipe, evidence),
            )


def _binned(
    recipe: IndexSeries, evidence: Evidence, selection: SeriesSelection, months: int
) -> tuple[dict[str, list[TimeBin]], dict[int, Citation], tuple[int, int] | None]:
    """The bins of each series before any year is cut off, citations by row, and covered months."""
    rows, edges = _rows(recipe, evidence, selection)
    deflator = _deflator(recipe, evidence)
    bins = {
        name: _bins(entries, recipe, months, deflator)
        for name, entries in _entries(rows, recipe).items()
    }
    return bins, _cited(rows, recipe), edges


def _unit(recipe: IndexSeries, evidence: Evidence) -> str:
    """The unit of the values as the catalog has it, with what divides them."""
    columns = getattr(evidence.table(recipe["table"]).info, "columns", {})
    value, exposure = (
        getattr(columns.get(recipe.get(name, "")), "unit", None) or ""
        for name in ("value", "exposure")
    )
    told_elsewhere = value == "count" or "column" in value  # by the label, by another column
    value = "" if told_elsewhere or recipe.get("reduce") in ("count", "distinct") else value
    if "over" in recipe:
        value = f"{value}, constant prices".lstrip(", ")
    return f"{value} per {exposure.removesuffix('s')}".lstrip() if exposure else value


def _rows(
    recipe: IndexSeries, evidence: Evidence, selection: SeriesSelection
) -> tuple[Columns, tuple[int, int] | None]:
    """The columns of an index, and the months that its table covers if zeros count.

    Plain lists: a sweep comes here a thousand times, and frames would cost ten times as much.
    """
    table = recipe["table"]
    edges = table_months(evidence, recipe, selection.source) if recipe.get("zeros") else None
    mask = _row_mask(recipe, evidence, selection)
    places = kept_editions(evidence[table], recipe, evidence, mask)
    asked = (recipe.get("value"), recipe.get("exposure"), recipe.get("by"))
    wanted = [recipe["time"], *asked, *CITED]
    columns = {name: column_of(evidence, table, name) for name in wanted if name}
    return {name: values[places].tolist() for name, values in columns.items()}, edges


def _row_mask(recipe: IndexSeries, evidence: Evidence, selection: SeriesSelection) -> np.ndarray:
    """Which rows the index is made of."""
    import numpy as np

    table, value = recipe["table"], recipe.get("value")
    frame = evidence[table]
    where = {column: selection.filled(wanted) for column, wanted in recipe.get("where", {}).items()}
    mask = matching_of(evidence, table, where, selection.source)
    for column, word in recipe.get("among", {}).items():
        contains = [word in str(text).split("/") for text in frame[column].to_numpy().tolist()]
        mask &= np.array(contains, dtype=bool)
    for name in (recipe["time"], value, recipe.get("exposure"), recipe.get("by")):
        if name and name not in frame.columns:
            known = list(frame.columns)
            raise ParameterError(f"{table} has no column {name!r}{suggest(name, known)}")
    if value and (values := column_of(evidence, table, value)).dtype.kind == "f":
        mask &= ~np.isnan(values)
    return mask


def _deflator(recipe: IndexSeries, evidence: Evidence) -> dict[int, float] | None:
    if "over" not in recipe:
        return None
    over = recipe["over"]
    rows = select_of(evidence, over["table"], over["where"])
    rows = one_edition(rows, over, evidence)
    years = rows[over.get("time", "year")].tolist()
    return {int(year): float(v) for year, v in zip(years, rows[over["value"]], strict=True)}


def _cited(rows: Columns, recipe: IndexSeries) -> dict[int, Citation]:
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
            period=str(time)[:4],
        )
        for time, row, source, family, grade, later in zip(
            *(rows[name] for name in (recipe["time"], *CITED)), strict=True
        )
    }


def _entries(rows: Columns, recipe: IndexSeries) -> dict[str, list[tuple[Any, ...]]]:
    """Rows as (when, value, exposure, group, family, row), by the series that they belong to."""
    asked = (recipe.get("value"), recipe.get("exposure"), recipe.get("by"))
    named = [recipe["time"], *(name or "row" for name in asked)]
    separate = bool(recipe.get("by")) and not recipe.get("sum")
    found: dict[str, list[tuple[Any, ...]]] = {} if separate else {"": []}
    for entry in zip(*(rows[name] for name in (*named, "family", "row")), strict=True):
        found.setdefault(str(entry[3]) if separate else "", []).append(entry)
    return dict(sorted(found.items()))


def _bins(
    entries: Sequence[tuple[Any, ...]],
    recipe: IndexSeries,
    months: int,
    deflator: Mapping[int, float] | None,
) -> list[TimeBin]:
    """The rows of a series as time bins in order, one for each range of months that they cover."""
    reduction = recipe.get("reduce", "median" if recipe.get("value") else "count")
    grouped = _grouped(entries, months, reduction, exposed=recipe.get("exposure") is not None)
    groups = {entry[2] for members in grouped.values() for entry in members}
    bins = []
    for span, members in sorted(grouped.items()):
        if recipe.get("sum") and len({entry[2] for entry in members}) < len(groups):
            continue
        time_bin = _deflated(_bin(span, members, recipe, reduction), deflator)
        if time_bin is not None and time_bin.exposure > 0:
            bins.append(time_bin)
    return bins


def _grouped(
    entries: Sequence[tuple[Any, ...]], months: int, reduction: str, *, exposed: bool
) -> dict[tuple[int, int], list[tuple[Any, ...]]]:
    """Rows by the months that they cover, where these fit the frequency of the series."""
    grouped: dict[tuple[int, int], list[tuple[Any, ...]]] = {}
    for entry in entries:
        span = months_of(str(entry[0]))
        if span is not None and reduction == "distinct":  # counted once a period
            span = (span[0] // months * months, months)
        if span is not None and fits(span, months, reduction, exposed=exposed):
            grouped.setdefault(span, []).append(entry[1:])
    return grouped


def _bin(
    span: tuple[int, int], members: Sequence[tuple[Any, ...]], recipe: IndexSeries, reduction: str
) -> TimeBin:
    return TimeBin(
        start=span[0],
        months=span[1],
        value=reduced(members, reduction, summed=bool(recipe.get("sum"))),
        exposure=float(sum(entry[1] for entry in members)) if recipe.get("exposure") else 1.0,
        scale=recipe.get("scale", 1.0),
        rows=tuple(entry[4] for entry in members),
    )


def _deflated(time_bin: TimeBin, deflator: Mapping[int, float] | None) -> TimeBin | None:
    """At constant prices; None where the year has none."""
    if deflator is None:
        return time_bin
    if time_bin.year not in deflator:
        return None
    return replace(time_bin, value=100 * time_bin.value / deflator[time_bin.year])


def _after_last_break(
    bins: Sequence[TimeBin], recipe: IndexSeries, evidence: Evidence, last_year: int
) -> list[TimeBin]:
    """The bins after the last declared break of the table."""
    exempt = {str(at) for at in recipe.get("unbroken", {})} | {str(recipe.get("floor", ""))}
    kept = [each for each in bins if each.year <= last_year]
    for change in evidence.table(recipe["table"]).info.breaks:
        at = months_of(str(change.at))
        if str(change.at) in exempt or at is None:
            continue
        after = [each for each in kept if each.start >= at[0]]
        kept = after or kept
    return kept
