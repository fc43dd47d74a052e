"""Accept what stands in build/ as published: history first, then the results it tells of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from analysis import overview, records
from analysis.drift import history, origins, states
from analysis.drift.comparison import compare
from analysis.drift.history import Accepted
from analysis.project import write_atomically

if TYPE_CHECKING:
    from analysis.project import Project
    from analysis.register import Register


def publish(project: Project, register: Register, day: date) -> Sequence[Accepted]:
    """Write history, ingredients, results and their table; what the history gained.

    Each file is whole or untouched, and the results come last but for the table made from them:
    whoever is interrupted publishes again, and nothing is told twice.
    """
    fresh = records.read_results(project.build / "results.json")
    added = _told(project, day) if project.published.exists() else ()
    made = origins.made(project, register)
    write_atomically(project.results / origins.NAME, origins.dump(made))
    records.write(project.published, fresh)
    beside = {
        "Verdicts that move under other thresholds": overview.moved(fresh),
        "Verdicts that hang on one source family": overview.single_source(
            fresh, names=register.names
        ),
        "p and q of the statistical tests": overview.tests(fresh),
    }
    records.write_table(project.results / "README.md", fresh, register, beside)
    return added


def _told(project: Project, day: date) -> Sequence[Accepted]:
    before = states.find(project, states.PUBLISHED)
    after = states.find(project, states.BUILD)
    found = history.accepted(compare(before, after), before.results, after.results, day)
    return history.append(project, found)
