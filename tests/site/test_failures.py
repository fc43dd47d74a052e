"""A claim whose last run failed: the page says so, when and why, and that what follows is older."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from analysis.execution.failures import Failure
from analysis.project import Project
from analysis.site import build
from analysis.site.claims import claim_page
from analysis.site.context import gather
from analysis.verdicts import results as results_file

ROOT = Path(__file__).parents[2]
FAILURE = Failure(
    claim="C2", kind="timeout", message="no answer within 5 s", when="2026-11-30T09:00:00+00:00"
)


@pytest.fixture
def audit(tmp_path) -> Project:
    """This audit after a run of which nothing is left but that C2 failed."""
    project = Project(tmp_path)
    shutil.copy2(ROOT / "claims.yaml", project.claims)
    for name in ("claims", "data", "results"):
        (tmp_path / name).symlink_to(ROOT / name)
    results = results_file.read_results(project.published)
    for entry in results["claims"]:
        if entry["id"] == "C2":
            entry["verdict"] = {
                key: {**brief, "code": "PENDING"} for key, brief in entry["verdict"].items()
            }
    results_file.write(project.fresh, results)
    results_file.write(project.build / "failures" / "C2.json", FAILURE.as_dict())
    return project


def shown(project: Project, name: str = "C2") -> str:
    material = gather(project)
    page = claim_page(material, material.register.claims[name], ("", ""))
    return build._render(build._environment(material), page, material)


def test_a_failure_is_told_with_the_published_result_as_older(audit):
    text = shown(audit)
    assert "The last run of this claim failed" in text
    assert "(2026-11-30T09:00:00+00:00): no answer within 5 s" in text
    assert "it is the result as last published" in text
    assert "not been tested yet" not in text


def test_the_result_of_an_earlier_run_is_shown_before_the_published_one(audit):
    published = results_file.read_results(audit.published)["claims"]
    entry = next(dict(each) for each in published if each["id"] == "C2")
    entry["verdict"] = dict.fromkeys(entry["verdict"], {"code": "CONTRADICTED", "certainty": None})  # noqa: RUF024
    entry["finding"] = dict.fromkeys(entry["verdict"], "It was otherwise.")
    results_file.write(audit.build / "failures" / "C2.earlier.json", entry)
    text = shown(audit)
    assert "it is the result of an earlier run" in text
    assert "It was otherwise." in text


def test_a_failure_without_any_result_is_not_called_untested(audit):
    (audit.root / "results").unlink()
    text = shown(audit)
    assert "There is no older result." in text
    assert "This has not been tested yet" not in text


def test_a_claim_that_did_not_fail_says_nothing_of_it(audit):
    assert "last run of this claim failed" not in shown(audit, "D6")
