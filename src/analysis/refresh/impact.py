"""The estimates and verdicts that an edition changes: run the claims that read the table twice."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from analysis.claims import registry
from analysis.data import validation
from analysis.data.tables import Archive
from analysis.drift.diff import Change, compare
from analysis.errors import AnalysisError, DataError
from analysis.notebook import api
from analysis.project import Project
from analysis.verdicts import results


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictChange:
    """One claim's record under the pinned table and under the new edition."""

    claim: str
    statement: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]

    @property
    def changes(self) -> list[Change]:
        """The differences, verdicts first; empty if the records are equal."""
        sides = ({"claims": [side]} for side in (self.before, self.after))
        return compare(*sides)


@contextmanager
def scratch(project: Project, files: Mapping[str, bytes]) -> Iterator[Project]:
    """A copy of the audit's register and data, in which these files have other bytes."""
    with TemporaryDirectory(prefix="claims-") as folder:
        root = Path(folder)
        skip = shutil.ignore_patterns("vintages", ".*")
        shutil.copytree(project.data, root / "data", ignore=skip)
        for path in project.claims_files:
            target = root / project.show(path)
            target.parent.mkdir(exist_ok=True)
            shutil.copy(path, target)
        for name, data in files.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_bytes(data)
        yield Project(root)


def check(project: Project, table: str) -> None:
    """Raises DataError if the table breaks its contract: types, ranges, key, domain checks."""
    archive = Archive.read(project)
    found = validation.check(
        archive.load(table), archive.sources, lambda name: archive.load(name).frame
    )
    if found:
        raise DataError.of(DataError(str(failure)) for failure in found)


def verdict_changes(project: Project, changed: Project, table: str) -> Iterator[VerdictChange]:
    """The records of every testable claim that reads the table, from both audits."""
    for claim in registry.read(project).claims.values():
        if claim.testable and table in claim.tables:
            sides = [_judge(each, claim.id) for each in (project, changed)]
            yield VerdictChange(
                claim=claim.id, statement=claim.statement, before=sides[0], after=sides[1]
            )


def _judge(project: Project, name: str) -> dict[str, Any]:
    claim = api.claim(name, project=project)
    try:
        curve = api.sweep(claim, api.load(claim, project=project), project=project)
        return results.record(claim, api.judge(claim, curve), {})
    except AnalysisError as fault:
        raise DataError(f"claim {name} cannot be run on it: {fault}") from fault
