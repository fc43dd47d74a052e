"""Values of a YAML text changed or added in place: comments, order and layout of the rest stay."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, TypeVar

import yaml

from analysis.errors import AnalysisError
from analysis.yamlfile import RESOLVERS, Path_, compose, parse

_BOM = "\ufeff"
PathT = TypeVar("PathT", bound=Path_)  # a mapping of narrower paths is accepted as well
Edit = tuple[int, int, str]  # from where, to where, what stands there afterwards


class _Dumper(yaml.SafeDumper):  # type: ignore[misc]  # yaml has no types
    """Quotes only what the reader of `marks` would not take for text."""

    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {}


for _tag, _pattern, _first in RESOLVERS:
    _Dumper.add_implicit_resolver(_tag, _pattern, _first)


def edited(
    data: bytes,
    changes: Mapping[PathT, Mapping[str, Any]],
    *,
    file: str,
    error: type[AnalysisError] = AnalysisError,
) -> bytes:
    """The file's bytes with these keys of the mappings at these paths set; new keys come last.

    What was written is read again: raises `error` if the file then says anything else than meant.
    """
    whole = data.decode()
    text = whole.removeprefix(_BOM)
    root = compose(text, file, error)
    edits = [each for path, new in changes.items() for each in _edits(text, _at(root, path), new)]
    after = text
    for start, end, new in sorted(edits, reverse=True):
        after = f"{after[:start]}{new}{after[end:]}"
    if _value(after, file, error) != _meant(_value(text, file, error), changes):
        message = "cannot be changed in place: write each entry out in block style, without aliases"
        raise error(message, file=file)
    return whole[: len(whole) - len(text)].encode() + after.encode()


def appended(
    data: bytes, key: str, entry: str, *, file: str, error: type[AnalysisError] = AnalysisError
) -> bytes:
    r"""The file's bytes with an entry behind the last one of the mapping under `key`.

    `entry` is YAML in block style: one key with its value, not indented, comments and all. Without
    `key` in the file, it is added. Raises `error` as `edited` does, and for a key that is taken.

    >>> appended(b"tables: # all\n  a: {x: 1}  # first\n", "tables", "b: 2\n", file="f").decode()
    'tables: # all\n  a: {x: 1}  # first\n  b: 2\n'
    """
    whole = data.decode()
    text = whole.removeprefix(_BOM)
    before, new = _value(text, file, error) or {}, _value(entry, file, error)
    if taken := new.keys() & (before.get(key) or {}).keys():
        raise error(f"{key} has {', '.join(sorted(taken))} already", file=file)
    after = _inserted(text, key, entry.splitlines(), compose(text, file, error))
    if _value(after, file, error) != {**before, key: {**(before.get(key) or {}), **new}}:
        raise error(f"cannot be added to: write the entries of {key} in block style", file=file)
    return whole[: len(whole) - len(text)].encode() + after.encode()


def _inserted(text: str, key: str, lines: Sequence[str], root: Any) -> str:
    newline = "\r\n" if "\r\n" in text else "\n"
    found = (value for name, value in (root.value if root else ()) if name.value == key)
    mapping = next(found, None)
    indent, end = 2, len(text)
    if isinstance(mapping, yaml.MappingNode) and mapping.value:
        indent = mapping.start_mark.column
        end = _after(text, _end(text, mapping.value[-1][1]), indent)
    elif mapping is not None:
        end = _after(text, mapping.start_mark.index, indent)
    head = [] if mapping is not None else [f"{key}:"]
    body = [f"{' ' * indent}{line}" if line else "" for line in lines]
    gap = newline if text[:end] and not text[:end].endswith("\n") else ""
    return f"{text[:end]}{gap}{newline.join([*head, *body, ''])}{text[end:]}"


def _after(text: str, end: int, indent: int) -> int:
    """Behind the line in which a value ends, and the comments below that are its own."""
    while end < len(text):
        end = text.find("\n", end) + 1 or len(text)
        line = text[end:].partition("\n")[0]
        if not (line.lstrip().startswith("#") and len(line) - len(line.lstrip()) > indent):
            break
    return end


def _meant(value: Any, changes: Mapping[PathT, Mapping[str, Any]]) -> Any:
    for path, new in changes.items():
        entry = value
        for key in path[:-1]:
            entry = entry[key]
        entry[path[-1]] = entry[path[-1]] | new  # a new one: an alias may share the old
    return value


def _at(node: Any, path: Path_) -> Any:
    for key in path:
        node = next(value for name, value in node.value if name.value == key)
    return node


def _edits(text: str, mapping: Any, values: Mapping[str, Any]) -> Iterator[Edit]:
    nodes = {key.value: (key, value) for key, value in mapping.value}
    for name in values.keys() & nodes.keys():
        key, value = nodes[name]
        yield key.end_mark.index, _end(text, value), f": {_inline(values[name])}"
    added = [f"{name}: {_inline(values[name])}" for name in values if name not in nodes]
    if not added:
        return
    end, before = _end(text, mapping.value[-1][1]), ", "
    if not mapping.flow_style:
        end = text.find("\n", end) if "\n" in text[end:] else len(text)
        end -= text[:end].endswith("\r")
        before = ("\r\n" if "\r\n" in text else "\n") + " " * mapping.start_mark.column
    yield end, end, "".join(f"{before}{each}" for each in added)


def _end(text: str, node: Any) -> int:
    """Behind the last character of a node; the parser's mark is that of what comes next."""
    if isinstance(node, yaml.CollectionNode) and node.value and not node.flow_style:
        last = node.value[-1]
        return _end(text, last[1] if isinstance(last, tuple) else last)
    return len(text[: node.end_mark.index].rstrip())


def _inline(value: Any) -> str:
    """A value on one line."""
    listed: str = yaml.dump(
        [value], Dumper=_Dumper, default_flow_style=True, allow_unicode=True, width=1 << 20
    )
    return listed.strip()[1:-1]


def _value(text: str, file: str, error: type[AnalysisError]) -> Any:
    return parse(text.encode(), shown=file, error=error)[0]
