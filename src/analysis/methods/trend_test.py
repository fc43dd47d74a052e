"""Whether one series rises: by a test, by its slope, by the ratio of two years. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from statistics import fmean, median
from typing import TYPE_CHECKING, Any

from analysis.methods.time_bins import period, span_of, summed

if TYPE_CHECKING:
    from analysis.methods.measured_series import Strand
    from analysis.methods.recipes import IndexSeries
    from analysis.methods.time_bins import Cell
    from analysis.stats.mann_kendall import Slope
    from analysis.stats.rates import Rate

SHORTEST = 8  # months from which a ratio has been shown to hold its level
LEAST_POINTS = 3  # two points have a difference, not a trend
NEAR_CEILING = 0.9  # of the ceiling, from which an index cannot show a rise
LARGEST = 1e6  # the largest ratio that is told
KEPT = 4096  # slopes that are remembered: a sweep asks for each many times
RISES, OPEN, NOT, CEILING = "rises", "open", "does not rise", "at its ceiling"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a series came out: its state, and its change in percent with an interval and a test."""

    state: str
    change: float
    low: float
    high: float
    p: float | None
    n: int
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What makes a series rise; the fields are those of `Trend`."""

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

    def judged(self, strand: Strand, recipe: IndexSeries) -> Outcome | None:
        """How a series came out, or None if it is none."""
        outcome = self._compared(strand) if self.rule == "ratio" else self._sloped(strand)
        if outcome is None:
            return None
        if "ceiling" in recipe and self._at_ceiling(strand, recipe["ceiling"]):
            return replace(outcome, state=CEILING)
        if outcome.state == NOT and "floor" in recipe and _ends_after(strand, recipe["floor"]):
            return replace(outcome, state=OPEN)
        return outcome

    def _at_ceiling(self, strand: Strand, ceiling: float) -> bool:
        values = strand.at(self.earlier) if self.rule == "ratio" else strand.rates[:1]
        return bool(values) and min(values) >= NEAR_CEILING * ceiling

    # --- one year against another

    def _compared(self, strand: Strand) -> Outcome | None:
        """The rate of `later` over that of `earlier`, over the months that both have."""
        late, early = strand.of(self.later), strand.of(self.earlier)
        shared = {cell.slot for cell in late} & {cell.slot for cell in early}
        late = [cell for cell in late if cell.slot in shared]
        early = [cell for cell in early if cell.slot in shared]
        if not late or sum(cell.value for cell in early) <= 0:
            return None
        monthly = len(shared) > 1 and strand.months == 1
        if not (monthly or strand.countable):
            return None  # one value over another, neither a count: nothing says how they scatter
        found = _ratio(late, early, monthly=monthly)
        note = f"{self.later} over {self.earlier}"
        return Outcome(
            state=OPEN if monthly and len(late) + len(early) < SHORTEST else self._state(found),
            change=100 * (found.ratio - 1),
            low=100 * (found.low - 1),
            high=100 * (min(found.high, LARGEST) - 1),
            p=found.p,
            n=len(early) + len(late) if monthly else len(strand.rates),
            note=f"{note}, {len(shared)} months of each" if len(shared) > 1 else note,
        )

    def _state(self, found: Rate) -> str:
        if found.ratio > self.ratio and found.low > 1:
            return RISES
        return NOT if found.high <= self.ratio else OPEN

    # --- a slope

    def _sloped(self, strand: Strand) -> Outcome | None:
        """The slope of the series in percent a year, and how it came out."""
        times, values = strand.times, strand.rates
        if len(values) < LEAST_POINTS:
            return None
        change, low, high, p = self._change(strand)
        came = self._came_out(strand, change, p)
        if came is None:
            return None
        state, note = came
        if self.near_maximum and values[-1] < self.near_maximum * max(values):
            state, note = NOT, f"the last is {values[-1] / max(values):.0%} of the largest"
        first, last = (period(time, strand.months) for time in (times[0], times[-1]))
        return Outcome(
            state=state,
            change=change,
            low=low,
            high=high,
            p=p,
            n=len(values),
            note=f"{first} to {last}{'; ' if note else ''}{note}",
        )

    def _came_out(self, strand: Strand, change: float, p: float | None) -> tuple[str, str] | None:
        """The state with a note on how it came about; None if the rule has nothing to go by."""
        upward = change > 0
        if self.rule == "no_fall":
            values = strand.rates
            falls = sum(b < a for a, b in pairwise(values))
            return NOT if falls else RISES, f"{falls} falls in {len(values) - 1} steps"
        if self.rule == "slope":
            return self._steep(strand, upward=upward)
        if p is None:
            if self.short == "out":
                return None
            hoped = OPEN if self.short == "open" else RISES
            return hoped if upward else NOT, "too short for a test"
        return OPEN if p >= self.alpha or change == 0 else RISES if upward else NOT, ""

    def _steep(self, strand: Strand, *, upward: bool) -> tuple[str, str] | None:
        """Whether the slope is upward and `later` far enough above `earlier`."""
        late, early = strand.at(self.later), strand.at(self.earlier)
        if not late or not early:
            return None
        state = RISES if upward and fmean(late) >= self.ratio * fmean(early) else NOT
        note = f"{self.later} against {self.earlier}: {fmean(late):.4g} and {fmean(early):.4g}"
        return state, note

    def _change(self, strand: Strand) -> tuple[float, float, float, float | None]:
        """The slope with its interval, in percent a year, and the p of the test if there is one."""
        if self.form == "counts" and strand.countable:
            counted = _counted(strand)
            if counted is not None:
                return counted
        times, rates = tuple(strand.times), tuple(strand.rates)
        if strand.months == 1:
            found = _seasonal(times, rates, self.resamples)
        else:
            found = _trend(times, rates, correct=self.correction == "ar1")
        base = abs(median(strand.rates)) or abs(fmean(strand.rates)) or 1.0
        scale = 100 * (12 / strand.months) / base
        return found.slope * scale, found.low * scale, found.high * scale, found.p


@lru_cache(maxsize=KEPT)
def _seasonal(times: tuple[int, ...], rates: tuple[float, ...], resamples: int) -> Slope:
    from analysis.stats import mann_kendall

    return mann_kendall.seasonal(times, rates, resamples=resamples)


@lru_cache(maxsize=KEPT)
def _trend(times: tuple[int, ...], rates: tuple[float, ...], *, correct: bool) -> Slope:
    from analysis.stats import mann_kendall

    return mann_kendall.trend(times, rates, correct=correct)


def _ratio(late: list[Cell], early: list[Cell], *, monthly: bool) -> Rate:
    """A rate ratio: of months, which show how far they scatter, or of two sums."""
    from analysis.stats import rates

    found = None
    if monthly:
        cells = [*early, *late]
        steps = [0.0] * len(early) + [1.0] * len(late)
        counts = [cell.value for cell in cells]
        found = rates.loglinear(counts, [cell.exposure for cell in cells], steps)
    return rates.ratio(summed(late), summed(early)) if found is None else found


def _counted(strand: Strand) -> tuple[float, float, float, float | None] | None:
    """The change of a rate with its interval, in percent a year; None if nothing was counted."""
    from analysis.stats import mann_kendall, rates

    cells, times = strand.periods, strand.times
    found = rates.loglinear(
        [cell.value for cell in cells],
        [cell.exposure for cell in cells],
        [time - times[0] for time in times],
    )
    if found is None:
        return None
    p = found.p if len(cells) >= mann_kendall.SHORTEST else None
    bounds = (found.ratio, found.low, found.high) if p is not None else (found.ratio,) * 3
    a_year = 12 / strand.months
    change, low, high = (100 * (min(b, LARGEST) ** a_year - 1) for b in bounds)
    return change, low, high, p


def _ends_after(strand: Strand, floor: Any) -> bool:
    at = span_of(str(floor))
    return at is not None and max(cell.start + cell.months for cell in strand.cells) > at[0]
