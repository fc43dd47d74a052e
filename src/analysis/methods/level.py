"""A stated quantity against measured ones: sums, mirror statistics and ratios."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean, median
from typing import TYPE_CHECKING, Any, Literal, cast

from analysis.display_hook import brief
from analysis.errors import ParameterError
from analysis.methods import each_value
from analysis.methods.comparisons import Comparison
from analysis.methods.editions import one_edition
from analysis.methods.estimate import Criterion, Estimate, no_evidence
from analysis.methods.family_range import FamilyRange, family_ranges
from analysis.methods.placeholders import fill
from analysis.methods.quantities import Quantity, aiding, measured, ratio, summed, total
from analysis.methods.query import from_source, select_of
from analysis.methods.recipes import Measure, Term
from analysis.methods.sums import SUM, whole_sources
from analysis.stats.cache import cached
from analysis.stats.intervals import Bounds

if TYPE_CHECKING:
    from analysis.data.evidence import Evidence

Facet = Literal["reporter", "valuation", "definition", "denominator", "edition", "period"]
LEVEL_FACETS: tuple[Facet, ...] = (
    "reporter",
    "valuation",
    "definition",
    "denominator",
    "edition",
    "period",
)
SUMMARIES: Mapping[str, Callable[[list[float]], float]] = {
    "median": median,
    "mean": fmean,
    "lowest": min,
    "highest": max,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """Measure a quantity and compare it with the number that the claim states.

    `measures` are the recipes: each is a mapping with the facets it is for, `terms` to be added,
    `over` (terms of a denominator) and `scale`. A term names `part`, `table`, `value` (a column),
    `where`, and optionally `scale`, `rounding` (the size of the source's last digit) and `rate`
    (a term that divides it: an exchange rate, units per unit of the result's currency). In
    `where`, "{reporter}" is replaced by the parameter of that name.

    Where several source families state a term, `summary` reduces them to one value and their
    range becomes the interval; sums and ratios propagate it by interval arithmetic
    (R. E. Moore, Interval Analysis, 1966).

    `across` maps one name to values, and measures each of them, with the value in the place of
    "{name}" in `where`: {area: [ESP, FRA, DEU]}. The estimate is then how many of them meet the
    claim, at least `needed` (0 for all, 1 for any); what is open or has no row bounds it.
    """

    measures: Sequence[Measure]
    claimed: float
    unit: str
    comparison: Comparison = "exceeds"
    precision: float = 0.0
    precision_pct: float = 0.0
    indifference_zone: float = 0.0
    across: Mapping[str, Sequence[str]] = field(default_factory=dict)
    needed: int = 0
    reporter: str = ""
    valuation: str = ""
    definition: str = ""
    denominator: str = ""
    edition: str = ""
    period: str = ""
    summary: Literal["median", "mean", "lowest", "highest"] = "median"
    source: str = "all"

    __repr__ = brief

    @property
    def pass_criterion(self) -> Criterion:
        """The stated number as a criterion of the measured one, or how many must meet it."""
        if self.across:
            return each_value.criterion(self.across, self.needed)
        return self.each_criterion

    @property
    def each_criterion(self) -> Criterion:
        """The stated number as a criterion of one measured one."""
        return Criterion.stated(
            self.comparison,
            self.claimed,
            precision=self.precision,
            precision_pct=self.precision_pct,
            indifference_zone=self.indifference_zone,
        )

    def estimate(self, evidence: Evidence) -> Estimate:
        """The measured quantity in `unit`, or with `across` how many meet the claim."""
        if not self.across:
            return self._measured(evidence, {})
        parts = {
            value: self._measured(evidence, words) for value, words in each_value.words(self.across)
        }
        return each_value.combined(parts, self.each_criterion, next(iter(self.across)))

    def _measured(self, evidence: Evidence, words: Mapping[str, str]) -> Estimate:
        """The measured quantity, once for all trials that differ only in what is claimed."""
        measure = self._measure()
        words = {**{name: getattr(self, name) for name in LEVEL_FACETS}, **words}
        key = ("level", repr(measure), tuple(words.items()), self.source, self.summary, self.unit)
        return cached(evidence, key, lambda: self._computed(measure, evidence, words))

    def _computed(self, measure: Measure, evidence: Evidence, words: Mapping[str, str]) -> Estimate:
        """The measured quantity; without evidence if any term has no row."""
        above = [self._term(term, evidence, words) for term in measure["terms"]]
        beneath = [self._term(term, evidence, words) for term in measure.get("over", ())]
        missing = [term for term in (*above, *beneath) if isinstance(term, str)]
        if missing:
            return no_evidence("; ".join(missing), self.unit)
        parts, whole = cast("tuple[list[Quantity], ...]", (above, beneath))  # none is missing
        found = total(parts)
        if whole:
            found = ratio(found, total(whole))
        factor = measure.get("scale", 1.0)
        low, high = sorted((found.low * factor, found.high * factor))
        return Estimate(
            value=found.value * factor,
            low=low,
            high=high,
            unit=self.unit,
            n=len(found.citations),
            disagreement=found.spread * abs(factor),
            citations=found.citations,
            points=tuple(point for term in (*parts, *whole) for point in term.points),
            by_family=self._said(parts[0], factor) if len(parts) == 1 and not whole else (),
        )

    def _said(self, quantity: Quantity, factor: float) -> tuple[FamilyRange, ...]:
        """What each family says of the one quantity that is measured."""
        said = {
            name: Bounds(*sorted(end * factor for end in (low, value, high)))
            for name, (low, value, high) in quantity.families
        }
        return family_ranges(said, self.unit)

    def _measure(self) -> Measure:
        facets = {name: getattr(self, name) for name in LEVEL_FACETS}
        for measure in self.measures:
            if all(_same(measure[name], facets[name]) for name in LEVEL_FACETS if name in measure):
                return measure
        asked = ", ".join(f"{name}={value}" for name, value in facets.items() if value)
        message = f"no measure is defined for {asked or 'these parameters'}; add one to `measures`"
        raise ParameterError(message)

    def _term(self, term: Term, evidence: Evidence, words: Mapping[str, str]) -> Quantity | str:
        """The term, cached for all trials with the same choices."""
        key = ("level term", repr(term), tuple(words.items()), self.source, self.summary)
        return cached(evidence, key, lambda: self._read(term, evidence, words))

    def _read(self, term: Term, evidence: Evidence, words: Mapping[str, str]) -> Quantity | str:
        part = fill(term.get("part", term["value"]), words)
        where = {column: fill(value, words) for column, value in term["where"].items()}
        rows = select_of(evidence, term["table"], where)
        rows = from_source(rows[rows[term["value"]].notna()], self.source)
        rows = one_edition(rows, term, evidence)
        if rows.empty:
            return f"no row for {part}: {term['table']} where {where}"
        if term.get("reduce") == SUM:
            sources = whole_sources(rows, {**term, "where": where}, evidence)
            if not sources:
                return f"no source has every row of {part}: {term['table']} where {where}"
            quantity = summed(part, rows, sources, term, SUMMARIES[self.summary])
        else:
            scaled = rows[term["value"]].astype(float) * term.get("scale", 1.0)
            quantity = measured(part, scaled, rows, term, SUMMARIES[self.summary])
        if "rate" not in term:
            return quantity
        rate = self._term(term["rate"], evidence, words)
        return rate if isinstance(rate, str) else ratio(quantity, aiding(rate))


def _same(wanted: Any, given: str) -> bool:
    return given in wanted if isinstance(wanted, list) else str(wanted) == given
