"""Parts of a whole: summed shares, shares that must hold together, and who gained what one lost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from analysis.errors import ParameterError
from analysis.methods.composition import Told, chosen, citations, divisions, measured, point
from analysis.methods.composition_recipes import ShareCondition, ShareDivision
from analysis.methods.estimate import Bound, Citation, Estimate, Outcome, Point, Test, nothing
from analysis.methods.placeholders import fill
from analysis.methods.shift_share import moved, shifts
from analysis.stats.intervals import LEAST_YEARS, Span, agreed, disagreement, ranks

if TYPE_CHECKING:
    from analysis.data.evidence import Evidence

FACETS = (
    "mapping",
    "metric",
    "rival",
    "compiler",
    "reporter",
    "flow",
    "region",
    "lost",
    "base",
    "period",
)
HOLDS = {Outcome.PASS: "holds", Outcome.UNCLEAR: "unclear", Outcome.FAIL: "fails"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """Measure shares of a whole, with bounds where a table leaves parts open.

    `divisions` are recipes (see `told.divisions`), each for the choices under its `for`. In
    them "{period}" stands for the parameter of that name. By `asks`:

    - `sum`: the share, in percent, of the groups that `mapping` picks from `mappings` (a label to
      the members that it means), or of the member `of`.
    - `holds`: in how many of the groups of `conditions` one of the conditions holds. A condition
      names `part`, `group`, `division`, `of`, and holds where the share exceeds `bar` percent or,
      under `criterion="rank"`, the rank is at most `bar`; a condition's own `bar` comes first.
    - `gain`: by how many percentage points the share of `of` grew from `base` to `period`, while
      that of `lost` fell. Points are the whole shift-share table; each also tells the log-ratio of
      its two shares, which is the same whatever the whole is measured in.

    A `period` "a/b" takes the years a to b as a sample (see `spans.agreed`), five at least.
    The value is what the named rows give; low and high are all that they allow. A span wider than
    `widest` that decides nothing is no evidence but too little of it (flag `thin`). `absence` says
    what a gain that fails its test means: that it contradicts the claim, or leaves it unsupported.
    """

    divisions: Sequence[ShareDivision]
    claimed: float
    comparison: Bound = "exceeds"
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
    absence: Literal["contradicts", "unsupported"] = "contradicts"
    source: str = "all"

    @property
    def test(self) -> Test:
        """The claimed share, number of conditions or gain as a test."""
        return Test(comparison=self.comparison, threshold=self.claimed)

    def estimate(self, evidence: Evidence) -> Estimate:
        """The share, the count or the gain, with the bounds that the tables allow."""
        ask = {"sum": self._summed, "holds": self._holding, "gain": self._gained}[self.asks]
        return self._weighed(ask(evidence))

    def _weighed(self, found: Estimate) -> Estimate:
        """The estimate, or none where its span is too wide to say anything and decides nothing."""
        if found.value is None:
            return found
        undecided = self.test.outcome(found) is Outcome.UNCLEAR
        if not undecided or found.high - found.low <= self.widest:
            return found
        note = (
            f"what is known allows {found.low:.3g} to {found.high:.3g} {self.unit}: too wide to say"
        )
        return self._without(found, note, thin=True)

    def _without(self, found: Estimate, note: str, *, thin: bool = False) -> Estimate:
        return Estimate(
            value=None,
            unit=self.unit,
            n=found.n,
            citations=found.citations,
            points=found.points,
            flags=("thin",) if thin else (),
            note=note,
        )

    # --- the share of some groups

    def _summed(self, evidence: Evidence) -> Estimate:
        told = self._divisions("", evidence, self.period)
        if isinstance(told, str):
            return nothing(told, self.unit)
        groups = self._groups()
        everything = [name for names in groups.values() for name in names]
        spans = measured(told, lambda division: division.portion(everything))
        if not spans:
            return nothing(
                f"none of {', '.join(everything)} is named in {_tables(told)}", self.unit
            )
        years = "/" in self.period
        total = agreed(spans, years=years)
        if years:
            total = Span(max(total.low, 0.0), total.value, min(total.high, 100.0))
        used = [item for item in told if item.division.portion(everything)]
        n = len({item.period for item in used}) if years else len(citations(used))
        found = Estimate(
            value=total.value,
            low=total.low,
            high=total.high,
            unit=self.unit,
            n=n,
            disagreement=disagreement(spans),
            citations=citations(used),
            points=tuple(self._parts(groups, told, years=years)),
            flags=("series",) if years else (),
        )
        if years and n < LEAST_YEARS:
            return self._without(found, f"{n} years of {LEAST_YEARS} that are needed", thin=True)
        return found

    def _groups(self) -> Mapping[str, Sequence[str]]:
        if not self.mappings:
            return {self.of: [self.of]}
        if self.mapping not in self.mappings:
            known = ", ".join(self.mappings)
            raise ParameterError(f"unknown mapping {self.mapping!r}; known: {known}")
        return self.mappings[self.mapping]

    def _parts(
        self, groups: Mapping[str, Sequence[str]], told: Sequence[Told], *, years: bool
    ) -> Iterator[Point]:
        """A point for each group, and for each other member where the division is not nested."""
        for label, names in groups.items():
            spans = measured(told, lambda d, names=names: d.portion(names))
            span = agreed(spans, years=years) if spans else Span(0.0, 0.0, 100.0)
            span = Span(max(span.low, 0.0), span.value, min(span.high, 100.0))
            yield point(label, span, citations(told), text="asked" if spans else "not told")
        if any(item.division.nested for item in told):
            return
        asked = {name for names in groups.values() for name in names}
        others = dict.fromkeys(name for item in told for name in item.division.values)
        for name in others:
            if name not in asked:
                spans = measured(told, lambda division, name=name: division.portion([name]))
                yield point(name, agreed(spans, years=years), citations(told), text="other")

    # --- conditions that must hold together

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
        told = [any(item is not None for item in found) for found in outcomes.values()]
        if not any(told):
            return nothing("; ".join(notes), self.unit)
        sure = sum(Outcome.PASS in found for found in outcomes.values())
        possible = sum(
            any(item is not Outcome.FAIL for item in found) for found in outcomes.values()
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
        """How one condition comes out, its point, its rows, and what was missing."""
        told = self._divisions(condition["division"], evidence, self.period)
        if isinstance(told, str):
            return None, None, (), told
        of, bar = condition.get("of", self.of), condition.get("bar", self.bar)
        shares = measured(told, lambda division: division.portion([of]))
        places = measured(told, lambda division: division.place(of))
        held = shares if self.criterion == "share" else places
        if not held:
            return None, None, (), f"{of} is not named in {_tables(told)}"
        comparison: Bound = "exceeds" if self.criterion == "share" else "at_most"
        span = agreed(held)
        estimate = Estimate(value=span.value, low=span.low, high=span.high)
        outcome = Test(comparison=comparison, threshold=bar).outcome(estimate)
        naming = [item for item in told if of in item.division.values] or told
        members = max(len(item.division.values) for item in naming)
        missing = sorted({name for item in naming for name in item.division.missing})
        text = HOLDS[outcome]
        if places:
            text += f": rank {ranks(agreed(places))} of {members} named"
        if self.criterion == "rank":
            text += f" (needed: {bar:g} or better)"
        if missing:
            text += f", {len(missing)} without a row"
        drawn = agreed(shares) if shares else Span(0.0, 0.0, 100.0)
        cited = citations(told)
        return outcome, point(condition["part"], drawn, cited, text=text), cited, ""

    # --- who gained what one lost

    def _gained(self, evidence: Evidence) -> Estimate:
        before = self._divisions("", evidence, self.base)
        after = self._divisions("", evidence, self.period)
        for told in (before, after):
            if isinstance(told, str):
                return nothing(told, self.unit)
        spans = {
            name: moved(before, after, name)
            for name in dict.fromkeys(n for item in (*before, *after) for n in item.division.values)
        }
        whose, gone = spans.get(self.of), spans.get(self.lost)
        if whose is None or gone is None:
            missing = self.of if whose is None else self.lost
            return nothing(f"no share of {missing} in {self.base} and {self.period}", self.unit)
        told = [*before, *after]
        found = Estimate(
            value=whose.value,
            low=whose.low,
            high=whose.high,
            unit=self.unit,
            n=len(citations(told)),
            citations=citations(told),
            points=tuple(shifts(before, after, spans, {self.of: "asked", self.lost: "lost"})),
        )
        words = (
            f"from {self.base} to {self.period} the share of {self.lost} moved by "
            f"{gone.value:+.1f} points and that of {self.of} by {whose.value:+.1f}"
        )
        if gone.low >= 0:
            return self._without(found, f"{words}: nothing was lost")
        if self.absence == "unsupported" and self.test.outcome(found) is not Outcome.PASS:
            return self._without(found, f"{words}: flat or falling, so others took its place")
        return found

    # --- evidence

    def _divisions(self, name: str, evidence: Evidence, period: str) -> list[Told] | str:
        facets = {facet: getattr(self, facet) for facet in FACETS}
        words = {**facets, "period": period}
        recipe = chosen(self.divisions, facets, name)

        def filler(value: Any) -> Any:
            return self._members() if value == "{region}" else fill(value, words)

        return divisions(recipe, evidence, filler, self.source)

    def _members(self) -> Sequence[str]:
        if self.region not in self.regions:
            known = ", ".join(self.regions)
            raise ParameterError(f"unknown region {self.region!r}; known: {known}")
        return self.regions[self.region]


def _tables(told: Sequence[Told]) -> str:
    return ", ".join(sorted({citation.table for citation in citations(told)}))
