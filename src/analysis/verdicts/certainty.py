"""The certainty of the evidence behind a verdict: where it starts, what lowers or raises it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median_low
from typing import TYPE_CHECKING

from analysis.methods.estimate import Outcome
from analysis.stats import MIN_TEST_POINTS
from analysis.verdicts.sweep import PUBLICATION, Curve, Trial, changes

if TYPE_CHECKING:
    from analysis.claims.model import Claim

VERY_LOW, LOW, MODERATE, HIGH = 1, 2, 3, 4
LEVELS = {VERY_LOW: "VERY_LOW", LOW: "LOW", MODERATE: "MODERATE", HIGH: "HIGH"}
PRIMARY_GRADE = 4  # the grade of a source that is the competent body itself
AGREEING_FAMILIES = 2  # primary families whose agreement raises the certainty
WHO_COUNTED = {"reporter", "source", "coder"}  # choices that name whose count it is


@dataclass(frozen=True, slots=True, kw_only=True)
class Grade:
    """The certainty of evidence, 1 to 4, with the reasons that moved it."""

    level: int
    start: int
    reasons: tuple[str, ...] = ()

    @property
    def code(self) -> str:
        """VERY_LOW, LOW, MODERATE or HIGH."""
        return LEVELS[self.level]


def grade(claim: Claim, curve: Curve, vintage: str, trial: Trial) -> Grade:
    """The certainty of the evidence behind `trial`: method section 3."""
    citations = trial.estimate.citations
    parts: dict[str, int] = {}
    for citation in citations:
        parts[citation.part] = max(parts.get(citation.part, 1), citation.grade)
    start = _start(list(parts.values()), trial.estimate.flags)
    adjustments = list(certainty_adjustments(claim, curve, vintage, trial))
    level = min(max(start + sum(step for step, _ in adjustments), VERY_LOW), HIGH)
    reasons = [f"{'+' if step > 0 else '-'}1 {why}" for step, why in adjustments]
    if claim.certainty.cap and level > MODERATE:
        level = MODERATE
        reasons.append(f"at most MODERATE: {claim.certainty.cap}")
    return Grade(level=level, start=start, reasons=tuple(reasons))


def _start(grades: Sequence[int], flags: Sequence[str]) -> int:
    """The grade of the weakest part; for a vote, whose indices are no parts, the median grade."""
    if not grades:
        return VERY_LOW
    return median_low(grades) if "vote" in flags else min(grades)


def certainty_adjustments(
    claim: Claim, curve: Curve, vintage: str, trial: Trial
) -> Iterator[tuple[int, str]]:
    """Each step of -1 or +1 with its reason: method section 3."""
    declared = claim.certainty
    for why in (declared.proxy, declared.practice, declared.stake):
        if why:
            yield -1, why
    estimate, tolerance = trial.estimate, _tolerance(trial)
    # The indices of a vote measure different things: that they differ is the finding itself.
    vote = "vote" in estimate.flags
    spread = _spread(claim, curve, vintage, trial)
    disagreement = 0.0 if vote else max(estimate.disagreement, spread)
    if disagreement > tolerance:
        yield -1, f"sources differ by {disagreement:.3g} {estimate.unit}"
    if trial.outcome is Outcome.UNCLEAR:
        yield -1, "the interval crosses the threshold"
    if "series" in estimate.flags and estimate.n < MIN_TEST_POINTS:
        yield -1, f"a short series: {estimate.n} points"
    if vintage == PUBLICATION and any(citation.later_edition for citation in estimate.citations):
        yield -1, "only a later edition of the data exists for the publication vintage"
    primary = {
        citation.family for citation in estimate.citations if citation.grade == PRIMARY_GRADE
    }
    if len(primary) >= AGREEING_FAMILIES and disagreement <= tolerance and not vote:
        names = ", ".join(sorted(map(claim.called, primary), key=str.casefold))
        yield 1, f"independent primary sources agree: {names}"
    if declared.admission:
        yield 1, declared.admission


def _spread(claim: Claim, curve: Curve, vintage: str, trial: Trial) -> float:
    """How far estimates differ that differ only in who counted."""
    alike = [
        other.estimate.value
        for other in curve.select(vintage, claim.literal.name)
        if other.estimate.value is not None
        and set(changes(trial.choices, other.choices)) <= WHO_COUNTED
    ]
    return max(alike) - min(alike) if alike else 0.0


def _tolerance(trial: Trial) -> float:
    """How far sources may differ before it matters: the stated precision, or the distance left."""
    if trial.pass_criterion.precision:
        return trial.pass_criterion.precision
    if trial.estimate.value is None:
        return 0.0
    return abs(trial.estimate.value - trial.pass_criterion.threshold)
