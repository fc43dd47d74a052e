"""Run the jobs of a plan: papermill in worker processes, products moved whole or not at all."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import signal
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from multiprocessing import get_context
from multiprocessing.context import BaseContext
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from analysis import records
from analysis.errors import ExecutionError, ProjectError
from analysis.forked import wire
from analysis.project import OUTPUT, VARIABLE, Project
from analysis.running import durations, kernels
from analysis.running.failures import Failure, diagnose, no_record
from analysis.running.plan import Job, Plan
from analysis.running.scrub import scrub

if TYPE_CHECKING:
    from analysis.register import Register

TIMEOUT = 300.0  # seconds that one cell may take
ENVIRONMENT = {
    "OPENBLAS_NUM_THREADS": "1",  # equal sums on every machine, and two kernels share two cores
    "OMP_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
    "MPLBACKEND": "agg",
    "TZ": "UTC",
    "LC_ALL": "C.UTF-8",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",  # a warning of the debugger about frozen modules
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What became of a job: a record or a failure."""

    job: Job
    seconds: float
    record: Mapping[str, Any] | None = None
    failure: Failure | None = None


class Report(Protocol):
    """Who is told about the progress of a run."""

    def begin(self, jobs: int) -> None:
        """A run of so many jobs begins."""

    def start(self, job: Job) -> None:
        """A job was handed to a worker."""

    def finish(self, result: Result) -> None:
        """A job ended."""


def execute(
    plan: Plan,
    project: Project,
    report: Report,
    *,
    workers: int = 0,
    timeout: float = TIMEOUT,
    fail_fast: bool = False,
    cold: bool = False,
    pool: Executor | None = None,
) -> list[Result]:
    """Run every job and return the results in the plan's order.

    A job that fails does not stop the others, unless `fail_fast`. Products appear under the job's
    folder only when its notebook ended with a record. Kernels are forked from one process where
    that is safe, unless `cold`. `pool` is any Executor, perhaps on other machines, so its kernels
    are cold; by default as many processes as there are cores.
    """
    if not plan.jobs:
        return []
    workers = min(workers or os.cpu_count() or 1, len(plan.jobs))
    report.begin(len(plan.jobs))
    cold = cold or pool is not None
    jobs = durations.longest_first(plan.jobs, durations.read(project))
    with (
        locked(project),
        _staging(project) as staging,
        kernels.kernels(project, ENVIRONMENT, cold=cold) as address,
    ):
        tasks = {
            job.claim: _task(job, project, staging, timeout=timeout, address=address)
            for job in jobs
        }
        with _ended(pool, workers, project) as executor:
            results = dict(
                _run(jobs, tasks, executor, report, workers=workers, fail_fast=fail_fast)
            )
        return [results[job.claim] for job in plan.jobs if job.claim in results]


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What a worker needs to know: plain values that travel between processes."""

    job: Job
    root: str
    staging: str
    timeout: float
    kernels: str = ""  # where they are forked


def _task(job: Job, project: Project, staging: Path, *, timeout: float, address: str) -> Task:
    folder = staging / f"{job.claim}-{secrets.token_hex(3)}"
    return Task(
        job=job, root=str(project.root), staging=str(folder), timeout=timeout, kernels=address
    )


def _run(
    jobs: Sequence[Job],
    tasks: Mapping[str, Task],
    pool: Executor,
    report: Report,
    *,
    workers: int,
    fail_fast: bool,
) -> Iterator[tuple[str, Result]]:
    """Keep every worker busy; yield results as they come."""
    waiting = list(jobs)
    running: dict[Future[Result], Job] = {}
    while waiting or running:
        while waiting and len(running) < workers:
            job = waiting.pop(0)
            report.start(job)
            running[pool.submit(work, tasks[job.claim])] = job
        done, _ = wait(running, return_when=FIRST_COMPLETED)
        for future in done:
            result = _result(future, running.pop(future), tasks)
            report.finish(result)
            yield result.job.claim, result
            if fail_fast and result.failure:
                waiting.clear()


def _result(future: Future[Result], job: Job, tasks: Mapping[str, Task]) -> Result:
    try:
        result = future.result()
    except BrokenProcessPool:
        return _alone(job, tasks[job.claim])
    return _keep(result, Path(tasks[job.claim].staging))


def _alone(job: Job, task: Task) -> Result:
    """A second try in a process of its own, after another job may have brought down the pool."""
    with _pool(1, Project(Path(task.root))) as pool:
        try:
            result = pool.submit(work, task).result()
        except BrokenProcessPool:
            message = "the worker process died twice; it was killed or ran out of memory"
            failure = Failure(claim=job.claim, kind="worker_died", message=message)
            return Result(job=job, seconds=0.0, failure=failure)
    return _keep(result, Path(task.staging))


def _pool(workers: int, project: Project) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(
        workers,
        mp_context=_context(),
        initializer=_begin,
        initargs=(kernels.log(project), dict(os.environ)),
    )


def _context() -> BaseContext:
    """Clean processes; on Linux forked from one that has imported papermill for all of them."""
    if sys.platform != "linux":
        return get_context("spawn")
    context = get_context("forkserver")
    context.set_forkserver_preload(["papermill", "analysis.forked.manager"])
    return context


def _begin(log: str, environ: Mapping[str, str]) -> None:
    """A worker leaves Ctrl-C to its parent, and what kernels say on the side goes to the log.

    Its environment is that of its parent now, not when the server of forks was started.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.environ.clear()
    os.environ.update(environ)
    with Path(log).open("ab") as file:
        os.dup2(file.fileno(), sys.stderr.fileno())


def work(task: Task) -> Result:
    """Execute one notebook in this process's own kernel. Runs in a worker."""
    began = time.perf_counter()
    folder = Path(task.staging)
    folder.mkdir(parents=True, exist_ok=True)
    failure = _papermill(task, folder / f"{task.job.claim}.ipynb")
    seconds = round(time.perf_counter() - began, 3)
    written = folder / f"{task.job.claim}.json"
    if failure is None and task.job.recorded and not written.exists():
        failure = no_record(task.job.claim)
    if failure is not None:
        return Result(job=task.job, seconds=seconds, failure=replace(failure, seconds=seconds))
    record = records.read(written) if task.job.recorded else None
    return Result(job=task.job, seconds=seconds, record=record)


def _papermill(task: Task, output: Path) -> Failure | None:
    import nbformat
    import papermill
    from papermill.engines import papermill_engines

    from analysis.forked import engine

    papermill_engines.register(engine.NAME, engine.PromptEngine)
    notebook = None
    with _environment(task, output.parent):
        try:
            papermill.execute_notebook(
                task.job.notebook,
                output,
                parameters=dict(task.job.parameters),
                cwd=output.parent,
                kernel_name="python3",
                engine_name=engine.NAME,
                progress_bar=False,
                execution_timeout=task.timeout,
                save_each_cell=False,
                coalesce_streams=True,  # how a stream was cut is a matter of time
            )
        except Exception as error:  # noqa: BLE001 - whatever a notebook raises is its failure
            if output.exists():
                notebook = nbformat.read(output, as_version=4)
            return diagnose(task.job.claim, error, notebook, task.timeout)
    notebook = nbformat.read(output, as_version=4)
    output.write_text(
        nbformat.writes(scrub(notebook, {task.staging: "build", task.root: "."})) + "\n",
        encoding="utf-8",
    )
    return None


@contextmanager
def _environment(task: Task, folder: Path) -> Iterator[None]:
    """The kernel's environment: it is inherited, so it is set here and put back."""
    told = {
        **ENVIRONMENT,
        VARIABLE: task.root,
        OUTPUT: str(folder),
        wire.VARIABLE: task.kernels,
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


FOLDERS = {".ipynb": "notebooks", ".json": "records", ".trials.json": "trials"}


def _keep(result: Result, staging: Path) -> Result:
    """Move the products to their places; the record goes last, for it vouches for the others.

    Of a failure, only the notebook as far as it came and the diagnosis are kept, apart.
    """
    folder, failed = result.job.folder, result.job.folder / "failures"
    if result.failure:
        # A record of an earlier run vouches for what can no longer be made.
        (folder / "records" / f"{result.job.claim}.json").unlink(missing_ok=True)
        for notebook in staging.glob("*.ipynb"):
            _move(notebook, failed / notebook.name)
        records.write(failed / f"{result.job.claim}.json", result.failure.as_dict())
        return result
    for product in sorted(staging.iterdir(), key=lambda path: (path.suffixes == [".json"], path)):
        kind = "".join(product.suffixes)
        place = product.name.replace(kind, product.suffix) if kind in FOLDERS else product.name
        _move(product, folder / FOLDERS.get(kind, "figures") / place)
    for stale in failed.glob(f"{result.job.claim}.*"):
        stale.unlink()
    return result


def _move(product: Path, place: Path) -> None:
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        product.replace(place)
    except OSError as error:
        raise unwritable(place, error) from error


def unwritable(place: Path, error: OSError) -> ProjectError:
    """What to tell when a product cannot be put where it belongs."""
    message = f"cannot be written: {error.strerror}; make the folder writable, or free space"
    return ProjectError(message, file=str(place))


@contextmanager
def _staging(project: Project) -> Iterator[Path]:
    """A folder for half-made products, gone afterwards whatever happens."""
    folder = project.build / ".staging"
    try:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    except OSError as error:
        raise unwritable(folder, error) from error
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _ended(pool: Executor | None, workers: int, project: Project) -> Iterator[Executor]:
    """The caller's pool, or one of our own that ends with the run, at once if it is interrupted."""
    if pool is not None:
        yield pool
        return
    own = _pool(workers, project)
    try:
        yield own
    except BaseException:
        end_children()
        raise
    finally:
        own.shutdown(wait=True, cancel_futures=True)


def end_children() -> None:
    """Kill every process that this one started, kernels included, and wait for their end."""
    import psutil

    children = psutil.Process().children(recursive=True)
    for child in children:
        with suppress(psutil.NoSuchProcess):
            child.kill()
    psutil.wait_procs(children, timeout=5)


@contextmanager
def locked(project: Project) -> Iterator[None]:
    """One run at a time in one checkout; a second one is told who holds the lock."""
    path = project.build / ".lock"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("a+")
    except OSError as error:
        raise unwritable(path, error) from error
    with file:
        _lock(file, path)
        file.seek(0)
        file.truncate()
        file.write(str(os.getpid()))
        file.flush()
        yield


def _lock(file: Any, path: Path) -> None:
    try:
        import fcntl
    except ImportError:  # no such lock on Windows
        return
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.seek(0)
        holder = file.read().strip() or "unknown"
        message = f"another run (process {holder}) is at work here; wait for its end, or stop it"
        raise ExecutionError(message, file=str(path)) from None


def log(project: Project, results: list[Result]) -> None:
    """Append durations to the run log, which is the only place where times are kept."""
    folder = project.build / "log"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "run.jsonl").open("a", encoding="utf-8") as file:
        for result in results:
            outcome = result.failure.kind if result.failure else "recorded"
            entry = {"claim": result.job.claim, "seconds": result.seconds, "outcome": outcome}
            file.write(json.dumps(entry) + "\n")
    durations.remember(project, results)


def collect(project: Project, register: Register, plan: Plan) -> None:
    """Write build/results.json: the record of every claim that has one, and the inputs' hashes."""
    from analysis.catalog import Catalog

    found, read = {}, set()
    for job in plan.jobs:
        path = project.build / "records" / f"{job.claim}.json"
        if path.exists():
            found[job.claim] = records.read(path)
            read |= set(register.claims[job.claim].tables)
    catalog = Catalog.read(project)
    inputs = {name: catalog.sha256(name) for name in read}
    records.write(project.build / "results.json", records.published(register, found, inputs))
