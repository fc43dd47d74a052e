"""Numbers that are known within bounds, and their combination over sources and years."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, median
from typing import TypeVar

Number = TypeVar("Number", int, float)
WIDENING = 0.6  # of the range of years, at each end: see `combine`
MIN_YEARS = 5  # from which the widened range says anything: 15/16


@dataclass(frozen=True, slots=True)
class Bounds:
    """The lower and upper bound of a number, and the value that the named rows give."""

    low: float
    value: float
    high: float

    def within(self, other: Bounds) -> Bounds:
        """The intersection; the hull where the two are disjoint.

        >>> Bounds(3, 3, 9).within(Bounds(4, 4, 12))
        Bounds(low=4, value=4, high=9)
        """
        low, high = max(self.low, other.low), min(self.high, other.high)
        if low > high:
            return self.hull(other)
        return Bounds(low, min(max(self.value, other.value, low), high), high)

    def hull(self, other: Bounds) -> Bounds:
        """The smallest bounds around both."""
        low, high = min(self.low, other.low), max(self.high, other.high)
        return Bounds(low, (self.value + other.value) / 2, high)


def combine(bounds: Sequence[tuple[str, str, Bounds]], *, years: bool = False) -> Bounds:
    """Combine bounds that each have a family and a period.

    Within a family and period the intersection, then the mean over the periods, then the
    intersection of the families: each excludes what lies outside of its bounds. Where they exclude
    each other, their hull.

    With `years`, the periods are a sample of years: the median year represents them, and the
    interval is the range of the years, widened at both ends by `WIDENING` of itself. The range
    alone covers the median of independent years with probability 1 - 2**(1 - n) whatever their
    distribution (W. R. Thompson, On confidence ranges for the median, Annals of Mathematical
    Statistics 7, 1936); widened, it covers it as often where each year is correlated with the one
    before by up to 0.6 (bench/validate_share.py). Such intervals exclude nothing for sure, so
    families then give their hull.
    """
    families = list(of_families(bounds, years=years).values())
    ends = [(each.low, each.high) for each in families]
    low, high = outer(ends) if years else agreed(ends)
    return Bounds(low, min(max(median(each.value for each in families), low), high), high)


def of_families(
    bounds: Sequence[tuple[str, str, Bounds]], *, years: bool = False
) -> dict[str, Bounds]:
    """The bounds that each family gives by itself, as in `combine`."""
    by_family: dict[str, dict[str, Bounds]] = {}
    for family, period, each in bounds:
        periods = by_family.setdefault(family, {})
        periods[period] = periods[period].within(each) if period in periods else each
    return {
        family: _over_periods(list(periods.values()), years=years)
        for family, periods in by_family.items()
    }


def agreed(ranges: Sequence[tuple[Number, Number]]) -> tuple[Number, Number]:
    """The range that all ranges allow; where some exclude each other, the one around all.

    >>> agreed([(3, 3), (3, 5)]), agreed([(1, 2), (4, 5)])
    ((3, 3), (1, 5))
    """
    low, high = max(low for low, _ in ranges), min(high for _, high in ranges)
    return (low, high) if low <= high else outer(ranges)


def outer(ranges: Sequence[tuple[Number, Number]]) -> tuple[Number, Number]:
    """The smallest range around all."""
    return min(low for low, _ in ranges), max(high for _, high in ranges)


def conflict(ranges: Sequence[tuple[float, float]]) -> bool:
    """Whether some ranges exclude each other."""
    return max(low for low, _ in ranges) > min(high for _, high in ranges)


def _over_periods(bounds: Sequence[Bounds], *, years: bool) -> Bounds:
    if years:
        low, high = min(each.low for each in bounds), max(each.high for each in bounds)
        more = WIDENING * (high - low)
        return Bounds(low - more, median(each.value for each in bounds), high + more)
    return Bounds(
        fmean(each.low for each in bounds),
        fmean(each.value for each in bounds),
        fmean(each.high for each in bounds),
    )


def disagreement(bounds: Sequence[tuple[str, str, Bounds]]) -> float:
    """The range of the families' mean values."""
    by_family: dict[str, list[float]] = {}
    for family, _, each in bounds:
        by_family.setdefault(family, []).append(each.value)
    means = [fmean(values) for values in by_family.values()]
    return max(means) - min(means)


def rank_text(bounds: Bounds) -> str:
    """A rank in words.

    >>> rank_text(Bounds(1, 1, 1)), rank_text(Bounds(2, 2, 4))
    ('1', '2 to 4')
    >>> rank_text(Bounds(3, 3, float("inf")))
    '3 or lower'
    """
    if bounds.low == bounds.high:
        return f"{bounds.low:g}"
    return (
        f"{bounds.low:g} or lower"
        if math.isinf(bounds.high)
        else f"{bounds.low:g} to {bounds.high:g}"
    )
