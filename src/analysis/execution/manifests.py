"""The manifest of a run: the hashes of its inputs and of each output."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis.execution.inputs import InputChange, Inputs, changed_inputs
from analysis.project import Project, write_atomically

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.execution.plan import Job

FOLDER = "manifest"
OLD_KEYS = {"inputs": "ingredients", "outputs": "products"}  # of manifests of earlier versions


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why a job is stale: the inputs that changed, and the outputs that are damaged."""

    word: str = ""
    changed: tuple[InputChange, ...] = ()
    damaged: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.word or self.changed or self.damaged)

    def __str__(self) -> str:
        names = [change.name for change in self.changed]
        more = f" and {len(names) - 3} more" if len(names) > 3 else ""  # noqa: PLR2004 - a line
        changed = f"changed: {', '.join(names[:3])}{more}" if names else ""
        return "; ".join(filter(None, (self.word, changed, *self.damaged)))


def place(job: Job) -> Path:
    """The path of a job's manifest."""
    return job.folder / FOLDER / f"{job.claim}.json"


def write(job: Job, inputs: Inputs, outputs: Mapping[str, str]) -> None:
    """Write the manifest, the last step of a run that succeeded."""
    note = {"inputs": inputs, "outputs": dict(sorted(outputs.items()))}
    write_atomically(place(job), json.dumps(note, indent=1, ensure_ascii=False) + "\n")


def read(job: Job) -> dict[str, Any] | None:
    """The manifest of the last run that succeeded; None if it is missing or unreadable."""
    try:
        note = json.loads(place(job).read_text(encoding="utf-8"))
        return {key: note[key] if key in note else note[old] for key, old in OLD_KEYS.items()}
    except (OSError, ValueError, KeyError, TypeError):
        return None


def sha256(path: Path) -> str:
    """The hash of a file, empty if there is none."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


def reason(job: Job, fresh: Inputs, project: Project) -> Reason:
    """Why this job must run; false if its outputs are up to date."""
    note, word = read(job), ""
    if (job.folder / "failures" / f"{job.claim}.json").exists():
        word = "failed the last time"
    if note is None:
        return Reason(word=word or "has not run to its end yet")
    changed = tuple(changed_inputs(note["inputs"], _plain(fresh)))
    return Reason(
        word=word, changed=changed, damaged=tuple(_damaged(job, note["outputs"], project))
    )


def covers(job: Job) -> bool:
    """Whether the last run that succeeded had the inputs that this job has now."""
    note = read(job)
    return note is not None and bool(job.inputs) and note["inputs"] == _plain(job.inputs)


def _plain(inputs: Inputs) -> Any:
    """The inputs as JSON returns them."""
    return json.loads(json.dumps(inputs))


def _damaged(job: Job, outputs: Mapping[str, str], project: Project) -> Iterator[str]:
    for name, expected in outputs.items():
        path = job.folder / name
        if (found := sha256(path)) != expected:
            what = "was edited since it was made" if found else "is missing"
            yield f"{project.show(path)} {what}"
