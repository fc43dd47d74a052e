"""The workbooks of Direction of Trade by reporter: a sheet a flow, a row a partner."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd

from analysis.refresh.connectors.errors import fault
from analysis.refresh.connectors.layout import Layout, read_options
from analysis.refresh.connectors.parsing import is_empty, text
from analysis.refresh.connectors.spreadsheet import workbook_sheet
from analysis.refresh.connectors.tidy import tidy
from analysis.refresh.connectors.unpivot import PERIOD, VALUE, unfold

HEADING_ROW, PARTNER_COLUMN = 7, "2"  # the row of the years, the column of the partners
EXPECTED_UNIT = "US Dollars, Millions"


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Layouts see `reporter`, `flow` (the sheet), `partner`, `period`, `value`, `share`."""

    reporter: str  # as the workbook names it
    sheets: tuple[str, ...]
    layouts: tuple[Layout, ...]
    whole: str = "World"  # the partner of whose value the others are shares


def read(raw: bytes, options: Mapping[str, Any]) -> pd.DataFrame:
    """The tidy cells of all sheets; `share` is in percent of the partner `whole`."""
    given = read_options(Options, options)
    return tidy(pd.concat([_flow(raw, name, given) for name in given.sheets]), given.layouts)


def _flow(raw: bytes, name: str, given: Options) -> pd.DataFrame:
    sheet = workbook_sheet(raw, name)
    sheet.expect({"B2": name, "B4": given.reporter, "B5": EXPECTED_UNIT})
    cells = unfold(sheet, HEADING_ROW, [PARTNER_COLUMN]).rename(columns={PARTNER_COLUMN: "partner"})
    cells["partner"] = cells["partner"].map(text)
    cells = _without_repeats(cells[~cells[VALUE].map(is_empty)], sheet.name)
    whole = cells[cells["partner"] == given.whole].set_index(PERIOD)[VALUE]
    if whole.empty:
        raise fault(sheet.name, expected=f"a partner '{given.whole}'", found="none")
    number = partial(pd.to_numeric, errors="coerce")  # tidy reports a cell without a number
    share = 100 * number(cells[VALUE]) / cells[PERIOD].map(number(whole)).astype(float)
    return cells.assign(reporter=given.reporter, flow=name, share=share)


def _without_repeats(cells: pd.DataFrame, place: str) -> pd.DataFrame:
    """The cells without repetitions: the workbooks show one partner above the groups again."""
    for (partner, period), same in cells.groupby(["partner", PERIOD])[VALUE]:
        if len(set(same)) > 1:
            found = " and ".join(map(str, same))
            raise fault(f"{place}, '{partner}' in {period}", expected="one value", found=found)
    return cells.drop_duplicates(["partner", PERIOD])
