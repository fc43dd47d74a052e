"""`claims run`, `plan` and `why`: execute notebooks, or say what would be executed and why."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from analysis.cli import audit
from analysis.cli.audit import NAMES

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
    """How to run, as told on the command line."""

    jobs: int | None = None
    timeout: float = 300.0
    fail_fast: bool = False
    cold: bool = False
    force: bool = False
    wait: bool = False
    memory_limit: str | None = None
    cluster: str | None = None


def options(command: Any) -> Any:
    """The switches of `run`, which `check` has too."""
    for option in (
        click.option("--wait", is_flag=True, help="Wait for another run in this folder to end."),
        click.option("--force", is_flag=True, help="Run even what is up to date."),
        click.option("--cold", is_flag=True, help="Start each kernel anew; fork none."),
        click.option("--fail-fast", is_flag=True, help="Start nothing after the first failure."),
        click.option("--cluster", metavar="ADDRESS", help="Of a dask scheduler: work there."),
        click.option("--memory-limit", metavar="SIZE", help="Memory of a kernel, e.g. 2G."),
        click.option(
            "--timeout",
            type=click.FloatRange(min=0, min_open=True),
            default=300.0,
            show_default=True,
            help="Seconds that one cell may take.",
        ),
        click.option(
            "-j", "--jobs", type=click.IntRange(min=1), help="Notebooks at a time [cores]."
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
@click.option("--reading", default="", help="Take this reading for the literal one.")
@click.option(
    "--vintage",
    type=click.Choice(["publication", "latest"]),
    default="publication",
    help="Which evidence the figure shows.",
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
    *,
    names: tuple[str, ...],
    changes: tuple[str, ...],
    reading: str,
    vintage: str,
    as_of: datetime | None,
    **told: Any,
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

    What a claim is made of, and why it would run again: `claims why ID`.
    """
    if as_of:
        if changes or reading or vintage != "publication":
            told = "--as-of takes the registered rules: leave out -p, --reading and --vintage"
            raise click.UsageError(told)
        from analysis.cli import replay

        replay.as_of(names, as_of.date(), told["jobs"])
        return
    another = Another(changes=changes, reading=reading, vintage=vintage)
    failed = execute(names, Options(**told), another)
    context.exit(1 if failed else 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Another:
    """What is asked for in the place of the registered parameters, reading and vintage."""

    changes: tuple[str, ...] = ()
    reading: str = ""
    vintage: str = "publication"


def execute(names: tuple[str, ...], told: Options, another: Another | None = None) -> int:
    """Run what is due and report; the number of failures."""
    another = another or Another()
    if not told.wait:
        return _execute(names, told, another)
    from analysis.execution.locks import RUN_LOCK, locked

    # Before anything is read: the run that is waited for may leave, or change, what is due.
    with locked(audit.project().build / RUN_LOCK, patient=True):
        return _execute(names, told, another)


def _execute(names: tuple[str, ...], told: Options, another: Another) -> int:
    from analysis.execution.inputs import InputHashes
    from analysis.execution.outcomes import collect
    from analysis.execution.plan import plan_overviews
    from analysis.execution.stale import find_stale

    project, register = audit.register()
    todo = _planned(project, register, names, another)
    hashes = InputHashes(project, register)
    needed = find_stale(todo, hashes, force=told.force)
    _tell_versions(needed)
    if not needed.jobs and names:
        _nothing(todo, project)
        return _tell(project, todo)
    if not needed.jobs:
        collect(project, register, todo)
        if not find_stale(plan_overviews(project), hashes).jobs:
            return _nothing(todo, project)
    failed = _run(hashes, todo, needed, told, everything=not names)
    if names:
        _tell(project, todo)
    return failed


def _tell(project: Project, todo: Plan) -> int:
    """What was found for each claim that was named."""
    from analysis.cli.summary import lines

    for job in todo.jobs:
        for line in lines(project, job):
            click.echo(line)
    return 0


def _tell_versions(found: StaleJobs) -> None:
    """Say which libraries are not as locked, if they touch any of the claims."""
    told = [f"installed {name} {version}" for name, version in found.installed.items()]
    if told:
        more = f"; and {len(told) - 3} more" if len(told) > 3 else ""  # noqa: PLR2004 - a line
        click.echo(
            f"{'; '.join(told[:3])}{more}: numbers may differ from those of the locked versions;"
            " `make` installs these",
            err=True,
        )


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
    hashes: InputHashes, todo: Plan, needed: StaleJobs, told: Options, *, everything: bool
) -> int:
    """Run it, then the notebooks beside the claims, in one session; the number of failures."""
    import time

    from rich.console import Console

    from analysis.execution import outcomes, progress
    from analysis.execution.plan import plan_overviews
    from analysis.execution.stale import find_stale

    project, console, began = hashes.project, Console(), time.monotonic()
    with _session(project, console, told, len(todo.jobs)) as session:
        progress.announce(console, needed, len(todo.jobs), project)
        results = session.run(needed.jobs)
        outcomes.log(project, results)
        if everything:
            outcomes.collect(project, hashes.register, todo)
            results += session.run(
                find_stale(plan_overviews(project), hashes, force=told.force).jobs
            )
    where = todo.jobs[0].folder if len(todo.jobs) == 1 else project.build
    progress.summarize(
        console, results, todo.skipped, time.monotonic() - began, project.show(where)
    )
    ended = [result for result in results if result.job.recorded]
    return sum(result.failure is not None for result in results) + len(needed.jobs) - len(ended)


@contextmanager
def _session(project: Project, console: Console, told: Options, jobs: int) -> Iterator[Session]:
    """A session as told on the command line, here or on a cluster, with its progress on screen."""
    from analysis.execution import memory_limits, progress
    from analysis.execution.execute import Session

    with ExitStack() as ends:
        pool, workers = None, min(told.jobs or os.cpu_count() or 1, max(jobs, 1))
        if told.cluster:
            from analysis.execution.cluster import connected

            pool, workers = ends.enter_context(connected(told.cluster, project, cold=told.cold))
        bars = progress.Bars(console, workers)
        session = Session(
            project,
            bars,
            workers=workers,
            timeout=told.timeout,
            fail_fast=told.fail_fast,
            cold=told.cold,
            memory=memory_limits.parse_size(told.memory_limit) if told.memory_limit else None,
            held=told.wait,
            pool=pool,
        )
        ends.enter_context(session)
        ends.enter_context(bars)
        yield session


@click.command()
@NAMES
@click.option("-j", "--jobs", type=click.IntRange(min=1), help="Notebooks at a time [cores].")
@click.option("--json", "as_json", is_flag=True, help="Machine-readable output.")
def plan(names: tuple[str, ...], jobs: int | None, *, as_json: bool) -> None:
    """Say what `claims run` would do, why, and for how long, without doing it.

    \b
    claims plan
    claims plan ID --json
    """
    from analysis.execution import durations
    from analysis.execution.inputs import InputHashes
    from analysis.execution.plan import plan as planned
    from analysis.execution.stale import find_stale

    project, register = audit.register()
    todo = planned(project, register, names)
    needed, took = find_stale(todo, InputHashes(project, register)), durations.read(project)
    _tell_versions(needed)
    if as_json:
        told = [
            {
                "claim": job.claim,
                "notebook": project.show(job.notebook),
                "parameters": job.parameters,
                "due": str(needed.reasons[job.claim]) if job.claim in needed.reasons else None,
                "seconds": took.get(job.claim),
            }
            for job in todo.jobs
        ]
        seconds = needed.seconds(project, jobs or os.cpu_count() or 1)
        click.echo(json.dumps({"jobs": told, "idle": todo.skipped, "seconds": seconds}, indent=2))
        return
    for job in needed.jobs:
        last = f"{took[job.claim]:.1f} s" if job.claim in took else "?"
        click.echo(
            f"run  {job.claim:<4} {project.show(job.notebook):<28} {last:>7}"
            f"  {needed.reasons[job.claim]}"
        )
    for name, why in todo.skipped.items():
        click.echo(f"idle {name:<4} {why}")
    fresh = len(todo.jobs) - len(needed.jobs)
    seconds = needed.seconds(project, jobs or os.cpu_count() or 1)
    length = "" if seconds is None else f", about {seconds:.0f} s"
    counted = f"{len(needed.jobs)} to run{length}, {fresh} up to date, {len(todo.skipped)} idle"
    click.echo(counted, err=True)


@click.command()
@click.argument("name", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="Machine-readable output.")
def why(name: str, *, as_json: bool) -> None:
    """Say why a claim would run again: which input changed, old and new.

    \b
    claims why ID
    claims why ID --json
    """
    from analysis.execution.inputs import InputHashes
    from analysis.execution.plan import plan as planned
    from analysis.execution.stale import find_stale

    project, register = audit.register()
    todo = planned(project, register, [name])
    if why_not := todo.skipped.get(name):
        click.echo(json.dumps({"claim": name, "idle": why_not}) if as_json else why_not)
        return
    needed = find_stale(todo, InputHashes(project, register))
    _tell_versions(needed)
    (found,) = needed.reasons.values() or (None,)
    if as_json:
        changed = [
            {"ingredient": change.name, "before": change.before, "after": change.after}
            for change in (found.changed if found else ())
        ]
        told = {"claim": name, "due": str(found) if found else None, "changed": changed}
        click.echo(json.dumps({**told, "products": list(found.damaged) if found else []}, indent=2))
        return
    click.echo(f"{name} is up to date" if found is None else f"{name} would run again:")
    for line in (found.word, *found.changed, *found.damaged) if found else ():
        if line:
            click.echo(f"  {line}")
