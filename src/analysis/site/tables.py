"""The pages of the tables: what they are, a preview, and each row that a claim rests on."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from analysis.data.catalog import TableInfo
from analysis.site import corrected_tables
from analysis.site.context import Material
from analysis.site.page import Page

PREVIEW = 6  # first rows that a page shows whether cited or not
YEAR = re.compile(r"(?:1[5-9]|20)\d\d")  # how the value of a column of time begins
MANY = 12  # claims that a list of tables names


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
            description=f"{info.title}: its columns, rows, sources and licence, as CSV.",
            context={
                **_context(material, info, uses.get(name, {})),
                "corrections": counted[name],
            },
        )


def _context(material: Material, info: TableInfo, uses: dict[int, list[str]]) -> dict[str, Any]:
    (_, header), *rows = material.rows(info.name).items()
    cells = [row for _, row in rows]
    names = _cited(header, cells)
    kept = [
        {"line": line, "cells": row, "claims": uses.get(line, [])}
        for count, (line, row) in enumerate(rows)
        if count < PREVIEW or line in uses
    ]
    return {
        "info": info,
        "topic": info.name.partition("/")[0].replace("_", " ").capitalize(),
        "header": header,
        "rows": kept,
        "total": len(rows),
        "sources": [material.sources[name] for name in names if name in material.sources],
        "claims": _users(material, info.name),
        "years": years(info, header, cells),
    }


def data_page(material: Material) -> Page:
    """All tables, by their topic."""
    topics: dict[str, list[dict[str, Any]]] = defaultdict(list)
    counted = corrected_tables.counts(material.project, material.catalog)
    for name, info in sorted(material.catalog.tables.items(), key=lambda pair: pair[1].title):
        topic = name.partition("/")[0]
        (_, header), *rows = material.rows(name).items()
        kept = [cells for _, cells in rows]
        topics[topic.replace("_", " ").capitalize()].append(
            {
                "info": info,
                "rows": len(rows),
                "years": years(info, header, kept),
                "corrected": bool(counted[name]),
                "claims": _users(material, name),
                "publishers": publishers(material, name),
            }
        )
    return Page(
        path="data.html",
        template="tables.html",
        title="Data",
        description="Every table behind the verdicts: what it holds, its sources, its licence.",
        context={"topics": dict(sorted(topics.items())), "many": MANY},
    )


def years(info: TableInfo, header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[int]:
    """The first year with a row, then how many rows each year has; empty without a time."""
    if info.time is None:
        return []
    place = header.index(info.time.column)
    found = [YEAR.match(row[place]) for row in rows]
    counts = Counter(int(each[0]) for each in found if each)
    if len(counts) < 2:  # noqa: PLR2004 - one bar shows nothing
        return []
    first, last = min(counts), max(counts)
    return [first, *(counts[year] for year in range(first, last + 1))]


def used_sources(material: Material) -> dict[str, str]:
    """The sources that the tables cite, each with the first table that does."""
    found: dict[str, str] = {}
    for name in material.catalog.tables:
        (_, header), *rows = material.rows(name).items()
        for source in _cited(header, [cells for _, cells in rows]):
            if source in material.sources:
                found.setdefault(source, name)
    return found


def _cited(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    place = header.index("source_id")
    return list(dict.fromkeys(row[place] for row in rows))


def publishers(material: Material, table: str) -> list[str]:
    """Who first produced the numbers of a table, by name."""
    (_, header), *rows = material.rows(table).items()
    cited = _cited(header, [cells for _, cells in rows])
    sources = (material.sources[each] for each in cited if each in material.sources)
    return list(dict.fromkeys(material.called(each.family) for each in sources))


def _users(material: Material, table: str) -> list[str]:
    return [each.id for each in material.register.claims.values() if table in each.tables]
