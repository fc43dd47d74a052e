"""`claims data`: list, show, check, pin and refresh tables."""

from __future__ import annotations

from pathlib import Path

import click

from analysis.cli import audit, columns, data_refresh, selection
from analysis.errors import ParameterError
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
@click.argument("word", default="")
def list_tables(word: str) -> None:
    """List the tables with their titles and sizes: all, or those with WORD in name or title.

    \b
    claims data list
    claims data list trade
    """
    from analysis.data.catalog import Catalog

    rows = [
        (name, info.rows or 0, info.title)
        for name, info in Catalog.read(audit.project()).tables.items()
        if word.casefold() in f"{name} {info.title}".casefold()
    ]
    if not rows and word:
        message = "`claims data list` without a word lists all"
        raise ParameterError(f"no table has {word!r} in its name or title; {message}")
    columns.show(("table", "rows", "title"), rows)


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
    said = set(to_fill_in.places(project))
    made = new_table.add(project, file, name)
    rows = len(made.columns[new_table.SOURCE])
    click.echo(f"wrote data/{made.name}.csv: {count(rows, 'row')}, {len(made.columns)} columns")
    for change in made.changes:
        click.echo(f"  {change}")
    click.echo("left to say:")
    for place in to_fill_in.places(project):
        if place not in said:
            click.echo(f"  {place}")


@data.command("show")
@selection.TABLE
@click.option("--head", type=click.IntRange(min=1), help="The first rows, not a sample.")
@click.option(
    "--sample",
    type=click.IntRange(min=1),
    default=5,
    show_default=True,
    help="Rows to print, evenly spread over the table.",
)
def show_table(table: str, head: int | None, sample: int) -> None:
    """Describe one table: its columns, the values of categories, a sample of its rows.

    TABLE may be the last part of a name, if only one table has it.

    \b
    claims data show trade/gdp
    claims data show gdp --head 10
    """
    from analysis.cli import table_page
    from analysis.data import table_names
    from analysis.data.tables import Archive

    project = audit.project()
    archive = Archive.read(project)
    found = archive.load(table_names.named(table, archive.catalog.tables))
    for line in table_page.lines(found, table_page.names(project), head=head, sample=sample):
        click.echo(line)


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
