"""Join the files of a register: claims.yaml, which may hold everything, and the files of claims/.

A file of claims/ has the same keys as claims.yaml. `claims` and `names` may be spread over files,
`defaults` are those of a file's own claims; any other key is in one file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from analysis.errors import ClaimsError

if TYPE_CHECKING:
    from analysis.project import Project
    from analysis.yamlfile import Marks, Path_

SPREAD = ("claims", "names")
DEFAULTS = "defaults"  # in the joined value by file
Texts = Mapping[str, bytes]  # by the file's name in messages, claims.yaml first


class Places:
    """Where each value of a joined register is written."""

    def __init__(self, parts: Mapping[str, Marks]) -> None:
        self._parts = parts
        self._origins: dict[Path_, Path_] = {}
        self.order = {file: index for index, file in enumerate(parts)}

    def derive(self, path: Path_, origin: Path_) -> None:
        """Take the place of `origin`, and of all in it, for a path that no file contains."""
        self._origins[path] = origin

    def at(self, path: Path_) -> dict[str, Any]:
        """Keywords `file`, `line`, `column` for an error about this path, or its nearest parent."""
        marks, written = self._written(path)
        return marks.at(written)

    def decimal(self, path: Path_) -> str | None:
        """The digits of a decimal as they are written, e.g. `3.0`; None for any other value."""
        marks, written = self._written(path)
        return marks.decimals.get(written)

    def _written(self, path: Path_) -> tuple[Marks, Path_]:
        """The file of a path or of what it is derived from, and the path there."""
        for depth in range(len(path), 0, -1):
            if path[:depth] in self._origins:
                return self._written((*self._origins[path[:depth]], *path[depth:]))
        if path[:1] == (DEFAULTS,) and len(path) > 1:
            return self._parts[str(path[1])], (DEFAULTS, *path[2:])
        return max(self._parts.values(), key=lambda marks: marks.depth(path)), path


def read(project: Project) -> dict[str, bytes]:
    """The bytes of every file of the register. Raises ClaimsError where one cannot be read."""
    return dict(_contents(project))


def _contents(project: Project) -> Iterator[tuple[str, bytes]]:
    for path in project.claims_files:
        try:
            yield project.show(path), path.read_bytes()
        except FileNotFoundError:
            raise ClaimsError("no such file; an audit needs one", file=str(path)) from None
        except OSError as fault:
            raise ClaimsError(f"cannot be read: {fault.strerror}", file=str(path)) from fault


def digest(texts: Texts) -> str:
    """One SHA-256 over the names and the bytes of all files."""
    found = hashlib.sha256()
    for name, content in texts.items():
        found.update(f"{name}\0{len(content)}\0".encode() + content)
    return found.hexdigest()


def parse(texts: Texts) -> tuple[Any, Places]:
    """The joined value, unchecked, and the place of each part of it.

    Raises ClaimsError for what is not YAML, and for a key that two files have.
    """
    from analysis import yamlfile

    parts = {
        name: yamlfile.parse(content, shown=name, error=ClaimsError)
        for name, content in texts.items()
    }
    places = Places({name: marks for name, (_, marks) in parts.items()})
    usual = {
        name: part.pop(DEFAULTS)
        for name, (part, _) in parts.items()
        if isinstance(part, dict) and DEFAULTS in part
    }
    (whole, _), *others = parts.values()
    if isinstance(whole, dict):
        for part, marks in others:
            _join(whole, part, marks, places)
        if usual:
            whole[DEFAULTS] = usual
    return whole, places


def _join(whole: dict[str, Any], part: Any, marks: Marks, places: Places) -> None:
    """Add the keys of one file to those of the files before it."""
    if not isinstance(part, Mapping):
        if part is not None:  # None: a file of comments
            expected = "expected keys and values, e.g. `claims:`"
            raise ClaimsError(expected, **marks.at(()))
        return
    for key, value in part.items():
        if key in SPREAD and isinstance(value, Mapping) and isinstance(whole.get(key), Mapping):
            for name in value:
                if name in whole[key]:
                    raise _twice((key, name), marks, places)
            whole[key] = {**whole[key], **value}
        elif key in whole:
            raise _twice((key,), marks, places)
        else:
            whole[key] = value


def _twice(path: Path_, marks: Marks, places: Places) -> ClaimsError:
    first = places.at(path)
    message = f"'{path[-1]}' is also in {first['file']}:{first['line']}: keep one"
    return ClaimsError(message, **marks.at(path))


def in_order(value: Mapping[str, Any]) -> dict[str, Any]:
    """The same register with its claims in the order of the sections, then of the files."""
    order = {section: index for index, section in enumerate(value["sections"])}
    claims = sorted(value["claims"].items(), key=lambda item: order[item[1]["section"]])
    return {**value, "claims": dict(claims)}
