"""Named checks of single cells, keys, series and references, for a table's catalog entry.

`failures` says what a check is; `sums` has those that calculate.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import pandas as pd

from analysis.data.catalog import TableInfo
from analysis.data.periods import Frequency, at_ordinal, first_day, last_day, ordinal
from analysis.data.violations import Load, Violations, groups, listed, named, repeated, violating


@named("date", "by")
def one_value_a_day(
    info: TableInfo, frame: pd.DataFrame, *, date: str, by: Sequence[str] = ()
) -> Violations:
    """No two rows of one group have the same date."""
    dated = frame[frame[date].notna()]
    yield from repeated(info, dated, [date, *listed(by)], "one value a day")


@named("column")
def share_within(
    info: TableInfo, frame: pd.DataFrame, *, column: str, low: float = 0, high: float = 100
) -> Violations:
    """Every share lies between low and high; percents by default."""
    yield from range_where(info, frame, column=column, low=low, high=high)


@named("column")
def range_where(
    info: TableInfo, frame: pd.DataFrame, *, column: str, low: float, high: float
) -> Violations:
    """Every value lies between low and high; give `where` for a range that holds for some rows."""
    outside = frame[(frame[column] < low) | (frame[column] > high)]
    yield from violating(info, outside, column, f"between {low:g} and {high:g}")


@named("column")
def non_negative(info: TableInfo, frame: pd.DataFrame, *, column: str) -> Violations:
    """No value is below zero."""
    yield from violating(info, frame[frame[column] < 0], column, "not below 0")


@named("column")
def refers_to(
    info: TableInfo, frame: pd.DataFrame, *, column: str, table: str, load: Load
) -> Violations:
    """Each value stands in the column of the same name of the other table."""
    strangers = frame[frame[column].notna() & ~frame[column].isin(load(table)[column])]
    yield from violating(info, strangers, column, f"not in {table}")


@named("by", "column")
def constant_within(
    info: TableInfo, frame: pd.DataFrame, *, by: Sequence[str], column: str
) -> Violations:
    """Inside each group the column has one value, that of the group's first row."""
    for group in groups(frame, by):
        first = group[column].iloc[0]
        same = group[column].isna() if pd.isna(first) else group[column] == first
        yield from violating(
            info, group[~same], column, f"the same in its whole group, which begins with {first}"
        )


@named("columns")
def both_ends(info: TableInfo, frame: pd.DataFrame, *, columns: Sequence[str]) -> Violations:
    """The two ends of a flow are filled and different."""
    first, second = columns
    for column in columns:
        yield from violating(
            info, frame[frame[column].isna()], column, "an end of the flow is missing"
        )
    yield from violating(info, frame[frame[first] == frame[second]], second, f"the same as {first}")


@named("columns")
def ordered(info: TableInfo, frame: pd.DataFrame, *, columns: Sequence[str]) -> Violations:
    """Each column's value is at most the next one's; dates are compared as far as both go."""
    for low, high in pairwise(columns):
        both = frame[frame[low].notna() & frame[high].notna()]
        wrong = [_above(a, b) for a, b in zip(both[low], both[high], strict=True)]
        yield from violating(
            info, both[pd.Series(wrong, index=both.index, dtype=bool)], high, f"below {low}"
        )


def _above(low: Any, high: Any) -> bool:
    if isinstance(low, str) and isinstance(high, str):
        length = min(len(low), len(high))
        return low[:length] > high[:length]
    return bool(low > high)


@named("by", "column")
def ranks_from_one(
    info: TableInfo, frame: pd.DataFrame, *, by: Sequence[str], column: str
) -> Violations:
    """In each group ranks count on from 1; after a tie as many numbers are skipped."""
    for group in groups(frame[frame[column].notna()], by):
        expected = group[column].rank(method="min")
        wrong = group[group[column] != expected]
        yield from violating(
            info, wrong, column, "ranks start at 1 and leave none out in their group"
        )


@named("time", "by")
def no_silent_hole(
    info: TableInfo, frame: pd.DataFrame, *, time: str, frequency: Frequency, by: Sequence[str] = ()
) -> Violations:
    """Inside each series no period is missing, but for those in the entry's declared gaps."""
    for group in groups(frame[frame[time].notna()], by):
        numbers = group[time].map(lambda cell: ordinal(_period(cell), frequency))
        for before, after in pairwise(sorted(set(numbers))):
            missing = [at_ordinal(number, frequency) for number in range(before + 1, after)]
            if not all(_declared(info, period) for period in missing):
                rule = (
                    f"missing before it, and not declared as a gap: {missing[0]} to {missing[-1]}"
                )
                yield from violating(info, group[numbers == after].head(1), time, rule)


@named("time", "column")
def empty_only_in_gaps(
    info: TableInfo, frame: pd.DataFrame, *, time: str, column: str
) -> Violations:
    """A dated row whose cell is empty lies in one of the entry's declared gaps."""
    empty = frame[frame[column].isna() & frame[time].notna()]
    declared = [_declared(info, _period(cell)) for cell in empty[time]]
    outside = empty[~pd.Series(declared, index=empty.index, dtype=bool)]
    yield from violating(info, outside, time, f"no {column}, and not declared as a gap")


def _declared(info: TableInfo, period: str) -> bool:
    """Whether a whole period lies in a known gap; a gap in its middle does not excuse the rest."""
    first, last = first_day(period), last_day(period)
    return any(
        first_day(f"{gap.start}") <= first and last <= last_day(f"{gap.end}") for gap in info.gaps
    )


def _period(cell: Any) -> str:
    return cell if isinstance(cell, str) else f"{int(cell):04d}"
