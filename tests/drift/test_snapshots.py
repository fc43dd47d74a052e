"""States from real files, zips and git revisions; what is none is told and nothing is changed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import zipfile

import pytest
from audits import audit
from tallies import entry, results

from analysis.drift import provenance, snapshots
from analysis.drift.comparison import compare
from analysis.errors import AnalysisError
from analysis.project import Project
from analysis.verdicts import results as results_file

MADE = {
    "T1": {
        "notebook": "1",
        "parameters": {},
        "claim": {},
        "tables": {},
        "modules": {"analysis.verdicts.sweep": "1"},
        "lock": "1",
        "python": "3.11",
    }
}


def git(folder, *words):
    names = ("AUTHOR", "COMMITTER")
    who = {f"GIT_{name}_{what}": "t@example.org" for name in names for what in ("NAME", "EMAIL")}
    env = {**os.environ, **who, "GIT_CONFIG_GLOBAL": os.devnull}
    command = [shutil.which("git"), "-C", str(folder), *words]
    return subprocess.run(command, check=True, capture_output=True, env=env).stdout


def put(root, code, inputs=None):
    results_file.write(root / "results" / "published.json", results(entry("T1", code)))
    kept = root / "results" / provenance.NAME
    kept.unlink(missing_ok=True)
    if inputs:
        kept.write_text(provenance.dump(inputs))


@pytest.fixture
def project(tmp_path):
    return Project(audit(tmp_path / "audit", ["T1"]))


@pytest.fixture
def committed(project):
    root = project.root
    (root / "src" / "analysis" / "methods").mkdir(parents=True)
    (root / "src" / "analysis" / "__init__.py").write_text("")
    (root / "src" / "analysis" / "methods" / "__init__.py").write_text("")
    (root / "src" / "analysis" / "methods" / "level.py").write_text("ONE = 1\n")
    git(root, "init", "--quiet")
    put(root, "SUPPORTED")
    git(root, "add", ".")
    git(root, "commit", "--quiet", "-m", "one")
    git(root, "tag", "v1")
    return project


def moved(project, before, after):
    found = compare(snapshots.find(project, before), snapshots.find(project, after))
    return [(each.kind, each.claim, each.why) for each in found.of("flip")][:1]


def test_two_revisions_are_compared_by_what_their_trees_state(committed):
    root = committed.root
    put(root, "CONTRADICTED")
    (root / "src" / "analysis" / "methods" / "level.py").write_text("ONE = 2\n")
    git(root, "commit", "--quiet", "-am", "two")
    status = git(root, "status", "--porcelain")
    assert moved(committed, "v1", "HEAD") == [("flip", "T1", "code: methods.level")]
    assert moved(committed, "HEAD~1", "HEAD") == moved(committed, "v1", "HEAD")
    assert git(root, "status", "--porcelain") == status


def test_a_changed_rule_of_a_revision_is_a_cause(committed):
    root = committed.root
    put(root, "CONTRADICTED")
    text = (root / "claims.yaml").read_text()
    (root / "claims.yaml").write_text(text.replace("claimed: 10", "claimed: 11"))
    git(root, "commit", "--quiet", "-am", "two")
    assert moved(committed, "v1", "HEAD") == [("flip", "T1", "parameters: parameters of the claim")]


def test_inputs_that_a_revision_kept_are_believed_before_its_tree(committed):
    put(committed.root, "CONTRADICTED", MADE)
    git(committed.root, "add", ".")
    git(committed.root, "commit", "--quiet", "-m", "two")
    assert snapshots.find(committed, "HEAD").inputs == MADE


def test_a_revision_with_a_register_that_cannot_be_read_is_not_traced(committed):
    (committed.root / "claims.yaml").write_text("claims: [\n")
    put(committed.root, "CONTRADICTED")
    git(committed.root, "commit", "--quiet", "-am", "two")
    (committed.root / "claims.yaml").write_text("")
    assert "not traced" in moved(committed, "v1", "HEAD")[0][2]


@pytest.mark.parametrize("name", ["v2", "--output=x", "HEAD:claims.yaml", "", "a b"])
def test_what_is_no_revision_is_an_error_and_leaves_no_file(committed, name):
    with pytest.raises(AnalysisError, match="no such file, folder, bundle or git revision"):
        snapshots.find(committed, name or "nothing")
    assert not (committed.root / "x").exists()


def test_a_slip_of_the_pen_gets_a_hint(project):
    with pytest.raises(AnalysisError, match="did you mean 'published'"):
        snapshots.find(project, "publishd")


def test_a_machine_without_git_is_told_what_to_do(project, monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(AnalysisError, match="git does not answer: compare two files instead"):
        snapshots.find(project, "HEAD")


def bundle(path, members):
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def test_a_bundle_is_read_without_unpacking_wherever_its_parts_are(tmp_path, project):
    made = results_file.dump(results(entry("T1", "SUPPORTED")))
    members = {
        "bundle/results/published.json": made,
        "bundle/results/inputs.json": provenance.dump(MADE),
        "bundle/figures/T1.png": b"picture",
        "bundle/../../escaped.json": "{}",
    }
    state = snapshots.find(project, str(bundle(tmp_path / "b.zip", members)))
    assert state.results["claims"][0]["id"] == "T1"
    assert state.inputs == MADE
    assert state.picture("T1") == b"picture"
    assert state.picture("T2") is None
    assert sorted(path.name for path in tmp_path.iterdir()) == ["audit", "b.zip"]


def test_a_bundle_without_results_is_told(tmp_path, project):
    path = bundle(tmp_path / "b.zip", {"readme": "x"})
    with pytest.raises(AnalysisError, match="no results in this bundle"):
        snapshots.find(project, str(path))


def test_a_bundle_that_is_damaged_is_told(tmp_path, project):
    path = bundle(tmp_path / "b.zip", {"results.json": "{}" * 100})
    content = bytearray(path.read_bytes())
    content[45:60] = b"x" * 15
    path.write_bytes(content)
    with pytest.raises(AnalysisError, match="not a bundle that can be read"):
        snapshots.find(project, str(path))


@pytest.mark.parametrize(
    ("text", "told"),
    [("{", "not a results file"), ("[]", "expected schema_version 2, found None"),
     (json.dumps({"schema_version": 9}), "found 9")],
)  # fmt: skip
def test_what_is_no_results_file_is_told(tmp_path, project, text, told):
    path = bundle(tmp_path / "b.zip", {"results.json": text})
    with pytest.raises(AnalysisError, match=told):
        snapshots.find(project, str(path))


@pytest.mark.parametrize("file", [provenance.NAME, provenance.OLD_NAME])
def test_a_folder_has_results_inputs_and_figures(tmp_path, project, file):
    put(tmp_path, "SUPPORTED", MADE)
    (tmp_path / "results" / provenance.NAME).rename(tmp_path / "results" / file)
    (tmp_path / "results" / "figures").mkdir()
    (tmp_path / "results" / "figures" / "T1.png").write_bytes(b"picture")
    state = snapshots.find(project, str(tmp_path / "results"))
    assert state.inputs == MADE
    assert state.picture("T1") == b"picture"


def test_an_empty_folder_says_what_it_lacks(tmp_path, project):
    (tmp_path / "empty").mkdir()
    with pytest.raises(AnalysisError, match=r"expected results\.json or published\.json"):
        snapshots.find(project, str(tmp_path / "empty"))


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"schema_version": 2, "claims": {}}'])
def test_inputs_of_another_version_are_refused(text):
    with pytest.raises(AnalysisError, match="expected inputs of schema_version 1"):
        provenance.parse(text, "results/inputs.json")


def test_kept_inputs_come_back_as_they_were():
    other = {"T2": {**MADE["T1"], "modules": {"analysis.verdicts.sweep": "2"}}}
    both = {**MADE, **other}
    assert provenance.parse(provenance.dump(both), "x") == both
