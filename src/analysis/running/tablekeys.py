"""What a table of an audit is made of: its bytes, its entry, its corrections, its sources."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.errors import AnalysisError
from analysis.project import write_atomically

if TYPE_CHECKING:
    from analysis.project import Project

SHORT = 16  # hexadecimal digits: enough to notice a change, short enough to be shown
SUFFIXES = (".csv", ".geojson")
_ENTRY = re.compile(r"^  (\w[\w-]*/\w[\w-]*):\s*$")
_WORD = re.compile(r"[^\s,;\"'\[\]{}()]+")


def digest(data: bytes | str) -> str:
    """A short name for a content."""
    content = data.encode() if isinstance(data, str) else data
    return hashlib.sha256(content).hexdigest()[:SHORT]


def table_keys(project: Project) -> dict[str, dict[str, str]]:
    """For each table or map layer the digests of its `data`, `entry`, `corrections`, `sources`.

    Contents are hashed each time, and taken apart only when they are new: then the result is kept
    under build/cache. No table is parsed and no YAML is read.
    """
    files = {path: path.read_bytes() for path in _files(project)}
    hashes = {project.show(path): digest(data) for path, data in files.items()}
    stamp = digest(json.dumps([hashes, digest(Path(__file__).read_bytes())]))
    cache = project.build / "cache" / f"tables-{stamp}.json"
    with suppress(OSError, ValueError):  # missing or damaged: made again below
        return json.loads(cache.read_text(encoding="utf-8"))
    made = _keys(project, files)
    with suppress(AnalysisError):  # a tree that cannot be written to: only slower
        write_atomically(cache, json.dumps(made))
    return made


def _files(project: Project) -> Iterator[Path]:
    yield from (path for path in _declared(project) if path.exists())
    yield from sorted(path for path in project.data.glob("*/*") if path.suffix in SUFFIXES)


def _declared(project: Project) -> tuple[Path, ...]:
    return project.catalog, project.corrections, project.sources


def _keys(project: Project, files: Mapping[Path, bytes]) -> dict[str, dict[str, str]]:
    catalog, corrections, sources = (
        files.get(path, b"").decode(errors="replace") for path in _declared(project)
    )
    head, entries = _entries(catalog)
    corrected, cited = _corrections(corrections), _sources(sources)
    made = {}
    for path, data in files.items():
        if path.suffix not in SUFFIXES or path in _declared(project):
            continue
        name = f"{path.parent.name}/{path.stem}"
        entry = entries.get(name, "")
        words = set(_WORD.findall(data.decode(errors="replace"))) | set(_WORD.findall(entry))
        made[name] = {
            "data": digest(data),
            "entry": digest(head + entry),
            "corrections": digest("".join(corrected.get(name, ()))),
            "sources": digest("\n".join(cited[each] for each in cited if each in words)),
        }
    return made


def _entries(catalog: str) -> tuple[str, dict[str, str]]:
    """What the catalog says of all tables together, and of each."""
    head, entries, own = [], {}, None
    for line in catalog.splitlines(keepends=True):
        if found := _ENTRY.match(line):
            own = entries.setdefault(found[1], [])
        elif line[:1].strip():
            own = None
        if not line.lstrip().startswith("#"):
            (head if own is None else own).append(line)
    return "".join(head), {name: "".join(lines) for name, lines in entries.items()}


def _corrections(text: str) -> dict[str, list[str]]:
    """The corrections of each table, in order; a comment is none."""
    lines = "".join(line for line in text.splitlines(keepends=True) if line[:1] != "#")
    found: dict[str, list[str]] = {}
    for block in re.split(r"^(?=- )", lines, flags=re.MULTILINE):
        if table := re.search(r"^[ -] table:\s*(\S+)", block, re.MULTILINE):
            found.setdefault(table[1], []).append(block.strip())
    return found


def _sources(text: str) -> dict[str, str]:
    """Each source by its identifier."""
    rows: Iterable[list[str]] = csv.reader(io.StringIO(text))
    return {row[0]: "\x1f".join(row) for row in rows if row}
