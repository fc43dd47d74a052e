"""Find stated numbers that are a thousand, a million or a billion times off the measured ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from analysis.claims.checks import parameter_blocks
from analysis.claims.family_checks import words_of
from analysis.claims.measures import SIZES
from analysis.claims.row_checks import rows_of
from analysis.formatting import number as in_words

if TYPE_CHECKING:
    from analysis.claims.checks import Fault
    from analysis.claims.plain_tables import Tables

NEAR = 0.25  # relative difference up to which a number is the measured one but for its power


def faults(value: Any, tables: Tables) -> list[Fault]:
    """Warnings on the levels whose stated number fits a measured one but for a word of size.

    Only of one term without a divisor: a ratio has no unit to mistake.
    """
    found: dict[Fault, None] = {}
    for where, name, given in parameter_blocks(value):
        claim = value["claims"][where[1]]
        if name != "level" or "claimed" not in given or claim["method"] != "level":
            continue
        words = words_of(claim, {}) | given.get("across", {})
        for measure in given.get("measures", ()):
            if len(measure["terms"]) == 1 and "over" not in measure:
                scale = measure.get("scale", 1.0)
                numbers = _numbers(measure["terms"][0], scale, words, tables)
                message = _off(given["claimed"], numbers, given.get("unit", ""))
                found |= dict.fromkeys([((*where, "claimed"), message)] if message else [])
    return list(found)


def _numbers(
    term: Mapping[str, Any], scale: float, words: Mapping[str, Sequence[Any]], tables: Tables
) -> Iterator[float]:
    """The measured numbers in the unit of the claim; none where a rate converts them."""
    if "rate" in term or term.get("reduce") == "sum":
        return
    for row in rows_of(term, words, tables):
        try:
            yield float(row[term["value"]]) * term.get("scale", 1.0) * scale
        except (KeyError, ValueError):
            continue


def _off(claimed: float, numbers: Iterator[float], unit: str) -> str:
    for number in numbers:
        for word, size in SIZES.items():
            for factor, hint in ((size, f"unit: {word} {unit}".rstrip()), (1 / size, "")):
                if claimed and abs(number / (claimed * factor) - 1) <= NEAR:
                    said, met = in_words(claimed), in_words(number)
                    text = f"the claim says {said} {unit}, a row has {met} {unit}"
                    return f"{text}: did you mean `{hint}`?" if hint else text
    return ""
