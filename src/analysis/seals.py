"""Seals: the sha256 of each table in the catalog, so that a changed byte is noticed at once.

Imports no pandas: keys of runs are made from these.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import yaml

from analysis.catalog import Catalog, LayerInfo, TableInfo, read_plain
from analysis.cells import Cells, parse
from analysis.errors import DataError
from analysis.marks import RESOLVERS
from analysis.periods import first_day, last_day
from analysis.project import Project, write_atomically

ORDER = (
    "title", "description", "row", "licence", "key", "time", "vintage", "family", "breaks", "gaps",
    "columns", "checks", "source_ids", "sha256", "rows", "span",
)  # fmt: skip
WIDTH = 100
_LINE = WIDTH - 20  # aimed at: keys, indents and last words come on top


def digest(data: bytes) -> str:
    """The sha256 of a file's bytes as the catalog writes it."""
    return hashlib.sha256(data).hexdigest()


def read_sealed(project: Project, info: TableInfo | LayerInfo) -> bytes:
    """The bytes of a table or a layer, whatever their seal. DataError if there is no file."""
    try:
        return (project.root / info.file).read_bytes()
    except OSError as fault:
        told = f"cannot be read: {fault.strerror}; restore it, or take it out of the catalog"
        raise DataError(told, file=info.file) from fault


def verify(data: bytes, info: TableInfo | LayerInfo) -> None:
    """Raises DataError if these bytes are not the ones that were sealed."""
    if info.sha256 is None:
        told = "is not sealed: look at it, then run `claims data seal`"
        raise DataError(told, file=info.file)
    if (found := digest(data)) != info.sha256:
        raise DataError(
            f"has changed since it was sealed: expected sha256 {info.sha256}, found {found};"
            " restore it, or if you meant to change it run `claims data seal`",
            file=info.file,
        )


def features(data: bytes, info: LayerInfo) -> dict[str, Any]:
    """The GeoJSON feature collection in these bytes. DataError with the line if it is none."""
    try:
        found = json.loads(data)
    except json.JSONDecodeError as fault:
        told = f"not JSON: {fault.msg}; is the file cut off?"
        raise DataError(told, file=info.file, line=fault.lineno, column=fault.colno) from None
    except UnicodeDecodeError:
        raise DataError("not UTF-8: save the file as UTF-8", file=info.file) from None
    if not isinstance(found, dict) or found.get("type") != "FeatureCollection":
        raise DataError("expected a GeoJSON FeatureCollection", file=info.file, line=1)
    return found


def seal(project: Project) -> tuple[str, ...]:
    """Write the seal of every table and layer, and rows and span of tables, into the catalog.

    Returns the names of those that changed. Each file must parse by its entry first: a broken one
    is never sealed. The catalog is rewritten in its canonical form (`dump`), without comments.
    """
    catalog = Catalog.read(project)
    tables, layers, _ = read_plain(project)
    changed = []
    for info in catalog.entries:
        entries = tables if isinstance(info, TableInfo) else layers
        found = facts(read_sealed(project, info), info)
        if any(entries[info.name].get(key) != value for key, value in found.items()):
            changed.append(info.name)
        entries[info.name] = entries[info.name] | found
    text = dump(tables, layers)
    if text.encode() != project.catalog.read_bytes():
        write_atomically(project.catalog, text)
    return tuple(changed)


def facts(data: bytes, info: TableInfo | LayerInfo) -> dict[str, Any]:
    """What the catalog says of these bytes: hash, rows and span. DataError if they do not parse."""
    if isinstance(info, LayerInfo):
        features(data, info)
        return {"sha256": digest(data)}
    cells = parse(data, info.columns, info.file)
    return {"sha256": digest(data), "rows": len(cells.lines), "span": _span(cells, info)}


def _span(cells: Cells, info: TableInfo) -> list[str | int]:
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


class _Dumper(yaml.SafeDumper):
    """On one line what fits on one, long text folded, quotes only where needed."""

    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {}  # type: ignore[misc]

    def ignore_aliases(self, _: object) -> bool:
        """Say yes always: values are repeated, never aliased."""
        return True


def _text_node(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    style = ">" if len(text) > _LINE and "\n" not in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def _mapping_node(dumper: _Dumper, mapping: dict[str, Any]) -> yaml.MappingNode:
    flow = _width(mapping) <= _LINE
    return dumper.represent_mapping("tag:yaml.org,2002:map", mapping.items(), flow_style=flow)


def _sequence_node(dumper: _Dumper, sequence: list[Any]) -> yaml.SequenceNode:
    flow = _width(sequence) <= _LINE or not any(isinstance(item, dict) for item in sequence)
    return dumper.represent_sequence("tag:yaml.org,2002:seq", sequence, flow_style=flow)


def _width(value: object) -> int:
    """About as many characters as the value takes on one line."""
    shown = str(value)
    return len(shown) - shown.count("'")


_Dumper.add_representer(str, _text_node)
_Dumper.add_representer(dict, _mapping_node)
_Dumper.add_representer(list, _sequence_node)
for _tag, _pattern, _first in RESOLVERS:
    _Dumper.add_implicit_resolver(_tag, _pattern, _first)


def dump(
    tables: Mapping[str, Mapping[str, Any]], layers: Mapping[str, Mapping[str, Any]] | None = None
) -> str:
    """The catalog's canonical text: entries by name, keys in the contract's order, width 100."""
    parts = {"tables": tables} | ({"layers": layers} if layers else {})
    ordered = {
        part: {name: _ordered(entries[name], ORDER) for name in sorted(entries)}
        for part, entries in parts.items()
    }
    return yaml.dump(
        ordered,
        Dumper=_Dumper,
        allow_unicode=True,
        sort_keys=False,
        width=_LINE,  # a line ends with the word that reaches it
    )


def _ordered(entry: Mapping[str, Any], order: Sequence[str]) -> dict[str, Any]:
    return {key: entry[key] for key in order if key in entry}
