"""Results files in a few words."""

from __future__ import annotations

from typing import Any

from analysis.verdicts.sweep import VINTAGES


def entry(
    name: str,
    code: str,
    *,
    latest: str = "",
    kind: str = "level",
    certainty: str | None = "HIGH",
    share: float | None = None,
    flag: str = "STABLE",
    pivotal_sources: list[str] | None = None,
    others: dict[str, str] | None = None,
    tests: list[tuple[str, float]] | None = None,
) -> dict[str, Any]:
    """The record of one claim; what is not said is plain."""
    run = code not in ("NOT_TESTABLE", "PENDING")
    certainty = certainty if run else None
    codes = dict(zip(VINTAGES, (code, latest or code), strict=True))
    return {
        "id": name, "section": name[0], "statement": "s", "type": kind, "method": "level",
        "verdict": {v: {"code": c, "certainty": certainty} for v, c in codes.items()},
        "vintage_flag": flag, "tags": [], "reason": None, "sources": ["s"], "rows": ["t/t:2"],
        "robustness": {"pass_share": share, "fail_share": share and 1 - share, "specifications": 9},
        "detail": {
            v: {
                "alternatives": dict(others or {}),
                "pivotal_sources": list(pivotal_sources or []),
                "tests": [list(test) for test in tests or ()],
            }
            for v in VINTAGES
        } if run else {},
    }  # fmt: skip


def results(*entries: dict[str, Any]) -> dict[str, Any]:
    """A results file of these claims."""
    article = {"title": "A text on things", "publisher": "A press", "published": "2024-12-10"}
    return {"schema_version": 2, "article": article, "inputs": {}, "claims": list(entries)}
