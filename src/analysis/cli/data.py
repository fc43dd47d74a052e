"""`claims data`: list, show, check, seal and refresh the tables."""

from __future__ import annotations

import click

from analysis.cli import audit, data_refresh


@click.group()
def data() -> None:
    """The tables: list, show, check, seal.

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
@click.option("--all", "every", is_flag=True, help="Show every failure, not only the first 20.")
@click.pass_context
def check_data(context: click.Context, *, every: bool) -> None:
    """Hold every table against its contract: types, ranges, keys, sources, domain checks.

    \b
    claims data check
    claims data check --all | grep trade/gdp
    """
    from analysis.claims import registry
    from analysis.data import validation
    from analysis.errors import shortened

    project = audit.project()
    failures = validation.check_all(project)
    for line in map(str, failures) if every else shortened(failures):
        click.echo(line)
    if not failures:
        registry.check_recipes(project)
    click.echo(f"{len(failures)} failures" if failures else "all tables keep their contracts")
    context.exit(1 if failures else 0)


@data.command()
def seal() -> None:
    """Write the hash, size and span of every table into the catalog, after a change that is meant.

    \b
    claims data seal
    """
    from analysis.data import checksums

    changed = checksums.seal(audit.project())
    for name in changed:
        click.echo(f"sealed {name}")
    told = "look at the difference before you commit it" if changed else "every seal is as it was"
    click.echo(told)


for _command in (data_refresh.refresh, data_refresh.rollback, data_refresh.vintages):
    data.add_command(_command)
