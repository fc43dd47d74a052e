"""Colours that everybody can tell apart, each with a mark and a word of its own.

Hues are those of Okabe and Ito (Color Universal Design, 2008), darkened until each has a contrast
of 4.5:1 on white, so that words may have the colour of their mark.
"""

from __future__ import annotations

from dataclasses import dataclass

from analysis.methods.estimate import Outcome

INK = "#1a1a1a"
MUTED = "#565656"
RULE = "#d4d4d4"
PAPER = "#ffffff"
CLAIMED = "#1a1a1a"  # the claimed value: the darkest line of a figure
ADMITTED = "#e4eef7"  # the values that the claim admits: a tint under the marks


@dataclass(frozen=True, slots=True)
class Mark:
    """How one kind of thing is drawn: never by colour alone."""

    colour: str
    marker: str
    word: str


OUTCOMES = {
    Outcome.PASS: Mark("#0b5fa5", "o", "passes"),
    Outcome.UNCLEAR: Mark("#6b6b6b", "D", "unclear"),
    Outcome.FAIL: Mark("#b84300", "X", "fails"),
    None: Mark("#6b6b6b", "x", "no evidence"),
}
ANSWERS = {
    "yes": Mark("#0a7d3e", "o", "yes"),
    "unclear": Mark("#6b6b6b", "D", "unclear"),
    "no": Mark("#8f1d80", "X", "no"),
}
VERDICTS = {
    "SUPPORTED": Mark("#08437a", "✔", "supported"),
    "MOSTLY_SUPPORTED": Mark("#3175b5", "◕", "mostly supported"),
    "DEFINITION_DEPENDENT": Mark("#6a6a6a", "◑", "depends on the definition"),
    "MOSTLY_CONTRADICTED": Mark("#b85412", "◔", "mostly contradicted"),
    "CONTRADICTED": Mark("#8a2b00", "✘", "contradicted"),
    "UNSUPPORTED": Mark("#7b4a9e", "∅", "unsupported"),
    "INSUFFICIENT": Mark("#7d6200", "?", "insufficient evidence"),
    "NOT_TESTABLE": Mark("#4f5b66", "–", "not testable"),
    "PENDING": Mark("#5f6b76", "…", "still to be tested"),
}
