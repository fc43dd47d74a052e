"""`claims variants`: what was run with other parameters, beside what is registered."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import click

from analysis.cli import audit, columns, selection, summary
from analysis.errors import AnalysisError

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.claims.registry import Register
    from analysis.execution.inputs import InputHashes
    from analysis.project import Project

REGISTERED = "as registered"
HEADER = ("ID", "verdict", "certainty", "measured", "vintage", "state", "changed")
FIELDS = ("claim", *HEADER[1:])  # of a variant, in this order


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """The result of a claim under other parameters; `state` says whether it is up to date."""

    claim: str
    verdict: str
    certainty: str | None
    measured: str
    vintage: str
    state: str
    changed: str
    folder: str


@click.command()
@selection.NAMES
@selection.filters
@click.option("--json", "as_json", is_flag=True, help="Machine-readable output.")
def variants(names: tuple[str, ...], *, as_json: bool, **given: Any) -> None:
    """Compare what was run with -p, -f, --reading or --vintage with what is registered.

    \b
    claims run ID -p reporter=Norland
    claims variants
    claims variants ID --json
    """
    project, register = audit.register()
    filters = selection.Filters.popped(given)
    wanted = selection.chosen(project, register, names, filters) or tuple(register.claims)
    found = list(_all(project, register, wanted))
    if as_json:
        click.echo(json.dumps([asdict(each) for each in found], indent=2, ensure_ascii=False))
    elif found:
        columns.show(HEADER, [[getattr(each, name) or "-" for name in FIELDS] for each in found])
        click.echo("Figures, notebooks and records: build/variants/", err=True)
    else:
        click.echo("no variant yet: `claims run ID -p NAME=VALUE` makes one", err=True)


def _all(project: Project, register: Register, wanted: tuple[str, ...]) -> Iterator[Variant]:
    """The variants of each claim, behind what is registered of it."""
    from analysis.execution.inputs import InputHashes

    hashes, published = InputHashes(project, register), audit.published(project)
    for name in wanted:
        notes = sorted(project.build.glob(f"variants/{name}-*/manifest/{name}.json"))
        found = [each for path in notes if (each := _variant(project, hashes, name, path))]
        if found and name in published:
            yield _described(published[name], "publication", "published", REGISTERED, "")
        yield from found


def _variant(project: Project, hashes: InputHashes, name: str, note: Path) -> Variant | None:
    """What a folder of a variant holds; None if it cannot be read, as after another version."""
    from analysis.verdicts import results

    folder = note.parents[1]
    with suppress(OSError, ValueError, KeyError, AnalysisError):
        given = json.loads(note.read_text(encoding="utf-8"))["inputs"]["parameters"]
        entry = results.read(folder / "records" / f"{name}.json")
        own = {"reading": given["reading"]} if given.get("reading") else {}
        changed = summary.changed({**own, **given["parameters"]})
        state = _state(hashes, name, given)
        return _described(entry, given["vintage"], state, changed, project.show(folder))
    return None


def _state(hashes: InputHashes, name: str, given: Mapping[str, Any]) -> str:
    """Whether the same command would run it again, or is an error by now."""
    from analysis.execution.plan import plan
    from analysis.execution.stale import find_stale

    try:
        todo = plan(
            hashes.project,
            hashes.register,
            [name],
            given["parameters"],
            given["vintage"],
            reading=given.get("reading", ""),
        )
    except AnalysisError:
        return "no longer possible"
    return "out of date" if find_stale(todo, hashes).jobs else "up to date"


def _described(
    entry: Mapping[str, Any], vintage: str, state: str, changed: str, folder: str
) -> Variant:
    brief, detail = entry["verdict"][vintage], entry.get("detail", {}).get(vintage)
    return Variant(
        claim=entry["id"],
        verdict=brief["code"],
        certainty=brief["certainty"],
        measured=summary.measured(entry, detail) if detail else "",
        vintage=vintage,
        state=state,
        changed=changed,
        folder=folder,
    )
