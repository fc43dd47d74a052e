"""Monotone trends of short series: Mann-Kendall tests, Sen slopes, seasonal forms.

Times are numbers that grow by one from period to period; gaps are allowed and stay gaps.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from analysis.stats import MIN_TEST_POINTS

MAX_EXACT_POINTS = 40  # points up to which the distribution without ties is enumerated
MAX_AUTOCORRELATION = 0.95  # the largest autocorrelation that is corrected for
BLOCK_EXPONENT = 1 / 3  # a block of n to this power: Hall, Horowitz and Jing, Biometrika 82 (1995)
Array = np.ndarray


@dataclass(frozen=True, slots=True, kw_only=True)
class Slope:
    """A slope per period with its interval, and the test against none (missing if too short)."""

    slope: float
    low: float
    high: float
    p: float | None
    inflation: float = 1.0


def trend(
    times: Sequence[float] | Array,
    values: Sequence[float] | Array,
    *,
    correct: bool,
    level: float = 0.95,
) -> Slope:
    """Mann-Kendall test and Sen slope of a series, one value a period.

    Without `correct` the test is exact where nothing is tied (M. G. Kendall, Rank Correlation
    Methods, 1970) and normal with the variance for ties otherwise. With it, the variance is
    inflated as by K. H. Hamed and A. R. Rao (J. Hydrol. 204, 1998), but with the autocorrelation
    of an AR(1) corrected for its bias, and compared with Student's t with the degrees of freedom of
    the equivalent independent sample: their own estimate, from few points, keeps no size.
    """
    t, x = np.asarray(times, float), np.asarray(values, float)
    slopes = np.sort(_slopes(t, x))
    middle = float(np.median(slopes))
    if len(x) < MIN_TEST_POINTS:
        return Slope(slope=middle, low=middle, high=middle, p=None)
    s, variance = statistic(x), variance_of(x)
    if variance <= 0:  # every value is the same
        return Slope(slope=middle, low=middle, high=middle, p=1.0)
    inflation = _inflation(x - middle * t, len(x)) if correct else 1.0
    degrees = max(len(x) / inflation - 2, 1) if correct else math.inf
    if correct or len(x) > MAX_EXACT_POINTS or len(np.unique(x)) < len(x):
        p = _two_sided(s, variance * inflation, degrees)
    else:
        p = exact(abs(int(s)), len(x))
    low, high = _interval(slopes, variance * inflation, degrees, level)
    return Slope(slope=middle, low=low, high=high, p=p, inflation=inflation)


def seasonal(
    times: Sequence[int],
    values: Sequence[float],
    *,
    cycle: int = 12,
    resamples: int = 199,
    level: float = 0.95,
) -> Slope:
    """Seasonal Mann-Kendall test and slope per period, corrected for autocorrelation.

    Each season is compared with itself only (R. M. Hirsch, J. R. Slack and R. A. Smith, Water
    Resour. Res. 18, 1982). The correction is that of `trend`, from the series without its seasons
    and its slope. The interval is a bootstrap of circular blocks of the residuals (D. N. Politis
    and J. P. Romano, 1992), with `resamples` draws that are the same every time, or the one that
    the test gives where that is wider: from two or three years, blocks alone cover too little.
    Less than two cycles yield no test.
    """
    t, x = np.asarray(times, int), np.asarray(values, float)
    season = t % cycle
    i, j = np.triu_indices(len(x), 1)
    same_season = season[i] == season[j]
    i, j = i[same_season], j[same_season]
    if len(x) < MIN_TEST_POINTS or not len(i):
        return trend(t, x, correct=True, level=level)
    middle = float(np.median((x[j] - x[i]) / (t[j] - t[i])))
    if len(x) < 2 * cycle:
        return Slope(slope=middle, low=middle, high=middle, p=None)
    s = float(np.sign(x[j] - x[i]).sum())
    parts = [x[season == each] for each in np.unique(season)]
    variance = sum(variance_of(part) for part in parts if len(part) > 1)
    if variance <= 0:
        return Slope(slope=middle, low=middle, high=middle, p=1.0)
    residuals = x - middle * t
    for each in np.unique(season):
        residuals[season == each] -= residuals[season == each].mean()
    # each season's mean took a degree of freedom, the slope one more
    degrees_left = max(len(x) - len(parts), MIN_TEST_POINTS)
    inflation = _inflation(residuals, degrees_left)
    degrees = max(degrees_left / inflation - 2, 1)
    p = _two_sided(s, variance * inflation, degrees)
    slopes = np.sort((x[j] - x[i]) / (t[j] - t[i]))
    low, high = _interval(slopes, variance * inflation, degrees, level)
    if resamples:
        scaled = residuals * math.sqrt(len(x) / degrees_left)
        least, most = _bootstrap(scaled, (i, j), t, middle, resamples, level)
        low, high = min(low, least), max(high, most)
    return Slope(slope=middle, low=low, high=high, p=p, inflation=inflation)


def statistic(values: Array) -> float:
    """Kendall's S: pairs that rise less pairs that fall.

    >>> statistic(np.array([1.0, 3.0, 2.0, 4.0]))
    4.0
    """
    i, j = _pairs(len(values))
    return float(np.sign(values[j] - values[i]).sum())


def variance_of(values: Array) -> float:
    """The variance of S without a trend, with ties (Kendall 1970, equation 4.3)."""
    n = len(values)
    _, ties = np.unique(values, return_counts=True)
    return float(n * (n - 1) * (2 * n + 5) - (ties * (ties - 1) * (2 * ties + 5)).sum()) / 18


@lru_cache(maxsize=4096)
def exact(s: int, n: int) -> float:
    """The probability of |S| at least `s` for `n` values in random order, none tied.

    >>> exact(6, 4)  # 2 of 24 orders are monotone
    0.08333333333333333
    """
    counts = np.ones(1)
    for m in range(2, n + 1):  # inversions of m values: those of m - 1, moved by 0 to m - 1
        counts = np.convolve(counts, np.ones(m) / m)
    most = n * (n - 1) // 2
    discordant = (most - s) // 2
    tail = float(counts[: discordant + 1].sum())
    return min(1.0, 2 * tail)


@lru_cache(maxsize=256)
def _pairs(n: int) -> tuple[Array, Array]:
    return np.triu_indices(n, 1)


def _slopes(t: Array, x: Array) -> Array:
    i, j = _pairs(len(x))
    slopes: Array = (x[j] - x[i]) / (t[j] - t[i])
    return slopes


def _two_sided(s: float, variance: float, degrees: float) -> float:
    from scipy.special import ndtr, stdtr

    z = -max(abs(s) - 1, 0) / math.sqrt(variance)
    tail = ndtr(z) if math.isinf(degrees) else stdtr(degrees, z)
    return min(1.0, 2 * float(tail))


def _interval(slopes: Array, variance: float, degrees: float, level: float) -> tuple[float, float]:
    """Sen's interval: P. K. Sen, J. Am. Stat. Assoc. 63 (1968), section 5."""
    from scipy.special import ndtri, stdtrit

    tail = 0.5 + level / 2
    z = float(ndtri(tail) if math.isinf(degrees) else stdtrit(degrees, tail))
    reach = z * math.sqrt(variance)
    n = len(slopes)
    low = max(round((n - reach) / 2) - 1, 0)
    high = min(round((n + reach) / 2), n - 1)
    return float(slopes[min(low, n - 1)]), float(slopes[max(high, 0)])


def _inflation(residuals: Array, n: int) -> float:
    """The inflation of the variance of S by autocorrelation, at least 1; `n` residuals are free."""
    r = min(autocorrelation(residuals, n), MAX_AUTOCORRELATION)
    size = len(residuals)
    k = np.arange(1, size - 1)
    terms = (size - k) * (size - k - 1) * (size - k - 2) * r**k
    return 1 + 2 * float(terms.sum()) / (size * (size - 1) * (size - 2))


def autocorrelation(residuals: Array, n: int) -> float:
    """The lag-1 autocorrelation of detrended residuals, `n` of them free, and never below 0.

    It comes out too low by about (2 + 4 r) / n (F. H. C. Marriott and J. A. Pope, Biometrika 41,
    1954), which is given back.
    """
    centred = residuals - residuals.mean()
    total = float((centred**2).sum())
    if total <= 0:
        return 0.0
    r = float((centred[1:] * centred[:-1]).sum()) / total
    return max((n * r + 2) / (n - 4), 0.0)


def _bootstrap(  # noqa: PLR0917 - all that a draw needs
    residuals: Array,
    pairs: tuple[Array, Array],
    t: Array,
    middle: float,
    resamples: int,
    level: float,
) -> tuple[float, float]:
    """Percentiles of the slope under redrawn blocks of residuals, the slope added again."""
    i, j = pairs
    n = len(residuals)
    size = max(round(n**BLOCK_EXPONENT), 2)
    rng = np.random.default_rng(n)
    starts = rng.integers(0, n, size=(resamples, -(-n // size)))
    places = (starts[:, :, None] + np.arange(size)).reshape(resamples, -1)[:, :n] % n
    drawn = residuals[places]
    slopes = np.median((drawn[:, j] - drawn[:, i]) / (t[j] - t[i]), axis=1)
    low, high = np.quantile(slopes, [(1 - level) / 2, (1 + level) / 2])
    return middle + min(float(low), 0.0), middle + max(float(high), 0.0)
