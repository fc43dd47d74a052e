"""One archive of everything: the same each time, whole, and good enough to run again."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from datetime import date

import pytest
from click.testing import CliRunner

from analysis.claims import registry
from analysis.cli import main
from analysis.data.checksums import digest
from analysis.errors import AnalysisError, ProjectError
from analysis.exports import bundle, contents, kinds, manifest, rocrate, verification
from analysis.project import Project

CLAIM = "C2"


@pytest.fixture(scope="module")
def archive(ran, tmp_path_factory):
    path = tmp_path_factory.mktemp("bundle") / "audit.zip"
    bundle.write(ran, path)
    return path


@pytest.fixture(scope="module")
def unpacked(archive, tmp_path_factory):
    folder = tmp_path_factory.mktemp("unpacked")
    with zipfile.ZipFile(archive) as zipped:
        zipped.extractall(folder)
    return folder


def test_two_bundles_are_the_same_bytes(ran, archive, tmp_path):
    bundle.write(ran, tmp_path / "again.zip")
    assert (tmp_path / "again.zip").read_bytes() == archive.read_bytes()


def test_a_bundle_is_what_its_manifest_says(archive, unpacked):
    assert verification.verify(archive).whole
    tool = shutil.which("sha256sum")
    if tool:
        command = [tool, "--check", "--quiet", "--strict", manifest.FILE]
        assert subprocess.run(command, cwd=unpacked, check=False).returncode == 0


def test_nothing_of_this_machine_is_in_the_archive(ran, archive):
    with zipfile.ZipFile(archive) as zipped:
        entries = zipped.infolist()
        texts = [zipped.read(e) for e in entries if e.filename.endswith((".json", ".ipynb", ".md"))]
    assert [e.filename for e in entries] == sorted(e.filename for e in entries)
    assert {(e.date_time, e.external_attr, e.create_system) for e in entries} == {
        (bundle.BEGINNING, bundle.MODE, bundle.UNIX)
    }
    assert not any(str(ran.root).encode() in text for text in texts)


@pytest.mark.parametrize(
    "name",
    [
        "claims.yaml", "requirements.lock", "data/catalog.yaml", "notebooks/level.ipynb",
        "src/analysis/cli/__init__.py", "results/published.json", f"build/notebooks/{CLAIM}.ipynb",
        f"build/figures/{CLAIM}.svg", f"build/trials/{CLAIM}.json", "exports/claims.json",
        "exports/sources.bib", "datapackage.json", "ro-crate-metadata.json", "BUNDLE.md",
    ],
)  # fmt: skip
def test_a_bundle_has_what_a_reader_needs(unpacked, name):
    assert (unpacked / name).is_file()


def test_caches_and_links_stay_outside(ran):
    (ran.data / "away").symlink_to("/etc/hostname")
    (ran.notebooks / ".ipynb_checkpoints").mkdir()
    (ran.notebooks / ".ipynb_checkpoints" / "level.ipynb").write_text("{}")
    try:
        names = contents.collect(ran)
    finally:
        (ran.data / "away").unlink()
        shutil.rmtree(ran.notebooks / ".ipynb_checkpoints")
    assert "data/away" not in names
    assert not any("checkpoints" in name or "__pycache__" in name for name in names)


@pytest.mark.slow
def test_an_unpacked_bundle_runs_again_to_the_same_bytes(unpacked, tmp_path):
    """In a folder that knows nothing of this checkout but the installed packages."""
    folder = tmp_path / "elsewhere"
    shutil.copytree(unpacked, folder)
    shutil.rmtree(folder / "build")
    env = {name: value for name, value in os.environ.items() if not name.startswith("CLAIMS_")}
    done = subprocess.run(
        [sys.executable, "-m", "analysis", "run", CLAIM],
        cwd=folder,
        env={**env, "PYTHONPATH": "src"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    wanted = manifest.parse((unpacked / manifest.FILE).read_text())
    products = contents.outputs_of(wanted, CLAIM)
    assert len(products) > 5
    for name in products:
        assert digest((folder / name).read_bytes()) == wanted[name], name


def test_the_crate_tells_how_each_product_was_made(unpacked):
    graph = {e["@id"]: e for e in json.loads((unpacked / rocrate.FILE).read_text())["@graph"]}
    action = graph[f"#run-{CLAIM}"]
    assert action["@type"] == "CreateAction"
    assert action["instrument"] == {"@id": "notebooks/level.ipynb"}
    assert {"@id": "data/trade/bilateral_trade_annual.csv"} in action["object"]
    assert {"@id": f"build/notebooks/{CLAIM}.ipynb"} in action["result"]
    assert graph[f"#run-{CLAIM}-claim_id"]["value"] == CLAIM
    assert graph["./"]["mentions"] == {"@id": f"#run-{CLAIM}"}
    files = {name for name, each in graph.items() if "File" in each["@type"]}
    assert files == set(manifest.parse((unpacked / manifest.FILE).read_text())) - {rocrate.FILE}


def test_a_crate_is_dated_by_what_the_audit_says(ran):
    found = registry.read(ran)
    assert rocrate.newest(found, {}) == max(date.fromisoformat(e["date"]) for e in found.deviations)


def test_without_a_run_there_is_nothing_to_bundle(project):
    with pytest.raises(ProjectError, match=r"build/results\.json: .* run `claims run` first"):
        contents.collect(project)


def test_the_commands_export_bundle_and_verify(ran, archive, tmp_path, monkeypatch):
    monkeypatch.setenv("CLAIMS_PROJECT", str(ran.root))
    done = CliRunner().invoke(main, ["export", "bibtex", "claims", "--to", str(tmp_path)])
    assert "claims are not up to date" in done.stderr
    assert done.stdout.splitlines() == [
        f"claims          {tmp_path / 'claims.json'} and 1 more",
        f"bibtex          {tmp_path / 'sources.bib'}",
    ]
    out = tmp_path / "audit.zip"
    done = CliRunner().invoke(main, ["bundle", "--out", str(out)])
    assert out.read_bytes() == archive.read_bytes()
    stamp = done.output.splitlines()[-1]
    done = CliRunner().invoke(main, ["verify", str(out)])
    assert stamp in done.output
    assert " files are as the MANIFEST says" in done.output


def test_a_bundle_that_was_changed_fails_with_the_names(archive, tmp_path):
    with zipfile.ZipFile(archive) as zipped:
        files = {name: zipped.read(name) for name in zipped.namelist()}
    files["claims.yaml"] += b"\n"
    (tmp_path / "changed.zip").write_bytes(bundle.archive(files))
    command = [sys.executable, "-m", "analysis", "verify", str(tmp_path / "changed.zip")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "changed  claims.yaml" in done.stdout
    (tmp_path / "none.zip").write_text("no archive")
    command[-1] = str(tmp_path / "none.zip")
    assert subprocess.run(command, capture_output=True, check=False).returncode == 2


def test_an_unknown_kind_is_told_with_the_known():
    with pytest.raises(AnalysisError, match=r"no kind of export 'bibtext'.*did you mean 'bibtex'"):
        kinds.chosen(["bibtext"])


def test_two_exports_are_the_same_bytes(ran):
    assert kinds.made(ran, kinds.KINDS) == kinds.made(Project(ran.root), kinds.KINDS)
