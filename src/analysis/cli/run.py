"""`claims run`: execute the notebooks that are not up to date."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from analysis.cli import audit
from analysis.cli.audit import NAMES
from analysis.cli.plan import warn_of_versions

if TYPE_CHECKING:
    from rich.console import Console

    from analysis.claims.registry import Register
    from analysis.execution.execute import Session
    from analysis.execution.inputs import InputHashes
    from analysis.execution.plan import Plan
    from analysis.execution.stale import StaleJobs
    from analysis.project import Project


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How to run, from the command line."""

    jobs: int | None = None
    timeout: float = 300.0
    fail_fast: bool = False
    cold: bool = False
    force: bool = False
    wait: bool = False
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
        click.option(
            "-j",
            "--jobs",
            type=click.IntRange(min=1),
            help="Number of parallel workers [cores].",
        ),
    ):
        command = option(command)
    return command


@click.command()
@NAMES
@click.option(
    "-p",
    "--parameter",
    "changes",
    multiple=True,
    metavar="NAME=VALUE",
    help="Replace a registered parameter (one claim only); structures as JSON.",
)
@click.option("--reading", default="", help="Use this reading in place of the literal one.")
@click.option(
    "--vintage",
    type=click.Choice(["publication", "latest"]),
    default="publication",
    help="Evidence that the figure shows.",
)
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DAY",
    help="Judge with what was public by this day; run no notebook.",
)
@options
@click.pass_context
def run(
    context: click.Context,
    /,
    *,
    names: tuple[str, ...],
    changes: tuple[str, ...],
    reading: str,
    vintage: str,
    as_of: datetime | None,
    **given: Any,
) -> None:
    """Execute the notebooks whose inputs changed; leave figures and records under build/.

    \b
    claims run                               every claim that is not up to date
    claims run ID ID                         two of them
    claims run ID --force                    even if nothing has changed
    claims run --cluster tcp://host:8786     on the workers of a dask scheduler
    claims run ID -p reporter=mirror         another choice, in build/variants/
    claims run ID -p 'where={"year": 2022}'  a structure is given as JSON
    claims run ID --reading lenient          as if this reading were the literal
    claims run --as-of 2024-06-30            every verdict as of another day

    Why a claim would run again: `claims why ID`.
    """
    if as_of:
        if changes or reading or vintage != "publication":
            message = "--as-of takes the registered rules: leave out -p, --reading and --vintage"
            raise click.UsageError(message)
        from analysis.cli import replay

        replay.as_of(names, as_of.date(), given["jobs"])
        return
    another = Another(changes=changes, reading=reading, vintage=vintage)
    failed = execute(names, Options(**given), another)
    context.exit(1 if failed else 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Another:
    """Parameters, reading and vintage in place of the registered ones."""

    changes: tuple[str, ...] = ()
    reading: str = ""
    vintage: str = "publication"


def execute(names: tuple[str, ...], chosen: Options, another: Another | None = None) -> int:
    """Run what is stale and report; the number of failures."""
    another = another or Another()
    if not chosen.wait:
        return _execute(names, chosen, another)
    from analysis.execution.locks import RUN_LOCK, locked

    # Before anything is read: the run that is waited for may leave, or change, what is stale.
    with locked(audit.project().build / RUN_LOCK, waiting=audit.waiting):
        return _execute(names, chosen, another)


def _execute(names: tuple[str, ...], chosen: Options, another: Another) -> int:
    from analysis.execution.inputs import InputHashes
    from analysis.execution.outcomes import collect
    from analysis.execution.plan import plan_overviews
    from analysis.execution.stale import find_stale

    project, register = audit.register()
    todo = _planned(project, register, names, another)
    hashes = InputHashes(project, register)
    needed = find_stale(todo, hashes, force=chosen.force)
    warn_of_versions(project, needed)
    if not needed.jobs and names:
        _nothing(todo, project)
        return _print_summaries(project, todo)
    if not needed.jobs:
        collect(project, register, todo)
        if not find_stale(plan_overviews(project), hashes).jobs:
            return _nothing(todo, project)
    failed = _run(hashes, todo, needed, chosen, everything=not names)
    if names:
        _print_summaries(project, todo)
    return failed


def _print_summaries(project: Project, todo: Plan) -> int:
    """Print the result of each claim that was named."""
    from analysis.cli.summary import lines

    for job in todo.jobs:
        for line in lines(project, job):
            click.echo(line)
    return 0


def _planned(
    project: Project, register: Register, names: tuple[str, ...], another: Another
) -> Plan:
    from analysis.execution.plan import plan as planned

    if not another.changes:
        return planned(project, register, names, {}, another.vintage, reading=another.reading)
    if len(names) != 1:
        raise click.UsageError("-p changes the parameters of one claim: name exactly one ID")
    from analysis.claims import parameters

    overrides = parameters.parse(register.claim(names[0]), another.changes)
    return planned(project, register, names, overrides, another.vintage, reading=another.reading)


def _nothing(todo: Plan, project: Project) -> int:
    where = todo.jobs[0].folder if len(todo.jobs) == 1 else project.build
    count = len(todo.jobs)
    if count:
        what = "claim is" if count == 1 else "claims are"
        click.echo(f"nothing to do: {count} {what} up to date in {project.show(where)}")
    for name, why in todo.skipped.items() if len(todo.skipped) < 4 else ():  # noqa: PLR2004 - a few lines
        click.echo(f"{name}: {why}")
    return 0


def _run(
    hashes: InputHashes, todo: Plan, needed: StaleJobs, chosen: Options, *, everything: bool
) -> int:
    """Run it, then the notebooks beside the claims, in one session; the number of failures."""
    import time

    from rich.console import Console

    from analysis.execution import outcomes, progress
    from analysis.execution.plan import plan_overviews
    from analysis.execution.stale import find_stale

    project, console, began = hashes.project, Console(), time.monotonic()
    with _session(project, console, chosen, len(todo.jobs)) as session:
        progress.announce(console, needed, len(todo.jobs), project)
        results = session.run(needed.jobs)
        outcomes.log(project, results)
        idle = dict(todo.skipped)
        if everything:
            outcomes.collect(project, hashes.register, todo)
            beside = plan_overviews(project)
            results += session.run(find_stale(beside, hashes, force=chosen.force).jobs)
            idle |= beside.skipped
    where = todo.jobs[0].folder if len(todo.jobs) == 1 else project.build
    progress.summarize(console, results, idle, time.monotonic() - began, project.show(where))
    ended = [result for result in results if result.job.recorded]
    return sum(result.failure is not None for result in results) + len(needed.jobs) - len(ended)


@contextmanager
def _session(project: Project, console: Console, chosen: Options, jobs: int) -> Iterator[Session]:
    """A session with these options, here or on a cluster, with a progress display."""
    from analysis.execution import memory_limits, progress
    from analysis.execution.execute import Session

    with ExitStack() as ends:
        pool, workers = None, min(chosen.jobs or os.cpu_count() or 1, max(jobs, 1))
        if chosen.cluster:
            from analysis.execution.cluster import connected

            pool, workers = ends.enter_context(connected(chosen.cluster, project, cold=chosen.cold))
        bars = progress.Bars(console, workers)
        session = Session(
            project,
            bars,
            workers=workers,
            timeout=chosen.timeout,
            fail_fast=chosen.fail_fast,
            cold=chosen.cold,
            memory=memory_limits.parse_size(chosen.memory_limit) if chosen.memory_limit else None,
            held=chosen.wait,
            pool=pool,
        )
        ends.enter_context(session)
        ends.enter_context(bars)
        yield session
