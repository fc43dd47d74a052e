"""Every trial of a claim as plain values: where a reader's own assumptions are looked up."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from analysis.methods import method
from analysis.verdicts.results import rounded

if TYPE_CHECKING:
    from analysis.claims.model import Claim, Reading
    from analysis.methods.estimate import Citation
    from analysis.verdicts.sweep import Curve, Trial

SUFFIX = ".trials.json"


def dump(claim: Claim, curve: Curve) -> str:
    """The trials as JSON, one to a line."""
    content = trials(claim, curve)
    lines = ",\n".join(json.dumps(each, ensure_ascii=False) for each in content.pop("trials"))
    head = json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False)
    return f'{head[:-2]},\n  "trials": [\n{lines}\n  ]\n}}\n'


def trials(claim: Claim, curve: Curve) -> dict[str, Any]:
    """All trials of a sweep, in its order.

    `factors` maps each choice to its options, a reading's `scale` names the values 0, 1, ... where
    they are stages and no numbers, `evidence` lists the distinct sets of rows as
    `{table: "2-5, 9"}`, and a trial's `rows` is the place of its set in that list.
    """
    sets: dict[tuple[tuple[str, str], ...], int] = {}
    found = [_trial(trial, sets) for trial in curve.trials]
    return {
        "id": claim.id,
        "method": claim.method,
        "factors": {name: list(options) for name, options in _factors(claim, curve).items()},
        "readings": [
            {
                "name": reading.name,
                "kind": reading.kind,
                "statement": reading.statement,
                "votes": reading.votes,
                "scale": _scale(claim, reading),
            }
            for reading in claim.readings
        ],
        "evidence": [dict(each) for each in sets],
        "trials": found,
    }


def _scale(claim: Claim, reading: Reading) -> list[str]:
    """The names of a reading's values, of the few methods that measure in stages."""
    stages = getattr(method(claim.method), "stages", lambda _: ())
    return list(stages(claim.preferred(reading).parameters))


def _factors(claim: Claim, curve: Curve) -> dict[str, list[Any]]:
    """The options of each choice: those of the grid, then what readings fix beside it."""
    factors = {name: list(options) for name, options in claim.grid.items()}
    for trial in curve.trials:
        for name, value in trial.choices.items():
            if value not in factors.setdefault(name, []):
                factors[name].append(value)
    return factors


def _trial(trial: Trial, sets: dict[tuple[tuple[str, str], ...], int]) -> dict[str, Any]:
    estimate = trial.estimate
    cited = tuple(rows(estimate.citations).items())
    return {
        "vintage": trial.vintage,
        "left_out": trial.left_out,
        "reading": trial.reading,
        "choices": dict(trial.choices),
        "preferred": trial.preferred,
        "value": rounded(estimate.value),
        "low": rounded(estimate.low),
        "high": rounded(estimate.high),
        "unit": estimate.unit,
        "n": estimate.n,
        "test": str(trial.pass_criterion),
        "outcome": None if trial.outcome is None else trial.outcome.name.lower(),
        "note": estimate.note,
        "sources": list(estimate.sources),
        "rows": sets.setdefault(cited, len(sets)),
    }


def rows(citations: Iterable[Citation]) -> Mapping[str, str]:
    """The cited rows of each table, as ranges of line numbers."""
    found: dict[str, set[int]] = defaultdict(set)
    for citation in citations:
        found[citation.table].add(citation.row)
    return {table: line_ranges(found[table]) for table in sorted(found)}


def line_ranges(numbers: Iterable[int]) -> str:
    """Numbers as ranges of neighbours.

    >>> line_ranges([9, 2, 3, 4])
    '2-4, 9'
    """
    parts: list[list[int]] = []
    for number in sorted(set(numbers)):
        if parts and number == parts[-1][-1] + 1:
            parts[-1] = [parts[-1][0], number]
        else:
            parts.append([number])
    return ", ".join("-".join(map(str, part)) for part in parts)
