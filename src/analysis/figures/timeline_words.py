"""The words of a figure of dated records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis import formatting
from analysis.figures import captions
from analysis.methods.estimate import Estimate, interval_of
from analysis.methods.timeline import interval

if TYPE_CHECKING:
    from analysis.methods.timeline import Timeline


def missing(estimate: Estimate) -> str:
    """That nothing was found, and what was looked for."""
    return f"No admissible evidence: {captions.searched(estimate.note)}."


def by(method: Timeline) -> str:
    """The day by which it counts."""
    return f" by {formatting.days(interval(method.as_of))}" if method.as_of else ""


def offset(estimate: Estimate) -> str:
    """Signed days as words."""
    low, high = interval_of(estimate)
    return _shift(low) if low == high else f"from {_shift(low)} to {_shift(high)}"


def _shift(days: float) -> str:
    if not days:
        return "the article's day"
    side = "earlier" if days < 0 else "later"
    return f"{formatting.count(abs(days), 'day')} {side}"


def perhaps(estimate: Estimate) -> str:
    """How many more there may be."""
    low, high = interval_of(estimate)
    return f" and perhaps {high - low:.0f} more" if high > low else ""
