"""Size, power and coverage of the statistics behind the method `share`, on simulated data.

    python bench/validate_share.py > validate_share.csv

Tried and replaced: the percentile bootstrap of the mean over years, which covers 83 percent of five
independent years where it says 95, and about 55 where they are correlated by 0.6; the bootstrap of
the median, and the bare range of the years, which hold for independent years only.
"""

from __future__ import annotations

import csv
import itertools
import math
import random
import sys
from collections.abc import Callable, Iterable, Iterator
from statistics import fmean, median
from typing import Any

from analysis.stats.composition_bounds import Composition
from analysis.stats.intervals import Bounds, combine

COLUMNS = ("test", "scenario", "n", "nominal", "observed", "monte_carlo_error")
TRIALS = 20_000
SPREAD = 3.0  # percentage points, between years


def years(draws: random.Random, n: int, correlation: float, centre: float) -> list[float]:
    """Yearly shares around `centre`, each with a part of the year before."""
    state, found = draws.gauss(0, 1), []
    for _ in range(n):
        found.append(centre + SPREAD * state)
        state = correlation * state + math.sqrt(1 - correlation**2) * draws.gauss(0, 1)
    return found


def range_of_years(values: list[float]) -> tuple[float, float]:
    """The interval of the method: from the lowest to the highest year."""
    yearly = [("f", str(i), Bounds(value, value, value)) for i, value in enumerate(values)]
    combined = combine(yearly, years=True)
    return combined.low, combined.high


def bootstrapped(
    values: list[float], middle: Callable[[Iterable[float]], float]
) -> tuple[float, float]:
    """The 95 % percentile interval of a middle over all samples with replacement, exactly."""
    samples = itertools.product(values, repeat=len(values))
    middles = sorted(middle(sample) for sample in samples)
    return middles[int(0.025 * len(middles))], middles[int(0.975 * len(middles)) - 1]


def bare(values: list[float]) -> tuple[float, float]:
    """The range of the years as it is."""
    return min(values), max(values)


def intervals(trials: int) -> Iterator[tuple[Any, ...]]:
    """Coverage of the median, wrong decisions at the threshold, and right ones away from it."""
    for n, correlation in itertools.product((5, 8), (0.0, 0.3, 0.6, 0.8)):
        draws = random.Random(f"{n} {correlation}")
        nominal = 1 - 2 ** (1 - n)
        found = [range_of_years(years(draws, n, correlation, 50)) for _ in range(trials)]
        covered = sum(low <= 50 <= high for low, high in found) / trials
        scenario = f"years correlated by {correlation}"
        yield "range of years: coverage", scenario, n, nominal, covered, error(covered, trials)
        size = 1 - covered
        yield "range of years: size", scenario, n, 1 - nominal, size, error(size, trials)
        for shift in (5.0, 10.0, 20.0):
            moved = [
                range_of_years(years(draws, n, correlation, 50 + shift)) for _ in range(trials)
            ]
            power = sum(low > 50 for low, _ in moved) / trials
            scenario_text = f"{scenario}, {shift:g} points above"
            yield "range of years: power", scenario_text, n, "", power, error(power, trials)
    replaced = {
        "bootstrap of the mean": (lambda v: bootstrapped(v, fmean), 0.95, trials // 20),
        "bootstrap of the median": (lambda v: bootstrapped(v, median), 0.95, trials // 20),
        "bare range": (bare, 0.9375, trials),
    }
    for (test, (interval, nominal, few)), correlation in itertools.product(
        replaced.items(), (0.0, 0.6)
    ):
        draws = random.Random(f"{test} {correlation}")
        found = [interval(years(draws, 5, correlation, 50)) for _ in range(few)]
        covered = sum(low <= 50 <= high for low, high in found) / few
        scenario_text = f"years correlated by {correlation}"
        yield (
            f"{test} (replaced): coverage",
            scenario_text,
            5,
            nominal,
            covered,
            error(covered, few),
        )


def bounds(trials: int) -> Iterator[tuple[Any, ...]]:
    """How often the bounds hold the true share and rank, and how wide they are."""
    for n, named_share in ((5, 0.3), (5, 0.7), (20, 0.3), (20, 0.7)):
        draws = random.Random(f"{n} {named_share}")
        held = ranked = width = 0.0
        for _ in range(trials):
            sizes = [draws.paretovariate(1.2) for _ in range(n)]
            whole = [100 * size / sum(sizes) for size in sizes]
            named = {str(i): value for i, value in enumerate(whole) if draws.random() < named_share}
            named.setdefault("0", whole[0])
            rest = max(100 - sum(named.values()), 0.0)
            composition = Composition(values=named, remainders=(rest,), total=100)
            asked = ["0", "1"]
            share, rank = composition.share(asked), composition.rank("0")
            held += share.low - 1e-9 <= whole[0] + whole[1] <= share.high + 1e-9
            ranked += rank.low <= 1 + sum(value > whole[0] for value in whole) <= rank.high
            width += (share.high - share.low) / trials
        scenario = f"{named_share:.0%} of {n} members named; mean width {width:.1f} points"
        yield "bounds of a share: coverage", scenario, n, 1.0, held / trials, 0.0
        yield "bounds of a rank: coverage", scenario, n, 1.0, ranked / trials, 0.0


def error(share: float, trials: int) -> float:
    """The standard error of a simulated share."""
    return math.sqrt(share * (1 - share) / trials)


def validate(trials: int = TRIALS) -> Iterator[tuple[Any, ...]]:
    """Every row of the validation."""
    yield from intervals(trials)
    yield from bounds(trials)


if __name__ == "__main__":
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(COLUMNS)
    for *words, observed, spread in validate():
        writer.writerow([*words, f"{observed:.4f}", f"{spread:.4f}"])
