"""Execute one notebook in a kernel of its own and return its record or failure."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.execution import memory_limits
from analysis.execution.environment import environment
from analysis.execution.failures import Failure, diagnose, killed, no_record
from analysis.execution.normalize import normalize
from analysis.execution.usage import Usage, measuring_manager
from analysis.project import OUTPUT, VARIABLE
from analysis.verdicts import results
from forkedkernels import protocol

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from analysis.execution.plan import Job


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The result of a job: a record or a failure."""

    job: Job
    seconds: float
    cpu: float | None = None  # seconds of the kernel, where known
    record: Mapping[str, Any] | None = None
    failure: Failure | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """The input of a worker: plain values that travel between processes."""

    job: Job
    root: str
    staging: str
    timeout: float
    kernels: str = ""  # address of the fork server; empty for cold kernels


def work(task: Task) -> Result:
    """Execute one notebook in this process's own kernel. Runs in a worker."""
    began, oom_kills = time.perf_counter(), memory_limits.oom_kills()
    usage = Usage()
    failure = _papermill(task, Path(task.staging) / f"{task.job.claim}.ipynb", usage)
    seconds = round(time.perf_counter() - began, 3)
    if failure is None and task.job.recorded and not _record(task).exists():
        failure = no_record(task.job.claim)
    if failure is not None:
        if failure.kind == "kernel_died":
            failure = killed(failure, usage.code, starved=memory_limits.oom_kills() != oom_kills)
        failure = replace(failure, seconds=seconds, peak_bytes=usage.peak)
    record = results.read(_record(task)) if task.job.recorded and failure is None else None
    return Result(job=task.job, seconds=seconds, cpu=usage.cpu, record=record, failure=failure)


def _record(task: Task) -> Path:
    return Path(task.staging) / f"{task.job.claim}.json"


def _papermill(task: Task, output: Path, usage: Usage) -> Failure | None:
    import nbformat
    import papermill
    from papermill.engines import papermill_engines

    from forkedkernels import engine

    papermill_engines.register(engine.NAME, engine.PromptEngine)
    with _environment(task, output.parent):
        try:
            output.parent.mkdir(parents=True, exist_ok=True)
            papermill.execute_notebook(
                _as_it_is(task.job.notebook),
                _as_it_is(output),
                parameters=dict(task.job.parameters),
                cwd=output.parent,
                kernel_name="python3",
                engine_name=engine.NAME,
                kernel_manager_class=measuring_manager(usage),
                progress_bar=False,
                execution_timeout=task.timeout,
                save_each_cell=False,
                coalesce_streams=True,  # how a stream was cut is a matter of time
            )
            notebook = nbformat.read(output, as_version=4)
            normalize(notebook, {task.staging: "build", task.root: "."})
            output.write_text(nbformat.writes(notebook) + "\n", encoding="utf-8")
        except Exception as error:  # noqa: BLE001 - whatever a notebook raises is its failure
            return diagnose(task.job.claim, error, _so_far(output), task.timeout)
    return None


def _as_it_is(path: Path) -> str:
    """A path for papermill, which reads text in braces as a parameter."""
    return str(path).replace("{", "{{").replace("}", "}}")


def _so_far(output: Path) -> NotebookNode | None:
    """The notebook as far as it came; None where not even that could be written."""
    import nbformat

    try:
        notebook: NotebookNode = nbformat.read(output, as_version=4)
    except (OSError, ValueError, nbformat.reader.NotJSONError):
        return None
    return notebook


@contextmanager
def _environment(task: Task, folder: Path) -> Iterator[None]:
    """Set the environment that the kernel inherits, and restore it on exit."""
    variables = {
        **environment(Path(task.root)),
        "IPYTHONDIR": f"{folder}.ipython",  # its own and new: start-up files of a person do not run
        VARIABLE: task.root,
        OUTPUT: str(folder),
        protocol.ADDRESS_VARIABLE: task.kernels,
    }
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
