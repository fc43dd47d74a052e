"""From a specification curve to a verdict: its code, its tags and its reasons."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from analysis.claims.model import REASONS
from analysis.display_hook import as_html
from analysis.methods.estimate import Outcome
from analysis.verdicts.certainty import LOW, VERY_LOW, Grade, grade
from analysis.verdicts.sweep import (
    LATEST,
    PUBLICATION,
    Counterexample,
    Curve,
    Shares,
    Trial,
    changes,
    nearest_counterexample,
    sensitivity,
    shares,
)

if TYPE_CHECKING:
    from analysis.claims.model import Claim, Periphery

ORDINALS = {
    "SUPPORTED": 5,
    "MOSTLY_SUPPORTED": 4,
    "DEFINITION_DEPENDENT": 3,
    "MOSTLY_CONTRADICTED": 2,
    "CONTRADICTED": 1,
}
CODES = (*ORDINALS, "UNSUPPORTED", "INSUFFICIENT", "NOT_TESTABLE", "PENDING")
SIDE_TAGS = {"UNDERSTATED", "IMPRECISE"}  # given to a claim that is supported, too
FAILING_ALLOWED = 0.05  # the most that may fail under SUPPORTED


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """The shares of specifications that a verdict needs: `nearly_all` and `most`."""

    nearly_all: float = 0.90
    most: float = 0.67

    def __str__(self) -> str:
        return f"{self.nearly_all:.2f}/{self.most:.2f}"


STANDARD = Thresholds()
ALTERNATIVES = (
    Thresholds(nearly_all=0.80, most=0.60),
    Thresholds(nearly_all=0.95, most=0.75),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The verdict on a claim by one vintage of the evidence, with what would change it."""

    vintage: str
    code: str
    certainty: Grade | None = None
    tags: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    shares: Shares | None = None
    alternatives: Mapping[str, str] = field(default_factory=dict)
    pivotal_sources: tuple[str, ...] = ()
    nearest_counterexample: Counterexample | None = None
    sensitivity: Mapping[str, float] = field(default_factory=dict)
    trial: Trial | None = None

    _repr_html_ = as_html

    def __repr__(self) -> str:
        certainty = self.certainty.code if self.certainty else None
        return f"Verdict({self.vintage}: {self.code}, certainty {certainty})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """Both vintages of a claim's verdict; the publication one is the headline."""

    claim: str
    publication: Verdict
    latest: Verdict
    flag: str

    _repr_html_ = as_html

    def __repr__(self) -> str:
        codes = f"publication {self.publication.code}, latest {self.latest.code}"
        return f"Judgement({self.claim}: {codes}, {self.flag})"

    @property
    def verdicts(self) -> tuple[Verdict, Verdict]:
        """Publication first, then latest."""
        return self.publication, self.latest


def judge(claim: Claim, curve: Curve, *, expired: bool = False) -> Judgement:
    """The verdict of a claim at publication and now. `expired`: a forecast's date has passed."""
    publication = verdict(claim, curve, PUBLICATION)
    latest = verdict(claim, curve, LATEST)
    flag = "EXPIRED" if expired else compare(publication.code, latest.code)
    return Judgement(claim=claim.id, publication=publication, latest=latest, flag=flag)


def untestable(claim: Claim, vintage: str) -> Verdict:
    """The verdict of a claim that no data can decide."""
    reason = f"{claim.reason}: {REASONS[claim.reason]}"
    return Verdict(vintage=vintage, code="NOT_TESTABLE", reasons=(reason,))


def compare(before: str, after: str) -> str:
    """The vintage flag of two verdict codes.

    >>> compare("CONTRADICTED", "SUPPORTED"), compare("SUPPORTED", "MOSTLY_SUPPORTED")
    ('FLIPPED', 'WEAKENED')
    """
    if before == after:
        return "STABLE"
    old, new = ORDINALS.get(before), ORDINALS.get(after)
    if old is None or new is None:
        gained = new is not None and new >= ORDINALS["DEFINITION_DEPENDENT"]
        lost = old is not None and old < ORDINALS["DEFINITION_DEPENDENT"]
        return "STRENGTHENED" if gained or lost else "WEAKENED"
    if (old - 3) * (new - 3) < 0:
        return "FLIPPED"
    return "STRENGTHENED" if new > old else "WEAKENED"


def verdict(claim: Claim, curve: Curve, vintage: str) -> Verdict:
    """The verdict on a claim by the trials of one vintage."""
    if not claim.testable:
        return untestable(claim, vintage)
    trials = curve.select(vintage, claim.literal.name)
    tried = [trial for trial in trials if trial.outcome is not None]
    if not tried:
        return _without_evidence(claim, curve, vintage, trials)
    trial, moved = _baseline(trials)
    code, tags, reasons = _code(claim, curve, vintage, STANDARD)
    certainty = grade(claim, curve, vintage, trial)
    return Verdict(
        vintage=vintage,
        code=_limited(code, certainty.level),
        certainty=certainty,
        tags=tags,
        reasons=(*moved, *reasons),
        shares=shares(trials),
        alternatives={
            str(t): _limited(_code(claim, curve, vintage, t)[0], certainty.level)
            for t in ALTERNATIVES
        },
        pivotal_sources=tuple(_pivotal_sources(claim, curve, vintage, code)),
        nearest_counterexample=nearest_counterexample(trials),
        sensitivity=sensitivity(trials),
        trial=trial,
    )


def _without_evidence(claim: Claim, curve: Curve, vintage: str, trials: Sequence[Trial]) -> Verdict:
    """UNSUPPORTED where nothing was found, INSUFFICIENT where an estimate is flagged as thin."""
    notes = tuple(dict.fromkeys(trial.estimate.note for trial in trials if trial.estimate.note))
    thin = any("thin" in trial.estimate.flags for trial in trials)
    code = "INSUFFICIENT" if thin else "UNSUPPORTED"
    code, tags, reasons = _apply_side_assertions(claim, curve, vintage, code, "")
    first = trials[0] if trials else None
    return Verdict(vintage=vintage, code=code, tags=tags, reasons=(*notes, *reasons), trial=first)


def _baseline(trials: Sequence[Trial]) -> tuple[Trial, tuple[str, ...]]:
    """The preferred trial, or the nearest one that has evidence."""
    preferred = next(trial for trial in trials if trial.preferred)
    if preferred.outcome is not None:
        return preferred, ()
    tried = [trial for trial in trials if trial.outcome is not None]
    nearest = min(tried, key=lambda trial: len(changes(preferred.choices, trial.choices)))
    moved = changes(preferred.choices, nearest.choices)
    words = ", ".join(f"{name}={new}" for name, (_, new) in moved.items())
    return nearest, (f"the preferred specification has no evidence; the nearest is {words}",)


def _code(
    claim: Claim, curve: Curve, vintage: str, thresholds: Thresholds, left_out: str = ""
) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """The code before certainty is considered, with tags and reasons."""
    trials = curve.select(vintage, claim.literal.name, left_out)
    if all(trial.outcome is None for trial in trials):
        return _without_evidence(claim, curve, vintage, trials).code, (), ()
    trial, _ = _baseline(trials)
    found = shares(trials)
    code = _by_shares(trial.outcome, found, thresholds)
    reasons = [f"{found.passing:.0%} of the weighted specifications pass, {found.failing:.0%} fail"]
    opposed = list(_opposed(claim, curve, vintage, found.majority, left_out))
    if opposed:
        code = "DEFINITION_DEPENDENT"
        reasons.append(f"readings disagree: {', '.join(map(claim.called, opposed))}")
    code, tags, more = _apply_side_assertions(claim, curve, vintage, code, left_out)
    return code, tags, (*reasons, *more)


def _by_shares(outcome: Outcome | None, found: Shares, thresholds: Thresholds) -> str:
    """The table of method section 4."""
    if outcome is Outcome.PASS:
        if found.passing >= thresholds.nearly_all and found.failing <= FAILING_ALLOWED:
            return "SUPPORTED"
        if found.passing >= thresholds.most:
            return "MOSTLY_SUPPORTED"
    if outcome is Outcome.FAIL:
        if found.failing >= thresholds.nearly_all:
            return "CONTRADICTED"
        if found.failing >= thresholds.most:
            return "MOSTLY_CONTRADICTED"
    return "DEFINITION_DEPENDENT"


def _opposed(claim: Claim, curve: Curve, vintage: str, sign: int, left_out: str) -> Iterator[str]:
    """The voting readings whose majority has the other sign than the literal one's."""
    signs = {claim.literal.name: sign}
    for reading in claim.readings:
        if reading.votes and reading.name not in signs:
            signs[reading.name] = shares(curve.select(vintage, reading.name, left_out)).majority
    if {1, -1} <= set(signs.values()):
        yield from (name for name, value in signs.items() if value == -sign or value == sign != 0)


def _apply_side_assertions(
    claim: Claim, curve: Curve, vintage: str, code: str, left_out: str
) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """The code with its tags, after side assertions, explaining readings, causality, chronology."""
    tags: list[str] = []
    reasons: list[str] = []
    for item in claim.periphery:
        trial = curve.preferred(vintage, f"periphery: {item.name}", left_out)
        failed = trial is not None and trial.outcome in _failing(item)
        if not failed:
            continue
        tags.append(item.tag)
        reasons.append(f"{item.tag}: this fails: {item.statement}")
        if item.tag == "CHRONOLOGY":
            return "CONTRADICTED", tuple(tags), ("the cited effect precedes the cause",)
        code = _capped(code, "MOSTLY_SUPPORTED")
    for reading in claim.readings:
        trial = curve.preferred(vintage, reading.name, left_out)
        if not reading.tag or reading.votes or trial is None or trial.outcome is not Outcome.PASS:
            continue
        if reading.tag in SIDE_TAGS or ORDINALS.get(code, 5) < ORDINALS["MOSTLY_SUPPORTED"]:
            tags.append(reading.tag)
            reasons.append(f"{reading.tag}: this passes: {reading.statement}")
    if claim.causal == "none" and code in ORDINALS:
        capped = _capped(code, "DEFINITION_DEPENDENT")
        if capped != code:
            reasons.append("a causal claim without an identified design")
        code = capped
    return code, tuple(dict.fromkeys(tags)), tuple(reasons)


def _failing(item: Periphery) -> tuple[Outcome | None, ...]:
    return (Outcome.FAIL, None) if item.needed else (Outcome.FAIL,)


def _capped(code: str, most: str) -> str:
    return most if ORDINALS.get(code, 0) > ORDINALS[most] else code


def _limited(code: str, level: int) -> str:
    """The code at a level of certainty: none at very low, no firm one at low."""
    if code not in ORDINALS:
        return code
    if level == VERY_LOW:
        return "INSUFFICIENT"
    softer = {"SUPPORTED": "MOSTLY_SUPPORTED", "CONTRADICTED": "MOSTLY_CONTRADICTED"}
    return softer.get(code, code) if level == LOW else code


def _pivotal_sources(claim: Claim, curve: Curve, vintage: str, code: str) -> Iterator[str]:
    """The source families without which the verdict would be another."""
    for family in curve.left_out(vintage):
        if _code(claim, curve, vintage, STANDARD, family)[0] != code:
            yield family
