"""Alter a claim of this audit in one respect, and the verdict must move the right way."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from analysis.claims import registry
from analysis.data.evidence import load_evidence
from analysis.notebook import api
from analysis.project import Project
from analysis.verdicts.code_table import SCALE
from analysis.verdicts.rules import Judgement, judge
from analysis.verdicts.sweep import sweep

PROJECT = Project(Path(__file__).parents[2])


def verdict(name: str, **changes) -> Judgement:
    """The judgement of a claim with some parameters changed."""
    claim = registry.read(PROJECT).claim(name).prefer(changes)
    evidence, cutoffs = _evidence(claim.tables), api.cutoffs(PROJECT)
    return judge(claim, sweep(claim, evidence, cutoffs, leave_one_out=False))


@cache
def _evidence(tables: tuple[str, ...]):
    return load_evidence(PROJECT, tables)


def ordinal(name: str, **changes) -> int:
    return SCALE[verdict(name, **changes).publication.code]


@pytest.mark.parametrize(
    ("name", "change", "direction"),
    [
        ("C2", {"claimed": 57}, +1),
        ("C2", {"claimed": 100}, -1),
        ("B5", {"claimed_from": "2024-08-25"}, -1),
        ("B11", {"claimed_from": "2024-11-01"}, -1),
        ("B17", {"claimed": 14}, -1),
        ("D6", {"claimed": 2.0}, +1),
        ("D10", {"claimed": 100}, -1),
        ("D11", {"claimed_rung": "shown"}, +1),
        ("D13", {"expected": "yes"}, +1),
        ("E2", {"expected": "yes"}, +1),
        ("C7a", {"claimed": 0}, +1),
        ("C8", {"expected": "no"}, +1),
    ],
)
def test_a_changed_claim_moves_its_verdict(name, change, direction):
    before, after = ordinal(name), ordinal(name, **change)
    assert (after - before) * direction > 0, f"{before} -> {after}"


def test_a_sharper_claim_is_never_better_supported():
    codes = [ordinal("C2", claimed=claimed) for claimed in (50, 70, 75, 76, 80, 120)]
    assert codes == sorted(codes, reverse=True)
    assert codes[0] == SCALE["SUPPORTED"]
    assert codes[-1] == SCALE["CONTRADICTED"]


def test_a_wider_tolerance_never_hurts():
    codes = [ordinal("B17", tolerance=tolerance, claimed=10) for tolerance in (0, 1, 3, 7)]
    assert codes == sorted(codes)
    assert codes[0] < codes[-1]
