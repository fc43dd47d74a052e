"""Monotone trends: known values, scipy's own, and size, power and coverage on made-up series."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import false_discovery_control, kendalltau, theilslopes

from analysis.stats import mann_kendall
from analysis.stats.multiple_testing import q_values

DRAWS = 400
NOISE = 3 * (0.05 * 0.95 / DRAWS) ** 0.5  # three Monte Carlo errors of a share of 0.05
distinct = st.lists(st.integers(-1000, 1000), min_size=8, max_size=20, unique=True)


def series(draws: int, n: int, rho: float, slope: float = 0.0, seed: int = 1) -> np.ndarray:
    """Stationary AR(1) series of variance one over a line."""
    chance = np.random.default_rng(seed)
    x = np.zeros((draws, n + 60))
    for t in range(1, n + 60):
        x[:, t] = rho * x[:, t - 1] + chance.normal(size=draws)
    return x[:, 60:] * (1 - rho**2) ** 0.5 + slope * np.arange(n)


def rejected(found: list[mann_kendall.Slope]) -> float:
    return float(np.mean([slope.p < 0.05 for slope in found]))


def covered(found: list[mann_kendall.Slope], true: float = 0.0) -> float:
    return float(np.mean([slope.low <= true <= slope.high for slope in found]))


@given(distinct)
def test_the_exact_test_is_kendalls(values):
    found = mann_kendall.trend(range(len(values)), values, correct=False)
    assert found.p == pytest.approx(
        kendalltau(range(len(values)), values, method="exact").pvalue, rel=1e-6
    )


@given(st.lists(st.integers(0, 20), min_size=8, max_size=30))
def test_slope_and_interval_are_sens(values):
    found = mann_kendall.trend(range(len(values)), values, correct=False)
    if len(set(values)) > 1:
        slope, _, low, high = theilslopes(values)
        assert (found.slope, found.low, found.high) == pytest.approx((slope, low, high))


@pytest.mark.parametrize("n", [2, 3, 4, 5, 6])
def test_the_exact_distribution_is_that_of_all_orders(n):
    statistics = [
        abs(mann_kendall.statistic(np.array(o))) for o in itertools.permutations(range(n))
    ]
    for s in {int(value) for value in statistics}:
        share = sum(value >= s for value in statistics) / len(statistics)
        assert mann_kendall.exact(s, n) == pytest.approx(share)


def test_a_short_series_has_a_slope_and_no_test():
    found = mann_kendall.trend(range(7), [1, 2, 3, 4, 5, 6, 7], correct=False)
    assert (found.slope, found.p) == (1, None)
    assert mann_kendall.trend(range(8), range(8), correct=False).p == pytest.approx(2 / 40320)


def test_a_constant_series_has_no_trend():
    for correct in (False, True):
        assert mann_kendall.trend(range(9), [3] * 9, correct=correct).p == 1
    assert mann_kendall.seasonal(range(36), [3] * 36).p == 1


@given(distinct, st.sampled_from([False, True]))
def test_reversing_time_reverses_the_slope(values, correct):
    n = len(values)
    one = mann_kendall.trend(range(n), values, correct=correct)
    other = mann_kendall.trend(range(n), values[::-1], correct=correct)
    assert (one.slope, one.p) == pytest.approx((-other.slope, other.p))


@pytest.mark.parametrize("n", [8, 12, 20])
def test_size_and_coverage_without_autocorrelation(n):
    found = [mann_kendall.trend(range(n), x, correct=False) for x in series(DRAWS, n, 0)]
    assert rejected(found) <= 0.05 + NOISE
    assert covered(found) >= 0.95 - NOISE


@pytest.mark.parametrize("n", [8, 12, 20])
@pytest.mark.parametrize("rho", [0.3, 0.6])
def test_size_and_coverage_under_autocorrelation(n, rho):
    found = [mann_kendall.trend(range(n), x, correct=True) for x in series(DRAWS, n, rho)]
    assert rejected(found) <= 0.05 + NOISE
    assert covered(found) >= 0.95 - NOISE


def test_without_the_correction_autocorrelation_makes_trends():
    found = [mann_kendall.trend(range(20), x, correct=False) for x in series(DRAWS, 20, 0.6)]
    assert rejected(found) > 0.15


def test_power_grows_with_the_slope():
    found = [
        rejected(
            [mann_kendall.trend(range(25), x, correct=True) for x in series(100, 25, 0.3, slope)]
        )
        for slope in (0, 0.1, 0.3)
    ]
    assert found == sorted(found)
    assert found[-1] > 0.8


@pytest.mark.parametrize("rho", [0, 0.6])
def test_months_keep_their_size_under_seasons(rho):
    wave = 2 * np.sin(np.arange(36) * np.pi / 6)
    found = [mann_kendall.seasonal(range(5, 41), x + wave) for x in series(DRAWS, 36, rho)]
    assert rejected(found) <= 0.05 + NOISE
    assert covered(found) >= 0.95 - NOISE


def test_months_find_a_trend_that_seasons_hide():
    wave = 10 * np.sin(np.arange(48) * np.pi / 6)
    found = [mann_kendall.seasonal(range(48), x + wave) for x in series(50, 48, 0.2, 0.1)]
    assert rejected(found) > 0.9


def test_less_than_two_years_of_months_are_not_tested():
    assert mann_kendall.seasonal(range(23), range(23)).p is None
    assert mann_kendall.seasonal(range(24), range(24)).p is not None


def test_the_bootstrap_is_the_same_every_time():
    x = series(1, 40, 0.5)[0]
    assert mann_kendall.seasonal(range(40), x) == mann_kendall.seasonal(range(40), x)


@given(st.lists(st.one_of(st.none(), st.floats(0, 1)), min_size=1, max_size=20))
def test_q_values_are_benjamini_and_hochbergs(p_values):
    q = q_values(p_values)
    made = [p for p in p_values if p is not None]
    assert [i for i, p in enumerate(p_values) if p is None] == [
        i for i, value in enumerate(q) if value is None
    ]
    if made:
        assert [v for v in q if v is not None] == pytest.approx(
            false_discovery_control(made).tolist()
        )
    assert all(b >= a - 1e-12 for a, b in zip(p_values, q, strict=True) if a is not None)
