"""What the terminal says of a record: the finding, the certainty, and what decided."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from analysis.cli.summary import described, lines
from analysis.execution.plan import Job
from analysis.verdicts import results
from analysis.verdicts.code_table import ROWS


def entry(code: str, certainty: str, *, start: int = 4, rule: str = "", reasons=()) -> dict:
    detail = {
        **({"rule": rule} if rule else {}),  # records of earlier versions have none
        "value": 78.321,
        "low": 78.3,
        "high": 79,
        "sources": ["nor_2024", "press_1"],
        "reasons": list(reasons),
        "certainty": {"code": certainty, "start": start, "reasons": ["-1 a short series"]},
    }
    return {
        "verdict": {"publication": {"code": code, "certainty": certainty}},
        "finding": {"publication": "It was 78.3 billion dollars."},
        "claimed": "more than 75",
        "estimate": {"unit": "USD billion"},
        "detail": {"publication": detail},
    }


def told(project, made: dict) -> dict[str, str]:
    return dict(described(made, "publication", project))


def test_the_finding_has_its_interval_and_its_unit(project):
    found = told(project, entry("SUPPORTED", "HIGH"))
    assert found["measured"] == "78.32 USD billion (78.3 to 79)"
    assert found["criterion"] == "more than 75"


def test_a_share_is_told_in_percent(project):
    made = entry("SUPPORTED", "HIGH")
    made |= {"estimate": {"unit": "share of indices"}, "claimed": "at least 0.6667"}
    made["detail"]["publication"] |= {"value": 1.0, "low": 1.0, "high": 1.0}
    found = told(project, made)
    assert found["measured"] == "100% of indices"
    assert found["criterion"] == "at least 66.7%"


def test_the_source_whose_grade_the_certainty_starts_from_is_named(project):
    found = told(project, entry("INSUFFICIENT", "VERY_LOW", start=2))
    assert (
        found["certainty"] == "starts at 2 of 4, the grade of press_1 (unnamed); -1 a short series"
    )
    assert found["decided by"] == ""


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_the_row_that_gave_the_code_is_named(project, row):
    made = entry(row.code, "HIGH", rule=row.name, reasons=["OMISSION: this fails: also so"])
    expected = f"{row.words}; OMISSION: this fails: also so"
    assert told(project, made)["decided by"] == expected


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
    assert rest[:2] == [
        "  It was 78.3 billion dollars.",
        "  measured: 78.32 USD billion (78.3 to 79)",
    ]
    assert list(lines(project, replace(job, recorded=False))) == []
