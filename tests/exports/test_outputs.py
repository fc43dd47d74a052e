"""A command writes to a new file or to one of its own, and to nothing else."""

from __future__ import annotations

import os
import zipfile

import polars as pl
import pytest
from click.testing import CliRunner

from analysis.cli import main
from analysis.errors import ProjectError
from analysis.exports import kinds, manifest, outputs

OPTIONS = [
    ("bundle", "--out"),
    ("drift", "--html"),
    ("sweep T1", "--out"),
]


@pytest.mark.parametrize(("command", "option"), OPTIONS)
@pytest.mark.parametrize("name", ["claims.yaml", "data"])
def test_no_command_replaces_what_is_not_its_own(project, monkeypatch, command, option, name):
    monkeypatch.setenv("CLAIMS_PROJECT", str(project.root))
    before = project.claims.read_bytes()
    told = CliRunner().invoke(main, [*command.split(), option, str(project.root / name)])
    assert told.return_value != 0 or told.exit_code != 0
    assert (
        "is there already and is no" in told.stderr
        or "is no plain file" in told.stderr
        or ("is a directory" in told.stderr)
    )
    assert project.claims.read_bytes() == before


@pytest.mark.parametrize("own", [outputs.bundle, outputs.page, outputs.sweep])
def test_a_device_or_a_pipe_is_no_file(tmp_path, own):
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", tmp_path, tmp_path.__class__("/dev/full")):
        with pytest.raises(ProjectError, match="is no plain file"):
            outputs.free(path, "bundle", own)


def test_an_own_file_is_replaced(tmp_path):
    bundle, page, sweep = (tmp_path / name for name in ("a.zip", "a.html", "a.parquet"))
    with zipfile.ZipFile(bundle, "w") as zipped:
        zipped.writestr(manifest.FILE, "")
    page.write_text(f"<!doctype html>{outputs.PAGE}")
    pl.DataFrame({"number": [1], "outcome": ["pass"], "families": ["a"]}).write_parquet(sweep)
    for path, own in ((bundle, outputs.bundle), (page, outputs.page), (sweep, outputs.sweep)):
        assert outputs.free(path, "product", own) == path
        assert outputs.free(tmp_path / "new", "product", own)
    assert not any(own(page) for own in (outputs.bundle, outputs.sweep))


def test_an_export_replaces_what_it_exported_and_nothing_else(tmp_path):
    kinds.write(tmp_path, {"claims.json": b"1", "data/a.csv": b"2"})
    kinds.write(tmp_path, {"sources.bib": b"3", "claims.json": b"4"})
    assert set(manifest.parse((tmp_path / "MANIFEST").read_text())) == {
        "claims.json", "data/a.csv", "sources.bib",
    }  # fmt: skip
    (tmp_path / "data/a.csv").write_bytes(b"somebody's work")
    (tmp_path / "other.json").write_bytes(b"somebody's")
    for name in ("data/a.csv", "other.json"):
        with pytest.raises(ProjectError, match="is there already and is no exported file"):
            kinds.write(tmp_path, {"claims.json": b"5", name: b"6"})
    assert (tmp_path / "claims.json").read_bytes() == b"4"


def test_an_export_leaves_a_manifest_of_another_kind_alone(tmp_path):
    (tmp_path / "MANIFEST").write_text("include README.md")
    with pytest.raises(ProjectError, match="lists no exported files"):
        kinds.write(tmp_path, {"claims.json": b"1"})
