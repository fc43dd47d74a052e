"""Names and types of the methods' parameters, checked wherever one is given."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from functools import cache
from types import MappingProxyType
from typing import Any, Literal, cast, get_args, get_origin, get_type_hints

from analysis.data import type_check
from analysis.errors import ParameterError, clip, suggest
from analysis.methods import Method, method

_KINDS: dict[Any, tuple[tuple[type, ...], str]] = {
    str: ((str,), "text"),
    float: ((int, float), "a number, e.g. 75.5"),
    int: ((int,), "a whole number, e.g. 2"),
    bool: ((bool,), "true or false"),
    Mapping: ((Mapping,), 'JSON, e.g. {"year": 2023}'),
    Sequence: ((list, tuple), 'JSON, e.g. ["a", "b"]'),
}


def hints(name: str) -> Mapping[str, Any]:
    """The type of each parameter of the method called `name`."""
    return _types(method(name))


@cache  # a sweep asks for each specification, and each type is compiled from its text
def _types(kind: type[Method]) -> Mapping[str, Any]:
    found = get_type_hints(kind)
    return MappingProxyType({item.name: found[item.name] for item in fields(kind)})


def known(names: Iterable[str], of: str, owner: str, valid: Iterable[str] | None = None) -> None:
    """Raise ParameterError at the first name that is no parameter of the method `of`.

    `valid` are the names that it admits, if a claim has choices of its own beside them.
    """
    valid = list(hints(of) if valid is None else valid)
    for name in names:
        if name not in valid:
            message = f"unknown parameter {clip(name)!r} of method {of!r} in {owner}"
            near = suggest(name, valid)
            raise ParameterError(f"{message}{near}; known: {', '.join(valid)}")


def fit(name: str, value: Any, hint: Any, shown: str | None = None) -> None:
    """Raise ParameterError if a value is not of the parameter's type; `shown` is its text."""
    shown = repr(value) if shown is None else shown
    if get_origin(hint) is Literal:
        options = [str(option) for option in get_args(hint)]
        if value not in get_args(hint):
            message = f"{name}={shown}: {suggest(value, options).strip() or 'no such option'}"
            raise ParameterError(f"{message}; expected one of: {', '.join(options)}")
    elif _structured(hint):
        kinds, words = _KINDS.get(get_origin(hint), _KINDS[Mapping])
        if not isinstance(value, kinds):  # None as well, which a text that is no JSON becomes
            raise ParameterError(f"{name}={shown}: expected {words}")
        for path, message in type_check.faults(hint, value):
            raise ParameterError(f"{'.'.join(map(str, (name, *path)))}: {message}")
    elif not _fits(value, hint):
        raise ParameterError(f"{name}={shown}: expected {_KINDS[get_origin(hint) or hint][1]}")


def _structured(hint: Any) -> bool:
    """Whether a value has parts that are not all plain texts or numbers."""
    inner = get_args(hint)
    return hint not in (*_KINDS, Any) and (not inner or any(each not in _KINDS for each in inner))


def _fits(value: Any, hint: Any) -> bool:
    if hint is Any:
        return True
    accepted, _ = _KINDS[get_origin(hint) or hint]
    if not isinstance(value, accepted) or (isinstance(value, bool) and bool not in accepted):
        return False
    if isinstance(value, float):
        return value - value == 0  # no parameter is infinite or no number
    inner = get_args(hint)
    if isinstance(value, Mapping):
        return all(_fits(each, inner[1]) for each in value.values())
    parts = cast("Sequence[Any]", value)  # nothing else has a type with parts
    return not inner or all(_fits(each, inner[0]) for each in parts)
