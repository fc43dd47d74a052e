"""Private folders for sockets: only their owner may enter, and their path fits into an address."""

from __future__ import annotations

import tempfile
from pathlib import Path

LONGEST = 107  # bytes of a Unix socket's path on Linux; 103 on macOS
_ROOM = 40  # for a folder and a file below


def roomy(name: str = "", inside: Path | None = None) -> Path:
    """Where temporary files go: `inside` if that still exists, else the usual folder.

    Where a socket in a folder of this name there would have too long an address: /tmp.
    """
    parent = inside if inside is not None and inside.is_dir() else Path(tempfile.gettempdir())
    fits = len(str(parent).encode()) + len(name) + _ROOM <= LONGEST
    return parent if fits else Path("/tmp")  # noqa: S108 - mkdtemp is safe there


def private(prefix: str, inside: Path | None = None) -> Path:
    """A new folder with mode 0700, in `inside` if that still exists and has a short path."""
    return Path(tempfile.mkdtemp(prefix=prefix, dir=roomy(prefix, inside)))
