"""Rising measures: a table of signs first, then a weighted vote count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Literal, TypeVar

from analysis.errors import ParameterError, suggest
from analysis.methods.estimate import Criterion, Estimate
from analysis.methods.measured_series import FACETS, SeriesSelection, read_series
from analysis.methods.recipes import IndexSeries
from analysis.methods.trend_test import Rule
from analysis.methods.vote_counting import Ballot, ballot, share_weight, vote

if TYPE_CHECKING:
    from analysis.data.evidence import Evidence

Part = TypeVar("Part", SeriesSelection, Rule)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """The weighted share of `indices` that rise; `least` is the share that the claim needs.

    `indices` are recipes, each a mapping: `index` (name), `table`, `value` (a column; without one
    rows are counted), `time` (a column), `where`, and optionally

    - `reduce`: how rows of one period make one value: `median` over source families (of rows that
      last the whole period), `sum`, `count`, or `distinct` (values of `value`);
    - `by`: a column whose values are series of their own that share the weight of the index, or
      with `sum` are added up in the periods that all of them have;
    - `exposure`: a column that divides (a rate), times `scale`; `over`: a mapping with `table`,
      `value`, `where`, `time`, for a deflator by year;
    - `among`: column to text, for columns that contain several words with slashes between them;
    - `zeros`: true, or conditions like `where`: periods without a row are zeros, from the first
      year of the table, or of the rows that meet the conditions, to the last;
    - `frequency`: of this index, whatever `frequency` says; `weight`: 1 by default;
    - `ceiling`: an index that begins at nine tenths of it cannot show a rise, and does not vote;
    - `unbroken`: break to reason, for breaks of the table that are none for this index;
    - `floor`: the break from which counts are floors: the series goes on, no rise is then open;
    - `edition`, `scope`, `definition`: the parameters of the method for which the recipe is meant;
      in `where`, "{edition}" is replaced by the parameter.

    Series end at the declared breaks of their table: only what follows the last one is used.

    What makes an index rise, by `rule`: `trend`, an upward slope that is significant at `alpha`
    (else open); `slope`, a slope upward and `later` at least `ratio` times `earlier`;
    `ratio`, a rate in `later` more than `ratio` times that in `earlier`, its lower bound above 1,
    over the months of both (no rise only if the upper bound is not above `ratio`; without months
    it needs counts); `no_fall`, no period below the one before. `near_maximum` asks
    besides that the last period has this share of the largest. `form` is how the slope is measured:
    Mann-Kendall and Sen, or a negative binomial rate.

    Fewer than eight points make a slope without a test: `short` says whether its sign counts, is
    open if upward, or is left out. Open indices bound the share. Votes of less than `quorum`
    indices decide nothing.
    """

    indices: Sequence[IndexSeries]
    least: float = 0.6667
    rule: Literal["trend", "slope", "ratio", "no_fall"] = "trend"
    form: Literal["mann_kendall", "counts"] = "mann_kendall"
    correction: Literal["none", "ar1"] = "ar1"
    alpha: float = 0.05
    near_maximum: float = 0.0
    ratio: float = 1.0
    later: int = 0
    earlier: int = 0
    start: int = 0
    last_year: int = 9999
    frequency: Literal["year", "half_year", "month"] = "year"
    short: Literal["slope", "open", "out"] = "slope"
    quorum: float = 1
    named: Sequence[str] = ()
    edition: str = ""
    scope: str = ""
    definition: str = ""
    resamples: int = 199
    source: str = "all"

    @property
    def pass_criterion(self) -> Criterion:
        """The share that the claim needs."""
        self._check()
        return Criterion(comparison="at_least", threshold=self.least)

    @property
    def unit(self) -> str:
        """A share from 0 to 1."""
        return "share of indices"

    def estimate(self, evidence: Evidence) -> Estimate:
        """The weighted share of indices that rise, with those that are open as bounds."""
        selection, rule = self._part(SeriesSelection), self._part(Rule)
        found: list[Ballot] = []
        missing = []
        for recipe in self._recipes():
            measured = read_series(recipe, evidence, selection)
            outcomes = [(series, rule.evaluate(series, recipe)) for series in measured]
            ballots = [ballot(series, result) for series, result in outcomes if result is not None]
            found += share_weight(ballots, recipe.get("weight", 1.0))
            if not ballots:
                missing.append(recipe["index"])
        return vote(found, missing, quorum=self.quorum, unit=self.unit)

    def _part(self, kind: type[Part]) -> Part:
        """The parameters that select rows, or those of the rule."""
        return kind(**{item.name: getattr(self, item.name) for item in fields(kind)})

    def _check(self) -> None:
        known = {recipe["index"] for recipe in self.indices}
        for name in self.named:
            if name not in known:
                raise ParameterError(f"no index is called {name!r}{suggest(name, known)}")
        if self.rule in ("slope", "ratio") and not (self.later and self.earlier):
            raise ParameterError(f"the rule {self.rule!r} needs `later` and `earlier`")
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
