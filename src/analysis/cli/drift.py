"""`claims drift`: what differs between two states of the audit, and why."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from analysis.cli import audit

if TYPE_CHECKING:
    from analysis.drift.comparison import Drift


@click.command()
@click.argument("before", default="published")
@click.argument("after", default="build")
@click.option("--json", "form", flag_value="json", help="Machine-readable output.")
@click.option("--markdown", "form", flag_value="markdown", help="A comment for a pull request.")
@click.option("--schema", "form", flag_value="schema", help="Print only the JSON Schema of --json.")
@click.option(
    "--html",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write one page with both figures side by side and their difference.",
)
@click.option("--exit-code", is_flag=True, help="Exit as `claims check` does when something moved.")
@click.pass_context
def drift(
    context: click.Context,
    *,
    before: str,
    after: str,
    form: str | None,
    html: Path | None,
    exit_code: bool,
) -> None:
    """Say what moved from BEFORE to AFTER: flipped verdicts first, each with its cause.

    BEFORE and AFTER are each `published`, `build`, a results file, a folder with
    one, a bundle (zip), or a git revision. By default: from published to build.

    \b
    claims drift
    claims drift HEAD~9 published
    claims drift old.zip new.zip --html drift.html
    """
    from analysis.drift import comparison, report, snapshots
    from analysis.exports import outputs

    if form == "schema":
        click.echo(json.dumps(report.SCHEMA, indent=2))
        return
    if html:
        outputs.free(html, "page of a drift", outputs.page)
    project = audit.project()
    sides = snapshots.find(project, before), snapshots.find(project, after)
    found = comparison.compare(*sides)
    if html:
        from analysis.drift.html_page import page
        from analysis.project import write_atomically

        write_atomically(html, page(found, *sides))
    _print(found, form)
    context.exit(found.exit_code if exit_code else 0)


def _print(found: Drift, form: str | None) -> None:
    from analysis.drift import report

    if form == "json":
        click.echo(json.dumps(report.plain(found), indent=2, ensure_ascii=False))
    elif form == "markdown":
        click.echo(report.markdown(found), nl=False)
    else:
        for line in report.lines(found):
            click.echo(line)
