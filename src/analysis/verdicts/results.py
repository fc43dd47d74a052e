"""Records of claims, and the results file of all claims."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from analysis.errors import AnalysisError
from analysis.project import write_atomically
from analysis.verdicts.code_table import NOT_RUN
from analysis.verdicts.sweep import VINTAGES

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.claims.model import Claim
    from analysis.claims.registry import Register
    from analysis.verdicts.certainty import Grade
    from analysis.verdicts.rules import Judgement, Verdict
    from analysis.verdicts.sweep import Counterexample

SCHEMA_VERSION = 2
RENAMED = {  # keys of a claim, or of its detail, since version 1
    "told": "summary",
    "hangs_on": "pivotal_sources",
    "influence": "sensitivity",
    "nearest_flip": "nearest_counterexample",
}
KEYS = (  # of a results file's entry, beside `id` and `verdict`
    "section", "statement", "type", "method", "vintage_flag", "tags", "reason", "robustness",
    "sources", "rows", "detail",
)  # fmt: skip
DIGITS = 12  # significant digits kept in a record; the last bits of a float are noise


def record(claim: Claim, judgement: Judgement, figure: Mapping[str, str]) -> dict[str, Any]:
    """The record of a claim that was run: plain values, ready to be written as JSON.

    `figure` holds `svg_sha256` and `data_sha256` of the claim's figure.
    """
    head = judgement.publication
    estimate = head.trial.estimate if head.trial else None
    return {
        **_entry(claim),
        "verdict": {verdict.vintage: _brief(verdict) for verdict in judgement.verdicts},
        "finding": {verdict.vintage: verdict.finding for verdict in judgement.verdicts},
        "vintage_flag": judgement.flag,
        "tags": list(head.tags),
        "reason": None,
        "estimate": {
            "value": rounded(estimate.value) if estimate else None,
            "low": rounded(estimate.low) if estimate else None,
            "high": rounded(estimate.high) if estimate else None,
            "unit": estimate.unit if estimate else "",
        },
        "claimed": str(head.trial.pass_criterion) if head.trial else None,
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
    """The record of a claim without a notebook: not testable, or without a method so far."""
    from analysis.verdicts.rules import Verdict, untestable
    from analysis.verdicts.wording import SENTENCES

    if claim.testable:
        verdicts = [
            Verdict(
                vintage=vintage,
                code=NOT_RUN.code,
                rule=NOT_RUN,
                finding=SENTENCES[NOT_RUN.code],
            )
            for vintage in VINTAGES
        ]
    else:
        verdicts = [untestable(claim, vintage) for vintage in VINTAGES]
    return {
        **_entry(claim),
        "verdict": {verdict.vintage: _brief(verdict) for verdict in verdicts},
        "finding": {verdict.vintage: verdict.finding for verdict in verdicts},
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
        "rule": verdict.rule.name,
        "tags": list(verdict.tags),
        "reasons": list(verdict.reasons),
        "certainty": _certainty(verdict.certainty),
        "alternatives": dict(verdict.alternatives),
        "pivotal_sources": list(verdict.pivotal_sources),
        "sensitivity": {name: rounded(value) for name, value in verdict.sensitivity.items()},
        "nearest_counterexample": _counterexample(verdict.nearest_counterexample),
        "value": rounded(estimate.value) if estimate else None,
        "low": rounded(estimate.low) if estimate else None,
        "high": rounded(estimate.high) if estimate else None,
        "sources": list(estimate.sources) if estimate else [],
        "tests": [[name, rounded(p)] for name, p in estimate.tests] if estimate else [],
    }


def _counterexample(found: Counterexample | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "changes": {name: list(pair) for name, pair in found.changes.items()},
        "outcome": found.outcome.name.lower(),
        "value": rounded(found.value),
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


def dump(value: Any) -> str:
    """Canonical JSON: two spaces, order kept, a newline at the end."""
    return json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def write(path: Path, value: Any) -> None:
    """Write canonical JSON atomically."""
    write_atomically(path, dump(value))


def read(path: Path) -> Any:
    """Read a record; a damaged one is an error with its place."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise AnalysisError("no such file; run `claims run` first", file=str(path)) from None
    except OSError as error:
        raise AnalysisError(f"cannot be read: {error.strerror}", file=str(path)) from None
    except (ValueError, RecursionError) as error:
        raise _damaged(path, str(error), getattr(error, "lineno", None)) from None
    if not isinstance(value, dict):
        raise _damaged(path, "expected keys and values")
    return value


def read_results(path: Path) -> dict[str, Any]:
    """Read a results file of this version or of version 1; any other file is an error."""
    value = upgraded(read(path))
    found = value.get("schema_version")
    if found != SCHEMA_VERSION or not isinstance(value.get("claims"), list):
        expected = f"expected schema_version {SCHEMA_VERSION} and a list of claims"
        raise _damaged(path, f"{expected}, found schema_version {found}")
    for number, entry in enumerate(value["claims"], start=1):
        if lacking := _lacking(entry):
            raise _damaged(path, f"{lacking} in entry {number} of claims")
    return value


def upgraded(results: Mapping[str, Any]) -> dict[str, Any]:
    """Results of version 1 under the keys of this version; all others unchanged."""
    claims = results.get("claims")
    if results.get("schema_version") != 1 or not isinstance(claims, list):
        return dict(results)
    entries = [_upgraded(entry) for entry in claims]
    return {**results, "schema_version": SCHEMA_VERSION, "claims": entries}


def _upgraded(entry: Any) -> Any:
    if not isinstance(entry, dict) or not isinstance(entry.get("detail"), dict):
        return entry
    detail = {vintage: _renamed(found) for vintage, found in entry["detail"].items()}
    return {**_renamed(entry), "detail": detail}


def _renamed(values: Any) -> Any:
    if not isinstance(values, dict):
        return values
    return {RENAMED.get(key, key): value for key, value in values.items()}


def _lacking(entry: Any) -> str:
    """What an entry of a results file lacks; empty for a complete one."""
    if not isinstance(entry, dict):
        return "expected keys and values"
    if not isinstance(entry.get("id"), str):
        return "expected an `id`"
    verdict = entry.get("verdict")
    for vintage in VINTAGES:
        brief = verdict.get(vintage) if isinstance(verdict, dict) else None
        if not isinstance(brief, dict) or not isinstance(brief.get("code"), str):
            return f"expected `verdict` of {entry['id']} to have a `code` for {vintage}"
    absent = [key for key in KEYS if key not in entry]
    return f"expected {', '.join(absent)} of {entry['id']}" if absent else ""


def _remedy(path: Path) -> str:
    """How to replace a damaged file: published results cannot be computed again."""
    if path.parent.name == "results":
        return f"restore the published file: `git checkout -- results/{path.name}`"
    return "delete it and run `claims run` again"


def _damaged(path: Path, why: str, line: int | None = None) -> AnalysisError:
    message = f"not a results file: {why}; {_remedy(path)}"
    return AnalysisError(message, file=str(path), line=line)
