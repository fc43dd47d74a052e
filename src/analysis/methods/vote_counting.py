"""Vote counting: a table of signs, then one test of all indices together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from statistics import fmean, median
from typing import TYPE_CHECKING

from analysis.methods.estimate import Citation, Estimate, Point
from analysis.methods.trend_test import DOWN, FLAT, OPEN, UP, Rule, negated
from analysis.stats.multiple_testing import q_values

if TYPE_CHECKING:
    from analysis.methods.measured_series import MeasuredSeries
    from analysis.methods.trend_test import TrendResult
    from analysis.stats.regional_kendall import Region

SHARE_DECIMALS = 4  # of a share of indices: two thirds are 0.6667
VOTING = (UP, DOWN, FLAT, OPEN)
TOGETHER = "all indices together"  # the name of the regional test


@dataclass(frozen=True, slots=True, kw_only=True)
class Index(Point):
    """A row of the table of signs: an index with its series, change and state.

    The value with its interval is the change in percent a year; `p` is one-sided in the direction
    of the claim, `p_against` in the other. `series` has a number of each period, as `period` names
    it, and a value in `unit`.
    """

    state: str
    weight: float
    n: int
    tau: float = 0.0
    p: float | None = None
    p_against: float | None = None
    q: float | None = None
    months: int = 12
    series: tuple[tuple[int, float], ...] = ()
    unit: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ballot:
    """An index with the rows that it came from."""

    index: Index
    citations: tuple[Citation, ...]

    @property
    def votes(self) -> bool:
        """Whether the index has a vote; a stale one, one at its ceiling and a copy have none."""
        return self.index.state in VOTING

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
        tau=result.tau,
        p=result.p,
        p_against=result.p_against,
        months=series.months,
        series=tuple(zip(series.times, series.rates, strict=True)),
        unit=series.unit,
        note=result.note,
    )
    return Ballot(index=index, citations=series.citations)


def share_weight(ballots: Sequence[Ballot], weight: float) -> list[Ballot]:
    """The ballots of one index, which share its weight."""
    voting = sum(ballot.votes for ballot in ballots)
    return [ballot.with_weight(weight / voting if voting else 0.0) for ballot in ballots]


def vote(
    found: Sequence[Ballot],
    missing: Sequence[str],
    rule: Rule,
    *,
    least: float,
    quorum: float,
    unit: str,
) -> Estimate:
    """The weighted share of indices in the state that the claim asserts, with its bounds.

    What is open bounds the share from both sides. If the verb is `keeps_growing` and the regional
    test cannot tell, the lower bound is 0; if it shows the contrary, the share is. `missing` are
    the names of indices without a series. Less than `quorum` decides nothing.

    Flags: `series`, `vote`; `index_falls` if an index goes against the claim (by a test of its own
    where the verb is `keeps_growing`, else by its record); `mixed` if indices disagree, so that
    neither `least` of the weight can be for the claim, nor as much against it.
    """
    found = _with_q(found)
    points = tuple(ballot.index for ballot in found)
    votes = [ballot for ballot in found if ballot.votes]
    total = sum(ballot.index.weight for ballot in votes)
    lacking = f"no series for {', '.join(missing)}" if missing else ""
    if not votes or total < quorum:
        flags = ("thin",) if found else ()
        note = lacking or "no series"
        return Estimate(value=None, unit=unit, points=points, flags=flags, note=note)
    region = _together(votes)
    share, low, high = _bounds(votes, total, rule, region)
    return Estimate(
        value=share,
        low=low,
        high=high,
        unit=unit,
        n=int(median(ballot.index.n for ballot in votes)),
        disagreement=_disagreement(votes, rule),
        citations=tuple(citation for ballot in votes for citation in ballot.citations),
        points=points,
        flags=_flags(votes, rule, mixed=mirror_share(least) <= high < least),
        tests=_tests(found, rule, region),
        note="; ".join(filter(None, [lacking, _summary(votes, rule, region)])),
    )


def _bounds(
    votes: Sequence[Ballot], total: float, rule: Rule, region: Region | None
) -> tuple[float, float, float]:
    """The share with its bounds."""
    share = _share(votes, total, rule.claimed)
    high = max(share, _share(votes, total, rule.claimed, OPEN))
    if rule.verb != "keeps_growing":
        return share, share, high
    p, p_against = _oriented(rule, region)
    if p_against < rule.alpha:
        return 0.0, 0.0, 0.0
    return share, share if p < rule.alpha else 0.0, high


def _together(votes: Sequence[Ballot]) -> Region | None:
    """The regional test of all indices that are not open."""
    from analysis.stats.regional_kendall import Course, regional

    courses = [
        Course(
            times=tuple(time for time, _ in each.index.series),
            values=tuple(value for _, value in each.index.series),
            weight=each.index.weight,
            months=each.index.months,
        )
        for each in votes
        if each.index.state != OPEN
    ]
    return regional(courses)


def _oriented(rule: Rule, region: Region | None) -> tuple[float, float]:
    """The p of the claimed direction, and of the other."""
    if region is None:
        return 1.0, 1.0
    pair = (region.p_rise, region.p_fall)
    return pair if rule.direction == "rise" else pair[::-1]


def _flags(votes: Sequence[Ballot], rule: Rule, *, mixed: bool) -> tuple[str, ...]:
    falls = any(_contradicts(ballot.index, rule) for ballot in votes)
    named = {"index_falls": falls, "mixed": mixed}
    return ("series", "vote", *(name for name, holds in named.items() if holds))


def mirror_share(least: float) -> float:
    """The share below which a claim of `least` fails: a third for two thirds.

    A claim of any index, or of all of them, fails below `least` itself.

    >>> mirror_share(0.75), mirror_share(0.25), mirror_share(1)
    (0.25, 0.25, 1)
    """
    return round(min(1 - least, least), SHARE_DECIMALS) if least < 1 else least


def _contradicts(index: Index, rule: Rule) -> bool:
    if rule.verb == "keeps_growing":
        return index.p_against is not None and index.p_against < rule.alpha
    return index.state == negated(rule.claimed)


def _tests(
    found: Sequence[Ballot], rule: Rule, region: Region | None
) -> tuple[tuple[str, float], ...]:
    """Each test with its p; what is only described has none."""
    own = [(each.index.label, each.index.p) for each in found if each.index.p is not None]
    if rule.verb == "keeps_growing" and region is not None and len(own) > 1:
        own.append((TOGETHER, _oriented(rule, region)[0]))
    return tuple(own)


def _summary(votes: Sequence[Ballot], rule: Rule, region: Region | None) -> str:
    """How many indices are for the claim, and the mean tau."""
    agreeing = sum(ballot.index.state == rule.claimed for ballot in votes)
    text = f"{agreeing} of {len(votes)} {rule.claimed}"
    if region is None:
        return text
    text += f", mean tau {region.tau:.2f} ({region.low:.2f} to {region.high:.2f})"
    if rule.verb != "keeps_growing":
        return text
    p, p_against = _oriented(rule, region)
    if p_against < rule.alpha:
        return f"{text}: together they go the other way, p {p_against:.2g}"
    return f"{text}, p {p:.2g} together"


def _with_q(found: Sequence[Ballot]) -> list[Ballot]:
    adjusted = q_values([ballot.index.p for ballot in found])
    return [
        replace(ballot, index=replace(ballot.index, q=q))
        for ballot, q in zip(found, adjusted, strict=True)
    ]


def _share(votes: Iterable[Ballot], total: float, *states: str) -> float:
    weight = sum(ballot.index.weight for ballot in votes if ballot.index.state in states)
    return round(weight / total, SHARE_DECIMALS)


def _disagreement(votes: Sequence[Ballot], rule: Rule) -> float:
    """The range over source families of the share for the claim; an open index is half of one."""
    scores: dict[str, list[float]] = {}
    for each in votes:
        score = {rule.claimed: 1.0, OPEN: 0.5}.get(each.index.state, 0.0)
        for family in filter(None, each.index.family.split(";")):
            scores.setdefault(family, []).append(score)
    means = [fmean(values) for values in scores.values()]
    return max(means) - min(means) if means else 0.0
