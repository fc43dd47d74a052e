"""The certainty of the evidence behind a verdict: docs/method.md, Certainty."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median_low
from typing import TYPE_CHECKING

from analysis.methods.verbs import tested
from analysis.verdicts import disputes
from analysis.verdicts.code_table import SOURCES_DISAGREE
from analysis.verdicts.sweep import PUBLICATION, Curve, Trial, baseline, changes

if TYPE_CHECKING:
    from analysis.claims.model import Claim
    from analysis.methods.estimate import Citation, Criterion
    from analysis.verdicts.code_table import Row

VERY_LOW, LOW, MODERATE, HIGH = 1, 2, 3, 4
LEVELS = {VERY_LOW: "VERY_LOW", LOW: "LOW", MODERATE: "MODERATE", HIGH: "HIGH"}
PRIMARY_GRADE = 4  # the grade of a source that is the competent body itself
AGREEING_FAMILIES = 2  # primary families whose agreement raises the certainty
ENOUGH = 0.5  # the share of specifications below which too few have evidence
WHO_COUNTED = {"reporter", "source", "coder"}  # choices that name whose count it is
Step = tuple[int, str]  # -1 or +1, and the reason


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


def certainty_of(
    claim: Claim,
    curve: Curve,
    row: Row,
    trials: Sequence[Trial],
    alternatives: Mapping[str, str],
) -> Grade:
    """The certainty behind the code that a row of the table gives."""
    others = [code for code in alternatives.values() if code != row.code]
    trial = baseline(trials)
    if row is SOURCES_DISAGREE and (shown := disputes.disputed(trials)) is not None:
        return grade_of_dispute(claim, disputes.weaker_side(shown), other_codes=others)
    if row.code == "UNSUPPORTED":
        return grade_of_search(claim, trials, other_codes=others)
    if trial is None or not trial.estimate.citations:
        return NO_ROW
    if trial.outcome is None and row.code == "INSUFFICIENT":
        return NO_ESTIMATE
    return grade(claim, curve, trial.vintage, trial, other_codes=others)


def grade(
    claim: Claim, curve: Curve, vintage: str, trial: Trial, *, other_codes: Sequence[str] = ()
) -> Grade:
    """The certainty of the evidence behind `trial`.

    `other_codes` are those under the other thresholds that differ from the verdict's.
    """
    citations = trial.estimate.citations
    start, lowered = _weakest(claim, citations, vote="vote" in trial.estimate.flags)
    steps = [*_threshold_step(other_codes), *certainty_adjustments(claim, curve, vintage, trial)]
    caps = [(MODERATE, claim.certainty.cap), (LOW, _untested(claim))]
    return _capped(start, steps, caps, lowered)


def grade_of_search(
    claim: Claim, trials: Iterable[Trial], *, other_codes: Sequence[str] = ()
) -> Grade:
    """The certainty that a search which found nothing was a good one: by its best source."""
    grades = [citation.grade for trial in trials for citation in trial.estimate.citations]
    start = max([*grades, *(search.grade for search in claim.searches)], default=VERY_LOW)
    caps = [(MODERATE, "a search is never complete"), (LOW, _untested(claim))]
    return _capped(start, _threshold_step(other_codes), caps)


def grade_of_dispute(claim: Claim, start: int, *, other_codes: Sequence[str] = ()) -> Grade:
    """The certainty that sources contradict each other; `start` is the grade of the weaker side."""
    stated = [(-1, why) for why in claim.certainty.lowering if isinstance(why, str) and why]
    caps = [(MODERATE, claim.certainty.cap), (LOW, _untested(claim))]
    return _capped(start, [*_threshold_step(other_codes), *stated], caps)


NO_ROW = Grade(level=VERY_LOW, start=VERY_LOW, reasons=("no row",))
NO_ESTIMATE = Grade(
    level=VERY_LOW, start=VERY_LOW, reasons=("no specification has an estimate that decides",)
)


def _threshold_step(other_codes: Sequence[str]) -> list[Step]:
    """One level less where another threshold would give another code."""
    return [(-1, f"the code would be {code} under other thresholds") for code in other_codes[:1]]


def _capped(
    start: int,
    steps: Sequence[Step],
    caps: Sequence[tuple[int, str]],
    lowered: Sequence[str] = (),
) -> Grade:
    """The grade from `start` over the steps, at most the caps that have a reason."""
    level = min(max(start + sum(step for step, _ in steps), VERY_LOW), HIGH)
    found = [*lowered, *(f"{step:+d} {why}" for step, why in steps)]
    for most, why in caps:
        if why and level > most:
            level = most
            found.append(f"at most {LEVELS[most]}: {why}")
    return Grade(level=level, start=start, reasons=tuple(found))


def _untested(claim: Claim) -> str:
    return claim.untested and f"part of the core is untested: {claim.untested}"


# --------------------------------------------------------------------------- where it starts


def _weakest(
    claim: Claim, citations: Sequence[Citation], *, vote: bool
) -> tuple[int, tuple[str, ...]]:
    """The grade of the weakest ingredient, and why parts of the estimate were lowered.

    Each period of a series is an ingredient; of a vote, whose indices measure different things,
    the middle index counts.
    """
    ingredients: dict[tuple[str, str], int] = {}
    tables: dict[str, set[str]] = defaultdict(set)
    for citation in citations:
        key = citation.part, citation.period
        ingredients[key] = max(ingredients.get(key, VERY_LOW), citation.grade)
        tables[citation.part].add(citation.table)
    parts: dict[str, int] = {}
    for (part, _), found in ingredients.items():
        parts[part] = min(parts.get(part, HIGH), found)
    reasons: list[str] = []
    for part, own in parts.items():
        steps = list(_declared(claim, part, tables[part]))
        parts[part] = max(own - len(steps), VERY_LOW)
        reasons += (f"counted one lower, {claim.called(name)}: {why}" for name, why in steps)
    if not parts:
        return VERY_LOW, ()
    start = median_low(parts.values()) if vote else min(parts.values())
    return start, tuple(dict.fromkeys(reasons))


def _declared(claim: Claim, part: str, tables: set[str]) -> Iterator[tuple[str, str]]:
    """What the claim declares of this part of the estimate, or of a table that it rests on."""
    for declared in claim.certainty.lowering:
        if isinstance(declared, Mapping):
            yield from ((name, why) for name, why in declared.items() if name in {part, *tables})


# --------------------------------------------------------------------------- what moves it


def certainty_adjustments(claim: Claim, curve: Curve, vintage: str, trial: Trial) -> Iterator[Step]:
    """Each step of -1 or +1 for the whole estimate, with its reason."""
    declared = claim.certainty
    for why in declared.lowering:
        if isinstance(why, str) and why:
            yield -1, why
    if vintage == PUBLICATION and _revision_matters(claim, curve, trial):
        yield -1, "a later edition stands in for that of the time, and revisions could matter"
    # The indices of a vote measure different things: that they differ is the finding itself.
    vote = "vote" in trial.estimate.flags
    disagree = not vote and _disagree(claim, curve, vintage, trial)
    if disagree:
        yield -1, "sources disagree, and one of them is on the other side of the threshold"
    trials = curve.select(vintage, claim.literal.name)
    tried = sum(each.outcome is not None for each in trials)
    if tried < ENOUGH * len(trials):
        yield -1, f"{tried} of {len(trials)} specifications have evidence"
    if not vote and not disagree and (agreeing := _agreeing(claim, curve, vintage, trial)):
        names = ", ".join(sorted(map(claim.called, agreeing), key=str.casefold))
        yield 1, f"independent primary sources agree: {names}"
    if declared.admission:
        yield 1, declared.admission


def _revision_matters(claim: Claim, curve: Curve, trial: Trial) -> bool:
    """Whether a revision could move the value across the threshold, and nothing denies it."""
    later = {each.table for each in trial.estimate.citations if each.later_edition}
    level = tested(claim.method, claim.preferred().parameters) in ("level", "")
    if not any(_reaches(curve.revised.get(table), trial, level=level) for table in later):
        return False
    return not any(
        other.outcome == trial.outcome
        and set(changes(trial.choices, other.choices)) <= WHO_COUNTED | {"edition"}
        and not any(each.later_edition for each in other.estimate.citations)
        for other in curve.select(trial.vintage, claim.literal.name, trial.left_out)
    )


def _reaches(size: float | None, trial: Trial, *, level: bool) -> bool:
    """Whether revisions of this share of a value reach the threshold; None is unknown.

    Of an estimate that is no level (a difference, a share of indices) it is no share: any reaches.
    """
    if size is None or trial.estimate.value is None:
        return True
    if size == 0 or not level:
        return size > 0
    value = trial.estimate.value
    return _crosses(trial.pass_criterion, value, (value * (1 - size), value * (1 + size)))


def _crosses(criterion: Criterion, value: float, others: Iterable[float]) -> bool:
    """Whether one of the others lies on the other side of the threshold."""
    return any(criterion.admits(other) != criterion.admits(value) for other in others)


def _disagree(claim: Claim, curve: Curve, vintage: str, trial: Trial) -> bool:
    """Whether another family's count, in this estimate or another, is on the other side."""
    estimate, criterion = trial.estimate, trial.pass_criterion
    if estimate.value is None:
        return False
    counts = [
        other.estimate.value
        for other in _other_counts(claim, curve, vintage, trial)
        if other.estimate.value is not None
    ]
    # The families of one estimate lie within its interval and within their range of its value.
    spread, low, high = estimate.disagreement, estimate.low, estimate.high
    if spread and low is not None and high is not None:
        counts += [max(low, estimate.value - spread), min(high, estimate.value + spread)]
    return _crosses(criterion, estimate.value, counts)


def _other_counts(claim: Claim, curve: Curve, vintage: str, trial: Trial) -> Iterator[Trial]:
    """The trials that differ from this one only in who counted."""
    for other in curve.select(vintage, claim.literal.name):
        if other.outcome is not None and set(changes(trial.choices, other.choices)) <= WHO_COUNTED:
            yield other


def _agreeing(claim: Claim, curve: Curve, vintage: str, trial: Trial) -> set[str]:
    """Primary families that counted the same thing and agree on the outcome; else none."""
    by_part: dict[str, set[str]] = defaultdict(set)
    for each in trial.estimate.citations:
        if _primary(each):
            by_part[each.part].add(each.family)
    own = set().union(*by_part.values()) if by_part else set()
    if any(len(found) >= AGREEING_FAMILIES for found in by_part.values()):
        return own
    for other in _other_counts(claim, curve, vintage, trial):
        families = {each.family for each in other.estimate.citations if _primary(each)}
        if own and families and other.outcome == trial.outcome and own.isdisjoint(families):
            return own | families
    return set()


def _primary(citation: Citation) -> bool:
    return citation.grade == PRIMARY_GRADE and not citation.aid
