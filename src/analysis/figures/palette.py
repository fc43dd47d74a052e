"""All colours, distinguishable under colour blindness, each with a marker and a word.

Hues are those of Okabe and Ito (Color Universal Design, 2008), darkened until each has a contrast
of 4.5:1 on white, so that a word can have the colour of its marker.
"""

from __future__ import annotations

from dataclasses import dataclass

from analysis.methods.estimate import Outcome

INK = "#1a1a1a"
MUTED = "#565656"
RULE = "#d4d4d4"
PAPER = "#ffffff"
ON_COLOUR = "#fff"  # words on the colour of a verdict
CLAIMED = "#1a1a1a"  # the claimed value: the darkest line of a figure
ADMITTED = "#e4eef7"  # the values that the claim admits: a tint under the marks
NEUTRAL = "#6b6b6b"  # neither for nor against
LOSS = "#8f1d80"  # a lost share, and the answer no
PALE = "#f1f1f1"  # days on which less is known
MISSING = "#8a8a8a"  # the hatching of missing days
LAND, OTHER_LAND, SEA = "#5f5f5f", "#a3a3a3", "#c4ccd4"


@dataclass(frozen=True, slots=True)
class Style:
    """The colour, marker and word of a category: never a colour alone."""

    colour: str
    marker: str
    word: str


OUTCOMES = {
    Outcome.PASS: Style("#0b5fa5", "o", "passes"),
    Outcome.UNCLEAR: Style(NEUTRAL, "D", "unclear"),
    Outcome.FAIL: Style("#b84300", "X", "fails"),
    None: Style(NEUTRAL, "x", "no evidence"),
}
ANSWERS = {
    "yes": Style("#0a7d3e", "o", "yes"),
    "ambiguous": Style(NEUTRAL, "D", "ambiguous"),
    "silent": Style(NEUTRAL, "s", "silent"),
    "no": Style(LOSS, "X", "no"),
}
VERDICTS = {
    "SUPPORTED": Style("#08437a", "✔", "supported"),
    "MOSTLY_SUPPORTED": Style("#3175b5", "◕", "mostly supported"),
    "DEFINITION_DEPENDENT": Style("#6a6a6a", "◑", "depends on the definition"),
    "MOSTLY_CONTRADICTED": Style("#b85412", "◔", "mostly contradicted"),
    "CONTRADICTED": Style("#8a2b00", "✘", "contradicted"),
    "UNSUPPORTED": Style("#7b4a9e", "∅", "unsupported"),
    "INSUFFICIENT": Style("#7d6200", "?", "insufficient evidence"),
    "NOT_TESTABLE": Style("#4f5b66", "–", "not testable"),
    "PENDING": Style("#5f6b76", "…", "still to be tested"),
}
