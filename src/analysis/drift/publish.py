"""Publish the results in build/ and append the changes to the history."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from analysis.drift import history, provenance, snapshots
from analysis.drift.comparison import compare
from analysis.drift.history import HistoryEntry
from analysis.project import write_atomically
from analysis.verdicts import results, results_table, summary

if TYPE_CHECKING:
    from analysis.claims.registry import Register
    from analysis.project import Project


def publish(project: Project, register: Register, day: date) -> Sequence[HistoryEntry]:
    """Write history, inputs, results, their table and the findings in README.md.

    Returns the new entries of the history.

    Each file is whole or untouched. The results come last but for the table that is made from them,
    so an interrupted publication can be repeated, and the history has no entry twice.
    """
    fresh = results.read_results(project.build / "results.json")
    page = project.root / "README.md"
    text = results_table.with_findings(page.read_text("utf-8"), fresh) if page.exists() else ""
    added = _append_history(project, day) if project.published.exists() else ()
    made = provenance.made(project, register)
    write_atomically(project.results / provenance.NAME, provenance.dump(made))
    (project.results / provenance.OLD_NAME).unlink(missing_ok=True)
    results.write(project.published, fresh)
    tables = {
        "Verdicts that move under other thresholds": summary.moved(fresh),
        "Verdicts that depend on one source family": summary.single_source(
            fresh, names=register.names
        ),
        "p and q of the statistical tests": summary.tests(fresh),
    }
    results_table.write(project.results / "README.md", fresh, register, tables)
    if page.exists():
        write_atomically(page, text)
    return added


def _append_history(project: Project, day: date) -> Sequence[HistoryEntry]:
    before = snapshots.find(project, snapshots.PUBLISHED)
    after = snapshots.find(project, snapshots.BUILD)
    found = history.entries(compare(before, after), before.results, after.results, day)
    return history.append(project, found)
