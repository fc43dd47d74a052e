"""Sheets with periods across: a row a thing, a column a year."""

import re
from collections.abc import Sequence

import pandas as pd

from analysis.refresh.connectors.errors import fault, listed
from analysis.refresh.connectors.parsing import is_empty, text
from analysis.refresh.connectors.spreadsheet import Worksheet

_YEAR = re.compile(r"(?:1[89]|20)[0-9]{2}")
PERIOD, VALUE = "period", "value"


def unfold(sheet: Worksheet, heading: int, labels: Sequence[str]) -> pd.DataFrame:
    """Columns: the labels, `period`, `value`, one row a cell; the index is the sheet's row.

    A label is the text of the heading, or a position ("2") where the heading has none.
    """
    names = [text(cell) or "" for cell in (*sheet.rows, *[()] * heading)[heading - 1]]
    years = {i: name for i, name in enumerate(names) if _YEAR.fullmatch(name)}
    place = f"{sheet.name}, row {heading}"
    _check_years(list(years.values()), place)
    at = {label: _position(label, names, place) for label in labels}
    cells = [
        (number, *(_at(row, i) for i in at.values()), year, _at(row, i_year))
        for number, row in enumerate(sheet.rows[heading:], start=heading + 1)
        if not all(is_empty(_at(row, i)) for i in at.values())
        for i_year, year in years.items()
    ]
    return pd.DataFrame(cells, columns=["row", *labels, PERIOD, VALUE]).set_index("row")


def _check_years(years: Sequence[str], place: str) -> None:
    if not years or sorted(set(years)) != list(years):
        raise fault(place, expected="years, each once and in order", found=listed(years))


def _position(label: str, names: Sequence[str], place: str) -> int:
    if label in names:
        return names.index(label)
    if label.isdigit() and 0 < int(label) <= len(names):
        return int(label) - 1
    raise fault(place, expected=f"a column '{label}'", found=listed(names))


def _at(row: Sequence[object], i: int) -> object:
    return row[i] if i < len(row) else None
