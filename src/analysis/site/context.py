"""Everything that the pages show, read once from the audit and from what a run left behind."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.claims import registry
from analysis.claims.model import REASONS
from analysis.claims.registry import Register
from analysis.data.catalog import Catalog
from analysis.data.csvfile import records_of
from analysis.data.sources import Sources
from analysis.drift import history
from analysis.drift.history import HistoryEntry
from analysis.errors import AnalysisError
from analysis.execution.outputs import EARLIER
from analysis.exports import citation
from analysis.exports.citation import Publisher
from analysis.formatting import plain
from analysis.project import Project
from analysis.site import words
from analysis.site.pieces import Pieces
from analysis.site.words import Word
from analysis.verdicts import results as results_file
from analysis.verdicts import wording
from analysis.verdicts.specifications import SUFFIX

if TYPE_CHECKING:
    from analysis.claims.model import Claim

SLUG = re.compile(r"\b[a-z]+[0-9]*(?:_[a-z0-9]+)+\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """The last run of a claim, which failed; `earlier` is which older result is shown instead."""

    when: str
    why: str
    earlier: str


@dataclass(frozen=True, kw_only=True)
class Material:
    """What an audit has to show; `entries` are those of the last run, in the register's order.

    A claim whose last run failed is among `failures`, and its entry is an older one.
    """

    project: Project
    register: Register
    entries: Mapping[str, Mapping[str, Any]]
    catalog: Catalog
    sources: Sources
    publisher: Publisher | None = None
    failures: Mapping[str, Failed] = field(default_factory=dict)

    @property
    def site(self) -> str:
        """The address of the site with a slash at its end; empty where none is configured."""
        return (
            f"{self.publisher.site.rstrip('/')}/" if self.publisher and self.publisher.site else ""
        )

    def figure(self, name: str) -> Path:
        """Where a run leaves a file of a figure."""
        return self.project.build / "figures" / name

    @cached_property
    def pieces(self) -> Pieces:
        """The costly parts of pages that are kept from build to build."""
        return Pieces(self.project)

    def notebook(self, claim: str) -> Path:
        """Where a run leaves the executed notebook."""
        return self.project.build / "notebooks" / f"{claim}.ipynb"

    def trials(self, claim: str) -> Mapping[str, Any] | None:
        """Every trial of a claim; None where no run has left them."""
        folder = self.project.build / "trials"
        for path in (folder / f"{claim}.json", folder / f"{claim}{SUFFIX}"):
            if path.exists():
                found: Mapping[str, Any] = results_file.read(path)
                return found
        return None

    def rows(self, table: str) -> dict[int, list[str]]:
        """The cells of a table by the line on which their row begins, the header first."""
        path = self.project.table(table)
        rows, lines = records_of(path.read_bytes().decode(), self.project.show(path))
        return dict(zip(lines, rows, strict=True))

    def document(self, name: str) -> str:
        """A text for readers, by its name from the root: the audit's own, else the library's."""
        path = self.project.document(name)
        return path.read_text(encoding="utf-8") if path.exists() else ""

    def history(self) -> list[HistoryEntry]:
        """What moved at each publication, the newest first; empty before a second one."""
        return list(reversed(history.read(self.project)))

    def judged(self, claim: str) -> str:
        """The day of a claim's last published change, else of the audit's release, if known."""
        days = (each.date for each in self.history() if each.claim == claim)
        return next(days, self.publisher.released if self.publisher else "")

    def named(self, text: str) -> str:
        """A text of the audit with names in place of the slugs in it."""
        return SLUG.sub(lambda found: self.called(found[0]), text)

    def called(self, slug: str) -> str:
        """What a reader is shown for a slug: the audit's name for it, or its words."""
        return self.register.names.get(slug) or plain(slug)

    def choice(self, name: str) -> Word:
        """A choice of the grids in words."""
        return words.choice(name, self.register.choices)


def gather(project: Project) -> Material:
    """The material of an audit: the results of the last run, else the published ones."""
    fresh = project.build / "results.json"
    path = fresh if fresh.exists() else project.published
    if not path.exists():
        raise AnalysisError("there is nothing to report yet; run `claims run` first")
    results = results_file.read_results(path)
    found = registry.read(project)
    entries = {entry["id"]: entry for entry in results["claims"]}
    failures = {}
    for name in found.claims:
        if failure := _failure(project, name):
            entries[name], failures[name] = _older(project, name, entries.get(name), failure)
    return Material(
        project=project,
        register=found,
        entries={
            name: entries.get(name) or results_file.unrun(found.claims[name])
            for name in found.claims
        },
        catalog=Catalog.read(project),
        sources=Sources.read(project),
        publisher=citation.read(project),
        failures=failures,
    )


def _failure(project: Project, claim: str) -> Mapping[str, Any] | None:
    path = project.build / "failures" / f"{claim}.json"
    return results_file.read(path) if path.exists() else None


def _older(
    project: Project, claim: str, entry: Mapping[str, Any] | None, failure: Mapping[str, Any]
) -> tuple[Mapping[str, Any] | None, Failed]:
    """What is shown of a claim that failed: what it had recorded before, else was published."""
    failed = Failed(when=failure.get("when", ""), why=failure["message"], earlier="")
    earlier = project.build / "failures" / f"{claim}{EARLIER}"
    for kept in (earlier, project.build / "records" / f"{claim}.json"):
        if kept.exists():
            return results_file.read(kept), replace(failed, earlier="of an earlier run")
    for each in _published(project):
        if each["id"] == claim and each["verdict"]["publication"]["code"] != "PENDING":
            return each, replace(failed, earlier="as last published")
    return entry, failed


def _published(project: Project) -> Sequence[Mapping[str, Any]]:
    there = project.published.exists()
    return results_file.read_results(project.published)["claims"] if there else ()


def finding(material: Material, claim: Claim, vintage: str = "publication") -> str:
    """What is true of a claim, in a sentence; why, where no data can decide it."""
    if not claim.testable:
        return f"Cannot be tested: {REASONS.get(claim.reason, 'no data can decide it')}."
    failed = material.failures.get(claim.id)
    if failed and not failed.earlier:
        return "The last run of this claim failed, and there is no older result."
    return wording.finding(material.entries[claim.id], vintage)
