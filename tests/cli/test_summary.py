"""What the terminal says of a record: the finding, the certainty, and what decided."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from analysis.cli.summary import described, lines
from analysis.execution.plan import Job
from analysis.verdicts import results


def entry(code: str, certainty: str, *, start: int = 4, shares=(1.0, 0.0), reasons=()) -> dict:
    detail = {
        "value": 78.321,
        "low": 78.3,
        "high": 79,
        "sources": ["nor_2024", "press_1"],
        "reasons": list(reasons),
        "certainty": {"code": certainty, "start": start, "reasons": ["-1 a short series"]},
    }
    return {
        "verdict": {"publication": {"code": code, "certainty": certainty}},
        "claimed": "more than 75",
        "estimate": {"unit": "USD billion"},
        "robustness": {"pass_share": shares[0], "fail_share": shares[1]},
        "detail": {"publication": detail},
    }


def told(project, made: dict) -> dict[str, str]:
    return dict(described(made, "publication", project))


def test_the_finding_has_its_interval_and_its_unit(project):
    found = told(project, entry("SUPPORTED", "HIGH"))
    assert found["measured"] == "78.32 USD billion (78.3 to 79)"
    assert found["claimed"] == "more than 75"


def test_the_source_whose_grade_the_certainty_starts_from_is_named(project):
    found = told(project, entry("INSUFFICIENT", "VERY_LOW", start=2))
    assert (
        found["certainty"] == "starts at 2 of 4, the grade of press_1 (unnamed); -1 a short series"
    )
    assert found["decided by"] == "evidence of very low certainty gives no verdict"


@pytest.mark.parametrize(
    ("made", "rule"),
    [
        (entry("SUPPORTED", "HIGH"), "at least 90% pass and at most 5% fail"),
        (entry("MOSTLY_SUPPORTED", "HIGH", shares=(0.7, 0.3)), "at least 67% pass"),
        (
            entry("MOSTLY_SUPPORTED", "LOW"),
            "at low certainty no verdict is firmer than MOSTLY_SUPPORTED",
        ),
        (entry("CONTRADICTED", "HIGH", shares=(0, 1)), "at least 90% fail"),
        (
            entry("MOSTLY_SUPPORTED", "HIGH", reasons=["OMISSION: this fails: also so"]),
            "OMISSION: this fails: also so",
        ),
        (
            entry("DEFINITION_DEPENDENT", "HIGH", reasons=["readings disagree: wide"]),
            "readings disagree: wide",
        ),
    ],
)
def test_the_rule_that_fired_is_told(project, made, rule):
    assert told(project, made)["decided by"] == rule


def test_nothing_found_is_told_as_such(project):
    made = entry("UNSUPPORTED", "HIGH", reasons=["no row for exports"])
    made["detail"]["publication"] |= {"value": None, "certainty": None}
    found = told(project, made)
    assert found["measured"] == "nothing: no admissible evidence"
    assert found["decided by"] == "no row for exports"


def test_a_job_is_told_with_what_was_changed(project):
    job = Job(
        claim="T1",
        title="",
        notebook=Path("level.ipynb"),
        parameters={
            "claim_id": "T1",
            "vintage": "publication",
            "reading": "",
            "parameters": {"claimed": 3, "reporter": "a"},
        },
        folder=project.build,
    )
    assert list(lines(project, job)) == []
    results.write(project.build / "records" / "T1.json", entry("SUPPORTED", "HIGH"))
    first, *rest = lines(project, job)
    assert first == "T1 with claimed=3, reporter=a, publication: SUPPORTED, certainty HIGH"
    assert rest[0] == "  measured: 78.32 USD billion (78.3 to 79)"
    assert list(lines(project, replace(job, recorded=False))) == []
