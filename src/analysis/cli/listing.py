"""`claims list`, `show`, `schema`: what the article says, and the verdicts as published."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

from analysis.claims.model import defaults, waits
from analysis.cli import audit

if TYPE_CHECKING:
    from analysis.claims.model import Claim, Reading
    from analysis.project import Project

DATA_FILES = {  # what the files of data/ hold
    "catalog": ("analysis.data.catalog", "Catalog"),
    "corrections": ("analysis.data.corrections", "Corrections"),
    "connectors": ("analysis.refresh.registry", "Connectors"),
    "vintages": ("analysis.data.vintages", "Ledger"),
}


@click.command("list")
@click.option("--verdict", help="Only claims with this published verdict, e.g. SUPPORTED.")
@click.option("--section", help="Only claims of this section, e.g. C.")
@click.option("--method", help="Only claims tested by this method, e.g. level.")
@click.option("--json", "as_json", is_flag=True, help="Machine-readable output.")
def list_(verdict: str | None, section: str | None, method: str | None, as_json: bool) -> None:
    """List the claims with their published verdicts.

    \b
    claims list --section C
    claims list --verdict CONTRADICTED
    claims list --method timeline --json
    """
    from analysis.verdicts.code_table import CODES

    project, register = audit.register()
    verdict = verdict and verdict.upper()
    audit.one_of("--verdict", verdict, CODES)
    audit.one_of("--section", section, register.sections)
    methods = sorted({claim.method for claim in register.claims.values()} - {""})
    audit.one_of("--method", method, methods)
    entries = audit.published(project)
    rows = [
        {
            "id": claim.id,
            "section": claim.section,
            "method": claim.method or None,
            "verdict": entries.get(claim.id, {}).get("verdict", {}).get("publication"),
            "statement": claim.statement,
        }
        for claim in register.claims.values()
        if section in (None, claim.section) and method in (None, claim.method)
    ]
    if verdict:
        rows = [row for row in rows if row["verdict"] and row["verdict"]["code"] == verdict]
    if as_json:
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    for row in rows:
        code = row["verdict"]["code"] if row["verdict"] else "-"
        click.echo(f"{row['id']:<4} {code:<21} {row['method'] or '-':<12} {row['statement']}")
    click.echo(f"{len(rows)} of {len(register.claims)} claims", err=True)


@click.command()
@click.argument("name", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="The published entry as JSON.")
@click.option("--full", is_flag=True, help="The claim as YAML, with everything it leaves out.")
def show(name: str, as_json: bool, full: bool) -> None:
    """Show one claim: rule, readings, choices and parameters; what was measured, and the verdict.

    \b
    claims show ID
    claims show ID --json
    claims show ID --full
    """
    project, register = audit.register()
    claim = register.claim(name)
    if full:
        click.echo(_in_full(claim.id, register.entries[claim.id]), nl=False)
        return
    entry = audit.published(project).get(claim.id, {})
    if as_json:
        click.echo(json.dumps(entry, indent=2, ensure_ascii=False))
        return
    click.echo(f"{claim.id}  {register.sections[claim.section]}, {claim.locator}")
    click.echo(claim.statement)
    for label, text in _described(claim, entry, project):
        click.echo(f"\n{label}\n  {text}")


def _in_full(name: str, entry: Mapping[str, Any]) -> str:
    """The entry of a claim as it would stand in a file that leaves nothing to defaults."""
    from yaml import safe_dump

    beside = ("names", "searches")  # of the register, not of the claim
    own = {key: value for key, value in entry.items() if key not in beside}
    text: str = safe_dump({name: own}, sort_keys=False, allow_unicode=True, width=100)
    return text


def _described(
    claim: Claim, entry: Mapping[str, Any], project: Project
) -> Iterator[tuple[str, str]]:
    if not claim.testable:
        yield "Not testable", f"{claim.reason}: {claim.why}"
        yield "Testable if", claim.remedy
        return
    readings = [
        f"{reading.name} ({', '.join([reading.kind, *_changed(reading)])}): {reading.statement}"
        for reading in claim.readings
    ]
    choices = [f"{name}: {', '.join(map(str, options))}" for name, options in claim.grid.items()]
    yield "Core", claim.core
    yield "Rule", claim.rule
    yield "Readings", "\n  ".join(readings)
    yield "Choices", "\n  ".join(choices) or "none"
    runs = not waits(claim)
    if runs:
        yield "Registered choice", _listed(claim.preferred().choices) or "none"
    yield "Reads", ", ".join(claim.tables)
    if claim.verb:
        yield "Asserts", ", ".join(filter(None, (claim.verb, claim.quantity, claim.difference)))
    if claim.fixed:
        yield "Fixed by the rule", ", ".join(claim.fixed)
    yield from _verdicts(entry, project)
    if claim.decided_by:
        yield "Would be decided by", claim.decided_by
    if claim.searches:
        from analysis.claims.search_log import line

        yield "Looked for", "\n  ".join(map(line, claim.searches))
    if runs:  # last, for recipes are long
        parameters = {**defaults(claim.method), **claim.preferred().parameters}
        yield "Parameters", _listed(parameters)


def _changed(reading: Reading) -> Iterator[str]:
    if reading.changes:
        yield f"no vote: changes the {' and '.join(reading.changes)}"


def _verdicts(entry: Mapping[str, Any], project: Project) -> Iterator[tuple[str, str]]:
    from analysis.cli import summary

    for vintage in entry.get("verdict", {}):
        found = summary.described(entry, vintage, project)
        lines = [
            summary.verdict(entry, vintage),
            *(f"{label}: {text}" for label, text in found),
        ]
        yield f"Verdict, {vintage}", "\n  ".join(lines)


def _listed(values: Mapping[str, Any]) -> str:
    shown = {
        name: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        for name, value in values.items()
    }
    return "\n  ".join(f"{name}: {value}" for name, value in shown.items())


@click.command()
@click.argument("file", type=click.Choice(["claims", *DATA_FILES]), default="claims")
def schema(file: str) -> None:
    """Print the JSON Schema of a YAML file of an audit, for editors.

    FILE is claims, if left out, or one of data/: catalog, corrections, connectors, vintages.

    \b
    claims schema > claims.schema.json
    claims schema catalog > catalog.schema.json
    """
    click.echo(json.dumps(_schema(file), indent=2))


def _schema(file: str) -> dict[str, Any]:
    if file == "claims":
        from analysis.claims.schema import schema as grammar

        return grammar()
    from analysis.data import loading, type_check

    module, kind = DATA_FILES[file]
    return type_check.json_schema(**{file: loading.form(getattr(import_module(module), kind))})
