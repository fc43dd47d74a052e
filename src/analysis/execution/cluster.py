"""An Executor over the workers of a dask scheduler, to run the same jobs on other machines.

Workers need this library from the same source. The audit's inputs are sent to each worker once, and
outputs come back as bytes. When a worker dies, the scheduler gives its task to another one.
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
from distributed.comm.core import connect

from analysis.errors import ExecutionError
from analysis.execution import cluster_files, kernels
from analysis.execution.environment import environment
from analysis.execution.failures import worker_died
from analysis.execution.inputs import library
from analysis.execution.worker import Result, Task, work

if TYPE_CHECKING:
    from analysis.project import Project

PLUGIN = "claims-audit"
CONNECT_TIMEOUT = 10.0  # seconds for a scheduler to answer
_ENVIRONMENT_LOCK = (
    threading.Lock()
)  # a process has one environment, so it runs one notebook at a time


class AuditPlugin(WorkerPlugin):
    """Unpacks the audit's inputs on a worker and starts its fork server.

    It reaches every worker, also one that joins later, and is removed at the end of the run.
    """

    name = PLUGIN

    def __init__(self, archive: bytes, *, cold: bool) -> None:
        self.archive, self.label, self.cold = archive, cluster_files.archive_name(archive), cold

    def setup(self, worker: Any) -> None:  # noqa: ARG002 - distributed's signature
        """Unpack and start the process that kernels are forked from."""
        self.ends = ExitStack()
        folder = Path(self.ends.enter_context(tempfile.TemporaryDirectory(prefix="claims-")))
        self.root = cluster_files.unpack(self.archive, self.label, folder)
        forked = kernels.started(environment(self.root), cold=self.cold)
        self.kernels = self.ends.enter_context(forked)

    def teardown(self, worker: Any) -> None:  # noqa: ARG002
        """End every kernel and remove the folder."""
        self.ends.close()


class ClusterExecutor(Executor):
    """Submits tasks to the cluster and writes their outputs where a local worker would."""

    def __init__(self, client: Client) -> None:
        self._executor: Executor = client.get_executor(pure=False)  # a run is no pure function
        self._library = library()

    def submit(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Submit a call; the paths of a session's task are made relative first."""
        if function is not work:
            return self._executor.submit(call_checked, self._library, function, *args, **kwargs)
        (task,) = args
        outcome: Future[Result] = Future()
        outcome.set_running_or_notify_cancel()
        sent = self._executor.submit(call_checked, self._library, run_remotely, task)
        sent.add_done_callback(lambda future: _deliver(future, task, outcome))
        return outcome

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002
        """Leave the cluster and cancel waiting tasks."""
        self._executor.shutdown(wait=wait and not cancel_futures)  # not to wait is to cancel


def call_checked(expected: Mapping[str, str], function: Callable[..., Any], *args: Any) -> Any:
    """Call a function on a worker, if its library is the expected one."""
    if differing := _differing(expected, library()):
        message = (
            f"the worker {get_worker().address} has another library than this machine: {differing}"
            " differ; install the same source there and start the worker again"
        )
        raise ExecutionError(message)
    return function(*args)


def run_remotely(task: Task) -> tuple[Result, dict[str, bytes]]:
    """Run a task on a worker; the result with the bytes of its outputs."""
    plugin = _plugin()
    with _ENVIRONMENT_LOCK, tempfile.TemporaryDirectory(prefix="claims-run-") as folder:
        staging = Path(folder) / Path(task.staging).name
        job = replace(task.job, notebook=plugin.root / task.job.notebook_name)
        local_task = replace(
            task, job=job, root=str(plugin.root), staging=str(staging), kernels=plugin.kernels
        )
        result = work(local_task)
        outputs = {path.name: path.read_bytes() for path in sorted(staging.iterdir())}
    return result, outputs


def worker_root() -> Path:
    """The folder of the audit's inputs on the cluster worker that runs this code."""
    return _plugin().root


def _plugin() -> AuditPlugin:
    """The plugin that has unpacked the audit's inputs on this worker."""
    plugin = get_worker().plugins[PLUGIN]
    if not isinstance(plugin, AuditPlugin):
        message = f"the worker's plugin {PLUGIN} is {type(plugin).__name__}, not AuditPlugin"
        raise TypeError(message)
    return plugin


def _deliver(sent: Future[Any], task: Task, outcome: Future[Result]) -> None:
    """Write the outputs that a worker has sent, or pass on its failure."""
    try:
        result, outputs = sent.result()
        folder = Path(task.staging)
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in outputs.items():
            (folder / name).write_bytes(data)
        outcome.set_result(replace(result, job=task.job))
    except KilledWorker:
        outcome.set_result(Result(job=task.job, seconds=0.0, failure=worker_died(task.job.claim)))
    except BaseException as error:  # noqa: BLE001 - it belongs to whoever waits for the result
        outcome.set_exception(error)


async def _check_scheduler(address: str) -> None:
    """Wait until a scheduler answers: dask itself would wait without end."""
    async with asyncio.timeout(CONNECT_TIMEOUT):
        (await connect(address, timeout=CONNECT_TIMEOUT)).abort()


def _differing(expected: Mapping[str, str], found: Mapping[str, str]) -> str:
    names = sorted(name for name in expected if found.get(name) != expected[name])
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""  # noqa: PLR2004 - a line
    return ", ".join(names[:3]) + more


@contextmanager
def connected(
    address: str, project: Project, *, cold: bool = False
) -> Iterator[tuple[ClusterExecutor, int]]:
    """The cluster of the scheduler at `address`, ready to work, and how many work there.

    Raises ExecutionError if nobody answers, or nobody works there.
    """
    try:
        asyncio.run(_check_scheduler(address))
        client = Client(address, timeout=CONNECT_TIMEOUT, set_as_default=False)
    except (OSError, ValueError) as error:
        message = f"no scheduler answers at {address}: start one with `dask scheduler`, workers"
        raise ExecutionError(f"{message} with `dask worker {address} --nthreads 1`") from error
    with client:
        workers = client.scheduler_info(n_workers=-1)["workers"]
        if not workers:
            message = f"the scheduler at {address} has no workers: start some"
            raise ExecutionError(f"{message} with `dask worker {address} --nthreads 1`")
        client.register_plugin(AuditPlugin(cluster_files.pack(project), cold=cold))
        remote = ClusterExecutor(client)
        try:
            yield remote, len(workers)
        finally:
            remote.shutdown(wait=False, cancel_futures=True)
            client.unregister_worker_plugin(PLUGIN)
