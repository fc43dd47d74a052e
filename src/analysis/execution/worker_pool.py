"""A pool of worker processes, one a core; all are terminated on exit."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError, Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from functools import partial
from multiprocessing import get_context, parent_process, util
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.execution import kernels, semaphores
from forkedkernels import folders

if TYPE_CHECKING:
    from psutil import Process

    from analysis.project import Project


PAPERMILL = ("papermill", "forkedkernels.manager")


def process_pool(
    workers: int, project: Project, *, preload: Sequence[str] = PAPERMILL
) -> ProcessPoolExecutor:
    """A pool of `workers` processes; on Linux forked from one that has imported `preload`."""
    return ProcessPoolExecutor(
        workers,
        mp_context=semaphores.checked(_context(preload)),
        initializer=_start_worker,
        initargs=(kernels.log(project), dict(os.environ)),
    )


class RestartingPool(Executor):
    """A process pool that is replaced when one of its workers dies.

    When one worker is killed, Python breaks the whole pool. A new pool replaces it, and each lost
    task is tried once more in a process of its own: the task that killed its worker then fails
    alone, with BrokenProcessPool.
    """

    def __init__(self, workers: int, project: Project, preload: Sequence[str]) -> None:
        self._make = partial(process_pool, project=project, preload=preload)
        self._workers = workers
        self._shared = self._make(workers)
        self._lock = threading.RLock()
        self._made = [self._shared]
        self._given_up = False

    def submit(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Submit a task; a broken pool is replaced first."""
        call = partial(function, *args, **kwargs)
        outcome: Future[Any] = Future()
        outcome.set_running_or_notify_cancel()
        self._begun(call).add_done_callback(lambda future: self._ended(future, call, outcome))
        return outcome

    def _begun(self, call: Callable[[], Any]) -> Future[Any]:
        with self._lock:
            try:
                return self._shared.submit(call)
            except BrokenProcessPool:
                self._shared = self._more(self._workers)
                return self._shared.submit(call)

    def _more(self, workers: int) -> ProcessPoolExecutor:
        self._made.append(made := self._make(workers))
        return made

    def _ended(self, future: Future[Any], call: Callable[[], Any], outcome: Future[Any]) -> None:
        with self._lock:
            if self._given_up or not isinstance(_fault(future), BrokenProcessPool):
                _hand_on(future, outcome)
                return
            alone = self._more(1).submit(call)
        alone.add_done_callback(lambda second: _hand_on(second, outcome))

    def give_up(self) -> None:
        """From now on, nothing is tried again."""
        with self._lock:
            self._given_up = True

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002
        """End all of them."""
        for each in self._made:
            each.shutdown(wait=wait, cancel_futures=cancel_futures)


def _fault(future: Future[Any]) -> BaseException | None:
    return CancelledError() if future.cancelled() else future.exception()


def _hand_on(future: Future[Any], outcome: Future[Any]) -> None:
    if fault := _fault(future):
        outcome.set_exception(fault)
    else:
        outcome.set_result(future.result())


def _context(preload: Sequence[str]) -> BaseContext:
    """A context that starts clean processes; where forking is unsafe, each imports for itself."""
    if sys.platform != "linux":
        return get_context("spawn")
    _short_addresses()
    context = get_context("forkserver")
    context.set_forkserver_preload(list(preload))
    return context


def _short_addresses() -> None:
    """Have multiprocessing make its folder, once in a process, where its sockets fit into one."""
    usual = tempfile.tempdir
    tempfile.tempdir = str(folders.short_parent("pymp-"))
    try:
        util.get_temp_dir()
    finally:
        tempfile.tempdir = usual


def _start_worker(log: str, environ: Mapping[str, str]) -> None:
    """Prepare a worker: ignore Ctrl-C, write stderr to the log, take the parent's environment.

    The environment is the parent's of now, not of the start of multiprocessing's fork server. The
    worker ends with its parent, even if that is killed: it would wait on an empty queue for ever.
    """
    threading.Thread(target=_exit_with, args=[parent_process()], daemon=True).start()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.environ.clear()
    os.environ.update(environ)
    with Path(log).open("ab") as file:
        os.dup2(file.fileno(), 2)


def _exit_with(parent: BaseProcess | None) -> None:
    if parent is not None:
        parent.join()
        os._exit(1)


@contextmanager
def running_pool(
    given: Executor | None,
    workers: int,
    project: Project,
    *,
    preload: Sequence[str] = PAPERMILL,
) -> Iterator[Executor]:
    """The caller's pool, or one of our own that ends with the run, at once on an interrupt."""
    if given is not None:
        yield given
        return
    own = RestartingPool(workers, project, preload)
    try:
        yield own
    except BaseException:
        own.give_up()
        end_children()
        raise
    finally:
        own.shutdown(wait=True, cancel_futures=True)


def end_children() -> None:
    """Kill every process that this one started, kernels included, and wait for their end.

    On Linux, the exit status of a direct child is left to who started it: multiprocessing starts a
    new fork server only if it can collect the status of the old one.
    """
    import psutil

    children = [each for each in psutil.Process().children(recursive=True) if not _tracks(each)]
    for child in children:
        with suppress(psutil.NoSuchProcess):
            child.kill()
    if sys.platform == "linux":
        own = [each for each in children if _ended_uncollected(each.pid)]
        children = [each for each in children if each not in own]
    psutil.wait_procs(children, timeout=5)


def _ended_uncollected(pid: int) -> bool:
    """Wait for the end of a direct child without collecting its status; False if it is none."""
    try:
        os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    except ChildProcessError:
        return False
    return True


def _tracks(child: Process) -> bool:
    """Whether this is multiprocessing's own keeper of semaphores.

    It ends with its parent by itself; if it is killed, the next one complains of what it missed.
    """
    import psutil

    with suppress(psutil.NoSuchProcess):
        return any("multiprocessing.resource_tracker" in word for word in child.cmdline())
    return True
