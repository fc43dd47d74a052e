"""Shift-share: the change of each member's share of one total between two times."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from analysis.methods.composition import Compositions, citations, measure_each, point
from analysis.methods.estimate import Point
from analysis.stats.intervals import Bounds, combine


def share_change(before: Compositions, after: Compositions, name: str) -> Bounds | None:
    """A member's change in share; None if either end does not name it."""
    if not all(
        any(name in each.composition.values for each in compositions)
        for compositions in (before, after)
    ):
        return None
    old, new = share_of(before, name), share_of(after, name)
    return Bounds(new.low - old.high, new.value - old.value, new.high - old.low)


def change_points(
    before: Compositions,
    after: Compositions,
    changes: Mapping[str, Bounds | None],
    roles: Mapping[str, str],
) -> Iterator[Point]:
    """Each member's change in percentage points, the unnamed rest last; they sum to 0."""
    total, cited = 0.0, citations([*before, *after])
    for name, change in changes.items():
        if change is None:
            continue
        total += change.value
        old, new = share_of(before, name), share_of(after, name)
        both = old.value and new.value
        ratio = f", log-ratio {math.log(new.value / old.value):+.2f}" if both else ""
        role = roles.get(name, "other")
        text = f"{role}: {old.value:.1f} to {new.value:.1f} percent{ratio}"
        yield point(name, change, cited, text=text)
    rest = Bounds(-total, -total, -total)
    yield point("all others", rest, cited, text="other: the rest")


def share_of(compositions: Compositions, name: str) -> Bounds:
    """A member's share."""
    return combine(measure_each(compositions, lambda composition: composition.share([name])))
