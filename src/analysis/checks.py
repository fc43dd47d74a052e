"""Named domain checks that a table's catalog entry asks for, by name and with arguments.

Each takes the table's entry, its frame and keyword arguments, and yields Failures. A check reads
rows after corrections, skips empty cells, and does not depend on the order of the rows.
"""

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pandas as pd

from analysis.catalog import TableInfo
from analysis.errors import DataError, suggest
from analysis.periods import Frequency, at_ordinal, ordinal


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A row that breaks a rule; `row` is its line in the file, None if it is the whole table."""

    table: str
    row: int | None
    column: str | None
    value: object
    rule: str

    def __str__(self) -> str:
        place = f"data/{self.table}.csv" + (f":{self.row}" if self.row else "")
        cell = f"{self.column} = {self.value}: " if self.column else ""
        return f"{place}: {cell}{self.rule}" + (f" (row {self.row})" if self.row else "")


Failures = Iterator[Failure]
Check = Callable[..., Failures]
CHECKS: dict[str, Check] = {}


def named(check: Check) -> Check:
    """Registers a check under its function's name."""
    CHECKS[check.__name__] = check
    return check


def run_checks(info: TableInfo, frame: pd.DataFrame) -> Failures:
    """Every check that the entry names. DataError for an unknown check, argument or column."""
    for entry in info.checks:
        for name, arguments in entry.items():
            check = _bound(name, arguments or {}, info)
            yield from check(info, frame, **(arguments or {}))


def _bound(name: str, arguments: Mapping[str, Any], info: TableInfo) -> Check:
    """The check, if it takes these arguments and their columns exist."""
    if name not in CHECKS:
        raise _fault(info, f"unknown check '{name}'{suggest(name, CHECKS)}")
    check = CHECKS[name]
    try:
        inspect.signature(check).bind(info, None, **arguments)
    except TypeError as fault:
        raise _fault(info, f"check '{name}': {fault}") from None
    for key in ("column", "columns", "by", "date", "time", "value", "whole_column"):
        for column in _listed(arguments.get(key)):
            if column not in info.columns:
                raise _fault(
                    info, f"check '{name}': no column '{column}'{suggest(column, info.columns)}"
                )
    return check


def _fault(info: TableInfo, message: str) -> DataError:
    return DataError(f"table '{info.name}', {message}", file="data/catalog.yaml", line=info.line)


def _listed(names: str | Sequence[str] | None) -> list[str]:
    if names is None:
        return []
    return [names] if isinstance(names, str) else list(names)


def failing(info: TableInfo, rows: pd.DataFrame, column: str, rule: str) -> Failures:
    """A Failure for each of these rows."""
    for row, value in zip(rows["row"], rows[column], strict=True):
        yield Failure(table=info.name, row=int(row), column=column, value=value, rule=rule)


def _groups(frame: pd.DataFrame, by: str | Sequence[str]) -> Iterator[pd.DataFrame]:
    """The frame in parts; empty cells are a group of their own; all in one part without `by`."""
    names = _listed(by)
    if not names:
        yield frame
        return
    for _, group in frame.groupby(names, dropna=False, sort=False):
        yield group


def repeated(info: TableInfo, frame: pd.DataFrame, columns: Sequence[str], rule: str) -> Failures:
    """Rows that agree with an earlier one in all these columns, empty cells included."""
    ordered = frame.sort_values("row")
    twice = ordered.duplicated(list(columns))
    for _, row in ordered[twice].iterrows():
        value = ", ".join(str(row[column]) for column in columns)
        yield Failure(
            table=info.name, row=int(row["row"]), column=" + ".join(columns), value=value, rule=rule
        )


@named
def one_value_a_day(
    info: TableInfo, frame: pd.DataFrame, *, date: str, by: Sequence[str] = ()
) -> Failures:
    """No two rows of one group have the same date."""
    dated = frame[frame[date].notna()]
    yield from repeated(info, dated, [date, *_listed(by)], "one value a day")


@named
def share_within(
    info: TableInfo, frame: pd.DataFrame, *, column: str, low: float = 0, high: float = 100
) -> Failures:
    """Every share lies between low and high."""
    outside = frame[(frame[column] < low) | (frame[column] > high)]
    yield from failing(info, outside, column, f"a share between {low} and {high}")


@named
def non_negative(info: TableInfo, frame: pd.DataFrame, *, column: str) -> Failures:
    """No value is below zero."""
    yield from failing(info, frame[frame[column] < 0], column, "not below 0")


@named
def totals_reconcile(
    info: TableInfo,
    frame: pd.DataFrame,
    *,
    by: Sequence[str],
    column: str,
    parts: Sequence[str],
    total: str,
    value: str,
    tolerance: float,
) -> Failures:
    """Where a group has the total and all parts, they add up to it within tolerance x total."""
    for group in _groups(frame[frame[value].notna()], by):
        found = group.set_index(column)[value]
        if not found.index.is_unique:
            repeats = group[group[column].duplicated() & group[column].isin([*parts, total])]
            yield from failing(
                info, repeats, column, "stands twice in its group, so totals are ambiguous"
            )
        elif total in found and all(part in found for part in parts):
            summed = float(sum(found[part] for part in parts))
            if abs(summed - found[total]) > tolerance * abs(found[total]):
                rule = f"{', '.join(parts)} add up to {summed:g} (tolerance {tolerance:g})"
                yield from failing(info, group[group[column] == total], value, rule)


@named
def parts_at_most_whole(
    info: TableInfo,
    frame: pd.DataFrame,
    *,
    by: Sequence[str],
    column: str,
    value: str,
    parts: Sequence[str] | None = None,
    whole_column: str | None = None,
    high: float = 100,
) -> Failures:
    """In each group the values add up to at most the whole: `whole_column`'s value, or `high`."""
    chosen = frame if parts is None else frame[frame[column].isin(parts)]
    for group in _groups(chosen[chosen[value].notna()], by):
        whole = high if whole_column is None else group[whole_column].max()
        if group[value].sum() > whole * (1 + _ROUNDING):
            rule = f"its group adds up to {group[value].sum():g}, more than the whole {whole:g}"
            yield from failing(info, group.sort_values("row").tail(1), value, rule)


_ROUNDING = 1e-9  # sums of decimal fractions are not exact


@named
def both_ends(info: TableInfo, frame: pd.DataFrame, *, columns: Sequence[str]) -> Failures:
    """The two ends of a flow are filled and different."""
    first, second = columns
    for column in columns:
        yield from failing(
            info, frame[frame[column].isna()], column, "an end of the flow is missing"
        )
    yield from failing(info, frame[frame[first] == frame[second]], second, f"the same as {first}")


@named
def ordered(info: TableInfo, frame: pd.DataFrame, *, columns: Sequence[str]) -> Failures:
    """Each column's value is at most the next one's; dates are compared as far as both go."""
    for low, high in pairwise(columns):
        both = frame[frame[low].notna() & frame[high].notna()]
        wrong = [_above(a, b) for a, b in zip(both[low], both[high], strict=True)]
        yield from failing(
            info, both[pd.Series(wrong, index=both.index, dtype=bool)], high, f"below {low}"
        )


def _above(low: Any, high: Any) -> bool:
    if isinstance(low, str) and isinstance(high, str):
        length = min(len(low), len(high))
        return low[:length] > high[:length]
    return bool(low > high)


@named
def ranks_from_one(
    info: TableInfo, frame: pd.DataFrame, *, by: Sequence[str], column: str
) -> Failures:
    """In each group ranks count on from 1; after a tie as many numbers are skipped."""
    for group in _groups(frame[frame[column].notna()], by):
        expected = group[column].rank(method="min")
        wrong = group[group[column] != expected]
        yield from failing(
            info, wrong, column, "ranks start at 1 and leave none out in their group"
        )


@named
def no_silent_hole(
    info: TableInfo, frame: pd.DataFrame, *, time: str, frequency: Frequency, by: Sequence[str] = ()
) -> Failures:
    """Inside each series no period is missing, but for the entry's declared gaps."""
    known = [
        (ordinal(str(gap.start), frequency), ordinal(str(gap.end), frequency)) for gap in info.gaps
    ]
    for group in _groups(frame[frame[time].notna()], by):
        numbers = group[time].map(lambda cell: ordinal(_period(cell), frequency))
        for before, after in _holes(sorted(set(numbers)), known):
            span = f"{at_ordinal(before + 1, frequency)} to {at_ordinal(after - 1, frequency)}"
            rule = f"missing before it, and not declared as a gap: {span}"
            yield from failing(info, group[numbers == after].head(1), time, rule)


def _period(cell: Any) -> str:
    return cell if isinstance(cell, str) else f"{int(cell):04d}"


def _holes(numbers: Sequence[int], known: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Neighbours between which some period is missing that no known gap covers."""
    for before, after in pairwise(numbers):
        missing = range(before + 1, after)
        if any(not any(low <= number <= high for low, high in known) for number in missing):
            yield before, after
