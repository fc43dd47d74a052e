"""Parts of a whole: summed shares, conditions on several shares, and shift-share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, cast

from analysis.display_hook import brief
from analysis.errors import ParameterError
from analysis.methods import shift_share
from analysis.methods.comparisons import Comparison, rank_asserted
from analysis.methods.composition import (
    Compositions,
    choose_recipe,
    citations,
    measure_each,
    point,
    read_compositions,
)
from analysis.methods.composition_recipes import ShareCondition, ShareDivision
from analysis.methods.estimate import (
    Citation,
    Criterion,
    Estimate,
    Outcome,
    Point,
    no_evidence,
    too_wide,
    width_of,
    withheld,
)
from analysis.methods.family_range import family_ranges
from analysis.methods.placeholders import fill
from analysis.stats.intervals import (
    MIN_YEARS,
    Bounds,
    combine,
    disagreement,
    of_families,
    rank_text,
)

if TYPE_CHECKING:
    from analysis.data.evidence import Evidence

FACETS = (
    "mapping", "metric", "rival", "compiler", "reporter", "flow", "region", "lost", "base",
    "period",
)  # fmt: skip
HOLDS = {Outcome.PASS: "holds", Outcome.UNCLEAR: "unclear", Outcome.FAIL: "fails"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """Measure shares of a whole, with bounds where a table leaves parts open.

    `divisions` are recipes (see `ShareDivision`), each for the choices under its `for`; in them
    "{period}" is replaced by the parameter of that name. By `asks`:

    - `sum`: the share, in percent, of the groups that `mapping` picks from `mappings` (a label to
      the members that it means), or of the member `of`.
    - `holds`: in how many of the groups of `conditions` one of the conditions is met. A condition
      names `part`, `group`, `division`, `of`, and is met where the share exceeds `bar` percent or,
      under `criterion="rank"`, the rank is at most `bar`; its own `bar`, `comparison` come first.
    - `gain`: by how many percentage points the share of `of` grew from `base` to `period` (a fall
      is below 0), while that of `lost`, if one is named, fell. Points are the shift-share table,
      each with the log-ratio of its two shares, which is the same whatever the whole's unit is.

    A `period` "a/b" takes the years a to b as a sample (see `intervals.combine`), five at least.
    The value is what the named rows give; low and high are all that they allow. An interval wider
    than `widest` that decides nothing is flagged `thin`.
    """

    divisions: Sequence[ShareDivision]
    claimed: float
    comparison: Comparison = "exceeds"
    precision: float = 0.0
    precision_pct: float = 0.0
    unit: str = "percent"
    asks: Literal["sum", "holds", "gain"] = "sum"
    of: str = ""
    mappings: Mapping[str, Mapping[str, Sequence[str]]] = field(default_factory=dict)
    conditions: Sequence[ShareCondition] = ()
    criterion: Literal["share", "rank"] = "share"
    bar: float = 50
    regions: Mapping[str, Sequence[str]] = field(default_factory=dict)
    mapping: str = ""
    metric: str = ""
    rival: str = ""
    compiler: str = ""
    reporter: str = ""
    flow: str = ""
    region: str = ""
    lost: str = ""
    base: str = ""
    period: str = ""
    widest: float = 50
    source: str = "all"

    __repr__ = brief

    @property
    def pass_criterion(self) -> Criterion:
        """The claimed share, number of conditions or gain as a criterion."""
        return Criterion.stated(
            self.comparison,
            self.claimed,
            precision=self.precision,
            precision_pct=self.precision_pct,
        )

    def estimate(self, evidence: Evidence) -> Estimate:
        """The share, the count or the gain, with the bounds that the tables allow."""
        ask = {"sum": self._summed, "holds": self._holding, "gain": self._gained}[self.asks]
        return self._weighed(ask(evidence))

    def _weighed(self, found: Estimate) -> Estimate:
        """The estimate; without a value if its interval is too wide and decides nothing."""
        if self.pass_criterion.outcome(found) is not Outcome.UNCLEAR:
            return found
        return too_wide(found) if width_of(found) > self.widest else found

    # --- the share of some groups

    def _summed(self, evidence: Evidence) -> Estimate:
        compositions = self._compositions("", evidence, self.period)
        if isinstance(compositions, str):
            return no_evidence(compositions, self.unit)
        groups = self._groups()
        everything = [name for names in groups.values() for name in names]
        measured = measure_each(compositions, lambda composition: composition.share(everything))
        if not measured:
            return no_evidence(
                f"none of {', '.join(everything)} is named in {_tables(compositions)}", self.unit
            )
        years = "/" in self.period
        total = combine(measured, years=years)
        if years:
            total = Bounds(max(total.low, 0.0), total.value, min(total.high, 100.0))
        used = [each for each in compositions if each.composition.share(everything)]
        n = len({each.period for each in used}) if years else len(citations(used))
        found = Estimate(
            value=total.value,
            low=total.low,
            high=total.high,
            unit=self.unit,
            n=n,
            disagreement=disagreement(measured),
            citations=citations(used),
            points=tuple(self._parts(groups, compositions, years=years)),
            flags=("series",) if years else (),
            by_family=family_ranges(of_families(measured, years=years), self.unit),
        )
        if years and n < MIN_YEARS:
            return withheld(found, f"{n} years of {MIN_YEARS} that are needed", flags=("thin",))
        return found

    def _groups(self) -> Mapping[str, Sequence[str]]:
        if not self.mappings:
            return {self.of: [self.of]}
        if self.mapping not in self.mappings:
            known = ", ".join(self.mappings)
            raise ParameterError(f"unknown mapping {self.mapping!r}; known: {known}")
        return self.mappings[self.mapping]

    def _parts(
        self, groups: Mapping[str, Sequence[str]], compositions: Compositions, *, years: bool
    ) -> Iterator[Point]:
        """A point for each group, and for each other member where the composition is not nested."""
        for label, names in groups.items():
            measured = measure_each(compositions, lambda each: each.share(names))  # noqa: B023
            bounds = combine(measured, years=years) if measured else Bounds(0.0, 0.0, 100.0)
            bounds = Bounds(max(bounds.low, 0.0), bounds.value, min(bounds.high, 100.0))
            text = "asked" if measured else "no row"
            yield point(label, bounds, citations(compositions), text=text)
        if any(each.composition.nested for each in compositions):
            return
        asked = {name for names in groups.values() for name in names}
        others = dict.fromkeys(name for each in compositions for name in each.composition.values)
        for name in others:
            if name not in asked:
                measured = measure_each(compositions, lambda each: each.share([name]))  # noqa: B023
                bounds = combine(measured, years=years)
                yield point(name, bounds, citations(compositions), text="other")

    # --- conditions on several shares

    def _holding(self, evidence: Evidence) -> Estimate:
        outcomes: dict[str, list[Outcome | None]] = {}
        points: list[Point] = []
        rows: list[Citation] = []
        notes: list[str] = []
        for condition in self.conditions:
            outcome, drawn, cited, note = self._condition(condition, evidence)
            outcomes.setdefault(condition.get("group", condition["part"]), []).append(outcome)
            points += [drawn] if drawn else []
            rows += cited
            notes += [note] if note else []
        if all(outcome is None for found in outcomes.values() for outcome in found):
            return no_evidence("; ".join(notes), self.unit)
        sure = sum(Outcome.PASS in found for found in outcomes.values())
        possible = sum(
            any(each is not Outcome.FAIL for each in found) for found in outcomes.values()
        )
        return Estimate(
            value=sure,
            low=sure,
            high=possible,
            unit=self.unit,
            n=len(rows),
            citations=tuple(rows),
            points=tuple(points),
            note="; ".join(notes),
        )

    def _condition(
        self, condition: ShareCondition, evidence: Evidence
    ) -> tuple[Outcome | None, Point | None, tuple[Citation, ...], str]:
        """The outcome of one condition, its point, its rows, and a note on missing rows."""
        compositions = self._compositions(condition["division"], evidence, self.period)
        if isinstance(compositions, str):
            return None, None, (), compositions
        of = condition.get("of", self.of)
        shares = measure_each(compositions, lambda composition: composition.share([of]))
        places = measure_each(compositions, lambda composition: composition.rank(of))
        measured = shares if self.criterion == "share" else places
        if not measured:
            return None, None, (), f"{of} is not named in {_tables(compositions)}"
        criterion = self.condition_criterion(condition)
        bounds = combine(measured)
        estimate = Estimate(value=bounds.value, low=bounds.low, high=bounds.high)
        outcome = criterion.outcome(estimate)
        naming = [each for each in compositions if of in each.composition.values] or compositions
        text = HOLDS[cast("Outcome", outcome)]  # the estimate has a value
        if places:
            members = max(len(each.composition.values) for each in naming)
            text += f": rank {rank_text(combine(places))} of {members} named"
        if self.criterion == "rank" or {"bar", "comparison"} & set(condition):
            text += f" (needed: {_needed(criterion, self.criterion)})"
        if missing := {name for each in naming for name in each.composition.missing}:
            text += f", {len(missing)} without a row"
        drawn = combine(shares) if shares else Bounds(0.0, 0.0, 100.0)
        cited = citations(compositions)
        return outcome, point(condition["part"], drawn, cited, text=text), cited, ""

    def condition_criterion(self, condition: ShareCondition) -> Criterion:
        """What a share in percent, or a rank, must be to meet the condition."""
        usual: Comparison = "exceeds" if self.criterion == "share" else "at_most"
        comparison = condition.get("comparison", usual)
        return Criterion(comparison=comparison, threshold=condition.get("bar", self.bar))

    # --- who gained what one lost

    def _gained(self, evidence: Evidence) -> Estimate:
        before = self._compositions("", evidence, self.base)
        after = self._compositions("", evidence, self.period)
        if isinstance(before, str):
            return no_evidence(before, self.unit)
        if isinstance(after, str):
            return no_evidence(after, self.unit)
        return shift_share.gain(
            before,
            after,
            of=self.of,
            lost=self.lost,
            years=(self.base, self.period),
            unit=self.unit,
        )

    # --- evidence

    def _compositions(self, name: str, evidence: Evidence, period: str) -> Compositions | str:
        facets = {facet: getattr(self, facet) for facet in FACETS}
        words = {**facets, "period": period}
        recipe = choose_recipe(self.divisions, facets, name)

        def filler(value: Any) -> Any:
            return self._members() if value == "{region}" else fill(value, words)

        return read_compositions(recipe, evidence, filler, self.source)

    def _members(self) -> Sequence[str]:
        if self.region not in self.regions:
            known = ", ".join(self.regions)
            raise ParameterError(f"unknown region {self.region!r}; known: {known}")
        return self.regions[self.region]


def _needed(criterion: Criterion, of: str) -> str:
    return (
        f"{criterion} %"
        if of == "share"
        else rank_asserted(criterion.comparison, criterion.threshold)
    )


def _tables(compositions: Compositions) -> str:
    return ", ".join(sorted({citation.table for citation in citations(compositions)}))
