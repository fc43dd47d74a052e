"""`claims plan` and `why`: the notebooks that a run would execute, and the reasons."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import click

from analysis.cli import audit
from analysis.cli.audit import NAMES

if TYPE_CHECKING:
    from analysis.execution.stale import StaleJobs
    from analysis.project import Project

SHOWN_VERSIONS = 3  # libraries that a warning names


def warn_of_versions(project: Project, found: StaleJobs) -> None:
    """Warn of libraries in other versions than the locked ones, if a claim imports them."""
    versions = [f"installed {name} {version}" for name, version in found.installed.items()]
    if versions and project.lock.exists():
        more = (
            f"; and {len(versions) - SHOWN_VERSIONS} more" if len(versions) > SHOWN_VERSIONS else ""
        )
        click.echo(
            f"{'; '.join(versions[:SHOWN_VERSIONS])}{more}: "
            "numbers may differ from those of the locked versions; `make` installs these",
            err=True,
        )


@click.command()
@NAMES
@click.option(
    "-j", "--jobs", type=click.IntRange(min=1), help="Number of parallel workers [cores]."
)
@click.option("--json", "as_json", is_flag=True, help="Machine-readable output.")
def plan(names: tuple[str, ...], jobs: int | None, *, as_json: bool) -> None:
    """List the notebooks that `claims run` would execute, the reasons and the expected time.

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
    warn_of_versions(project, needed)
    if as_json:
        jobs_as_json = [
            {
                "claim": job.claim,
                "notebook": job.notebook_name,
                "parameters": job.parameters,
                "reason": str(needed.reasons[job.claim]) if job.claim in needed.reasons else None,
                "seconds": took.get(job.claim),
            }
            for job in todo.jobs
        ]
        seconds = needed.seconds(project, jobs or os.cpu_count() or 1)
        click.echo(
            json.dumps({"jobs": jobs_as_json, "idle": todo.skipped, "seconds": seconds}, indent=2)
        )
        return
    for job in needed.jobs:
        last = f"{took[job.claim]:.1f} s" if job.claim in took else "?"
        click.echo(
            f"run  {job.claim:<4} {job.notebook_name:<28} {last:>7}  {needed.reasons[job.claim]}"
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
    """Say why a claim would run again: each changed input, old and new.

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
    warn_of_versions(project, needed)
    (found,) = needed.reasons.values() or (None,)
    if as_json:
        changed = [
            {"input": change.name, "before": change.before, "after": change.after}
            for change in (found.changed if found else ())
        ]
        answer = {"claim": name, "reason": str(found) if found else None, "changed": changed}
        click.echo(
            json.dumps({**answer, "outputs": list(found.damaged) if found else []}, indent=2)
        )
        return
    click.echo(f"{name} is up to date" if found is None else f"{name} would run again:")
    for line in (found.word, *found.changed, *found.damaged) if found else ():
        if line:
            click.echo(f"  {line}")
