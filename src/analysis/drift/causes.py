"""Why a result moved: the inputs of its run that differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.execution.inputs import Inputs, changed_inputs

INPUT_KINDS = {  # kind of cause by input, gravest first
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
INPUT_NAMES = {
    "notebook": "the notebook",
    "metadata": "metadata of the notebook",
    "lock": "requirements.lock",
    "python": "Python",
}
TABLE_PARTS = ("data", "entry", "corrections", "sources")  # what a table is made of
MAX_NAMES = 3  # names that a sentence repeats


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """A kind of input that differs, with the names."""

    kind: str
    names: tuple[str, ...]

    def __str__(self) -> str:
        more = len(self.names) - MAX_NAMES
        names = ", ".join(self.names[:MAX_NAMES])
        return f"{self.kind}: {names}{f' and {more} more' if more > 0 else ''}"


def causes(before: Inputs, after: Inputs) -> tuple[Cause, ...]:
    """The kinds of inputs that differ, data first.

    Inputs that only one side has kept are not compared.

    >>> old = {"lock": "1", "tables": {"a/b": {"data": "1", "entry": "1"}}}
    >>> new = {"lock": "2", "tables": {"a/b": {"data": "2", "entry": "1"}}}
    >>> [str(cause) for cause in causes(old, new)]
    ['data: a/b (data)', 'lock: requirements.lock']
    """
    found: dict[str, list[str]] = {}
    for part, kind in INPUT_KINDS.items():
        if part in before and part in after:
            moved = changed_inputs({part: before[part]}, {part: after[part]})
            names = found.setdefault(kind, [])
            names += dict.fromkeys(_name(part, change.name) for change in moved)
    return tuple(Cause(kind=kind, names=tuple(names)) for kind, names in found.items() if names)


def _name(part: str, path: str) -> str:
    """An input as a sentence names it: `trade/flows (data)`, `grid of the claim`."""
    words = path.split(" ")[1:]
    if part == "tables" and words[-1] in TABLE_PARTS:
        return f"{' '.join(words[:-1])} ({words[-1]})"
    if part == "claim":
        return f"{' '.join(words)} of the claim"
    return " ".join(words).removeprefix("analysis.") or INPUT_NAMES.get(part, part)


def describe(found: Sequence[Cause], *, traced: bool) -> str:
    """The causes as a phrase, also where there is none or where they are unknown."""
    if found:
        return "; ".join(map(str, found))
    return "no input differs" if traced else "not traced: inputs were not kept"
