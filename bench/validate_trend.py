"""Size, power and coverage of the trend tests on simulated series, as rows of a CSV.

`python bench/validate_trend.py trend.csv` takes some minutes; the file beside this one has
1000 series a scenario (250 by month and for counts). Rows name what was tried and not
kept as well: Hamed and Rao's own correction and trend-free prewhitening, which from 8 to 40 points
reject far too often where noise is autocorrelated.
"""

from __future__ import annotations

import csv
import math
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from analysis.stats import mann_kendall, rates

COLUMNS = ("test", "quantity", "scenario", "n", "nominal", "observed", "error")
DRAWS = 4000
LEVEL = 0.05
COUNT = 50  # the mean of simulated counts
Row = tuple[str, str, str, int, float | None, float, float]


def simulate(
    chance: np.random.Generator, draws: int, n: int, rho: float, slope: float = 0.0
) -> np.ndarray:
    """AR(1) series of variance one over a line of this slope."""
    x = np.zeros((draws, n + 100))
    for t in range(1, n + 100):
        x[:, t] = rho * x[:, t - 1] + chance.normal(size=draws)
    return x[:, 100:] * math.sqrt(1 - rho**2) + slope * np.arange(n)


def rows(draws: int = DRAWS, seed: int = 20241210) -> Iterator[Row]:
    """Every scenario in turn."""
    chance = np.random.default_rng(seed)
    yield from _annual(chance, draws)
    yield from _rejected_tests(chance, draws)
    yield from _monthly(chance, max(draws // 4, 10))
    yield from _counts(chance, max(draws // 4, 10))


def _annual(chance: np.random.Generator, draws: int) -> Iterator[Row]:
    for n in (8, 10, 15, 25, 40):
        for rho in (0.0, 0.3, 0.6, 0.8):
            for slope in (0.0, 0.1, 0.2):
                drawn = simulate(chance, draws, n, rho, slope)
                for name, correct in (
                    ("Mann-Kendall exact (replaced)", False),
                    ("Mann-Kendall AR(1)", True),
                ):
                    found = [mann_kendall.trend(range(n), x, correct=correct) for x in drawn]
                    yield from _rows_of(name, f"AR(1) {rho}, slope {slope} sd", n, found, slope)


def _monthly(chance: np.random.Generator, draws: int) -> Iterator[Row]:
    for n in (28, 48, 120):
        wave = 2 * np.sin(np.arange(n) * math.pi / 6)
        for rho in (0.0, 0.3, 0.6):
            for slope in (0.0, 0.02, 0.05):
                drawn = simulate(chance, draws, n, rho, slope) + wave
                found = [mann_kendall.seasonal(range(7, n + 7), x) for x in drawn]
                scenario = f"seasons, AR(1) {rho}, slope {slope} sd"
                yield from _rows_of("seasonal Mann-Kendall AR(1)", scenario, n, found, slope)


def _counts(chance: np.random.Generator, draws: int) -> Iterator[Row]:
    for n in (6, 8, 10, 24):
        late = np.arange(n) >= n // 2
        for rho in (0.0, 0.3, 0.6):
            for dispersion in (0.0, 0.05, 0.2):
                for growth in (0.0, math.log(1.5)):
                    x = simulate(chance, draws, n, rho)
                    mean = np.exp(math.sqrt(dispersion) * x - dispersion / 2 + growth * late)
                    found = [
                        rates.loglinear(y, np.full(n, 30.0), late)
                        for y in chance.poisson(COUNT * mean)
                    ]
                    ratio = math.exp(growth)
                    scenario = f"rates AR(1) {rho}, dispersion {dispersion}, ratio {ratio:.2g}"
                    kept = [rate for rate in found if rate is not None]
                    yield from _rows_of(
                        "negative binomial ratio", scenario, n, kept, ratio, null=1.0
                    )


def _rows_of(
    name: str, scenario: str, n: int, found: list, true: float, *, null: float = 0.0
) -> Iterator[Row]:
    """A row for the size or the power, and one for the coverage."""
    rejecting = float(np.mean([one.p < LEVEL for one in found]))
    covering = float(np.mean([one.low <= true <= one.high for one in found]))
    under_null = true == null
    what, nominal = ("size", LEVEL) if under_null else ("power", None)
    yield _row(name, what, scenario, n, nominal, rejecting, len(found))
    yield _row(name, "coverage", scenario, n, 1 - LEVEL, covering, len(found))


def _row(  # noqa: PLR0917 - the columns in their order
    name: str,
    quantity: str,
    scenario: str,
    n: int,
    nominal: float | None,
    observed: float,
    draws: int,
) -> Row:
    error = math.sqrt(observed * (1 - observed) / draws)
    return name, quantity, scenario, n, nominal, observed, error


def _rejected_tests(chance: np.random.Generator, draws: int) -> Iterator[Row]:
    tests: dict[str, Callable[[np.ndarray], float]] = {
        "not kept: Hamed-Rao 1998": hamed_rao,
        "not kept: trend-free prewhitening": prewhitened,
    }
    for n in (8, 10, 15, 25, 40):
        for rho in (0.0, 0.3, 0.6):
            drawn = simulate(chance, draws, n, rho)
            for name, test in tests.items():
                share = float(np.mean([test(x) < LEVEL for x in drawn]))
                yield _row(name, "size", f"AR(1) {rho}, slope 0.0 sd", n, LEVEL, share, draws)


def hamed_rao(x: np.ndarray) -> float:
    """The p of K. H. Hamed and A. R. Rao (1998): significant rank autocorrelations at every lag."""
    n = len(x)
    ranks = np.argsort(np.argsort(_detrended(x))).astype(float)
    ranks -= ranks.mean()
    total, inflation = float((ranks**2).sum()), 1.0
    for k in range(1, n - 1):
        r = float((ranks[k:] * ranks[:-k]).sum()) / total
        if abs(r) > 1.96 / math.sqrt(n):
            inflation += 2 * (n - k) * (n - k - 1) * (n - k - 2) * r / (n * (n - 1) * (n - 2))
    return _normal(x, max(inflation, 1.0))


def prewhitened(x: np.ndarray) -> float:
    """The p of S. Yue, P. Pilon, B. Phinney and G. Cavadias (2002): trend-free prewhitening."""
    n = len(x)
    plain = _detrended(x)
    centred = plain - plain.mean()
    r = float((centred[1:] * centred[:-1]).sum() / (centred**2).sum())
    if abs(r) < 1.96 / math.sqrt(n):
        return _normal(x, 1.0)
    return _normal(plain[1:] - r * plain[:-1] + (x - plain)[1:], 1.0)


def _detrended(x: np.ndarray) -> np.ndarray:
    slope = mann_kendall.trend(range(len(x)), x, correct=False).slope
    return x - slope * np.arange(len(x))


def _normal(x: np.ndarray, inflation: float) -> float:
    s = mann_kendall.statistic(x)
    z = max(abs(s) - 1, 0) / math.sqrt(mann_kendall.variance_of(x) * inflation)
    return math.erfc(z / math.sqrt(2))


def main(path: str, draws: int = DRAWS) -> None:
    """Write all rows to a file."""
    with Path(path).open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for row in rows(draws):
            writer.writerow(f"{cell:.4g}" if isinstance(cell, float) else cell for cell in row)


if __name__ == "__main__":
    main(*sys.argv[1:2], *map(int, sys.argv[2:3]))
