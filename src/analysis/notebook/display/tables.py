"""A table with where its rows come from; the evidence of a claim as a list of its tables."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.data.catalog import ColumnInfo
from analysis.data.evidence import Evidence
from analysis.data.tables import Table
from analysis.display_hook import as_html
from analysis.formatting import exact
from analysis.notebook.html import card, folded, listed, paragraph, table, text

FIRST = 5  # rows that are shown
WIDE = 40  # letters of a cell
OWN = ("row", "family", "grade", "public_on")  # what loading adds, put first


@as_html.register
def _table(found: Table) -> str:
    info = found.info
    families = found.frame["family"].value_counts()
    counts = ", ".join(f"{name} ({count})" for name, count in sorted(families.items()))
    return card(
        f"{found.name}: {info.title}",
        paragraph("A row", info.row),
        paragraph("Rows by source family", counts),
        paragraph("Left out by corrections", _dropped(found)),
        paragraph("Licence", info.licence.terms),
        _preview(found),
        folded("Columns", listed(_column(*item) for item in info.columns.items())),
    )


@as_html.register
def _evidence(evidence: Evidence) -> str:
    rows = [
        [
            text(name),
            text(found.info.title),
            str(len(found.frame)),
            str(found.frame["family"].nunique()),
            str(int(found.frame["later_edition"].sum())),
        ]
        for name, found in evidence.tables.items()
    ]
    head = ["table", "title", "rows", "families", "from later editions"]
    layers = paragraph("Map layers", ", ".join(evidence.layers))
    made = table(head, rows, caption="Tables that the claim may read", numeric=(2, 3, 4))
    return card(f"Evidence: {len(rows)} tables", made, layers)


def _dropped(found: Table) -> str:
    return f"{len(found.dropped)} rows" if len(found.dropped) else ""


def _preview(found: Table) -> str:
    names = [*OWN, *(name for name in found.info.columns if name not in OWN)]
    first = found.frame[names].head(FIRST)
    rows = [[text(_short(value)) for value in row] for row in first.itertuples(index=False)]
    caption = f"The first {len(rows)} of {len(found.frame)} rows; `row` is the line of the file"
    wide = table(names, rows, caption=caption)
    # A region that scrolls must be reachable by keyboard.
    where = f'role="region" aria-label="{text(caption)}" tabindex="0"'
    return f'<div {where} style="overflow-x:auto">{wide}</div>'


def _short(value: Any) -> str:
    written = exact(value) if isinstance(value, float) else str(value)
    written = "" if pd.isna(value) else written
    return written if len(written) <= WIDE else f"{written[:WIDE]}…"


def _column(name: str, column: ColumnInfo) -> str:
    unit = f" [{column.unit}]" if column.unit else ""
    return f"{name} ({column.type}{unit}): {column.meaning}"
