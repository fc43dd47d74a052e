"""Counts by day on a calendar without holes, and the rows behind them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from analysis.errors import ParameterError
from analysis.methods.editions import one_edition
from analysis.methods.estimate import Citation, Point
from analysis.methods.query import cite, select_of
from analysis.methods.recipes import DailyCount

if TYPE_CHECKING:
    from numpy import ndarray
    from pandas import DataFrame

    from analysis.data.evidence import Evidence

EPOCH = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyCounts:
    """Counts by day, the place of the first day after the event, and the row of each day."""

    days: ndarray
    counts: ndarray
    start: int
    rows: DataFrame
    table: str
    part: str

    def citations_of(self, days: ndarray) -> dict[int, Citation]:
        """The row of each of these days that has one; only these are made, for speed."""
        used = self.rows[self.rows["ordinal"].isin(days)]
        return dict(zip(used["ordinal"].tolist(), cite(used, self.table, self.part), strict=True))

    def at(self, offset: int) -> float:
        """The count `offset` days from the first day after the event; NaN if unknown."""
        place = self.start + offset
        return float(self.counts[place]) if 0 <= place < len(self.counts) else math.nan

    def known(self, offset: int) -> bool:
        """Whether the day has a count."""
        return not math.isnan(self.at(offset))

    def points(self, window: int, mean: ndarray | None = None) -> list[Point]:
        """The days of the window as a figure draws them: counts or missing, and expectations.

        A day's value is its count, 0 where it is missing; the bounds are the expected count.
        """
        drawn = []
        window_days = self.days[max(self.start - window, 0) : max(self.start + window, 0)]
        rows = self.citations_of(window_days)
        for offset in range(-window, window):
            place = self.start + offset
            if not 0 <= place < len(self.days):
                continue
            day = int(self.days[place])
            value = self.at(offset)
            missing = math.isnan(value)
            expected = float(mean[place]) if mean is not None else math.nan
            text = date.fromordinal(day).isoformat()
            cited = rows.get(day)
            drawn.append(
                Point(
                    label="missing" if missing else "observed",
                    value=0.0 if missing else value,
                    low=expected,
                    high=expected,
                    family=cited.family if cited else "",
                    source_id=cited.source_id if cited else "",
                    row=str(cited) if cited else "",
                    text=text,
                )
            )
        return drawn


def daily_counts(
    recipe: DailyCount, evidence: Evidence, *, outcome: str, first: int, source: str
) -> DailyCounts | None:
    """The counts on a calendar without holes; an unknown day is NaN. None without any row.

    `first` is the ordinal of the first day after the event.
    """
    import numpy as np

    table = recipe["table"]
    rows = select_of(evidence, table, recipe.get("where", {}), source)
    if "value" in recipe:
        rows = one_edition(rows[rows[recipe["value"]].notna()], recipe, evidence)
    if rows.empty:
        return None
    since = np.array(rows[recipe["time"]].tolist(), dtype="datetime64[D]").astype(int)
    ordinals = since + EPOCH
    amounts = rows[recipe["value"]].to_numpy(float) if "value" in recipe else None
    start, counts = _calendar(ordinals, amounts, recipe.get("complete", ()))
    return DailyCounts(
        days=np.arange(start, start + len(counts)),
        counts=counts,
        start=first - start,
        rows=rows.assign(ordinal=ordinals),
        table=table,
        part=outcome,
    )


def _calendar(
    ordinals: ndarray, amounts: ndarray | None, complete: Sequence[str]
) -> tuple[int, ndarray]:
    """The first day and the counts from it on; without amounts, rows are counted."""
    import numpy as np

    complete_days = [date.fromisoformat(day).toordinal() for day in complete]
    if complete_days:  # what is complete to a later day is complete to the last day that is public
        complete_days[1] = min(complete_days[1], int(ordinals.max()))
    first, last = min([int(ordinals.min()), *complete_days]), int(ordinals.max())
    counts = np.full(last - first + 1, np.nan)
    if complete_days:
        counts[complete_days[0] - first : complete_days[1] - first + 1] = 0.0
    if amounts is not None:
        counts[ordinals - first] = amounts
        return first, counts
    known = np.bincount(ordinals - first, minlength=len(counts)).astype(float)
    return first, np.where((known > 0) | ~np.isnan(counts), known, np.nan)


def days_of(pairs: Sequence[str], first: int) -> list[int]:
    """The places, counted from the ordinal `first`, of all days of pairs of first and last days."""
    if len(pairs) % 2:
        raise ParameterError(f"days come in pairs, a first and a last: {list(pairs)}")
    found = []
    for start, end in zip(pairs[::2], pairs[1::2], strict=True):
        day, last = date.fromisoformat(start), date.fromisoformat(end)
        while day <= last:
            found.append(day.toordinal() - first)
            day += timedelta(days=1)
    return found
