"""Values of ranges of months: whole years, halves, months and their sums."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate
from statistics import median
from typing import Any

from analysis.data.periods import first_day, last_day

BIN_MONTHS = {"year": 12, "half_year": 6, "month": 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeBin:
    """The value of a range of months: a count or amount and its exposure."""

    start: int
    months: int
    value: float
    exposure: float = 1.0
    scale: float = 1.0
    rows: tuple[int, ...] = ()

    @property
    def middle(self) -> int:
        """The month in the middle, which decides the period it belongs to."""
        return self.start + (self.months - 1) // 2

    @property
    def year(self) -> int:
        """The year of its middle."""
        return self.middle // 12

    @property
    def slot(self) -> tuple[int, int]:
        """Which part of its year it is; whole years are alike, wherever they begin."""
        return (0, 12) if self.months >= BIN_MONTHS["year"] else (self.start % 12, self.months)

    @property
    def rate(self) -> float:
        """The value over the exposure."""
        return self.scale * self.value / self.exposure


def fits(span: tuple[int, int], months: int, reduction: str, *, exposed: bool) -> bool:
    """Whether a range of months fits a series of this frequency, whole or as a part."""
    whole = abs(span[1] - months) <= (1 if months == BIN_MONTHS["year"] else 0)
    return whole or (span[1] < months and (reduction != "median" or exposed))


def reduced(entries: Sequence[tuple[Any, ...]], reduction: str, *, summed: bool) -> float:
    """One value of several rows, each (value, exposure, group, family, row).

    A median is one over source families of medians inside each; groups that are `summed` add up.
    """
    if reduction == "count":
        return float(len(entries))
    if reduction == "distinct":
        return float(len({entry[0] for entry in entries}))
    if reduction == "sum":
        return float(sum(entry[0] for entry in entries))
    if len(entries) == 1:
        return float(entries[0][0])
    parts: dict[Any, dict[str, list[float]]] = {}
    for value, _, group, family, _row in entries:
        parts.setdefault(group if summed else "", {}).setdefault(family, []).append(float(value))
    return sum(
        median(median(values) for values in families.values()) for families in parts.values()
    )


def periods(bins: Sequence[TimeBin], months: int) -> tuple[TimeBin, ...]:
    """One bin a period: shorter ones are added up."""
    grouped: dict[int, list[TimeBin]] = {}
    for each in bins:
        grouped.setdefault(each.middle // months, []).append(each)
    return tuple(
        _merged(time * months, months, members)
        if len(members) > 1
        else replace(members[0], start=time * months, months=months)
        for time, members in sorted(grouped.items())
    )


def _merged(start: int, months: int, bins: Sequence[TimeBin]) -> TimeBin:
    exposed = any(each.exposure != 1.0 for each in bins)
    return TimeBin(
        start=start,
        months=months,
        value=sum(each.value for each in bins),
        exposure=sum(each.exposure for each in bins) if exposed else 1.0,
        scale=bins[0].scale,
        rows=tuple(row for each in bins for row in each.rows),
    )


def summed(bins: Sequence[TimeBin]) -> tuple[float, float]:
    """The sums of the values and of the exposures."""
    return sum(each.value for each in bins), sum(each.exposure for each in bins)


def whole_periods(covered: tuple[int, int], months: int) -> tuple[int, int]:
    """The months of the whole periods among those that are covered: the first, and that after.

    >>> whole_periods((24240 + 5, 24240 + 30), 12) == (24240 + 12, 24240 + 24)
    True
    """
    first, after = covered
    return -(-first // months) * months, after // months * months


def running_totals(bins: Sequence[TimeBin]) -> list[TimeBin]:
    """Each bin with the sum of all values up to it: a stock from its flow."""
    totals = accumulate(each.value for each in bins)
    return [replace(each, value=total) for each, total in zip(bins, totals, strict=True)]


def with_zeros(bins: Sequence[TimeBin], months: int, covered: tuple[int, int]) -> list[TimeBin]:
    """The bins, and a zero for each period of the covered months that has none."""
    have = {each.middle // months for each in bins}
    wanted = range(covered[0] // months, -(-covered[1] // months))
    empty = [
        TimeBin(start=time * months, months=months, value=0.0)
        for time in wanted
        if time not in have
    ]
    return sorted([*bins, *empty], key=lambda each: each.start)


@lru_cache(maxsize=65536)
def months_of(text: str) -> tuple[int, int] | None:
    """The first month of a period, counted from year 0, and how many months it takes.

    >>> months_of("2024"), months_of("2019-12/2020-11"), months_of("2024-03-05")
    ((24288, 12), (24239, 12), (24290, 1))
    """
    text = text.removesuffix(".0")
    try:
        first, last = first_day(text), last_day(text.replace("FY", ""))
    except ValueError:
        return None
    start = 12 * first.year + first.month - 1
    if text.startswith("FY"):
        return 12 * first.year, 12
    return start, 12 * last.year + last.month - start


def period(time: int, months: int) -> str:
    """A period in words.

    >>> period(2024, 12), period(24290, 1), period(4049, 6)
    ('2024', '2024-03', '2024, second half')
    """
    if months == BIN_MONTHS["year"]:
        return str(time)
    if months == BIN_MONTHS["month"]:
        return f"{time // 12}-{time % 12 + 1:02d}"
    return f"{time // 2}, {('first', 'second')[time % 2]} half"
