"""What every contender starts from: an audit without products, and its notebooks in three forms."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import nbformat
import papermill
from papermill.parameterize import parameterize_notebook

from analysis.claims.registry import read
from analysis.execution.environment import environment
from analysis.execution.plan import Job, plan
from analysis.project import OUTPUT, VARIABLE, Project

# With these every process would compile the library anew, which nobody does who works with it.
NO_BYTECODE = frozenset({"PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX"})
BEFORE = "before"  # the folder of a workspace in which the earlier state has its audit
STATE_BEFORE = Path(__file__).parents[2] / "build" / "bench" / "before"  # its checkout
INPUTS = (
    "claims",
    "claims.yaml",
    "data",
    "notebooks",
    "requirements.lock",
    "pyproject.toml",
    "results",
)


@dataclass(frozen=True)
class Workspace:
    """A folder in which contenders run the notebooks of some claims."""

    root: Path
    claims: tuple[str, ...]

    @property
    def audit(self) -> Path:
        """A copy of the audit, without build/."""
        return self.root / "audit"

    @property
    def inputs(self) -> Path:
        """Per claim a notebook with its parameters, for tools that know no parameters."""
        return self.root / "inputs"

    @property
    def outputs(self) -> Path:
        """Where contenders leave their products."""
        return self.root / "outputs"

    @cached_property
    def jobs(self) -> tuple[Job, ...]:
        """What is to be executed."""
        project = Project(self.audit)
        return plan(project, read(project), self.claims).jobs

    @property
    def notebooks(self) -> list[str]:
        """The notebooks with parameters, in order."""
        return [str(self.inputs / f"{job.claim}.ipynb") for job in self.jobs]

    @property
    def scripts(self) -> list[str]:
        """The code of the same notebooks."""
        return [str(self.inputs / f"{job.claim}.py") for job in self.jobs]

    @property
    def environ(self) -> Mapping[str, str]:
        """The same for all: one thread of BLAS, this audit, products beside each other."""
        told = {VARIABLE: str(self.audit), OUTPUT: str(self.outputs)}
        inherited = {name: text for name, text in os.environ.items() if name not in NO_BYTECODE}
        return {**inherited, **environment(self.audit), **told, "NO_COLOR": "1"}

    def clear(self) -> None:
        """Take everything away that a run has made."""
        earlier = self.root / BEFORE / "build"
        for made in (self.audit / "build", self.outputs, self.root / "scratch", earlier):
            shutil.rmtree(made, ignore_errors=True)
            made.mkdir(parents=True)


def prepare(checkout: Path, root: Path, claims: Sequence[str]) -> Workspace:
    """Copy the inputs and write the notebooks in every form; costs no contender anything."""
    shutil.rmtree(root, ignore_errors=True)
    space = Workspace(root, tuple(claims))
    space.audit.mkdir(parents=True)
    space.inputs.mkdir()
    (root / BEFORE).mkdir()
    for origin, audit in ((checkout, space.audit), (STATE_BEFORE, root / BEFORE)):
        for name in INPUTS:
            source = origin / name
            copy = shutil.copytree if source.is_dir() else shutil.copy2
            copy(source, audit / name)
    for job in space.jobs:
        notebook = parameterize_notebook(
            papermill.iorw.load_notebook_node(str(job.notebook)), dict(job.parameters)
        )
        nbformat.write(notebook, space.inputs / f"{job.claim}.ipynb")
        code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
        (space.inputs / f"{job.claim}.py").write_text("\n\n".join(code) + "\n", encoding="utf-8")
    space.clear()
    return space
