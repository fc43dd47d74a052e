"""The standard streams of a process that was started with one of them closed."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

MODES = {"stdin": "r", "stdout": "w", "stderr": "w"}


def open_streams() -> None:
    """Open closed standard streams on /dev/null.

    Otherwise the next socket gets the number of one, and output for a person goes there.
    """
    for number, (name, mode) in enumerate(MODES.items()):
        try:
            os.fstat(number)
        except OSError:
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)  # noqa: FBT003 - its signature
            stream = open(number, mode, encoding="utf-8", closefd=False)  # noqa: SIM115
            for attribute in (name, f"__{name}__"):
                setattr(sys, attribute, getattr(sys, attribute) or stream)


def inherited(stream: Any) -> int | None:
    """The argument of Popen for this stream of `sys`: inherited, or DEVNULL where it was closed."""
    return subprocess.DEVNULL if stream is None else None
