"""The processes that work: as many as there are cores, and none of them left at the end."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager, suppress
from multiprocessing import get_context, parent_process, util
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import TYPE_CHECKING

from analysis import semaphores
from analysis.forked import folders
from analysis.running import kernels

if TYPE_CHECKING:
    from psutil import Process

    from analysis.project import Project


PAPERMILL = ("papermill", "analysis.forked.manager")


def pool(
    workers: int, project: Project, *, preload: Sequence[str] = PAPERMILL
) -> ProcessPoolExecutor:
    """So many worker processes; on Linux forked from one that has imported `preload`."""
    return ProcessPoolExecutor(
        workers,
        mp_context=semaphores.checked(_context(preload)),
        initializer=_begin,
        initargs=(kernels.log(project), dict(os.environ)),
    )


def _context(preload: Sequence[str]) -> BaseContext:
    """Clean processes: where forking is not safe, each imports for itself."""
    if sys.platform != "linux":
        return get_context("spawn")
    _short_addresses()
    context = get_context("forkserver")
    context.set_forkserver_preload(list(preload))
    return context


def _short_addresses() -> None:
    """Have multiprocessing make its folder, once in a process, where its sockets fit into one."""
    usual = tempfile.tempdir
    tempfile.tempdir = str(folders.roomy("pymp-"))
    try:
        util.get_temp_dir()
    finally:
        tempfile.tempdir = usual


def _begin(log: str, environ: Mapping[str, str]) -> None:
    """A worker leaves Ctrl-C to its parent, and what kernels say on the side goes to the log.

    Its environment is that of its parent now, not when the server of forks was started. It ends
    with its parent, even if that is killed: a queue that nobody fills would be waited on for ever.
    """
    threading.Thread(target=_end_with, args=[parent_process()], daemon=True).start()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.environ.clear()
    os.environ.update(environ)
    with Path(log).open("ab") as file:
        os.dup2(file.fileno(), 2)


def _end_with(parent: BaseProcess | None) -> None:
    if parent is not None:
        parent.join()
        os._exit(1)


@contextmanager
def ended(
    given: Executor | None,
    workers: int,
    project: Project,
    *,
    preload: Sequence[str] = PAPERMILL,
) -> Iterator[Executor]:
    """The caller's pool, or one of our own that ends with the run, at once if it is interrupted."""
    if given is not None:
        yield given
        return
    own = pool(workers, project, preload=preload)
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

    children = [each for each in psutil.Process().children(recursive=True) if not _tracks(each)]
    for child in children:
        with suppress(psutil.NoSuchProcess):
            child.kill()
    psutil.wait_procs(children, timeout=5)


def _tracks(child: Process) -> bool:
    """Whether this is multiprocessing's own keeper of semaphores.

    It ends with its parent by itself; if it is killed, the next one complains of what it missed.
    """
    import psutil

    with suppress(psutil.NoSuchProcess):
        return any("multiprocessing.resource_tracker" in word for word in child.cmdline())
    return True
