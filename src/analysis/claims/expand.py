"""Write claims out in full: every key that an entry leaves to a default gets its value.

The full form is what is checked, hashed and run, so a short entry and its full form are the same
claim.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from math import inf
from typing import Any, get_type_hints

from analysis.claims.model import LITERAL, defaults
from analysis.methods import METHODS, method
from analysis.methods.recipes import Table

Entry = Mapping[str, Any]
_NUMBER = re.compile("[0-9]+[a-z]?$")  # and the letter of a part


def expanded(value: Mapping[str, Any]) -> dict[str, Any]:
    """A register whose form is right, with every claim in full."""
    claims = {name: in_full(name, entry) for name, entry in value["claims"].items()}
    return {**value, "claims": claims}


def in_full(name: str, entry: Entry) -> dict[str, Any]:
    """The entry of a claim with the values of the keys that it leaves out.

    >>> found = in_full("T1", {"statement": "It is so.", "method": "documents", "parameters": {}})
    >>> found["section"], found["core"], found["parameters"]["rule"]
    ('T', 'It is so.', 'majority')
    >>> found["readings"]["literal"]["kind"], found["tables"]
    ('literal', ['documents/codings', 'documents/documents'])
    """
    full = {"section": section_of(name), "checkable": checkable(entry), **entry}
    if full["checkable"] == "no":
        return full
    full.setdefault("core", entry["statement"])
    readings = entry.get("readings", {LITERAL: entry["statement"]})
    full["readings"] = {key: _reading(str(key), each) for key, each in readings.items()}
    full["side_assertions"] = {
        key: _side_assertion(each) for key, each in entry.get("side_assertions", {}).items()
    }
    if full["method"] in METHODS:
        first = {factor: options[0] for factor, options in entry.get("grid", {}).items()}
        registered = {**first, **entry.get("parameters", {})}
        full["parameters"] = _with_defaults(full["method"], registered)
        full.setdefault("tables", list(dict.fromkeys(_tables(full))))
    return full


def section_of(name: str) -> str:
    """The section of a claim, by its name.

    >>> section_of("X2"), section_of("X2a")
    ('X', 'X')
    """
    return _NUMBER.sub("", name)


def checkable(entry: Entry) -> str:
    """Whether data can decide it; not where the entry gives a reason why they cannot.

    >>> checkable({}), checkable({"reason": "N1"}), checkable({"checkable": "partly"})
    ('yes', 'no', 'partly')
    """
    answer: str = entry.get("checkable", "no" if "reason" in entry else "yes")
    return answer


def _reading(name: str, written: Entry | str) -> dict[str, Any]:
    """A reading in full; one without anything else may be its statement alone."""
    entry = {"statement": written} if isinstance(written, str) else written
    kind = entry.get("kind", LITERAL if name == LITERAL else "alternative")
    return {"kind": kind, "parameters": {}, **entry}


def _side_assertion(written: Entry) -> dict[str, Any]:
    """What is asserted beside the core, in full; without a method it has the claim's parameters."""
    given = written["parameters"]
    return {**written, "parameters": _with_defaults(written.get("method"), given)}


def _with_defaults(name: str | None, given: Entry) -> dict[str, Any]:
    """The given parameters in their order, then those with a default that YAML can write."""
    usual = defaults(name) if name in METHODS else {}
    plain = {
        key: [*own] if isinstance(own, tuple) else own for key, own in usual.items() if own != inf
    }
    return {**given, **{key: own for key, own in plain.items() if key not in given}}


def _tables(claim: Entry) -> Iterator[str]:
    """The tables of all recipes of a claim, of its readings and of what it asserts beside them."""
    yield from _named(claim["method"], claim["parameters"])
    for reading in claim["readings"].values():
        yield from _named(claim["method"], reading["parameters"])
    for item in claim["side_assertions"].values():
        yield from _named(item.get("method", claim["method"]), item["parameters"])


def _named(name: str, parameters: Entry) -> Iterator[str]:
    """The tables that parameters of a method name, in their order."""
    kinds = _kinds(name)
    for key, value in parameters.items():
        if kinds.get(key) == Table:
            yield from filter(None, [value])
        else:
            yield from _inside(value)


@cache
def _kinds(name: str) -> dict[str, Any]:
    return get_type_hints(method(name), include_extras=True)


def _inside(value: Any) -> Iterator[str]:
    """Every text under a key `table`, however deep."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from [item] if key == "table" and isinstance(item, str) else _inside(item)
    elif isinstance(value, list):
        for item in value:
            yield from _inside(item)
