"""One trend of several series: the regional Kendall test on a weighted mean of tau."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

import numpy as np

from analysis.stats import mann_kendall
from analysis.stats.mann_kendall import LEVEL, MIN_TREND_POINTS, Array

MIN_COMMON = 5  # common periods from which a correlation is estimated
CACHED = 4096  # series: a sweep asks for each many times


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """A series: numbers of periods of `months` each, counted from the year 0, and values.

    A series of months (`months` 1) has seasons.
    """

    times: tuple[int, ...]
    values: tuple[float, ...]
    weight: float = 1.0
    months: int = 12

    @property
    def cycle(self) -> int:
        """The periods of a season's round: 12 for months, else 1."""
        return 12 if self.months == 1 else 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """The mean tau of several series with its interval, and two one-sided tests."""

    tau: float
    low: float
    high: float
    p_rise: float
    p_fall: float


def regional(courses: Sequence[Course], *, level: float = LEVEL) -> Region | None:
    """Whether several series rise or fall together; None if none of them can be tested.

    The statistic is the mean of tau by weight: D. R. Helsel and L. M. Frans, Environ. Sci. Technol.
    40 (2006), who add up S. Covariances between series are those of E. J. Dietz and T. J. Killeen,
    J. Am. Stat. Assoc. 76 (1981), from detrended ranks on common periods, and together never
    lower the variance. The variance of each is that of `mann_kendall.tau_variance` under the mean
    autocorrelation, one standard error too strong. The tail is Student's t with the degrees of
    freedom that a correlation has, that is the mean number of periods less two. The interval
    excludes zero where the test rejects. Of one series it is its own test.

    >>> rising = [Course(times=tuple(range(8)), values=(1, 3, 2, 4, 5, 5, 7, k)) for k in (6, 8)]
    >>> found = regional(rising)
    >>> round(found.tau, 2), found.p_rise < 0.05
    (0.86, True)
    """
    return _regional(tuple(filter(_testable, courses)), level)


@lru_cache(maxsize=CACHED)
def _regional(tested: tuple[Course, ...], level: float) -> Region | None:
    if not tested:
        return None
    if len(tested) == 1:
        return _alone(tested[0], level)
    weights = np.array([course.weight for course in tested])
    weights /= weights.sum()
    taus = np.array([_tau(course) for course in tested])
    tau = float(weights @ taus)
    variance = _variance(tested, weights)
    if variance <= 0:
        return Region(tau=tau, low=tau, high=tau, p_rise=1.0, p_fall=1.0)
    degrees = max(float(weights @ [len(course.times) for course in tested]) - 2, 1.0)
    return _tested(tau, variance, degrees, level)


def _tested(tau: float, variance: float, degrees: float, level: float) -> Region:
    from scipy.special import stdtr, stdtrit

    error = math.sqrt(variance)
    reach = float(stdtrit(degrees, 0.5 + level / 2)) * error
    return Region(
        tau=tau,
        low=max(tau - reach, -1.0),
        high=min(tau + reach, 1.0),
        p_rise=float(stdtr(degrees, -tau / error)),
        p_fall=float(stdtr(degrees, tau / error)),
    )


def _testable(course: Course) -> bool:
    least = mann_kendall.MIN_CYCLES * course.cycle if course.cycle > 1 else MIN_TREND_POINTS
    return len(course.times) >= least


def _alone(course: Course, level: float) -> Region:
    times, values = np.array(course.times), np.array(course.values, float)
    found = mann_kendall.trend(times, values, cycle=course.cycle)
    variance = float(mann_kendall.variance_of_series(times, values, course.cycle))
    reach = mann_kendall.critical_tau(variance, level) if variance > 0 else 0.0
    pairs = len(mann_kendall.compared(times, course.cycle)[0])
    reach += 1 / pairs if variance > 0 else 0.0  # the correction for continuity
    return Region(
        tau=found.tau,
        low=max(found.tau - reach, -1.0),
        high=min(found.tau + reach, 1.0),
        p_rise=found.p_rise if found.p_rise is not None else 1.0,
        p_fall=found.p_fall if found.p_fall is not None else 1.0,
    )


@lru_cache(maxsize=CACHED)
def _tau(course: Course) -> float:
    times, values = np.array(course.times), np.array(course.values, float)
    return float(mann_kendall.kendall_tau(values, times, course.cycle))


def _variance(courses: Sequence[Course], weights: Array) -> float:
    """The variance of the mean: each variance, and what covariances add."""
    rho = _mean_autocorrelation(courses, weights)
    errors = np.sqrt([_own_variance(course, rho) for course in courses])
    parts = weights * errors
    shared = 2 * sum(
        parts[i] * parts[j] * correlation(courses[i], courses[j])
        for i, j in combinations(range(len(courses)), 2)
    )
    return float((parts**2).sum() + max(shared, 0.0))


def _mean_autocorrelation(courses: Sequence[Course], weights: Array) -> float:
    """The mean over series without seasons, one standard error of all their points too strong."""
    found = [
        (weight, mann_kendall.autocorrelation(_residuals(course)), len(course.times))
        for course, weight in zip(courses, weights, strict=True)
        if course.cycle == 1
    ]
    if not found:
        return mann_kendall.MAX_AUTOCORRELATION
    total = sum(weight for weight, _, _ in found)
    mean = sum(weight * float(r) for weight, r, _ in found) / total
    return float(mann_kendall.upper_bound(np.array(mean), sum(n for _, _, n in found)))


def _own_variance(course: Course, rho: float) -> float:
    if course.cycle > 1:
        rho = mann_kendall.MAX_AUTOCORRELATION
    variance = mann_kendall.tau_variance(np.array(course.times), np.array(rho), course.cycle)
    return float(variance) * _tie_factor(course)


@lru_cache(maxsize=CACHED)
def _tie_factor(course: Course) -> float:
    return float(mann_kendall.tie_factor(np.array(course.values, float)))


@lru_cache(maxsize=CACHED)
def _residuals(course: Course) -> Array:
    times, values = np.array(course.times), np.array(course.values, float)
    return mann_kendall.detrended_ranks(times, values, course.cycle)


@lru_cache(maxsize=CACHED)
def correlation(one: Course, other: Course) -> float:
    """The correlation of the taus of two series, from what they have in common.

    It is that of their detrended ranks on common periods (of the coarser series), times the share
    of both trends that these periods carry: tau is nearly a sum of ranks, each times the distance
    from the middle of its series. With fewer than five common periods the first is taken as 1.
    """
    months = max(one.months, other.months)
    first, second = _by_period(one, months), _by_period(other, months)
    common = sorted(first.keys() & second.keys())
    if not common:
        return 0.0
    (a, x), (b, y) = (np.array([each[t] for t in common]).T for each in (first, second))
    carried = float(a @ b) / math.sqrt(_squares(first) * _squares(second))
    return (_shared(x, y) if len(common) >= MIN_COMMON else 1.0) * max(carried, 0.0)


@lru_cache(maxsize=CACHED)
def _by_period(course: Course, months: int) -> dict[int, tuple[float, float]]:
    """The mean distance from the middle and the mean detrended rank of each longer period."""
    times = np.array(course.times)
    keys = times * course.months // months
    distance, residuals = times - times.mean(), _residuals(course)
    return {
        int(key): (float(distance[keys == key].mean()), float(residuals[keys == key].mean()))
        for key in np.unique(keys)
    }


def _squares(found: dict[int, tuple[float, float]]) -> float:
    return sum(distance**2 for distance, _ in found.values()) or 1.0


def _shared(x: Array, y: Array) -> float:
    """The correlation of residuals, whose mean is zero; none where either is all zero."""
    scale = math.sqrt(float(x @ x) * float(y @ y))
    return float(x @ y) / scale if scale > 0 else 0.0
