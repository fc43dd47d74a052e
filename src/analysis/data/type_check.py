"""Hold plain values against a type: every fault at once, each with its path and what was expected.

pydantic checks; its messages are put into the words of this project. A union's branch that fits
best explains why a value fits none.
"""

from __future__ import annotations

import json
import re
import types
import typing
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Annotated, Any, Literal, NamedTuple, TypeVar, Union, get_args, get_origin

from typing_extensions import TypedDict

from analysis.errors import clip, suggest

if typing.TYPE_CHECKING:
    from pydantic_core import ErrorDetails

    from analysis.yamlfile import Path_

Kind = TypeVar("Kind", bound=type)
Fault = tuple[tuple[str | int, ...], str]
EXPECTED = {
    "string_type": "text",
    "bool_type": "true or false",
    "int_type": "a whole number",
    "float_type": "a number",
    "none_required": "nothing",
    "is_instance_of": "a list",
    "list_type": "a list",
    "dict_type": "keys and values",
    "mapping_type": "keys and values",
}
DIALECT = "https://json-schema.org/draft/2020-12/schema"
DAY = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
NAME = "^[A-Z][A-Za-z]*[0-9]+[a-z]?$"
WEB = "^https?://"
TABLE = "^[a-z][a-z0-9_]*/[a-z0-9_]+$"
MEASURE = r"^[a-z][a-z0-9_]*/[a-z0-9_]+\.[a-z][a-z0-9_]*$"
FORMS = {
    DAY: "a day, e.g. 2024-01-31",
    NAME: "capital letters and a number, e.g. X1 or X1a",
    WEB: "an address of the web, e.g. https://example.org",
    TABLE: "<topic>/<table>, e.g. trade/gdp",
    MEASURE: "<topic>/<table>.<column>, e.g. trade/gdp.value",
}
COUNTS = {
    "string_too_short": "expected some text",
    "too_short": "expected at least {} in the list",
    "too_long": "expected at most {} keys",
}


def closed(kind: Kind) -> Kind:
    """Mark a TypedDict as one that takes no key but its own."""
    kind.__pydantic_config__ = {"extra": "forbid"}  # type: ignore[attr-defined]
    return kind


def typed_dict(name: str, keys: Mapping[str, Any], *, total: bool = True) -> Any:
    """A closed TypedDict of these keys and types."""
    # A type that is made at run time is none to a type checker.
    return closed(TypedDict(name, keys, total=total))  # type: ignore[operator]


class _Problem(NamedTuple):
    """One error of pydantic: its path in the value, and the branches of unions that it passed."""

    path: Path_
    branches: tuple[tuple[Path_, Any], ...]
    kind: str
    details: Mapping[str, Any]
    owner: Any  # the type that has the key, for an unknown one

    def apart(self, level: int) -> bool:
        """Whether the value is of another kind than the branch at this level altogether."""
        return len(self.branches) == level + 1 and self.path == self.branches[level][0] and (
            self.kind in EXPECTED or self.kind == "literal_error"
        )  # fmt: skip


@cache
def adapter(kind: Any) -> Any:
    """Pydantic's validator of a type."""
    from pydantic import TypeAdapter

    return TypeAdapter(kind)


def json_schema(**kinds: Any) -> dict[str, Any]:
    """The JSON Schema of a type, which may be any of these; each has an entry under `$defs`."""
    from pydantic import TypeAdapter
    from pydantic.json_schema import GenerateJsonSchema

    class Untitled(GenerateJsonSchema):
        """No title that only repeats the key."""

        def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002  pydantic's
            return False

    mode: Literal["validation"] = "validation"
    inputs = [(name, mode, adapter(kind)) for name, kind in kinds.items()]
    made, shared = TypeAdapter.json_schemas(inputs, schema_generator=Untitled)
    return {"$schema": DIALECT, "anyOf": list(made.values()), **shared}


def faults(kind: Any, value: Any, where: Path_ = ()) -> list[Fault]:
    """Why a value is not of a type, with the path of each fault; `where` is the value's own path.

    >>> faults(Mapping[str, int], {"a": 1, "b": "2"})
    [(('b',), 'expected a whole number, found "2"')]
    """
    from pydantic import ValidationError

    try:
        adapter(kind).validate_python(value, strict=True)
    except ValidationError as error:
        found = [_problem(kind, each) for each in error.errors(include_url=False)]
        return [((*where, *path), message) for path, message in _explained(found, value, 0)]
    return []


def _problem(kind: Any, error: ErrorDetails) -> _Problem:
    """An error with the branches of unions taken out of its path."""
    path: Path_ = ()
    branches: list[tuple[Path_, Any]] = []
    container = owner = kind = bare(kind, marks=True)
    for step in error["loc"]:
        if len(choices := options(kind)) > 1:
            kind = bare(_branch(choices, step), marks=True)
            branches.append((path, kind))
        elif step == "[key]":
            kind = bare(get_args(container)[0], marks=True)
        else:
            container = owner = bare(choices[0], marks=True)
            path = (*path, step)
            kind = bare(_inside(choices[0], step), marks=True)
    return _Problem(path, tuple(branches), error["type"], error, owner)


def bare(kind: Any, *, marks: bool = False) -> Any:
    """A type without Required and NotRequired; with `marks`, without Annotated as well."""
    wrappers = (typing.Required, typing.NotRequired, *((Annotated,) if marks else ()))
    while get_origin(kind) in wrappers:
        kind = get_args(kind)[0]
    return kind


def options(kind: Any) -> list[Any]:
    """The types of a union without None; a type that is no union is its own only one."""
    if get_origin(kind) in (Union, types.UnionType):
        return [each for each in get_args(kind) if each is not type(None)]
    return [kind]


def _branch(options: Sequence[Any], tag: str | int) -> Any:
    """The option of a union that pydantic calls by this name; lists have long ones."""
    options = [bare(each, marks=True) for each in options]
    name = str(tag).removeprefix("constrained-")  # of a text with a length or a pattern
    for each in options:
        if getattr(each, "__name__", "") == name and get_origin(each) is None:
            return each
    for each in options:
        origin = get_origin(each)
        if origin is Literal and name.startswith("literal"):
            return each
        if isinstance(origin, type) and issubclass(origin, Mapping) == name.startswith("dict"):
            return each
    return options[-1]


def _inside(kind: Any, step: str | int) -> Any:
    """The type of what a key or a position leads to."""
    if keys := known_keys(kind):
        return keys.get(str(step), Any)
    arguments = get_args(kind)
    origin = get_origin(kind)
    if not isinstance(origin, type) or not arguments:
        return Any
    return arguments[1] if issubclass(origin, Mapping) else arguments[0]


@cache
def known_keys(kind: Any) -> dict[str, Any]:
    """The keys of a TypedDict, with the type of each."""
    if hasattr(kind, "__required_keys__"):
        return typing.get_type_hints(kind, include_extras=True)
    return {}


def _explained(found: Sequence[_Problem], value: Any, level: int) -> Iterator[Fault]:
    """A fault for each problem, and one alone for all branches of a union."""
    unions: dict[Path_, dict[int, list[_Problem]]] = {}
    for each in found:
        if len(each.branches) <= level:
            yield each.path, _message(each)
        else:
            at, branch = each.branches[level]
            unions.setdefault(at, {}).setdefault(id(branch), []).append(each)
    for at, branches in unions.items():
        meant = [each for each in branches.values() if not all(p.apart(level) for p in each)]
        if meant:
            nearest = min(meant, key=lambda each: (_own(each, at), len(each)))
            yield from _explained(nearest, value, level + 1)
        else:
            words = dict.fromkeys(_expected(each) for own in branches.values() for each in own)
            yield at, _mismatch(words, next(iter(branches.values()))[0].details["input"])


def _own(found: Sequence[_Problem], at: Path_) -> int:
    """How many keys of the value itself are wrong, whatever is wrong inside of them."""
    return sum(len(each.path) <= len(at) + 1 for each in found)


def _message(problem: _Problem) -> str:
    details, key = problem.details, problem.path[-1] if problem.path else ""
    context = details.get("ctx", {})
    if problem.kind == "extra_forbidden":
        known: Iterable[str] = known_keys(problem.owner)
        return f"unknown key {key!r}{suggest(str(key), known)}; expected one of: {', '.join(known)}"
    if problem.kind == "missing":
        return f"missing key {key!r}"
    if problem.kind == "literal_error":
        known = [each.strip("'") for each in re.split(", | or ", context["expected"])]
        hint = suggest(str(details["input"]), known)
        return (
            f"{_found(details['input'])} is not allowed{hint}; expected one of: {', '.join(known)}"
        )
    if problem.kind in EXPECTED:
        return _mismatch([_expected(problem)], details["input"])
    return _out_of_form(problem.kind, context, details)


def _out_of_form(kind: str, context: Mapping[str, Any], details: Mapping[str, Any]) -> str:
    """The message for a value of the right type but of another form or length."""
    if kind == "string_pattern_mismatch":
        form = FORMS.get(context["pattern"], context["pattern"])
        return f"{_found(details['input'])} does not look right; expected {form}"
    if kind in COUNTS:
        bound = context.get("min_length", context.get("max_length"))
        return f"{COUNTS[kind].format(bound)}, found {_found(details['input'])}"
    text: str = details["msg"]
    return text


def _expected(problem: _Problem) -> str:
    return EXPECTED.get(problem.kind) or problem.details["ctx"]["expected"]


def _mismatch(words: typing.Iterable[str], value: Any) -> str:
    return f"expected {' or '.join(words)}, found {_found(value)}"


def _found(value: Any) -> str:
    return clip(json.dumps(value, ensure_ascii=False, default=str))
