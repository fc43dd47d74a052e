"""Size and power of a vote of several indices on simulated series, as rows of a CSV.

`python bench/validate_vote.py vote.csv` takes some minutes on one core; the file beside this one
has 1000 votes a scenario. A vote passes if two thirds of its indices are up and the regional test
says that they rise together. Replaced: two thirds of the indices rise by a test of their own.
Each scenario compares some of its draws with `regional`, of which the fast form here is a copy.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import product

import numpy as np
from scipy.special import stdtr
from trend_simulation import (
    ALPHA,
    AUTOCORRELATIONS,
    LENGTHS,
    MIDDLE_NOISE,
    NOISES,
    RISES,
    SHAPES,
    Array,
    levels,
    noise,
    path,
    row,
)
from validate_trend import write

from analysis.stats import mann_kendall
from analysis.stats.regional_kendall import Course, regional

DRAWS = 1000
COMPARED = 3  # draws of a scenario that are compared with the function in use
VOTES = (3, 5, 7)
SHARED = (0.0, 0.5)
SHARE = 2 / 3 - 1e-9


def rows(draws: int = DRAWS, seed: int = 20241211) -> Iterator[tuple]:
    """Every scenario in turn."""
    chance = np.random.default_rng(seed)
    for m, shared, n, rho in product(VOTES, SHARED, LENGTHS, AUTOCORRELATIONS):
        plain = noise(chance, 2 * draws, m, n, rho, MIDDLE_NOISE, shared)
        for name, hits in _votes(plain):
            nominal = None if "replaced" in name else ALPHA
            yield row(name, "size", n, hits, nominal=nominal, indices=m, shared=shared, rho=rho)
        for shape, rise, level in product(SHAPES, RISES, NOISES):
            if level != MIDDLE_NOISE and shape != "exponential":
                continue
            x = noise(chance, draws, m, n, rho, level, shared) + path(shape, rise, n)
            for name, hits in _votes(x):
                yield row(name, "power", n, hits, indices=m, shared=shared, rho=rho, level=level,
                          shape=shape, rise=rise)  # fmt: skip


def _votes(x: Array) -> Iterator[tuple[str, Array]]:
    times = np.arange(x.shape[-1])
    up = mann_kendall.kendall_tau(x, times) > 0
    yield "regional Kendall and two thirds up", (together(x) < ALPHA) & (up.mean(-1) >= SHARE)
    alone = (levels(x) < ALPHA) & up
    yield "two thirds rise by own tests (replaced)", alone.mean(-1) >= SHARE


def together(x: Array) -> Array:
    """P of `regional` for many votes of indices with the same times and weights."""
    _, m, n = x.shape
    times = np.arange(n)
    rest = mann_kendall.detrended_ranks(times, x)
    rho = mann_kendall.upper_bound(mann_kendall.autocorrelation(rest).mean(-1), m * n)
    scale = np.sqrt((rest**2).sum(-1, keepdims=True))
    unit = np.divide(rest, scale, out=np.zeros_like(rest), where=scale > 0)
    shared = (unit.sum(-2) ** 2).sum(-1) - (unit**2).sum((-2, -1))
    variance = mann_kendall.tau_variance(times, rho) * (m + np.maximum(shared, 0)) / m**2
    tau = mann_kendall.kendall_tau(x, times).mean(-1)
    p: Array = stdtr(n - 2, -tau / np.sqrt(variance))
    for draw in range(COMPARED):
        courses = [Course(times=tuple(range(n)), values=tuple(each)) for each in x[draw]]
        found = regional(courses)
        if found is None or abs(found.p_rise - p[draw]) > 1e-6:
            raise AssertionError(f"the fast form differs: {found} and {p[draw]}")
    return p


if __name__ == "__main__":
    write(sys.argv[1], rows(*map(int, sys.argv[2:3])))
