"""Any flat CSV: one row an observation, the first row the heading."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.refresh.connectors.layout import Layout, check_place, read_options
from analysis.refresh.connectors.spreadsheet import delimited_sheet
from analysis.refresh.connectors.tabular import flat
from analysis.refresh.connectors.tidy import tidy


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The format of the text, and the layouts of its columns."""

    layouts: tuple[Layout, ...]
    encoding: str = "utf-8"
    separator: str = ","
    heading: int = 1  # the heading's row
    open_end: bool = False  # the publisher writes no line end after the last line

    def __post_init__(self) -> None:
        check_place(self.separator, self.heading)


def read(raw: bytes, options: Mapping[str, Any]) -> pd.DataFrame:
    """The tidy rows of a delimited text; `row N` in a message is the N-th record."""
    given = read_options(Options, options)
    sheet = delimited_sheet(raw, given.encoding, given.separator, open_end=given.open_end)
    return tidy(flat(sheet, given.heading), given.layouts)
