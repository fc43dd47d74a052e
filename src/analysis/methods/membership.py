"""A standing in a fixed list of bodies: how many count one as a member, or which share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from analysis.data.periods import first_day, last_day
from analysis.errors import ParameterError, suggest
from analysis.methods.estimate import Bound, Citation, Estimate, Point, Test, nothing
from analysis.methods.query import cite, select
from analysis.methods.recipes import Column, Table, Where

if TYPE_CHECKING:
    from datetime import date

    from pandas import DataFrame, Series

    from analysis.data.evidence import Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """Count the bodies of a list in which a standing counts as membership.

    `where` picks the rows of one member (an economy, a state) in `table`; `body` and `status` are
    columns, `counts` the words that count. `rosters` are the lists of bodies by name, and `roster`
    says which is used; an empty list stands for every body that the rows speak of.

    A row speaks of the day `as_of` unless it began later, was stated for a later day without a
    beginning, or has ended (`since`, `until` and `stated` are columns); an `outside` standing does
    not end with `until`, which there closes an earlier one. In each body the row of the highest
    grade decides, then the most recent. Where source families differ, and where none says whether
    (no row, or only `silent` words), the count is a range.

    `groups` orders the words for the figure, from the inside out.
    """

    table: Table
    body: Column
    status: Column
    counts: Sequence[str]
    roster: str
    rosters: Mapping[str, Sequence[str]]
    as_of: str
    claimed: float
    measure: Literal["count", "share"] = "count"
    comparison: Bound = "at_most"
    leeway: float = 0.0
    where: Where = field(default_factory=dict)
    silent: Sequence[str] = ()
    outside: Sequence[str] = ("not_member",)
    groups: Mapping[str, Sequence[str]] = field(default_factory=dict)
    since: Column = "since"
    until: Column = "until"
    stated: Column = "as_of"

    @property
    def test(self) -> Test:
        """The claimed count or share as a test; beyond it by up to `leeway` is unclear."""
        return Test(comparison=self.comparison, threshold=self.claimed, leeway=self.leeway)

    @property
    def unit(self) -> str:
        """Bodies where they are counted, a share from 0 to 1 else."""
        return "bodies" if self.measure == "count" else "share of bodies"

    def estimate(self, evidence: Evidence) -> Estimate:
        """How many bodies count as joined, or which share of them; open ones are the interval.

        A count above zero rests on the bodies that are counted; every other result on them all.
        """
        rows = select(evidence[self.table], self.where, self.table)
        bodies = self._bodies(rows)
        standings = [standing for body in bodies.values() for standing in body]
        if not any(standing.says for standing in standings):
            return nothing(f"no row of {self.table} says of any of {len(bodies)} bodies", self.unit)
        verdicts = [_judged(body) for body in bodies.values()]
        value, low, high = (sum(end) for end in zip(*verdicts, strict=True))
        known = [any(standing.says for standing in body) for body in bodies.values()]
        contested = sum(
            least != most and spoken
            for (_, least, most), spoken in zip(verdicts, known, strict=True)
        )
        whole = 1 if self.measure == "count" else len(bodies)
        joined = [body for body in bodies.values() if _judged(body)[0]]
        behind = joined if self.measure == "count" and joined else bodies.values()
        return Estimate(
            value=value / whole,
            low=low / whole,
            high=high / whole,
            unit=self.unit,
            n=sum(known),
            disagreement=contested / whole,
            citations=tuple(s.citation for body in behind for s in body if s.says),
            points=tuple(point for name, body in bodies.items() for point in _points(name, body)),
        )

    def _bodies(self, rows: DataFrame) -> dict[str, list[_Standing]]:
        """The standings in each body of the list, the one that decides first."""
        day = last_day(self.as_of)
        found: dict[str, list[_Standing]] = {}
        columns = [self.body, self.status, self.since, self.until, self.stated, "public_on"]
        cells = (_texts(rows[column]) for column in columns)
        for citation, body, status, since, until, stated, public in zip(
            cite(rows, self.table), *cells, strict=True
        ):
            if _later(since, stated, day):
                continue
            ended = until is not None and last_day(until) <= day and status not in self.outside
            found.setdefault(body, []).append(
                _Standing(
                    status=f"{status} until {until}" if ended else status,
                    joined=status in self.counts and not ended,
                    says=status not in self.silent,
                    told=stated or public or since or "",
                    citation=_of(citation, body),
                )
            )
        names = self._listed() or sorted(found)
        return {name: sorted(found.get(name, ()), key=_strength) for name in names}

    def _listed(self) -> Sequence[str]:
        if self.roster not in self.rosters:
            hint = suggest(self.roster, self.rosters)
            message = f"unknown roster {self.roster!r}{hint}; known: {', '.join(self.rosters)}"
            raise ParameterError(message)
        return self.rosters[self.roster]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Standing:
    """What one row says of one body; `says` is false where it leaves open whether one is in."""

    status: str
    joined: bool
    says: bool
    told: str
    citation: Citation


def _texts(column: Series) -> list[str | None]:
    return [cell if isinstance(cell, str) else None for cell in column.tolist()]


def _of(citation: Citation, body: str) -> Citation:
    """The citation as an ingredient of its own: each body must be known by itself."""
    return replace(citation, part=body)


def _later(since: str | None, stated: str | None, day: date) -> bool:
    """Whether a row speaks only of a time after `day`."""
    if since is not None:
        return first_day(since) > day
    return stated is not None and first_day(stated) > day


def _strength(standing: _Standing) -> tuple[bool, int, int, int]:
    """Rows that say something first, then the highest grade, the most recent, the first."""
    told = last_day(standing.told).toordinal() if standing.told else 0
    return not standing.says, -standing.citation.grade, -told, standing.citation.row


def _judged(body: Sequence[_Standing]) -> tuple[int, int, int]:
    """Whether one is in, at least and at most: by the deciding row, by all, by any family."""
    saying = [standing for standing in body if standing.says]
    if not saying:
        return 0, 0, 1
    families: dict[str, bool] = {}
    for standing in saying:
        families.setdefault(standing.citation.family, standing.joined)
    return int(saying[0].joined), int(all(families.values())), int(any(families.values()))


def _points(name: str, body: Sequence[_Standing]) -> list[Point]:
    """The rows of a body as a figure draws them, the deciding one first; one without any row."""
    if not body:
        return [Point(label=name, value=0.0, low=0.0, high=1.0)]
    return [
        Point(
            label=name,
            value=float(standing.joined),
            low=float(standing.joined),
            high=float(standing.joined or not standing.says),
            family=standing.citation.family,
            source_id=standing.citation.source_id,
            row=str(standing.citation),
            text=f"{standing.told} {standing.status}".strip(),
        )
        for standing in body
    ]
