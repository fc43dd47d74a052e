"""Rise of one series: by a test, by its slope, or by the ratio of two years."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from statistics import fmean, median
from typing import TYPE_CHECKING, Any

from analysis.methods.time_bins import months_of, period, summed
from analysis.stats import MIN_TEST_POINTS

if TYPE_CHECKING:
    from analysis.methods.measured_series import MeasuredSeries
    from analysis.methods.recipes import IndexSeries
    from analysis.methods.time_bins import TimeBin
    from analysis.stats.mann_kendall import Slope
    from analysis.stats.rates import Rate

MIN_SLOPE_POINTS = 3  # two points have a difference, not a trend
CEILING_SHARE = 0.9  # of the ceiling, from which an index cannot show a rise
MAX_RATIO = 1e6  # the largest ratio that is reported
CACHED_SLOPES = 4096  # a sweep asks for each slope many times
RISES, OPEN, NO_RISE, AT_CEILING = "rises", "open", "does not rise", "at its ceiling"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendResult:
    """The state of a series, and its change in percent with an interval and a p value."""

    state: str
    change: float
    low: float
    high: float
    p: float | None
    n: int
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """The rule by which a series rises; the fields are those of `Trend`."""

    rule: str
    form: str
    correction: str
    alpha: float
    near_maximum: float
    ratio: float
    later: int
    earlier: int
    short: str
    resamples: int

    def evaluate(self, series: MeasuredSeries, recipe: IndexSeries) -> TrendResult | None:
        """The result for a series; None if the rule has too few values."""
        result = self._compared(series) if self.rule == "ratio" else self._sloped(series)
        if result is None:
            return None
        if "ceiling" in recipe and self._at_ceiling(series, recipe["ceiling"]):
            return replace(result, state=AT_CEILING)
        if result.state == NO_RISE and "floor" in recipe and _ends_after(series, recipe["floor"]):
            return replace(result, state=OPEN)
        return result

    def _at_ceiling(self, series: MeasuredSeries, ceiling: float) -> bool:
        values = series.rates_of(self.earlier) if self.rule == "ratio" else series.rates[:1]
        return bool(values) and min(values) >= CEILING_SHARE * ceiling

    # --- one year against another

    def _compared(self, series: MeasuredSeries) -> TrendResult | None:
        """The rate of `later` over that of `earlier`, over the months that both have."""
        late, early = series.bins_of(self.later), series.bins_of(self.earlier)
        shared = {each.slot for each in late} & {each.slot for each in early}
        late = [each for each in late if each.slot in shared]
        early = [each for each in early if each.slot in shared]
        if not late or sum(each.value for each in early) <= 0:
            return None
        monthly = len(shared) > 1 and series.months == 1
        if not (monthly or series.countable):
            return None  # one value over another, neither a count: nothing says how they scatter
        found = _ratio(late, early, monthly=monthly)
        note = f"{self.later} over {self.earlier}"
        return TrendResult(
            state=OPEN
            if monthly and len(late) + len(early) < MIN_TEST_POINTS
            else self._state_of_ratio(found),
            change=100 * (found.ratio - 1),
            low=100 * (found.low - 1),
            high=100 * (min(found.high, MAX_RATIO) - 1),
            p=found.p,
            n=len(early) + len(late) if monthly else len(series.rates),
            note=f"{note}, {len(shared)} months of each" if len(shared) > 1 else note,
        )

    def _state_of_ratio(self, found: Rate) -> str:
        if found.ratio > self.ratio and found.low > 1:
            return RISES
        return NO_RISE if found.high <= self.ratio else OPEN

    # --- a slope

    def _sloped(self, series: MeasuredSeries) -> TrendResult | None:
        """The slope of the series in percent a year, and its state."""
        times, values = series.times, series.rates
        if len(values) < MIN_SLOPE_POINTS:
            return None
        change, low, high, p = self._change(series)
        state_and_note = self._state_of_slope(series, change, p)
        if state_and_note is None:
            return None
        state, note = state_and_note
        if self.near_maximum and values[-1] < self.near_maximum * max(values):
            state, note = NO_RISE, f"the last is {values[-1] / max(values):.0%} of the largest"
        first, last = (period(time, series.months) for time in (times[0], times[-1]))
        return TrendResult(
            state=state,
            change=change,
            low=low,
            high=high,
            p=p,
            n=len(values),
            note=f"{first} to {last}{'; ' if note else ''}{note}",
        )

    def _state_of_slope(
        self, series: MeasuredSeries, change: float, p: float | None
    ) -> tuple[str, str] | None:
        """The state with a note; None if the rule cannot decide."""
        upward = change > 0
        if self.rule == "no_fall":
            values = series.rates
            falls = sum(b < a for a, b in pairwise(values))
            return NO_RISE if falls else RISES, f"{falls} falls in {len(values) - 1} steps"
        if self.rule == "slope":
            return self._steep(series, upward=upward)
        if p is None:
            if self.short == "out":
                return None
            upward_state = OPEN if self.short == "open" else RISES
            return upward_state if upward else NO_RISE, "too short for a test"
        return OPEN if p >= self.alpha or change == 0 else RISES if upward else NO_RISE, ""

    def _steep(self, series: MeasuredSeries, *, upward: bool) -> tuple[str, str] | None:
        """Whether the slope is upward and `later` far enough above `earlier`."""
        late, early = series.rates_of(self.later), series.rates_of(self.earlier)
        if not late or not early:
            return None
        state = RISES if upward and fmean(late) >= self.ratio * fmean(early) else NO_RISE
        note = f"{self.later} against {self.earlier}: {fmean(late):.4g} and {fmean(early):.4g}"
        return state, note

    def _change(self, series: MeasuredSeries) -> tuple[float, float, float, float | None]:
        """The slope with its interval, in percent a year, and the p of the test if there is one."""
        if self.form == "counts" and series.countable:
            counted = _counted(series)
            if counted is not None:
                return counted
        times, rates = tuple(series.times), tuple(series.rates)
        if series.months == 1:
            found = _seasonal(times, rates, self.resamples)
        else:
            found = _trend(times, rates, correct=self.correction == "ar1")
        base = abs(median(series.rates)) or abs(fmean(series.rates)) or 1.0
        scale = 100 * (12 / series.months) / base
        return found.slope * scale, found.low * scale, found.high * scale, found.p


@lru_cache(maxsize=CACHED_SLOPES)
def _seasonal(times: tuple[int, ...], rates: tuple[float, ...], resamples: int) -> Slope:
    from analysis.stats import mann_kendall

    return mann_kendall.seasonal(times, rates, resamples=resamples)


@lru_cache(maxsize=CACHED_SLOPES)
def _trend(times: tuple[int, ...], rates: tuple[float, ...], *, correct: bool) -> Slope:
    from analysis.stats import mann_kendall

    return mann_kendall.trend(times, rates, correct=correct)


def _ratio(late: list[TimeBin], early: list[TimeBin], *, monthly: bool) -> Rate:
    """A rate ratio: of months, which show how far they scatter, or of two sums."""
    from analysis.stats import rates

    found = None
    if monthly:
        bins = [*early, *late]
        steps = [0.0] * len(early) + [1.0] * len(late)
        counts = [each.value for each in bins]
        found = rates.loglinear(counts, [each.exposure for each in bins], steps)
    return rates.ratio(summed(late), summed(early)) if found is None else found


def _counted(series: MeasuredSeries) -> tuple[float, float, float, float | None] | None:
    """The change of a rate with its interval, in percent a year; None if nothing was counted."""
    from analysis.stats import rates

    bins, times = series.periods, series.times
    found = rates.loglinear(
        [each.value for each in bins],
        [each.exposure for each in bins],
        [time - times[0] for time in times],
    )
    if found is None:
        return None
    p = found.p if len(bins) >= MIN_TEST_POINTS else None
    bounds = (found.ratio, found.low, found.high) if p is not None else (found.ratio,) * 3
    a_year = 12 / series.months
    change, low, high = (100 * (min(b, MAX_RATIO) ** a_year - 1) for b in bounds)
    return change, low, high, p


def _ends_after(series: MeasuredSeries, floor: Any) -> bool:
    at = months_of(str(floor))
    return at is not None and max(each.start + each.months for each in series.bins) > at[0]
