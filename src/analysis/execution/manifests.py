"""A note beside the products of a run: what it was made of, and the hash of each product."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis.execution.inputs import Change, Ingredients, changes
from analysis.project import Project, write_atomically

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.execution.plan import Job

FOLDER = "manifest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why a job is due: what has changed, and which products cannot be trusted."""

    word: str = ""
    changed: tuple[Change, ...] = ()
    damaged: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.word or self.changed or self.damaged)

    def __str__(self) -> str:
        names = [change.name for change in self.changed]
        more = f" and {len(names) - 3} more" if len(names) > 3 else ""  # noqa: PLR2004 - a line
        changed = f"changed: {', '.join(names[:3])}{more}" if names else ""
        return "; ".join(filter(None, (self.word, changed, *self.damaged)))


def place(job: Job) -> Path:
    """Where the note of a job is."""
    return job.folder / FOLDER / f"{job.claim}.json"


def write(job: Job, ingredients: Ingredients, products: Mapping[str, str]) -> None:
    """Leave the note; the last act of a run that has succeeded."""
    note = {"ingredients": ingredients, "products": dict(sorted(products.items()))}
    write_atomically(place(job), json.dumps(note, indent=1, ensure_ascii=False) + "\n")


def read(job: Job) -> dict[str, Any] | None:
    """The note of the last run that succeeded; None if there is none that can be read."""
    try:
        note = json.loads(place(job).read_text(encoding="utf-8"))
        return {"ingredients": note["ingredients"], "products": note["products"]}
    except (OSError, ValueError, KeyError, TypeError):
        return None


def sha256(path: Path) -> str:
    """The hash of a file, empty if there is none."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


def reason(job: Job, fresh: Ingredients, project: Project) -> Reason:
    """Why this job must run; false if its products can be trusted as they are."""
    note, word = read(job), ""
    if (job.folder / "failures" / f"{job.claim}.json").exists():
        word = "failed the last time"
    if note is None:
        return Reason(word=word or "has not run to its end yet")
    changed = tuple(changes(note["ingredients"], _plain(fresh)))
    return Reason(
        word=word, changed=changed, damaged=tuple(_damaged(job, note["products"], project))
    )


def covers(job: Job) -> bool:
    """Whether the last run that succeeded was made of the ingredients that this job has now."""
    note = read(job)
    return (
        note is not None
        and bool(job.ingredients)
        and note["ingredients"] == _plain(job.ingredients)
    )


def _plain(ingredients: Ingredients) -> Any:
    """As they are read back."""
    return json.loads(json.dumps(ingredients))


def _damaged(job: Job, products: Mapping[str, str], project: Project) -> Iterator[str]:
    for name, expected in products.items():
        path = job.folder / name
        if (found := sha256(path)) != expected:
            what = "was edited since it was made" if found else "is missing"
            yield f"{project.show(path)} {what}"
