"""Files as they were when they were read, and whether anyone has written to them since."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

Stamp = tuple[int, ...] | None  # None: there was no such file
Stamps = Mapping[str, Stamp]


class Reader:
    """Reads files, and remembers of each which state of it was read."""

    def __init__(self) -> None:
        self._stamps: dict[str, Stamp] = {}

    def read(self, path: Path) -> bytes:
        """The content of a file; OSError if it cannot be read."""
        self._stamps[str(path)] = None
        with path.open("rb") as file:
            # Taken before the content: what is written meanwhile counts as a later change.
            self._stamps[str(path)] = _stamp(os.fstat(file.fileno()))
            return file.read()

    def optional(self, path: Path) -> bytes:
        """The same, empty if there is no such file."""
        try:
            return self.read(path)
        except FileNotFoundError:
            return b""

    def forget(self, path: Path) -> None:
        """A file that has changed since somebody else read it: no state of it is the right one."""
        self._stamps[str(path)] = ()

    def stamps(self, paths: Iterable[Path]) -> dict[str, Stamp]:
        """What is remembered of these."""
        return {name: self._stamps[name] for name in map(str, paths) if name in self._stamps}


def stamp(path: Path) -> Stamp:
    """What no change leaves as it is: a change and its undoing, too, set the time of the inode."""
    try:
        return _stamp(path.stat())
    except OSError:
        return None


def written(stamps: Stamps) -> list[Path]:
    """The files that were written, replaced, made or removed since they were read."""
    return [Path(name) for name, before in stamps.items() if stamp(Path(name)) != before]


def _stamp(status: os.stat_result) -> Stamp:
    return (
        status.st_dev,
        status.st_ino,
        status.st_size,
        status.st_mtime_ns,
        status.st_ctime_ns,
    )
