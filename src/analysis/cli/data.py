"""`claims data`: list, show, check, pin and refresh tables."""

from __future__ import annotations

import click

from analysis.cli import audit, data_refresh
from analysis.formatting import count


@click.group()
def data() -> None:
    """Tables: list, show, check, pin, refresh.

    \b
    claims data list
    claims data show trade/gdp
    claims data check
    """


@data.command("list")
def list_tables() -> None:
    """List the tables with their titles and sizes.

    \b
    claims data list
    """
    from analysis.data.catalog import Catalog

    for name, info in Catalog.read(audit.project()).tables.items():
        click.echo(f"{name:<44} {info.rows or 0:>6}  {info.title}")


@data.command("show")
@click.argument("table")
@click.option("--head", default=5, show_default=True, help="Rows to print.")
def show_table(table: str, head: int) -> None:
    """Describe one table and print its first rows, with the provenance of each.

    \b
    claims data show trade/gdp --head 10
    """
    from analysis.data.tables import Archive

    found = Archive.read(audit.project()).load(table)
    info = found.info
    click.echo(f"{table}: {info.title}\n{info.description}\n\na row: {info.row}")
    click.echo(f"licence: {info.licence.terms}")
    for name, column in info.columns.items():
        unit = f" [{column.unit}]" if column.unit else ""
        click.echo(f"  {name:<24} {column.type}{unit}: {column.meaning}")
    click.echo(f"\n{len(found.frame)} rows; the first {head}:")
    click.echo(found.frame.head(head).to_string(index=False))


@data.command("check")
@click.option("--all", "every", is_flag=True, help="Show all violations, not only the first 20.")
@click.pass_context
def check_data(context: click.Context, *, every: bool) -> None:
    """Validate every table: types, ranges, keys, sources, and the checks of its catalog entry.

    \b
    claims data check
    claims data check --all | grep trade/gdp
    """
    from analysis.claims import registry
    from analysis.data import validation
    from analysis.errors import shortened

    project = audit.project()
    violations = validation.check_all(project)
    for line in map(str, violations) if every else shortened(violations):
        click.echo(line)
    if not violations:
        registry.check_recipes(project)
    click.echo(count(len(violations), "violation") if violations else "all tables are valid")
    context.exit(1 if violations else 0)


@data.command()
def pin() -> None:
    """Write the checksum, rows and span of every table into the catalog, after an intended change.

    \b
    claims data pin
    """
    from analysis.data import checksums

    changed = checksums.pin(audit.project())
    for name in changed:
        click.echo(f"pinned {name}")
    click.echo("review the difference, then commit it" if changed else "no checksum has changed")


@data.command(hidden=True)
@click.pass_context
def seal(context: click.Context) -> None:
    """The former name of `claims data pin`."""
    click.echo("`claims data seal` is now called `claims data pin`", err=True)
    context.invoke(pin)


for _command in (data_refresh.refresh, data_refresh.rollback, data_refresh.vintages):
    data.add_command(_command)
