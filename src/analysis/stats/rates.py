"""Counts over exposures: rate ratios and log-linear trends, with overdispersion."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.stats import MIN_TEST_POINTS
from analysis.stats.mann_kendall import autocorrelation
from analysis.stats.rounding import significant

MAX_ITERATIONS, CONVERGED = 50, 1e-9
MAX_DISPERSION = 1e3  # dispersion at which the search stops
MAX_AUTOCORRELATION = 0.9
Array = np.ndarray


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """A rate ratio per step of the regressor, with its interval, test and dispersion."""

    ratio: float
    low: float
    high: float
    p: float | None
    dispersion: float = 0.0


def ratio(later: tuple[float, float], earlier: tuple[float, float], *, level: float = 0.95) -> Rate:
    """The ratio of two Poisson rates, each a count and its exposure, with an exact interval.

    Given their sum, one count is binomial (J. Przyborowski and H. Wilenski, Biometrika 31, 1940);
    limits by C. J. Clopper and E. S. Pearson (1934). Two counts cannot show overdispersion, so
    the interval is the narrowest that the counts allow.

    >>> found = ratio((30, 1), (10, 1))
    >>> round(found.ratio, 2), round(found.low, 2), round(found.high, 2)
    (3.0, 1.43, 6.88)
    """
    from scipy.special import bdtr, bdtrc, betaincinv

    (a, ea), (b, eb) = (round(later[0]), later[1]), (round(earlier[0]), earlier[1])
    n, null = a + b, ea / (ea + eb)
    tail = (1 - level) / 2
    low = float(betaincinv(a, b + 1, tail)) if a else 0.0
    high = float(betaincinv(a + 1, b, 1 - tail)) if b else 1.0
    p = None
    if n:
        above = float(bdtrc(a - 1, n, null)) if a else 1.0
        p = min(1.0, 2 * min(above, float(bdtr(a, n, null))))
    return Rate(
        ratio=_odds(a / n if n else 0.5) * eb / ea,
        low=_odds(low) * eb / ea,
        high=_odds(high) * eb / ea,
        p=p,
    )


def loglinear(
    counts: Sequence[float],
    exposures: Sequence[float],
    x: Sequence[float],
    *,
    level: float = 0.95,
) -> Rate | None:
    """A log-linear negative binomial rate: the ratio per unit of `x`. None if nothing was counted.

    Iterated weighted least squares with the variance mu + d mu^2, where d makes Pearson's
    statistic equal to its degrees of freedom (N. E. Breslow, Appl. Statist. 33, 1984); d = 0 is
    Poisson. From eight points on, the standard error is inflated for an AR(1) of the residuals,
    and Student's t takes the degrees of freedom that are left.
    """
    from scipy.special import stdtr, stdtrit

    y, e = np.asarray(counts, float), np.asarray(exposures, float)
    design = np.column_stack([np.ones(len(y)), np.asarray(x, float)])
    free = len(y) - 2
    if free < 1 or y.sum() <= 0:
        return None
    dispersion = _dispersion(y, e, design, free)
    beta, mu, weight = _fitted(y, e, design, dispersion)
    if not np.isfinite(beta).all():
        return None
    variance = float(np.linalg.inv((design.T * weight) @ design)[1, 1])
    residuals = (y - mu) / np.sqrt(mu + dispersion * mu**2)
    inflation = _inflation(residuals) if len(y) >= MIN_TEST_POINTS else 1.0
    error = math.sqrt(variance * inflation)
    degrees = max(len(y) / inflation - 2, 1)
    reach = float(stdtrit(degrees, 0.5 + level / 2)) * error
    slope = float(beta[1])
    return Rate(
        ratio=significant(_exp(slope)),
        low=significant(_exp(slope - reach)),
        high=significant(_exp(slope + reach)),
        p=significant(2 * float(stdtr(degrees, -abs(slope) / error))),
        dispersion=dispersion,
    )


def _odds(share: float) -> float:
    return math.inf if share >= 1 else share / (1 - share)


def _exp(value: float) -> float:
    return math.exp(min(max(value, -700), 700))


def _dispersion(y: Array, e: Array, design: Array, free: int) -> float:
    """The dispersion under which Pearson's statistic is what it should be."""
    from scipy.optimize import brentq

    start = np.log(np.maximum(y, 0.5))

    def excess(d: float) -> float:
        _, mu, _ = _fitted(y, e, design, d, start)
        start[:] = np.log(mu)
        return float(((y - mu) ** 2 / (mu + d * mu**2)).sum()) - free

    if excess(0.0) <= 0:
        return 0.0
    high = 0.25
    while excess(high) > 0:
        high *= 4
        if high > MAX_DISPERSION:
            return MAX_DISPERSION
    return float(brentq(excess, 0.0, high, xtol=1e-5, rtol=1e-4))


def _fitted(
    y: Array, e: Array, design: Array, dispersion: float, start: Array | None = None
) -> tuple[Array, Array, Array]:
    """Coefficients, means and working weights; `start` are logarithms of means."""
    offset = np.log(e)
    eta = np.log(np.maximum(y, 0.5)) if start is None else start.copy()
    beta = np.zeros(2)
    for _ in range(MAX_ITERATIONS):
        mu = np.exp(np.clip(eta, -30, 30))
        weight = mu / (1 + dispersion * mu)
        w, wx = weight.sum(), float(weight @ design[:, 1])
        working = eta - offset + (y - mu) / mu
        wz, wxz = float(weight @ working), float((weight * design[:, 1]) @ working)
        wxx = float(weight @ design[:, 1] ** 2)
        determinant = w * wxx - wx * wx
        new = np.array([wxx * wz - wx * wxz, w * wxz - wx * wz]) / determinant
        eta = design @ new + offset
        step = float(np.abs(new - beta).max())
        beta = new
        if step < CONVERGED:
            break
    mu = np.exp(np.clip(eta, -30, 30))
    return beta, mu, mu / (1 + dispersion * mu)


def _inflation(residuals: Array) -> float:
    """The inflation of a slope's variance by an AR(1), taken half a standard error too strong.

    Counts hide part of the autocorrelation of the rates behind them.
    """
    n = len(residuals)
    r = min(autocorrelation(residuals, n), 1.0)
    r = min(r + math.sqrt((1 - r * r) / n) / 2, MAX_AUTOCORRELATION)
    return (1 + r) / (1 - r)
