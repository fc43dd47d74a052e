"""What a command costs: seconds on the clock, seconds of processor, memory; with all it started."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

PR_SET_CHILD_SUBREAPER = (
    36  # of linux/prctl.h: orphans of a command become children of this process
)
GRACE = 10.0  # seconds that orphans have to end by themselves
PERIOD = 0.1  # seconds between two looks at the memory


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Of one run: wall and CPU seconds, and the peak of its proportional set size in MiB."""

    wall: float
    cpu: float
    mib: float | None = None


class CommandError(Exception):
    """A contender failed: its time says nothing."""


def adopt_orphans() -> None:
    """Have the processes that commands leave behind counted here, not lost to init."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def measure(
    command: Sequence[str],
    folder: Path,
    environ: Mapping[str, str],
    log: Path,
    *,
    memory: bool = False,
) -> Cost:
    """Run a command to its end, and everything that it started.

    Raises CommandError with the end of its output if it fails. `memory` looks ten times a second,
    which costs processor time: ask for it in a run of its own.
    """
    began = time.perf_counter()
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - the contenders are this benchmark's own
            command,
            cwd=folder,
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        watch = Watch(process.pid) if memory else None
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        cpu = usage.ru_utime + usage.ru_stime + _reap()
    peak = watch.end() if watch else None
    if process.returncode:
        tail = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
        message = f"{' '.join(command)[:200]} ended with {process.returncode}:\n{tail}"
        raise CommandError(message)
    return Cost(wall=wall, cpu=cpu, mib=peak)


def _reap() -> float:
    """CPU seconds of the orphans; one that stays is killed."""
    seconds, deadline = 0.0, time.monotonic() + GRACE
    while True:
        try:
            pid, _, usage = os.wait4(-1, os.WNOHANG)
        except ChildProcessError:
            return seconds
        if pid:
            seconds += usage.ru_utime + usage.ru_stime
        elif time.monotonic() > deadline:
            for child in psutil.Process().children():
                with suppress(ProcessLookupError):
                    os.kill(child.pid, signal.SIGKILL)
        else:
            time.sleep(0.01)


class Watch:
    """The memory of a process and its descendants, looked at in a thread until it ends."""

    def __init__(self, pid: int) -> None:
        self._root = psutil.Process(pid)
        self._peak = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look)
        self._thread.start()

    def _look(self) -> None:
        while not self._over.wait(PERIOD):
            self._peak = max(self._peak, self._sum())

    def _sum(self) -> int:
        """Proportional set sizes: a page that n processes share counts as one n-th for each."""
        total = 0
        with suppress(psutil.Error):
            for process in (self._root, *self._root.children(recursive=True)):
                with suppress(psutil.Error):
                    total += process.memory_full_info().pss
        return total

    def end(self) -> float:
        """The peak in MiB."""
        self._over.set()
        self._thread.join()
        return self._peak / 2**20
