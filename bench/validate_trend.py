"""Size, power and coverage of the test of one trend on simulated series, as rows of a CSV.

`python bench/validate_trend.py trend.csv` takes some minutes on one core; the file beside this one
has 2000 series a scenario (500 by month). Rows name what was tried and not kept as well.
"""

from __future__ import annotations

import csv
import math
import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import numpy as np
from trend_simulation import (
    ALPHA,
    AUTOCORRELATIONS,
    COLUMNS,
    LENGTHS,
    MIDDLE_NOISE,
    NOISES,
    RISES,
    SHAPES,
    TRIED,
    Test,
    in_use,
    noise,
    path,
    row,
)

from analysis.stats import mann_kendall

DRAWS = 2000
IN_USE = "Kendall's tau"
NEAR_MAXIMUM = 0.9  # what claims of a rise without end ask


def rows(draws: int = DRAWS, seed: int = 20241210) -> Iterator[tuple]:
    """Every scenario in turn."""
    chance = np.random.default_rng(seed)
    tests: dict[str, Test] = {IN_USE: in_use, **TRIED}
    for n, rho in product(LENGTHS, AUTOCORRELATIONS):
        plain = noise(chance, draws, 1, n, rho, MIDDLE_NOISE)[:, 0]
        for name, test in tests.items():
            nominal = ALPHA / 2 if name.startswith("levels") else ALPHA
            hits = (test(plain) < ALPHA) & (mann_kendall.kendall_tau(plain, np.arange(n)) > 0)
            yield row(name, "size", n, hits, nominal=nominal, rho=rho)
    for n, rho, level in product(LENGTHS, AUTOCORRELATIONS, NOISES):
        for shape, rise in product(SHAPES, RISES):
            x = noise(chance, draws, 1, n, rho, level)[:, 0] + path(shape, rise, n)
            for name, test in tests.items():
                if level == MIDDLE_NOISE or name == IN_USE or name.startswith("levels"):
                    hits = (test(x) < ALPHA) & (mann_kendall.kendall_tau(x, np.arange(n)) > 0)
                    yield row(name, "power", n, hits, rho=rho, level=level, shape=shape, rise=rise)
            near = x[:, -1] >= x.max(-1) + math.log(NEAR_MAXIMUM)
            yield row("last value near the maximum", "kept", n, near, rho=rho, level=level,
                      shape=shape, rise=rise)  # fmt: skip
    yield from _coverage(chance, max(draws // 2, 10))
    yield from _monthly(chance, max(draws // 4, 10))


def _coverage(chance: np.random.Generator, draws: int) -> Iterator[tuple]:
    """How often Sen's interval holds the slope of a line."""
    for n, rho, rise in product(LENGTHS, AUTOCORRELATIONS, (1.0, 3.0)):
        slope = math.log(rise) / (n - 1)
        x = noise(chance, draws, 1, n, rho, MIDDLE_NOISE)[:, 0] + slope * np.arange(n)
        found = [mann_kendall.trend(range(n), each) for each in x]
        hits = np.array([each.low <= slope <= each.high for each in found])
        yield row(IN_USE, "coverage", n, hits, nominal=mann_kendall.LEVEL, rho=rho,
                  shape="exponential", rise=rise)  # fmt: skip


def _monthly(chance: np.random.Generator, draws: int) -> Iterator[tuple]:
    for n, rho, yearly in product((28, 48, 120), (0.0, 0.3, 0.6), (1.0, 1.1, 1.3)):
        wave = 0.5 * np.sin(np.arange(n) * math.pi / 6)
        slope = math.log(yearly) / 12
        x = noise(chance, draws, 1, n, rho, MIDDLE_NOISE)[:, 0] + wave + slope * np.arange(n)
        found = [mann_kendall.trend(range(7, n + 7), each, cycle=12) for each in x]
        hits = np.array([each.p_rise < ALPHA for each in found])
        quantity, nominal = ("size", ALPHA) if yearly == 1 else ("power", None)
        name = f"{IN_USE} by month"
        yield row(name, quantity, n, hits, nominal=nominal, rho=rho, shape="a year", rise=yearly)


def write(path: str, found: Iterator[tuple]) -> None:
    """Write rows to a CSV file."""
    with Path(path).open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for each in found:
            writer.writerow(f"{cell:.4g}" if isinstance(cell, float) else cell for cell in each)


if __name__ == "__main__":
    write(sys.argv[1], rows(*map(int, sys.argv[2:3])))
