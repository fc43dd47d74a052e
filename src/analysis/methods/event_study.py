"""Change of daily counts after a day, compared with the change around other days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

from analysis.display_hook import brief
from analysis.errors import ParameterError, suggest
from analysis.methods.daily_counts import DailyCounts, daily_counts, days_of
from analysis.methods.estimate import Criterion, Estimate, no_evidence
from analysis.methods.placebo_points import placebo_points
from analysis.methods.query import from_source
from analysis.methods.recipes import Blocks, DailyCount, Day

if TYPE_CHECKING:
    from numpy import ndarray

    from analysis.data.evidence import Evidence
    from analysis.stats.placebo import Window

MIN_EVENTS = 5  # in a window; fewer give no ratio


@dataclass(frozen=True, slots=True, kw_only=True)
class EventStudy:
    """Compare the days before and after `event`, and rank the change among placebo dates.

    `outcomes` maps a name to a recipe, `outcome` picks one: `table`, `time` (a day), `value` (a
    column; without it rows are counted), `where`, `lead` (days from an event to the first count
    that can show it; 1 for a bulletin of the past 24 hours) and, where a day without a row is a
    day without an event, `complete`: the first and last day of which that is true.

    The impact model is a step: `window` days after against `window` days before. `donut` is cut
    out of the window, and from the placebo windows whatever `shut` lists, as the event's own
    window may contain: announced exercises (pairs of days). `day_shift` moves the first day after.

    The effect is the ratio of counts to their expectation (negative binomial, day of the week and
    annual wave), after over before. Placebo dates are the days from `placebo_from` to `placebo_to`
    whose windows share no day with the event's; each is measured on the offsets that are known
    around the event, so missing days are missing for all. p = (1 + as large) / (1 + N), where dates
    a third of a window apart count as independent; the interval contains the ratios that the
    placebo test does not reject at `alpha`, one-sided.

    Missing days are `left` missing, or `bounded`: where `blocks` has the total of a block of days,
    the total of its missing days is known and counts as a whole, as a range if the window cuts the
    block; no single day is filled. Fewer than `coverage` of the days on either side known: thin.

    `direction` is that of the change: p counts the dates with as large a rise, or as deep a fall.
    With `asks="onset"` the gate of chronology: if there is such a change, when does it begin?
    Signed days from the event, at least 0.
    """

    outcomes: Mapping[str, DailyCount]
    outcome: str
    event: Day
    asks: Literal["change", "onset"] = "change"
    direction: Literal["rise", "fall"] = "rise"
    window: int = 30
    donut: Sequence[str] = ()
    shut: Sequence[str] = ()
    day_shift: int = 0
    form: Literal["count", "log"] = "count"
    gaps: Literal["left", "bounded"] = "left"
    blocks: Blocks | None = None
    coverage: float = 0.5
    placebo_from: Day = ""
    placebo_to: Day = ""
    alpha: float = 0.05
    lags: int = 14
    source: str = "all"

    __repr__ = brief

    @property
    def pass_criterion(self) -> Criterion:
        """A ratio above 1, of a fall below 1; or an onset that is not before the event."""
        if self.asks == "onset":
            return Criterion(comparison="at_least", threshold=0)
        return Criterion(comparison="exceeds" if self._sign > 0 else "below", threshold=1)

    @property
    def _sign(self) -> int:
        return 1 if self.direction == "rise" else -1

    @property
    def unit(self) -> str:
        """A ratio of rates, or days."""
        return "days from the event" if self.asks == "onset" else "rate ratio, after over before"

    def estimate(self, evidence: Evidence) -> Estimate:
        """The ratio of after to before, with the range that placebo dates allow."""
        daily = self._daily(evidence)
        if daily is None:
            recipe = self._recipe()
            return no_evidence(f"no day of {recipe['table']} with {self.outcome}", self.unit)
        window, bounded = self._window(daily, evidence)
        sides = [
            (len(window.before) + len(window.total_days), self._offsets(daily, after=False)),
            (len(window.after), self._offsets(daily, after=True)),
        ]
        if any(not wanted or known < self.coverage * len(wanted) for known, wanted in sides):
            return self._thin(sides, daily, len(window.total_days))
        seen = sum(daily.at(int(day)) for day in (*window.before, *window.after)) + window.total[1]
        if seen < MIN_EVENTS:
            note = f"{seen:.0f} events of {self.outcome} in the window, {MIN_EVENTS} needed"
            points = tuple(daily.points(self.window))
            return Estimate(value=None, unit=self.unit, flags=("thin",), points=points, note=note)
        return self._compared(daily, window, bounded)

    def _thin(
        self, sides: Sequence[tuple[int, Sequence[int]]], daily: DailyCounts, by_total: int
    ) -> Estimate:
        known_days = [
            f"{known} of {len(wanted)} days {side}"
            for (known, wanted), side in zip(sides, ("before", "after"), strict=True)
        ]
        if by_total:
            known_days[0] += f" ({by_total} of them by their total)"
        note = (
            f"{self.outcome} is known for {' and '.join(known_days)}; "
            f"at least {self.coverage:.0%} of each are needed"
        )
        points = tuple(daily.points(self.window))
        return Estimate(value=None, unit=self.unit, flags=("thin",), points=points, note=note)

    def _recipe(self) -> DailyCount:
        if self.outcome not in self.outcomes:
            message = f"unknown outcome {self.outcome!r}{suggest(self.outcome, self.outcomes)}"
            raise ParameterError(f"{message}; known: {', '.join(self.outcomes)}")
        return self.outcomes[self.outcome]

    def _daily(self, evidence: Evidence) -> DailyCounts | None:
        recipe = self._recipe()
        first = date.fromisoformat(self.event).toordinal() + recipe.get("lead", 0) + self.day_shift
        return daily_counts(recipe, evidence, outcome=self.outcome, first=first, source=self.source)

    def _offsets(self, daily: DailyCounts, *, after: bool) -> list[int]:
        """The days of one side of the window, the donut cut out."""
        cut = {place - daily.start for place in days_of(self.donut, int(daily.days[0]))}
        side = range(self.window) if after else range(-self.window, 0)
        return [offset for offset in side if offset not in cut]

    def _window(self, daily: DailyCounts, evidence: Evidence) -> tuple[Window, bool]:
        """The known days, those of which only a total is known, and whether there are such."""
        import numpy as np

        from analysis.stats.placebo import Window

        known = {
            after: [day for day in self._offsets(daily, after=after) if daily.known(day)]
            for after in (False, True)
        }
        unknown = [day for day in self._offsets(daily, after=False) if not daily.known(day)]
        total_days, total = self._totals(daily, unknown, evidence)
        window = Window(
            before=np.array(known[False], dtype=int),
            after=np.array(known[True], dtype=int),
            total_days=np.array(total_days, dtype=int),
            total=total,
        )
        return window, bool(total_days)

    def _totals(
        self, daily: DailyCounts, unknown: Sequence[int], evidence: Evidence
    ) -> tuple[list[int], tuple[float, float]]:
        """The missing days before the event whose total a block gives, with its bounds.

        A block that the window cuts bounds the total from 0 to all that is left in the block.
        """
        recipe = self._recipe()
        if self.gaps != "bounded" or "block" not in recipe or self.blocks is None:
            return [], (0.0, 0.0)
        rows = from_source(evidence[self.blocks["table"]], self.source)
        rows = rows[rows[recipe["block"]].notna()]
        best: tuple[list[int], tuple[float, float]] = ([], (0.0, 0.0))
        for first, last, total in zip(
            rows[self.blocks["from"]], rows[self.blocks["to"]], rows[recipe["block"]], strict=True
        ):
            ends = [date.fromisoformat(day).toordinal() - int(daily.days[0]) - daily.start
                    for day in (first, last)]  # fmt: skip
            block = range(ends[0], ends[1] + 1)
            missing = [day for day in block if not daily.known(day)]
            inside = [day for day in unknown if day in block]
            left = float(total) - sum(daily.at(day) for day in block if daily.known(day))
            if left < 0 or len(inside) <= len(best[0]):
                continue
            best = inside, (left if len(inside) == len(missing) else 0.0, left)
        return best

    def _compared(self, daily: DailyCounts, window: Window, bounded: bool) -> Estimate:  # noqa: FBT001
        import numpy as np

        from analysis.stats import placebo

        counts, n, start = daily.counts, len(daily.counts), daily.start
        places = np.arange(n)
        in_window = (places >= start - self.window) & (places < start + self.window)
        mean = placebo.expected(daily.days, counts, ~in_window)
        placebo_counts = counts.copy()
        excluded = days_of(self.shut, int(daily.days[0])) if self.donut else ()
        placebo_counts[[day for day in excluded if 0 <= day < n]] = np.nan
        changes = placebo.log_ratios(
            placebo_counts, mean, self._placebos(daily), window, form=self.form
        )
        changes = changes[~np.isnan(changes)]
        if bounded:
            low, high = placebo.log_ratio_bounds(counts, mean, start, window)
        else:
            (low,) = placebo.log_ratios(counts, mean, np.array([start]), window, form=self.form)
            high = low = float(low)
        effective_n = placebo.effective_dates(len(changes), self.window)
        limits = placebo.ratio_limits(low, high, changes, self.alpha, effective_n)
        if limits is None:
            note = (
                f"{len(changes)} placebo dates for {self.outcome}, worth {effective_n:.0f} "
                f"independent ones; {round(1 / self.alpha)} needed for windows of {self.window} "
                "days"
            )
            return Estimate(value=None, unit=self.unit, flags=("thin",), note=note)
        least = low if self._sign > 0 else -high  # the change that the total allows at least
        p = placebo.p_value(least, self._sign * changes, effective_n)
        note = f"placebo p {p:.3f} among {len(changes)} dates"
        if self.asks == "onset":
            return self._onset(daily, window, mean, note, changes=p < self.alpha)
        after = (places >= start) & in_window
        cut = [day for day in days_of(self.donut, int(daily.days[0])) if 0 <= day < n]
        without = counts.copy()
        without[cut] = np.nan
        fit = placebo.regression(
            daily.days, without, after.astype(float), in_window.astype(float), self.lags
        )
        value = float(np.exp((low + high) / 2))
        used = np.concatenate([window.before, window.after]) + start
        points = (
            *daily.points(self.window, mean),
            *placebo_points(value, changes, p, fit, low, high),
        )
        return Estimate(
            value=value,
            low=min(float(np.exp(limits[0])), value),
            high=max(float(np.exp(limits[1])), value),
            unit=self.unit,
            n=len(used),
            citations=tuple(daily.citations_of(daily.days[used]).values()),
            points=points,
            flags=("series",),
            tests=((f"a {self.direction} of {self.outcome}", p),),
            note=note,
        )

    def _placebos(self, daily: DailyCounts) -> ndarray:
        """The places of the days that could have been the event's, none sharing a day with it."""
        import numpy as np

        first = int(daily.days[0])
        low = date.fromisoformat(self.placebo_from).toordinal() - first if self.placebo_from else 0
        high = len(daily.days) - 1
        if self.placebo_to:
            high = min(date.fromisoformat(self.placebo_to).toordinal() - first, high)
        places = np.arange(max(low, 0), high + 1)
        return places[np.abs(places - daily.start) >= 2 * self.window]

    def _onset(
        self, daily: DailyCounts, window: Window, mean: ndarray, note: str, *, changes: bool
    ) -> Estimate:
        """The start of the change; no evidence where there is none."""
        from analysis.stats import placebo

        found = None
        if changes:
            found = placebo.onset(
                daily.counts, mean, daily.start, window.before, window.after, sign=self._sign
            )
        if found is None:
            return no_evidence(f"no {self.direction} to date ({note})", self.unit)
        onset_day, first, last = found
        used = [daily.start + int(day) for day in (*window.before, *window.after)]
        return Estimate(
            value=onset_day,
            low=first,
            high=last,
            unit=self.unit,
            n=len(used),
            citations=tuple(daily.citations_of(daily.days[used]).values()),
            note=note,
        )
