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
    claims new DIR                   an audit with one claim; the same as `claims new audit DIR`
    claims new claim A2 level        another claim
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
def audit(
    folder: Path, title: str, publisher: str, published: datetime | None, author: str, url: str
) -> None:
    """Make an audit in a new folder: an article, a claim, a table, and what CI needs.

    \b
    claims new my-audit
    claims new my-audit --title "An article" --publisher "A paper" --published 2024-05-01
    """
    from analysis.cli import new_audit

    day = (published or datetime.now(UTC)).date()
    article = new_audit.Article(
        title=title, publisher=publisher, published=day, author=author, url=url
    )
    click.echo(f"audit: {folder.resolve()}", err=True)
    for name in new_audit.write(folder, article):
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
