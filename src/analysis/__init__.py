"""Audit a published text claim by claim: data, method, sweep, verdict, figure.

The acts of a notebook are here by name, and load what they need only when they are called:
`claim`, `load`, `sweep`, `judge`, `record`; what they found in words: `rule`, `finding`,
`specifications`, `verdict`, `sensitivity`; the methods, from `Level` on; and the module
`figures`. Of the article as a whole: `results`, `names`, `keep`; `totals`, `by_type`, `robustness`,
`single_source`, `moved`, `tests`, `deviations`; how verdicts evolved: `standings`, `turns`.
"""

from __future__ import annotations

import importlib
from typing import Any

__version__ = "0.1.0"

_HOMES = {
    "claim": "notebook.api",
    "load": "notebook.api",
    "sweep": "notebook.api",
    "judge": "notebook.api",
    "record": "notebook.api",
    "explore": "notebook.explore.panel",
    "results": "notebook.api",
    "deviations": "notebook.api",
    "standings": "notebook.api",
    "turns": "verdicts.evolution",
    "keep": "notebook.api",
    "names": "notebook.api",
    "rule": "verdicts.wording",
    "finding": "verdicts.wording",
    "specifications": "verdicts.wording",
    "verdict": "verdicts.wording",
    "sensitivity": "verdicts.wording",
    "totals": "verdicts.summary",
    "by_type": "verdicts.summary",
    "robustness": "verdicts.summary",
    "single_source": "verdicts.summary",
    "moved": "verdicts.summary",
    "tests": "verdicts.summary",
    "read_tables": "notebook.api",
    "Daily": "methods.daily_quality",
    "days": "methods.daily_quality",
    "agreement": "methods.daily_quality",
    "block_totals": "methods.daily_quality",
    "studies": "methods.daily_quality",
    "Level": "methods.level",
    "Timeline": "methods.timeline",
    "Documents": "methods.documents",
    "Membership": "methods.membership",
    "Distance": "methods.distance",
    "Share": "methods.share",
    "Ranking": "methods.ranking",
    "Trend": "methods.trend",
    "Breaks": "methods.breaks",
    "EventStudy": "methods.event_study",
}
__all__ = ["figures", *_HOMES]  # noqa: PLE0604 - names, resolved on first use


def __getattr__(name: str) -> Any:
    if name == "figures":
        return importlib.import_module("analysis.figures")
    if name in _HOMES:
        return getattr(importlib.import_module(f"analysis.{_HOMES[name]}"), name)
    message = f"module 'analysis' has no attribute {name!r}"
    raise AttributeError(message)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
