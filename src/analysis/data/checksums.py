"""Checksums: the sha256 of each table in the catalog, so that a changed byte is noticed at once.

Imports no pandas: keys of runs are made from these.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from analysis.data.catalog import Catalog, LayerInfo, TableInfo, read_plain
from analysis.data.csvfile import ParsedCsv, parse
from analysis.data.periods import first_day, last_day
from analysis.data.yaml_edits import edited
from analysis.errors import DataError
from analysis.project import Project, write_atomically


def digest(data: bytes) -> str:
    """The sha256 of a file's bytes as the catalog writes it."""
    return hashlib.sha256(data).hexdigest()


def read_file(project: Project, info: TableInfo | LayerInfo) -> bytes:
    """The bytes of a table or a layer, whatever their checksum. DataError if there is no file."""
    try:
        return (project.root / info.file).read_bytes()
    except OSError as fault:
        message = f"cannot be read: {fault.strerror}; restore it, or take it out of the catalog"
        raise DataError(message, file=info.file) from fault


def verify(data: bytes, info: TableInfo | LayerInfo) -> None:
    """Raises DataError if these bytes are not the ones that were pinned."""
    if info.sha256 is None:
        message = "is not pinned: look at it, then run `claims data pin`"
        raise DataError(message, file=info.file)
    if (found := digest(data)) != info.sha256:
        raise DataError(
            f"has changed since it was pinned: expected sha256 {info.sha256}, found {found};"
            " restore it, or if you meant to change it run `claims data pin`",
            file=info.file,
        )


def features(data: bytes, info: LayerInfo) -> dict[str, Any]:
    """The GeoJSON feature collection in these bytes. DataError with the line if it is none."""
    try:
        found = json.loads(data)
    except json.JSONDecodeError as fault:
        message = f"not JSON: {fault.msg}; is the file cut off?"
        raise DataError(message, file=info.file, line=fault.lineno, column=fault.colno) from None
    except UnicodeDecodeError:
        raise DataError("not UTF-8: save the file as UTF-8", file=info.file) from None
    if not isinstance(found, dict) or found.get("type") != "FeatureCollection":
        raise DataError("expected a GeoJSON FeatureCollection", file=info.file, line=1)
    return found


def pin(project: Project) -> tuple[str, ...]:
    """Write the checksum of every table and layer, and rows and span of tables, into the catalog.

    Returns the names of those that changed. Each file must parse by its entry first: a broken one
    is never pinned. All else in the catalog stays as it is written.
    """
    found = {
        info.name: facts(read_file(project, info), info) for info in Catalog.read(project).entries
    }
    changes = _changes(project, found)
    if changes:
        write_atomically(project.catalog, _edited(project, changes))
    return tuple(name for _, name in changes)


def stated(project: Project, found: Mapping[str, Mapping[str, Any]]) -> bytes:
    """The catalog with these facts of the tables and layers of these names."""
    return _edited(project, _changes(project, found))


def _changes(
    project: Project, found: Mapping[str, Mapping[str, Any]]
) -> dict[tuple[str, str], dict[str, Any]]:
    """What the facts change in the catalog, by the place of the entry."""
    tables, layers, _ = read_plain(project)
    changes = {}
    for name, stated_facts in found.items():
        part, entry = ("tables", tables[name]) if name in tables else ("layers", layers[name])
        if new := {key: value for key, value in stated_facts.items() if entry.get(key) != value}:
            changes[part, name] = new
    return changes


def _edited(project: Project, changes: Mapping[tuple[str, str], Mapping[str, Any]]) -> bytes:
    shown = project.show(project.catalog)
    return edited(project.catalog.read_bytes(), changes, file=shown, error=DataError)


def facts(data: bytes, info: TableInfo | LayerInfo) -> dict[str, Any]:
    """What the catalog says of these bytes: hash, rows and span. DataError if they do not parse."""
    if isinstance(info, LayerInfo):
        features(data, info)
        return {"sha256": digest(data)}
    cells = parse(data, info.columns, info.file)
    return {"sha256": digest(data), "rows": len(cells.lines), "span": _span(cells, info)}


def _span(cells: ParsedCsv, info: TableInfo) -> list[str | int]:
    """The earliest and the latest period of the observations; empty without dates."""
    values = (
        [value for value in cells.columns[info.time.column] if value is not None]
        if info.time
        else []
    )
    if not values:
        return []
    return [
        min(values, key=lambda value: first_day(f"{value}")),
        max(values, key=lambda value: last_day(f"{value}")),
    ]
