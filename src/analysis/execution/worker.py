"""What a worker does: execute one notebook in a kernel of its own, and say what became of it."""

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
from analysis.execution.normalize import scrub
from analysis.execution.usage import Usage, measured
from analysis.project import OUTPUT, VARIABLE
from analysis.verdicts import results
from forkedkernels import protocol

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from analysis.execution.plan import Job


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What became of a job: a record or a failure."""

    job: Job
    seconds: float
    cpu: float | None = None  # seconds of the kernel, where they are told
    record: Mapping[str, Any] | None = None
    failure: Failure | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What a worker needs to know: plain values that travel between processes."""

    job: Job
    root: str
    staging: str
    timeout: float
    kernels: str = ""  # where they are forked


def work(task: Task) -> Result:
    """Execute one notebook in this process's own kernel. Runs in a worker."""
    began, kills = time.perf_counter(), memory_limits.kills()
    usage = Usage()
    failure = _papermill(task, Path(task.staging) / f"{task.job.claim}.ipynb", usage)
    seconds = round(time.perf_counter() - began, 3)
    if failure is None and task.job.recorded and not _record(task).exists():
        failure = no_record(task.job.claim)
    if failure is not None:
        if failure.kind == "kernel_died":
            failure = killed(failure, usage.code, starved=memory_limits.kills() != kills)
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
                kernel_manager_class=measured(usage),
                progress_bar=False,
                execution_timeout=task.timeout,
                save_each_cell=False,
                coalesce_streams=True,  # how a stream was cut is a matter of time
            )
            notebook = nbformat.read(output, as_version=4)
            scrub(notebook, {task.staging: "build", task.root: "."})
            output.write_text(nbformat.writes(notebook) + "\n", encoding="utf-8")
        except Exception as error:  # noqa: BLE001 - whatever a notebook raises is its failure
            return diagnose(task.job.claim, error, _so_far(output), task.timeout)
    return None


def _as_it_is(path: Path) -> str:
    """A path for papermill, which takes what stands in braces for a parameter."""
    return str(path).replace("{", "{{").replace("}", "}}")


def _so_far(output: Path) -> NotebookNode | None:
    """The notebook as far as it came; None where not even that could be written."""
    import nbformat

    try:
        return nbformat.read(output, as_version=4)
    except (OSError, ValueError, nbformat.reader.NotJSONError):
        return None


@contextmanager
def _environment(task: Task, folder: Path) -> Iterator[None]:
    """The kernel's environment: it is inherited, so it is set here and put back."""
    told = {
        **environment(Path(task.root)),
        "IPYTHONDIR": f"{folder}.ipython",  # its own and new: start-up files of a person do not run
        VARIABLE: task.root,
        OUTPUT: str(folder),
        protocol.ADDRESS_VARIABLE: task.kernels,
    }
    before = {name: os.environ.get(name) for name in told}
    os.environ.update(told)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
