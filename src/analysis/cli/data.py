"""`claims data`: list, show, check, pin and refresh tables."""

from __future__ import annotations

from pathlib import Path

import click

from analysis.cli import audit, data_refresh
from analysis.formatting import count


@click.group()
def data() -> None:
    """Tables: add, list, show, check, pin, refresh.

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


@data.command("add")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--as", "name", default="", metavar="TOPIC/TABLE", help="Its name in the audit.")
def add_table(file: Path, name: str) -> None:
    """Make a CSV file a table of the audit, with an entry in the catalog and a source.

    Types, key and time are read off the cells; what they do not say is marked, line by line.

    \b
    claims data add ~/Downloads/shares.csv --as energy/shares
    """
    from analysis.cli import new_table
    from analysis.data import to_fill_in

    project = audit.project()
    made = new_table.add(project, file, name)
    rows = len(made.columns[new_table.SOURCE])
    click.echo(f"wrote data/{made.name}.csv: {count(rows, 'row')}, {len(made.columns)} columns")
    for change in made.changes:
        click.echo(f"  {change}")
    click.echo("left to say:")
    for place in to_fill_in.places(project):
        click.echo(f"  {place}")


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
    from analysis.data import to_fill_in, validation
    from analysis.errors import shortened

    project = audit.project()
    found = [*map(str, validation.check_all(project)), *to_fill_in.places(project)]
    for line in found if every else shortened(found):
        click.echo(line)
    if not found:
        registry.check_recipes(project)
    click.echo(count(len(found), "violation") if found else "all tables are valid")
    context.exit(1 if found else 0)


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
