"""Why a result moved: which ingredients of its run differ. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.execution.inputs import Ingredients, changes

KINDS = {  # the ingredients, gravest first, and the kind of cause that a change of each is
    "tables": "data",
    "claim": "parameters",
    "parameters": "parameters",
    "notebook": "code",
    "metadata": "code",
    "modules": "code",
    "installed": "lock",
    "lock": "lock",
    "python": "environment",
}
WORDS = {
    "notebook": "the notebook",
    "metadata": "metadata of the notebook",
    "lock": "requirements.lock",
    "python": "Python",
}
PARTS = ("data", "entry", "corrections", "sources")  # what a table is made of
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

    >>> old = {"lock": "1", "tables": {"a/b": {"data": "1", "entry": "1"}}}
    >>> new = {"lock": "2", "tables": {"a/b": {"data": "2", "entry": "1"}}}
    >>> [str(cause) for cause in causes(old, new)]
    ['data: a/b (data)', 'lock: requirements.lock']
    """
    found: dict[str, list[str]] = {}
    for part, kind in KINDS.items():
        if part in before and part in after:
            moved = changes({part: before[part]}, {part: after[part]})
            names = found.setdefault(kind, [])
            names += dict.fromkeys(_name(part, change.name) for change in moved)
    return tuple(Cause(kind=kind, names=tuple(names)) for kind, names in found.items() if names)


def _name(part: str, path: str) -> str:
    """What has changed, as a sentence calls it: `trade/flows (data)`, `grid of the claim`."""
    words = path.split(" ")[1:]
    if part == "tables" and words[-1] in PARTS:
        return f"{' '.join(words[:-1])} ({words[-1]})"
    if part == "claim":
        return f"{' '.join(words)} of the claim"
    return " ".join(words).removeprefix("analysis.") or WORDS.get(part, part)


def told(found: Sequence[Cause], *, traced: bool) -> str:
    """The causes in a few words; says so where they are not known, or where there is none."""
    if found:
        return "; ".join(map(str, found))
    return "no ingredient differs" if traced else "not traced: ingredients were not kept"
