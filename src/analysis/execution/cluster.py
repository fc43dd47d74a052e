"""The same jobs on other machines: an Executor over the workers of a dask scheduler.

Workers need this library from the same source, and nothing of the audit: its inputs travel to each
worker once, and products come back as bytes. A worker that dies loses only what it was doing; the
scheduler gives that to another one.
"""

from __future__ import annotations

import asyncio
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor, Future
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from distributed import Client, KilledWorker, WorkerPlugin, get_worker
from distributed.comm import connect

from analysis.errors import ExecutionError
from analysis.execution import cluster_files, kernels
from analysis.execution.environment import environment
from analysis.execution.failures import worker_died
from analysis.execution.inputs import library
from analysis.execution.worker import Result, Task, work

if TYPE_CHECKING:
    from analysis.project import Project

PLUGIN = "claims-audit"
PATIENCE = 10.0  # seconds for a scheduler to answer
_ONE = threading.Lock()  # the environment of a process is one: so is the notebook at work in it


class Bench(WorkerPlugin):
    """What a worker has at hand: the audit's inputs in a folder of its own, and forked kernels.

    Sent to every worker, also to one that joins later; taken away at the end of the run.
    """

    name = PLUGIN

    def __init__(self, parcel: bytes, *, cold: bool) -> None:
        self.parcel, self.label, self.cold = parcel, cluster_files.name(parcel), cold

    def setup(self, worker: Any) -> None:  # noqa: ARG002 - distributed's signature
        """Unpack and start the process that kernels are forked from."""
        self.ends = ExitStack()
        folder = Path(self.ends.enter_context(tempfile.TemporaryDirectory(prefix="claims-")))
        self.root = cluster_files.unpack(self.parcel, self.label, folder)
        forked = kernels.started(environment(self.root), cold=self.cold)
        self.kernels = self.ends.enter_context(forked)

    def teardown(self, worker: Any) -> None:  # noqa: ARG002
        """End every kernel and remove the folder."""
        self.ends.close()


class Remote(Executor):
    """Submits to the cluster, and puts what comes back where a local worker would have left it."""

    def __init__(self, client: Client, project: Project) -> None:
        self._executor = client.get_executor(pure=False)  # a run is no pure function
        self._project = project
        self._library = library()

    def submit(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """A task of a session goes to a worker with its paths made relative; others as they are."""
        if function is not work:
            return self._executor.submit(alike, self._library, function, *args, **kwargs)
        (task,) = args
        notebook = self._project.show(task.job.notebook)
        told: Future[Result] = Future()
        told.set_running_or_notify_cancel()
        sent = self._executor.submit(alike, self._library, away, task, notebook)
        sent.add_done_callback(lambda future: _arrive(future, task, told))
        return told

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002
        """Let go of the cluster; what still waits there is cancelled."""
        self._executor.shutdown(wait=wait and not cancel_futures)  # not to wait is to cancel


def alike(expected: Mapping[str, str], function: Callable[..., Any], *args: Any) -> Any:
    """Call a function on a worker, if its library is the expected one."""
    if differing := _differing(expected, library()):
        message = (
            f"the worker {get_worker().address} has another library than this machine: {differing}"
            " differ; install the same source there and start the worker again"
        )
        raise ExecutionError(message)
    return function(*args)


def away(task: Task, notebook: str) -> tuple[Result, dict[str, bytes]]:
    """Run a task on a worker; the result with the products' bytes."""
    bench = get_worker().plugins[PLUGIN]
    with _ONE, tempfile.TemporaryDirectory(prefix="claims-run-") as folder:
        staging = Path(folder) / Path(task.staging).name
        job = replace(task.job, notebook=bench.root / notebook)
        here = replace(
            task, job=job, root=str(bench.root), staging=str(staging), kernels=bench.kernels
        )
        result = work(here)
        products = {path.name: path.read_bytes() for path in sorted(staging.iterdir())}
    return result, products


def audit() -> Path:
    """Where the worker of a cluster that this code runs in has the audit's inputs."""
    return get_worker().plugins[PLUGIN].root


def _arrive(sent: Future[Any], task: Task, told: Future[Result]) -> None:
    """Hand on what a worker has sent, or what became of it."""
    try:
        result, products = sent.result()
        folder = Path(task.staging)
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in products.items():
            (folder / name).write_bytes(data)
        told.set_result(replace(result, job=task.job))
    except KilledWorker:
        told.set_result(Result(job=task.job, seconds=0.0, failure=worker_died(task.job.claim)))
    except BaseException as error:  # noqa: BLE001 - it belongs to whoever waits for the result
        told.set_exception(error)


async def _greeted(address: str) -> None:
    """Wait for the first words of a scheduler: dask itself would wait for them without end."""
    async with asyncio.timeout(PATIENCE):
        (await connect(address, timeout=PATIENCE)).abort()


def _differing(expected: Mapping[str, str], found: Mapping[str, str]) -> str:
    names = sorted(name for name in expected if found.get(name) != expected[name])
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""  # noqa: PLR2004 - a line
    return ", ".join(names[:3]) + more


@contextmanager
def connected(
    address: str, project: Project, *, cold: bool = False
) -> Iterator[tuple[Remote, int]]:
    """The cluster of the scheduler at `address`, ready to work, and how many work there.

    Raises ExecutionError if nobody answers, or nobody works there.
    """
    try:
        asyncio.run(_greeted(address))
        client = Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        message = f"no scheduler answers at {address}: start one with `dask scheduler`, workers"
        raise ExecutionError(f"{message} with `dask worker {address} --nthreads 1`") from error
    with client:
        workers = client.scheduler_info(n_workers=-1)["workers"]
        if not workers:
            message = f"the scheduler at {address} has no workers: start some"
            raise ExecutionError(f"{message} with `dask worker {address} --nthreads 1`")
        client.register_plugin(Bench(cluster_files.pack(project), cold=cold))
        remote = Remote(client, project)
        try:
            yield remote, len(workers)
        finally:
            remote.shutdown(wait=False, cancel_futures=True)
            client.unregister_worker_plugin(PLUGIN)
