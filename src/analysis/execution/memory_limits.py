"""A limit of memory for kernels, where the system enforces one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from analysis.errors import ParameterError, clip

UNITS = {"": 1, "K": 2**10, "M": 2**20, "G": 2**30, "T": 2**40}
MIN_BYTES = 2**28  # about the use of a kernel that has imported pandas and matplotlib
MAX_BYTES = 2**60
OOM_COUNTERS = (
    Path("/sys/fs/cgroup/memory.events"),  # cgroup v2: "oom_kill 3" on a line
    Path("/sys/fs/cgroup/memory/memory.oom_control"),  # v1: the same
)


def parse_size(text: str) -> int:
    """Bytes, from a number with K, M, G or T behind it.

    >>> parse_size("2G"), parse_size("1.5 g"), parse_size("600MiB")
    (2147483648, 1610612736, 629145600)
    """
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([KMGT]?)(?:i?B)?\s*", text, re.IGNORECASE)
    if not found:
        raise ParameterError(f"{clip(text)!r} is not a size of memory; give one such as 2G or 800M")
    limit = float(found[1]) * UNITS[found[2].upper()]
    if limit < MIN_BYTES:
        message = f"{text!r} is too little: a kernel needs {MIN_BYTES >> 20}M before its first cell"
        raise ParameterError(message)
    if limit > MAX_BYTES:
        message = f"{clip(text)!r} is more than any machine has; give a size such as 2G or 800M"
        raise ParameterError(message)
    return int(limit)


@contextmanager
def limited_memory(limit: int | None) -> Iterator[None]:
    """Limit each process started inside to this many bytes of private, writable memory.

    This is RLIMIT_DATA: unlike RLIMIT_AS it does not count what forked kernels share with the files
    they map. An allocation beyond it raises MemoryError in the notebook.
    """
    if limit is None:
        yield
        return
    try:
        import resource
    except ImportError as error:  # Windows
        message = "--memory-limit: this system has no limit of the kind (RLIMIT_DATA)"
        raise ParameterError(message) from error
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    own = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (own, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def oom_kills() -> int | None:
    """How often the system has killed a process of this cgroup for memory; None if unknown."""
    for path in OOM_COUNTERS:
        with suppress(OSError):
            found = re.search(r"^oom_kill (\d+)$", path.read_text(encoding="ascii"), re.MULTILINE)
            if found:
                return int(found[1])
    return None
