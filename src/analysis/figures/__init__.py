"""Figures: one module a method, the specification curve, one style for all.

`figures.level` and the others of `_DRAWN` are the functions that draw. The modules of these names,
and matplotlib with them, are loaded when one is first asked for. The one of a method also draws a
tidy frame.

Example: `analysis.figures.level(drawing.data.query("outcome != 'fails'"))`
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import Any

from analysis.methods import METHODS

_DRAWN = (
    "level",
    "timeline",
    "documents",
    "membership",
    "distance",
    "share",
    "ranking",
    "trend",
    "breaks",
    "event_study",
    "specification_curve",
    "overview",
    "evolution",
    "daily_quality",
)
_PARTS = (
    "alt_text",
    "baseline",
    "break_marks",
    "contrast",
    "event_days",
    "specification_strip",
    "timeline_layout",
    "figure",
    "frames",
    "gap_map",
    "numbers",
    "stages",
    "status_matrix",
    "strip",
    "threshold",
    "dotplot",
    "forest_plot",
    "palette",
    "quotations",
    "save",
    "style",
    "svg",
    "captions",
)
__all__ = list(_DRAWN)


class _Figures(ModuleType):
    """A package in which the name of a drawing module is its function `draw`.

    Python binds a module to its package as soon as it is loaded, by whomever; without this,
    `figures.level` would be a function at first and a module ever after.
    """

    def __setattr__(self, name: str, value: Any) -> None:
        drawn = name in _DRAWN and isinstance(value, ModuleType)
        super().__setattr__(name, _draw(name, value) if drawn else value)


sys.modules[__name__].__class__ = _Figures


def __getattr__(name: str) -> Any:
    if name not in (*_DRAWN, *_PARTS):
        message = f"module 'analysis.figures' has no attribute {name!r}"
        raise AttributeError(message)
    module = importlib.import_module(f"analysis.figures.{name}")
    return _draw(name, module) if name in _DRAWN else module


def _draw(name: str, module: Any) -> Any:
    """The drawing function of a module; a method's draws the trial on which the verdict rests.

    Given a tidy frame instead of a claim, it returns the matplotlib figure of that frame.
    """
    if name not in METHODS:
        return module.draw
    baseline = importlib.import_module("analysis.figures.baseline")
    return baseline.of_frames(baseline.on_baseline(module.draw), module.plot, name)
