"""The plan of a run: the notebooks to execute, with their parameters and folders."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from analysis.claims.model import waits
from analysis.errors import ParameterError
from analysis.execution.file_stamps import Stamps
from analysis.execution.notebooks import TAG
from analysis.methods import METHODS

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.claims.model import Claim
    from analysis.claims.registry import Register
    from analysis.project import Project


# The parameters of notebooks without a claim that an audit fixes, whatever their cells say.
ARTICLE = {"overview": {"source": "build", "vintage": "publication"}}
OVERVIEWS = ("evolution", "overview")  # the library's notebooks about a whole article
NO_REPLAY = "the notebook evolution needs `claims replay` first"


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One notebook to be executed for one claim, with the folder for its outputs.

    A job that is not `recorded` is about the whole article and leaves no record. `inputs` are the
    hashes of what it reads, once known, and `stamps` the states of the files when they were hashed.
    """

    claim: str
    title: str
    notebook: Path
    parameters: Mapping[str, Any]
    folder: Path
    variant: bool = False
    recorded: bool = True
    inputs: Mapping[str, Any] = field(default_factory=dict)
    stamps: Stamps = field(default_factory=dict)

    @property
    def notebook_name(self) -> str:
        """The notebook's name in the audit, where it is in a bundle, too: notebooks/level.ipynb."""
        return f"notebooks/{self.notebook.name}"

    @property
    def changes(self) -> dict[str, Any]:
        """The reading and the parameters of the method that are not as registered, by name."""
        reading = self.parameters.get("reading")
        own = {"reading": reading} if reading else {}
        return {**own, **self.parameters.get("parameters", {})}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The jobs of a run, and the claims without one (`skipped`), with the reason."""

    jobs: tuple[Job, ...]
    skipped: Mapping[str, str] = field(default_factory=dict)


def plan(
    project: Project,
    register: Register,
    names: Iterable[str] = (),
    overrides: Mapping[str, Any] | None = None,
    vintage: str = "publication",
    *,
    reading: str = "",
) -> Plan:
    """The jobs for the claims called `names` (all by default), in the register's order.

    With `overrides`, parameters of the method replace the registered ones, with a `reading` it is
    taken for the literal one: the outputs are a variant, kept apart from the published ones under
    build/variants.
    """
    wanted = {name: register.claim(name) for name in names} or register.claims
    skipped = {name: why for name, claim in wanted.items() if (why := waits(claim))}
    runnable = [wanted[name] for name in register.claims if name in wanted and name not in skipped]
    changes = {"reading": reading, "parameters": dict(overrides or {})}
    given = {"vintage": vintage, **changes}
    changed = any(changes.values()) or vintage != "publication"
    if changed and len(wanted) != 1:
        message = f"parameters can be changed for one claim at a time, not for {len(wanted)}"
        raise ParameterError(message)
    if any(changes.values()):
        for claim in runnable:  # an unknown or impossible parameter stops here
            claim.assume(reading, overrides or {}).build()
    jobs = [_job(project, claim, given, variant=changed) for claim in runnable]
    return Plan(jobs=tuple(jobs), skipped=skipped)


def plan_overviews(project: Project) -> Plan:
    """The notebooks about the whole article, and the audit's own of no method that join it.

    They read the outputs of the claims' notebooks, so they run after them.
    """
    names = _own(project).union(OVERVIEWS) - METHODS.keys()
    skipped = {} if project.replayed.exists() else {"evolution": NO_REPLAY}
    return Plan(
        jobs=tuple(_overview(project, name) for name in sorted(names - skipped.keys())),
        skipped=skipped,
    )


def _overview(project: Project, name: str) -> Job:
    return Job(
        claim=name,
        title=name.replace("_", " "),
        notebook=project.notebook(name),
        parameters=ARTICLE.get(name, {}),
        folder=project.build,
        recorded=False,
    )


def notebooks(project: Project) -> dict[str, Path]:
    """Every notebook that the audit can run, its own before the library's, by its name in it."""
    names = {*_own(project), *METHODS, *OVERVIEWS}
    paths = (project.notebook(name) for name in sorted(names))
    return {f"notebooks/{path.name}": path for path in paths}


def _own(project: Project) -> set[str]:
    """The names of the audit's notebooks that join it, by a cell with the tag `parameters`.

    Any other one is a reader's: it may hold anything, and no run touches it.
    """
    return {path.stem for path in project.notebooks.glob("*.ipynb") if _joins(path)}


def _joins(path: Path) -> bool:
    try:
        cells = json.loads(path.read_bytes())["cells"]
        return any(TAG in cell["metadata"].get("tags", ()) for cell in cells)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return True  # whoever reads it next says what is wrong with it


def _job(project: Project, claim: Claim, given: Mapping[str, Any], *, variant: bool) -> Job:
    """A job that passes every variable of the parameters cell: its defaults change no result."""
    folder = project.build
    if variant:
        stamp = hashlib.sha256(json.dumps(given, sort_keys=True).encode()).hexdigest()[:8]
        folder = project.build / "variants" / f"{claim.id}-{stamp}"
    return Job(
        claim=claim.id,
        title=claim.title,
        notebook=project.notebook(claim.method),
        parameters={"claim_id": claim.id, **given},
        folder=folder,
        variant=variant,
    )
