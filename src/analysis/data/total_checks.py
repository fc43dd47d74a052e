"""Named checks that calculate: totals, shares, ratios and means must agree with their parts.

A tolerance is a fraction of the number that is checked, unless the check says otherwise.
"""

from collections.abc import Sequence

import pandas as pd

from analysis.data.catalog import TableInfo
from analysis.data.periods import is_form
from analysis.data.violations import Violations, groups, named, vacuous, violating

_ROUNDING = 1e-9  # sums of decimal fractions are not exact
_MONTHS = 12


@named("by", "column", "value")
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
) -> Violations:
    """Where a group has the total and all parts, they add up to it within tolerance x total."""
    concerned = frame[frame[value].notna() & frame[column].isin([*parts, total])]
    compared = 0
    for group in groups(concerned, by):
        found = group.set_index(column)[value]
        if not found.index.is_unique:
            twice = group[group[column].duplicated()]
            yield from violating(info, twice, column, "twice in its group: which is the part?")
        elif len(found) == len(parts) + 1:
            compared += 1
            summed, whole = float(found[list(parts)].sum()), float(found[total])
            if _apart(summed, whole, tolerance):
                rule = f"{', '.join(parts)} add up to {summed:g} (tolerance {tolerance:g})"
                yield from violating(info, group[group[column] == total], value, rule)
    if not compared:
        yield vacuous(info, f"totals_reconcile: no group has {total} and all of {', '.join(parts)}")


def _apart(summed: float, whole: float, tolerance: float) -> bool:
    return abs(summed - whole) > (tolerance + _ROUNDING) * abs(whole)


@named("parts", "total")
def row_reconciles(
    info: TableInfo, frame: pd.DataFrame, *, parts: Sequence[str], total: str, tolerance: float
) -> Violations:
    """Where a row has all its parts, columns, they add up to its total within tolerance x total."""
    filled = frame[frame[[*parts, total]].notna().all(axis="columns")]
    off = (filled[list(parts)].sum(axis="columns") - filled[total]).abs()
    wrong = filled[off > (tolerance + _ROUNDING) * filled[total].abs()]
    rule = f"not the sum of {', '.join(parts)} (tolerance {tolerance:g})"
    yield from violating(info, wrong, total, rule)
    if filled.empty:
        yield vacuous(info, f"row_reconciles: no row has {total} and all of {', '.join(parts)}")


@named("by", "column", "value", "whole_column")
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
) -> Violations:
    """In each group the values add up to at most the whole: `whole_column`'s value, or `high`."""
    chosen = frame if parts is None else frame[frame[column].isin(parts)]
    for group in groups(chosen[chosen[value].notna()], by):
        whole = high if whole_column is None else group[whole_column].max()
        if group[value].sum() > whole * (1 + _ROUNDING):
            rule = f"its group adds up to {group[value].sum():g}, more than the whole {whole:g}"
            yield from violating(info, group.tail(1), value, rule)


@named("by", "column", "value", "share")
def share_of_whole(
    info: TableInfo,
    frame: pd.DataFrame,
    *,
    by: Sequence[str],
    column: str,
    whole: str,
    value: str,
    share: str,
    tolerance: float,
) -> Violations:
    """Where a group has its whole, shares are 100 x value / whole, within `tolerance` points."""
    compared = 0
    for group in groups(frame[frame[value].notna()], by):
        wholes = group.loc[group[column] == whole, value]
        if len(wholes) == 1:
            stated = group[group[share].notna()]
            compared += len(stated)
            off = (stated[share] - 100 * stated[value] / wholes.iloc[0]).abs()
            rule = f"not 100 x {value} over that of {whole} (tolerance {tolerance:g} points)"
            yield from violating(info, stated[off > tolerance + _ROUNDING], share, rule)
    if not compared:
        yield vacuous(info, f"share_of_whole: no group has {whole} and a share")


@named("by", "order", "value", "stated")
def running_total(
    info: TableInfo,
    frame: pd.DataFrame,
    *,
    by: Sequence[str],
    order: str,
    value: str,
    stated: str,
    tolerance: float,
) -> Violations:
    """Where a row states the total so far, its group's values up to its date add up to it.

    Rows of one date count as one step; dates are compared as text.
    """
    compared = 0
    for group in groups(frame[frame[value].notna()], by):
        given = group[group[stated].notna()]
        compared += len(given)
        summed = [float(group.loc[group[order] <= day, value].sum()) for day in given[order]]
        off = (pd.Series(summed, index=given.index, dtype="float64") - given[stated]).abs()
        wrong = given[off > (tolerance + _ROUNDING) * given[stated].abs()]
        yield from violating(
            info, wrong, stated, f"not the sum of {value} so far (tolerance {tolerance:g})"
        )
    if not compared:
        yield vacuous(info, f"running_total: no row states {stated}")


@named("numerator", "denominator", "ratio")
def row_ratio(
    info: TableInfo,
    frame: pd.DataFrame,
    *,
    numerator: str,
    ratio: str,
    tolerance: float,
    denominator: str | None = None,
    scale: float = 1,
) -> Violations:
    """In each row `ratio` is scale x numerator / denominator; without one, another unit of it."""
    needed = [name for name in (numerator, denominator, ratio) if name]
    filled = frame[frame[needed].notna().all(axis="columns")]
    made = scale * filled[numerator] / (filled[denominator] if denominator else 1)
    wrong = (made - filled[ratio]).abs() > (tolerance + _ROUNDING) * filled[ratio].abs()
    formula = f"{scale:g} x {numerator}" + (f" / {denominator}" if denominator else "")
    yield from violating(info, filled[wrong], ratio, f"not {formula} (tolerance {tolerance:g})")
    if filled.empty:
        yield vacuous(info, f"row_ratio: no row has {', '.join(needed)}")


@named("by", "time", "value")
def year_of_months(
    info: TableInfo,
    frame: pd.DataFrame,
    *,
    by: Sequence[str],
    time: str,
    value: str,
    tolerance: float,
) -> Violations:
    """A year's value is the mean of its months, where a group has the year and all twelve."""
    compared = 0
    for group in groups(frame[frame[value].notna() & frame[time].notna()], by):
        months = group[[is_form("month", text) for text in group[time]]]
        of_year = months.groupby(months[time].str[:4])[value]
        means = of_year.mean()[of_year.size() == _MONTHS]
        years = group[group[time].isin(means.index)]
        compared += len(years)
        off = (years[time].map(means) - years[value]).abs()
        wrong = years[off > (tolerance + _ROUNDING) * years[value].abs()]
        yield from violating(
            info, wrong, value, f"not the mean of its months (tolerance {tolerance:g})"
        )
    if not compared:
        yield vacuous(info, "year_of_months: no series has a year and its twelve months")
