"""`claims list`, `show`, `schema`: what the article says, and the verdicts as published."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from math import prod
from typing import TYPE_CHECKING, Any

import click

from analysis.claims.model import defaults, waits
from analysis.cli import audit, columns, selection
from analysis.formatting import count, number

if TYPE_CHECKING:
    from analysis.claims.model import Claim, Reading
    from analysis.claims.registry import Register
    from analysis.project import Project

UNPUBLISHED = "*"  # behind a verdict of a run that was not published
MOVED = "!"  # behind a published verdict, where the last run gave another verdict or number
FAILED = "FAILED"  # in place of a verdict that the last run did not reach
HEADER = ("ID", "verdict", "certainty", "method", "statement")
DATA_FILES = {  # what the files of data/ hold
    "catalog": ("analysis.data.catalog", "Catalog"),
    "corrections": ("analysis.data.corrections", "Corrections"),
    "connectors": ("analysis.refresh.registry", "Connectors"),
    "vintages": ("analysis.data.vintages", "Ledger"),
}


@click.command("list")
@selection.NAMES
@selection.filters
@click.option("--json", "as_json", is_flag=True, help="Machine-readable output.")
def list_(names: tuple[str, ...], *, as_json: bool, **given: Any) -> None:
    """List the claims with their published verdicts, all of them or a selection.

    Before the first `claims publish` the verdicts are those of the last whole run, with a mark.

    \b
    claims list
    claims list 'C*' --verdict CONTRADICTED
    claims list --section C --certainty HIGH
    claims list --method timeline --json
    """
    project, register = audit.register()
    filters = selection.Filters.popped(given)
    found = selection.filtered(project, register, filters)
    if names:
        named = {each for word in names for each in selection.matching(register, word)}
        found = [name for name in found if name in named]
    entries, published = audit.results(project)
    rows = [
        {
            **_row(claim, entries.get(claim.id, {}), full=as_json),
            "failed": audit.failed(project, claim.id),
            "published": published,
            "moved": published
            and bool(audit.unpublished(project, claim, entries.get(claim.id, {}))),
        }
        for claim in map(register.claims.__getitem__, found)
    ]
    if as_json:
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    columns.show(HEADER, [_cells(row) for row in rows])
    click.echo(f"{len(rows)} of {len(register.claims)} claims", err=True)
    if failed := [row["id"] for row in rows if row["failed"]]:
        click.echo(f"{FAILED}: the last run failed ({', '.join(failed)}): `claims run`", err=True)
    if moved := [row["id"] for row in rows if row["moved"]]:
        what = f"{MOVED} the last run differs from what is published"
        click.echo(f"{what}: `claims show {moved[0]}`, `claims check --no-run`", err=True)
    if entries and not published:
        click.echo(f"{UNPUBLISHED} verdicts of the last run: nothing is published yet", err=True)


def _row(claim: Claim, entry: Mapping[str, Any], *, full: bool) -> dict[str, Any]:
    """A claim as `--json` lists it; the finding only in full."""
    return {
        "id": claim.id,
        "section": claim.section,
        "method": claim.method or None,
        "verdict": entry.get("verdict", {}).get("publication"),
        "statement": claim.statement,
        "finding": _finding(entry) if full else None,
    }


def _cells(row: Mapping[str, Any]) -> list[str]:
    verdict = row["verdict"] or {}
    mark = MOVED if row["moved"] else "" if row["published"] else UNPUBLISHED
    code = verdict.get("code") and f"{verdict['code']}{mark}"
    about = (FAILED, None) if row["failed"] else (code, verdict.get("certainty"))
    return [row["id"], *(each or "-" for each in (*about, row["method"])), row["statement"]]


@click.command()
@selection.NAME
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
    claim = register.claims[selection.one(register, name)]
    if full:
        click.echo(_in_full(claim.id, register.entries[claim.id]), nl=False)
        return
    entry = audit.published(project).get(claim.id, {})
    if as_json:
        click.echo(json.dumps(entry, indent=2, ensure_ascii=False))
        return
    click.echo(f"{claim.id}  {register.sections[claim.section]}, {claim.locator}")
    click.echo(claim.statement)
    for label, text in _described(claim, entry, project, register):
        click.echo(f"\n{label}\n  {text}")


def _finding(entry: Mapping[str, Any]) -> str | None:
    from analysis.verdicts import wording

    return wording.finding(entry) if entry else None


def _in_full(name: str, entry: Mapping[str, Any]) -> str:
    """The entry of a claim as it would stand in a file that leaves nothing to defaults."""
    from yaml import safe_dump

    beside = ("names", "searches")  # of the register, not of the claim
    own = {key: value for key, value in entry.items() if key not in beside}
    text: str = safe_dump({name: own}, sort_keys=False, allow_unicode=True, width=100)
    return text


def _described(
    claim: Claim, entry: Mapping[str, Any], project: Project, register: Register
) -> Iterator[tuple[str, str]]:
    if not claim.testable:
        yield "Not testable", f"{claim.reason}: {claim.why}"
        yield "Testable if", claim.remedy
        return
    readings = [
        f"{reading.name} ({', '.join([reading.kind, *_changed(reading)])}): {reading.statement}"
        for reading in claim.readings
    ]
    yield "Core", claim.core
    yield "Rule", claim.rule
    yield "Readings", "\n  ".join(readings)
    runs = not waits(claim)
    if runs:
        yield from _choices(claim, register)
        yield "Registered choice", _listed(claim.preferred().choices) or "none"
    yield "Reads", ", ".join(claim.tables)
    if claim.verb:
        yield "Asserts", _asserted(claim)
    if claim.fixed:
        yield "Fixed by the rule", ", ".join(claim.fixed)
    yield from _verdicts(claim, entry, project)
    if claim.decided_by:
        yield "Would be decided by", claim.decided_by
    if claim.searches:
        from analysis.claims.search_log import line

        lines = (line(each).removeprefix(f"{claim.id}, ") for each in claim.searches)
        yield "Looked for", "\n  ".join(lines)
    if runs:  # last, for recipes are long
        parameters = {**defaults(claim.method), **claim.preferred().parameters}
        said = {name: value for name, value in parameters.items() if value not in ("", (), {}, [])}
        plain = {name: _brief(value, claim.id) for name, value in said.items()}
        yield "Parameters", _listed(plain)


def _choices(claim: Claim, register: Register) -> Iterator[tuple[str, str]]:
    """The choices in readers' words, and what of them makes no sense together."""
    from analysis.site import words

    lines = []
    for name, options in claim.grid.items():
        word = words.choice(name, register.choices)
        shown = ", ".join(_option(claim, name, each) for each in options)
        lines.append(f"{name} ({word.word}): {shown}")
    yield "Choices", "\n  ".join(lines) or "none"
    if claim.constraints:
        every = prod(len(options) for options in claim.grid.values())
        sensible = sum(1 for _ in claim.specifications(claim.literal))
        rules = (f"{_both(each.when)} only with {_both(each.only)}" for each in claim.constraints)
        head = f"{count(every, 'combination')}, {number(sensible)} make sense:"
        yield "What goes together", "\n  ".join([head, *rules])


def _both(choices: Mapping[str, Sequence[Any]]) -> str:
    return ", ".join(f"{name}={' or '.join(map(str, own))}" for name, own in choices.items())


def _option(claim: Claim, name: str, value: Any) -> str:
    """An option with the words that a reader is shown, where they differ."""
    from analysis.site import words

    slug = str(value)
    meant = words.option(name, claim.called(slug)) if isinstance(value, str) and slug else slug
    return slug if meant in (slug, slug.replace("_", " ")) else f"{slug} = {meant}"


def _asserted(claim: Claim) -> str:
    """What the sentence is read to assert, as labels: its verb, a quantity, a difference."""
    parts = {"verb": claim.verb, "quantity": claim.quantity, "difference": claim.difference}
    return "; ".join(f"{name}: {own}" for name, own in parts.items() if own)


def _brief(value: Any, name: str) -> Any:
    """A parameter; of recipes only how many there are."""
    nested = isinstance(value, Mapping | list | tuple) and any(
        isinstance(each, Mapping | list | tuple)
        for each in (value.values() if isinstance(value, Mapping) else value)
    )
    return f"{len(value)} recipes: `claims show {name} --full`" if nested else value


def _changed(reading: Reading) -> Iterator[str]:
    if reading.changes:
        yield f"no vote: changes the {' and '.join(reading.changes)}"


def _verdicts(
    claim: Claim, entry: Mapping[str, Any], project: Project
) -> Iterator[tuple[str, str]]:
    from analysis.cli import summary
    from analysis.verdicts import wording

    for vintage in entry.get("verdict", {}):
        found = summary.described(entry, vintage, project)
        lines = [
            summary.verdict(entry, vintage),
            wording.finding(entry, vintage),
            *(f"{label}: {text}" for label, text in found),
        ]
        yield f"Verdict, {vintage}", "\n  ".join(lines)
    if moved := audit.unpublished(project, claim, entry):
        yield (
            "Last run, not published",
            "\n  ".join(
                f"{vintage}: {summary.verdict(moved, vintage)}. {wording.finding(moved, vintage)}"
                for vintage in moved["verdict"]
            ),
        )


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
    return data_schema(file)


def data_schema(file: str) -> dict[str, Any]:
    """The JSON Schema of a YAML file of data/, by its name without the ending."""
    from analysis.data import loading, type_check
    from analysis.data.catalog_keys import MEANINGS

    module, kind = DATA_FILES[file]
    found = type_check.json_schema(**{file: loading.form(getattr(import_module(module), kind))})
    for name, meanings in MEANINGS.items() if file == "catalog" else ():
        for key, own in found["$defs"][name]["properties"].items():
            own["description"] = meanings[key]
    return found
