"""Simulated series for the validation of trends, and the tests that were tried and not kept.

Series are logarithms: noise is multiplicative, AR(1), and its level a coefficient of variation.
Arrays have shape (draws, indices, points) or (draws, points).
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from scipy.special import stdtr

from analysis.stats import mann_kendall

COLUMNS = (
    "test", "quantity", "scenario", "n", "nominal", "observed", "error",
    "indices", "shared", "rho", "noise", "shape", "rise",
)  # fmt: skip
LENGTHS = (5, 8, 10, 14, 20)
AUTOCORRELATIONS = (0.0, 0.3, 0.6, 0.8)
RISES = (1.5, 3.0, 8.0)
SHAPES = ("straight", "exponential", "stepped")
# Quartiles of the variation around the trend, over the 16 yearly series of at least eight positive
# values in this audit: 0.16, 0.26 and 0.46.
NOISES = (0.15, 0.25, 0.5)
MIDDLE_NOISE = NOISES[1]
ALPHA = 0.05
Array = np.ndarray
Test = Callable[[Array], Array]


def noise(  # noqa: PLR0917 - the numbers that define a scenario
    chance: np.random.Generator,
    draws: int,
    indices: int,
    n: int,
    rho: float,
    level: float,
    shared: float = 0.0,
) -> Array:
    """Stationary AR(1) noise; each shock is common to all indices with this share of variance."""

    def shocks() -> Array:
        own = chance.normal(size=(draws, indices))
        return math.sqrt(1 - shared) * own + math.sqrt(shared) * chance.normal(size=(draws, 1))

    x = np.empty((draws, indices, n))
    x[:, :, 0] = shocks()
    for t in range(1, n):
        x[:, :, t] = rho * x[:, :, t - 1] + math.sqrt(1 - rho**2) * shocks()
    return x * math.sqrt(math.log1p(level**2))


def path(shape: str, rise: float, n: int) -> Array:
    """The logarithm of a course that ends at `rise` times its start."""
    along = np.arange(n) / (n - 1)
    return {
        "straight": np.log1p((rise - 1) * along),
        "exponential": math.log(rise) * along,
        "stepped": math.log(rise) * (np.arange(n) >= n // 2),
    }[shape]


def row(
    test: str,
    quantity: str,
    n: int,
    hits: Array,
    *,
    nominal: float | None = None,
    indices: int = 1,
    shared: float = 0.0,
    rho: float = 0.0,
    level: float = MIDDLE_NOISE,
    shape: str = "",
    rise: float = 1.0,
) -> tuple:
    """A row of the results: the share of draws that hit, with its Monte Carlo error."""
    observed = float(np.mean(hits))
    scenario = f"{indices} indices, shared {shared}, AR(1) {rho}, noise {level}"
    if shape:
        scenario += f", {shape} {rise:g} times"
    error = math.sqrt(observed * (1 - observed) / len(hits))
    return (test, quantity, scenario, n, nominal, observed, error,
            indices, shared, rho, level, shape, rise)  # fmt: skip


# --- the test in use


def in_use(x: Array) -> Array:
    """P of a rise by the test that is in use."""
    times = np.arange(x.shape[-1])
    tau = mann_kendall.kendall_tau(x, times)
    variance = mann_kendall.variance_of_series(times, x)
    return mann_kendall.upper_tail(tau, variance, len(mann_kendall.compared(times)[0]))


# --- tests that were tried


def levels(x: Array) -> Array:
    """What was in use: AR(1) of the levels about Sen's line, two-sided, eight points at least."""
    n = x.shape[-1]
    if n < 8:
        return np.ones(x.shape[:-1])
    y, t = np.exp(x), np.arange(n)
    i, j = np.triu_indices(n, 1)
    rest = y - np.median((y[..., j] - y[..., i]) / (j - i), -1)[..., None] * t
    return np.minimum(2 * _student(x, _positive(rest - rest.mean(-1, keepdims=True))), 1)


def ranks(x: Array) -> Array:
    """The correction of `levels` from detrended ranks, one-sided."""
    return _student(x, _positive(_residuals(x)))


def shrunken(x: Array) -> Array:
    """The same with the estimate pulled toward none by its own error."""
    r, n = _positive(_residuals(x)), x.shape[-1]
    return _student(x, r**3 / (r**2 + (1 - r**2) / n))


def composite(x: Array) -> Array:
    """The slope of ranks with the error of its residuals, inflated for AR(1)."""
    n, rest = x.shape[-1], _residuals(x)
    t = np.arange(n) - (n - 1) / 2
    slope = _ranks(x) @ t / (t @ t)
    inflation = _inflation(_positive(rest), n)
    error = np.sqrt((rest**2).sum(-1) / (n - 2) / (t @ t) * inflation)
    return stdtr(np.maximum(n / inflation - 2, 1), -slope / np.maximum(error, 1e-9))


def blocks(x: Array, permutations: int = 999) -> Array:
    """Permutations of blocks of two or three years."""
    n, chance = x.shape[-1], np.random.default_rng(1)
    size, t = (2 if n < 10 else 3), np.arange(n) - (n - 1) / 2
    weights = np.zeros((permutations, n))
    for each in weights:
        parts = np.split(np.arange(n), range(int(chance.integers(1, size + 1)), n, size))
        each[np.concatenate([parts[k] for k in chance.permutation(len(parts))])] = t
    scores = _ranks(x)
    beyond = scores @ weights.T >= (scores @ t)[..., None] - 1e-9
    return (1 + beyond.sum(-1)) / (permutations + 1)


def prewhitened(x: Array) -> Array:
    """Trend-free prewhitening (S. Yue and others, 2002), of ranks."""
    n, rest = x.shape[-1], _residuals(x)
    r, trend = _positive(rest), _ranks(x) - rest
    white = np.round(rest[..., 1:] - r[..., None] * rest[..., :-1] + trend[..., 1:], 9)
    return _student(white, np.zeros(x.shape[:-1]), infinite=True) if n > 1 else r


def bounded(x: Array) -> Array:
    """No estimate: the autocorrelation is taken as 0.6, the largest that is promised."""
    times = np.arange(x.shape[-1])
    variance = mann_kendall.tau_variance(times, np.full(x.shape[:-1], 0.6))
    tau = mann_kendall.kendall_tau(x, times)
    return mann_kendall.upper_tail(tau, variance, len(mann_kendall.compared(times)[0]))


TRIED: dict[str, Test] = {
    "levels, two-sided (replaced)": levels,
    "not kept: ranks": ranks,
    "not kept: ranks, shrunken": shrunken,
    "not kept: composite": composite,
    "not kept: blocks": blocks,
    "not kept: prewhitened": prewhitened,
    "not kept: bound alone": bounded,
}


def _ranks(x: Array) -> Array:
    return 0.5 * np.sign(x[..., :, None] - x[..., None, :]).sum(-1)


def _residuals(x: Array) -> Array:
    return mann_kendall.detrended_ranks(np.arange(x.shape[-1]), x)


def _positive(rest: Array) -> Array:
    return np.clip(mann_kendall.autocorrelation(rest), 0.0, 0.95)


def _inflation(r: Array, n: int) -> Array:
    k = np.arange(1, n - 1)
    terms = (n - k) * (n - k - 1) * (n - k - 2) * r[..., None] ** k
    return 1 + 2 * terms.sum(-1) / (n * (n - 1) * (n - 2))


def _student(x: Array, r: Array, *, infinite: bool = False) -> Array:
    """P of S in the direction of a rise, with the variance inflated by r."""
    n = x.shape[-1]
    i, j = np.triu_indices(n, 1)
    s, inflation = np.sign(x[..., j] - x[..., i]).sum(-1), _inflation(r, n)
    z = np.sign(s) * np.maximum(np.abs(s) - 1, 0)
    z = z / np.sqrt(n * (n - 1) * (2 * n + 5) / 18 * inflation)
    return stdtr(np.full(r.shape, 1e9) if infinite else np.maximum(n / inflation - 2, 1), -z)
