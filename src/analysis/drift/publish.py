"""Accept what stands in build/ as published: history first, then the results it tells of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from analysis.drift import history, provenance, snapshots
from analysis.drift.comparison import compare
from analysis.drift.history import Accepted
from analysis.project import write_atomically
from analysis.verdicts import results, summary

if TYPE_CHECKING:
    from analysis.claims.registry import Register
    from analysis.project import Project


def publish(project: Project, register: Register, day: date) -> Sequence[Accepted]:
    """Write history, ingredients, results and their table; what the history gained.

    Each file is whole or untouched, and the results come last but for the table made from them:
    whoever is interrupted publishes again, and nothing is told twice.
    """
    fresh = results.read_results(project.build / "results.json")
    added = _told(project, day) if project.published.exists() else ()
    made = provenance.made(project, register)
    write_atomically(project.results / provenance.NAME, provenance.dump(made))
    results.write(project.published, fresh)
    beside = {
        "Verdicts that move under other thresholds": summary.moved(fresh),
        "Verdicts that depend on one source family": summary.single_source(
            fresh, names=register.names
        ),
        "p and q of the statistical tests": summary.tests(fresh),
    }
    results.write_table(project.results / "README.md", fresh, register, beside)
    return added


def _told(project: Project, day: date) -> Sequence[Accepted]:
    before = snapshots.find(project, snapshots.PUBLISHED)
    after = snapshots.find(project, snapshots.BUILD)
    found = history.accepted(compare(before, after), before.results, after.results, day)
    return history.append(project, found)
