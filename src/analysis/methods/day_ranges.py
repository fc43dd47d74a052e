"""Ranges of days: how far they are from a window, and which of several is the middle one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TypeVar

Days = tuple[date, date]
Rest = TypeVar("Rest")


def days_outside(day: date, window: Days) -> int:
    """Signed days from a window to a day; 0 inside."""
    if day < window[0]:
        return (day - window[0]).days
    return max((day - window[1]).days, 0)


def median_interval(intervals: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """The middle interval of several, in the order of their ends."""
    return sorted(intervals)[(len(intervals) - 1) // 2]


def middle(found: Sequence[tuple[tuple[int, int], Rest]]) -> tuple[tuple[int, int], Rest]:
    """The same of intervals that each have something beside them."""
    return sorted(found, key=lambda each: each[0])[(len(found) - 1) // 2]
