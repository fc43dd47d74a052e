"""`claims new`: an audit that runs at once."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click


class _Group(click.Group):
    """Commands that make something; a word that is none of them is the folder of an audit."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in self.commands:
            args = ["audit", *args]
        return super().resolve_command(ctx, args)


@click.group(cls=_Group, context_settings={"ignore_unknown_options": True})
def new() -> None:
    """Make an audit, or a claim in it.

    \b
    claims new DIR               an audit, as `claims new audit DIR`
    claims new claim A2 level    a claim in the audit that you are in
    claims new notebook level    a notebook of its own, to be changed
    """


@new.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--title", default="Untitled article", help="Title of the article.")
@click.option("--publisher", default="Unnamed publisher", help="Who published it.")
@click.option(
    "--published",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DAY",
    help="Day of publication [today].",
)
@click.option("--author", default="", help="Who wrote it, if a person.")
@click.option("--url", default="", help="Its address.")
def audit(*, folder: Path, published: datetime | None, **article: str) -> None:
    """Make an audit in a new folder: an article, a claim, a table, and what CI needs.

    \b
    claims new audit coal
    claims new coal --title "Coal is back" --published 2024-05-01
    """
    from analysis.cli import new_audit

    day = (published or datetime.now(UTC)).date()
    click.echo(f"audit: {folder.resolve()}", err=True)
    for name in new_audit.write(folder, new_audit.NewArticle(published=day, **article)):
        click.echo(f"wrote {folder / name}")
    click.echo(
        f"""
Next:
  cd {folder}
  claims run       the verdict, figure and notebook of the example claim
  claims report    the site: build/site/index.html

Then say in claims.yaml which article it is, and replace the example:
  claims data add FILE.csv
  claims new claim A2 level"""
    )


@new.command()
@click.argument("name", metavar="ID")
@click.argument("method", metavar="METHOD")
def claim(name: str, method: str) -> None:
    """Add a claim to the audit: an entry with a comment for each thing to say.

    It waits, and a run leaves it out, until you take out the line `pending`.

    \b
    claims new claim A2 level
    """
    from analysis.cli import audit, new_claim

    place = new_claim.add(*audit.register(), name, method)
    click.echo(f"wrote {name} to {place}: fill it in, then take out its line `pending`")
    click.echo(f"`claims list` checks it, `claims run {name}` runs it")


@new.command()
@click.argument("name", metavar="METHOD")
def notebook(name: str) -> None:
    """Copy a notebook of the library into notebooks/: from then on the audit runs its own.

    METHOD is a method, or overview, or evolution.

    \b
    claims new notebook level
    """
    from analysis.cli import audit, new_notebook

    place = new_notebook.copy(*audit.register(), name)
    click.echo(f"wrote {place}: change it, and `claims run` runs it in place of the library's")
