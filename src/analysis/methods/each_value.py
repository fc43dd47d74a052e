"""One recipe for several values, as for several areas: how many of them meet the claim."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from analysis.errors import ParameterError
from analysis.formatting import interval
from analysis.methods.estimate import Criterion, Estimate, Outcome, Point, interval_of, no_evidence

Values = Mapping[str, Sequence[str]]  # one name, and its values
EACH_WORDS = {Outcome.PASS: "passes", Outcome.UNCLEAR: "unclear", Outcome.FAIL: "fails"}


def criterion(across: Values, needed: int) -> Criterion:
    """At least `needed` of the values, or all of them for 0.

    Raises ParameterError where there is not one name, a value twice, or more needed than there are.
    """
    names = [value for values in across.values() for value in values]
    if len(across) != 1 or not names or len(set(names)) < len(names):
        raise ParameterError("`across` maps one name to its values, each once")
    if not 0 <= needed <= len(names):
        raise ParameterError(f"needed={needed}: `across` has {len(names)} values")
    return Criterion(comparison="at_least", threshold=needed or len(names))


def words(across: Values) -> Iterator[tuple[str, dict[str, str]]]:
    """Each value, with the word that it puts in the place of the name."""
    for name, values in across.items():
        for value in values:
            yield value, {name: value}


def combined(parts: Mapping[str, Estimate], each: Criterion, name: str) -> Estimate:
    """How many of the parts meet the criterion: those that surely do, to all that may.

    A part without evidence may. Its points are the parts, and its note what each came out at.
    """
    unit = f"of {len(parts)} by {name}"
    outcomes = {value: each.outcome(found) for value, found in parts.items()}
    missing = "; ".join(found.note for found in parts.values() if found.value is None)
    if not any(outcome is not None for outcome in outcomes.values()):
        return no_evidence(missing, unit)
    sure = sum(outcome is Outcome.PASS for outcome in outcomes.values())
    possible = sum(outcome is not Outcome.FAIL for outcome in outcomes.values())
    cited = tuple(citation for found in parts.values() for citation in found.citations)
    return Estimate(
        value=sure,
        low=sure,
        high=possible,
        unit=unit,
        n=len(cited),
        citations=cited,
        points=tuple(
            _point(value, found, EACH_WORDS[outcome])
            for value, found in parts.items()
            if (outcome := outcomes[value]) is not None
        ),
        note=missing,
    )


def _point(label: str, found: Estimate, outcome: str) -> Point:
    """A part as a figure draws it."""
    low, high = interval_of(found)
    return Point(
        label=label,
        value=(low + high) / 2 if found.value is None else found.value,
        low=low,
        high=high,
        family=";".join(found.families),
        source_id=";".join(found.sources),
        row=";".join(map(str, found.citations)),
        text=f"{interval(found)} {found.unit}: {outcome}",
    )
