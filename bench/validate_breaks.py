"""Size, power and coverage of the break tests on simulated series: rows for a CSV file."""

from __future__ import annotations

import csv
import math
import sys
from collections.abc import Iterator
from typing import Any

import numpy as np

from analysis.stats import changepoint

COLUMNS = ("test", "scenario", "n", "nominal", "observed", "monte_carlo_error", "repeats")
NOMINAL = 0.05
BURN = 50  # values before the series starts, so that it is stationary
Row = dict[str, Any]


def series(rng: np.random.Generator, n: int, rho: float) -> np.ndarray:
    """An autoregressive series of order one with unit innovations."""
    values = rng.normal(size=n + BURN)
    for i in range(1, n + BURN):
        values[i] += rho * values[i - 1]
    return values[BURN:]


def row(test: str, scenario: str, n: int, nominal: float, hits: list[bool]) -> Row:
    """One result with its Monte Carlo standard error."""
    share = float(np.mean(hits))
    error = math.sqrt(max(share * (1 - share), 1 / len(hits)) / len(hits))
    return dict(
        zip(COLUMNS, (test, scenario, n, nominal, share, round(error, 4), len(hits)), strict=True)
    )


def size(
    repeats: int, seed: int = 1, *, lengths: tuple[int, ...] = (12, 25, 50), draws: int = 199
) -> Iterator[Row]:
    """How often a series without a break is said to have one upward."""
    rng = np.random.default_rng(seed)
    for n in lengths:
        for drift in (False, True):
            for rho in (0.0, 0.3, 0.6, 0.8):
                found = [
                    changepoint.significance(
                        series(rng, n, rho) + drift * np.arange(n) * 0.5,
                        3, rng, sign=1, drift=drift, draws=draws,
                    )
                    < NOMINAL
                    for _ in range(repeats)
                ]  # fmt: skip
                line = " around a line" if drift else ""
                yield row("supF size", f"AR(1) {rho}{line}", n, NOMINAL, found)
    for n in lengths:
        counts = (rng.negative_binomial(0.5, 0.2, n).astype(float) for _ in range(repeats))
        found = [
            changepoint.significance(y, 3, rng, sign=1, draws=draws) < NOMINAL
            if np.ptp(y)
            else False
            for y in counts
        ]
        yield row("supF size", "negative binomial, variance 5 times the mean", n, NOMINAL, found)


def tried(repeats: int, seed: int = 2, *, draws: int = 199) -> Iterator[Row]:
    """What was tried and replaced: permuted blocks alone, without the memory."""
    rng = np.random.default_rng(seed)
    for n in (25, 50):
        for rho in (0.0, 0.6):
            hits = []
            for _ in range(repeats):
                y = series(rng, n, rho)
                moved = changepoint._permute_blocks(y - y.mean(), round(n ** (1 / 3)), draws, rng)  # noqa: SLF001
                found = changepoint._largest_gain(changepoint.splits(y, 3), 1)[0]  # noqa: SLF001
                null = changepoint._largest_gain(changepoint.splits(moved, 3), 1)  # noqa: SLF001
                hits.append((1 + np.sum(null >= found)) / (1 + draws) < NOMINAL)
            yield row("replaced: blocks without memory", f"AR(1) {rho}", n, NOMINAL, hits)


def power(repeats: int, seed: int = 3, *, draws: int = 199) -> Iterator[Row]:
    """How often a step upward at three quarters of the series is found."""
    rng = np.random.default_rng(seed)
    for n in (12, 25, 50):
        for step in (1.0, 2.0, 4.0):
            found = []
            for _ in range(repeats):
                y = series(rng, n, 0.3)
                y[3 * n // 4 :] += step
                found.append(changepoint.significance(y, 2, rng, sign=1, draws=draws) < NOMINAL)
            yield row("supF power", f"step of {step:g}, AR(1) 0.3", n, math.nan, found)


def number(repeats: int, seed: int = 4) -> Iterator[Row]:
    """How often the BIC finds the true number of breaks: none, or one of three deviations."""
    rng = np.random.default_rng(seed)
    for algorithm in ("dynamic_programming", "pelt"):
        for true in (0, 1):
            for n in (25, 50):
                hits = []
                for _ in range(repeats):
                    y = series(rng, n, 0.0)
                    y[n // 2 :] += 3.0 * true
                    hits.append(len(changepoint.select_breaks(y, 3, algorithm=algorithm)) == true)
                yield row(f"number by {algorithm}", f"{true} breaks", n, math.nan, hits)


def coverage(
    repeats: int,
    seed: int = 5,
    *,
    draws: int = 499,
    held: float = changepoint.COVERAGE,
    name: str = "date interval",
) -> Iterator[Row]:
    """How often the interval for the date holds the true date."""
    rng = np.random.default_rng(seed)
    for n in (12, 25, 50):
        for step in (1.0, 2.0, 4.0):
            for rho in (0.0, 0.3, 0.6):
                hits = []
                for _ in range(repeats):
                    y, true = series(rng, n, rho), 2 * n // 3
                    y[true:] += step
                    found = changepoint.splits(y, 2)
                    place = int(found.places[np.argmax(found.gain[0])])
                    low, high = changepoint.date_interval(
                        y, [place], 0, 2, rng, coverage=held, draws=draws
                    )
                    hits.append(low <= true <= high)
                yield row(name, f"step of {step:g}, AR(1) {rho}", n, 0.9, hits)


def narrow(repeats: int) -> Iterator[Row]:
    """What was tried and replaced: an interval that holds nine tenths of the drawn places."""
    yield from coverage(repeats, held=0.9, name="date interval, bare percentiles (replaced)")


def validate(repeats: int = 2000) -> Iterator[Row]:
    """All rows, in full size."""
    for study in (size, tried, power, number, coverage, narrow):
        yield from study(repeats)


if __name__ == "__main__":
    writer = csv.DictWriter(sys.stdout, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(validate(int(sys.argv[1]) if len(sys.argv) > 1 else 2000))
