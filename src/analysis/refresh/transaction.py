"""Several files changed as one: staged whole, then a journal, then each into its place.

Until the journal stands nothing has happened; once it stands the change will happen, now or when
`recover` is called after a crash. One writer at a time, by a lock that dies with its holder.
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
_HELD = (errno.EACCES, errno.EAGAIN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A change that was decided: the sha256 of each file's new bytes, by path from the root."""

    files: Mapping[str, str]


@contextmanager
def locked(project: Project) -> Iterator[None]:
    """Hold the store. ProjectError if another refresh holds it, or the folder is read-only."""
    place = project.data / _LOCK
    try:
        handle = os.open(place, os.O_CREAT | os.O_RDWR, 0o644)
    except OSError as fault:
        told = f"the store cannot be locked: {fault.strerror}; nothing is changed: make the folder"
        raise ProjectError(f"{told} writable, or copy the audit", file=str(place)) from fault
    try:
        _hold(handle, place)
        yield
    finally:
        os.close(handle)


def _hold(handle: int, place: Path) -> None:
    try:
        import fcntl
    except ImportError:  # Windows: no lock, as docs/refreshing.md says
        return
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as fault:
        if fault.errno not in _HELD:
            raise
        told = "another refresh is at work; nothing is changed: wait for it, then try again"
        raise ProjectError(told, file=str(place)) from fault


def commit(project: Project, files: Mapping[str, bytes]) -> None:
    """Give these files their new bytes, all or none. The caller holds the lock."""
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
        told = "is no journal of a change: move the folder away and look at what it holds"
        raise DataError(told, file=project.show(place)) from fault
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
        told = "is not as the journal says: restore data/ from version control"
        raise DataError(told, file=project.show(path))
    return path.read_bytes()
