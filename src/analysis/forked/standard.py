"""The standard streams of a process that was started with one of them closed."""

from __future__ import annotations

import os
import sys

MODES = {"stdin": "r", "stdout": "w", "stderr": "w"}


def open_streams() -> None:
    """Open those of the standard streams that are closed, on nothing.

    Otherwise the next socket gets the number of one, and what is meant for a person goes there.
    """
    for number, (name, mode) in enumerate(MODES.items()):
        try:
            os.fstat(number)
        except OSError:
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)  # noqa: FBT003 - its signature
        if getattr(sys, name) is None:
            stream = open(number, mode, encoding="utf-8", closefd=False)  # noqa: PTH123, SIM115
            setattr(sys, name, stream)
