"""What moved between the vintages of a verdict: docs/method.md, Between the vintages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.verdicts.code_table import compare
from analysis.verdicts.sweep import LATEST, PUBLICATION

if TYPE_CHECKING:
    from analysis.claims.model import Claim
    from analysis.verdicts.rules import Verdict
    from analysis.verdicts.sweep import Curve, Trial


def vintage_flag(claim: Claim, curve: Curve, publication: Verdict, latest: Verdict) -> str:
    """What moved between the vintages: the code, else the values, else only the certainty."""
    moved = compare(publication.code, latest.code)
    if moved != "STABLE":
        return moved
    if publication.code != latest.code or _changed(claim, curve):
        return "REVISED"
    levels = [each.certainty and each.certainty.level for each in (publication, latest)]
    return "STABLE" if levels[0] == levels[1] else "CERTAINTY"


def _changed(claim: Claim, curve: Curve) -> bool:
    """Whether an estimate, or the families behind it, moved where it has part in the verdict."""
    aside = {reading.name for reading in claim.readings if not reading.votes}
    before, after = (
        [
            (trial.reading, trial.estimate.families, *_numbers(trial))
            for trial in curve.select(vintage)
            if trial.reading not in aside
        ]
        for vintage in (PUBLICATION, LATEST)
    )
    return before != after


def _numbers(trial: Trial) -> tuple[float | None, ...]:
    found = trial.estimate
    return found.value, found.low, found.high
