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
from analysis.yamlfile import Marks, Path_

T = TypeVar("T")
_NONE = dataclasses.MISSING
_WORDS = {
    str: "text",
    int: "an integer",
    float: "a number",
    bool: "true or false",
    type(None): "nothing",
}


class Misfit(ValueError):  # noqa: N818  what is raised is not yet an error with its place
    """A value of the right type that is wrong all the same.

    `path` leads to it from the dataclass that raises.
    """

    def __init__(self, message: str, *path: str | int) -> None:
        super().__init__(message)
        self.path = path


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class _Field:
    """A field of a dataclass as the file has it."""

    name: str
    key: str
    hint: Any
    required: bool


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class _Reader:
    """What every step of one reading needs and none changes."""

    marks: Marks
    error: type[AnalysisError]

    def fault(self, message: str, path: Path_) -> AnalysisError:
        return self.error(message, **self.marks.at(path))

    def expect(self, what: str, value: Any, path: Path_, *, fits: bool) -> None:
        """Raise the fault of an unfit value."""
        if not fits:
            raise self.fault(f"expected {what}, found {_found(value)}", path)


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
    of_class: Any = cls  # a dataclass is hashable, whatever its instances are
    fields = [field for field in _fields(of_class) if field.name not in given]
    known = [field.key for field in fields]
    for key in value:
        if key not in known:
            hint = suggest(key, known) or f": known are {', '.join(known)}"
            raise reader.fault(f"unknown key '{key}'{hint}", (*path, key))
    values = dict(given)
    for field in fields:
        if field.key in value:
            values[field.name] = _fit(field.hint, value[field.key], (*path, field.key), reader)
        elif field.required:
            raise reader.fault(f"the key '{field.key}' is missing", path)
    try:
        return cls(**values)
    except Misfit as misfit:
        raise reader.fault(str(misfit), (*path, *misfit.path)) from None


def _fit(hint: Any, value: Any, path: Path_, reader: _Reader) -> Any:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (Union, types.UnionType):
        return _one_of(arguments, value, path, reader)
    if origin is tuple:
        reader.expect("a list", value, path, fits=isinstance(value, list))
        return tuple(_fit(arguments[0], item, (*path, i), reader) for i, item in enumerate(value))
    if origin is Literal:
        words = f"one of {', '.join(map(str, arguments))}{suggest(value, arguments)}"
        reader.expect(words, value, path, fits=value in arguments)
        return value
    if origin is not None and issubclass(origin, Mapping):
        reader.expect("keys and values", value, path, fits=isinstance(value, dict))
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
    reader.expect(_WORDS[hint], value, path, fits=type(value) is hint)
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


def _found(value: Any) -> str:
    if isinstance(value, dict | list):
        return "keys and values" if isinstance(value, dict) else "a list"
    if value is None or isinstance(value, bool):
        return {None: "nothing", True: "true", False: "false"}[value]
    return repr(value)


@functools.cache
def _fields(cls: Any) -> tuple[_Field, ...]:
    hints = typing.get_type_hints(cls)
    return tuple(
        _Field(
            name=field.name,
            key=field.metadata.get("key", field.name),
            hint=hints[field.name],
            required=field.default is _NONE and field.default_factory is _NONE,
        )
        for field in dataclasses.fields(cls)
    )
