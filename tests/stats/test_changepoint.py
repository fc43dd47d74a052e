"""Change points against what a search over every segmentation and numpy's own fits give."""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.stats import changepoint

both = pytest.mark.parametrize("drift", [False, True])
values = st.lists(st.integers(-50, 50), min_size=8, max_size=11).filter(lambda y: len({*y}) > 4)
STEP = np.r_[np.zeros(12), np.full(12, 5.0)] + np.tile([0.1, -0.2, 0.15, -0.05], 6)


def fitted(y, *, drift):
    """A mean, or a line where there are points for one, by numpy."""
    t = np.arange(len(y))
    return np.polyval(np.polyfit(t, y, 1 if drift and len(y) > 1 else 0), t)


def squares(y, breaks, *, drift):
    parts = np.split(np.asarray(y, float), breaks)
    return sum(float(np.sum((part - fitted(part, drift=drift)) ** 2)) for part in parts)


def segmentations(n, least, most=changepoint.MAX_BREAKS):
    for count in range(most + 1):
        for breaks in combinations(range(least, n - least + 1), count):
            ends = [0, *breaks, n]
            if all(b - a >= least for a, b in pairwise(ends)):
                yield list(breaks)


@both
@given(values)
def test_each_split_is_two_fits(drift, y):
    found = changepoint.splits(np.array(y), 3, drift=drift)
    whole = squares(y, [], drift=drift)
    for at, place in enumerate(found.places):
        gain = 1 - squares(y, [place], drift=drift) / whole if whole > 1e-9 else 0
        assert found.gain[0, at] == pytest.approx(np.clip(gain, 0, 1), abs=1e-7)
        t, y1 = np.arange(len(y)), np.array(y, float)
        ahead = np.polyval(np.polyfit(t[:place], y1[:place], int(drift)), t[place:])
        assert found.shift[0, at] == pytest.approx(np.mean(y1[place:] - ahead), abs=1e-6)


@both
@settings(max_examples=25)
@given(values)
def test_the_breaks_are_the_best_of_all_segmentations(drift, y):
    n, width = len(y), 2 if drift else 1
    floor = changepoint.PERFECT_FIT * float(np.sum((np.array(y) - np.mean(y)) ** 2))

    def score(breaks):
        k, rest = len(breaks), max(squares(y, breaks, drift=drift), floor)
        return n * np.log(rest / n) + (k + width * (k + 1)) * np.log(n)

    found = changepoint.select_breaks(np.array(y), 3, drift=drift)
    best = min(score(each) for each in segmentations(n, 3))
    assert score(found) == pytest.approx(best, abs=1e-6)


@both
@settings(max_examples=25)
@given(values)
def test_pelt_pays_the_same_for_each_break(drift, y):
    penalty = (3 if drift else 2) * np.log(len(y)) * np.mean(np.diff(y) ** 2) / 2
    found = changepoint.select_breaks(np.array(y), 3, algorithm="pelt", drift=drift)
    cost = {
        tuple(each): squares(y, each, drift=drift) + penalty * len(each)
        for each in segmentations(len(y), 3)
    }
    assert cost[tuple(found)] <= min(cost.values()) * (1 + 1e-6) + 1e-6


@both
def test_a_plain_step_is_as_rare_as_the_draws_can_tell_and_none_in_the_other_direction(drift):
    def p(sign):
        rng = np.random.default_rng(1)
        return changepoint.significance(STEP, 4, rng, sign=sign, drift=drift, draws=99)

    if not drift:  # a line takes most of a lone step
        assert p(0) == p(1) == 0.01
    assert 0.01 <= p(1) < p(-1) <= 1


@given(st.integers(6, 40), st.integers(1, 5))
def test_permuted_blocks_hold_each_value_once(n, block):
    drawn = changepoint._permute_blocks(np.arange(n), block, 20, np.random.default_rng(n))
    assert (np.sort(drawn, axis=1) == np.arange(n)).all()
    assert len({tuple(row) for row in drawn}) > 1


@both
def test_an_interval_contains_its_break_and_grows_with_its_coverage(drift):
    y = STEP + np.random.default_rng(3).normal(size=len(STEP)) * 1.5
    found = [
        changepoint.date_interval(
            y, [12], 0, 4, np.random.default_rng(2), drift=drift, coverage=coverage
        )
        for coverage in (0.0, 0.5, 0.9, 0.99)
    ]
    assert all(4 <= low <= 12 <= high <= len(y) - 4 for low, high in found)
    assert all(b[0] <= a[0] and a[1] <= b[1] for a, b in pairwise(found))
    assert found[0] != found[-1]


def test_without_noise_the_interval_is_the_break_alone():
    y = np.r_[np.zeros(10), np.ones(10)]
    rng = np.random.default_rng(1)
    assert changepoint.date_interval(y, [10], 0, 3, rng) == (10, 10)


def test_a_series_that_never_changes_has_no_break():
    assert changepoint.select_breaks(np.ones(20), 3) == []
    assert changepoint.significance(np.ones(20), 3, np.random.default_rng(1), draws=9) == 1
