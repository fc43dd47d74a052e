"""A record in a few lines: what was measured, how certain that is, and what decided."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from analysis.formatting import in_percent, quantity
from analysis.verdicts import results, wording
from analysis.verdicts.code_table import RULE_WORDS

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
    yield f"  {wording.finding(entry, vintage)}"
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
    """Labels and texts: measured, criterion, certainty, decided; none of a claim without a run."""
    detail = entry.get("detail", {}).get(vintage)
    if not detail:
        return
    stages = _stages(entry, project)
    yield "measured", measured(entry, detail, stages)
    if claimed := entry.get("claimed"):
        comparison, _, threshold = claimed.rpartition(" ")
        shown = f"{comparison} {stages[round(float(threshold))]}" if stages else claimed
        yield "criterion", in_percent(shown, entry["estimate"]["unit"])
    if grade := detail.get("certainty"):
        yield "certainty", "; ".join([_start(grade["start"], detail, project), *grade["reasons"]])
    yield "decided by", "; ".join([*_rule(detail), *detail.get("reasons", [])])


def measured(entry: Record, detail: Record, stages: Sequence[str] = ()) -> str:
    """The value with its interval and its unit, or the name of the stage that it stands for."""
    if detail.get("value") is None:
        return "nothing: no admissible evidence"
    if stages:
        return str(stages[round(detail["value"])])
    return quantity(detail["value"], detail["low"], detail["high"], entry["estimate"]["unit"])


def _stages(entry: Record, project: Project) -> Sequence[str]:
    """The names of the stages that whole values of a claim stand for; none where they do not."""
    if entry["estimate"]["unit"] != "rung":
        return ()
    from analysis.claims import registry

    claim = registry.read(project).claim(entry["id"])
    return [claim.called(name) for name in claim.preferred().parameters["ladder"]]


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
    return [RULE_WORDS[name]] if name in RULE_WORDS else []


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
