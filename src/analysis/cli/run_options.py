"""The options of `claims run` and of the commands that run claims first."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

JOBS = click.option(
    "-j", "--jobs", type=click.IntRange(min=1), help="Number of parallel workers [cores]."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """How to run, from the command line."""

    jobs: int | None = None
    timeout: float = 300.0
    fail_fast: bool = False
    cold: bool = False
    force: bool = False
    wait: bool = False
    dry_run: bool = False
    quiet: bool = False
    verbose: bool = False
    memory_limit: str | None = None
    cluster: str | None = None


def options(command: Any) -> Any:
    """The options of `run` and `check`."""
    for option in (
        click.option(
            "--wait", is_flag=True, help="Wait until another run in this folder has ended."
        ),
        click.option("--force", is_flag=True, help="Run claims that are up to date, too."),
        click.option(
            "--cold", is_flag=True, help="Start a new process for each kernel; do not fork."
        ),
        click.option("--fail-fast", is_flag=True, help="Start nothing after the first failure."),
        click.option("--cluster", metavar="ADDRESS", help="Address of a dask scheduler to run on."),
        click.option("--memory-limit", metavar="SIZE", help="Memory limit of a kernel, e.g. 2G."),
        click.option(
            "--timeout",
            type=click.FloatRange(min=0, min_open=True),
            default=300.0,
            show_default=True,
            help="Time limit of a cell in seconds.",
        ),
        JOBS,
        click.option("-v", "--verbose", is_flag=True, help="Say why each claim runs."),
        click.option("-q", "--quiet", is_flag=True, help="Print failures and nothing else."),
    ):
        command = option(command)
    return command


@dataclass(frozen=True, slots=True, kw_only=True)
class Another:
    """Parameters, reading and vintage in place of the registered ones."""

    changes: tuple[str, ...] = ()
    file: Path | None = None
    reading: str = ""
    vintage: str = "publication"

    def __bool__(self) -> bool:
        return self != Another()
