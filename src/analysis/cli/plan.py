"""`claims plan` and `why`: the notebooks that a run would execute, and the reasons."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import click

from analysis.cli import audit, selection
from analysis.cli.run_options import JOBS

if TYPE_CHECKING:
    from analysis.claims.registry import Register
    from analysis.execution.inputs import InputHashes
    from analysis.execution.plan import Plan
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
@selection.NAMES
@selection.filters
@JOBS
@click.option("--json", "as_json", is_flag=True, help="Machine-readable output.")
def plan(names: tuple[str, ...], jobs: int | None, *, as_json: bool, **given: Any) -> None:
    """List the notebooks that `claims run` would execute, the reasons and the expected time.

    \b
    claims plan
    claims plan --section C
    claims plan ID --json
    """
    from analysis.execution.plan import plan as planned

    project, register = audit.register()
    filters = selection.Filters.popped(given)
    chosen = selection.chosen(project, register, names, filters)
    todo = planned(project, register, chosen)
    show(project, register, todo, jobs, as_json=as_json, everything=not chosen)


def show(
    project: Project,
    register: Register,
    todo: Plan,
    jobs: int | None,
    *,
    as_json: bool = False,
    force: bool = False,
    everything: bool = False,
) -> int:
    """Print what would run and why, of a run of `everything` also what follows the claims.

    0, for nothing fails.
    """
    from analysis.execution import durations
    from analysis.execution.inputs import InputHashes
    from analysis.execution.stale import find_stale

    hashes = InputHashes(project, register)
    needed = find_stale(todo, hashes, force=force)
    took = durations.read(project)
    beside = _beside(hashes, needed, force=force) if everything else {}
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
        answer = {"jobs": jobs_as_json, "after": beside, "idle": todo.skipped}
        seconds = needed.seconds(project, jobs or os.cpu_count() or 1)
        click.echo(json.dumps({**answer, "seconds": seconds}, indent=2))
        return 0
    show_reasons(project, needed)
    for name, why in beside.items():
        click.echo(f"then {'':<4} {name:<28} {'':>7}  {why}")
    for name, why in todo.skipped.items():
        click.echo(f"idle {name:<4} {why}")
    fresh = len(todo.jobs) - len(needed.jobs)
    seconds = needed.seconds(project, jobs or os.cpu_count() or 1)
    length = "" if seconds is None else f", about {seconds:.0f} s"
    counted = f"{len(needed.jobs)} to run{length}, {fresh} up to date, {len(todo.skipped)} idle"
    click.echo(counted, err=True)
    return 0


def _beside(hashes: InputHashes, needed: StaleJobs, *, force: bool) -> dict[str, str]:
    """Why each notebook that follows the claims would run, by its name."""
    from analysis.execution.plan import plan_overviews
    from analysis.execution.stale import find_stale

    todo = plan_overviews(hashes.project)
    late = find_stale(todo, hashes, force=force).reasons
    found = {job.notebook_name: str(late.get(job.claim, "")) for job in todo.jobs}
    if needed.jobs:
        return {name: why or "if a result has changed" for name, why in found.items()}
    return {name: why for name, why in found.items() if why}


def show_reasons(project: Project, needed: StaleJobs) -> None:
    """Print the notebooks that run, how long each took the last time, and why it runs."""
    from analysis.execution import durations

    took = durations.read(project)
    for job in needed.jobs:
        last = f"{took[job.claim]:.1f} s" if job.claim in took else "?"
        click.echo(
            f"run  {job.claim:<4} {job.notebook_name:<28} {last:>7}  {needed.reasons[job.claim]}"
        )


@click.command()
@selection.NAME
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
    name = selection.one(register, name)
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
