"""The history: only added to, never twice the same, and never damaged unnoticed."""

from __future__ import annotations

import errno
import os
import tempfile
from datetime import date
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import given
from tallies import entry, results

from analysis.drift import history
from analysis.drift.comparison import compare
from analysis.drift.snapshots import Snapshot
from analysis.errors import AnalysisError
from analysis.project import Project

DAY = date(2026, 1, 2)


def changes(old, new, day=DAY):
    before, after = (results(entry("A1", each)) for each in (old, new))
    drift = compare(Snapshot(name="a", results=before), Snapshot(name="b", results=after))
    return history.entries(drift, before, after, day)


def test_a_moved_verdict_is_a_line_with_both_sides_and_its_cause(tmp_path):
    project = Project(tmp_path)
    history.append(project, changes("SUPPORTED", "CONTRADICTED"))
    (found,) = history.read(project)
    assert (found.date, found.claim, found.kind) == ("2026-01-02", "A1", "verdict")
    assert found.before["verdict"]["latest"]["code"] == "SUPPORTED"
    assert found.after["verdict"]["latest"]["code"] == "CONTRADICTED"
    assert found.cause == "not traced: inputs were not kept"


def test_a_moved_estimate_is_one_too_and_a_moved_figure_is_none():
    old, new = entry("A1", "SUPPORTED"), entry("A1", "SUPPORTED")
    old["estimate"], new["estimate"] = {"value": 1.0}, {"value": 2.0}
    before, after = results(old), results(new)
    drift = compare(Snapshot(name="a", results=before), Snapshot(name="b", results=after))
    (found,) = history.entries(drift, before, after, DAY)
    assert found.kind == "estimate"
    new["estimate"], new["figure"] = old["estimate"], {"data_sha256": "1"}
    after = results(new)
    drift = compare(Snapshot(name="a", results=before), Snapshot(name="b", results=after))
    assert drift.movements
    assert history.entries(drift, before, after, DAY) == []


def test_a_claim_that_is_new_or_gone_has_one_side():
    before, after = results(entry("A1", "SUPPORTED")), results(entry("A2", "SUPPORTED"))
    drift = compare(Snapshot(name="a", results=before), Snapshot(name="b", results=after))
    found = {each.claim: each for each in history.entries(drift, before, after, DAY)}
    assert found["A1"].after is None
    assert found["A2"].before is None


codes = st.sampled_from(["SUPPORTED", "CONTRADICTED", "UNSUPPORTED"])


@given(st.lists(st.tuples(codes, st.integers(1, 3)), max_size=8))
def test_repeating_a_publication_adds_nothing_and_returning_does(steps):
    with tempfile.TemporaryDirectory() as folder:
        project = Project(Path(folder))
        standing, moves, text = "MOSTLY_SUPPORTED", 0, ""
        for number, (code, repeats) in enumerate(steps):
            new = changes(standing, code, date(2026, 1, 1 + number))
            for _ in range(repeats):
                history.append(project, new)
            moves += code != standing
            standing = code
            path = project.results / history.NAME
            now = path.read_text() if path.exists() else ""
            assert now.startswith(text)
            text = now
        assert len(history.read(project)) == moves


DAMAGE = {
    "cut short": (lambda line: line[:-20], "not an accepted change"),
    "a field more": (lambda line: line.replace("{", '{"more": 1, ', 1), "expected exactly date"),
    "no day": (lambda line: line.replace("2026-01-02", "2026-13-02"), "month must be in 1..12"),
    "no verdict": (lambda line: line.replace('"CONTRADICTED"', '"WRONG"'), "no verdict 'WRONG'"),
    "no kind": (lambda line: line.replace('"kind": "verdict"', '"kind": "x"'), "neither verdict"),
    "no change": (lambda line: line.replace("CONTRADICTED", "SUPPORTED"), "are the same"),
    "an earlier day": (
        lambda line: line + line.replace("2026-01-02", "2025-01-02"),
        "2025-01-02 comes after 2026-01-02",
    ),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_line_is_told_with_its_place_and_nothing_is_added(tmp_path, damage):
    harm, told = DAMAGE[damage]
    project = Project(tmp_path)
    history.append(project, changes("SUPPORTED", "CONTRADICTED"))
    path = project.results / history.NAME
    path.write_text(harm(path.read_text()))
    before = path.read_bytes()
    with pytest.raises(AnalysisError, match=told) as caught:
        history.append(project, changes("CONTRADICTED", "SUPPORTED"))
    assert str(caught.value).startswith("results/history.jsonl:")
    assert path.read_bytes() == before


def test_an_earlier_day_than_the_last_is_refused(tmp_path):
    project = Project(tmp_path)
    history.append(project, changes("SUPPORTED", "CONTRADICTED"))
    with pytest.raises(AnalysisError, match="comes after"):
        history.append(project, changes("CONTRADICTED", "SUPPORTED", date(2025, 1, 1)))
    assert len(history.read(project)) == 1


def test_a_full_disk_leaves_the_old_history(tmp_path, monkeypatch):
    project = Project(tmp_path)
    history.append(project, changes("SUPPORTED", "CONTRADICTED"))
    before = (project.results / history.NAME).read_bytes()

    def full(_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(AnalysisError, match="free some space"):
        history.append(project, changes("CONTRADICTED", "SUPPORTED"))
    assert [path.name for path in project.results.iterdir()] == [history.NAME]
    assert (project.results / history.NAME).read_bytes() == before


def test_there_is_no_history_before_the_first_change(tmp_path):
    assert history.read(Project(tmp_path)) == ()
