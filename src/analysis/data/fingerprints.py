"""What a table of an audit is made of: its bytes, its entry, its corrections, its sources."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.errors import AnalysisError, DataError
from analysis.project import write_atomically

if TYPE_CHECKING:
    from analysis.execution.file_stamps import Reader
    from analysis.project import Project

SHORT = 16  # hexadecimal digits: enough to notice a change, short enough to be shown
SUFFIXES = (".csv", ".geojson")
_WORD = re.compile(r"[^\s,;:\"'\[\]{}()]+")


def digest(data: bytes | str) -> str:
    """A short name for a content."""
    content = data.encode() if isinstance(data, str) else data
    return hashlib.sha256(content).hexdigest()[:SHORT]


def table_keys(project: Project, reader: Reader) -> dict[str, dict[str, str]]:
    """For each table or map layer the digests of its `data`, `entry`, `corrections`, `sources`.

    Contents are hashed each time, and taken apart only when they are new: then the result is kept
    under build/cache. DataError if the catalog or the corrections are not YAML.
    """
    declared = {path: reader.optional(path) for path in declarations(project)}
    tables = {path: reader.read(path) for path in _files(project)}
    hashes = {project.show(path): digest(data) for path, data in {**declared, **tables}.items()}
    stamp = digest(json.dumps([hashes, digest(Path(__file__).read_bytes())]))
    cache = project.build / "cache" / f"tables-{stamp}.json"
    with suppress(OSError, ValueError):  # missing or damaged: made again below
        kept: dict[str, dict[str, str]] = json.loads(cache.read_text(encoding="utf-8"))
        return kept
    named = {f"{path.parent.name}/{path.stem}": data for path, data in tables.items()}
    made = _keys(project, declared, named)
    with suppress(AnalysisError):  # a tree that cannot be written to: only slower
        write_atomically(cache, json.dumps(made))
    return made


def declarations(project: Project) -> tuple[Path, ...]:
    """The files that say something of every table."""
    return project.catalog, project.corrections, project.sources


def files(project: Project, name: str) -> tuple[Path, ...]:
    """Where the content of a table or a map layer may be."""
    return tuple(project.data / f"{name}{suffix}" for suffix in SUFFIXES)


def _files(project: Project) -> list[Path]:
    return sorted(path for path in project.data.glob("*/*") if path.suffix in SUFFIXES)


def _keys(
    project: Project, declared: Mapping[Path, bytes], tables: Mapping[str, bytes]
) -> dict[str, dict[str, str]]:
    catalog, corrections, sources = ((project.show(path), data) for path, data in declared.items())
    shared, entries = _entries(_yaml(*catalog))
    corrected, cited = _corrections(_yaml(*corrections)), _sources(sources[1])
    made = {}
    for name, data in tables.items():
        entry = digest_of(entries.get(name))
        words = {*_words(data.decode(errors="replace")), *_words(repr(entries.get(name)))}
        made[name] = {
            "data": digest(data),
            "entry": digest(shared + entry),
            "corrections": digest_of([item for table, item in corrected if table in (name, None)]),
            "sources": digest_of([cited[each] for each in cited if each in words]),
        }
    return made


def digest_of(value: Any) -> str:
    """A short name for a value as YAML can hold it; types and the order of keys count."""
    return digest(repr(value))


def _yaml(file: str, data: bytes) -> Any:
    from analysis import yamlfile

    return yamlfile.parse(data, shown=file, error=DataError)[0]


def _entries(catalog: Any) -> tuple[str, dict[str, Any]]:
    """What the catalog says of all tables together, as a digest, and of each by name."""
    kinds = catalog if isinstance(catalog, dict) else {}
    shared = {key: value for key, value in kinds.items() if not isinstance(value, dict)}
    entries: dict[str, Any] = {}
    for kind, named in kinds.items():
        for name, entry in named.items() if isinstance(named, dict) else ():
            entries.setdefault(name, {})[kind] = entry
    return digest_of([shared, catalog if not kinds else None]), entries


def _corrections(items: Any) -> list[tuple[str | None, Any]]:
    """The corrections in order, each with its table; one that names none counts for all."""
    listed = items if isinstance(items, list) else [items] if items else []
    return [(item.get("table") if isinstance(item, dict) else None, item) for item in listed]


def _sources(data: bytes) -> dict[str, list[str]]:
    """Each source by its identifier, with the names of the columns."""
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig", errors="replace"))))
    header = rows[0] if rows else []
    place = header.index("source_id") if "source_id" in header else 0
    return {row[place]: [*header, *row] for row in rows[1:] if len(row) > place}


def _words(text: str) -> list[str]:
    """Everything that may be the identifier of a source; one too many does no harm."""
    return _WORD.findall(text)
