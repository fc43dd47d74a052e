"""Dated events and status ladders: the claimed day or rung against the evidenced ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from statistics import median_low
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Literal, cast

from analysis import formatting
from analysis.data.periods import first_day, is_form, last_day
from analysis.display_hook import brief
from analysis.errors import ParameterError
from analysis.methods.comparisons import Bound, Comparison
from analysis.methods.day_ranges import Days, days_outside, median_interval, middle
from analysis.methods.estimate import Criterion, Estimate, Point, no_evidence
from analysis.methods.family_range import FamilyRange
from analysis.methods.other_cases import WHOSE, OtherCase, other_cases
from analysis.methods.query import among, cite_records, records_of
from analysis.methods.recipes import Column, Day, Table, Where
from analysis.stats.intervals import agreed

if TYPE_CHECKING:
    from analysis.data.evidence import Evidence

Rows = Sequence[Mapping[str, Any]]
DATES = 4096  # whose days are kept: a sweep asks for each hundreds of times


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """Compare a claimed date, lag, rung or first occurrence with the record.

    `where` picks the rows that are evidence of the event. By `asks`:

    - `date`: signed days from the claimed window (`claimed_from` to `claimed_to`) to the event,
      within `tolerance` days; 0 inside the window.
    - `lag`: days from the event to the one that `reference` picks, `claimed` +/- `tolerance`, or by
      `comparison` (at least 0: the event is not the later one).
    - `rung`: the highest rung of `ladder` reached by `as_of`, at least `claimed_rung`.
    - `count`: how many distinct `counted` values reached `claimed_rung` by `as_of`, at least
      `claimed`.
    - `none_before`: how many distinct `counted` values lie before `claimed_from`: none.

    `day` says which day of an event counts (its start, its end, or the report of it), so that the
    two ends of an overnight event are distinguished. A date known to a month, a quarter, a year or
    a range of any ("1975/1979") is an interval of days: what some of them allow is possible, and
    bounds the estimate. Families vote once: `agreement="all"` takes the days that every family's
    interval allows (where some exclude each other, all of them), `"majority"` the middle family's.
    Fewer than `families` families leave it undecided.
    """

    where: Where
    asks: Literal["date", "lag", "rung", "count", "none_before"] = "date"
    claimed_from: Day = ""
    claimed_to: Day = ""
    tolerance: float = 0
    reference: Where = field(default_factory=dict)
    claimed: float = 1
    comparison: Literal[Bound, "within"] = "within"
    ladder: Sequence[str] = ()
    claimed_rung: str = ""
    as_of: Day = ""
    counted: Column = "event_id"
    day: Literal["start", "end", "reported"] = "start"
    agreement: Literal["all", "majority"] = "all"
    precise: bool = True
    families: int = 1
    source: str = "all"
    table: Table = "documents/events"
    start: Column = "date_start"
    end: Column = "date_end"
    reported: Column = "reported_on"
    status: Column = "status"
    __repr__ = brief

    @property
    def pass_criterion(self) -> Criterion:
        """The claim as a criterion of days, of a rung's index or of a count."""
        if self.asks == "date":
            return Criterion(comparison="within", threshold=0, precision=self.tolerance)
        if self.asks == "lag":
            return Criterion(
                comparison=self.comparison, threshold=self.claimed, precision=self.tolerance
            )
        comparison: Comparison = "at_most" if self.asks == "none_before" else "at_least"
        threshold = {
            "rung": self._rung(self.claimed_rung) if self.asks == "rung" else 0,
            "count": self.claimed,
            "none_before": 0,
        }[self.asks]
        return Criterion(comparison=comparison, threshold=threshold)

    @staticmethod
    def stages(parameters: Mapping[str, Any]) -> tuple[str, ...]:
        """The names of whole values, from 0 up; empty where a value is a number."""
        return tuple(parameters["ladder"]) if parameters.get("asks") == "rung" else ()

    @property
    def unit(self) -> str:
        """Days, a rung of the ladder, or a count."""
        days = {"date": "days from the claimed date", "lag": "days"}
        return days.get(self.asks, "rung" if self.asks == "rung" else "count")

    def estimate(self, evidence: Evidence) -> Estimate:
        """The signed days, rung or count, with the range of the source families."""
        rows = self._rows(evidence, self.where)
        if self.asks == "none_before":
            return self._first_occurrence(rows, evidence)
        if not rows:
            return no_evidence(f"no row of {self.table} where {dict(self.where)}", self.unit)
        if (found := len({row["family"] for row in rows})) < self.families:
            note = f"source families: {found} found, {self.families} needed"
            return Estimate(value=None, unit=self.unit, flags=("thin",), note=note)
        if self.asks in ("date", "lag"):
            return self._dated(rows, evidence)
        return self._by_status(rows)

    def _rows(self, evidence: Evidence, where: Where) -> Rows:
        return records_of(evidence, self.table, where, self.source)

    def _dated(self, rows: Rows, evidence: Evidence) -> Estimate:
        origin = self._origin(evidence)
        if origin is None:
            return no_evidence(
                f"no dated row of {self.table} where {dict(self.reference)}", self.unit
            )
        dated = [(row, days) for row in rows if (days := self._days(row)) is not None]
        if self.precise:
            exact = [(row, days) for row, days in dated if days[0] == days[1]]
            dated = exact or dated
        if not dated:
            return no_evidence(f"no row of {self.table} with a date ({self.day})", self.unit)
        offsets = [(row, self._offsets(days, origin)) for row, days in dated]
        return self._across_families(rows, offsets)

    def _origin(self, evidence: Evidence) -> Days | None:
        if self.asks == "date":
            first = interval(self.claimed_from)
            return first[0], interval(self.claimed_to or self.claimed_from)[1]
        days = map(self._days, self._rows(evidence, self.reference))
        exact = [day for day in days if day is not None]
        return min(exact, key=lambda day: (day[1] - day[0], day[0])) if exact else None

    def _days(self, row: Mapping[str, Any]) -> Days | None:
        column = {"start": self.start, "end": self.end, "reported": self.reported}[self.day]
        text = row[column] if column in row else row[self.start]
        return interval(text) if isinstance(text, str) and text else None

    def _offsets(self, days: Days, origin: Days) -> tuple[int, int]:
        """The lowest and highest signed offset, in days, that the interval allows."""
        if self.asks == "lag":
            return (origin[0] - days[1]).days, (origin[1] - days[0]).days
        return days_outside(days[0], origin), days_outside(days[1], origin)

    def _across_families(
        self, rows: Rows, offsets: Sequence[tuple[Mapping[str, Any], tuple[int, int]]]
    ) -> Estimate:
        by_family: dict[str, list[tuple[int, int]]] = {}
        for row, days in offsets:
            by_family.setdefault(row["family"], []).append(days)
        intervals = [median_interval(intervals) for intervals in by_family.values()]
        low, high = (median_interval if self.agreement == "majority" else agreed)(intervals)
        middles = sorted((low + high) / 2 for low, high in intervals)
        value = min(max(median_low(middles), low), high)
        used = among(rows, offsets)
        return Estimate(
            value=value,
            low=low,
            high=high,
            unit=self.unit,
            n=len(used),
            disagreement=middles[-1] - middles[0],
            citations=cite_records(used, self.table),
            points=tuple(self._point(row, *days) for row, days in offsets),
            by_family=tuple(self._said(offsets)),
        )

    def _said(
        self, offsets: Sequence[tuple[Mapping[str, Any], tuple[int, int]]]
    ) -> Iterator[FamilyRange]:
        """What each family says by its middle row: the day, or the number of days of a lag."""
        for family in dict.fromkeys(row["family"] for row, _ in offsets):
            own = [(days, self._days(row)) for row, days in offsets if row["family"] == family]
            (low, high), dated = middle(own)
            found = SimpleNamespace(value=low, low=low, high=high)
            text = f"{formatting.interval(found)} days" if self.asks == "lag" else ""
            text = text or formatting.days(cast("Days", dated))
            yield FamilyRange(family=family, low=low, high=high, text=text)

    def _by_status(self, rows: Rows) -> Estimate:
        limit = interval(self.as_of)[1] if self.as_of else date.max
        sure: list[tuple[Mapping[str, Any], int]] = []
        possible: list[tuple[Mapping[str, Any], int]] = []
        for row in rows:
            days = self._days(row) or self._reported(row)
            if days is not None and days[0] <= limit and row[self.status] in self.ladder:
                found = sure if days[1] <= limit else possible
                found.append((row, self._rung(row[self.status])))
        least = self._least(sure)
        reached = [*sure, *(each for each in possible if each[1] >= least)]
        if not reached:
            return no_evidence(f"no row with a status by {self.as_of or 'any day'}", self.unit)
        if not sure and self.asks == "rung":
            note = f"no status is dated more exactly than to a range around {self.as_of}"
            return Estimate(value=None, unit=self.unit, flags=("thin",), note=note)
        low, high = self._count_or_rung(sure), self._count_or_rung(reached)
        used = among(rows, reached)
        return Estimate(
            value=low,
            low=low,
            high=high,
            unit=self.unit,
            n=len(used),
            citations=cite_records(used, self.table),
            points=tuple(self._point(row, rung, rung) for row, rung in reached),
        )

    def _least(self, sure: Sequence[tuple[Mapping[str, Any], int]]) -> int:
        """The rung from which on a status that is only possible bears on the estimate."""
        if self.asks == "count":
            return self._rung(self.claimed_rung)
        return max((rung for _, rung in sure), default=-1) + 1

    def _count_or_rung(self, reached: Sequence[tuple[Mapping[str, Any], int]]) -> int:
        """The highest rung that anyone records, or how many objects reached the claimed one."""
        if self.asks == "rung":
            return max(rung for _, rung in reached)
        claimed = self._rung(self.claimed_rung)
        return len({row[self.counted] for row, rung in reached if rung >= claimed})

    def _first_occurrence(self, rows: Rows, evidence: Evidence) -> Estimate:
        start, _ = interval(self.claimed_from)
        searched = self._rows(evidence, {})
        if not searched:
            return no_evidence(f"{self.table} has no row", self.unit)
        dated = [(row, self._days(row)) for row in rows]
        earlier = [(row, days) for row, days in dated if days is not None and days[0] < start]
        sure = {row[self.counted] for row, days in earlier if days[1] < start}
        found = among(rows, earlier)
        others = other_cases(self.where, lambda where: self._rows(evidence, where))
        every = [*dated, *((row, self._days(row)) for row in others)]
        return Estimate(
            value=len(sure),
            low=len(sure),
            high=len({row[self.counted] for row, _ in earlier}),
            unit=self.unit,
            n=len(searched),
            citations=cite_records(found or searched, self.table),
            points=tuple(self._point(row, (days[0] - start).days) for row, days in every if days),
        )

    def _reported(self, row: Mapping[str, Any]) -> Days | None:
        return interval(text) if isinstance(text := row.get(self.reported), str) and text else None

    def _rung(self, status: str) -> int:
        if status not in self.ladder:
            known = ", ".join(self.ladder) or "empty"
            raise ParameterError(f"{status!r} is no rung of the ladder: {known}")
        return list(self.ladder).index(status)

    def _name(self, row: Mapping[str, Any]) -> str:
        """The name of the case that is counted: its object and action, else its key."""
        words = [row.get(word) for word in ("object", "action")]
        if self.counted == "event_id" and all(isinstance(word, str) for word in words):
            return "{} ({})".format(*words)
        return str(row.get(self.counted) or row["source_id"])

    def _point(self, row: Mapping[str, Any], low: float, high: float | None = None) -> Point:
        high = low if high is None else high
        days = self._days(row) or self._reported(row)
        kind, label = (OtherCase, row[WHOSE]) if WHOSE in row else (Point, self._name(row))
        return kind(
            label=label,
            value=(low + high) / 2,
            low=low,
            high=high,
            family=row["family"],
            source_id=row["source_id"],
            row=f"{self.table}:{row['row']}",
            text=f"{days[0].isoformat()}/{days[1].isoformat()}" if days else "",
        )


@lru_cache(maxsize=DATES)
def interval(text: str) -> Days:
    """The days that a partial ISO date, a quarter or a range allows; for any else ParameterError.

    >>> interval("2024-Q3")
    (datetime.date(2024, 7, 1), datetime.date(2024, 9, 30))
    >>> interval("2023/2024-02-03")
    (datetime.date(2023, 1, 1), datetime.date(2024, 2, 3))
    """
    if "FY" in text or not is_form("period", text):
        message = f"not a date: {text!r}; expected YYYY, YYYY-Qn, YYYY-MM, YYYY-MM-DD or first/last"
        raise ParameterError(message)
    return first_day(text), last_day(text)
