"""Log ratios around a day: a known total bounds what its days can be, and ranks are p values."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.stats.placebo import Window, log_ratio_bounds, log_ratios, p_value, ratio_limits

counts = st.lists(st.integers(0, 60), min_size=12, max_size=12).map(lambda y: np.array(y, float))
START = 6
BEFORE, HIDDEN, AFTER = np.arange(-6, -2), np.array([-2, -1]), np.arange(5)
MEAN = np.linspace(3, 5, 12)


@given(counts, st.integers(0, 20), st.integers(0, 20))
def test_bounds_of_a_total_contain_the_ratio_of_what_was_there(y, less, more):
    total = y[START + HIDDEN].sum()
    window = Window(
        before=BEFORE, after=AFTER, total_days=HIDDEN, total=(max(total - less, 0), total + more)
    )
    low, high = log_ratio_bounds(y, MEAN, START, window)
    seen = log_ratios(y, MEAN, np.array([START]), window)[0]
    assert low - 1e-12 <= seen <= high + 1e-12
    known = Window(before=BEFORE, after=AFTER, total_days=HIDDEN, total=(total, total))
    assert log_ratio_bounds(y, MEAN, START, known) == pytest.approx((seen, seen))


@given(counts)
def test_a_ratio_is_that_of_sums_or_of_mean_logarithms(y):
    window = Window(before=BEFORE, after=AFTER, total_days=np.array([], int))
    before, after = START + BEFORE, START + AFTER
    by_sum = np.log((y[after].sum() + 0.5) / (MEAN[after].sum() + 0.5)) - np.log(
        (y[before].sum() + 0.5) / (MEAN[before].sum() + 0.5)
    )
    logs = np.log1p(y) - np.log1p(MEAN)
    starts = np.array([START])
    assert log_ratios(y, MEAN, starts, window)[0] == pytest.approx(by_sum)
    by_log = log_ratios(y, MEAN, starts, window, form="log")[0]
    assert by_log == pytest.approx(logs[after].mean() - logs[before].mean())


def test_too_few_known_days_have_no_ratio_and_just_enough_have_one():
    window = Window(before=np.arange(-5, 0), after=AFTER, total_days=np.array([], int))
    y = np.full(12, 4.0)
    y[START] = np.nan  # four of five days are known

    def ratio(coverage):
        return log_ratios(y, MEAN, np.array([START]), window, coverage=coverage)[0]

    assert np.isnan(ratio(0.81))
    assert np.isfinite(ratio(0.8))


@given(st.lists(st.integers(0, 9), min_size=1, max_size=60), st.integers(0, 9))
def test_a_p_value_counts_the_day_itself_and_an_effect_is_rejected_where_p_is_below_alpha(y, value):
    placebos, alpha = np.array(y, float), 0.05
    p = p_value(float(value), placebos)
    share = (placebos >= value).mean()
    assert p == pytest.approx((1 + share * len(y)) / (1 + len(y)))
    assert p_value(float(value), placebos, 5) == pytest.approx((1 + share * 5) / 6)
    limits = ratio_limits(float(value), float(value), placebos, alpha)
    assert (limits is None) == (1 / (1 + len(y)) >= alpha)
    if limits is not None:
        assert (limits[0] > 0) == (p < alpha)
