"""What goes into a bundle: the audit, its outputs, and the library."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import analysis
import forkedkernels
from analysis.errors import ProjectError
from analysis.execution.plan import notebooks
from analysis.project import GLOSSARY, METHOD, SHIPPED

if TYPE_CHECKING:
    from analysis.project import Project

# Of the root, what is needed to read, to install and to run; `build` by what a run leaves there.
ROOT = (
    "CHANGELOG.md", "CITATION.cff", "LICENSE", "Makefile", "README.md", "claims.schema.json",
    "claims.yaml", "environment.yml", "pyproject.toml", "requirements.lock",
)  # fmt: skip
FOLDERS = ("claims", "data", "docs", "notebooks", "results")
OUTPUTS = ("figures", "notebooks", "records", "trials")
PACKAGES = (analysis, forkedkernels)  # what runs the notebooks
HIDDEN = ("__pycache__", ".ipynb_checkpoints", SHIPPED.name)


def collect(project: Project) -> dict[str, Path]:
    """Every file by its name in the bundle, in order. ProjectError where no whole run is left."""
    if not project.fresh.exists():
        message = "there is nothing to bundle: run `claims run` first"
        raise ProjectError(message, file=project.show(project.fresh))
    found = dict(_of(project))
    return {name: found[name] for name in sorted(found)}


def _of(project: Project) -> Iterator[tuple[str, Path]]:
    yield from notebooks(project).items()
    yield METHOD, project.document(METHOD)
    for name in (GLOSSARY, *ROOT):
        if (project.root / name).is_file():
            yield name, project.root / name
    yield project.show(project.fresh), project.fresh
    folders = [project.root / name for name in FOLDERS]
    for folder in [*folders, *(project.build / name for name in OUTPUTS)]:
        yield from _within(folder, project.show(folder))
    for package in PACKAGES:
        yield from _within(Path(package.__path__[0]), f"src/{package.__name__}")


def _within(folder: Path, shown: str) -> Iterator[tuple[str, Path]]:
    """The files of a folder, without caches and without what a link may lead to elsewhere."""
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        hidden = any(part in HIDDEN or part.startswith(".") for part in inside.parts)
        if path.is_file() and not path.is_symlink() and not hidden and path.suffix != ".pyc":
            yield f"{shown}/{inside.as_posix()}", path


def outputs_of(names: Iterable[str], claim: str) -> list[str]:
    """Those of the names that the run of a claim's notebook left under build/.

    >>> outputs_of(["build/figures/Z2.png", "build/trials/Z2.json", "build/trials/Z21.json"], "Z2")
    ['build/figures/Z2.png', 'build/trials/Z2.json']
    """
    wanted = {f"build/{folder}/{stem}" for folder in OUTPUTS for stem in (claim, f"{claim}-curve")}
    return [name for name in names if name.partition(".")[0] in wanted]
