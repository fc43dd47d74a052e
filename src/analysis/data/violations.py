"""Checks and the violations that they yield: rows that break a rule, with their lines.

A check takes the table's entry, its rows in the order of the file and keyword arguments, and
yields violations. Rows are read after corrections; empty cells are skipped. A check that compares
nothing is a violation, too: it would pass with any data.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from analysis.data.catalog import TableInfo

Form = Literal["csv", "geojson"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """A row that breaks a rule; `row` is its line in the file, None if it is the whole table."""

    table: str
    rule: str
    row: int | None = None
    column: str | None = None
    value: object = None
    form: Form = "csv"

    def __str__(self) -> str:
        place = f"data/{self.table}.{self.form}" + (f":{self.row}" if self.row else "")
        cell = f"{self.column} = {self.value}: " if self.column else ""
        return f"{place}: {cell}{self.rule}" + (f" (row {self.row})" if self.row else "")


Violations = Iterator[Violation]
Check = Callable[..., Violations]
Load = Callable[[str], pd.DataFrame]  # a check with the argument `load` is given other tables' rows
CHECKS: dict[str, tuple[Check, tuple[str, ...]]] = {}  # with the arguments that name columns


def named(*columns: str) -> Callable[[Check], Check]:
    """Registers a check by its function's name; `columns` are its arguments that name columns."""

    def register(check: Check) -> Check:
        CHECKS[check.__name__] = (check, columns)
        return check

    return register


def violating(info: TableInfo, rows: pd.DataFrame, column: str, rule: str) -> Violations:
    """A violation for each of these rows."""
    for row, value in zip(rows["row"], rows[column], strict=True):
        yield Violation(table=info.name, row=int(row), column=column, value=value, rule=rule)


def repeated(info: TableInfo, frame: pd.DataFrame, columns: Sequence[str], rule: str) -> Violations:
    """Rows that agree with an earlier one in all these columns, empty cells included."""
    for _, row in frame[frame.duplicated(list(columns))].iterrows():
        value = ", ".join(str(row[column]) for column in columns)
        yield Violation(
            table=info.name, row=int(row["row"]), column=" + ".join(columns), value=value, rule=rule
        )


def vacuous(info: TableInfo, what: str) -> Violation:
    """The violation of a check that compares nothing."""
    rule = f"a check that tests nothing, {what}: correct it or remove it from the catalog"
    return Violation(table=info.name, rule=rule)


def listed(names: str | Sequence[str] | None) -> list[str]:
    """The names, if one or several are given; none for None."""
    if names is None:
        return []
    return [names] if isinstance(names, str) else list(names)


def groups(frame: pd.DataFrame, by: str | Sequence[str]) -> Iterator[pd.DataFrame]:
    """The frame in parts; empty cells are a group of their own; all in one part without `by`."""
    names = listed(by)
    if not names:
        yield frame
        return
    for _, group in frame.groupby(names, dropna=False, sort=False):
        yield group
