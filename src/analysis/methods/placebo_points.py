"""The effect of an event among the changes around placebo dates, as a figure draws them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from analysis.methods.estimate import Point

if TYPE_CHECKING:
    from numpy import ndarray

    from analysis.stats.placebo import Regression

MAX_DRAWN_PLACEBOS = 99  # placebo changes that a figure gets, evenly spaced by rank


def placebo_points(  # noqa: PLR0917 - what the figure is made of
    value: float, changes: ndarray, p: float, fit: Regression | None, low: float, high: float
) -> list[Point]:
    """The effect, the regression beside it, and the placebo changes evenly spaced by rank."""
    import numpy as np

    ratios = np.exp(np.sort(changes))
    if len(ratios) > MAX_DRAWN_PLACEBOS:
        ratios = ratios[np.linspace(0, len(ratios) - 1, MAX_DRAWN_PLACEBOS).round().astype(int)]
    effect = (value, math.exp(low), math.exp(high), f"p={p:.3f}")
    rows = [("ratio", *effect)]
    if fit is not None:
        rows.append(("negative binomial", fit.ratio, fit.low, fit.high, f"{fit.n} days"))
    rows += [("placebo", float(r), float(r), float(r), "") for r in ratios]
    return [
        Point(label=label, value=value, low=low, high=high, text=text)
        for label, value, low, high, text in rows
    ]
