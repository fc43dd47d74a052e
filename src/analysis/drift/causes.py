"""Why a result moved: which ingredients of its run differ. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Ingredients = Mapping[str, Any]  # each a digest, or names with their digests

KINDS = {  # the ingredients, gravest first, and the kind of cause that a change of each is
    "tables": "data",
    "claim": "parameters",
    "parameters": "parameters",
    "notebook": "code",
    "modules": "code",
    "lock": "lock",
    "python": "environment",
}
WORDS = {
    "claim": "the claim's rule",
    "parameters": "registered parameters",
    "notebook": "the notebook",
    "lock": "requirements.lock",
    "python": "the version of Python",
}
SHOWN = 3  # names that a sentence repeats


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """A kind of ingredient that differs, and the names of those that do."""

    kind: str
    names: tuple[str, ...]

    def __str__(self) -> str:
        more = len(self.names) - SHOWN
        told = ", ".join(self.names[:SHOWN])
        return f"{self.kind}: {told}{f' and {more} more' if more > 0 else ''}"


def causes(before: Ingredients, after: Ingredients) -> tuple[Cause, ...]:
    """The kinds of ingredients that differ, data first.

    An ingredient that one side does not state is not compared: what was not kept tells nothing.

    >>> [str(cause) for cause in causes({"lock": "1", "tables": {"a/b": "1"}},
    ...                                 {"lock": "2", "tables": {"a/b": "2"}})]
    ['data: a/b', 'lock: requirements.lock']
    """
    found: dict[str, list[str]] = {}
    for part, kind in KINDS.items():
        if part in before and part in after:
            found.setdefault(kind, []).extend(_differing(part, before[part], after[part]))
    return tuple(Cause(kind=kind, names=tuple(names)) for kind, names in found.items() if names)


def _differing(part: str, before: Any, after: Any) -> Iterator[str]:
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        names = sorted({*before, *after})
        yield from (name for name in names if before.get(name) != after.get(name))
    elif before != after:
        yield WORDS.get(part, part)


def told(found: tuple[Cause, ...], *, traced: bool) -> str:
    """The causes in a few words; says so where they are not known, or where there is none."""
    if found:
        return "; ".join(map(str, found))
    return "no ingredient differs" if traced else "not traced: ingredients were not kept"
