"""Monthly customs workbooks by partner, with years of the Minguo calendar (table 8 and its like).

A year's row ("113年") is above its months ("8月"); the running year is "114年1-8月".
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd

from analysis.refresh.connectors.errors import fault, listed
from analysis.refresh.connectors.layout import Layout, read_options
from analysis.refresh.connectors.parsing import is_empty, text
from analysis.refresh.connectors.spreadsheet import Worksheet, workbook_sheet
from analysis.refresh.connectors.tidy import tidy

YEAR_ZERO = 1911  # year 1 of the calendar is 1912
PERIOD_HEADING = "年(月)別"
_YEAR, _MONTH = re.compile(r"(\d{2,3})年(?:1-(\d{1,2})月)?"), re.compile(r"(\d{1,2})月")
_FOOTER_STARTS = ("較", "說明", "資料來源")  # comparisons and notes below the figures


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Layouts see `period`, `frequency` (year, month or part), `group`, `value` and `share`."""

    sheet: str
    groups: tuple[str, ...]  # all headings of the table, blanks left out, in any order
    layouts: tuple[Layout, ...]
    unit: str | None = None  # a text that must occur above the heading
    whole: str | None = None  # the group of whose value `share` is the percentage


def read(raw: bytes, options: Mapping[str, Any]) -> pd.DataFrame:
    """The tidy figures; rates of growth and shares beside them are left out."""
    given = read_options(Options, options)
    sheet = workbook_sheet(raw, given.sheet)
    heading = _heading(sheet)
    _check_unit(sheet, heading, given.unit)
    columns = _groups(sheet, heading, given.groups)
    cells = [
        (number, period, frequency, group, sheet.cell(number, column))
        for number, period, frequency in _periods(sheet, heading)
        for column, group in columns.items()
    ]
    frame = pd.DataFrame(cells, columns=["row", "period", "frequency", "group", "value"])
    if given.whole is not None:
        frame["share"] = _share(frame, given.whole, sheet)
    return tidy(frame.set_index("row"), given.layouts)


def _share(frame: pd.DataFrame, whole: str, sheet: Worksheet) -> pd.Series:
    """Each value in percent of the same period's value of the group `whole`."""
    total = frame[frame["group"] == whole].set_index("period")["value"]
    if total.empty:
        found = listed(sorted(set(frame["group"])))
        raise fault(sheet.name, expected=f"a group '{whole}'", found=found)
    number = partial(pd.to_numeric, errors="coerce")  # tidy reports a cell without a number
    return 100 * number(frame["value"]) / frame["period"].map(number(total))


def _heading(sheet: Worksheet) -> int:
    for number, row in enumerate(sheet.rows, start=1):
        if row and _without_blanks(row[0]) == PERIOD_HEADING:
            return number
    raise fault(f"{sheet.name}, column A", expected=f"the heading '{PERIOD_HEADING}'", found="none")


def _check_unit(sheet: Worksheet, heading: int, unit: str | None) -> None:
    cells = [_without_blanks(cell) for row in sheet.rows[: heading - 1] for cell in row]
    if unit is not None and not any(unit in cell for cell in cells):
        raise fault(
            f"{sheet.name}, above row {heading}",
            expected=f"the unit '{unit}'",
            found=listed(cell for cell in cells if cell),
        )


def _groups(sheet: Worksheet, heading: int, groups: tuple[str, ...]) -> dict[int, str]:
    """Each group's column: the one that has no heading of a second line below it."""
    found = {
        column: _without_blanks(cell)
        for column, cell in enumerate(sheet.rows[heading - 1], start=1)
        if column > 1 and not is_empty(cell) and is_empty(sheet.cell(heading + 1, column))
    }
    if sorted(found.values()) != sorted(groups):
        raise fault(
            f"{sheet.name}, row {heading}", expected=listed(groups), found=listed(found.values())
        )
    return found


def _periods(sheet: Worksheet, heading: int) -> Iterator[tuple[int, str, str]]:
    """(row, ISO period, frequency) of each row of figures."""
    year, month = None, 0
    for number, row in enumerate(sheet.rows[heading:], start=heading + 1):
        label = _without_blanks(row[0] if row else None)
        if not label or label.startswith(_FOOTER_STARTS):
            continue
        if match := _YEAR.fullmatch(label):
            year, month = int(match[1]) + YEAR_ZERO, 0
            yield number, str(year), "part" if match[2] else "year"
        elif (match := _MONTH.fullmatch(label)) and year and month < int(match[1]) <= 12:  # noqa: PLR2004
            month = int(match[1])
            yield number, f"{year}-{month:02}", "month"
        else:
            raise fault(
                f"{sheet.name}, row {number}",
                expected="a year or its next month",
                found=repr(label),
            )


def _without_blanks(cell: Any) -> str:
    return "".join((text(cell) or "").split())
