"""`claims data refresh`, `rollback` and `vintages`, and `claims doctor`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from analysis.cli import audit, selection
from analysis.errors import AnalysisError
from analysis.formatting import count

if TYPE_CHECKING:
    from analysis.project import Project
    from analysis.refresh.http import Fetcher
    from analysis.refresh.registry import Refreshable

MAX_REPAIRS = 100


def _named(project: Project, word: str) -> str:
    """The table that a word names, as `claims data show` takes it."""
    from analysis.data import table_names
    from analysis.data.catalog import read_plain

    return table_names.named(word, read_plain(project)[0])


def _today() -> str:
    return datetime.now(tz=UTC).date().isoformat()


@click.command()
@selection.TABLES
@click.option("--accept", is_flag=True, help="Replace the pinned table; the old one is kept.")
@click.option("--dry-run", is_flag=True, help="List the requests without sending any.")
@click.option("--offline", is_flag=True, help="Use the copies of the last fetch; send no request.")
@click.option(
    "--from",
    "files",
    multiple=True,
    type=click.Path(path_type=Path),
    help="A file that you fetched yourself; once for each file of the one TABLE, in order.",
)
@click.pass_context
def refresh(
    context: click.Context,
    *,
    tables: tuple[str, ...],
    accept: bool,
    dry_run: bool,
    offline: bool,
    files: tuple[Path, ...],
) -> None:
    """Fetch new editions, check them, show the rows and verdicts that they would change.

    \b
    claims data refresh --dry-run
    claims data refresh trade/gdp
    claims data refresh trade/gdp --offline --accept  exactly what was looked at
    claims data refresh trade/gdp --from gdp.csv      where no server can be asked
    """
    from analysis.refresh import registry

    project = audit.project()
    found = tuple(_named(project, each) for each in tables)
    entries = registry.select(registry.read_registry(project), found)
    registry.check_options(project, entries)
    if dry_run:
        for entry in entries:
            for remote in entry.files:
                click.echo(f"{entry.name:<40} {remote.connector:<10} {remote.url}")
        return
    from analysis.refresh.http import Fetcher

    cache = project.build / "refresh" / "cache"
    fetcher = Fetcher(cache=cache, offline=offline, local=_local_files(entries, files))
    context.exit(_refresh_all(project, entries, fetcher, accept=accept))


def _local_files(entries: list[Refreshable], files: tuple[Path, ...]) -> dict[str, Path]:
    """The local file for each address, if any are given."""
    if not files:
        return {}
    wanted = [remote.url for entry in entries for remote in entry.files]
    if len(entries) != 1 or len(files) != len(wanted):
        message = f"give one TABLE and each of its files, here {len(wanted)}, in the order of"
        raise click.UsageError(f"--from: {message} data/connectors.yaml")
    return dict(zip(wanted, files, strict=True))


def _refresh_all(
    project: Project, entries: list[Refreshable], fetcher: Fetcher, *, accept: bool
) -> int:
    """1 if any table was refused, else 0; the others are not held up by it."""
    from analysis.refresh import transaction

    refused = 0
    with transaction.locked(project):
        transaction.recover(project)
        for entry in entries:
            try:
                _refresh(project, entry, fetcher, accept=accept)
            except AnalysisError as fault:
                refused += 1
                click.echo(f"{entry.name}: refused, nothing pinned is changed\n  {fault}", err=True)
    return 1 if refused else 0


def _refresh(project: Project, entry: Refreshable, fetcher: Fetcher, *, accept: bool) -> None:
    from analysis.refresh import pipeline, report

    found = pipeline.propose(project, entry, fetcher, _today())
    for came in found.fetched:
        when = f" of {came.dated}" if came.dated else ""
        offline = ", offline" if fetcher.offline else ""
        click.echo(f"{came.origin}{when}{offline}: {came.url}")
    if found.dating.note:
        click.echo(found.dating.note)
    click.echo(report.difference(found.difference, found.info, entry))
    if not found.difference:
        return
    click.echo(report.verdict_changes(found.verdict_changes))
    if accept:
        pipeline.accept(project, found)
        click.echo(f"accepted; `claims data rollback {entry.name}` undoes it")
    else:
        click.echo(f"not accepted: `claims data refresh {entry.name} --offline --accept` takes it")


@click.command()
@selection.TABLE
@click.option("--to", "label", help="The state's label, from `claims data vintages` [youngest].")
def rollback(table: str, label: str | None) -> None:
    """Put an earlier state of a table back; the present one is kept like any other.

    \b
    claims data rollback trade/gdp
    """
    from analysis.refresh import acceptance, transaction

    project = audit.project()
    table = _named(project, table)
    with transaction.locked(project):
        transaction.recover(project)
        kept, files = acceptance.rollback_files(project, table, label, day=_today())
        transaction.commit(project, files)
    click.echo(f"{table}: back in the state {kept.label} ({kept.rows} rows)")


@click.command()
@selection.ANY_TABLE
def vintages(table: str | None) -> None:
    """List the earlier states that are kept.

    \b
    claims data vintages trade/gdp
    """
    from analysis.data import vintages as kept

    project = audit.project()
    ledger = kept.read_ledger(project)
    names = [_named(project, table)] if table else sorted(ledger)
    for name in names:
        kept.find(ledger, name)
        for each in ledger[name]:
            click.echo(f"{name:<40} {each.label}  {each.rows:>6} rows, until the {each.why}")
    states = count(sum(len(ledger[name]) for name in names), "earlier state")
    click.echo(f"kept: {states}", err=True)


@click.command()
@click.option("--repair", is_flag=True, help="Repair everything that can be repaired without loss.")
@click.pass_context
def doctor(context: click.Context, *, repair: bool) -> None:
    """Check the store of data, explain each fault, and offer its repair.

    \b
    claims doctor
    claims doctor --repair
    """
    from analysis.refresh import transaction
    from analysis.refresh.repair import examine

    project = audit.project()
    findings = examine(project)
    for finding in findings:
        click.echo(str(finding))
    if repair and any(finding.repair for finding in findings):
        with transaction.locked(project):
            _repair_all(project)
        findings = examine(project)
        click.echo(f"repaired; {len(findings)} findings are left")
    click.echo("the store is sound" if not findings else f"{len(findings)} findings", err=True)
    context.exit(1 if findings else 0)


def _repair_all(project: Project) -> None:
    """Repair one finding at a time and examine again: a repair may clear or uncover another."""
    from analysis.refresh.repair import examine

    for _ in range(MAX_REPAIRS):
        if not (usable := [each.repair for each in examine(project) if each.repair]):
            return
        usable[0]()
