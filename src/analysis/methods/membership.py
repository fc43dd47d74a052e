"""Membership in a fixed list of bodies: how many count an economy as a member, or which share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from analysis.data.periods import first_day, last_day
from analysis.display_hook import brief
from analysis.errors import ParameterError, suggest
from analysis.formatting import SHARE, plain, plural
from analysis.methods.comparisons import Bound
from analysis.methods.estimate import Citation, Criterion, Estimate, Point, no_evidence
from analysis.methods.query import cite, select_of
from analysis.methods.recipes import Column, Day, Table, Where
from analysis.stats.cache import cached

if TYPE_CHECKING:
    from datetime import date

    from pandas import Series

    from analysis.data.evidence import Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """Count the bodies of a list in which the status counts as membership.

    `where` picks the rows of one member (an economy, a state) in `table`; `body` and `status` are
    columns, `counts` the words that count. `rosters` are the lists of bodies by name, and `roster`
    says which is used; an empty list means all bodies of the rows.

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
    as_of: Day
    claimed: float
    measure: Literal["count", "share"] = "count"
    comparison: Bound = "at_most"
    tolerance: float = 0.0
    where: Where = field(default_factory=dict)
    silent: Sequence[str] = ()
    outside: Sequence[str] = ("not_member",)
    groups: Mapping[str, Sequence[str]] = field(default_factory=dict)
    since: Column = "since"
    until: Column = "until"
    stated: Column = "as_of"

    __repr__ = brief

    @property
    def pass_criterion(self) -> Criterion:
        """The claimed count or share as a criterion; up to `tolerance` beyond it is unclear."""
        return Criterion(
            comparison=self.comparison, threshold=self.claimed, tolerance=self.tolerance
        )

    @property
    def bodies(self) -> str:
        """What the list has, by the name of the column: `organisations`, `months`."""
        return plural(plain(self.body))

    @property
    def unit(self) -> str:
        """The bodies where they are counted, a share from 0 to 1 else."""
        return self.bodies if self.measure == "count" else f"{SHARE}{self.bodies}"

    def estimate(self, evidence: Evidence) -> Estimate:
        """The number or share of joined bodies; open ones are the interval.

        A count above zero rests on the bodies that are counted; every other result on them all.
        """
        every = self._standings(evidence)
        bodies = {name: every.get(name, ()) for name in self._listed() or sorted(every)}
        statements = [statement for body in bodies.values() for statement in body]
        if not any(statement.informative for statement in statements):
            return no_evidence(
                f"no row of {self.table} says of any of {len(bodies)} {self.bodies}", self.unit
            )
        verdicts = [_counted(body) for body in bodies.values()]
        value, low, high = (sum(end) for end in zip(*verdicts, strict=True))
        known = [any(statement.informative for statement in body) for body in bodies.values()]
        contested = sum(
            least != most and known_body
            for (_, least, most), known_body in zip(verdicts, known, strict=True)
        )
        bodies_counted = 1 if self.measure == "count" else len(bodies)
        member = [body for body in bodies.values() if _counted(body)[0]]
        behind = member if self.measure == "count" and member else bodies.values()
        return Estimate(
            value=value / bodies_counted,
            low=low / bodies_counted,
            high=high / bodies_counted,
            unit=self.unit,
            n=sum(known),
            disagreement=contested / bodies_counted,
            citations=tuple(s.citation for body in behind for s in body if s.informative),
            points=tuple(point for name, body in bodies.items() for point in _points(name, body)),
        )

    def _standings(self, evidence: Evidence) -> Mapping[str, Sequence[_Statement]]:
        """The standings in each body, the one that decides first; once for all lists of bodies."""
        columns = (self.body, self.status, self.since, self.until, self.stated)
        words = (tuple(self.counts), tuple(self.silent), tuple(self.outside))
        key = ("standings", repr(self.where), self.as_of, columns, words)
        return cached(evidence, key, lambda: self._read(evidence), (self.table,))

    def _read(self, evidence: Evidence) -> dict[str, list[_Statement]]:
        rows = select_of(evidence, self.table, self.where)
        day = last_day(self.as_of)
        found: dict[str, list[_Statement]] = {}
        columns = [self.body, self.status, self.since, self.until, self.stated, "public_on"]
        texts = (_texts(rows[column]) for column in columns)
        for citation, body, status, since, until, stated, public in zip(
            cite(rows, self.table), *texts, strict=True
        ):
            if _begins_later(since, stated, day):
                continue
            ended = until is not None and last_day(until) <= day and status not in self.outside
            found.setdefault(body, []).append(
                _Statement(
                    status=f"{status} until {until}" if ended else status,
                    member=status in self.counts and not ended,
                    informative=status not in self.silent,
                    stated_on=stated or public or since or "",
                    citation=_citation_of_body(citation, body),
                )
            )
        return {name: sorted(each, key=_precedence) for name, each in found.items()}

    def _listed(self) -> Sequence[str]:
        if self.roster not in self.rosters:
            hint = suggest(self.roster, self.rosters)
            message = f"unknown roster {self.roster!r}{hint}; known: {', '.join(self.rosters)}"
            raise ParameterError(message)
        return self.rosters[self.roster]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Statement:
    """A row on one body; `informative` is false where the row leaves membership open."""

    status: str
    member: bool
    informative: bool
    stated_on: str
    citation: Citation


def _texts(column: Series) -> list[str | None]:
    return [cell if isinstance(cell, str) else None for cell in column.tolist()]


def _citation_of_body(citation: Citation, body: str) -> Citation:
    """The citation as an ingredient of its own: each body must be known by itself."""
    return replace(citation, part=body)


def _begins_later(since: str | None, stated: str | None, day: date) -> bool:
    """Whether a row speaks only of a time after `day`."""
    if since is not None:
        return first_day(since) > day
    return stated is not None and first_day(stated) > day


def _precedence(statement: _Statement) -> tuple[bool, int, int, int]:
    """Rows that say something first, then the highest grade, the most recent, the first."""
    stated_on = last_day(statement.stated_on).toordinal() if statement.stated_on else 0
    return not statement.informative, -statement.citation.grade, -stated_on, statement.citation.row


def _counted(body: Sequence[_Statement]) -> tuple[int, int, int]:
    """Membership as 0 or 1: by the deciding row, by all families, by any family."""
    informative_ones = [statement for statement in body if statement.informative]
    if not informative_ones:
        return 0, 0, 1
    families: dict[str, bool] = {}
    for statement in informative_ones:
        families.setdefault(statement.citation.family, statement.member)
    return int(informative_ones[0].member), int(all(families.values())), int(any(families.values()))


def _points(name: str, body: Sequence[_Statement]) -> list[Point]:
    """The rows of a body as a figure draws them, the deciding one first; one without any row."""
    if not body:
        return [Point(label=name, value=0.0, low=0.0, high=1.0)]
    return [
        Point(
            label=name,
            value=float(statement.member),
            low=float(statement.member),
            high=float(statement.member or not statement.informative),
            family=statement.citation.family,
            source_id=statement.citation.source_id,
            row=str(statement.citation),
            text=f"{statement.stated_on} {statement.status}".strip(),
        )
        for statement in body
    ]
