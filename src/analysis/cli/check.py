"""`claims check` and `publish`: compare with the published results, and replace them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import click

from analysis.cli import audit
from analysis.cli.run import execute
from analysis.cli.run_options import RunOptions, options
from analysis.errors import AnalysisError, ExecutionError
from analysis.formatting import count, plural


@click.command()
@click.option("--no-run", is_flag=True, help="Compare the results in build/ without a new run.")
@options
@click.pass_context
def check(context: click.Context, /, *, no_run: bool, **given: Any) -> None:
    """Run what is not up to date and compare the results with results/published.json.

    \b
    Exit codes: 0 nothing moved, 1 a notebook failed, 2 nothing to compare with,
    3 input data changed, 4 figure data changed, 5 a number moved, 6 a verdict
    moved (the gravest one counts).

    \b
    claims check
    claims check --force
    claims check --no-run
    """
    from analysis.drift import diff
    from analysis.verdicts import results

    project = audit.project()
    if not project.published.exists():
        message = "nothing is published yet: `claims run`, look at it, then `claims publish`"
        raise AnalysisError(message, file=project.show(project.published))
    before = results.read_results(project.published)
    if not no_run and execute((), RunOptions(**given)):
        context.exit(1)
    after = results.read_results(project.build / "results.json")
    moved = diff.compare(before, after)
    for change in moved:
        click.echo(f"{change.kind:<8} {change}")
    counts = {kind: sum(change.kind == kind for change in moved) for kind in diff.CHANGE_KINDS}
    counted = ", ".join(count(of, kind, plural(kind)) for kind, of in counts.items() if of)
    click.echo(f"moved: {counted}" if moved else "nothing moved: the results are as published")
    if moved:
        click.echo("If that is meant, `claims publish` makes it the published state.", err=True)
    context.exit(diff.exit_code(moved))


@click.command()
@click.option(
    "--date",
    "day",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day of publication in the history [today].",
)
def publish(day: datetime | None) -> None:
    """Publish the results in build/ and append the changes to the history.

    Writes results/published.json, README.md, inputs.json, and a line of history.jsonl for
    each verdict or estimate that moved.

    Refused as long as a claim has failed or is not up to date: a verdict that nobody has computed
    cannot be published.

    \b
    claims run && claims publish
    """
    from analysis.drift.publish import publish as accept
    from analysis.execution.inputs import InputHashes
    from analysis.execution.outcomes import collect
    from analysis.execution.plan import plan
    from analysis.execution.stale import find_stale

    project, register = audit.register()
    todo = plan(project, register)
    if reasons := find_stale(todo, InputHashes(project, register)).reasons:
        listed = "\n".join(f"  {name}: {reason}" for name, reason in reasons.items())
        message = f"{len(reasons)} of {len(todo.jobs)} claims are not up to date; run `claims run`"
        raise ExecutionError(f"{message}, correct what fails, then publish:\n{listed}")
    collect(project, register, todo)
    added = accept(project, register, day.date() if day else date.today())  # noqa: DTZ011 - theirs
    claims = count(len(register.claims), "claim")
    click.echo(f"published {claims} to {project.show(project.published)}")
    for each in added:
        click.echo(f"accepted: {each.claim}: {each.kind} moved, because {each.cause}")
