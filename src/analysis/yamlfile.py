"""YAML that remembers the position of each value, so that a later check can name line and column.

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
REPEATED = 10_000  # values that a file's aliases may repeat; each is read as if written out
_TAG = "tag:yaml.org,2002:"
# (tag, pattern, characters with which a match begins): the same for reading and for writing
RESOLVERS = [
    (f"{_TAG}null", re.compile(r"(?:~|null|)\Z"), ["~", "n", ""]),
    (f"{_TAG}bool", re.compile(r"(?:true|false)\Z"), ["t", "f"]),
    (f"{_TAG}int", re.compile(r"[-+]?(?:0|[1-9][0-9]*)\Z"), list("-+0123456789")),
    (
        f"{_TAG}float",
        re.compile(r"[-+]?(?:0|[1-9][0-9]*)(?:\.[0-9]+(?:[eE][-+]?[0-9]+)?|[eE][-+]?[0-9]+)\Z"),
        list("-+0123456789"),
    ),
]
LARGEST = 1e100  # no quantity lies beyond it, and squares of larger numbers overflow


def _bounded(read: Callable[[str], Any]) -> Callable[[str], Any]:
    """Read a number, unless it is so large that nothing can be computed with it."""

    def number(text: str) -> Any:
        if abs(float(text)) > LARGEST:
            raise ValueError(f"expected a number of at most {LARGEST:g}")
        return read(text)

    return number


whole, decimal = _bounded(int), _bounded(float)
_SCALARS: dict[str, Callable[[str], Any]] = {
    f"{_TAG}null": lambda _: None,
    f"{_TAG}bool": lambda text: text == "true",
    f"{_TAG}int": whole,
    f"{_TAG}float": decimal,
    f"{_TAG}str": str,
}


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """The safe loader, in C where there is one, with the narrow reading of plain scalars."""

    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {}


for _tag, _pattern, _first in RESOLVERS:
    _Loader.add_implicit_resolver(_tag, _pattern, _first)


class Marks:
    """The place of each value of a file: a path of keys and positions to (line, column), from 1."""

    __slots__ = ("_places", "decimals", "file")

    def __init__(self, file: str) -> None:
        self.file = file
        self._places: dict[Path_, tuple[int, int]] = {}
        self.decimals: dict[Path_, str] = {}  # the digits of each decimal as they are written

    def __getitem__(self, path: Path_) -> tuple[int, int]:
        """The place of exactly this path; of the key where the value has one."""
        return self._places[path]

    def at(self, path: Path_) -> dict[str, Any]:
        """Keywords `file`, `line`, `column` for an error about this path, or its nearest parent."""
        line, column = self._places.get(path[: self.depth(path)], (1, 1))
        return {"file": self.file, "line": line, "column": column}

    def depth(self, path: Path_) -> int:
        """How many steps of this path lead to something in the file."""
        return next(n for n in range(len(path), -1, -1) if path[:n] in self._places or not n)

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
    file = shown or path.name
    try:
        data = path.read_bytes()
    except OSError as fault:
        raise error(f"cannot be read: {fault.strerror}", file=file) from fault
    return parse(data, shown=file, error=error, sift=sift)


def parse(
    data: bytes,
    *,
    shown: str,
    error: type[AnalysisError] = AnalysisError,
    sift: Callable[[str], str] = str,
) -> tuple[Any, Marks]:
    """The same of bytes that were read already."""
    marks = Marks(shown)
    node = compose(sift(_text(data, shown, error)), shown, error)
    if node is None:
        return None, marks
    try:
        return _Values(marks, error).of(node, ()), marks
    except RecursionError:
        raise error("nested too deeply: write it flatter", file=marks.file) from None


def compose(text: str, file: str, error: type[AnalysisError] = AnalysisError) -> Any:
    """The parser's tree of a text, None for an empty one. Raises `error` where it is not YAML."""
    try:
        return yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as fault:
        raise error(_problem(fault), **_spot(fault, file)) from None
    except yaml.YAMLError as fault:
        raise error(f"not YAML: {fault}", file=file) from None


def _text(data: bytes, shown: str, error: type[AnalysisError]) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = data.count(b"\n", 0, fault.start) + 1
        raise error("not UTF-8: save the file as UTF-8", file=shown, line=line) from None


def _problem(fault: yaml.MarkedYAMLError) -> str:
    return ", ".join(part for part in (fault.problem, fault.context) if part)


def _spot(fault: yaml.MarkedYAMLError, file: str) -> dict[str, Any]:
    mark = fault.problem_mark or fault.context_mark
    return (
        {"file": file, "line": mark.line + 1, "column": mark.column + 1} if mark else {"file": file}
    )


class _Values:
    """The plain values of parsed nodes. An alias repeats a node, so repetitions are counted."""

    def __init__(self, marks: Marks, error: type[AnalysisError]) -> None:
        self._marks = marks
        self._error = error
        self._met: set[int] = set()
        self._within: set[int] = set()
        self._repeated = 0

    def of(self, node: Any, path: Path_) -> Any:
        """The value of the node at `path`, and of everything in it."""
        self._count(node, path)
        self._marks.put(path, node.start_mark)  # a mapping's entry already has the place of its key
        if isinstance(node, yaml.ScalarNode) and node.tag in _SCALARS:
            if node.tag == f"{_TAG}float":
                self._marks.decimals[path] = node.value
            return _scalar(node, self._marks, self._error)
        self._within.add(id(node))
        try:
            if isinstance(node, yaml.MappingNode) and node.tag == f"{_TAG}map":
                return self._mapping(node, path)
            if isinstance(node, yaml.SequenceNode) and node.tag == f"{_TAG}seq":
                return [self.of(item, (*path, index)) for index, item in enumerate(node.value)]
        finally:
            self._within.remove(id(node))
        message = f"the tag {node.tag} is not read here: write plain text"
        raise self._error(message, **self._marks.at(path))

    def _count(self, node: Any, path: Path_) -> None:
        if id(node) in self._within:
            message = "an alias (*) refers to the value that contains it: write the value out"
            raise self._error(message, **self._marks.at(path))
        self._repeated += id(node) in self._met
        self._met.add(id(node))
        if self._repeated > REPEATED:
            message = f"aliases (*) repeat more than {REPEATED:,} values: write them out, or fewer"
            raise self._error(message, **self._marks.at(path))

    def _mapping(self, node: Any, path: Path_) -> dict[Any, Any]:
        found: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            key = _key(key_node, self._marks, self._error)
            if key in found:
                first = self._marks[(*path, key)][0]
                place = _spot_of(key_node, self._marks.file)
                message = f"the key '{key}' occurs twice, first in line {first}: keep one"
                raise self._error(message, **place)
            self._marks.put((*path, key), key_node.start_mark)
            found[key] = self.of(value_node, (*path, key))
        return found


def _key(node: Any, marks: Marks, error: type[AnalysisError]) -> Any:
    if not isinstance(node, yaml.ScalarNode) or node.tag not in _SCALARS:
        raise error("a key must be plain text or a number", **_spot_of(node, marks.file))
    return _scalar(node, marks, error)


def _scalar(node: Any, marks: Marks, error: type[AnalysisError]) -> Any:
    try:
        return _SCALARS[node.tag](node.value)
    except ValueError as fault:
        raise error(str(fault), **_spot_of(node, marks.file)) from None


def _spot_of(node: Any, file: str) -> dict[str, Any]:
    return {"file": file, "line": node.start_mark.line + 1, "column": node.start_mark.column + 1}
