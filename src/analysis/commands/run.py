"""`claims run` and `plan`: execute notebooks, or say what would be."""

from __future__ import annotations

import json
import os
from datetime import datetime

import click

from analysis.commands import audit
from analysis.commands.audit import NAMES


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
@click.option("-j", "--jobs", type=click.IntRange(min=1), help="Notebooks at a time [cores].")
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
    default=300.0,
    show_default=True,
    help="Seconds that one cell may take.",
)
@click.option("--fail-fast", is_flag=True, help="Start nothing new after the first failure.")
@click.option("--cold", is_flag=True, help="Start each kernel anew instead of forking it.")
@click.pass_context
def run(
    context: click.Context,
    *,
    names: tuple[str, ...],
    changes: tuple[str, ...],
    vintage: str,
    as_of: datetime | None,
    jobs: int | None,
    timeout: float,
    fail_fast: bool,
    cold: bool,
) -> None:
    """Execute notebooks; leave figures, executed notebooks and records under build/.

    \b
    claims run                               every claim whose method exists
    claims run ID ID                         two of them
    claims run ID -p reporter=mirror         another choice, in build/variants/
    claims run ID -p 'where={"year": 2022}'  a structure is given as JSON
    claims run --as-of 2024-06-30            every verdict as of another day
    """
    if as_of:
        if changes or vintage != "publication":
            raise click.UsageError(
                "--as-of judges by the registered rules: leave out -p, --vintage"
            )
        from analysis.commands import replay

        replay.as_of(names, as_of.date(), jobs)
        return
    failed = execute(
        names,
        changes=changes,
        vintage=vintage,
        jobs=jobs,
        timeout=timeout,
        fail_fast=fail_fast,
        cold=cold,
    )
    context.exit(1 if failed else 0)


def execute(
    names: tuple[str, ...],
    *,
    changes: tuple[str, ...] = (),
    vintage: str = "publication",
    jobs: int | None = None,
    timeout: float = 300.0,
    fail_fast: bool = False,
    cold: bool = False,
) -> int:
    """Run and report; the number of failures."""
    import time

    from rich.console import Console

    from analysis.running import execute as running
    from analysis.running import parameters, progress
    from analysis.running.plan import beside
    from analysis.running.plan import plan as planned

    project, register = audit.register()
    if changes and len(names) != 1:
        raise click.UsageError("-p changes the parameters of one claim: name exactly one ID")
    overrides = parameters.parse(register.claim(names[0]), changes) if changes else {}
    todo = planned(project, register, names, overrides, vintage)
    console, began = Console(), time.monotonic()
    workers = min(jobs or os.cpu_count() or 1, max(len(todo.jobs), 1))
    with progress.Bars(console, workers) as bars:
        results = running.execute(
            todo,
            project,
            bars,
            workers=workers,
            timeout=timeout,
            fail_fast=fail_fast,
            cold=cold,
        )
    running.log(project, results)
    if not names:
        running.collect(project, register, todo)
        with progress.Bars(console, workers) as bars:
            results += running.execute(beside(project), project, bars, workers=workers, cold=cold)
    where = todo.jobs[0].folder if len(todo.jobs) == 1 else project.build
    progress.summarize(console, results, todo.idle, time.monotonic() - began, project.show(where))
    ended = [result for result in results if result.job.recorded]
    return sum(result.failure is not None for result in results) + len(todo.jobs) - len(ended)


@click.command()
@NAMES
@click.option("--json", "as_json", is_flag=True, help="Machine-readable output.")
def plan(names: tuple[str, ...], as_json: bool) -> None:
    """Say what `claims run` would do, and what has nothing to run, without doing it.

    \b
    claims plan
    claims plan ID --json
    """
    from analysis.running import plan as planning

    project, register = audit.register()
    todo = planning.plan(project, register, names)
    if as_json:
        jobs = [
            {
                "claim": job.claim,
                "notebook": project.show(job.notebook),
                "parameters": job.parameters,
            }
            for job in todo.jobs
        ]
        click.echo(json.dumps({"jobs": jobs, "idle": todo.idle}, indent=2))
        return
    for job in todo.jobs:
        click.echo(f"run  {job.claim:<4} {project.show(job.notebook):<28} {job.title}")
    for name, why in todo.idle.items():
        click.echo(f"idle {name:<4} {why}")
    click.echo(f"{len(todo.jobs)} to run, {len(todo.idle)} idle", err=True)
