"""Monotone trends of short, autocorrelated series: Kendall's tau, its test, and Sen's slope.

Everything is made of ranks, so it is the same for a series and for any increasing function of it.
Times are whole numbers, one a period; gaps are allowed and stay gaps. Functions of values take
many series at once along leading axes.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

MIN_TREND_POINTS = 5  # points from which a trend is tested: the bias of four has no correction
MAX_AUTOCORRELATION = 0.6  # between neighbouring periods: up to here the test keeps its size
LEVEL = 0.90  # of intervals: two one-sided tests at 0.05
GRID = np.linspace(0.0, MAX_AUTOCORRELATION, 13)  # at which variances are computed
MIN_CYCLES = 2  # whole cycles that a test of seasons needs
Array = np.ndarray


@dataclass(frozen=True, slots=True, kw_only=True)
class Slope:
    """Sen's slope a period with its interval, tau, and two one-sided tests.

    `p_rise` is the probability of a tau at least as large without a trend, `p_fall` that of one at
    least as small; both are missing, and the interval is the slope, where the series is too short.
    """

    slope: float
    low: float
    high: float
    tau: float
    p_rise: float | None = None
    p_fall: float | None = None

    @property
    def direction(self) -> int:
        """1 for a rise, -1 for a fall, 0 for as many pairs up as down: the sign of Kendall's S.

        A median slope of zero says nothing: most pairs of a stock that grew once are ties.

        >>> trend([0, 1, 2], [5, 4, 1]).direction, trend([0, 1, 2], [1, 1, 1]).direction
        (-1, 0)
        >>> found = trend(range(5), [0, 0, 0, 0, 3])
        >>> found.direction, found.slope
        (1, 0.0)
        """
        return int(math.copysign(1, self.tau)) if self.tau else 0


def trend(
    times: Sequence[int] | Array,
    values: Sequence[float] | Array,
    *,
    cycle: int = 1,
    level: float = LEVEL,
) -> Slope:
    """Kendall's test against a trend, allowing for autocorrelation, and Sen's slope.

    With a `cycle` (12 for months), each season is compared with itself only (R. M. Hirsch, J. R.
    Slack and R. A. Smith, Water Resour. Res. 18, 1982). The autocorrelation comes from detrended
    ranks (K. H. Hamed and A. R. Rao, J. Hydrol. 204, 1998), is taken one standard error too
    strong, and at most 0.6; with a cycle it is 0.6, since the seasons leave too little to estimate
    it from. The variance of tau under it is exact (`tau_variance`); its tail is that of a
    correlation of as many independent points as have this variance (`upper_tail`).
    The interval is that of P. K. Sen, J. Am. Stat. Assoc. 63 (1968), section 5.

    `times` and `values` have shape (n,). Below 5 points, or two cycles, there is no test.

    >>> found = trend(range(10), [1, 2, 2, 4, 3, 5, 6, 8, 7, 9])
    >>> found.direction, round(found.tau, 2), found.p_rise < 0.05
    (1, 0.89, True)
    """
    t, x = np.asarray(times, int), np.asarray(values, float)
    i, j = compared(t, cycle)
    if not len(i):
        return Slope(slope=0.0, low=0.0, high=0.0, tau=0.0)
    slopes = np.sort((x[j] - x[i]) / (t[j] - t[i]))
    middle, tau = float(np.median(slopes)), float(kendall_tau(x, t, cycle))
    if len(x) < MIN_TREND_POINTS or (cycle > 1 and len(x) < MIN_CYCLES * cycle):
        return Slope(slope=middle, low=middle, high=middle, tau=tau)
    variance = float(variance_of_series(t, x, cycle))
    if variance <= 0:  # every value is the same
        return Slope(slope=middle, low=middle, high=middle, tau=tau, p_rise=1.0, p_fall=1.0)
    low, high = _interval(slopes, variance, level)
    return Slope(
        slope=middle,
        low=min(low, middle),
        high=max(high, middle),
        tau=tau,
        p_rise=float(upper_tail(tau, variance, len(i))),
        p_fall=float(upper_tail(-tau, variance, len(i))),
    )


def variance_of_series(times: Array, values: Array, cycle: int = 1) -> Array:
    """The variance of tau of each series, under its own autocorrelation and with its ties.

    `times` has shape (n,), `values` (..., n); the result has shape (...).
    """
    n = len(times)
    if cycle > 1:
        rho = np.full(values.shape[:-1], MAX_AUTOCORRELATION)
    else:
        rho = upper_bound(autocorrelation(detrended_ranks(times, values)), n)
    variance: Array = tau_variance(times, rho, cycle) * tie_factor(values)
    return variance


def compared(times: Array, cycle: int = 1) -> tuple[Array, Array]:
    """The places of all pairs that are compared: those of the same season."""
    i, j = np.triu_indices(len(times), 1)
    same = (times[j] - times[i]) % cycle == 0
    return i[same], j[same]


def kendall_tau(values: Array, times: Array, cycle: int = 1) -> Array:
    """Pairs that rise less pairs that fall, over all pairs; shape (..., n) gives (...).

    >>> float(kendall_tau(np.array([1.0, 3.0, 2.0, 4.0]), np.arange(4)))
    0.6666666666666666
    """
    i, j = compared(times, cycle)
    tau: Array = np.sign(values[..., j] - values[..., i]).sum(-1) / len(i)
    return tau


def detrended_ranks(times: Array, values: Array, cycle: int = 1) -> Array:
    """Centred ranks (inside each season) less their least-squares line; shape (..., n)."""
    same = (times[:, None] - times) % cycle == 0
    ranks = 0.5 * (np.sign(values[..., :, None] - values[..., None, :]) * same).sum(-1)
    t = times - times.mean()
    residuals: Array = ranks - ((ranks @ t) / (t @ t))[..., None] * t
    residuals[np.abs(residuals).max(-1) < 1e-9] = 0.0  # noqa: PLR2004 - no noise but that of sums
    return residuals


def autocorrelation(residuals: Array) -> Array:
    """The lag-1 autocorrelation of detrended ranks, its bias given back; shape (..., n) to (...).

    It comes out too low by about (2 + 4 r) / n (F. H. C. Marriott and J. A. Pope, Biometrika 41,
    1954). Residuals that are all zero have none.
    """
    n = residuals.shape[-1]
    total = (residuals**2).sum(-1)
    product = (residuals[..., 1:] * residuals[..., :-1]).sum(-1)
    r = np.divide(product, total, out=np.zeros_like(total), where=total > 0)
    given_back: Array = (n * r + 2) / (n - 4)
    return given_back


def upper_bound(r: Array, n: float) -> Array:
    """An autocorrelation of `n` points, one standard error too strong, from 0 to 0.6.

    The error is that of M. S. Bartlett (1946). An estimate above the bound cannot be told from the
    curvature of a trend.
    """
    r = np.clip(r, -1.0, 1.0)
    bounded: Array = np.clip(r + np.sqrt((1 - r**2) / n), 0.0, MAX_AUTOCORRELATION)
    return bounded


def tau_variance(times: Array, rho: Array, cycle: int = 1) -> Array:
    """The variance of tau without a trend, for a Gaussian AR(1) `rho` of any shape.

    Two differences with correlation c have signs whose product has the mean 2 asin(c) / pi, so
    the sum over all pairs of pairs is exact (K. H. Hamed, J. Hydrol. 349, 2008). It is interpolated
    between thirteen values of rho. Ranks do not see the distribution: Gaussian stands for all that
    an increasing function makes of it.
    """
    first = int(times[0])
    since = tuple(int(t) - first for t in times)
    below = np.searchsorted(GRID, np.ravel(rho), side="right") - 1
    moments = np.zeros(len(GRID))
    for place in {*below.tolist(), *(below + 1).tolist()} & {*range(len(GRID))}:
        moments[place] = _variance(since, cycle, place)
    variance: Array = np.interp(rho, GRID, moments)
    return variance


def tie_factor(values: Array) -> Array:
    """The variance of S with the ties of these values over that without (Kendall 1970, eq. 4.3)."""
    n = values.shape[-1]
    tied = (values[..., :, None] == values[..., None, :]).sum(-1)
    lost = ((tied - 1) * (2 * tied + 5)).sum(-1)
    factor: Array = 1 - lost / (n * (n - 1) * (2 * n + 5))
    return factor


def upper_tail(tau: float | Array, variance: float | Array, pairs: int) -> Array:
    """The probability of a tau at least as large, with the correction for continuity.

    A correlation of m independent points has the variance 1 / (m - 1) and a beta distribution, so
    tau is taken as one of 1 / variance + 1 points (P. Clifford, S. Richardson and D. Hemon,
    Biometrics 45, 1989).

    >>> round(float(upper_tail(0.9, 1 / 9, 1000)), 4)  # a correlation of 10 points: p 0.0002
    0.0002
    """
    from scipy.special import betainc

    shape = np.maximum((1 / np.asarray(variance) - 1) / 2, 0.25)
    corrected = np.clip(tau - 1 / pairs, -1, 1)
    tail: Array = betainc(shape, shape, (1 - corrected) / 2)
    return tail


def critical_tau(variance: float, level: float) -> float:
    """The tau that a series without a trend exceeds on either side with 1 - level."""
    from scipy.special import betaincinv

    shape = max((1 / variance - 1) / 2, 0.25)
    return float(1 - 2 * betaincinv(shape, shape, (1 - level) / 2))


@lru_cache(maxsize=8192)
def _variance(times: tuple[int, ...], cycle: int, place: int) -> float:
    """The variance of tau at one autocorrelation of the grid."""
    t = np.array(times)
    i, j = compared(t, cycle)
    a, b = t[i], t[j]
    # the autocorrelation at each lag; rho to the power 0 is 1 for every rho
    decay = np.power(GRID[place], np.arange(int(np.ptp(t)) + 1, dtype=float))
    mixed = (
        decay[np.abs(b[:, None] - b)]
        - decay[np.abs(b[:, None] - a)]
        - decay[np.abs(a[:, None] - b)]
        + decay[np.abs(a[:, None] - a)]
    )
    spread = np.sqrt(2 - 2 * decay[np.abs(b - a)])
    correlation = np.clip(mixed / (spread[:, None] * spread), -1, 1)
    return 2 / math.pi * float(np.arcsin(correlation).sum()) / len(i) ** 2


def _interval(slopes: Array, variance: float, level: float) -> tuple[float, float]:
    n = len(slopes)
    reach = critical_tau(variance, level) * n
    low = max(round((n - reach) / 2) - 1, 0)
    high = min(round((n + reach) / 2), n - 1)
    return float(slopes[min(low, n - 1)]), float(slopes[max(high, 0)])
