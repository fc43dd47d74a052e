"""This audit with one claim run, in a folder of its own; its committed results."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from analysis import records, register
from analysis.project import Project

ROOT = Path(__file__).parents[2]
LEFT_OUT = (".*", "bench", "build", "tests", "__pycache__")
CLAIM = "C2"
collect_ignore = ["validators"]  # programs for the validators' own Python


def run(root, *words):
    """A command in that audit, by this Python and the library of this checkout."""
    env = {**os.environ, "CLAIMS_PROJECT": str(root), "PYTHONPATH": str(ROOT / "src")}
    command = [sys.executable, "-m", "analysis", *words]
    return subprocess.run(
        command, env=env, cwd=root, capture_output=True, text=True, check=False, timeout=240
    )


@pytest.fixture(scope="session")
def published():
    return records.read_results(ROOT / "results" / "published.json")


@pytest.fixture(scope="session")
def ran(tmp_path_factory, published):
    """A copy of the audit in which one claim has run, and all others are still to run."""
    root = tmp_path_factory.mktemp("ran") / "audit"
    shutil.copytree(ROOT, root, ignore=shutil.ignore_patterns(*LEFT_OUT))
    done = run(root, "run", CLAIM)
    assert done.returncode == 0, done.stdout + done.stderr
    project = Project(root)
    record = json.loads((project.build / "records" / f"{CLAIM}.json").read_text())
    found = records.published(register.read(project), {CLAIM: record}, published["inputs"])
    records.write(project.fresh, found)
    return project
