"""How far a sweep is: a bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import time
from contextlib import AbstractContextManager
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

REPORT_SECONDS = 10.0  # seconds between two lines


class Meter(AbstractContextManager["Meter"]):
    """Counts numbers of a grid, beginning with those of chunks that were there already."""

    def __init__(self, total: int, kept: int, size: int) -> None:
        self.total, self.done = total, min(kept * size, total)
        self.console = Console(stderr=True)
        self.reported = time.monotonic()
        self._kept = self.done
        columns = (TextColumn("specifications"), BarColumn(), MofNCompleteColumn())
        self._bar = Progress(
            *columns,
            TimeRemainingColumn(),
            console=self.console,
            transient=True,
            disable=not self.console.is_terminal,
        )
        self._task = self._bar.add_task("", total=total, completed=self.done)

    def __enter__(self) -> Self:
        if self._kept:
            self.console.print(f"{self._kept:,} of {self.total:,} were computed before")
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def advance(self, count: int) -> None:
        """Count this many numbers as done."""
        self.done += count
        self._bar.advance(self._task, count)
        if not self.console.is_terminal and time.monotonic() - self.reported > REPORT_SECONDS:
            self.reported = time.monotonic()
            self.console.print(f"{self.done:,} of {self.total:,} ({self.done / self.total:.0%})")
