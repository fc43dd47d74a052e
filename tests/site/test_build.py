"""Two builds at once, and a build that fails, leave a whole site."""

from __future__ import annotations

import os
import subprocess
import sys
import threading

import nbformat
import pytest
from audits import CLAIM, HEADER, notebook

from analysis.errors import ExecutionError, ProjectError
from analysis.site import build
from analysis.verdicts import results


@pytest.fixture
def audit(project):
    """The made-up audit with one claim that has not run."""
    project.claims.write_text(HEADER + CLAIM.format(name="T1"))
    (project.root / "notebooks").mkdir()
    nbformat.write(notebook(), project.root / "notebooks" / "level.ipynb")
    results.write(project.fresh, {"schema_version": results.SCHEMA_VERSION, "claims": []})
    return project


@pytest.fixture
def halfway(audit, monkeypatch):
    """A build that waits, until it is let go, where half of its pages are written."""
    begun, let_go, page = threading.Event(), threading.Event(), build._render

    def slow(environment, shown, material):
        if shown.path == "data.html" and not begun.is_set():
            begun.set()
            assert let_go.wait(120)
        return page(environment, shown, material)

    monkeypatch.setattr(build, "_render", slow)
    builder = threading.Thread(target=build.build, args=[audit])
    builder.start()
    assert begun.wait(120)
    yield let_go
    let_go.set()
    builder.join()


def site(project):
    folder = project.build / "site"
    return {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_a_second_build_waits_for_the_first_and_names_it(audit, halfway):
    command = [sys.executable, "-m", "analysis", "report"]
    second = subprocess.Popen(command, cwd=audit.root, stderr=subprocess.PIPE, text=True)
    told = f"waiting for process {os.getpid()}, which is at work here\n"
    assert told in iter(second.stderr.readline, "")
    assert not site(audit)
    halfway.set()
    assert second.wait(60) == 0
    second.stderr.close()
    found = site(audit)
    build.build(audit)
    assert site(audit) == found
    assert not list(audit.build.glob(".site.*[!k]"))


def test_a_second_build_that_may_not_wait_is_refused(audit, halfway):  # noqa: ARG001
    with pytest.raises(ExecutionError, match=f"process {os.getpid()}"):
        build.build(audit)


def test_a_build_that_fails_leaves_the_site_before_it(audit, monkeypatch):
    build.build(audit)
    before = site(audit)
    moved = build.Path.rename

    def refuses(path, target):
        if path.name == ".site.new":
            raise PermissionError(13, "Permission denied")
        return moved(path, target)

    monkeypatch.setattr(build.Path, "rename", refuses)
    with pytest.raises(ProjectError, match="Permission denied"):
        build.build(audit)
    assert site(audit) == before
