"""A record in a few lines: what was measured, how certain that is, and what decided."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from analysis.formatting import bounds, number
from analysis.verdicts import results
from analysis.verdicts.code_table import WORDS

if TYPE_CHECKING:
    from analysis.execution.plan import Job
    from analysis.project import Project

Record = Mapping[str, Any]
PUBLICATION = "publication"
SHOWN_SOURCES = 3  # sources that a line names
BEST_GRADE = 4  # the best grade of a source


def lines(project: Project, job: Job) -> Iterator[str]:
    """The record of a job in lines; none without a record."""
    path = job.folder / "records" / f"{job.claim}.json"
    if not job.recorded or not path.exists():
        return
    entry, vintage = results.read(path), job.parameters["vintage"]
    how = f" with {changed(job.changes)}" if job.changes else ""
    yield f"{job.claim}{how}, {vintage}: {verdict(entry, vintage)}"
    for label, text in described(entry, vintage, project):
        yield f"  {label}: {text}"


def changed(parameters: Mapping[str, Any]) -> str:
    """Parameters in place of the registered ones, as the command line takes them."""
    return ", ".join(f"{name}={_shown(value)}" for name, value in parameters.items())


def verdict(entry: Record, vintage: str) -> str:
    """The code, and the certainty where there is one."""
    brief = entry["verdict"][vintage]
    return f"{brief['code']}{f', certainty {found}' if (found := brief['certainty']) else ''}"


def described(entry: Record, vintage: str, project: Project) -> Iterator[tuple[str, str]]:
    """Labels and texts: measured, claimed, certainty, decided; none of a claim that has not run."""
    detail = entry.get("detail", {}).get(vintage)
    if not detail:
        return
    yield "measured", measured(entry, detail)
    if claimed := entry.get("claimed"):
        yield "claimed", claimed
    if grade := detail.get("certainty"):
        yield "certainty", "; ".join([_start(grade["start"], detail, project), *grade["reasons"]])
    yield "decided by", "; ".join([*_rule(detail), *detail.get("reasons", [])])


def measured(entry: Record, detail: Record) -> str:
    """The value with its interval and its unit."""
    if detail.get("value") is None:
        return "nothing: no admissible evidence"
    within = bounds(detail["low"], detail["high"])
    return f"{number(detail['value'])} {entry['estimate']['unit']}{within}"


def _start(start: int, detail: Record, project: Project) -> str:
    """Where the certainty starts, and whose grade that is."""
    from analysis.data.sources import Sources

    text = f"starts at {start} of {BEST_GRADE}"
    if start == BEST_GRADE:
        return text
    sources = Sources.read(project)
    known = [name for name in detail.get("sources", ()) if name in sources]
    weak = [name for name in known if sources[name].grade == start]
    if not weak:
        return text
    more = f" and {len(weak) - SHOWN_SOURCES} more" if len(weak) > SHOWN_SOURCES else ""
    quality = sources[weak[0]].quality
    return f"{text}, the grade of {', '.join(weak[:SHOWN_SOURCES])}{more} ({quality})"


def _rule(detail: Record) -> Sequence[str]:
    """The row of the table that gave the code; none in a record from before it was kept."""
    name = detail.get("rule", "")
    return [WORDS[name]] if name in WORDS else []


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
