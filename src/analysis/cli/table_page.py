"""A table on the terminal: what a row is, each column, the values of categories, some rows."""

from __future__ import annotations

import shutil
import sys
import textwrap
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from analysis.errors import AnalysisError

if TYPE_CHECKING:
    import pandas as pd

    from analysis.data.catalog import ColumnInfo
    from analysis.data.tables import Table
    from analysis.project import Project

INDENT = " " * 6
FLAGS = ("later_edition", "suspect")  # shown where they say something of a row


def names(project: Project) -> Mapping[str, str]:
    """What the audit calls its slugs; nothing where its claims cannot be read."""
    from analysis.claims import registry

    with suppress(AnalysisError):
        return registry.read(project).names
    return {}


def lines(
    table: Table, called: Mapping[str, str], *, head: int | None = None, sample: int = 5
) -> Iterator[str]:
    """The page of a table; `called` has the readers' words for values, where they differ."""
    info, frame = table.info, table.frame
    width = shutil.get_terminal_size().columns
    yield f"{table.name}: {info.title}"
    yield from textwrap.wrap(info.description, width)
    yield ""
    yield f"A row: {info.row}"
    yield f"Licence: {info.licence.terms}"
    yield ""
    for name, column in info.columns.items():
        unit = f" [{column.unit}]" if column.unit else ""
        yield f"  {name:<24} {column.type}{unit}: {column.meaning}"
        if column.type == "category":
            yield from _categories(frame[name], column, called, width)
    yield ""
    shown = frame.head(head) if head else _spread(frame, sample)
    which = f"the first {len(shown)}" if head else f"{len(shown)} of them, evenly spread"
    yield f"{len(frame)} rows; {which}:"
    idle = [flag for flag in FLAGS if not frame[flag].any()]
    wide = width if sys.stdout.isatty() else None
    yield shown.drop(columns=idle).to_string(index=False, line_width=wide)


def _categories(
    cells: pd.Series[Any], column: ColumnInfo, called: Mapping[str, str], width: int
) -> Iterator[str]:
    """The values of a category, each with its meaning, if it has one, and its number of rows."""
    counts, values = cells.value_counts(), column.values  # noqa: PD011 - the catalog's, no frame's
    listed = "; ".join(
        f"{value}{_meant(value, called)} ({counts.get(value, 0)})" for value in values
    )
    yield from textwrap.wrap(
        listed, width, initial_indent=INDENT, subsequent_indent=INDENT, break_long_words=False
    )


def _meant(value: str, called: Mapping[str, str]) -> str:
    return f" = {called[value]}" if called.get(value, value) != value else ""


def _spread(frame: pd.DataFrame, count: int) -> pd.DataFrame:
    """So many rows of the frame, in its order, evenly spread from the first to the last."""
    last, count = len(frame) - 1, min(count, len(frame))
    at = [round(step * last / max(count - 1, 1)) for step in range(count)]
    return frame.iloc[at]
