"""Tables as the claims read them: what corrections drop is left out, what they set is set."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from analysis.data.corrections import read_corrections
from analysis.data.csvfile import parse
from analysis.data.tables import Archive

if TYPE_CHECKING:
    from analysis.data.catalog import Catalog
    from analysis.project import Project
    from analysis.site.pieces import Pieces

SUFFIX = "-corrected.csv"
ADDED = ("row", "suspect")  # its line in the file as collected; whether a correction flags it


def counts(project: Project, catalog: Catalog) -> Counter[str]:
    """How many corrections each table has."""
    return Counter(each.table for each in read_corrections(project, catalog))


def texts(project: Project, catalog: Catalog, pieces: Pieces) -> Iterator[tuple[str, str]]:
    """The name and the CSV of each table that has corrections."""
    if names := counts(project, catalog):
        archive = cache(lambda: Archive.read(project, names))
        about = [path.read_bytes() for path in (project.catalog, project.corrections)]
        for name in sorted(names):
            sources = [*about, name.encode(), project.table(name).read_bytes()]
            made = partial(_encoded, archive, name)
            yield name, pieces.get("corrected", sources, made).decode()


def _encoded(archive: Callable[[], Archive], name: str) -> bytes:
    return text(archive(), name).encode()


def text(archive: Archive, name: str) -> str:
    """The corrected table as CSV; a cell that no correction touches is as it was collected."""
    table, data = archive.load(name), archive.project.table(name).read_bytes()
    header, *rows = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    cells = parse(data, table.info.columns, table.info.file)
    at = {line: index for index, line in enumerate(cells.lines)}
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*header, *ADDED])
    for row in table.frame.to_dict("records"):
        index = at[row["row"]]
        before = {column: cells.columns[column][index] for column in header}
        kept = zip(header, rows[index], strict=True)
        values = [shown if row[key] == before[key] else _cell(row[key]) for key, shown in kept]
        writer.writerow([*values, row["row"], _cell(row["suspect"])])
    return out.getvalue()


def _cell(value: Any) -> str:
    """A value as the tables write it; a missing one is an empty cell."""
    if value is None or value != value:  # noqa: PLR0124 - only what is missing differs from itself
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:.15g}" if isinstance(value, float) else str(value)
