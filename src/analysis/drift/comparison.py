"""The differences between two states, gravest first, each with its causes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.drift import diff
from analysis.drift.causes import Cause, causes, describe
from analysis.drift.snapshots import Snapshot
from analysis.execution.inputs import Inputs
from analysis.verdicts.code_table import compare as compare_codes

MOVEMENT_KINDS = (
    "flip",
    "verdict",
    "certainty",
    "number",
    "figure",
    "input",
    "environment",
)  # gravest first
HEADINGS = {
    "flip": "Verdicts that flipped",
    "verdict": "Verdicts that moved otherwise",
    "certainty": "Certainty that moved, the verdict did not",
    "number": "Numbers beyond tolerance",
    "figure": "Figure data",
    "input": "Input tables",
    "environment": "Environment",
}
EXIT_CODES = {**diff.EXIT_CODES, "flip": 6, "environment": 7}
ENVIRONMENT_INPUTS = ("lock", "installed", "python")
MAX_CHARACTERS = 60  # characters of a value that a sentence repeats


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """One thing that differs. `traced`: the inputs of both sides are known."""

    kind: str
    claim: str
    what: str
    before: Any
    after: Any
    causes: tuple[Cause, ...] = ()
    traced: bool = False

    @property
    def why(self) -> str:
        """The causes as a phrase."""
        return describe(self.causes, traced=self.traced)

    def __str__(self) -> str:
        return f"{self.what}: {shown(self.before)} -> {shown(self.after)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """All that differs between two states."""

    before: str
    after: str
    movements: tuple[Movement, ...]

    def of(self, kind: str) -> tuple[Movement, ...]:
        """The movements of a kind."""
        return tuple(each for each in self.movements if each.kind == kind)

    @property
    def claims(self) -> tuple[str, ...]:
        """The claims that moved, those with the gravest movement first."""
        return tuple(dict.fromkeys(each.claim for each in self.movements if each.claim))

    @property
    def exit_code(self) -> int:
        """That of `claims check` for the gravest movement; 7 if only the environment differs."""
        codes = {EXIT_CODES[each.kind] for each in self.movements}
        return max(codes - {EXIT_CODES["environment"]}, default=max(codes, default=0))


def compare(before: Snapshot, after: Snapshot) -> Drift:
    """The drift from one state to another."""
    moved = [
        *_results(before, after),
        *_environment(before.inputs, after.inputs),
    ]
    moved.sort(key=lambda each: MOVEMENT_KINDS.index(each.kind))
    return Drift(before=before.name, after=after.name, movements=tuple(moved))


def _results(before: Snapshot, after: Snapshot) -> Iterator[Movement]:
    for change in diff.compare(before.results, after.results):
        found, traced = _traced(change.claim, before.inputs, after.inputs)
        for what, old, new in _parts(change):
            yield Movement(
                kind=_kind(change),
                claim=change.claim,
                what=what,
                before=old,
                after=new,
                causes=found,
                traced=traced,
            )


def _parts(change: diff.Change) -> Iterator[tuple[str, Any, Any]]:
    """A change of several values under one name, value by value."""
    old, new = change.before, change.after
    if not (isinstance(old, Mapping) and isinstance(new, Mapping)):
        yield change.what, old, new
        return
    for name in dict.fromkeys([*old, *new]):
        if not diff.equal(old.get(name), new.get(name)):
            yield f"{change.what}.{name}", old.get(name), new.get(name)


def _traced(
    claim: str, before: Mapping[str, Inputs], after: Mapping[str, Inputs]
) -> tuple[tuple[Cause, ...], bool]:
    if claim not in before or claim not in after:
        return (), False
    return causes(before[claim], after[claim]), True


def _kind(change: diff.Change) -> str:
    codes = change.what.startswith("verdict.") and change.what.endswith(".code")
    if codes and compare_codes(change.before, change.after) == "FLIPPED":
        return "flip"
    return change.kind


def _environment(before: Mapping[str, Inputs], after: Mapping[str, Inputs]) -> Iterator[Movement]:
    """Differences of the environment, which all claims share, once."""
    if not before or not after:
        return
    old, new = next(iter(before.values())), next(iter(after.values()))
    for part in ENVIRONMENT_INPUTS:
        if part in old and part in new and old[part] != new[part]:
            yield Movement(
                kind="environment", claim="", what=part, before=old[part], after=new[part]
            )


def headline(drift: Drift) -> str:
    """Counts by kind in one line, the gravest first.

    >>> headline(Drift(before="a", after="b", movements=()))
    'Nothing differs between a and b.'
    """
    if not drift.movements:
        return f"Nothing differs between {drift.before} and {drift.after}."
    counts = [(len(drift.of(kind)), _noun(kind)) for kind in MOVEMENT_KINDS]
    counted = ", ".join(f"{n} {noun if n == 1 else noun + 's'}" for n, noun in counts if n)
    return f"From {drift.before} to {drift.after}: {counted}."


def _noun(kind: str) -> str:
    nouns = {"flip": "flipped verdict", "verdict": "moved verdict field", "figure": "figure"}
    return {
        **nouns,
        "certainty": "moved certainty",
        "input": "input table",
        "environment": "change of the environment",
    }.get(kind, kind)


def shown(value: Any) -> str:
    """A value as text, shortened if it is long."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= MAX_CHARACTERS else f"{text[:12]}…{text[-12:]}"


def grouped(movements: Sequence[Movement]) -> dict[str, list[Movement]]:
    """By claim, in the given order; other movements by their own name."""
    found: dict[str, list[Movement]] = {}
    for each in movements:
        found.setdefault(each.claim or each.what, []).append(each)
    return found
