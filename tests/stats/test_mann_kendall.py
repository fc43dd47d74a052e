"""Monotone trends: known values, exact variances, laws, and size and coverage on made-up series."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kendalltau, theilslopes

from analysis.stats import mann_kendall
from analysis.stats.mann_kendall import trend

DRAWS = 400
NOISE = 3 * (0.075 * 0.925 / DRAWS) ** 0.5  # three Monte Carlo errors of the largest size allowed
LARGEST_SIZE = 0.075  # Bradley's liberal criterion at a nominal 0.05
values = st.lists(st.integers(-30, 30), min_size=5, max_size=20)
distinct = st.lists(st.integers(-1000, 1000), min_size=5, max_size=20, unique=True)


def series(draws: int, n: int, rho: float, slope: float = 0.0, seed: int = 1) -> np.ndarray:
    """Stationary AR(1) series of variance one over a line."""
    chance = np.random.default_rng(seed)
    x = np.zeros((draws, n + 60))
    for t in range(1, n + 60):
        x[:, t] = rho * x[:, t - 1] + chance.normal(size=draws)
    return x[:, 60:] * (1 - rho**2) ** 0.5 + slope * np.arange(n)


@given(values)
def test_tau_and_slope_are_kendalls_and_sens(x):
    found = trend(range(len(x)), x)
    pairs = len(x) * (len(x) - 1) / 2
    ranked = kendalltau(range(len(x)), x, variant="b").statistic
    ties = sum(a == b for a, b in itertools.combinations(x, 2))
    expected = ranked * math.sqrt((pairs - ties) / pairs) if len(set(x)) > 1 else 0.0
    assert found.tau == pytest.approx(expected)
    assert found.slope == pytest.approx(theilslopes(x)[0])
    assert found.low <= found.slope <= found.high


@pytest.mark.parametrize("n", [4, 6])
def test_the_variance_of_independent_points_is_that_of_all_orders(n):
    taus = [
        mann_kendall.kendall_tau(np.array(order), np.arange(n))
        for order in itertools.permutations(range(n))
    ]
    found = mann_kendall.tau_variance(np.arange(n), np.array(0.0))
    assert found == pytest.approx(np.mean(np.square(taus)))


@pytest.mark.parametrize("n", [5, 6, 7])
def test_the_tail_of_independent_points_is_nearly_that_of_all_orders(n):
    times = np.arange(n)
    orders = np.array(list(itertools.permutations(range(n))))
    taus = mann_kendall.kendall_tau(orders, times)
    variance, pairs = mann_kendall.tau_variance(times, np.array(0.0)), n * (n - 1) // 2
    for tau in np.unique(taus):
        tail = mann_kendall.upper_tail(tau, variance, pairs)
        assert tail == pytest.approx(np.mean(taus >= tau - 1e-9), abs=0.02)


@pytest.mark.parametrize(("n", "rho"), [(8, 0.3), (8, 0.6), (15, 0.6)])
def test_the_variance_under_autocorrelation_is_the_simulated_one(n, rho):
    taus = mann_kendall.kendall_tau(series(20_000, n, rho), np.arange(n))
    found = mann_kendall.tau_variance(np.arange(n), np.array(rho))
    assert found == pytest.approx(taus.var(), rel=0.05)


def test_ties_take_variance_away():
    tied = np.array([1.0, 1, 2, 3, 3, 3])  # Kendall 1970, equation 4.3
    lost = (2 * 1 * 9 + 3 * 2 * 11) / (6 * 5 * 17)
    assert mann_kendall.tie_factor(tied) == pytest.approx(1 - lost)


def test_a_short_series_has_a_slope_and_no_test():
    found = trend(range(4), [1, 2, 3, 4])
    assert (found.slope, found.tau, found.p_rise, found.p_fall) == (1, 1, None, None)
    assert trend(range(5), range(5)).p_rise < 0.1
    assert trend(range(23), range(23), cycle=12).p_rise is None
    assert trend(range(24), range(24), cycle=12).p_rise < 0.05


def test_a_constant_series_has_no_trend():
    for cycle in (1, 12):
        found = trend(range(36), [3] * 36, cycle=cycle)
        assert (found.direction, found.p_rise, found.p_fall) == (0, 1, 1)


@given(values)
def test_reversing_time_exchanges_rise_and_fall(x):
    one, other = trend(range(len(x)), x), trend(range(len(x)), x[::-1])
    assert (one.tau, one.p_rise) == pytest.approx((-other.tau, other.p_fall))
    assert one.direction == -other.direction


@given(values, st.sampled_from([lambda v: v**3, lambda v: math.exp(v / 5), lambda v: 3 * v - 7]))
def test_an_increasing_function_changes_neither_sign_nor_p(x, function):
    one, other = trend(range(len(x)), x), trend(range(len(x)), [function(v) for v in x])
    assert (one.direction, one.tau) == (other.direction, pytest.approx(other.tau))
    assert (one.p_rise, one.p_fall) == pytest.approx((other.p_rise, other.p_fall))


@given(st.integers(5, 25), st.floats(0.01, 3), st.sampled_from(["line", "power"]))
def test_a_longer_series_of_the_same_line_never_weakens(n, slope, shape):
    line = [slope * t if shape == "line" else (1 + slope) ** t for t in range(n + 1)]
    assert trend(range(n + 1), line).p_rise <= trend(range(n), line[:-1]).p_rise


@pytest.mark.parametrize("n", [5, 8, 14, 20])
@pytest.mark.parametrize("rho", [0, 0.3, 0.6])
def test_size_and_coverage(n, rho):
    found = [trend(range(n), x) for x in series(DRAWS, n, rho)]
    assert np.mean([each.p_rise < 0.05 for each in found]) <= LARGEST_SIZE + NOISE
    assert np.mean([each.low <= 0 <= each.high for each in found]) >= 1 - 2 * LARGEST_SIZE - NOISE


@pytest.mark.parametrize("shape", ["straight", "exponential"])
def test_an_eightfold_rise_in_ten_years_is_seen(shape):
    along = np.arange(10) / 9
    line = np.log1p(7 * along) if shape == "straight" else np.log(8) * along
    found = [trend(range(10), 0.25 * x + line) for x in series(DRAWS, 10, 0.3)]
    assert np.mean([each.p_rise < 0.05 for each in found]) > 0.8


def test_a_smooth_rise_is_no_noise():
    """A line taken from levels leaves a curve, whose autocorrelation hid the rise."""
    assert trend(range(10), [1.25**t for t in range(10)]).p_rise < 0.001


@pytest.mark.parametrize("rho", [0, 0.6])
def test_months_keep_their_size_under_seasons(rho):
    wave = 2 * np.sin(np.arange(36) * np.pi / 6)
    found = [trend(range(5, 41), x + wave, cycle=12) for x in series(DRAWS, 36, rho)]
    assert np.mean([each.p_rise < 0.05 for each in found]) <= LARGEST_SIZE + NOISE


def test_months_find_a_trend_that_seasons_hide():
    wave = 10 * np.sin(np.arange(48) * np.pi / 6)
    found = [trend(range(48), x + wave, cycle=12) for x in series(50, 48, 0.2, 0.1)]
    assert np.mean([each.p_rise < 0.05 for each in found]) > 0.9


def test_gaps_stay_gaps():
    """Years apart are less correlated than neighbours, so that their tau varies less."""
    near = mann_kendall.tau_variance(np.arange(8), np.array(0.6))
    far = mann_kendall.tau_variance(3 * np.arange(8), np.array(0.6))
    assert far < near
