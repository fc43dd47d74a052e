"""Any sheet or text with years across, such as SIPRI's workbooks and the World Economic Outlook."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from analysis.refresh.connectors.errors import fault
from analysis.refresh.connectors.layout import Layout, check_place, read_options
from analysis.refresh.connectors.parsing import text
from analysis.refresh.connectors.spreadsheet import Worksheet, delimited_sheet, workbook_sheet
from analysis.refresh.connectors.tidy import tidy
from analysis.refresh.connectors.unpivot import PERIOD, unfold

AFTER_COLUMN = "after"  # whether the period comes after the last year that is no estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The place of the grid; layouts see the labels, `period` and `value`."""

    heading: int
    labels: tuple[str, ...]  # headings or positions
    layouts: tuple[Layout, ...]
    sheet: str | None = None  # of a workbook; a delimited text otherwise
    encoding: str = "utf-8-sig"
    separator: str = ","
    expect: Mapping[str, str] = field(default_factory=dict)
    last_known: str | None = None  # a label: the year after which the values are estimates
    open_end: bool = False  # of a text: the publisher writes no line end after the last line

    def __post_init__(self) -> None:
        check_place(self.separator, self.heading)


def read(raw: bytes, options: Mapping[str, Any]) -> pd.DataFrame:
    """The tidy cells of a grid; with `last_known`, layouts see the column `after` as well."""
    given = read_options(Options, options)
    sheet = _sheet(raw, given)
    sheet.expect(given.expect)
    labels = dict.fromkeys((*given.labels, *([given.last_known] if given.last_known else [])))
    cells = unfold(sheet, given.heading, list(labels))
    if given.last_known:
        cells[AFTER_COLUMN] = _is_after(cells, given.last_known)
    return tidy(cells, given.layouts)


def _sheet(raw: bytes, given: Options) -> Worksheet:
    if given.sheet is not None:
        return workbook_sheet(raw, given.sheet)
    return delimited_sheet(raw, given.encoding, given.separator, open_end=given.open_end)


def _is_after(cells: pd.DataFrame, label: str) -> list[str]:
    """`true`, `false` or, where the file does not say, nothing."""
    words = []
    for row, last, period in zip(cells.index, cells[label], cells[PERIOD], strict=True):
        year = text(last)
        if year is not None and not year.isdigit():
            raise fault(f"row {row}, column '{label}'", expected="a year", found=repr(last))
        words.append("" if year is None else str(int(period) > int(year)).lower())
    return words
