"""A record in a few lines: what was measured, how certain that is, and what decided."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from analysis.formatting import bounds, number
from analysis.verdicts import results
from analysis.verdicts.rules import FAILING_ALLOWED, STANDARD

if TYPE_CHECKING:
    from analysis.execution.plan import Job
    from analysis.project import Project

Record = Mapping[str, Any]
PUBLICATION = "publication"
SHOWN_SOURCES = 3  # sources that a line names
BEST_GRADE = 4  # the best grade of a source
_MOST, _ALL = f"{STANDARD.most:.0%}", f"{STANDARD.nearly_all:.0%}"
_BY_SHARES = {
    "SUPPORTED": f"at least {_ALL} pass and at most {FAILING_ALLOWED:.0%} fail",
    "MOSTLY_SUPPORTED": f"at least {_MOST} pass",
    "DEFINITION_DEPENDENT": f"neither {_MOST} pass nor {_MOST} fail with the preferred choice",
    "MOSTLY_CONTRADICTED": f"at least {_MOST} fail",
    "CONTRADICTED": f"at least {_ALL} fail",
}


def lines(project: Project, job: Job) -> Iterator[str]:
    """The record of a job in lines; none without a record."""
    path = job.folder / "records" / f"{job.claim}.json"
    if not job.recorded or not path.exists():
        return
    entry, vintage = results.read(path), job.parameters["vintage"]
    changed = ", ".join(f"{name}={_shown(value)}" for name, value in job.changes.items())
    how = f" with {changed}" if changed else ""
    yield f"{job.claim}{how}, {vintage}: {verdict(entry, vintage)}"
    for label, text in described(entry, vintage, project):
        yield f"  {label}: {text}"


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
    yield "decided by", "; ".join([*_rule(entry, vintage), *detail.get("reasons", [])])


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


def _rule(entry: Record, vintage: str) -> Sequence[str]:
    """The rule that decided, if it follows from the record."""
    brief, reasons = entry["verdict"][vintage], entry["detail"][vintage].get("reasons", ())
    code = brief["code"]
    if code == "INSUFFICIENT" and brief["certainty"] == "VERY_LOW":
        return ["evidence of very low certainty gives no verdict"]
    if code not in _BY_SHARES or any(reason.startswith("readings disagree") for reason in reasons):
        return []
    shares = entry["robustness"] if vintage == PUBLICATION else {}
    passing, failing = shares.get("pass_share") or 0, shares.get("fail_share") or 0
    firm = {
        "MOSTLY_SUPPORTED": passing >= STANDARD.nearly_all and failing <= FAILING_ALLOWED,
        "MOSTLY_CONTRADICTED": failing >= STANDARD.nearly_all,
    }
    if firm.get(code) and brief["certainty"] == "LOW":
        return [f"at low certainty no verdict is firmer than {code}"]
    return [] if firm.get(code) else [_BY_SHARES[code]]


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
