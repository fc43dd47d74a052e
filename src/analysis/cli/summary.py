"""A record in a few lines: what was measured, how certain that is, and what decided."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from analysis.verdicts import results, wording
from analysis.verdicts.rules import FAILING_ALLOWED, STANDARD

if TYPE_CHECKING:
    from analysis.execution.plan import Job
    from analysis.project import Project

Record = Mapping[str, Any]
PUBLICATION = "publication"
FEW = 3  # sources that a line names
STRONGEST = 4  # the best grade of a source
_MOST, _ALL = f"{STANDARD.most:.0%}", f"{STANDARD.nearly_all:.0%}"
_BY_SHARES = {
    "SUPPORTED": f"at least {_ALL} pass and at most {FAILING_ALLOWED:.0%} fail",
    "MOSTLY_SUPPORTED": f"at least {_MOST} pass",
    "DEFINITION_DEPENDENT": f"neither {_MOST} pass nor {_MOST} fail with the preferred choice",
    "MOSTLY_CONTRADICTED": f"at least {_MOST} fail",
    "CONTRADICTED": f"at least {_ALL} fail",
}


def lines(project: Project, job: Job) -> Iterator[str]:
    """What the job's record says; nothing where it has left none."""
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
    value, low, high = (wording.number(detail[name]) for name in ("value", "low", "high"))
    within = "" if low == high else f" ({low} to {high})"
    return f"{value} {entry['estimate']['unit']}{within}"


def _start(start: int, detail: Record, project: Project) -> str:
    """Where the certainty starts, and whose grade that is."""
    from analysis.data.sources import Sources

    told = f"starts at {start} of {STRONGEST}"
    if start == STRONGEST:
        return told
    sources = Sources.read(project)
    known = [name for name in detail.get("sources", ()) if name in sources]
    weak = [name for name in known if sources[name].grade == start]
    if not weak:
        return told
    more = f" and {len(weak) - FEW} more" if len(weak) > FEW else ""
    quality = sources[weak[0]].quality
    return f"{told}, the grade of {', '.join(weak[:FEW])}{more} ({quality})"


def _rule(entry: Record, vintage: str) -> Sequence[str]:
    """The rule that fired last, as far as a record lets it be told."""
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
