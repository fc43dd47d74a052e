"""Changes of daily counts around a day, ranked among the same changes around other days.

Pure numpy and statsmodels. Days are integers (proleptic ordinals); a missing day is NaN and stays
missing: nothing is filled.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from analysis.stats.cache import memoized
from analysis.stats.rounding import significant_array

Array = np.ndarray[Any, Any]
DAYS_PER_YEAR = 365.25
DAYS_PER_WEEK = 7
DATES_PER_WINDOW = 3  # independent placebo dates in a window
MIN_DAYS_PER_SIDE = 3  # days on a side, without which there is no regression
MIN_EXPECTED_COUNT = 0.05  # no expected count is taken to be less


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Which days around day 0 are compared: offsets before and after, those of known days only.

    Of `total_days`, only the sum is known, in `total` (its lowest and highest possible value).
    """

    before: Array
    after: Array
    total_days: Array
    total: tuple[float, float] = (0.0, 0.0)


def seasonal_design(days: Array) -> Array:
    """A constant, the days of the week and one annual wave, for each day."""
    weekday = np.eye(DAYS_PER_WEEK)[(days - 1) % DAYS_PER_WEEK][:, 1:]
    angle = 2 * np.pi * days / DAYS_PER_YEAR
    return np.column_stack([np.ones(len(days)), weekday, np.cos(angle), np.sin(angle)])


def dispersion(counts: Array, mean: Array) -> float:
    """Alpha by moments: Var = mu + alpha mu^2 (Cameron and Trivedi, Count Data, 2013)."""
    alpha = np.mean(((counts - mean) ** 2 - mean) / mean**2)
    return float(max(alpha, 1e-4))


@memoized
def expected(days: Array, counts: Array, reference: Array) -> Array:
    """Expected counts from a negative binomial regression on the season, fitted on `reference`.

    It removes the effect of the calendar and does not use the event.
    """
    use = reference & ~np.isnan(counts)
    design = seasonal_design(days)
    fit = _fit(counts[use], design[use])
    if fit is None:
        return np.full(len(days), max(float(counts[use].mean()), MIN_EXPECTED_COUNT))
    means = np.exp(np.clip(design @ fit.params, -20, 20))
    return significant_array(np.maximum(means, MIN_EXPECTED_COUNT))


def _fit(y: Array, x: Array, **how: Any) -> Any:
    """A negative binomial fit, a Poisson one where that diverges, None where both do.

    Both estimate the same mean; the log link is not the canonical one of the former.
    """
    # not statsmodels.api, which imports twice as much
    from statsmodels.genmod import families
    from statsmodels.genmod.generalized_linear_model import GLM

    alpha = dispersion(y, np.full(len(y), max(float(y.mean()), MIN_EXPECTED_COUNT)))
    for family in (families.NegativeBinomial(alpha=alpha), families.Poisson()):
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            try:
                fit = GLM(y, x, family=family).fit(maxiter=50, **how)
            except (ValueError, np.linalg.LinAlgError):
                continue
        if np.isfinite(fit.params).all():
            return fit
    return None


def log_ratios(
    counts: Array,
    mean: Array,
    starts: Array,
    window: Window,
    *,
    form: Literal["count", "log"] = "count",
    coverage: float = 0.9,
) -> Array:
    """The log ratio of after to before at each of `starts`, relative to the expected counts.

    `count` compares sums (the Poisson quasi-likelihood estimate, consistent under any variance:
    Gourieroux, Monfort and Trognon, Econometrica 52, 1984), `log` the means of log(1 + count).
    Every start is measured on the same offsets; NaN where fewer than `coverage` of them are known.
    A half is added to both sums, so that a side without any event has a ratio.
    """
    sides = []
    for offsets in (np.concatenate([window.before, window.total_days]), window.after):
        places = starts[:, None] + offsets[None, :]
        inside = (places >= 0) & (places < len(counts))
        place = np.clip(places, 0, len(counts) - 1)
        y = np.where(inside, counts[place], np.nan)
        known = ~np.isnan(y)
        enough = (
            known.mean(axis=1) >= coverage if offsets.size else np.zeros(len(starts), dtype=bool)
        )
        if form == "log":
            part = np.where(known, np.log1p(np.nan_to_num(y)) - np.log1p(mean[place]), 0.0)
            side = part.sum(axis=1) / np.maximum(known.sum(axis=1), 1)
        else:
            seen = np.where(known, y, 0.0).sum(axis=1) + 0.5
            expected_counts = np.where(known, mean[place], 0.0).sum(axis=1) + 0.5
            side = np.log(seen / expected_counts)
        sides.append(np.where(enough, side, np.nan))
    return sides[1] - sides[0]


def log_ratio_bounds(counts: Array, mean: Array, start: int, window: Window) -> tuple[float, float]:
    """The lowest and highest log ratio at `start` that the known total allows."""
    before, after = start + window.before, start + window.after
    expected_counts = mean[before].sum() + mean[start + window.total_days].sum() + 0.5
    later = np.log((counts[after].sum() + 0.5) / (mean[after].sum() + 0.5))
    low, high = (
        later - np.log((counts[before].sum() + total + 0.5) / expected_counts)
        for total in reversed(window.total)
    )
    return float(low), float(high)


def effective_dates(n: int, window: int) -> float:
    """The number of independent dates among `n` consecutive placebo dates.

    Windows that share days are alike. Found by simulation of autocorrelated, overdispersed counts:
    counting every date, the test rejects too often (up to 0.10 at 0.05, in windows of 60 days);
    counting one date a third of a window, 0.02 to 0.06, with a Monte Carlo error of 0.01.
    """
    return min(float(n), DATES_PER_WINDOW * n / window)


def p_value(value: float, placebos: Array, effective_n: float | None = None) -> float:
    """The p value, (1 + as large) / (1 + N): exact if the day could have been any other.

    N dates that overlap count as `effective_n` independent ones.

    >>> p_value(2.0, np.array([0.0, 1.0, 3.0]))
    0.5
    """
    if not len(placebos):
        return 1.0
    n = len(placebos) if effective_n is None else effective_n
    return float((1 + n * np.mean(placebos >= value)) / (1 + n))


def ratio_limits(
    low: float, high: float, placebos: Array, alpha: float, effective_n: float | None = None
) -> tuple[float, float] | None:
    """The range of effects that the placebo test does not reject, on either side.

    Its lower end is above 0 exactly if p < alpha for a rise. None if there are too few placebos
    for any effect to be so rare.
    """
    n = len(placebos) if effective_n is None else effective_n
    k = int(np.ceil(round((alpha * (1 + n) - 1) / max(n, 1) * len(placebos), 9)))
    if k < 1:
        return None
    ordered = np.sort(placebos)
    return low - float(ordered[-k]), high - float(ordered[k - 1])


@dataclass(frozen=True, slots=True, kw_only=True)
class Regression:
    """A rate ratio with its 95 % interval, and the days that the regression used."""

    ratio: float
    low: float
    high: float
    n: int


@memoized
def regression(
    days: Array, counts: Array, after: Array, near: Array, lags: int
) -> Regression | None:
    """Negative binomial regression: after, near the event, season, yesterday's count; HAC errors.

    Days whose yesterday is unknown are left out. Newey and West (Econometrica 55, 1987) with
    `lags` days. It is reported beside the placebo test, which decides.
    """
    lagged = np.concatenate([[np.nan], counts[:-1]])
    use = ~np.isnan(counts) & ~np.isnan(lagged)
    x = np.column_stack([seasonal_design(days), np.log1p(np.nan_to_num(lagged)), near, after])[use]
    y = counts[use]
    if after[use].sum() < MIN_DAYS_PER_SIDE or (near - after)[use].sum() < MIN_DAYS_PER_SIDE:
        return None
    fit = _fit(y, x, cov_type="HAC", cov_kwds={"maxlags": lags})
    if fit is None or not np.isfinite(error := float(fit.bse[-1])):
        return None
    effect = float(fit.params[-1])
    low, high = effect - 1.959964 * error, effect + 1.959964 * error
    ratio, low, high = (float(np.exp(np.clip(v, -20, 20))) for v in (effect, low, high))
    return Regression(ratio=ratio, low=low, high=high, n=int(use.sum()))


def onset(
    counts: Array, mean: Array, start: int, before: Array, after: Array, *, sign: int = 1
) -> tuple[int, int, int] | None:
    """The start of a rise around `start`, or of a fall with `sign` -1: its first day's offset.

    The day that maximizes the Poisson likelihood of one step (Hinkley, Biometrika 57, 1970); the
    interval, after it, contains the days within 1.92 of it, divided by the dispersion. None without
    such a step.
    """
    offsets = np.sort(np.concatenate([before, after]))
    y, expected_counts = counts[start + offsets], mean[start + offsets]
    ends = np.arange(3, len(y) - 2)
    if not len(ends):
        return None
    first, second = np.cumsum(y)[ends - 1], np.cumsum(expected_counts)[ends - 1]
    rest, other = y.sum() - first, expected_counts.sum() - second
    earlier, later = (first + 0.5) / (second + 0.5), (rest + 0.5) / (other + 0.5)
    score = first * np.log(earlier) - earlier * second + rest * np.log(later) - later * other
    score = np.where(sign * (later - earlier) > 0, score, -np.inf)
    best = int(np.argmax(score))
    if not np.isfinite(score[best]):
        return None
    change = ends[best]
    fit = np.where(np.arange(len(y)) < change, earlier[best], later[best]) * expected_counts
    overdispersion = max(
        float(np.sum((y - fit) ** 2 / np.maximum(fit, MIN_EXPECTED_COUNT)) / (len(y) - 2)), 1.0
    )
    near = offsets[ends[score >= score[best] - 1.92 * overdispersion]]
    return int(offsets[change]), int(near.min()), int(near.max())
