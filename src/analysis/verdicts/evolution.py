"""How verdicts evolved: the file of a replay, and whether it is up to date."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Any

from analysis.data.catalog import Catalog
from analysis.errors import AnalysisError
from analysis.verdicts import results
from analysis.verdicts.as_of import Standing, quarters
from analysis.verdicts.wording import Text

if TYPE_CHECKING:
    from analysis.claims.model import Claim
    from analysis.claims.registry import Register
    from analysis.project import Project

SCHEMA_VERSION = 1
Evolution = Mapping[str, Any]  # as `kept` makes it


def days(first: int, published: date, last: date) -> tuple[date, ...]:
    """The quarters' ends from the year `first` on, the article's own day, and the last day.

    >>> [day.isoformat() for day in days(2024, date(2024, 5, 2), date(2024, 6, 30))]
    ['2024-03-31', '2024-05-02', '2024-06-30']
    """
    ends = quarters(first, last)
    return tuple(sorted({*ends, published} if published < last else set(ends)))


def kept(
    project: Project, register: Register, days: Sequence[date], standings: Iterable[Standing]
) -> dict[str, Any]:
    """What a replay found, with the digest of what each claim's verdicts were made from."""
    catalog = Catalog.read(project)
    claims: dict[str, Any] = {}
    for each in standings:
        claim = register.claim(each.claim)
        entry = claims.setdefault(
            each.claim, {"made_from": _digest(claim, catalog), "codes": [], "certainty": []}
        )
        entry["codes"].append(each.code)
        entry["certainty"].append(each.certainty)
    return {
        "schema_version": SCHEMA_VERSION,
        "published": register.article.published.isoformat(),
        "days": [day.isoformat() for day in days],
        "claims": claims,
    }


def read(project: Project) -> dict[str, Any]:
    """What the last replay left. AnalysisError where there is none, or it is of another version."""
    path = project.replayed
    if not path.is_file():
        raise AnalysisError("nothing was replayed yet: `claims replay`", file=project.show(path))
    found: dict[str, Any] = results.read(path)
    if found.get("schema_version") != SCHEMA_VERSION:
        expected = f"expected schema_version {SCHEMA_VERSION}"
        message = f"{expected}, found {found.get('schema_version')}; run `claims replay`"
        raise AnalysisError(message, file=project.show(path))
    return found


def stale(project: Project, register: Register, evolution: Evolution) -> tuple[str, ...]:
    """The claims whose rule or tables have changed since they were replayed."""
    catalog = Catalog.read(project)
    return tuple(
        name
        for name, entry in evolution["claims"].items()
        if name not in register.claims
        or entry["made_from"] != _digest(register.claim(name), catalog)
    )


def arranged(evolution: Evolution, register: Register, project: Project) -> dict[str, Any]:
    """The evolution by section of the article, with titles, and without what is no claim now."""
    inside = {
        f"{section}. {title}": [
            claim.id
            for claim in register.claims.values()
            if claim.section == section and claim.id in evolution["claims"]
        ]
        for section, title in register.sections.items()
    }
    return {
        **evolution,
        "article": register.article.title,
        "sections": {title: names for title, names in inside.items() if names},
        "titles": {claim.id: claim.title for claim in register.claims.values()},
        "stale": stale(project, register, evolution),
    }


def turns(arranged: Evolution) -> Text:
    """When the verdict of each claim became another, as a table; and what is out of date."""
    lines = ["| claim | verdicts, each with the first day on which it was seen |", "|---|---|"]
    for names in arranged["sections"].values():
        lines += [f"| {name} | {_turns(arranged, name)} |" for name in names]
    old = arranged["stale"]
    changed = f"Changed since they were replayed, run `claims replay`: {', '.join(old)}."
    note = changed if old else "No claim has changed since the replay."
    return Text("\n".join([*lines, "", note]))


def _turns(arranged: Evolution, name: str) -> str:
    codes = arranged["claims"][name]["codes"]
    pairs = zip(arranged["days"], codes, ["", *codes[:-1]], strict=True)
    return ", ".join(f"{day} {code}" for day, code, before in pairs if code != before)


def _digest(claim: Claim, catalog: Catalog) -> str:
    checksums = {name: catalog.sha256(name) for name in claim.tables}
    text = json.dumps([asdict(claim), checksums], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
