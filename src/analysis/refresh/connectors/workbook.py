"""Any flat sheet of an xlsx workbook: one row an observation under one heading."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from analysis.refresh.connectors.layout import Layout, check_place, read_options
from analysis.refresh.connectors.spreadsheet import workbook_sheet
from analysis.refresh.connectors.tabular import flat
from analysis.refresh.connectors.tidy import tidy


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The sheet and its heading, texts that other cells must have, and the layouts."""

    sheet: str
    layouts: tuple[Layout, ...]
    heading: int = 1
    expect: Mapping[str, str] = field(default_factory=dict)  # "B5": a text in that cell

    def __post_init__(self) -> None:
        check_place(",", self.heading)


def read(raw: bytes, options: Mapping[str, Any]) -> pd.DataFrame:
    """The tidy rows of one sheet."""
    given = read_options(Options, options)
    sheet = workbook_sheet(raw, given.sheet)
    sheet.expect(given.expect)
    return tidy(flat(sheet, given.heading), given.layouts)
