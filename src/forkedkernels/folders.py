"""Private folders for Unix sockets, with paths short enough for a socket address."""

from __future__ import annotations

import tempfile
from pathlib import Path

MAX_SOCKET_PATH = 107  # bytes on Linux; 103 on macOS
_RESERVED = 40  # bytes for a folder and a file below


def short_parent(name: str = "", inside: Path | None = None) -> Path:
    """The parent for a temporary folder: `inside` if it exists, else the default one.

    /tmp if the path of a socket in a folder called `name` would be too long there.
    """
    parent = inside if inside is not None and inside.is_dir() else Path(tempfile.gettempdir())
    fits = len(str(parent).encode()) + len(name) + _RESERVED <= MAX_SOCKET_PATH
    return parent if fits else Path("/tmp")  # noqa: S108 - mkdtemp is safe there


def private(prefix: str, inside: Path | None = None) -> Path:
    """A new folder with mode 0700, in `inside` if that still exists and has a short path."""
    return Path(tempfile.mkdtemp(prefix=prefix, dir=short_parent(prefix, inside)))
