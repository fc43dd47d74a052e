"""The change points of one series: dates, intervals, and a permutation p value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from analysis.stats import changepoint
from analysis.stats.cache import memoized


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakAnalysis:
    """The p value of the largest split, the breaks in one direction, and the fit of all of them.

    A break is its place, the first and last place of its interval, and its shift.
    """

    p: float
    breaks: tuple[tuple[int, int, int, float], ...]
    fitted: tuple[float, ...]


@memoized
def analyse_breaks(
    series: np.ndarray,
    min_segment: int,
    *,
    sign: int,
    drift: bool,
    algorithm: Literal["dynamic_programming", "pelt"],
    alpha: float,
    draws: int,
    seed: int,
) -> BreakAnalysis:
    """The breaks of a series in one direction (any, if `sign` is 0), and their p value.

    A p value that chance could carry over `alpha` is drawn anew, with more draws.
    """
    y, rng = np.asarray(series, dtype=float), np.random.default_rng(seed)
    found = changepoint.select_breaks(y, min_segment, algorithm=algorithm, drift=drift)
    p = 1.0
    if np.ptp(y) > 0:
        p = changepoint.significance(y, min_segment, rng, sign=sign, drift=drift, draws=draws)
        if abs(p - alpha) < 3 * np.sqrt(alpha / draws):
            p = changepoint.significance(
                y, min_segment, rng, sign=sign, drift=drift, draws=10 * draws
            )
    shifts = changepoint.shifts(y, found, min_segment, drift=drift)
    breaks = tuple(
        (place, *changepoint.date_interval(y, found, index, min_segment, rng, drift=drift), shift)
        for index, (place, shift) in enumerate(zip(found, shifts, strict=True))
        if shift * sign > 0 or not sign
    )
    return BreakAnalysis(
        p=p, breaks=breaks, fitted=tuple(changepoint.segments(y, found, drift=drift).tolist())
    )
