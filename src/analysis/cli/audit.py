"""What every command needs of the audit that it works on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import click

from analysis.errors import AnalysisError, suggest

if TYPE_CHECKING:
    from analysis.claims.model import Claim
    from analysis.claims.registry import Register
    from analysis.project import Project

NAMED = 5  # claims that a warning names
# What leaves files in an audit says in which: a forgotten `cd` must not go unseen.
WRITING = frozenset(
    {
        "run",
        "sweep",
        "check",
        "publish",
        "replay",
        "report",
        "graph",
        "export",
        "bundle",
        "data add",
        "data pin",
        "data seal",
        "data refresh",
        "data rollback",
        "doctor",
        "new claim",
        "new notebook",
    }
)


def project() -> Project:
    """The audit of the working directory or the environment; a command that writes prints it."""
    from analysis.errors import ProjectError
    from analysis.project import Project

    found = Project.find()
    try:
        str(found.root).encode()
    except UnicodeEncodeError:
        message = (
            "the name of this folder is not UTF-8, and no notebook can hold it: rename the folder"
        )
        raise ProjectError(message, file=str(found.root)) from None
    context = click.get_current_context(silent=True)
    _, _, command = (context.command_path if context else "").partition(" ")
    quiet = bool(context and context.params.get("quiet"))
    if command in WRITING and not quiet:
        click.echo(f"audit: {found.root}", err=True)
    for path in found.shadows:
        hidden = "hides this library from the notebooks beside it: rename it"
        click.echo(f"warning: {found.show(path)} {hidden}", err=True)
    return found


def waiting(holder: str) -> None:
    """Print which process is waited for."""
    click.echo(f"waiting for process {holder}, which is at work here", err=True)


def register() -> tuple[Project, Register]:
    """The audit and its claims, whose recipes fit the tables."""
    from analysis.claims import registry

    found = project()
    register = registry.read(found)
    for line in registry.check_recipes(found):
        click.echo(f"warning: {line}", err=True)
    return found, register


def aged() -> Project:
    """The audit; what is passed on and is not up to date is named first."""
    from analysis.execution.inputs import InputHashes
    from analysis.execution.plan import plan
    from analysis.execution.stale import find_stale

    found, known = register()
    if late := find_stale(plan(found, known), InputHashes(found, known)).reasons:
        more = f" and {len(late) - NAMED} more" if len(late) > NAMED else ""
        named = f"{', '.join([*late][:NAMED])}{more}"
        counted = "1 claim is" if len(late) == 1 else f"{len(late)} claims are"
        message = f"warning: {counted} not up to date ({named}): `claims run` first, or an older"
        click.echo(f"{message} result is shown", err=True)
    return found


def published(project: Project) -> dict[str, Mapping[str, Any]]:
    """The published entry of each claim; empty before the first publication."""
    from analysis.verdicts import results

    if not project.published.exists():
        return {}
    return {entry["id"]: entry for entry in results.read_results(project.published)["claims"]}


def results(project: Project) -> tuple[Mapping[str, Mapping[str, Any]], bool]:
    """The published entry of each claim, else that of the last whole run; which of the two."""
    from analysis.verdicts import results as results_file

    if project.published.exists() or not project.fresh.exists():
        return published(project), project.published.exists()
    found = results_file.read_results(project.fresh)["claims"]
    return {entry["id"]: entry for entry in found}, False


def failed(project: Project, claim: str) -> bool:
    """Whether the last run of a claim failed, so that what is known of it is older."""
    return (project.build / "failures" / f"{claim}.json").exists()


def unpublished(project: Project, claim: Claim, entry: Mapping[str, Any]) -> Mapping[str, Any]:
    """The record of a claim's last run, if that gave another verdict or number; else nothing.

    A claim that cannot be tested now may have an older record, which says nothing of it.
    """
    from analysis.drift.diff import equal
    from analysis.verdicts import results

    path = project.build / "records" / f"{claim.id}.json"
    if not claim.testable or not entry or not path.exists():
        return {}
    with suppress(AnalysisError):  # a damaged record is told by what makes it again
        found: Mapping[str, Any] = results.read(path)
        for part in ("verdict", "estimate", "claimed"):
            if not equal(found.get(part), entry.get(part)):
                return found
    return {}


def one_of(option: str, value: str | None, known: Iterable[str]) -> None:
    """A word that no claim can have would list nothing: it is an error that names the others."""
    known = list(known)
    if value is not None and value not in known:
        message = f"{option}: no {value!r}{suggest(value, known)}; one of: {', '.join(known)}"
        raise click.UsageError(message)
