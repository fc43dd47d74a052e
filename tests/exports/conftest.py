"""This audit with one claim run, in a folder of its own; its committed results."""

import json
from pathlib import Path

import executions
import pytest

from analysis.claims import registry
from analysis.project import Project
from analysis.verdicts import results

ROOT = Path(__file__).parents[2]
CLAIM = "C2"
collect_ignore = ["validators"]  # programs for the validators' own Python


@pytest.fixture(scope="session")
def published():
    return results.read_results(ROOT / "results" / "published.json")


@pytest.fixture(scope="session")
def ran(executed, tmp_path_factory, published):
    """A copy of the audit in which one claim has run, and all others are still to run."""
    root = executions.copied(executed, tmp_path_factory.mktemp("ran") / "audit", only=CLAIM)
    project = Project(root)
    record = json.loads((project.build / "records" / f"{CLAIM}.json").read_text())
    found = results.published(registry.read(project), {CLAIM: record}, published["inputs"])
    results.write(project.fresh, found)
    return project
