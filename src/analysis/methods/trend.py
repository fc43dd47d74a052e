"""Rising or falling measures: a table of signs first, then a weighted vote and a test of all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import partial
from typing import TYPE_CHECKING, Literal, TypeVar

from analysis.display_hook import brief
from analysis.errors import ParameterError, suggest
from analysis.methods.coverage import present
from analysis.methods.estimate import Criterion, Estimate
from analysis.methods.measured_series import FACETS, SeriesSelection, read_series, tables_of
from analysis.methods.recipes import IndexSeries
from analysis.methods.trend_test import Rule, as_copy
from analysis.methods.vote_counting import (
    SHARE_DECIMALS,
    Ballot,
    ballot,
    mirror_share,
    share_weight,
    vote,
)
from analysis.stats.cache import cached

if TYPE_CHECKING:
    from analysis.data.evidence import Evidence
    from analysis.methods.measured_series import MeasuredSeries
    from analysis.methods.trend_test import TrendResult

Part = TypeVar("Part", SeriesSelection, Rule)
Course = tuple[tuple[int, float], ...]  # periods and values
ROUNDING = 1e-9  # of a difference of shares


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """The weighted share of `indices` that rise; `least` is the share that the claim needs.

    The rules, and why they are so, are in docs/trends.md. `verb` says what is claimed:
    `has_grown`, a description of the record (up if the last whole year is above the first and the
    slope is upward; with `direction: fall`, that it has fallen); `keeps_growing`, an inference
    (the slope, and a test of all indices together at `alpha`; with `near_maximum` the last value
    must also be at least this share of the largest); `never_falls`, no period below the one before
    (with `direction: fall` above it).

    The claim passes with at least `least` of the weight for it. With less than the mirror share
    (a third for two thirds) it fails; between, indices disagree, which is unclear with the flag
    `mixed`. A `keeps_growing` that the test cannot tell is unclear, and one whose indices go
    together the other way fails. Votes of less than `quorum` indices decide nothing.

    `indices` are recipes, each a mapping: `index` (name), `table`, `value` (a column; without one
    rows are counted), `time` (a column), `where`, and optionally

    - `reduce`: how rows of one period make one value: `median` over source families (of rows that
      last the whole period), `sum`, `count`, or `distinct` (values of `value`);
    - `by`: a column whose values are series of their own that share the weight of the index, or
      with `sum` are added up in the periods that all of them have;
    - `exposure`: a column that divides (a rate), times `scale`; `over`: a mapping with `table`,
      `value`, `where`, `time`, for a deflator by year;
    - `among`: column to text, for columns that contain several words with slashes between them;
    - `zeros`: true, or conditions like `where`: periods without a row are zeros, over the whole
      periods from the first month of the table, or of the rows that meet them, to the last;
    - `sampled`: rows are samples (speeches), no record: no period need be whole;
    - `cumulative`: running totals, a stock from its flow, for which no period need be whole;
    - `frequency`: of this index, whatever `frequency` says; `weight`: 1 by default;
    - `ceiling`: an index that begins at nine tenths of it cannot show a rise, and does not vote
      on one;
    - `unbroken`: break to reason, for breaks of the table that are none for this index;
    - `floor`: the break from which counts are floors: the series goes on, and is open unless it
      rises;
    - `edition`, `scope`, `definition`: the parameters of the method for which the recipe is meant;
      in `where`, "{edition}" is replaced by the parameter.

    Series end at the declared breaks of their table: only what follows the last one is used. Below
    three periods there is none, below five no test: the index is open. One that ends more than two
    years before the present, or is a copy of another, does not vote.
    """

    indices: Sequence[IndexSeries]
    verb: Literal["has_grown", "keeps_growing", "never_falls"] = "keeps_growing"
    direction: Literal["rise", "fall"] = "rise"
    least: float = 2 / 3
    alpha: float = 0.05
    near_maximum: float = 0.0
    start: int = 0
    last_year: int = 9999
    frequency: Literal["year", "half_year", "month"] = "year"
    quorum: float = 1
    named: Sequence[str] = ()
    edition: str = ""
    scope: str = ""
    definition: str = ""
    source: str = "all"

    __repr__ = brief

    @property
    def pass_criterion(self) -> Criterion:
        """The share that the claim needs; down to its mirror share indices are mixed."""
        self._check()
        least = round(self.least, SHARE_DECIMALS)
        mixed = max(least - mirror_share(least), 0.0)
        return Criterion(comparison="at_least", threshold=least, tolerance=mixed + ROUNDING)

    @property
    def unit(self) -> str:
        """A share from 0 to 1."""
        return "share of indices"

    def estimate(self, evidence: Evidence) -> Estimate:
        """The weighted share of indices for the claim, with those that are open as bounds."""
        rule, now = self._part(Rule), present(evidence, self.last_year)
        found: list[Ballot] = []
        missing = []
        seen: dict[Course, str] = {}
        for recipe in self._recipes():
            ballots = self._ballots(recipe, evidence, rule, now, seen)
            found += share_weight(ballots, recipe.get("weight", 1.0))
            if not ballots:
                missing.append(recipe["index"])
        least = self.pass_criterion.threshold
        return vote(found, missing, rule, least=least, quorum=self.quorum, unit=self.unit)

    def _ballots(
        self,
        recipe: IndexSeries,
        evidence: Evidence,
        rule: Rule,
        now: int,
        seen: dict[Course, str],
    ) -> list[Ballot]:
        """The ballots of one index; `seen` are series before it, of which a copy does not vote."""
        ballots = []
        for made, result, series in self._made(recipe, evidence, rule, now):
            course = made.index.series
            copied = course in seen and len(set(series.rates)) > 1
            ballots.append(ballot(series, as_copy(result, seen[course])) if copied else made)
            seen.setdefault(course, series.label)
        return ballots

    def _made(
        self, recipe: IndexSeries, evidence: Evidence, rule: Rule, now: int
    ) -> list[tuple[Ballot, TrendResult, MeasuredSeries]]:
        """The series of one index that are long enough, by themselves."""
        selection = self._part(SeriesSelection)
        years = selection.start, selection.last_year
        key = ("ballots", selection.key(recipe), *years, rule, now)
        made = partial(_made, recipe, evidence, selection, rule, now)
        return cached(evidence, key, made, tables_of(recipe))

    def _part(self, kind: type[Part]) -> Part:
        """The parameters that select rows, or those of the rule."""
        return kind(**{item.name: getattr(self, item.name) for item in fields(kind)})

    def _check(self) -> None:
        known = {recipe["index"] for recipe in self.indices}
        for name in self.named:
            if name not in known:
                raise ParameterError(f"no index is called {name!r}{suggest(name, known)}")
        if self.near_maximum and self.verb != "keeps_growing":
            raise ParameterError(f"near_maximum is for keeps_growing, not for {self.verb}")
        self._recipes()

    def _recipes(self) -> list[IndexSeries]:
        selection = self._part(SeriesSelection)
        chosen = [
            recipe
            for recipe in self.indices
            if selection.applies_to(recipe) and (not self.named or recipe["index"] in self.named)
        ]
        if not chosen:
            asked = ", ".join(f"{n}={getattr(self, n)}" for n in FACETS if getattr(self, n))
            raise ParameterError(f"no index is defined for {asked or 'these parameters'}")
        return chosen


def _made(
    recipe: IndexSeries, evidence: Evidence, selection: SeriesSelection, rule: Rule, now: int
) -> list[tuple[Ballot, TrendResult, MeasuredSeries]]:
    results = [
        (series, rule.evaluate(series, recipe, now))
        for series in read_series(recipe, evidence, selection)
    ]
    return [(ballot(series, result), result, series) for series, result in results if result]
