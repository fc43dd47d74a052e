"""Sheets with one observation a row under one heading."""

import pandas as pd

from analysis.refresh.connectors.errors import fault, listed
from analysis.refresh.connectors.parsing import is_empty, text
from analysis.refresh.connectors.spreadsheet import Worksheet


def flat(sheet: Worksheet, heading: int) -> pd.DataFrame:
    """The rows below the heading, by their number in the sheet; empty rows are left out."""
    names = headings(sheet, heading)
    rows = {
        number: _padded(row, len(names), f"{sheet.name}, row {number}")
        for number, row in enumerate(sheet.rows[heading:], start=heading + 1)
        if not all(map(is_empty, row))
    }
    return pd.DataFrame.from_dict(rows, orient="index", columns=names, dtype=object)


def headings(sheet: Worksheet, heading: int) -> list[str]:
    """The names in the heading's row; empty cells at its end name nothing."""
    cells = [text(cell) or "" for cell in (*sheet.rows, *[()] * heading)[heading - 1]]
    while cells and not cells[-1]:
        cells.pop()
    twice = sorted({name for name in cells if cells.count(name) > 1})
    if not cells or twice:
        found = f"{listed(twice)} more than once" if twice else "nothing"
        raise fault(f"{sheet.name}, row {heading}", expected="a heading", found=found)
    return cells


def _padded(row: tuple[object, ...], width: int, place: str) -> list[object]:
    """A row as wide as the heading. A workbook's row has empty cells; a text's must be whole."""
    if len(row) < width or not all(map(is_empty, row[width:])):
        raise fault(place, expected=f"{width} cells", found=len(row))
    return list(row[:width])
