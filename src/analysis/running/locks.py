"""One run at a time in one checkout."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.errors import ExecutionError
from analysis.running.products import unwritable

if TYPE_CHECKING:
    from analysis.project import Project


@contextmanager
def locked(project: Project, *, patient: bool = False) -> Iterator[None]:
    """Hold the checkout. Another holder is waited for if `patient`, else named in an error."""
    path = project.build / ".lock"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("a+")
    except OSError as error:
        raise unwritable(path, error) from error
    with file:
        _lock(file, path, patient=patient)
        file.seek(0)
        file.truncate()
        file.write(str(os.getpid()))
        file.flush()
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
        holder = file.read().strip() or "unknown"
        message = (
            f"another run (process {holder}) is at work here;"
            " wait for its end (--wait does), or stop it"
        )
        raise ExecutionError(message, file=str(path)) from None
