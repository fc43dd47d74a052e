"""What a run leaves behind: a record per claim, the published results, and what moved since."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis.errors import AnalysisError
from analysis.project import write_atomically
from analysis.sweeps import LATEST, PUBLICATION, VINTAGES
from analysis.verdicts import Grade, Judgement, Verdict, untestable

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.claims import Claim
    from analysis.register import Register

SCHEMA_VERSION = 1
DIGITS = 12  # significant digits kept in a record; the last bits of a float are noise
SHOWN = 80  # characters of a changed value that a message repeats
SAME = 1e-9  # relative difference under which two numbers are equal


def record(claim: Claim, judgement: Judgement, figure: Mapping[str, str]) -> dict[str, Any]:
    """The record of a claim that was run: plain values, ready to be written as JSON.

    `figure` holds `svg_sha256` and `data_sha256` of the claim's figure.
    """
    head = judgement.publication
    estimate = head.trial.estimate if head.trial else None
    return {
        **_entry(claim),
        "verdict": {verdict.vintage: _brief(verdict) for verdict in judgement.verdicts},
        "vintage_flag": judgement.flag,
        "tags": list(head.tags),
        "reason": None,
        "estimate": {
            "value": rounded(estimate.value) if estimate else None,
            "low": rounded(estimate.low) if estimate else None,
            "high": rounded(estimate.high) if estimate else None,
            "unit": estimate.unit if estimate else "",
        },
        "claimed": str(head.trial.test) if head.trial else None,
        "robustness": {
            "pass_share": rounded(head.shares.passing) if head.shares else None,
            "fail_share": rounded(head.shares.failing) if head.shares else None,
            "specifications": head.shares.n if head.shares else 0,
        },
        "sources": list(estimate.sources) if estimate else [],
        "rows": sorted({str(citation) for citation in estimate.citations}) if estimate else [],
        "figure": dict(figure),
        "detail": {verdict.vintage: _detail(verdict) for verdict in judgement.verdicts},
    }


def unrun(claim: Claim) -> dict[str, Any]:
    """The record of a claim that no notebook runs: not testable, or its method is still to come."""
    if claim.testable:
        verdicts = [Verdict(vintage=vintage, code="PENDING") for vintage in VINTAGES]
    else:
        verdicts = [untestable(claim, vintage) for vintage in VINTAGES]
    return {
        **_entry(claim),
        "verdict": {verdict.vintage: _brief(verdict) for verdict in verdicts},
        "vintage_flag": "STABLE",
        "tags": [],
        "reason": claim.reason or None,
        "estimate": None,
        "claimed": None,
        "robustness": {"pass_share": None, "fail_share": None, "specifications": 0},
        "sources": [],
        "rows": [],
        "figure": None,
        "detail": {},
    }


def _entry(claim: Claim) -> dict[str, Any]:
    return {
        "id": claim.id,
        "section": claim.section,
        "statement": claim.statement,
        "type": claim.type,
        "method": claim.method or None,
    }


def _brief(verdict: Verdict) -> dict[str, Any]:
    certainty = verdict.certainty.code if verdict.certainty else None
    return {"code": verdict.code, "certainty": certainty}


def _detail(verdict: Verdict) -> dict[str, Any]:
    estimate = verdict.trial.estimate if verdict.trial else None
    return {
        "tags": list(verdict.tags),
        "reasons": list(verdict.reasons),
        "certainty": _certainty(verdict.certainty),
        "alternatives": dict(verdict.alternatives),
        "hangs_on": list(verdict.hangs_on),
        "influence": {name: rounded(value) for name, value in verdict.influence.items()},
        "nearest_flip": verdict.flip
        and {
            "changes": {name: list(pair) for name, pair in verdict.flip.changes.items()},
            "outcome": verdict.flip.outcome.name.lower(),
            "value": rounded(verdict.flip.value),
        },
        "value": rounded(estimate.value) if estimate else None,
        "low": rounded(estimate.low) if estimate else None,
        "high": rounded(estimate.high) if estimate else None,
        "sources": list(estimate.sources) if estimate else [],
        "tests": [[name, rounded(p)] for name, p in estimate.tests] if estimate else [],
    }


def _certainty(grade: Grade | None) -> dict[str, Any] | None:
    if grade is None:
        return None
    return {"code": grade.code, "start": grade.start, "reasons": list(grade.reasons)}


def rounded(value: float | None) -> float | None:
    """`value` to the digits that a record keeps.

    >>> rounded(0.1 + 0.2), rounded(None)
    (0.3, None)
    """
    if value is None or not math.isfinite(value):
        return None
    return float(f"{value:.{DIGITS}g}")


def published(
    register: Register, records: Mapping[str, Mapping[str, Any]], inputs: Mapping[str, str]
) -> dict[str, Any]:
    """The results file: every claim of the register in order, and the hash of every input table."""
    article = register.article
    return {
        "schema_version": SCHEMA_VERSION,
        "article": {
            "title": article.title,
            "publisher": article.publisher,
            "published": article.published.isoformat(),
        },
        "inputs": dict(sorted(inputs.items())),
        "claims": [
            dict(records[name]) if name in records else unrun(claim)
            for name, claim in register.claims.items()
        ],
    }


def write_table(
    path: Path,
    results: Mapping[str, Any],
    register: Register,
    beside: Mapping[str, Any] | None = None,
) -> None:
    """Write the results as a table that a person reads, one section after the other.

    `beside` is what follows, by its heading.
    """
    lines = [
        "# Verdicts",
        "",
        "Generated by `claims publish` from `published.json`; do not edit.",
        "",
    ]
    for section, title in register.sections.items():
        lines += [f"## {title}", "", "| claim | verdict | certainty | latest | tags | statement |"]
        lines += ["|---|---|---|---|---|---|"]
        lines += [_line(entry) for entry in results["claims"] if entry["section"] == section]
        lines += [""]
    for heading, text in (beside or {}).items():
        lines += [f"## {heading}", "", str(text), ""]
    write_atomically(path, "\n".join(lines))


def _line(entry: Mapping[str, Any]) -> str:
    head, latest = entry["verdict"][PUBLICATION], entry["verdict"][LATEST]
    now = "same" if latest["code"] == head["code"] else latest["code"]
    why = f" ({entry['reason']})" if entry["reason"] else ""
    cells = [
        entry["id"],
        f"{head['code']}{why}",
        head["certainty"] or "",
        now,
        ", ".join(entry["tags"]),
        entry["statement"].replace("|", "/"),
    ]
    return f"| {' | '.join(cells)} |"


def dump(value: Any) -> str:
    """Canonical JSON: two spaces, order kept, a newline at the end."""
    return json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def write(path: Path, value: Any) -> None:
    """Write canonical JSON, whole or not at all."""
    write_atomically(path, dump(value))


def read(path: Path) -> Any:
    """Read a record; a damaged one is an error with its place."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise AnalysisError("no such file; run `claims run` first", file=str(path)) from None
    except OSError as error:
        raise AnalysisError(f"cannot be read: {error.strerror}", file=str(path)) from None
    except ValueError as error:
        raise _damaged(path, str(error), getattr(error, "lineno", None)) from None
    if not isinstance(value, dict):
        raise _damaged(path, "expected keys and values")
    return value


def read_results(path: Path) -> dict[str, Any]:
    """Read a results file: one of another make, or of no make at all, is an error."""
    value = read(path)
    found = value.get("schema_version")
    if found != SCHEMA_VERSION or not isinstance(value.get("claims"), list):
        expected = f"expected schema_version {SCHEMA_VERSION} and a list of claims"
        raise _damaged(path, f"{expected}, found schema_version {found}")
    return value


def _damaged(path: Path, why: str, line: int | None = None) -> AnalysisError:
    message = f"not a results file: {why}; delete it and run `claims run` again"
    return AnalysisError(message, file=str(path), line=line)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Something that differs between two results files."""

    kind: str
    claim: str
    what: str
    before: Any
    after: Any

    def __str__(self) -> str:
        return (
            f"{self.claim or 'inputs'}: {self.what}: {_shown(self.before)} -> {_shown(self.after)}"
        )


KINDS = ("input", "figure", "number", "verdict")  # from the mildest to the gravest
FOUND = ("value", "low", "high", "sources")  # at publication these are the claim's estimate
FIRMNESS = ("nearest_flip", "influence", "alternatives", "hangs_on", "tests")
EXIT_CODES = {"input": 3, "figure": 4, "number": 5, "verdict": 6}


def compare(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """What moved between two results files, verdicts first."""
    changes = [*_inputs(before, after), *_claims(before, after)]
    return sorted(changes, key=lambda change: -KINDS.index(change.kind))


def exit_code(changes: Sequence[Change]) -> int:
    """0 when nothing moved, else the code of the gravest kind of change."""
    return max((EXIT_CODES[change.kind] for change in changes), default=0)


def _inputs(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    old, new = before.get("inputs", {}), after.get("inputs", {})
    for name in sorted({*old, *new}):
        if old.get(name) != new.get(name):
            yield Change(
                kind="input", claim="", what=name, before=old.get(name), after=new.get(name)
            )


def _claims(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    old = {entry["id"]: entry for entry in before["claims"]}
    new = {entry["id"]: entry for entry in after["claims"]}
    for name in dict.fromkeys([*old, *new]):
        if name not in old or name not in new:
            there = (name in old, name in new)
            yield Change(kind="verdict", claim=name, what="listed", before=there[0], after=there[1])
            continue
        yield from _one_claim(name, old[name], new[name])


def _one_claim(name: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    for kind, what, before, after in _compared(old, new):
        if not equal(before, after):
            yield Change(kind=kind, claim=name, what=what, before=before, after=after)


def _compared(
    old: Mapping[str, Any], new: Mapping[str, Any]
) -> Iterator[tuple[str, str, Any, Any]]:
    for vintage in (PUBLICATION, LATEST):
        for part in ("code", "certainty"):
            what = f"verdict.{vintage}.{part}"
            yield "verdict", what, old["verdict"][vintage][part], new["verdict"][vintage][part]
    for part in ("vintage_flag", "tags", "reason", "statement", "method"):
        yield "verdict", part, old.get(part), new.get(part)
    for part in ("estimate", "robustness", "sources", "rows", "claimed"):
        yield "number", part, old.get(part), new.get(part)
    for vintage in VINTAGES:
        before, after = (entry.get("detail", {}).get(vintage, {}) for entry in (old, new))
        for part in (*(FOUND if vintage == LATEST else ()), *FIRMNESS):
            yield "number", f"detail.{vintage}.{part}", before.get(part), after.get(part)
    figures = [(entry.get("figure") or {}).get("data_sha256") for entry in (old, new)]
    yield "figure", "figure.data_sha256", *figures


def equal(before: Any, after: Any) -> bool:
    """Whether two values of a record are the same, numbers but for noise."""
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        names = {*before, *after}
        return all(equal(before.get(name), after.get(name)) for name in names)
    if _number(before) and _number(after):
        return math.isclose(before, after, rel_tol=SAME, abs_tol=SAME)
    return before == after


def _number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _shown(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 3]}..."
