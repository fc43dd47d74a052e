"""`claims run`: execute the notebooks that are not up to date."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from analysis.cli import audit, selection
from analysis.cli.completion import completed
from analysis.cli.plan import show, show_reasons, warn_of_versions
from analysis.cli.run_options import Another, RunOptions, options

if TYPE_CHECKING:
    from rich.console import Console

    from analysis.claims.registry import Register
    from analysis.execution.execute import Session
    from analysis.execution.inputs import InputHashes
    from analysis.execution.plan import Plan
    from analysis.execution.stale import StaleJobs
    from analysis.execution.worker import Result
    from analysis.project import Project

ASSUMED = ("changes", "file", "reading", "vintage")  # options that replace what is registered
DETAILED = 5  # claims whose results are printed in full


@click.command()
@selection.NAMES
@click.option(
    "-p",
    "--parameter",
    "changes",
    multiple=True,
    metavar="NAME=VALUE",
    shell_complete=completed("parameter"),
    help="Replace a registered parameter (one claim only); structures as JSON.",
)
@click.option(
    "-f",
    "--parameters-file",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Parameters as YAML, `name: value`; -p goes before them.",
)
@click.option(
    "--reading",
    default="",
    shell_complete=completed("reading"),
    help="Use this reading in place of the literal one.",
)
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
@selection.filters
@click.option(
    "-n", "--dry-run", is_flag=True, help="Print what would run, as `claims plan` does, and stop."
)
@options
@click.pass_context
def run(
    context: click.Context,
    /,
    *,
    names: tuple[str, ...],
    as_of: datetime | None,
    **given: Any,
) -> None:
    """Execute the notebooks whose inputs changed; leave figures and records under build/.

    \b
    claims run                               every claim that is not up to date
    claims run ID ID                         two of them
    claims run 'C*'                          all whose ID begins with C
    claims run --section C --dry-run         what would run of a section, and why
    claims run ID --force                    even if nothing has changed
    claims run --cluster tcp://host:8786     on the workers of a dask scheduler
    claims run ID -p reporter=Norland        another choice, in build/variants/
    claims run ID -p 'where={"year": 2022}'  a structure is given as JSON
    claims run ID -f choices.yaml            several of them, in a file
    claims run ID --reading lenient          as if this reading were the literal
    claims run --as-of 2024-06-30            every verdict as of another day

    Why a claim would run again: `claims why ID`. What was run with -p: `claims variants`.
    """
    filters = selection.Filters.popped(given)
    another = Another(**{name: given.pop(name) for name in ASSUMED})
    chosen = RunOptions(**given)
    if as_of is None:
        context.exit(1 if execute(names, chosen, another, filters) else 0)
    if another or chosen.dry_run:
        message = "--as-of takes the registered rules: leave out -p, -f, -n, --reading, --vintage"
        raise click.UsageError(message)
    from analysis.cli import replay

    replay.as_of(names, as_of.date(), chosen.jobs, filters)


def execute(
    names: tuple[str, ...],
    chosen: RunOptions,
    another: Another | None = None,
    filters: selection.Filters | None = None,
) -> int:
    """Run what is stale and report; the number of failures."""
    given = names, chosen, another or Another(), filters or selection.Filters()
    if not chosen.wait:
        return _execute(*given)
    from analysis.execution.locks import RUN_LOCK, locked

    # Before anything is read: the run that is waited for may leave, or change, what is stale.
    with locked(audit.project().build / RUN_LOCK, waiting=audit.waiting):
        return _execute(*given)


def _execute(
    words: tuple[str, ...], chosen: RunOptions, another: Another, filters: selection.Filters
) -> int:
    from analysis.execution.inputs import InputHashes
    from analysis.execution.outcomes import collect
    from analysis.execution.plan import plan_overviews
    from analysis.execution.stale import find_stale

    project, register = audit.register()
    names = selection.chosen(project, register, words, filters)
    todo = planned(project, register, names, another)
    if chosen.dry_run:
        whole = {"force": chosen.force, "everything": not names}
        return show(project, register, todo, chosen.jobs, **whole)
    hashes = InputHashes(project, register)
    needed = find_stale(todo, hashes, force=chosen.force)
    warn_of_versions(project, needed)
    if not needed.jobs and names:
        return _nothing(todo, project, chosen) or _print_summaries(project, todo, chosen)
    if not needed.jobs:
        collect(project, register, todo)
        if not find_stale(plan_overviews(project), hashes).jobs:
            return _nothing(todo, project, chosen)
    if chosen.verbose:
        show_reasons(project, needed)
    failed = _run(hashes, todo, needed, chosen, everything=not names)
    if names:
        _print_summaries(project, todo, chosen)
    return failed


def _print_summaries(project: Project, todo: Plan, chosen: RunOptions) -> int:
    """Print the result of each claim that was selected, if they are few."""
    from analysis.cli.summary import lines

    for job in todo.jobs if len(todo.jobs) <= DETAILED and not chosen.quiet else ():
        for line in lines(project, job):
            click.echo(line)
    return 0


def planned(project: Project, register: Register, names: tuple[str, ...], another: Another) -> Plan:
    """The plan of these claims, with what replaces the registered parameters."""
    from analysis.execution.plan import plan

    if not another.changes and not another.file:
        return plan(project, register, names, {}, another.vintage, reading=another.reading)
    if len(names) != 1:
        option = "-p" if another.changes else "-f"
        message = f"{option} changes the parameters of one claim: name exactly one ID"
        raise click.UsageError(message)
    from analysis.claims import parameters

    claim = register.claim(names[0])
    overrides = parameters.parse(claim, another.changes)
    if another.file:
        overrides = {**parameters.read(claim, another.file), **overrides}
    return plan(project, register, names, overrides, another.vintage, reading=another.reading)


def _nothing(todo: Plan, project: Project, chosen: RunOptions) -> int:
    if chosen.quiet:
        return 0
    where = todo.jobs[0].folder if len(todo.jobs) == 1 else project.build
    count = len(todo.jobs)
    if count:
        what = "claim is" if count == 1 else "claims are"
        click.echo(f"nothing to do: {count} {what} up to date in {project.show(where)}")
    for name, why in todo.skipped.items() if len(todo.skipped) < 4 else ():  # noqa: PLR2004 - a few lines
        click.echo(f"{name}: {why}")
    return 0


def _run(
    hashes: InputHashes, todo: Plan, needed: StaleJobs, chosen: RunOptions, *, everything: bool
) -> int:
    """Run it, then the notebooks beside the claims, in one session; the number of failures."""
    import time

    from rich.console import Console

    from analysis.execution import outcomes, progress
    from analysis.execution.plan import plan, plan_overviews
    from analysis.execution.stale import find_stale

    project, console, began = hashes.project, Console(quiet=chosen.quiet), time.monotonic()
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
        elif project.fresh.exists():
            outcomes.collect(project, hashes.register, plan(project, hashes.register))
    where = todo.jobs[0].folder if len(todo.jobs) == 1 else project.build
    elapsed = time.monotonic() - began
    progress.summarize(console, results, idle, elapsed, project.show(where))
    if chosen.quiet:
        _print_failures(results)
    ended = [result for result in results if result.job.recorded]
    return sum(result.failure is not None for result in results) + len(needed.jobs) - len(ended)


def _print_failures(results: Sequence[Result]) -> None:
    for result in results:
        if result.failure:
            click.echo(f"{result.job.claim:<4} FAILED {result.failure}", err=True)


@contextmanager
def _session(
    project: Project, console: Console, chosen: RunOptions, jobs: int
) -> Iterator[Session]:
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
