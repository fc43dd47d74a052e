"""The state of one series: up, down or flat by its record, and by a test whether it goes on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from statistics import fmean, median
from typing import TYPE_CHECKING, Any

from analysis.methods.time_bins import BIN_MONTHS, months_of, period

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.methods.measured_series import MeasuredSeries
    from analysis.methods.recipes import IndexSeries
    from analysis.stats.mann_kendall import Slope

MIN_SLOPE_POINTS = 3  # two points have a difference, not a trend
CEILING_SHARE = 0.9  # of the ceiling, from which an index cannot show a rise
STALE_YEARS = 2  # before the present, beyond which the end of a series says nothing of it
CACHED_SLOPES = 4096  # a sweep asks for each slope many times
UP, DOWN, FLAT, OPEN = "up", "down", "flat", "open"
AT_CEILING, STALE, COPY = "at its ceiling", "ends too early", "a copy"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendResult:
    """The state of a series, its change in percent a year with an interval, and its tests.

    `p` is one-sided in the direction of the claim, `p_against` in the other; both are missing
    where nothing is tested.
    """

    state: str
    change: float
    low: float
    high: float
    tau: float
    p: float | None
    p_against: float | None
    n: int
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """The rule by which a series is up or down; the fields are those of `Trend`."""

    verb: str
    direction: str
    alpha: float
    near_maximum: float

    @property
    def claimed(self) -> str:
        """The state that the claim asserts."""
        return UP if self.direction == "rise" else DOWN

    def evaluate(
        self, series: MeasuredSeries, recipe: IndexSeries, present: int
    ) -> TrendResult | None:
        """The result for a series; None below three periods. `present` is a year."""
        if len(series.rates) < MIN_SLOPE_POINTS:
            return None
        slope = _slope(series.times, series.rates, 12 if series.months == 1 else 1)
        state, note = self._state(series, slope)
        if state != UP and "floor" in recipe and _ends_after(series, recipe["floor"]):
            state, note = OPEN, f"counts are floors from {recipe['floor']}"
        if self.claimed == UP and _at_ceiling(series, recipe):
            state = AT_CEILING
        if series.times[-1] * series.months // 12 < present - STALE_YEARS:
            state = STALE
        return self._result(series, slope, state, note)

    def _state(self, series: MeasuredSeries, slope: Slope) -> tuple[str, str]:
        """The state by the record, with a note; open where the test that is asked needs more."""
        if self.verb == "never_falls":
            against = sum(self._worse(a, b) for a, b in pairwise(series.rates))
            steps = f"{against} steps of {len(series.rates) - 1} against the claim"
            return (FLAT if against else self.claimed), steps
        if self.verb == "has_grown":
            return _described(series, slope)
        if slope.p_rise is None:
            return OPEN, "too short for a test"
        state = {1: UP, 0: FLAT, -1: DOWN}[slope.direction]
        if state == self.claimed and self.near_maximum and not self._near(series.rates):
            return FLAT, f"the last is {series.rates[-1]:.4g}, once it was {self._most(series):.4g}"
        return state, ""

    def _worse(self, before: float, after: float) -> bool:
        return after < before if self.direction == "rise" else after > before

    def _most(self, series: MeasuredSeries) -> float:
        return max(series.rates) if self.direction == "rise" else min(series.rates)

    def _near(self, values: Sequence[float]) -> bool:
        """Whether the last value is near the largest, or for a fall near the smallest."""
        if self.direction == "rise":
            return values[-1] >= self.near_maximum * max(values)
        return self.near_maximum * values[-1] <= min(values)

    def _result(self, series: MeasuredSeries, slope: Slope, state: str, note: str) -> TrendResult:
        base = abs(median(series.rates)) or abs(fmean(series.rates)) or 1.0
        scale = 100 * (12 / series.months) / base
        tests = (slope.p_rise, slope.p_fall)
        if self.verb != "keeps_growing":
            tests = (None, None)
        p, p_against = tests if self.direction == "rise" else tests[::-1]
        first, last = (period(series.times[at], series.months) for at in (0, -1))
        return TrendResult(
            state=state,
            change=slope.slope * scale,
            low=slope.low * scale,
            high=slope.high * scale,
            tau=slope.tau,
            p=p,
            p_against=p_against,
            n=len(series.rates),
            note=f"{first} to {last}{'; ' if note else ''}{note}",
        )


def negated(state: str) -> str:
    """The opposite of up or down."""
    return {UP: DOWN, DOWN: UP}.get(state, state)


def as_copy(result: TrendResult, label: str) -> TrendResult:
    """The result of a series that has the same values as another one, which alone votes."""
    return replace(result, state=COPY, note=f"{result.note}; the same as {label}")


def _described(series: MeasuredSeries, slope: Slope) -> tuple[str, str]:
    """Up or down where both ends and the slope of the record say so."""
    first, last = (fmean(year) for year in _ends(series))
    ends = (last > first) - (last < first)
    state = {1: UP, -1: DOWN}.get(slope.direction, FLAT) if ends == slope.direction else FLAT
    return state, f"from {first:.4g} to {last:.4g}"


def _ends(series: MeasuredSeries) -> tuple[Sequence[float], Sequence[float]]:
    """The values of the first and the last year that has all its periods.

    With fewer than two such years, those of the first and the last period: no year is compared
    with itself.
    """
    whole = BIN_MONTHS["year"] // series.months
    years = dict.fromkeys(each.year for each in series.periods)
    full = [values for year in years if len(values := series.rates_of(year)) == whole]
    if len(full) > 1:
        return full[0], full[-1]
    return series.rates[:1], series.rates[-1:]


@lru_cache(maxsize=CACHED_SLOPES)
def _slope(times: tuple[int, ...], rates: tuple[float, ...], cycle: int) -> Slope:
    from analysis.stats import mann_kendall

    return mann_kendall.trend(times, rates, cycle=cycle)


def _at_ceiling(series: MeasuredSeries, recipe: IndexSeries) -> bool:
    return "ceiling" in recipe and series.rates[0] >= CEILING_SHARE * recipe["ceiling"]


def _ends_after(series: MeasuredSeries, floor: Any) -> bool:
    at = months_of(str(floor))
    return at is not None and max(each.start + each.months for each in series.bins) > at[0]
