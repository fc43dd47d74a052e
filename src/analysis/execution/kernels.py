"""The kernels of a run: forked from one process in which pandas and the figures are imported."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from analysis.methods import METHODS
from analysis.project import Project, writing
from forkedkernels.fork_server import start_fork_server


def preloads() -> tuple[str, ...]:
    """What every notebook imports sooner or later; none of it may have side effects."""
    acts = (
        "notebook.api",
        "verdicts.wording",
        "figures.specification_curve",
        "figures.save",
        "figures.style",
    )
    methods = (f"{package}.{name}" for name in METHODS for package in ("methods", "figures"))
    return (
        "pandas",
        "matplotlib.pyplot",
        "seaborn",
        "forkedkernels.warmup:matplotlib",
        "analysis.data.catalog:warm_up",
        "analysis.figures.svg:warm_up",
        *(f"analysis.{name}" for name in (*acts, *methods)),
    )


def log(project: Project) -> str:
    """The file that takes what kernels and workers say on the side."""
    path = project.build / "log" / "kernels.log"
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    return str(path)


@contextmanager
def kernels(project: Project, environ: Mapping[str, str], *, cold: bool) -> Iterator[str]:
    """Where kernels are forked during a run; empty if they are to be started one by one."""
    with (
        Path(log(project)).open("ab") as file,
        started(environ, cold=cold, log=file) as address,
    ):
        yield address


@contextmanager
def started(
    environ: Mapping[str, str], *, cold: bool, log: IO[bytes] | None = None
) -> Iterator[str]:
    """The same without a project: what is said on the side goes to `log`."""
    if cold:
        yield ""
        return
    with start_fork_server(preloads(), environ={**os.environ, **environ}, log=log) as address:
        yield address
