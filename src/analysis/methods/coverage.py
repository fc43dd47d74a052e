"""Which months a table or a series covers, its whole periods, and the year it looks back from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from analysis.methods.query import column_of, matching_of
from analysis.methods.time_bins import (
    BIN_MONTHS,
    months_of,
    periods,
    running_totals,
    whole_periods,
    with_zeros,
)
from analysis.stats.cache import cached

if TYPE_CHECKING:
    from analysis.data.evidence import Evidence
    from analysis.methods.recipes import IndexSeries
    from analysis.methods.time_bins import TimeBin


def table_months(
    evidence: Evidence, recipe: IndexSeries, source: str = "all"
) -> tuple[int, int] | None:
    """The months in which the table could have had a row: the first, and that after the last."""
    key = ("months", recipe["table"], recipe["time"], repr(recipe["zeros"]), source)
    months = partial(_months, evidence, recipe, source)
    return cached(evidence, key, months, (recipe["table"],))


def _months(evidence: Evidence, recipe: IndexSeries, source: str) -> tuple[int, int] | None:
    zeros, table = recipe["zeros"], recipe["table"]
    where = zeros if isinstance(zeros, Mapping) else {}
    covered = matching_of(evidence, table, where, source)
    times = column_of(evidence, table, recipe["time"])[covered].tolist()
    named = map(months_of, map(str, times))
    spans = [span for span in named if span]
    return (min(s for s, _ in spans), max(s + n for s, n in spans)) if spans else None


def whole_bins(
    bins: Sequence[TimeBin], recipe: IndexSeries, months: int, edges: tuple[int, int] | None
) -> list[TimeBin]:
    """The bins of whole periods, with zeros and as running totals where the recipe says so.

    A stock is what it is on any day: its first and last period need not be whole.
    """
    covered = edges or _covered(bins)
    if not covered:
        return []
    total = recipe.get("cumulative", False)
    if not (total or recipe.get("sampled")):
        covered = whole_periods(covered, months)
        bins = [each for each in bins if _whole(each, covered, months)]
    if edges:
        bins = with_zeros(bins, months, covered)
    return running_totals(periods(bins, months)) if total else list(bins)


def _whole(time_bin: TimeBin, covered: tuple[int, int], months: int) -> bool:
    """Whether a bin is as long as a period, or a part of a whole one."""
    nearly = months - 1 if months == BIN_MONTHS["year"] else months
    return time_bin.months >= nearly or covered[0] <= time_bin.middle < covered[1]


def _covered(bins: Sequence[TimeBin]) -> tuple[int, int] | None:
    """The first month of a series, and that after its last."""
    return (bins[0].start, max(each.start + each.months for each in bins)) if bins else None


def present(evidence: Evidence, last_year: int) -> int:
    """The year from which a series looks back: the last asked for, or that of the newest row.

    Rows that stand in for an earlier edition became public later than what they say was known.
    """
    newest = max(
        (
            cached(evidence, ("newest",), partial(_newest, evidence, name), (name,))
            for name in evidence
        ),
        default=0,
    )
    return min(newest, last_year) if newest else last_year


def _newest(evidence: Evidence, table: str) -> int:
    frame = evidence[table]
    known = frame.loc[~frame["later_edition"].astype(bool), "public_on"].dropna()
    return max((int(str(day)[:4]) for day in known.unique()), default=0)
