"""`claims report`: the site."""

from __future__ import annotations

import click

from analysis.cli import audit


@click.command()
@click.option("--open", "show", is_flag=True, help="Open it in the browser.")
def report(*, show: bool) -> None:
    """Build the site under build/site/ from what the last run left behind.

    \b
    claims report
    claims report --open
    """
    from analysis.site.build import build

    found = audit.aged()
    page = build(found, waiting=audit.waiting)
    click.echo(f"built {found.show(page)}")
    if show:
        click.launch(page.as_uri())
