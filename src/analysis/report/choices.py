"""Every trial of a claim, packed for the page on which a reader chooses the assumptions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from analysis.claims import Claim
from analysis.figures import words

ABSENT = -1  # a factor that a reading does not have
Trials = Mapping[str, Any]


def packed(trials: Trials, claim: Claim) -> dict[str, Any]:
    """The trials with all sources, as short lists: options by their place in their factor."""
    factors = trials["factors"]
    kept = [each for each in trials["trials"] if not each["left_out"]]
    return {
        "id": claim.id,
        "factors": [
            {
                "name": name,
                "options": options,
                "labels": [words.chosen(each, options, claim.called) for each in options],
            }
            for name, options in factors.items()
        ],
        "readings": [
            {"name": each.name, "parameters": dict(each.parameters)} for each in claim.readings
        ],
        "evidence": trials["evidence"],
        "trials": [_packed(each, factors, claim) for each in kept],
    }


def _packed(trial: Trials, factors: Mapping[str, list[Any]], claim: Claim) -> list[Any]:
    chosen = trial["choices"]
    places = [
        options.index(chosen[name]) if name in chosen else ABSENT
        for name, options in factors.items()
    ]
    shown = [trial[key] for key in ("value", "low", "high", "unit", "test", "outcome")]
    note = words.searched(trial["note"], claim.called)
    where = [trial["vintage"], trial["reading"], places]
    return [*where, *shown, note, trial["rows"], trial["preferred"]]


def left_out(trials: Trials) -> list[dict[str, Any]]:
    """For each source family: how the publication's voting trials come out without it."""
    votes = {each["name"] for each in trials["readings"] if each["votes"]}
    found: dict[str, Counter[str]] = {}
    for trial in trials["trials"]:
        if trial["vintage"] == "publication" and trial["reading"] in votes:
            outcome = trial["outcome"] or "no evidence"
            found.setdefault(trial["left_out"], Counter())[outcome] += 1
    return [
        {"family": family, **{key: counts[key] for key in ("pass", "unclear", "fail")},
         "none": counts["no evidence"]}
        for family, counts in sorted(found.items())
    ]  # fmt: skip
