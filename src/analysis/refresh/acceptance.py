"""The files that an accepted edition or a rollback changes, as bytes. Pure but for reading."""

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
SPARE = "data/vintages/catalog.yaml"  # what a damaged catalog is mended with
Files = Mapping[str, bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Citing:
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


def replaced(project: Project, info: TableInfo, data: bytes, *, day: str, why: str) -> Files:
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
        SPARE: catalog,
    }


def with_source(project: Project, citing: Citing) -> bytes:
    """sources.csv with the edition's own source, unless it stands there already."""
    raw = project.sources.read_bytes()
    sources = Sources.read(project)
    if citing.source_id in sources:
        return raw
    if citing.base not in sources:
        told = f"no source '{citing.base}', which data/connectors.yaml names"
        raise DataError(told, file=SOURCES)
    reader = csv.DictReader(io.StringIO(raw.decode(), newline=""))
    base = next(row for row in reader if row["source_id"] == citing.base)
    changes = {
        "source_id": citing.source_id, "url": citing.urls[0], "published": citing.published,
        "retrieved": citing.retrieved, "note": citing.note,
    }  # fmt: skip
    return raw + _line(base | changes)


def _line(row: Mapping[str, Any]) -> bytes:
    out = io.StringIO(newline="")
    csv.DictWriter(out, list(row), lineterminator="\n").writerow(row)
    return out.getvalue().encode()


def rolled_back(project: Project, name: str, label: str | None, *, day: str) -> tuple[Kept, Files]:
    """An earlier state of a table in its place again; the state that it replaces is kept too."""
    info = Catalog.read(project)[name]
    kept = vintages.find(vintages.read_ledger(project), name, label)
    data = earlier(project, info, kept)
    if kept.sha256 == info.sha256:
        raise DataError(f"'{name}' is in the state {kept.label} already", file=info.file)
    parse(data, info.columns, kept.file(name))
    return kept, replaced(project, info, data, day=day, why=f"rolled back to {kept.label}")


def earlier(project: Project, info: TableInfo, kept: Kept) -> bytes:
    """The bytes of an earlier state, verified. DataError if they are gone or changed."""
    file = kept.file(info.name)
    try:
        data = (project.root / file).read_bytes()
    except OSError as fault:
        told = f"cannot be read: {fault.strerror}; restore it from version control"
        raise DataError(told, file=file) from fault
    if (found := checksums.digest(data)) != kept.sha256:
        told = f"expected sha256 {kept.sha256}, found {found}: restore it from version control"
        raise DataError(told, file=file)
    return data
