"""`claims variants`: what was run with other parameters, beside what is registered."""

from __future__ import annotations

import json

import pytest

from analysis.claims import registry
from analysis.execution import manifests
from analysis.execution.inputs import InputHashes
from analysis.execution.plan import plan
from analysis.project import Project
from analysis.verdicts import results


@pytest.fixture
def with_variant(made_up):
    """An audit in which T1 is published at 12 t, and was run with another claimed value."""
    project = Project(made_up)
    register = registry.read(project)
    made = results.published(register, {}, {})
    entry = made["claims"][0]
    brief = {"code": "SUPPORTED", "certainty": "HIGH"}
    values = {"value": 12.0, "low": 12.0, "high": 12.0}
    entry["verdict"] = {"publication": brief, "latest": brief}
    entry["detail"], entry["estimate"] = {"publication": values}, {**values, "unit": "t"}
    results.write(project.published, made)
    (job,) = plan(project, register, ["T1"], {"claimed": 15.0}).jobs
    contradicted = {"code": "CONTRADICTED", "certainty": "LOW"}
    record = job.folder / "records" / "T1.json"
    results.write(record, {**entry, "verdict": {"publication": contradicted}})
    products = {"records/T1.json": manifests.sha256(record)}
    manifests.write(job, InputHashes(project, register).of(job), products)
    return made_up


def test_what_was_run_stands_below_what_is_registered(claims, with_variant):
    head, *lines = claims(with_variant, "variants").out.splitlines()
    assert [line.split() for line in lines] == [
        ["T1", "SUPPORTED", "HIGH", "12", "t", "publication", "published", "as", "registered"],
        ["T1", "CONTRADICTED", "LOW", "12", "t", "publication", "up", "to", "date", "claimed=15.0"],
    ]
    assert head.split()[0] == "ID"


def test_a_variant_whose_inputs_changed_is_out_of_date(claims, with_variant):
    text = (with_variant / "claims.yaml").read_text()
    (with_variant / "claims.yaml").write_text(text.replace("More than 10.", "More than 9."))
    found = json.loads(claims(with_variant, "variants t1 --json").out)
    assert [each["state"] for each in found] == ["published", "out of date"]


def test_a_variant_that_the_claim_no_longer_admits_says_so(claims, with_variant):
    text = (with_variant / "claims.yaml").read_text()
    fixed = text.replace(
        "literal: {kind: literal, ", "literal: {kind: literal, parameters: {claimed: 10}, ", 1
    )
    (with_variant / "claims.yaml").write_text(fixed)
    found = json.loads(claims(with_variant, "variants --json").out)
    assert found[1]["state"] == "no longer possible"


def test_without_a_variant_it_says_how_to_make_one(claims, made_up):
    answer = claims(made_up, "variants")
    assert answer.out == ""
    assert "claims run ID -p NAME=VALUE" in answer.err
