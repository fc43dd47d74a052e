"""One specification asked for by its parameters gives the number of its row in the sweep."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from analysis.claims import registry
from analysis.claims.schema import schema
from analysis.data.evidence import load_evidence
from analysis.methods import METHODS
from analysis.notebook import api
from analysis.project import Project
from analysis.verdicts.sweep import PUBLICATION, attempt

ROOT = Path(__file__).parents[2]
PROJECT = Project(ROOT)
CLAIMS = registry.read(PROJECT).claims.values()


@pytest.mark.parametrize("method", METHODS)
def test_a_run_with_parameters_gives_the_number_of_the_sweep(method):
    claim = next(claim for claim in CLAIMS if claim.method == method and claim.grid)
    cutoff = api.cutoffs(PROJECT)[PUBLICATION]
    evidence = load_evidence(PROJECT, claim.tables).as_of(cutoff)
    tried = list(claim.specifications(claim.literal))
    for specification in tried[:: max(1, len(tried) // 4)][:4]:
        row = attempt(specification, evidence, PUBLICATION)
        asked = api.claim(claim.id, specification.choices, project=PROJECT)
        found = asked.build().estimate(evidence)
        assert (found.value, found.low, found.high) == (
            row.estimate.value,
            row.estimate.low,
            row.estimate.high,
        )


def test_the_schema_for_editors_is_the_one_that_is_checked():
    shipped = json.loads((ROOT / "claims.schema.json").read_text(encoding="utf-8"))
    assert shipped == json.loads(json.dumps(schema()))
