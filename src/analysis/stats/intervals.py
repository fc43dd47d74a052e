"""Numbers that are known within bounds, and what several of them say together. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, median

WIDER = 0.6  # of the range of years, at each end: see `agreed`
LEAST_YEARS = 5  # from which the widened range says anything: 15/16


@dataclass(frozen=True, slots=True)
class Span:
    """What is known of a number: the least, the most, and the value that the named rows give."""

    low: float
    value: float
    high: float

    def within(self, other: Span) -> Span:
        """What both allow; where they exclude each other, all that either allows.

        >>> Span(3, 3, 9).within(Span(4, 4, 12))
        Span(low=4, value=4, high=9)
        """
        low, high = max(self.low, other.low), min(self.high, other.high)
        if low > high:
            return self.hull(other)
        return Span(low, min(max(self.value, other.value, low), high), high)

    def hull(self, other: Span) -> Span:
        """All that either allows."""
        low, high = min(self.low, other.low), max(self.high, other.high)
        return Span(low, (self.value + other.value) / 2, high)


def agreed(spans: Sequence[tuple[str, str, Span]], *, years: bool = False) -> Span:
    """One span from several, each with its family and period.

    It is what the sources of a family all allow, then the mean over the periods, then all that any
    family allows.

    With `years`, the periods are a sample of years: the median year stands for them, and the
    interval is the range of the years, widened at both ends by `WIDER` of itself. The range alone
    covers the median of independent years with probability 1 - 2**(1 - n) whatever their
    distribution (W. R. Thompson, On confidence ranges for the median, Annals of Mathematical
    Statistics 7, 1936); widened, it covers it as often where each year is correlated with the one
    before by up to 0.6 (bench/validate_share.py).
    """
    by_family: dict[str, dict[str, Span]] = {}
    for family, period, span in spans:
        known = by_family.setdefault(family, {})
        known[period] = known[period].within(span) if period in known else span
    told = [_over(list(known.values()), years=years) for known in by_family.values()]
    return Span(
        min(span.low for span in told),
        median(span.value for span in told),
        max(span.high for span in told),
    )


def _over(spans: Sequence[Span], *, years: bool) -> Span:
    if years:
        low, high = min(span.low for span in spans), max(span.high for span in spans)
        more = WIDER * (high - low)
        return Span(low - more, median(span.value for span in spans), high + more)
    return Span(
        fmean(span.low for span in spans),
        fmean(span.value for span in spans),
        fmean(span.high for span in spans),
    )


def disagreement(spans: Sequence[tuple[str, str, Span]]) -> float:
    """How far the families' values lie apart."""
    by_family: dict[str, list[float]] = {}
    for family, _, span in spans:
        by_family.setdefault(family, []).append(span.value)
    means = [fmean(values) for values in by_family.values()]
    return max(means) - min(means)


def ranks(span: Span) -> str:
    """A rank in words.

    >>> ranks(Span(1, 1, 1)), ranks(Span(2, 2, 4)), ranks(Span(3, 3, float("inf")))
    ('1', '2 to 4', '3 or lower')
    """
    if span.low == span.high:
        return f"{span.low:g}"
    return f"{span.low:g} or lower" if math.isinf(span.high) else f"{span.low:g} to {span.high:g}"
