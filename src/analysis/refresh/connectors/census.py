"""The Census Bureau's API: a JSON list of rows, the first of them the heading."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.refresh.connectors.errors import fault
from analysis.refresh.connectors.layout import Layout, read_options
from analysis.refresh.connectors.spreadsheet import Worksheet
from analysis.refresh.connectors.tabular import flat
from analysis.refresh.connectors.texts import read_json
from analysis.refresh.connectors.tidy import tidy


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The layouts of the variables."""

    layouts: tuple[Layout, ...]


def read(raw: bytes, options: Mapping[str, Any]) -> pd.DataFrame:
    """The tidy rows; `row N` counts the lists, the heading being the first."""
    given = read_options(Options, options)
    try:
        content, end = read_json(written := raw.decode("utf-8-sig").strip())
    except ValueError as error:  # the API answers errors in plain text
        raise fault("the file", expected="JSON", found=f"{raw[:60]!r} ({error})") from error
    if written[end:]:
        raise fault("the file", expected="one list of rows", found=written[end : end + 60])
    if not (isinstance(content, list) and all(isinstance(row, list) for row in content)):
        raise fault("the file", expected="a list of rows", found=str(content)[:80])
    sheet = Worksheet(name="the file", rows=tuple(map(tuple, content)))
    return tidy(flat(_without_repeats(sheet), 1), given.layouts)


def _without_repeats(sheet: Worksheet) -> Worksheet:
    """The rows without the columns that the API repeats: what is asked for and filtered by."""
    heading = sheet.rows[0] if sheet.rows else ()
    keep = [i for i, name in enumerate(heading) if name not in heading[:i]]
    rows = [tuple(row[i] for i in keep) if len(row) == len(heading) else row for row in sheet.rows]
    return Worksheet(name=sheet.name, rows=tuple(rows))
