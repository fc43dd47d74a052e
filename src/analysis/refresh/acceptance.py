"""The files that an accepted edition or a rollback changes, as bytes; nothing is written here."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from analysis.data import checksums, vintages
from analysis.data.catalog import Catalog, TableInfo
from analysis.data.csvfile import parse
from analysis.data.editions import edition
from analysis.data.sources import Sources
from analysis.data.vintages import Kept
from analysis.errors import DataError
from analysis.project import Project

CATALOG, SOURCES = "data/catalog.yaml", "data/sources.csv"
CATALOG_COPY = "data/vintages/catalog.yaml"  # from which a damaged catalog is restored
Files = Mapping[str, bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionSource:
    """The source that rows of a new edition cite: `base` is the source of the pinned rows."""

    base: str
    published: str
    retrieved: str
    urls: tuple[str, ...]

    @property
    def source_id(self) -> str:
        """`<base>__<YYYYMMDD>` of the day on which it was read."""
        return edition(self.base, self.retrieved)

    @property
    def note(self) -> str:
        """What it is an edition of, and where the rest of it was read."""
        also = f"; also read: {' '.join(self.urls[1:])}" if self.urls[1:] else ""
        return f"new edition of {self.base}{also}"


def replacement_files(
    project: Project, info: TableInfo, data: bytes, *, day: str, why: str
) -> Files:
    """The table with these bytes, its checksum, its earlier state and the ledger that names it."""
    before = checksums.read_file(project, info)
    checksums.verify(before, info)
    kept = Kept(sha256=checksums.digest(before), replaced=day, why=why, rows=info.rows or 0)
    ledger = vintages.added(vintages.read_ledger(project), info.name, kept)
    catalog = checksums.stated(project, {info.name: checksums.facts(data, info)})
    return {
        kept.file(info.name): before,
        vintages.FILE: vintages.dump_ledger(ledger).encode(),
        info.file: data,
        CATALOG: catalog,
        CATALOG_COPY: catalog,
    }


def sources_with(project: Project, edition: EditionSource) -> bytes:
    """sources.csv with the edition's own source, unless it is there already."""
    raw = project.sources.read_bytes()
    sources = Sources.read(project)
    if edition.source_id in sources:
        return raw
    if edition.base not in sources:
        message = f"no source '{edition.base}', which data/connectors.yaml names"
        raise DataError(message, file=SOURCES)
    reader = csv.DictReader(io.StringIO(raw.decode(), newline=""))
    base = next(row for row in reader if row["source_id"] == edition.base)
    changes = {
        "source_id": edition.source_id, "url": edition.urls[0], "published": edition.published,
        "retrieved": edition.retrieved, "note": edition.note,
    }  # fmt: skip
    return raw + _line(base | changes)


def _line(row: Mapping[str, Any]) -> bytes:
    out = io.StringIO(newline="")
    csv.DictWriter(out, list(row), lineterminator="\n").writerow(row)
    return out.getvalue().encode()


def rollback_files(
    project: Project, name: str, label: str | None, *, day: str
) -> tuple[Kept, Files]:
    """An earlier state of a table in its place again; the state that it replaces is kept too."""
    info = Catalog.read(project)[name]
    kept = vintages.find(vintages.read_ledger(project), name, label)
    data = read_vintage(project, info, kept)
    if kept.sha256 == info.sha256:
        raise DataError(f"'{name}' is in the state {kept.label} already", file=info.file)
    parse(data, info.columns, kept.file(name))
    return kept, replacement_files(project, info, data, day=day, why=f"rolled back to {kept.label}")


def read_vintage(project: Project, info: TableInfo, kept: Kept) -> bytes:
    """The bytes of an earlier state, verified. DataError if they are gone or changed."""
    file = kept.file(info.name)
    try:
        data = (project.root / file).read_bytes()
    except OSError as fault:
        message = f"cannot be read: {fault.strerror}; restore it from version control"
        raise DataError(message, file=file) from fault
    if (found := checksums.digest(data)) != kept.sha256:
        message = f"expected sha256 {kept.sha256}, found {found}: restore it from version control"
        raise DataError(message, file=file)
    return data
