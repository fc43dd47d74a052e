"""Counts over a results file: verdicts, types of claims, shares of specifications."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

Results = Mapping[str, Any]  # as `results` writes it


def code(entry: Mapping[str, Any], vintage: str) -> str:
    """The verdict of a claim at a vintage."""
    found: str = entry["verdict"][vintage]["code"]
    return found


def type_counts(results: Results, vintage: str) -> dict[str, Counter[str]]:
    """The verdicts counted by type of claim, in alphabetical order of the types."""
    found: dict[str, Counter[str]] = {}
    for entry in sorted(results["claims"], key=lambda entry: entry["type"]):
        found.setdefault(entry["type"], Counter())[code(entry, vintage)] += 1
    return found


def pass_shares(results: Results) -> dict[str, float]:
    """The share of the weighted specifications that pass at publication, where there are any."""
    return {
        entry["id"]: entry["robustness"]["pass_share"]
        for entry in results["claims"]
        if entry["robustness"]["pass_share"] is not None
    }
