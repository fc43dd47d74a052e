"""Replace several files as one transaction: stage them, write a journal, move each into place.

Before the journal exists nothing has changed; afterwards the change is completed, now or by
`recover` after a crash. A file lock admits one writer; it ends with the process.
"""

import errno
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from analysis.data.checksums import digest
from analysis.errors import DataError, ProjectError
from analysis.project import Project, write_atomically

STAGING = "data/.staging"
_JOURNAL = "journal.json"
_LOCK = ".refresh.lock"
_LOCKED_ERRNOS = (errno.EACCES, errno.EAGAIN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A committed change: the sha256 of each file's new bytes, by path from the root."""

    files: Mapping[str, str]


@contextmanager
def locked(project: Project) -> Iterator[None]:
    """Lock data/. Raises ProjectError if another refresh has the lock or data/ is read-only."""
    place = project.data / _LOCK
    try:
        handle = os.open(place, os.O_CREAT | os.O_RDWR, 0o644)
    except OSError as fault:
        message = (
            f"the store cannot be locked: {fault.strerror}; nothing is changed: make the folder"
        )
        raise ProjectError(f"{message} writable, or copy the audit", file=str(place)) from fault
    try:
        _lock(handle, place)
        yield
    finally:
        os.close(handle)


def _lock(handle: int, place: Path) -> None:
    try:
        import fcntl
    except ImportError:  # Windows: no lock, as docs/refreshing.md says
        return
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as fault:
        if fault.errno not in _LOCKED_ERRNOS:
            raise
        message = "another refresh is at work; nothing is changed: wait for it, then try again"
        raise ProjectError(message, file=str(place)) from fault


def commit(project: Project, files: Mapping[str, bytes]) -> None:
    """Give these files their new bytes, all or none. The caller has the lock."""
    recover(project)
    staging = project.root / STAGING
    try:
        for number, name in enumerate(files):
            write_atomically(staging / f"{number}", files[name])
        content = {name: digest(data) for name, data in files.items()}
        write_atomically(staging / _JOURNAL, json.dumps(content))
    except BaseException:
        if not (staging / _JOURNAL).exists():
            shutil.rmtree(staging, ignore_errors=True)
        raise
    recover(project)


def pending(project: Project) -> Pending | None:
    """The change that a crash interrupted after it was decided. DataError if it is unreadable."""
    place = project.root / STAGING / _JOURNAL
    try:
        found: Any = json.loads(place.read_text())
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as fault:
        message = "is no journal of a change: move the folder away and look at its content"
        raise DataError(message, file=project.show(place)) from fault
    for name in found:
        if ".." in PurePosixPath(name).parts or not name.startswith("data/"):
            raise DataError(f"names '{name}', outside data/", file=project.show(place))
    return Pending(files=found)


def recover(project: Project) -> tuple[str, ...]:
    """Finish a decided change, or clear one that was not; the files that it put into place."""
    staging = project.root / STAGING
    found = pending(project)
    done = []
    for number, (name, sha256) in enumerate(found.files.items() if found else ()):
        target = project.root / name
        if _is(target, sha256):
            continue
        write_atomically(target, _staged(staging / f"{number}", sha256, project))
        done.append(name)
    with suppress(FileNotFoundError):
        (staging / _JOURNAL).unlink()
    shutil.rmtree(staging, ignore_errors=True)
    return tuple(done)


def _is(path: Path, sha256: str) -> bool:
    try:
        return digest(path.read_bytes()) == sha256
    except FileNotFoundError:
        return False


def _staged(path: Path, sha256: str, project: Project) -> bytes:
    if not _is(path, sha256):
        message = "is not as the journal says: restore data/ from version control"
        raise DataError(message, file=project.show(path))
    return path.read_bytes()
