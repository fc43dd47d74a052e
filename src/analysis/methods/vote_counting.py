"""Vote counting: each index rises, does not, or is open; open ones bound the share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from statistics import fmean, median
from typing import TYPE_CHECKING

from analysis.methods.estimate import Citation, Estimate, Point
from analysis.methods.trend_test import NO_RISE, OPEN, RISES
from analysis.stats.multiple_testing import q_values

if TYPE_CHECKING:
    from analysis.methods.measured_series import MeasuredSeries
    from analysis.methods.trend_test import TrendResult

SHARE_DECIMALS = 4  # of a share of indices: two thirds are 0.6667
SCORES = {RISES: 1.0, OPEN: 0.5, NO_RISE: 0.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Index(Point):
    """A row of the table of signs: an index with its series, change and state.

    The value with its interval is the change in percent: a year, or later over earlier. `series`
    has a number of each period, as `period` names it, and a value.
    """

    state: str
    weight: float
    n: int
    p: float | None = None
    q: float | None = None
    months: int = 12
    series: tuple[tuple[float, float], ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ballot:
    """An index with the rows that it came from."""

    index: Index
    citations: tuple[Citation, ...]

    @property
    def votes(self) -> bool:
        """Whether the index has a vote; one at its ceiling has none."""
        return self.index.state in SCORES

    def with_weight(self, weight: float) -> Ballot:
        """The same with its weight, which is none if it does not vote."""
        return replace(self, index=replace(self.index, weight=weight if self.votes else 0.0))


def ballot(series: MeasuredSeries, result: TrendResult) -> Ballot:
    """The ballot of a series, before it has a weight."""
    index = Index(
        label=series.label,
        value=result.change,
        low=min(result.low, result.change),
        high=max(result.high, result.change),
        family=";".join(sorted({citation.family for citation in series.citations})),
        source_id=";".join(sorted({citation.source_id for citation in series.citations})),
        row=str(series.citations[0]) if series.citations else "",
        text=result.state,
        state=result.state,
        weight=0.0,
        n=result.n,
        p=result.p,
        months=series.months,
        series=tuple(zip(series.times, series.rates, strict=True)),
        note=result.note,
    )
    return Ballot(index=index, citations=series.citations)


def share_weight(ballots: Sequence[Ballot], weight: float) -> list[Ballot]:
    """The ballots of one index, which share its weight."""
    voting = sum(ballot.votes for ballot in ballots)
    return [ballot.with_weight(weight / voting if voting else 0.0) for ballot in ballots]


def vote(found: Sequence[Ballot], missing: Sequence[str], *, quorum: float, unit: str) -> Estimate:
    """The weighted share of indices that rise, with those that are open as bounds.

    `missing` are the names of indices without a series. Less than `quorum` decides nothing.
    """
    found = _with_q(found)
    points = tuple(ballot.index for ballot in found)
    votes = [ballot for ballot in found if ballot.votes]
    total = sum(ballot.index.weight for ballot in votes)
    tests = tuple((b.index.label, b.index.p) for b in found if b.index.p is not None)
    note = f"no series for {', '.join(missing)}" if missing else ""
    if not votes or total < quorum:
        flags = ("thin",) if found else ()
        note = note or "no series"
        return Estimate(value=None, unit=unit, points=points, flags=flags, tests=tests, note=note)
    rising = _share(votes, total, RISES)
    return Estimate(
        value=rising,
        low=rising,
        high=max(rising, _share(votes, total, RISES, OPEN)),
        unit=unit,
        n=int(median(ballot.index.n for ballot in votes)),
        disagreement=_disagreement(votes),
        citations=tuple(citation for ballot in votes for citation in ballot.citations),
        points=points,
        flags=("series", "vote"),
        tests=tests,
        note=note,
    )


def _with_q(found: Sequence[Ballot]) -> list[Ballot]:
    adjusted = q_values([ballot.index.p for ballot in found])
    return [
        replace(ballot, index=replace(ballot.index, q=q))
        for ballot, q in zip(found, adjusted, strict=True)
    ]


def _share(votes: Iterable[Ballot], total: float, *states: str) -> float:
    weight = sum(ballot.index.weight for ballot in votes if ballot.index.state in states)
    return round(weight / total, SHARE_DECIMALS)


def _disagreement(votes: Sequence[Ballot]) -> float:
    """The range of the rising shares over source families; an open index is half a rise."""
    scores: dict[str, list[float]] = {}
    for ballot in votes:
        for family in filter(None, ballot.index.family.split(";")):
            scores.setdefault(family, []).append(SCORES[ballot.index.state])
    means = [fmean(values) for values in scores.values()]
    return max(means) - min(means) if means else 0.0
