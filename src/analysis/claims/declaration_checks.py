"""Find declarations of a claim that its method, its grid or its readings contradict."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from analysis.claims.model import LITERAL
from analysis.errors import suggest
from analysis.methods import METHODS
from analysis.methods.parameters import hints
from analysis.methods.verbs import VERBS, tested

if TYPE_CHECKING:
    from analysis.yamlfile import Path_

Fault = tuple["Path_", str]
Entry = Mapping[str, Any]
PARTED = ("proxy", "practice", "stake")  # of certainty: may be declared for parts


def declaration_faults(entry: Entry, where: Path_) -> Iterator[Fault]:
    """The faults of one claim: words that the rule fixes, its verb, its readings, its parts."""
    yield from _varied(entry, where)
    yield from _other_verb(entry, where)
    yield from _idle_readings(entry, where)
    yield from _unknown_parts(entry, where)


def search_faults(value: Entry) -> Iterator[Fault]:
    """Claims of the search log that are none."""
    known = value["claims"]
    for index, search in enumerate(value.get("searches", ())):
        for place, name in enumerate(search["claims"]):
            if name not in known:
                message = f"unknown claim {name!r}{suggest(name, known)}"
                yield ("searches", index, "claims", place), message


def _varied(entry: Entry, where: Path_) -> Iterator[Fault]:
    """Choices of the grid, and parameters of voting readings, that the rule fixes."""
    known = hints(entry["method"]) if entry["method"] in METHODS else {}
    for index, name in enumerate(entry.get("fixed", ())):
        if known and name not in known:
            message = f"{name!r} is no parameter of {entry['method']}{suggest(name, known)}"
            yield (*where, "fixed", index), message
        if name in entry.get("grid", {}):
            message = f"the rule fixes {name!r} (`fixed`): another value is another claim"
            yield (*where, "grid", name), message
        for key, reading in entry.get("readings", {}).items():
            varied = name in reading.get("parameters", {}) and not reading.get("changes")
            if varied and reading["kind"] != LITERAL:
                message = f"the rule fixes {name!r} (`fixed`): say what the reading `changes`"
                yield (*where, "readings", key, "parameters", name), message


def _other_verb(entry: Entry, where: Path_) -> Iterator[Fault]:
    """A verb that the method does not test, or that cannot assert the declared difference."""
    if "verb" not in entry:
        return
    verb, method = VERBS[entry["verb"]], entry["method"]
    for key, reading in entry["readings"].items():
        if reading["kind"] == LITERAL:
            own = {**entry.get("parameters", {}), **reading.get("parameters", {})}
            if (test := tested(method, own)) not in verb.tests:
                expected = ", ".join(sorted(verb.tests))
                message = (
                    f"{entry['verb']!r} ({verb.words}) is tested by: {expected};"
                    f" the method {method!r} makes the test {test or 'none'!r} in {key!r}"
                )
                yield (*where, "verb"), message
    if "difference" in entry and entry["difference"] not in verb.differences:
        expected = ", ".join(verb.differences)
        message = f"{entry['verb']!r} asserts the difference: {expected}"
        yield (*where, "difference"), message


def _idle_readings(entry: Entry, where: Path_) -> Iterator[Fault]:
    """A literal reading that changes something, and a tag on a reading that has a vote."""
    for key, reading in entry["readings"].items():
        place = (*where, "readings", key)
        if reading["kind"] == LITERAL and "changes" in reading:
            yield (*place, "changes"), "the literal reading keeps subject, verb and object"
        elif "tag" in reading and "changes" not in reading:
            message = "a reading that votes earns no tag: leave it out, or say what it `changes`"
            yield (*place, "tag"), message


def _unknown_parts(entry: Entry, where: Path_) -> Iterator[Fault]:
    """Parts for which certainty is declared, and that occur nowhere in the claim."""
    known = {*entry.get("tables", ()), *texts(entry.get("parameters", {}))}
    known |= set(texts(entry.get("readings", {})))
    for kind in PARTED:
        declared = entry.get("certainty", {}).get(kind)
        if isinstance(declared, Mapping):
            for name in declared:
                if name not in known:
                    message = f"{name!r} is no table and no part of the claim{suggest(name, known)}"
                    yield (*where, "certainty", kind, name), message


def texts(value: Any) -> Iterator[str]:
    """All keys and texts of a plain value, however deep.

    >>> list(texts({"a": ["b", 2, {"c": "d"}]}))
    ['a', 'b', 'c', 'd']
    """
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield str(key)
            yield from texts(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from texts(item)
