"""Size, power and coverage of the placebo test on simulated counts: rows for a CSV file."""

from __future__ import annotations

import csv
import math
import sys
from collections.abc import Iterator
from typing import Any

import numpy as np

from analysis.stats import placebo

COLUMNS = ("test", "scenario", "n", "nominal", "observed", "monte_carlo_error", "repeats")
NOMINAL = 0.05
BURN = 100  # days before the series starts, so that it is stationary
FIRST = 738000  # an ordinary day
MEAN, LATENT, ALPHA = 14.0, 0.5, 0.3  # counts a day; how far their rate wanders; dispersion
Row = dict[str, Any]


def counts(rng: np.random.Generator, n: int, rho: float) -> np.ndarray:
    """Overdispersed daily counts whose log rate wanders with autocorrelation `rho`."""
    noise = rng.normal(size=n + BURN)
    wander = np.zeros(n + BURN)
    for i in range(1, n + BURN):
        wander[i] = rho * wander[i - 1] + math.sqrt(1 - rho**2) * noise[i]
    rate = MEAN * np.exp(LATENT * wander[BURN:] - LATENT**2 / 2)
    return rng.poisson(rng.gamma(1 / ALPHA, rate * ALPHA)).astype(float)


def row(test: str, scenario: str, n: int, nominal: float, hits: list[bool]) -> Row:
    """One result with its Monte Carlo standard error."""
    share = float(np.mean(hits))
    error = math.sqrt(max(share * (1 - share), 1 / len(hits)) / len(hits))
    return dict(
        zip(COLUMNS, (test, scenario, n, nominal, share, round(error, 4), len(hits)), strict=True)
    )


def study(
    rng: np.random.Generator,
    n: int,
    start: int,
    window: int,
    rho: float,
    *,
    effect: float = 0.0,
    holes: float = 0.0,
) -> tuple[float, np.ndarray]:
    """The change at `start` and at the placebo dates; `holes` of the window's days are missing."""
    y = counts(rng, n, rho)
    y[start : start + window] = rng.poisson(y[start : start + window] * math.exp(effect))
    offsets = np.arange(-window, window)
    kept = offsets[rng.random(2 * window) >= holes]
    around = placebo.Window(
        before=kept[kept < 0], after=kept[kept >= 0], total_days=np.array([], dtype=int)
    )
    mean = np.full(n, y.mean())
    places = np.arange(n)
    places = places[np.abs(places - start) >= 2 * window]
    changes = placebo.log_ratios(y, mean, places, around)
    (own,) = placebo.log_ratios(y, mean, np.array([start]), around)
    return float(own), changes[~np.isnan(changes)]


def size(
    repeats: int, seed: int = 1, *, windows: tuple[int, ...] = (7, 14, 30, 60)
) -> Iterator[Row]:
    """How often nothing is taken for a rise: every date counted, then with what it is worth."""
    rng = np.random.default_rng(seed)
    for window in windows:
        for rho in (0.0, 0.5, 0.9):
            for holes in (0.0, 0.4):
                every, effective_n = [], []
                for _ in range(repeats):
                    own, others = study(rng, 850, 700, window, rho, holes=holes)
                    every.append(placebo.p_value(own, others) < NOMINAL)
                    n = placebo.effective_dates(len(others), window)
                    effective_n.append(placebo.p_value(own, others, n) < NOMINAL)
                scenario = f"window {window}, AR(1) {rho}, {holes:.0%} missing"
                yield row("replaced: every placebo date counts", scenario, 850, NOMINAL, every)
                yield row("placebo size", scenario, 850, NOMINAL, effective_n)


def unequal(repeats: int, seed: int = 2) -> Iterator[Row]:
    """What was avoided: an event with holes ranked among placebo dates without any."""
    rng = np.random.default_rng(seed)
    hits = []
    for _ in range(repeats):
        y = counts(rng, 850, 0.5)
        mean, none = np.full(850, y.mean()), np.array([], dtype=int)
        whole = placebo.Window(before=np.arange(-30, 0), after=np.arange(30), total_days=none)
        few = placebo.Window(
            before=rng.choice(np.arange(-30, 0), 6, replace=False),
            after=rng.choice(np.arange(30), 6, replace=False),
            total_days=none,
        )
        places = np.arange(30, 640)
        (own,) = placebo.log_ratios(y, mean, np.array([700]), few)
        hits.append(placebo.p_value(own, placebo.log_ratios(y, mean, places, whole), 60) < NOMINAL)
    yield row("avoided: holes at the event only", "window 30, AR(1) 0.5", 850, NOMINAL, hits)


def exact(repeats: int, seed: int = 3) -> Iterator[Row]:
    """Exchangeable dates: p is uniform on its steps."""
    rng = np.random.default_rng(seed)
    for nominal in (0.05, 0.1, 0.5):
        hits = [
            placebo.p_value(draw[0], draw[1:]) <= nominal
            for draw in rng.standard_gamma(0.5, size=(repeats, 100))
        ]
        yield row("placebo p, exchangeable dates", f"p <= {nominal}", 99, nominal, hits)


def power(repeats: int, seed: int = 4) -> Iterator[Row]:
    """How often a rise by a half, or a doubling, is found."""
    rng = np.random.default_rng(seed)
    for window in (7, 14, 30, 60):
        for factor in (1.5, 2.0):
            found = []
            for _ in range(repeats):
                own, others = study(rng, 850, 700, window, 0.5, effect=math.log(factor))
                n = placebo.effective_dates(len(others), window)
                found.append(placebo.p_value(own, others, n) < NOMINAL)
            yield row("placebo power", f"window {window}, times {factor}", 850, math.nan, found)


def coverage(repeats: int, seed: int = 5) -> Iterator[Row]:
    """How often the interval of the ratio (two one-sided tests at 0.05) holds the true one."""
    rng = np.random.default_rng(seed)
    for window in (14, 30, 60):
        for factor in (1.0, 1.5):
            hits = []
            for _ in range(repeats):
                own, others = study(rng, 850, 700, window, 0.5, effect=math.log(factor))
                n = placebo.effective_dates(len(others), window)
                low, high = placebo.ratio_limits(own, own, others, NOMINAL, n)
                hits.append(low <= math.log(factor) <= high)
            yield row("ratio interval", f"window {window}, times {factor}", 850, 0.9, hits)


def regression(repeats: int, seed: int = 6) -> Iterator[Row]:
    """The regression that is reported beside: how often its 95 % interval leaves out no change."""
    rng = np.random.default_rng(seed)
    start, days = 700, np.arange(FIRST, FIRST + 850)
    places = np.arange(850)
    for rho in (0.5, 0.9):
        for window in (30, 60):
            near = (np.abs(places - start + 0.5) < window).astype(float)
            after = near * (places >= start)
            hits = []
            for _ in range(repeats):
                fit = placebo.regression(days, counts(rng, 850, rho), after, near, 14)
                hits.append(fit.low > 1)
            yield row("regression size", f"window {window}, AR(1) {rho}", 850, 0.025, hits)


def validate(repeats: int = 2000) -> Iterator[Row]:
    """All rows, in full size; the regression is slow and gets a fifth of the repeats."""
    for part in (size, unequal, exact, power, coverage):
        yield from part(repeats)
    yield from regression(max(repeats // 5, 20))


if __name__ == "__main__":
    writer = csv.DictWriter(sys.stdout, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(validate(int(sys.argv[1]) if len(sys.argv) > 1 else 2000))
