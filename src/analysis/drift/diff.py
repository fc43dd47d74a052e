"""The differences between two results files, from a flipped verdict to another input."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.verdicts.sweep import LATEST, PUBLICATION, VINTAGES

MAX_CHARACTERS = 80  # characters of a changed value that a message repeats
TOLERANCE = 1e-9  # relative and absolute difference under which two numbers are equal


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Something that differs between two results files."""

    kind: str
    claim: str
    what: str
    before: Any
    after: Any

    def __str__(self) -> str:
        return (
            f"{self.claim or 'inputs'}: {self.what}: {_shown(self.before)} -> {_shown(self.after)}"
        )


CHANGE_KINDS = (
    "input",
    "figure",
    "number",
    "certainty",
    "verdict",
)  # from the mildest to the gravest
ESTIMATE_FIELDS = ("value", "low", "high", "sources")  # at publication the claim's own
ROBUSTNESS_FIELDS = (
    "nearest_counterexample", "sensitivity", "alternatives", "pivotal_sources", "tests",
)  # fmt: skip
EXIT_CODES = {"input": 3, "figure": 4, "number": 5, "certainty": 6, "verdict": 6}


def compare(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """What moved between two results files, verdicts first."""
    changes = [*_inputs(before, after), *_claims(before, after)]
    return sorted(changes, key=lambda change: -CHANGE_KINDS.index(change.kind))


def exit_code(changes: Sequence[Change]) -> int:
    """0 when nothing moved, else the code of the gravest kind of change."""
    return max((EXIT_CODES[change.kind] for change in changes), default=0)


def _inputs(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    old, new = before.get("inputs", {}), after.get("inputs", {})
    for name in sorted({*old, *new}):
        if old.get(name) != new.get(name):
            yield Change(
                kind="input", claim="", what=name, before=old.get(name), after=new.get(name)
            )


def _claims(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    old = {entry["id"]: entry for entry in before["claims"]}
    new = {entry["id"]: entry for entry in after["claims"]}
    for name in dict.fromkeys([*old, *new]):
        if name not in old or name not in new:
            there = (name in old, name in new)
            yield Change(kind="verdict", claim=name, what="listed", before=there[0], after=there[1])
            continue
        yield from _one_claim(name, old[name], new[name])


def _one_claim(name: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    for kind, what, before, after in _compared(old, new):
        if not equal(before, after):
            yield Change(kind=kind, claim=name, what=what, before=before, after=after)


def _compared(
    old: Mapping[str, Any], new: Mapping[str, Any]
) -> Iterator[tuple[str, str, Any, Any]]:
    for vintage in (PUBLICATION, LATEST):
        yield from _verdicts(old, new, vintage)
    for part in ("vintage_flag", "tags", "reason", "statement", "method"):
        yield "verdict", part, old.get(part), new.get(part)
    for part in ("estimate", "robustness", "sources", "rows", "claimed"):
        yield "number", part, old.get(part), new.get(part)
    for vintage in VINTAGES:
        before, after = (entry.get("detail", {}).get(vintage, {}) for entry in (old, new))
        for part in (*(ESTIMATE_FIELDS if vintage == LATEST else ()), *ROBUSTNESS_FIELDS):
            yield "number", f"detail.{vintage}.{part}", before.get(part), after.get(part)
    before, after = (entry.get("figure") or {} for entry in (old, new))
    # Other data are drawn otherwise: only one of the two is said.
    part = "data_sha256" if before.get("data_sha256") != after.get("data_sha256") else "svg_sha256"
    yield "figure", f"figure.{part}", before.get(part), after.get(part)
    if old.get("finding") and new.get("finding"):  # results from before there were any have none
        for vintage in VINTAGES:  # it is the title of the figure
            sentences = (entry["finding"].get(vintage) for entry in (old, new))
            yield "figure", f"finding.{vintage}", *sentences


def _verdicts(
    old: Mapping[str, Any], new: Mapping[str, Any], vintage: str
) -> Iterator[tuple[str, str, Any, Any]]:
    """Code, certainty and rule of one vintage; a certainty that moved alone is of its own kind."""
    before, after = (entry["verdict"][vintage] for entry in (old, new))
    same = before["code"] == after["code"]
    yield "verdict", f"verdict.{vintage}.code", before["code"], after["code"]
    kind = "certainty" if same else "verdict"
    yield kind, f"verdict.{vintage}.certainty", before["certainty"], after["certainty"]
    rules = [entry.get("detail", {}).get(vintage, {}).get("rule") for entry in (old, new)]
    if all(rules):  # results from before it was kept have none
        yield "verdict", f"detail.{vintage}.rule", *rules


def equal(before: Any, after: Any) -> bool:
    """Whether two values of a record are the same, numbers but for noise."""
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        names = {*before, *after}
        return all(equal(before.get(name), after.get(name)) for name in names)
    if _number(before) and _number(after):
        return math.isclose(before, after, rel_tol=TOLERANCE, abs_tol=TOLERANCE)
    return bool(before == after)


def _number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _shown(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= MAX_CHARACTERS else f"{text[: MAX_CHARACTERS - 3]}..."
