"""The finding of a claim: what is true, in one sentence that the trials of a vintage fill.

The claims file has a text for each outcome. One whose numbers the evidence does not have gives way
to a sentence made of the measured value, and that one to the words of the verdict.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from analysis.claims.finding_texts import LONGEST, Placeholder, pieces
from analysis.claims.model import REASONS
from analysis.verdicts import disputes
from analysis.verdicts.code_table import NO_SEARCH, SOURCES_DISAGREE
from analysis.verdicts.finding_facts import Facts
from analysis.verdicts.sweep import LATEST, PUBLICATION
from analysis.verdicts.wording import BY_RULE, PUBLIC_LATER, SENTENCES

if TYPE_CHECKING:
    from analysis.claims.model import Claim
    from analysis.verdicts.code_table import Row
    from analysis.verdicts.sweep import Curve

GROUP_OF = {  # of the texts in the claims file, by verdict
    "SUPPORTED": "pass",
    "MOSTLY_SUPPORTED": "pass",
    "DEFINITION_DEPENDENT": "mixed",
    "MOSTLY_CONTRADICTED": "fail",
    "CONTRADICTED": "fail",
    "INSUFFICIENT": "open",
    "UNSUPPORTED": "open",
}
GENERATED: Mapping[str, Sequence[str]] = {  # by method: the first text that can be filled
    "documents": (
        "Of {documents:document} read, {yes} answer yes and {no} no to the question of the claim.",
    ),
    "timeline": (
        "The highest stage on record is “{stage}”; the claim needs “{claimed_stage}”.",
        "{value:earlier case} found in {searched:row}; the claim says there was none.",
        "On record for {day}; the claim says {claimed_day}.",
        "On record: {measured}; the criterion is {criterion}.",
    ),
    "trend": (
        "{course}.",
        "Going {direction}: {agreeing} of {series:series|series}; measured {measured}.",
    ),
}
MEASURED = "Measured {measured}; the criterion is {criterion}."


def finding(claim: Claim, curve: Curve, vintage: str, row: Row) -> str:
    """The sentence for the row of the table that gave the verdict at `vintage`.

    Example: `finding(claim, curve, "publication", verdict.rule)`
    """
    if not claim.testable:
        return untestable(claim)
    disputed = row.name == SOURCES_DISAGREE.name  # a text on too little evidence would be false
    group = "" if disputed else GROUP_OF.get(row.code, "")
    written = claim.finding.get(row.name) or claim.finding.get(group)
    facts = Facts(claim, curve, vintage)
    if written and (text := filled(written, facts)):
        return text
    shown = disputes.disputed(curve.select(vintage, claim.literal.name))
    if disputed and shown is not None:
        return f"Disputed: {disputes.words(shown).removeprefix('disputed: ')}."
    for each in (*GENERATED.get(claim.method, ()), MEASURED):
        if facts.value is not None and (text := filled(each, facts)):
            return _with_counts(text, facts) if group == "mixed" else text
    if vintage == PUBLICATION and row is NO_SEARCH and _known_later(claim, curve):
        return PUBLIC_LATER
    return BY_RULE.get(row.name, SENTENCES[row.code])


def _known_later(claim: Claim, curve: Curve) -> bool:
    return Facts(claim, curve, LATEST).value is not None


def _with_counts(text: str, facts: Facts) -> str:
    """The text, and how many specifications come out either way, if it does not get too long."""
    counts = filled("; {passing} of {specifications:specification} pass.", facts)
    both = f"{text[:-1]}{counts}"
    return both if counts and len(both) <= LONGEST else text


def untestable(claim: Claim) -> str:
    """The sentence for a claim that no data can decide."""
    return f"Cannot be tested: {REASONS[claim.reason]}."


def filled(text: str, facts: Facts) -> str | None:
    """The text with its numbers; None where the evidence lacks one of them."""
    parts = []
    for words, each in pieces(text):
        parts.append(words)
        if each is not None:
            value = _written(each, facts)
            if value is None:
                return None
            parts.append(value)
    sentence = "".join(parts)
    return sentence[:1].upper() + sentence[1:]


def _written(each: Placeholder, facts: Facts) -> str | None:
    value = facts.get(each.name, each.of)
    return None if value is None else format(value, each.format)
