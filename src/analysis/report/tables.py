"""The pages of the tables: what they are, a preview, and each row that a claim rests on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from analysis.catalog import TableInfo
from analysis.report.material import Material
from analysis.report.pages import Page

PREVIEW = 6  # first rows that a page shows whether cited or not


def address(table: str) -> str:
    """The page of a table, from the site's folder.

    >>> address("trade/flows")
    'data/trade-flows.html'
    """
    return f"data/{table.replace('/', '-')}.html"


def cited(material: Material) -> dict[str, dict[int, list[str]]]:
    """The claims that rest on each row: table, line of its file, claims."""
    found: dict[str, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    for name, entry in material.entries.items():
        for row in entry["rows"]:
            table, _, line = row.rpartition(":")
            found[table][int(line)].append(name)
    return found


def table_pages(material: Material) -> Iterator[Page]:
    """A page for each table."""
    uses = cited(material)
    for name, info in material.catalog.tables.items():
        yield Page(
            path=address(name),
            template="table.html",
            title=info.title,
            context=_context(material, info, uses.get(name, {})),
        )


def _context(material: Material, info: TableInfo, uses: dict[int, list[str]]) -> dict[str, Any]:
    # A cell with line breaks would shift the lines of a file from the count of its records.
    header, *rows = material.rows(info.name)
    place = header.index("source_id")
    names = dict.fromkeys(row[place] for row in rows)
    kept = [
        {"line": line, "cells": row, "claims": uses.get(line, [])}
        for line, row in enumerate(rows, start=2)
        if line < PREVIEW + 2 or line in uses
    ]
    claims = material.register.claims.values()
    return {
        "info": info,
        "header": header,
        "rows": kept,
        "total": len(rows),
        "sources": [material.sources[name] for name in names if name in material.sources],
        "claims": [claim.id for claim in claims if info.name in claim.tables],
    }
