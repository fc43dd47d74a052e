"""One run at a time in one checkout, one sweep over one set of parts, one build of the site."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from analysis.errors import ExecutionError
from analysis.project import writing

RUN_LOCK = ".lock"  # under build/


@contextmanager
def locked(path: Path, *, waiting: Callable[[str], None] | None = None) -> Iterator[None]:
    """Lock this file while the context is open.

    If another process has locked it, raise ExecutionError with its number; or call `waiting` with
    its number, and wait for its end.
    """
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("a+b", buffering=0)  # nothing is left to be written when it is closed
    with file:
        _lock(file, path, waiting)
        with writing(path):
            file.seek(0)
            file.truncate()
            file.write(str(os.getpid()).encode())
        yield


def _lock(file: Any, path: Path, waiting: Callable[[str], None] | None) -> None:
    try:
        import fcntl
    except ImportError:  # no such lock on Windows
        return
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.seek(0)
        holder = file.read().decode().strip() or "unknown"
        if waiting is not None:
            waiting(holder)
            fcntl.flock(file, fcntl.LOCK_EX)
            return
        message = (
            f"another command (process {holder}) is at work here;"
            " wait for its end (`claims run --wait` does), or stop it"
        )
        raise ExecutionError(message, file=str(path)) from None
