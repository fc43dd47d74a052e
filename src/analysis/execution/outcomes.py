"""The log of a run, and the results of all claims in one file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.execution import durations, manifests
from analysis.project import writing

if TYPE_CHECKING:
    from analysis.claims.registry import Register
    from analysis.execution.plan import Plan
    from analysis.execution.worker import Result
    from analysis.project import Project


def log(project: Project, results: Sequence[Result]) -> None:
    """Append durations to the run log, which is the only place where times are kept."""
    path = project.build / "log" / "run.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    with writing(path), path.open("a", encoding="utf-8") as file:
        for result in results:
            outcome = result.failure.kind if result.failure else "recorded"
            entry = {
                "claim": result.job.claim,
                "seconds": result.seconds,
                "cpu": result.cpu,
                "outcome": outcome,
            }
            file.write(json.dumps(entry) + "\n")
    durations.remember(project, results)


def collect(project: Project, register: Register, plan: Plan) -> None:
    """Write build/results.json: the record of every claim that has one, and the inputs' hashes.

    Nothing is read or written if the last collection was of the same records.
    """
    path, note = project.build / "results.json", project.build / "manifest" / "results.json"
    found = {job.claim: project.build / "records" / f"{job.claim}.json" for job in plan.jobs}
    found = {claim: record for claim, record in found.items() if record.exists()}
    made_of = {claim: manifests.sha256(record) for claim, record in found.items()}
    made_of |= {project.show(path): manifests.sha256(path) for path in project.claims_files}
    made_of["catalog.yaml"] = manifests.sha256(project.catalog)
    if _noted(note) == {"of": made_of, "sha256": manifests.sha256(path)}:
        return
    from analysis.data.catalog import Catalog
    from analysis.verdicts import results as results_file

    catalog = Catalog.read(project)
    read = {table for claim in found for table in register.claims[claim].tables}
    sums = {name: catalog.sha256(name) for name in read}
    inputs = {name: found for name, found in sums.items() if found}  # what was read is pinned
    entries = {claim: results_file.read(record) for claim, record in found.items()}
    results_file.write(path, results_file.published(register, entries, inputs))
    results_file.write(note, {"of": made_of, "sha256": manifests.sha256(path)})


def _noted(note: Path) -> Any:
    with suppress(OSError, ValueError):
        return json.loads(note.read_text(encoding="utf-8"))
    return None
