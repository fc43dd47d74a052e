"""What a sentence asserts of a quantity, and what a method tests of it: docs/method.md, Verb.

The table says which tests answer which verb; a claim whose method makes another test is an error.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

DIFFERENCES = ("level", "first", "second")  # the order of difference that a sentence asserts
QUANTITIES = ("stock", "flow", "count", "share", "rank", "ratio", "size", "index")


@dataclass(frozen=True, slots=True, kw_only=True)
class Verb:
    """A kind of verb: its words, the tests that answer it, and the orders that it can assert."""

    words: str
    tests: frozenset[str]
    differences: tuple[str, ...]


VERBS = {
    "is": Verb(words="is, was, holds, equals", tests=frozenset({"level"}), differences=("level",)),
    "has_grown": Verb(
        words="has grown, has fallen, is larger than it was",
        tests=frozenset({"description"}),
        differences=("first",),
    ),
    "keeps_growing": Verb(
        words="keeps growing, keeps falling, ever-increasing",
        tests=frozenset({"trend"}),
        differences=("first",),
    ),
    "has_gradually_moved": Verb(
        words="has gradually moved", tests=frozenset({"trend"}), differences=("first",)
    ),
    "breaks": Verb(
        words="a break, a departure, since a year",
        tests=frozenset({"break"}),
        differences=("level", "first"),
    ),
    "strengthens": Verb(
        words="strengthens its stock of", tests=frozenset({"description"}), differences=("first",)
    ),
    "responds": Verb(
        words="rises after, falls after, answers",
        tests=frozenset({"event"}),
        differences=("first",),
    ),
}
# The test that a method makes: always, or by the value of one of its parameters.
TESTS: Mapping[str, str | tuple[str, Mapping[str, str]]] = {
    "level": "level",
    "ranking": "level",
    "distance": "level",
    "membership": "level",
    "share": ("asks", {"sum": "level", "holds": "level", "gain": "description"}),
    "trend": (
        "verb",
        {"keeps_growing": "trend", "has_grown": "description", "never_falls": "description"},
    ),
    "breaks": "break",
    "event_study": "event",
}


def tested(method: str, parameters: Mapping[str, Any]) -> str:
    """The test that a method makes with these parameters; empty for one without a quantity.

    >>> tested("share", {"asks": "gain"}), tested("documents", {})
    ('description', '')
    """
    test = TESTS.get(method, "")
    if isinstance(test, str):
        return test
    name, by_value = test
    return by_value.get(parameters.get(name, next(iter(by_value))), "")
