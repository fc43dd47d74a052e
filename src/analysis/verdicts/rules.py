"""From a specification curve to a verdict: its code, its tags and its reasons."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from analysis.claims.model import REASONS
from analysis.display_hook import as_html
from analysis.methods.estimate import Outcome
from analysis.verdicts import disputes, findings
from analysis.verdicts.certainty import Grade, certainty_of
from analysis.verdicts.code_table import (
    ALTERNATIVES,
    CAUSE_NOT_IDENTIFIED,
    EFFECT_BEFORE_CAUSE,
    INDEX_FALLS,
    MIDDLE,
    NO_DATA,
    NO_DESIGN,
    NO_SEARCH,
    NO_TEXT_SAYS_SO,
    NOTHING_FOUND,
    READINGS_DISAGREE,
    SCALE,
    SIDE_ASSERTION_FAILS,
    SIGN_FAILS,
    SOURCES_DISAGREE,
    STANDARD,
    THIN,
    TOO_LITTLE,
    Row,
    Thresholds,
    by_shares,
    opposed,
)
from analysis.verdicts.flags import vintage_flag
from analysis.verdicts.sweep import (
    LATEST,
    PUBLICATION,
    Counterexample,
    Curve,
    Shares,
    Trial,
    baseline,
    changes,
    nearest_counterexample,
    sensitivity,
    shares,
)

if TYPE_CHECKING:
    from analysis.claims.model import Claim, SideAssertion

IN_ERROR = {"CONTRADICTED", "MOSTLY_CONTRADICTED", "DEFINITION_DEPENDENT"}
WITHOUT_DESIGN = {"none", "sign"}
SIDE_TAGS = {"UNDERSTATED"}  # given to a claim that is supported, too


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The verdict on a claim by one vintage of the evidence, with what would change it.

    `rule` is the row of the method's table that gave the code, `trial` the one that it rests on,
    `finding` what is true, in a sentence.
    """

    vintage: str
    code: str
    rule: Row
    finding: str = ""
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
    flag = "EXPIRED" if expired else vintage_flag(claim, curve, publication, latest)
    return Judgement(claim=claim.id, publication=publication, latest=latest, flag=flag)


def untestable(claim: Claim, vintage: str) -> Verdict:
    """The verdict of a claim that no data can decide."""
    why = (f"{claim.reason}: {REASONS[claim.reason]}",)
    said = findings.untestable(claim)
    return Verdict(vintage=vintage, code=NO_DATA.code, rule=NO_DATA, finding=said, reasons=why)


def verdict(claim: Claim, curve: Curve, vintage: str) -> Verdict:
    """The verdict on a claim by the trials of one vintage."""
    if not claim.testable:
        return untestable(claim, vintage)
    trials = curve.select(vintage, claim.literal.name)
    found = decide(claim, curve, vintage)
    alternatives = {
        str(each): decide(claim, curve, vintage, each).row.code for each in ALTERNATIVES
    }
    trial = baseline(trials)
    tried = trial is not None and trial.outcome is not None
    return Verdict(
        vintage=vintage,
        code=found.row.code,
        rule=found.row,
        finding=findings.finding(claim, curve, vintage, found.row),
        certainty=certainty_of(claim, curve, found.row, trials, alternatives),
        tags=found.tags,
        reasons=(*_moved(trials), *found.reasons),
        shares=shares(trials) if tried else None,
        alternatives=alternatives if tried else {},
        pivotal_sources=tuple(_pivotal_sources(claim, curve, vintage, found.row.code)),
        nearest_counterexample=nearest_counterexample(trials),
        sensitivity=sensitivity(trials) if tried else {},
        trial=trial,
    )


def _moved(trials: Sequence[Trial]) -> Iterator[str]:
    """That the baseline is not the preferred specification, and which one it is."""
    preferred, trial = next((t for t in trials if t.preferred), None), baseline(trials)
    if preferred is None or trial is None or trial is preferred:
        return
    moved = changes(preferred.choices, trial.choices)
    words = ", ".join(f"{name}={new}" for name, (_, new) in moved.items())
    yield f"the preferred specification has no evidence; the nearest is {words}"


# --------------------------------------------------------------------------- the code


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The row of the table that gives the code, with tags and reasons."""

    row: Row
    tags: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()


def decide(
    claim: Claim,
    curve: Curve,
    vintage: str,
    thresholds: Thresholds = STANDARD,
    left_out: str = "",
) -> Decision:
    """The row that gives the code: of the table, then what caps or replaces its code."""
    trials = curve.select(vintage, claim.literal.name, left_out)
    trial = baseline(trials)
    if trial is None or trial.outcome is None:
        found = _without_evidence(claim, trials)
    else:
        found = _by_shares(claim, curve, trial, trials, thresholds)
    found = _with_side_assertions(claim, curve, vintage, found, left_out)
    if trial is not None and "index_falls" in trial.estimate.flags:
        found = _capped(found, INDEX_FALLS)
    if claim.causal in WITHOUT_DESIGN:
        found = _capped(found, CAUSE_NOT_IDENTIFIED)
    if claim.causal == "sign" and SCALE.get(found.row.code, MIDDLE) < MIDDLE:
        found = replace(found, row=SIGN_FAILS)
    return found


def _without_evidence(claim: Claim, trials: Sequence[Trial]) -> Decision:
    """Nobody looked, nothing was found, or what was found decides nothing."""
    notes = dict.fromkeys(trial.estimate.note for trial in trials if trial.estimate.note)
    if any("thin" in trial.estimate.flags for trial in trials):
        row = THIN
    elif any(trial.estimate.points for trial in trials):  # texts that were read, and are silent
        row = NO_TEXT_SAYS_SO
    else:
        row = NOTHING_FOUND if claim.searches else NO_SEARCH
    return Decision(row=row, reasons=tuple(notes))


def _by_shares(
    claim: Claim, curve: Curve, trial: Trial, trials: Sequence[Trial], thresholds: Thresholds
) -> Decision:
    found = shares(trials)
    row = by_shares(trial.outcome, found, thresholds, design=claim.causal not in WITHOUT_DESIGN)
    reasons = [f"{found.passing:.0%} of the weighted specifications pass, {found.failing:.0%} fail"]
    others = _voting(claim, curve, trial)
    if row is not NO_DESIGN and opposed([found, *others.values()]):
        row = READINGS_DISAGREE
        leans = {claim.literal.name: found, **others}
        listed = (
            f"{claim.called(name)} {each.passing:.0%} pass, {each.failing:.0%} fail"
            for name, each in leans.items()
        )
        reasons = [f"readings: {'; '.join(listed)}"]
    if row is TOO_LITTLE and (shown := disputes.disputed(trials)) is not None:
        row = SOURCES_DISAGREE
        reasons = [disputes.words(shown), *reasons]
    return Decision(row=row, reasons=tuple(reasons))


def _voting(claim: Claim, curve: Curve, trial: Trial) -> dict[str, Shares]:
    """The shares of each further reading that votes."""
    names = [each.name for each in claim.readings if each.votes and each is not claim.literal]
    return {name: shares(curve.select(trial.vintage, name, trial.left_out)) for name in names}


def _with_side_assertions(
    claim: Claim, curve: Curve, vintage: str, found: Decision, left_out: str
) -> Decision:
    """With the side assertions that fail, and the readings that explain an error."""
    for item in claim.side_assertions:
        trial = curve.preferred(vintage, f"side assertion: {item.name}", left_out)
        if trial is None or trial.outcome not in _failing(item):
            continue
        found = _noted(found, item.tag, f"{item.tag}: this fails: {item.statement}")
        if item.tag == "CHRONOLOGY":
            return replace(found, row=EFFECT_BEFORE_CAUSE)
        found = _capped(found, SIDE_ASSERTION_FAILS)
    for reading in claim.readings:
        trial = curve.preferred(vintage, reading.name, left_out)
        if not reading.tag or reading.votes or trial is None or trial.outcome is not Outcome.PASS:
            continue
        if reading.tag in SIDE_TAGS or found.row.code in IN_ERROR:
            found = _noted(found, reading.tag, f"{reading.tag}: this passes: {reading.statement}")
    return found


def _failing(item: SideAssertion) -> tuple[Outcome | None, ...]:
    return (Outcome.FAIL, None) if item.needed else (Outcome.FAIL,)


def _noted(found: Decision, tag: str, reason: str) -> Decision:
    tags = tuple(dict.fromkeys([*found.tags, tag]))
    return replace(found, tags=tags, reasons=(*found.reasons, reason))


def _capped(found: Decision, cap: Row) -> Decision:
    """The cap where the code is above it; what it would have been is a reason."""
    if SCALE[found.row.code] <= SCALE[cap.code]:
        return found
    return replace(found, row=cap, reasons=(found.row.words, *found.reasons))


def _pivotal_sources(claim: Claim, curve: Curve, vintage: str, code: str) -> Iterator[str]:
    """The source families without which the verdict would be another."""
    for family in curve.left_out(vintage):
        if decide(claim, curve, vintage, left_out=family).row.code != code:
            yield family
