"""A checklist: which members have a row that counts."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from analysis.methods.composition import point
from analysis.methods.estimate import Citation, Point
from analysis.stats.intervals import Bounds

TICK_VALUES = {"yes": 1.0, "unclear": 0.5, "no": 0.0}


@dataclass(frozen=True, slots=True)
class Entry:
    """The status that one row gives a member."""

    member: str
    status: str
    citation: Citation


def best(entries: Sequence[Entry]) -> dict[str, str]:
    """The status of each member: the best that any row gives it."""
    ticks: dict[str, str] = {}
    for entry in entries:
        if TICK_VALUES.get(entry.status, -1.0) > TICK_VALUES.get(ticks.get(entry.member, ""), -1.0):
            ticks[entry.member] = entry.status
    return ticks


def points(
    wanted: Sequence[str], must: Collection[str], entries: Sequence[Entry]
) -> tuple[Point, ...]:
    """Each wanted member with its tick and the rows that give it."""
    ticks = best(entries)
    drawn = []
    for member in wanted:
        status = ticks.get(member)
        own = [e.citation for e in entries if e.member == member and e.status == status]
        status_text = status or "none found"
        tick = TICK_VALUES.get(status_text, 0.0)
        role = "must be listed" if member in must else "counts"
        drawn.append(point(member, Bounds(tick, tick, tick), own, text=f"{status_text}: {role}"))
    return tuple(drawn)
