"""Who gained what another lost: shares of one whole at two times. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from analysis.methods.composition import Told, citations, measured, point
from analysis.methods.estimate import Point
from analysis.stats.intervals import Span, agreed


def moved(before: Sequence[Told], after: Sequence[Told], name: str) -> Span | None:
    """A member's change in share; None if either end does not name it."""
    if not all(any(name in item.division.values for item in told) for told in (before, after)):
        return None
    old, new = share_of(before, name), share_of(after, name)
    return Span(new.low - old.high, new.value - old.value, new.high - old.low)


def shifts(
    before: Sequence[Told],
    after: Sequence[Told],
    spans: Mapping[str, Span | None],
    roles: Mapping[str, str],
) -> Iterator[Point]:
    """Each member's change in percentage points, the unnamed rest last; they sum to 0."""
    total, cited = 0.0, citations([*before, *after])
    for name, span in spans.items():
        if span is None:
            continue
        total += span.value
        old, new = share_of(before, name), share_of(after, name)
        both = old.value and new.value
        ratio = f", log-ratio {math.log(new.value / old.value):+.2f}" if both else ""
        role = roles.get(name, "other")
        text = f"{role}: {old.value:.1f} to {new.value:.1f} percent{ratio}"
        yield point(name, span, cited, text=text)
    rest = Span(-total, -total, -total)
    yield point("all others", rest, cited, text="other: the rest")


def share_of(told: Sequence[Told], name: str) -> Span:
    """A member's share."""
    return agreed(measured(told, lambda division: division.portion([name])))
