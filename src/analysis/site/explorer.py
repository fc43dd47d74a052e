"""Every trial of a claim, packed for the page on which a reader chooses the assumptions."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from analysis.claims.model import Claim
from analysis.figures import captions
from analysis.site import words

ABSENT = -1  # a factor that a reading does not have
Trials = Mapping[str, Any]


def packed(
    trials: Trials, claim: Claim, titles: Mapping[str, str], named: Callable[[str], words.Word]
) -> dict[str, Any]:
    """The trials with all sources, as short lists: options by their place in their factor.

    `titles` are those of the tables, by their name; `named` has a choice in words.
    """
    factors = trials["factors"]
    kept = [each for each in trials["trials"] if not each["left_out"]]
    return {
        "id": claim.id,
        "factors": [
            {
                "name": name,
                **named(name)._asdict(),
                "options": options,
                "labels": [
                    words.option(name, captions.chosen(each, options, claim.called))
                    for each in options
                ],
            }
            for name, options in factors.items()
        ],
        "readings": [
            {
                "name": each.name,
                "statement": each.statement,
                "parameters": dict(each.parameters),
                "scale": [claim.called(stage) for stage in scale(trials, each.name)],
            }
            for each in claim.readings
        ],
        "evidence": trials["evidence"],
        "tables": {name: titles[name] for rows in trials["evidence"] for name in rows},
        "trials": [_packed(each, trials, claim) for each in kept],
    }


def scale(trials: Trials | None, reading: str) -> Sequence[str]:
    """The stages that a reading's values stand for; empty where they are numbers."""
    found = (trials or {}).get("readings", ())
    return next((each["scale"] for each in found if each["name"] == reading), ())


def stage(value: float, stages: Sequence[str], claim: Claim) -> str:
    """The name of a value on a scale of stages; one between two is named by both."""
    low, high = math.floor(value), math.ceil(value)
    names = [claim.called(stages[each]) for each in dict.fromkeys((low, high))]
    return " to ".join(names)


def _asserted(test: str, stages: Sequence[str], claim: Claim) -> str:
    """A test in words; on a scale of stages its number is the name of one."""
    words, _, threshold = test.rpartition(" ")
    return f"{words} {stage(float(threshold), stages, claim)}" if stages else test


def _packed(trial: Trials, trials: Trials, claim: Claim) -> list[Any]:
    factors: Mapping[str, list[Any]] = trials["factors"]
    chosen = trial["choices"]
    places = [
        options.index(chosen[name]) if name in chosen else ABSENT
        for name, options in factors.items()
    ]
    shown = [trial[key] for key in ("value", "low", "high", "unit")]
    test = _asserted(trial["test"], scale(trials, trial["reading"]), claim)
    note = captions.searched(trial["note"], claim.called)
    where = [trial["vintage"], trial["reading"], places]
    return [*where, *shown, test, trial["outcome"], note, trial["rows"], trial["preferred"]]


def preferred(trials: Trials) -> dict[str, Trials]:
    """The preferred trial of each reading at publication, with all sources."""
    return {
        each["reading"]: each
        for each in trials["trials"]
        if each["preferred"] and not each["left_out"] and each["vintage"] == "publication"
    }


OUTCOMES = ("pass", "unclear", "fail", None)  # None: no evidence


Counts = list[tuple[str, list[int]]]  # a name, and how many have each of OUTCOMES


def counts(trials: Trials, claim: Claim) -> Counts:
    """How the specifications of each reading come out at publication; those that vote first."""
    found = []
    for reading in sorted(claim.readings, key=lambda each: not each.votes):
        outcomes = Counter(
            each["outcome"]
            for each in trials["trials"]
            if not each["left_out"]
            and (each["vintage"], each["reading"]) == ("publication", reading.name)
        )
        if outcomes:
            name = words.reading(reading.name, literal=reading is claim.literal)
            cells = [outcomes[outcome] for outcome in OUTCOMES]
            found.append((name if reading.votes else f"{name} (beside the verdict)", cells))
    return found


def left_out(trials: Trials, claim: Claim) -> Counts:
    """For each source family: how the publication's voting trials come out without it."""
    votes = {each["name"] for each in trials["readings"] if each["votes"]}
    found: dict[str, Counter[str | None]] = {}
    for trial in trials["trials"]:
        if trial["vintage"] == "publication" and trial["reading"] in votes:
            found.setdefault(trial["left_out"], Counter())[trial["outcome"]] += 1
    return [
        (claim.called(family) or "nothing", [outcomes[outcome] for outcome in OUTCOMES])
        for family, outcomes in sorted(found.items())
    ]
