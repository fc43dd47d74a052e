"""Seals: the sha256 of each table in the catalog, so that a changed byte is noticed at once.

Imports no pandas: keys of runs are made from these.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import yaml

from analysis.catalog import Catalog, TableInfo, read_plain
from analysis.cells import Cells, parse
from analysis.errors import DataError
from analysis.marks import RESOLVERS
from analysis.periods import first_day, last_day
from analysis.project import Project, write_atomically

ORDER = (
    "title", "description", "row", "licence", "key", "time", "vintage", "family", "breaks", "gaps",
    "columns", "checks", "sha256", "rows", "span",
)  # fmt: skip
WIDTH = 100


def digest(data: bytes) -> str:
    """The sha256 of a file's bytes as the catalog writes it."""
    return hashlib.sha256(data).hexdigest()


def read_table(project: Project, info: TableInfo) -> bytes:
    """The bytes of a table's file, whatever their seal. Raises DataError if there is none."""
    try:
        return project.table(info.name).read_bytes()
    except OSError as fault:
        told = f"cannot be read: {fault.strerror}; restore it, or take it out of the catalog"
        raise DataError(told, file=info.file) from fault


def verify(data: bytes, info: TableInfo) -> None:
    """Raises DataError if these bytes are not the ones that were sealed."""
    if info.sha256 is None:
        raise DataError(
            "is not sealed: look at the table, then run `claims data seal`", file=info.file
        )
    if (found := digest(data)) != info.sha256:
        raise DataError(
            f"has changed since it was sealed: expected sha256 {info.sha256}, found {found};"
            " restore it, or if you meant to change it run `claims data seal`",
            file=info.file,
        )


def seal(project: Project) -> tuple[str, ...]:
    """Write sha256, rows and span of every table into the catalog; returns the tables that changed.

    Each table must parse by its entry first: a broken file is never sealed. The catalog is
    rewritten in its canonical form (`dump`), which does not keep comments.
    """
    catalog = Catalog.read(project)
    entries, _ = read_plain(project)
    changed = []
    for name, info in catalog.tables.items():
        data = read_table(project, info)
        facts = _facts(data, info)
        if any(entries[name].get(key) != value for key, value in facts.items()):
            changed.append(name)
        entries[name] = entries[name] | facts
    text = dump(entries)
    if text.encode() != project.catalog.read_bytes():
        write_atomically(project.catalog, text)
    return tuple(changed)


def _facts(data: bytes, info: TableInfo) -> dict[str, Any]:
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
    """Block style outside, flow style for leaves, long text folded, quotes only where needed."""

    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {}  # type: ignore[misc]

    def ignore_aliases(self, data: Any) -> bool:
        """Values are repeated, never aliased."""
        return True


def _text_node(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    style = ">" if len(text) > WIDTH - 20 and "\n" not in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text_node)
for _tag, _pattern, _first in RESOLVERS:
    _Dumper.add_implicit_resolver(_tag, _pattern, _first)


def dump(entries: Mapping[str, Mapping[str, Any]]) -> str:
    """The catalog's canonical text: tables by name, keys in the contract's order, width 100."""
    ordered = {name: _ordered(entries[name], ORDER) for name in sorted(entries)}
    return yaml.dump(
        {"tables": ordered},
        Dumper=_Dumper,
        default_flow_style=None,
        allow_unicode=True,
        sort_keys=False,
        width=WIDTH,
    )


def _ordered(entry: Mapping[str, Any], order: Sequence[str]) -> dict[str, Any]:
    return {key: entry[key] for key in order if key in entry}
