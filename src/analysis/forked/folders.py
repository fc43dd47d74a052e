"""Private folders for sockets: only their owner may enter, and their path fits into an address."""

from __future__ import annotations

import tempfile
from pathlib import Path

LONGEST = 107  # bytes of a Unix socket's path on Linux; 103 on macOS
_ROOM = 40  # for a folder and a file below


def private(prefix: str, inside: Path | None = None) -> Path:
    """A new folder with mode 0700, in `inside` if that still exists, else where temporary ones go.

    A path that would not fit into a socket's address is replaced by one under /tmp.
    """
    parent = inside if inside is not None and inside.is_dir() else Path(tempfile.gettempdir())
    if len(str(parent).encode()) + len(prefix) + _ROOM > LONGEST:
        parent = Path("/tmp")  # noqa: S108 - mkdtemp is safe there
    return Path(tempfile.mkdtemp(prefix=prefix, dir=parent))
