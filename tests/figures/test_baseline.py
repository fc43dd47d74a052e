"""Each method's figure draws the trial on which the verdict rests."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from analysis import figures
from analysis.claims import registry
from analysis.data.evidence import load_evidence
from analysis.methods import METHODS
from analysis.methods.estimate import no_evidence
from analysis.project import Project
from analysis.verdicts.sweep import Curve, attempt, baseline

PROJECT = Project(Path(__file__).parents[2])


@cache
def register():
    return registry.read(PROJECT)


def with_evidence_elsewhere(method: str):
    """A claim of the method, and a curve whose preferred trial alone lacks its evidence."""
    for claim in register().claims.values():
        if claim.method != method or claim.pending:
            continue
        evidence = load_evidence(PROJECT, claim.tables)
        first, *others = claim.specifications(claim.literal)
        trial = attempt(first, evidence, "latest", preferred=True)
        empty = replace(trial, estimate=no_evidence("none"), outcome=None)
        found = (attempt(each, evidence, "latest") for each in others)
        if (other := next((each for each in found if each.outcome is not None), None)) is not None:
            return claim, Curve((empty, other))
    raise AssertionError(f"no claim of the method {method} has evidence")


@pytest.mark.parametrize("method", METHODS)
def test_the_nearest_trial_with_evidence_is_drawn(method):
    claim, curve = with_evidence_elsewhere(method)
    draw = getattr(figures, method)
    trial = baseline(curve.trials)
    preferring = claim.prefer(trial.choices)
    moved = Curve(tuple(replace(each, preferred=each is trial) for each in curve.trials))
    found = draw(claim, curve.trials[0].estimate, curve, "latest")
    expected = draw(preferring, trial.estimate, moved, "latest")
    assert found.csv() == expected.csv()
    assert "nearest specification with evidence" in found.summary
    assert found.csv() != draw(claim, no_evidence("none"), Curve(curve.trials[:1]), "latest").csv()
