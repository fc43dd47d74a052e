"""Show the progress of a run: bars on a terminal, plain lines elsewhere."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, Self

from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from analysis.execution.styles import STYLES
from analysis.verdicts import wording

if TYPE_CHECKING:
    from rich.console import Console

    from analysis.execution.plan import Job
    from analysis.execution.stale import StaleJobs
    from analysis.execution.worker import Result
    from analysis.project import Project


class Bars(AbstractContextManager["Bars"]):
    """Progress on `console`: a bar for the run and a line per running claim, or plain lines."""

    def __init__(self, console: Console, workers: int) -> None:
        self.console = console
        self.workers = workers
        self.done = self.total = 0
        self.began = time.monotonic()
        self._tasks: dict[str, Any] = {}
        self._overall: Any = None
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("[dim]{task.fields[left]}"),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def begin(self, jobs: int) -> None:
        """A run of this many jobs begins."""
        self.done, self.total, self.began = 0, jobs, time.monotonic()
        self._overall = self._progress.add_task("all claims", total=jobs, left="")

    def start(self, job: Job) -> None:
        """A job was handed to a worker."""
        name = f"{job.claim} {job.title}" if job.recorded else job.title
        self._tasks[job.claim] = self._progress.add_task(escape(name), total=None, left="")

    def finish(self, result: Result) -> None:
        """A job ended: its line scrolls by, and the time left is estimated anew."""
        self.done += 1
        self._progress.remove_task(self._tasks.pop(result.job.claim))
        left = self.left()
        self._progress.update(self._overall, advance=1, left=left)
        _say(self.console, f"{self._count()} {_line(result)}{self._tail(left)}")

    def left(self) -> str:
        """The time left, from the pace so far; empty at the end."""
        if self.done == self.total:
            return ""
        seconds = (time.monotonic() - self.began) / self.done * (self.total - self.done)
        return f"about {duration(seconds)} left"

    def _count(self) -> str:
        width = len(str(self.total))
        return escape(f"[{self.done:>{width}}/{self.total}]")

    def _tail(self, left: str) -> str:
        return "" if self.console.is_terminal or not left else f", {left}"


def _line(result: Result) -> str:
    if result.failure:
        return f"[bold red]{result.job.claim:<4} FAILED[/] {escape(str(result.failure))}"
    if result.record is None:
        return f"{result.job.title}  {result.seconds:.1f} s"
    verdict = result.record["verdict"]
    code, latest = verdict["publication"]["code"], verdict["latest"]["code"]
    now = "" if code == latest else f" (latest: {latest})"
    style = STYLES.get(code, "cyan")
    finding = escape(wording.finding(result.record))
    return f"{result.job.claim:<4} [{style}]{code}[/]{now}  {finding}  {result.seconds:.1f} s"


def duration(seconds: float) -> str:
    """Seconds as a person says them.

    >>> duration(8.4), duration(95)
    ('8 s', '1 min 35 s')
    """
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def announce(console: Console, needed: StaleJobs, jobs: int, project: Project) -> None:
    """Say what is not run because it is up to date, and which outputs are damaged."""
    for name, reason in needed.reasons.items():
        for damage in reason.damaged:
            _say(console, escape(f"{name}: {damage}; it is made again"))
    if fresh := jobs - len(needed.jobs):
        length = needed.seconds(project, 1)
        known = "" if length is None else f", about {duration(length)} of work"
        _say(console, f"{fresh} of {jobs} claims are up to date; {len(needed.jobs)} to run{known}")


def summarize(
    console: Console,
    results: Sequence[Result],
    skipped: Mapping[str, str],
    seconds: float,
    where: str,
) -> None:
    """The closing summary: counts by verdict, where to look, what failed and why."""
    codes = Counter(
        result.record["verdict"]["publication"]["code"] for result in results if result.record
    )
    table = Table(box=None, show_header=False, pad_edge=False)
    for code, count in codes.most_common():
        table.add_row(f"[{STYLES.get(code, 'cyan')}]{code}", str(count))
    for reason, count in Counter(skipped.values()).most_common():
        table.add_row(f"[dim]{reason}", f"[dim]{count}")
    failures = [result.failure for result in results if result.failure]
    ran = sum(result.record is not None for result in results)
    claims = sum(result.job.recorded for result in results)
    what = f"{ran} of {claims} claims ran to a verdict" if claims else "all claims were up to date"
    console.print(f"\n[bold]{what}[/] in {duration(seconds)}")
    console.print(table)
    _say(
        console,
        f"figures: {where}/figures   notebooks: {where}/notebooks   records: {where}/records",
    )
    for failure in failures:
        _say(console, f"[bold red]failed[/] {escape(str(failure))}")
        for detail in filter(None, (failure.source, failure.stderr)):
            _say(console, f"[dim]{escape(detail)}[/]")


def _say(console: Console, text: str) -> None:
    """Print a line as it is: the terminal may wrap it, a log or a pipe gets it whole."""
    console.print(text, highlight=False, soft_wrap=True)
