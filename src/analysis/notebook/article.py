"""Helpers of the notebooks that look at the whole article, or at no claim."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from analysis.claims import registry
from analysis.data.evidence import Evidence, load_evidence
from analysis.notebook import api
from analysis.notebook.api import read_results
from analysis.project import Project
from analysis.verdicts import evolution, summary

if TYPE_CHECKING:
    from analysis.figures.figure import Drawing
    from analysis.figures.save import Saved
    from analysis.verdicts.wording import Text

__all__ = ["deviations", "names", "read_results", "read_tables", "save", "standings"]


def deviations(*, project: Project | None = None) -> Text:
    """A table of the changes after the rules were fixed."""
    return summary.deviations(registry.read(project or Project.find()))


def names(*, project: Project | None = None) -> Mapping[str, str]:
    """The reader's words for source families and other slugs."""
    return registry.read(project or Project.find()).names


def standings(*, project: Project | None = None) -> dict[str, Any]:
    """The verdicts of the last replay, with the article's sections and the stale claims."""
    project = project or Project.find()
    found = registry.read(project)
    return evolution.arranged(evolution.read(project), found, project)


def read_tables(names: Collection[str], *, project: Project | None = None) -> Evidence:
    """Tables by name, for a notebook that looks at data and at no claim."""
    return load_evidence(project or Project.find(), names)


def save(drawing: Drawing, name: str) -> Saved:
    """Save the figure of a notebook without a claim beside the other figures."""
    from analysis.figures import save as files

    return files.save(drawing, api.output(), name)
