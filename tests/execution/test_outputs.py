"""What a failure leaves of an earlier run."""

from __future__ import annotations

from dataclasses import replace

import pytest
from audits import audit

from analysis.claims import registry
from analysis.execution import manifests
from analysis.execution.failures import no_record
from analysis.execution.outputs import keep
from analysis.execution.plan import plan
from analysis.execution.worker import Result
from analysis.project import Project


@pytest.fixture
def project(tmp_path):
    return Project(audit(tmp_path, ["T1"]))


@pytest.fixture
def job(project, tmp_path):
    """A job that has ended with a record."""
    (job,) = plan(project, registry.read(project)).jobs
    job = replace(job, inputs={"tables": {"trade/flows": "abc"}, "python": ("3", "x")})
    staging = tmp_path / "staging"
    staging.mkdir()
    (staging / "T1.json").write_text("{}")
    keep(Result(job=job, seconds=1.0, record={}), staging)
    assert not manifests.reason(job, job.inputs, project)
    return job


def fail(job, folder):
    keep(Result(job=job, seconds=1.0, failure=no_record("T1")), folder / "staging")
    assert (folder / "build/failures/T1.json").exists()
    return (folder / "build/records/T1.json").exists()


def test_a_failure_takes_a_record_of_other_ingredients_away(project, job, tmp_path):
    """Else the next publication would take the old verdict for a new one."""
    changed = replace(job, inputs={"tables": {"trade/flows": "def"}})
    assert not fail(changed, tmp_path)
    assert str(manifests.reason(changed, changed.inputs, project)) == "failed the last time"


def test_a_failure_leaves_a_record_of_the_same_ingredients_and_is_tried_again(
    project, job, tmp_path
):
    """A time-out that was too short says nothing about the claim."""
    for _ in range(2):
        assert fail(job, tmp_path)
        assert str(manifests.reason(job, job.inputs, project)) == "failed the last time"
