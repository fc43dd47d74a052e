"""The pages of the tables: what they are, a preview, and each row that a claim rests on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from analysis.data.catalog import TableInfo
from analysis.site import corrected_tables
from analysis.site.context import Material
from analysis.site.pages import Page

PREVIEW = 6  # first rows that a page shows whether cited or not


def address(table: str) -> str:
    """The page of a table, from the site's folder.

    >>> address("trade/flows")
    'data/trade-flows.html'
    """
    return f"data/{table.replace('/', '-')}.html"


def cited(material: Material) -> dict[str, dict[int, list[str]]]:
    """The claims of which some specification rests on a row: table, line of its file, claims."""
    found: dict[str, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    for name, entry in material.entries.items():
        used: dict[str, set[int]] = defaultdict(set)
        for row in entry["rows"]:
            table, _, line = row.rpartition(":")
            used[table].add(int(line))
        for rows in (material.trials(name) or {}).get("evidence", ()):
            for table, ranges in rows.items():
                used[table].update(lines(ranges))
        for table, numbers in used.items():
            for number in numbers:
                found[table][number].append(name)
    return found


def lines(ranges: str) -> Iterator[int]:
    """The lines that a trial's evidence names.

    >>> list(lines("2-4, 9"))
    [2, 3, 4, 9]
    """
    for part in ranges.split(", "):
        first, _, last = part.partition("-")
        yield from range(int(first), int(last or first) + 1)


def table_pages(material: Material) -> Iterator[Page]:
    """A page for each table."""
    uses = cited(material)
    counted = corrected_tables.counts(material.project, material.catalog)
    for name, info in material.catalog.tables.items():
        yield Page(
            path=address(name),
            template="table.html",
            title=info.title,
            context={
                **_context(material, info, uses.get(name, {})),
                "corrections": counted[name],
            },
        )


def _context(material: Material, info: TableInfo, uses: dict[int, list[str]]) -> dict[str, Any]:
    (_, header), *rows = material.rows(info.name).items()
    place = header.index("source_id")
    names = dict.fromkeys(row[place] for _, row in rows)
    kept = [
        {"line": line, "cells": row, "claims": uses.get(line, [])}
        for count, (line, row) in enumerate(rows)
        if count < PREVIEW or line in uses
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
