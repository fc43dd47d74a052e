"""A CSV file as a table of the audit: in its place, with an entry of the catalog and a source."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.data import checksums, inference
from analysis.data.catalog import DERIVED, TITLE_LENGTH, Catalog, Type
from analysis.data.csvfile import records_of
from analysis.data.sources import COLUMNS, Sources
from analysis.data.to_fill_in import MARKER
from analysis.data.yaml_edits import appended
from analysis.errors import DataError, ParameterError
from analysis.project import all_or_nothing, write_atomically

if TYPE_CHECKING:
    from analysis.project import Project

SOURCE = "source_id"
EDITION = "edition"  # a column of the days on which editions came out
_DAYS = ("date", "month", "partial_date")
_NAME = re.compile(r"[a-z][a-z0-9_]*/[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTable:
    """The columns of a table by name, as texts, and what was changed to make it one."""

    name: str
    columns: Mapping[str, Sequence[str]]
    changes: tuple[str, ...]

    @property
    def types(self) -> dict[str, Type]:
        """The type of each column but for that of the source, as its cells look."""
        texts = {name: cells for name, cells in self.columns.items() if name != SOURCE}
        return {name: inference.column_type(cells) for name, cells in texts.items()}

    def csv(self) -> str:
        """The file of the table."""
        buffer = io.StringIO(newline="")
        writer = csv.writer(buffer, lineterminator="\n")
        writer.writerow(self.columns)
        writer.writerows(zip(*self.columns.values(), strict=True))
        return buffer.getvalue()

    def entry(self) -> str:
        """The entry of the catalog; whatever the cells do not say is to be filled in."""
        types = self.types
        return "\n".join(
            [
                f"{self.name}:",
                f"  title: {_title(self.name)}",
                f"  description: {MARKER} - what it counts, by whom, what is missing",
                f"  row: {MARKER} - what one row is",
                f"  licence: {{terms: {MARKER}, commercial: unstated}}",
                f"  key: [{', '.join(self._key(types))}]",
                *(f"  time: {{column: {c}, frequency: {f}}}" for c, f in _time(types)),
                f"  vintage: {_vintage(types)}",
                "  columns:",
                *(f"    {name}: {{{', '.join(self._column(name, types))}}}" for name in types),
                f"    {SOURCE}: {{type: source, meaning: where the row was read}}",
                "",
            ]
        )

    def _key(self, types: Mapping[str, Type]) -> tuple[str, ...]:
        filled = {name: cells for name, cells in self.columns.items() if all(cells)}
        named = {name: cells for name, cells in filled.items() if name != SOURCE}
        found = inference.key(named, types) or inference.key(
            self.columns, {**types, SOURCE: "source"}
        )
        if found is None:
            message = "two rows are the same: a table has one row for each observation"
            raise DataError(message, file=self.name)
        return found if SOURCE in found else (*found, SOURCE)

    def _column(self, name: str, types: Mapping[str, Type]) -> Iterator[str]:
        cells, kind = self.columns[name], types[name]
        yield f"type: {kind}"
        if kind in inference.MEASURES:
            yield f"unit: {MARKER}"
        if kind == "category":
            yield f"values: {json.dumps(sorted({c for c in cells if c}), ensure_ascii=False)}"
        if not all(cells):
            yield "nullable: true"
        yield f"meaning: {MARKER}"


def add(project: Project, file: Path, name: str = "") -> NewTable:
    """Write a table with its entry and its sources, and pin it; all of it or nothing.

    `name` is `topic/table`; without one, the place of a file in data/, or `tables/` and its name.
    Raises ParameterError for a name that is taken or none, and DataError for what is no table.
    """
    table = read(file, name or _named(project, file))
    if table.name in Catalog.read(project).tables:
        raise ParameterError(f"there is a table {table.name} already: `claims data show` shows it")
    path, catalog = project.table(table.name), project.catalog
    if path.exists() and path.resolve() != file.resolve():
        raise ParameterError(f"{project.show(path)} is there already: name the table otherwise")
    entry = table.entry()
    with all_or_nothing(path, catalog, project.sources):
        write_atomically(path, table.csv())
        _write_sources(project, table)
        before = catalog.read_bytes() if catalog.exists() else b""
        shown = project.show(catalog)
        text = appended(before, "tables", entry, file=shown, error=DataError)
        write_atomically(catalog, text)
        info = Catalog.read(project)[table.name]
        facts = checksums.facts(path.read_bytes(), info)
        write_atomically(catalog, checksums.stated(project, {table.name: facts}))
    return table


def read(file: Path, name: str) -> NewTable:
    """The table in a CSV file, its header in snake_case and its cells without spaces around them.

    No value is changed. DataError for what is no CSV file in UTF-8, or has no rows.
    """
    if not _NAME.fullmatch(name):
        message = f"'{name}' is no name of a table: expected <topic>/<table>, e.g. energy/shares"
        raise ParameterError(message)
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise DataError("not UTF-8: save the file as UTF-8", file=str(file)) from None
    records, lines = records_of(text.replace("\r\n", "\n").replace("\r", "\n"), str(file))
    rows = [[cell.strip() for cell in row] for row in records if any(map(str.strip, row))]
    if len(rows) < 2:  # noqa: PLR2004 - a header and a row
        raise DataError("expected a header and rows", file=str(file), line=1)
    for row, line in zip(rows, lines, strict=False):
        if len(row) != len(rows[0]):
            message = f"expected {len(rows[0])} fields, found {len(row)}"
            raise DataError(message, file=str(file), line=line)
    names = _header(rows[0], file)
    columns = dict(zip(names, zip(*rows[1:], strict=True), strict=True))
    changes = [
        f"column {old!r} is {new}" for old, new in zip(rows[0], names, strict=True) if old != new
    ]
    if SOURCE not in columns:
        columns[SOURCE] = (slug(name.partition("/")[2]),) * (len(rows) - 1)
        changes.append(f"every row has the source {columns[SOURCE][0]}, in a new column {SOURCE}")
    return NewTable(name=name, columns=columns, changes=tuple(changes))


def _header(texts: Sequence[str], file: Path) -> list[str]:
    names = [slug(text) or f"column_{place}" for place, text in enumerate(texts, start=1)]
    names = [f"{name}_" if name in DERIVED else name for name in names]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        message = f"two columns are called {', '.join(twice)}: name them apart"
        raise DataError(message, file=str(file), line=1)
    return names


def slug(text: str) -> str:
    """A text as the name of a column.

    >>> slug("GDP (US$)"), slug("2019 share")
    ('gdp_us', 'n2019_share')
    """
    found = re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")
    return f"n{found}" if found[:1].isdigit() else found


def _title(name: str) -> str:
    return name.partition("/")[2].replace("_", " ").capitalize()[: TITLE_LENGTH - 1]


def _time(types: Mapping[str, Type]) -> Iterator[tuple[str, str]]:
    """The time of the rows; the day of an edition is none, unless there is no other."""
    observed = {name: kind for name, kind in types.items() if name != EDITION}
    if found := inference.time(observed) or inference.time(types):
        yield found


def _vintage(types: Mapping[str, Type]) -> str:
    """When a row became public: on the day of its edition, if a column of that name has days."""
    if types.get(EDITION) in _DAYS:
        return f"{{column: {EDITION}, editions: true}}  # several editions of one observation"
    return "{source: published}  # a row is public from the day of its source"


def _named(project: Project, file: Path) -> str:
    """The name of the table that a file becomes: its own place, where it lies in data/ already."""
    place = file.resolve()
    if place.parent.parent == project.data.resolve():
        return f"{place.parent.name}/{place.stem}"
    return f"tables/{slug(file.stem)}"


def _write_sources(project: Project, table: NewTable) -> None:
    """Add a source for each that the table names and nobody has described yet."""
    path = project.sources
    before = path.read_text(encoding="utf-8") if path.exists() else ",".join(COLUMNS) + "\n"
    known = Sources.read(project) if path.exists() else {}
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    for name in dict.fromkeys(table.columns[SOURCE]):
        if name not in known:
            writer.writerow(_source(name)[column] for column in COLUMNS)
    write_atomically(path, before + buffer.getvalue())


def _source(name: str) -> dict[str, str]:
    """A source of which nothing is known but that it was read today."""
    return {
        "source_id": name,
        "publisher": MARKER,
        "title": MARKER,
        "url": "",
        "published": "",
        "retrieved": datetime.now(UTC).date().isoformat(),
        "licence": MARKER,
        "quality": "aggregator",
        "family": name,
        "note": f"{MARKER}: url; published, without which no row counts at publication;"
        " quality (official, report, tabulation, unnamed, aggregator);"
        " family, who first produced the numbers",
    }
