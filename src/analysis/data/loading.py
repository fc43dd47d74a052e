"""From the plain values of a YAML file to frozen dataclasses: every fault at once, with its place.

The dataclass is the schema: its fields are the keys, its annotations the types, its defaults what
may be left out. `type_check` holds the values against them; a `Checked` one finds what types cannot
say. Metadata of a field: `key` is its key in the file, where that is no name of Python;
`given` fields come from the entry itself: its `name` and the `line` on which it begins.
"""

import dataclasses
import types
import typing
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any, Literal, NotRequired, TypeVar, Union

from analysis.data import type_check
from analysis.errors import DataError
from analysis.yamlfile import Marks, Path_

T = TypeVar("T")
GIVEN_NAME, LINE = {"given": "name"}, {"given": "line"}


class Misfit(ValueError):  # noqa: N818  what is raised is not yet an error with its place
    """A value of the right type that is wrong all the same.

    `path` leads to it from the dataclass that raises.
    """

    def __init__(self, message: str, *path: str | int) -> None:
        super().__init__(message)
        self.path = path


class Checked:
    """A dataclass that finds what is wrong with it beyond its types: its `_misfits`.

    One that is made by itself, and not of a file, raises them as an ExceptionGroup.
    """

    __slots__ = ()

    def __post_init__(self) -> None:
        if misfits := list(self._misfits()):
            raise ExceptionGroup("; ".join(map(str, misfits)), misfits)

    def _misfits(self) -> Iterator[Misfit]:
        yield from ()


def load(kind: type[T], value: Any, marks: Marks, path: Path_ = ()) -> T:
    """What a file has, as a dataclass, or a dict or tuple of them; `path` is where the value is.

    Raises one DataError for all unknown and missing keys, wrong types and misfits.
    """
    made_of: Any = kind  # a type is hashable, whatever its instances are
    reading = _Reading(marks, type_check.faults(form(made_of), value, path))
    made: T = reading.make(kind, value, path)
    report(reading.faults, marks)
    return made


def report(faults: Iterable[type_check.Fault], marks: Marks) -> None:
    """Raise one DataError for all faults, in the order of the file, if there are any."""
    found = [DataError(message, **marks.at(path)) for path, message in faults]
    if found:
        raise DataError.of(sorted(found, key=lambda fault: (fault.line or 0, fault.column or 0)))


@cache
def form(kind: Any) -> Any:
    """The type of the plain values from which `kind` is made, as pydantic checks it.

    >>> form(tuple[int, ...])
    list[int]
    """
    arguments, origin = typing.get_args(kind), typing.get_origin(kind)
    if dataclasses.is_dataclass(kind):
        return _typed_dict(kind)
    if origin is tuple:
        return list[form(arguments[0])]  # type: ignore[misc]
    if origin in (Union, types.UnionType):
        return Union[tuple(map(form, arguments))]  # noqa: UP007  of as many as there are
    if origin not in (None, Literal) and issubclass(origin, Mapping):
        return dict[form(arguments[0]), form(arguments[1])]  # type: ignore[misc]
    return kind


def _typed_dict(kind: Any) -> Any:
    keys = {
        key: form(hint) if _required(field) else NotRequired[form(hint)]
        for key, field, hint in _keys(kind)
    }
    made = type_check.typed_dict(kind.__name__, keys)
    made.__doc__ = kind.__doc__
    return made


def _keys(kind: Any) -> list[tuple[str, "dataclasses.Field[Any]", Any]]:
    """The keys of a dataclass as a file has them, each with its field and type."""
    hints = typing.get_type_hints(kind)
    return [
        (field.metadata.get("key", field.name), field, hints[field.name])
        for field in dataclasses.fields(kind)
        if "given" not in field.metadata
    ]


def _required(field: "dataclasses.Field[Any]") -> bool:
    return field.default is field.default_factory is dataclasses.MISSING


class _Reading:
    """The dataclasses of one file; none is made of a value in which there is a fault."""

    def __init__(self, marks: Marks, faults: Iterable[type_check.Fault]) -> None:
        self.faults: list[type_check.Fault] = []
        self._marks = marks
        self._faulty: set[Path_] = set()  # where the faults are, and all around them
        for path, message in faults:
            self._add(path, message)
        self._unfit = {path for path, _ in self.faults}

    def _add(self, path: Path_, message: str) -> None:
        self.faults.append((path, message))
        self._faulty |= {path[:depth] for depth in range(len(path) + 1)}

    def make(self, kind: Any, value: Any, path: Path_) -> Any:
        """The value as the type has it; None where it has a fault."""
        if value is None or path in self._unfit:
            return None
        if dataclasses.is_dataclass(kind):
            return self._dataclass(kind, value, path)
        arguments, origin = typing.get_args(kind), typing.get_origin(kind)
        if origin is tuple:
            return tuple(self.make(arguments[0], v, (*path, i)) for i, v in enumerate(value))
        if origin in (Union, types.UnionType):
            options = [each for each in arguments if each is not type(None)]
            return self.make(options[0], value, path) if len(options) == 1 else value
        if origin not in (None, Literal) and issubclass(origin, Mapping):
            return {key: self.make(arguments[1], v, (*path, key)) for key, v in value.items()}
        return float(value) if kind is float else value

    def _dataclass(self, kind: Any, value: Mapping[str, Any], path: Path_) -> Any:
        place = {"name": path[-1] if path else "", "line": self._marks.at(path)["line"]}
        given = {each.name: each.metadata.get("given") for each in dataclasses.fields(kind)}
        values = {name: place[of] for name, of in given.items() if of}
        values |= {
            field.name: self.make(hint, value[key], (*path, key))
            for key, field, hint in _keys(kind)
            if key in value
        }
        if path in self._faulty:
            return None
        try:
            return kind(**values)
        except* Misfit as group:
            for misfit in _each(group):
                self._add((*path, *misfit.path), str(misfit))
        return None


def _each(group: "BaseExceptionGroup[Misfit]") -> Iterable[Misfit]:
    for each in group.exceptions:
        yield from [each] if isinstance(each, Misfit) else _each(each)
