"""The tables as a Frictionless Data Package, described by the catalog."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from analysis.data.catalog import Catalog, ColumnInfo, LayerInfo, Licence, TableInfo
from analysis.data.checksums import read_file, verify
from analysis.data.corrections import read_corrections
from analysis.data.csvfile import parse
from analysis.data.periods import FORMS
from analysis.data.sources import COLUMNS, Source, Sources
from analysis.verdicts import results

if TYPE_CHECKING:
    from analysis.project import Project

FILE = "datapackage.json"
SOURCES, SOURCES_FILE = "sources", "data/sources.csv"
TYPES = {"integer": "integer", "number": "number", "boolean": "boolean", "year": "year"}
TYPES |= {"date": "date", "month": "yearmonth"}
# What the Open Definition calls terms that are in no list of its own.
LICENCES = {True: "other-open", False: "other-nc", "unstated": "notspecified"}


def files(project: Project) -> dict[str, bytes]:
    """The package with its tables and layers beside it, so that the folder is complete.

    Raises DataError for a table that is not as it was pinned.
    """
    catalog = Catalog.read(project)
    contents = {info.file: _pinned(project, info) for info in catalog.entries}
    cited = {name: _cited(info, contents) for name, info in catalog.tables.items()}
    corrected = {each.table for each in read_corrections(project, catalog)}
    described = package(catalog, Sources.read(project), cited, corrected)
    beside = [project.sources, *([project.corrections] if corrected else [])]
    files = {project.show(path): path.read_bytes() for path in beside}
    return {FILE: results.dump(described).encode(), **files, **contents}


def _pinned(project: Project, info: TableInfo | LayerInfo) -> bytes:
    data = read_file(project, info)
    verify(data, info)
    return data


def _cited(info: TableInfo, contents: Mapping[str, bytes]) -> list[str]:
    """The sources that the rows of a table name."""
    cells = parse(contents[info.file], info.columns, info.file)
    return sorted(set(cells.columns["source_id"]))


def package(
    catalog: Catalog,
    sources: Mapping[str, Source],
    cited: Mapping[str, Iterable[str]],
    corrected: Collection[str] = (),
) -> dict[str, Any]:
    """The description; `cited` names the sources of each table.

    The catalog's ranges hold when corrections have been made, and these files are as collected: a
    table of which some rows are `corrected` is described without them.
    """
    tables = [
        _table(info, [sources[each] for each in cited[name]], ranged=name not in corrected)
        for name, info in sorted(catalog.tables.items())
    ]
    layers = [
        _layer(info, [sources[each] for each in info.source_ids])
        for _, info in sorted(catalog.layers.items())
    ]
    return {
        "name": "audit-data",
        "profile": "data-package",
        "title": "The tables that the audit reads",
        "description": (
            "Tables as they were collected. What the audit corrects or leaves out, with the reason "
            "for each, is declared apart in data/corrections.yaml; the columns of such a table "
            "state no minimum and no maximum."
        ),
        "resources": [_sources_resource(), *tables, *layers],
    }


def _sources_resource() -> dict[str, Any]:
    return {
        **_tabular(SOURCES, SOURCES_FILE),
        "title": "Where each row was read",
        "schema": {
            "fields": [_field(name, info) for name, info in COLUMNS.items()],
            "missingValues": [""],
            "primaryKey": ["source_id"],
        },
    }


def _tabular(name: str, path: str) -> dict[str, Any]:
    return {
        "name": name,
        "type": "table",
        "profile": "tabular-data-resource",
        "path": path,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
    }


def _table(info: TableInfo, cited: Iterable[Source], *, ranged: bool) -> dict[str, Any]:
    return {
        **_tabular(info.name, info.file),
        "title": info.title,
        "description": f"{info.description} A row: {info.row}",
        "hash": f"sha256:{info.sha256}",
        **_terms(info.licence, cited),
        "schema": {
            "fields": [_field(name, each, ranged=ranged) for name, each in info.columns.items()],
            "missingValues": [""],
            "primaryKey": list(info.key),
            "foreignKeys": [
                {
                    "fields": ["source_id"],
                    "reference": {"resource": SOURCES, "fields": ["source_id"]},
                }
            ],
        },
    }


def _layer(info: LayerInfo, cited: Iterable[Source]) -> dict[str, Any]:
    return {
        "name": info.name,
        "path": info.file,
        "format": "geojson",
        "mediatype": "application/geo+json",
        "title": info.title,
        "description": info.description,
        "hash": f"sha256:{info.sha256}",
        **_terms(info.licence, cited),
    }


def _terms(licence: Licence, cited: Iterable[Source]) -> dict[str, Any]:
    named = {"name": LICENCES[licence.commercial], "title": licence.terms}
    return {"licenses": [named], "sources": [_reference(source) for source in cited]}


def _reference(source: Source) -> dict[str, str]:
    found = {"title": f"{source.publisher}: {source.title}"}
    return found | {"path": source.url} if source.url else found


def _field(name: str, column: ColumnInfo, *, ranged: bool = True) -> dict[str, Any]:
    field: dict[str, Any] = {
        "name": name,
        "type": TYPES.get(column.type, "string"),
        "description": column.meaning,
    }
    if column.unit:
        field["unit"] = column.unit
    rules = _constraints(column) | (_range(column) if ranged else {})
    return field | ({"constraints": rules} if rules else {})


def _constraints(column: ColumnInfo) -> dict[str, Any]:
    """What a cell must satisfy beside its type; periods without a type of their own by pattern."""
    found: dict[str, Any] = {} if column.nullable else {"required": True}
    if column.values:
        found["enum"] = list(column.values)
    if column.type in FORMS and column.type not in TYPES:
        found["pattern"] = FORMS[column.type][0].pattern
    return found


def _range(column: ColumnInfo) -> dict[str, Any]:
    bounds = {"minimum": column.minimum, "maximum": column.maximum}
    whole = column.type != "number"
    return {name: int(at) if whole else at for name, at in bounds.items() if at is not None}
