"""YAML that remembers where each value stands, so that a later check can name line and column.

The reading is YAML 1.2's, narrowed: only `true` and `false` are booleans, only plain decimal digits
are numbers; `no`, `on`, `0901`, `1:30` and `2024-08-31` stay the text that was written.
"""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import yaml

from analysis.errors import AnalysisError

Path_ = tuple[str | int, ...]
_TAG = "tag:yaml.org,2002:"
# (tag, pattern, characters with which a match begins): the same for reading and for writing
RESOLVERS = [
    (f"{_TAG}null", re.compile(r"(?:~|null|)$"), ["~", "n", ""]),
    (f"{_TAG}bool", re.compile(r"(?:true|false)$"), ["t", "f"]),
    (f"{_TAG}int", re.compile(r"[-+]?(?:0|[1-9][0-9]*)$"), list("-+0123456789")),
    (
        f"{_TAG}float",
        re.compile(r"[-+]?(?:0|[1-9][0-9]*)(?:\.[0-9]+(?:[eE][-+]?[0-9]+)?|[eE][-+]?[0-9]+)$"),
        list("-+0123456789"),
    ),
]
_SCALARS: dict[str, Callable[[str], Any]] = {
    f"{_TAG}null": lambda _: None,
    f"{_TAG}bool": lambda text: text == "true",
    f"{_TAG}int": int,
    f"{_TAG}float": float,
    f"{_TAG}str": str,
}


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """The safe loader, in C where there is one, with the narrow reading of plain scalars."""

    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {}


for _tag, _pattern, _first in RESOLVERS:
    _Loader.add_implicit_resolver(_tag, _pattern, _first)


class Marks:
    """Where each value of a file stands: a path of keys and positions to (line, column), from 1."""

    __slots__ = ("_places", "file")

    def __init__(self, file: str) -> None:
        self.file = file
        self._places: dict[Path_, tuple[int, int]] = {}

    def __getitem__(self, path: Path_) -> tuple[int, int]:
        """The place of exactly this path; of the key where the value has one."""
        return self._places[path]

    def at(self, path: Path_) -> dict[str, Any]:
        """Keywords `file`, `line`, `column` for an error about this path, or its nearest parent."""
        while path and path not in self._places:
            path = path[:-1]
        line, column = self._places.get(path, (1, 1))
        return {"file": self.file, "line": line, "column": column}

    def put(self, path: Path_, mark: Any) -> None:
        """Remember a mark of the YAML parser, which counts from 0; the first of a path stays."""
        self._places.setdefault(path, (mark.line + 1, mark.column + 1))


def read(
    path: Path,
    *,
    shown: str | None = None,
    error: type[AnalysisError] = AnalysisError,
    sift: Callable[[str], str] = str,
) -> tuple[Any, Marks]:
    """The file's value and its marks; `shown` is the file's name in messages.

    `sift` may blank lines of the text that the caller does not need, to save their parsing.
    Raises `error` with the place: no file, not UTF-8, not YAML, a key twice, a tag of its own.
    """
    marks = Marks(shown or path.name)
    text = sift(_text(path, marks.file, error))
    try:
        node = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as fault:
        raise error(_told(fault), **_spot(fault, marks.file)) from None
    except yaml.YAMLError as fault:
        raise error(f"not YAML: {fault}", file=marks.file) from None
    if node is None:
        return None, marks
    try:
        return _value(node, (), marks, error), marks
    except RecursionError:
        raise error("an alias (*) refers to what it stands in", file=marks.file) from None


def _text(path: Path, shown: str, error: type[AnalysisError]) -> str:
    try:
        data = path.read_bytes()
    except OSError as fault:
        raise error(f"cannot be read: {fault.strerror}", file=shown) from fault
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = data.count(b"\n", 0, fault.start) + 1
        raise error("not UTF-8: save the file as UTF-8", file=shown, line=line) from None


def _told(fault: yaml.MarkedYAMLError) -> str:
    return ", ".join(part for part in (fault.problem, fault.context) if part)


def _spot(fault: yaml.MarkedYAMLError, file: str) -> dict[str, Any]:
    mark = fault.problem_mark or fault.context_mark
    return (
        {"file": file, "line": mark.line + 1, "column": mark.column + 1} if mark else {"file": file}
    )


def _value(node: Any, path: Path_, marks: Marks, error: type[AnalysisError]) -> Any:
    marks.put(path, node.start_mark)  # a mapping's entry already stands at its key
    if isinstance(node, yaml.MappingNode) and node.tag == f"{_TAG}map":
        return _mapping(node, path, marks, error)
    if isinstance(node, yaml.SequenceNode) and node.tag == f"{_TAG}seq":
        return [_value(item, (*path, index), marks, error) for index, item in enumerate(node.value)]
    if isinstance(node, yaml.ScalarNode) and node.tag in _SCALARS:
        return _scalar(node, marks, error)
    raise error(f"the tag {node.tag} is not read here: write plain text", **marks.at(path))


def _mapping(node: Any, path: Path_, marks: Marks, error: type[AnalysisError]) -> dict[Any, Any]:
    found: dict[Any, Any] = {}
    for key_node, value_node in node.value:
        key = _key(key_node, marks, error)
        if key in found:
            first = marks[(*path, key)][0]
            place = _spot_of(key_node, marks.file)
            raise error(f"the key '{key}' stands twice, first in line {first}: keep one", **place)
        marks.put((*path, key), key_node.start_mark)
        found[key] = _value(value_node, (*path, key), marks, error)
    return found


def _key(node: Any, marks: Marks, error: type[AnalysisError]) -> Any:
    if not isinstance(node, yaml.ScalarNode) or node.tag not in _SCALARS:
        raise error("a key must be plain text or a number", **_spot_of(node, marks.file))
    return _scalar(node, marks, error)


def _scalar(node: Any, marks: Marks, error: type[AnalysisError]) -> Any:
    try:
        return _SCALARS[node.tag](node.value)
    except ValueError:  # Python reads no number of more than 4300 digits
        told = f"a number of {len(node.value)} digits is not read here"
        raise error(
            f"{told}: write it as 1.5e20, or quote it", **_spot_of(node, marks.file)
        ) from None


def _spot_of(node: Any, file: str) -> dict[str, Any]:
    return {"file": file, "line": node.start_mark.line + 1, "column": node.start_mark.column + 1}
