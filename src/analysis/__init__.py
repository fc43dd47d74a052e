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
    "claim": "workbench",
    "load": "workbench",
    "sweep": "workbench",
    "judge": "workbench",
    "record": "workbench",
    "explore": "exploring.panel",
    "results": "workbench",
    "deviations": "workbench",
    "standings": "workbench",
    "turns": "evolution",
    "keep": "workbench",
    "names": "workbench",
    "rule": "narrative",
    "finding": "narrative",
    "specifications": "narrative",
    "verdict": "narrative",
    "sensitivity": "narrative",
    "totals": "overview",
    "by_type": "overview",
    "robustness": "overview",
    "single_source": "overview",
    "moved": "overview",
    "tests": "overview",
    "read_tables": "workbench",
    "Daily": "quality",
    "days": "quality",
    "agreement": "quality",
    "block_totals": "quality",
    "studies": "quality",
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
