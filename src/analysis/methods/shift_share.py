"""Shift-share: the change of each member's share of one total between two times."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from analysis.methods.composition import Compositions, citations, measure_each, point
from analysis.methods.estimate import Estimate, Point, no_evidence, withheld
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


def gain(
    before: Compositions,
    after: Compositions,
    *,
    of: str,
    lost: str,
    years: tuple[str, str],
    unit: str,
) -> Estimate:
    """The change of the share of `of` in percentage points, of a fall below 0, with all changes.

    No evidence without its share at both ends; thin where `lost` is named and lost nothing.
    """
    names = dict.fromkeys(n for each in (*before, *after) for n in each.composition.values)
    changes = {name: share_change(before, after, name) for name in names}
    gained, fallen = changes.get(of), changes.get(lost)
    if gained is None or (lost and fallen is None):
        missing = of if gained is None else lost
        return no_evidence(f"no share of {missing} in {years[0]} and {years[1]}", unit)
    cited = citations([*before, *after])
    found = Estimate(
        value=gained.value,
        low=gained.low,
        high=gained.high,
        unit=unit,
        n=len(cited),
        citations=cited,
        points=tuple(change_points(before, after, changes, {lost: "lost", of: "asked"})),
    )
    if fallen is None or fallen.low < 0:
        return found
    words = (
        f"from {years[0]} to {years[1]} the share of {lost} moved by "
        f"{fallen.value:+.1f} points and that of {of} by {gained.value:+.1f}"
    )
    return withheld(found, f"{words}: nothing was lost", flags=("thin",))


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
