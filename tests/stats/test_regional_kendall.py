"""Several series together: agreement with one, laws, covariance, size and power."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.stats import mann_kendall
from analysis.stats.regional_kendall import Course, correlation, regional

DRAWS = 120
NOISE = 3 * (0.075 * 0.925 / DRAWS) ** 0.5


def courses(rows, start: int = 2010, **more) -> list[Course]:
    return [
        Course(times=tuple(range(start, start + len(row))), values=tuple(map(float, row)), **more)
        for row in rows
    ]


def noise(chance, m: int, n: int, rho: float, shared: float) -> np.ndarray:
    x = np.zeros((m, n + 50))
    for t in range(1, n + 50):
        shock = (1 - shared) ** 0.5 * chance.normal(size=m) + shared**0.5 * chance.normal()
        x[:, t] = rho * x[:, t - 1] + (1 - rho**2) ** 0.5 * shock
    return x[:, 50:]


rows = st.integers(5, 12).flatmap(
    lambda n: st.lists(st.lists(st.integers(0, 40), min_size=n, max_size=n), min_size=1, max_size=5)
)


def test_one_series_has_its_own_test():
    values = [1, 3, 2, 4, 6, 5, 7, 9]
    (course,) = courses([values])
    found, alone = regional([course]), mann_kendall.trend(course.times, values)
    assert (found.tau, found.p_rise) == (alone.tau, alone.p_rise)


def test_nothing_that_can_be_tested_is_none():
    assert regional([]) is None
    assert regional(courses([[1, 2, 3, 4]])) is None


@given(rows)
def test_the_interval_excludes_zero_where_a_test_rejects(values):
    found = regional(courses(values))
    assert -1 <= found.low <= found.tau <= found.high <= 1
    if found.p_rise > 0.0501 and found.p_fall > 0.0501:
        assert found.low <= 0 <= found.high
    if found.p_rise < 0.0499:
        assert found.low > 0


@given(rows)
def test_reversing_time_exchanges_rise_and_fall(values):
    found, other = regional(courses(values)), regional(courses([row[::-1] for row in values]))
    assert (found.tau, found.p_rise) == pytest.approx((-other.tau, other.p_fall))


@given(rows)
def test_cubes_are_the_same(values):
    found = regional(courses(values))
    other = regional(courses([[v**3 for v in row] for row in values]))
    assert (found.p_rise, found.low) == pytest.approx((other.p_rise, other.low))


@given(rows)
def test_another_index_that_rises_all_the_way_never_weakens(values):
    n = len(values[0])
    before = regional(courses([*values, range(n)]))
    after = regional(courses([*values, range(n), [v**2 for v in range(n)]]))
    assert after.p_rise <= max(before.p_rise, 1e-6) + 1e-9


@given(st.integers(2, 5), st.integers(5, 15), st.floats(0.1, 2))
def test_longer_series_of_the_same_lines_never_weaken(m, n, slope):
    lines = [[slope * (k + 1) * t for t in range(n + 1)] for k in range(m)]
    longer, shorter = regional(courses(lines)), regional(courses([row[:-1] for row in lines]))
    assert longer.p_rise <= shorter.p_rise


def test_shared_shocks_correlate_and_shared_trends_do_not():
    chance = np.random.default_rng(1)
    x = noise(chance, 1, 20, 0, 0)[0]
    twin, own = courses([x, x + 0.01 * chance.normal(size=20)])
    assert correlation(twin, own) == pytest.approx(1, abs=0.1)
    apart = [correlation(*courses(noise(chance, 2, 20, 0, 0) + np.arange(20))) for _ in range(100)]
    assert abs(np.mean(apart)) < 0.1


def test_what_has_little_in_common_is_taken_for_one_or_none():
    long = courses([range(10)], 2000)[0]
    short = Course(times=(1996, 1997, 2007, 2008, 2009), values=(1, 3, 2, 5, 4))
    later = courses([[1, 3, 2, 5, 4]], 2030)[0]
    assert 0 < correlation(long, short) <= 1
    assert correlation(long, later) == 0


def test_months_and_years_meet_in_years():
    chance = np.random.default_rng(2)
    yearly = chance.normal(size=10)
    monthly = np.repeat(yearly, 12) + 0.2 * chance.normal(size=120)
    years = courses([yearly])[0]
    months = Course(times=tuple(range(12 * 2010, 12 * 2020)), values=tuple(monthly), months=1)
    assert correlation(years, months) > 0.6


@pytest.mark.parametrize(("m", "shared", "rho"), [(3, 0, 0.6), (5, 0.5, 0.3), (5, 0.5, 0.6)])
def test_size(m, shared, rho):
    chance = np.random.default_rng(3)
    found = [regional(courses(noise(chance, m, 10, rho, shared))) for _ in range(DRAWS)]
    assert np.mean([each.p_rise < 0.05 for each in found]) <= 0.075 + NOISE


def test_what_no_index_shows_all_show_together():
    chance = np.random.default_rng(4)
    drawn = [noise(chance, 5, 10, 0.3, 0) + 0.22 * np.arange(10) for _ in range(100)]
    together = np.mean([regional(courses(x)).p_rise < 0.05 for x in drawn])
    alone = np.mean([mann_kendall.trend(range(10), row).p_rise < 0.05 for x in drawn for row in x])
    assert together > 0.75
    assert alone < 0.5
