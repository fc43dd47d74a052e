"""One run at a time in one checkout, one sweep at a time over one set of parts."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from analysis.errors import ExecutionError
from analysis.project import writing

RUN_LOCK = ".lock"  # under build/


@contextmanager
def locked(path: Path, *, patient: bool = False) -> Iterator[None]:
    """Lock this file while the context is open.

    If another process has locked it, wait if `patient`; else raise ExecutionError with its number.
    """
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("a+b", buffering=0)  # nothing is left to be written when it is closed
    with file:
        _lock(file, path, patient=patient)
        with writing(path):
            file.seek(0)
            file.truncate()
            file.write(str(os.getpid()).encode())
        yield


def _lock(file: Any, path: Path, *, patient: bool) -> None:
    try:
        import fcntl
    except ImportError:  # no such lock on Windows
        return
    try:
        fcntl.flock(file, fcntl.LOCK_EX | (0 if patient else fcntl.LOCK_NB))
    except BlockingIOError:
        file.seek(0)
        holder = file.read().decode().strip() or "unknown"
        message = (
            f"another command (process {holder}) is at work here;"
            " wait for its end (`claims run --wait` does), or stop it"
        )
        raise ExecutionError(message, file=str(path)) from None
