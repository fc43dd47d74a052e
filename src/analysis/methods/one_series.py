"""A trend claim of a single series in words: what the series did, and what the claim needs."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from analysis.formatting import number
from analysis.methods.time_bins import BIN_MONTHS, period
from analysis.methods.trend_test import DOWN, FLAT, OPEN, UP

if TYPE_CHECKING:
    from analysis.methods.vote_counting import Index

TREND = {
    UP: "its trend is upward",
    DOWN: "its trend is downward",
    FLAT: "it has no clear trend",
    OPEN: "it is too short for a test",
}
PERIODS = {months: name.replace("_", "-") for name, months in BIN_MONTHS.items()}


def course(index: Index, verb: str, direction: str) -> str:
    """The first and the last value of a series, then what its verb is tested by.

    The words are those of the values: a series may have risen although the claim of it fails.
    """
    (start, first), (end, last) = index.series[0], index.series[-1]
    went = "rose" if last > first else "fell"
    values = f"It {went} from {number(first)} to {number(last)} {index.unit}".rstrip()
    if last == first:
        values = f"It ended where it began, at {number(last)} {index.unit}".rstrip()
    span = f"{period(int(start), index.months)} to {period(int(end), index.months)}"
    return f"{values}, {span}{_tested(index, verb, direction)}"


def needed(verb: str, direction: str, alpha: float) -> str:
    """What a claim of a single series needs.

    >>> needed("never_falls", "rise", 0.05), needed("keeps_growing", "fall", 0.05)
    ('that it never falls', 'a downward trend, p below 0.05')
    """
    rises = direction == "rise"
    slope = "an upward" if rises else "a downward"
    if verb == "never_falls":
        return f"that it never {'falls' if rises else 'rises'}"
    if verb == "keeps_growing":
        return f"{slope} trend, p below {number(alpha)}"
    return f"a {'higher' if rises else 'lower'} value at its end and {slope} slope"


def _tested(index: Index, verb: str, direction: str) -> str:
    claimed = UP if direction == "rise" else DOWN
    if verb == "never_falls":
        values = [value for _, value in index.series]
        sign = 1 if direction == "rise" else -1
        against = sum(sign * after < sign * before for before, after in pairwise(values))
        fell = "fell" if direction == "rise" else "rose"
        name = PERIODS.get(index.months, "period")
        of = f"{number(len(values) - 1)} {name}s"
        return f"; it {fell} in {number(against) if against else 'none'} of {of}"
    if verb == "keeps_growing":
        return f"; {TREND[index.state]}"
    return "" if index.state == claimed else f"; it does not go {claimed} over all of it"
