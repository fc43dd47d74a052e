"""From the plain mappings of a YAML file to frozen dataclasses, strictly and with places.

The dataclass is the schema: its fields are the keys, its annotations the types, its defaults what
may be left out. Its `__post_init__` may raise `Misfit` for what types cannot say.
"""

import dataclasses
import functools
import types
import typing
from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypeVar, Union

from analysis.errors import AnalysisError, DataError, suggest
from analysis.marks import Marks, Path_

T = TypeVar("T")
_WORDS = {
    str: "text",
    int: "an integer",
    float: "a number",
    bool: "true or false",
    type(None): "nothing",
}


class Misfit(ValueError):
    """A value of the right type that is wrong all the same; `path` leads to it from the
    dataclass.
    """

    def __init__(self, message: str, *path: str | int) -> None:
        super().__init__(message)
        self.path = path


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class _Reader:
    """What every step of one reading needs and none changes."""

    marks: Marks
    error: type[AnalysisError]

    def fault(self, message: str, path: Path_) -> AnalysisError:
        return self.error(message, **self.marks.at(path))


def shape(
    cls: type[T],
    value: Any,
    marks: Marks,
    path: Path_ = (),
    *,
    error: type[AnalysisError] = DataError,
    **given: Any,
) -> T:
    """An instance of `cls` from a mapping; `given` fields come from outside, not from the mapping.

    A field with metadata {"key": "from"} is read from that key. Raises `error` at the place of an
    unknown key, a missing one, a wrong type or a Misfit.
    """
    return _dataclass(cls, value, path, _Reader(marks=marks, error=error), given)


def _dataclass(
    cls: type[T], value: Any, path: Path_, reader: _Reader, given: Mapping[str, Any]
) -> T:
    if not isinstance(value, dict):
        raise reader.fault(f"expected keys and values, found {_found(value)}", path)
    keys = {name: key for name, key in _keys(cls).items() if name not in given}
    for key in value:
        if key not in keys.values():
            hint = suggest(key, keys.values()) or f": known are {', '.join(keys.values())}"
            raise reader.fault(f"unknown key '{key}'{hint}", (*path, key))
    fields = dict(given)
    for name, key in keys.items():
        if key in value:
            fields[name] = _fit(_hints(cls)[name], value[key], (*path, key), reader)
        elif name in _required(cls):
            raise reader.fault(f"the key '{key}' is missing", path)
    try:
        return cls(**fields)
    except Misfit as misfit:
        raise reader.fault(str(misfit), (*path, *misfit.path)) from None


def _fit(hint: Any, value: Any, path: Path_, reader: _Reader) -> Any:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (Union, types.UnionType):
        return _one_of(arguments, value, path, reader)
    if origin is tuple:
        _expect(isinstance(value, list), "a list", value, path, reader)
        return tuple(_fit(arguments[0], item, (*path, i), reader) for i, item in enumerate(value))
    if origin is Literal:
        hint_ = suggest(value, arguments)
        _expect(
            value in arguments,
            f"one of {', '.join(map(str, arguments))}{hint_}",
            value,
            path,
            reader,
        )
        return value
    if origin is not None and issubclass(origin, Mapping):
        _expect(isinstance(value, dict), "keys and values", value, path, reader)
        return {
            _fit(arguments[0], key, (*path, key), reader): _fit(
                arguments[1], item, (*path, key), reader
            )
            for key, item in value.items()
        }
    if dataclasses.is_dataclass(hint):
        return _dataclass(typing.cast("type", hint), value, path, reader, {})
    return _plain(hint, value, path, reader)


def _plain(hint: Any, value: Any, path: Path_, reader: _Reader) -> Any:
    if hint in (Any, object):
        return value
    if hint is float and type(value) is int:
        return float(value)
    _expect(type(value) is hint, _WORDS[hint], value, path, reader)
    return value


def _one_of(options: Sequence[Any], value: Any, path: Path_, reader: _Reader) -> Any:
    """The first option that takes the value; with one option beside None, its own message."""
    if value is None and type(None) in options:
        return None
    options = [option for option in options if option is not type(None)]
    if len(options) == 1:
        return _fit(options[0], value, path, reader)
    for option in options:
        try:
            return _fit(option, value, path, reader)
        except reader.error:
            continue
    words = [
        _WORDS.get(option) or " or ".join(map(str, typing.get_args(option))) for option in options
    ]
    raise reader.fault(f"expected {' or '.join(words)}, found {_found(value)}", path)


def _expect(fits: bool, what: str, value: Any, path: Path_, reader: _Reader) -> None:
    if not fits:
        raise reader.fault(f"expected {what}, found {_found(value)}", path)


def _found(value: Any) -> str:
    if isinstance(value, dict | list):
        return "keys and values" if isinstance(value, dict) else "a list"
    if value is None or isinstance(value, bool):
        return {None: "nothing", True: "true", False: "false"}[value]
    return repr(value)


@functools.cache
def _hints(cls: Any) -> dict[str, Any]:
    return typing.get_type_hints(cls)


@functools.cache
def _keys(cls: Any) -> dict[str, str]:
    """The key in the file for each field."""
    fields = dataclasses.fields(cls)  # type: ignore[arg-type]
    return {field.name: field.metadata.get("key", field.name) for field in fields}


@functools.cache
def _required(cls: Any) -> frozenset[str]:
    none = dataclasses.MISSING
    fields = dataclasses.fields(cls)  # type: ignore[arg-type]
    return frozenset(f.name for f in fields if f.default is none and f.default_factory is none)
