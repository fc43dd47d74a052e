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
ON_FILL, INK_ON_FILL = "#fefefe", "#1b1b1b"  # words on a fill, the same on any page
DARK_PAPER = "#16181a"  # of a dark page, and words on the colours for it
CLAIMED = "#1a1a1a"  # the claimed value: the darkest line of a figure
ADMITTED = "#e4eef7"  # the values that the claim admits: a tint under the marks
NEUTRAL = "#6b6b6b"  # neither for nor against
LOSS = "#8f1d80"  # a lost share, and the answer no
PALE = "#f1f1f1"  # days on which less is known
MISSING = "#8a8a8a"  # the hatching of missing days
LAND, OTHER_LAND, SEA = "#5f5f5f", "#a3a3a3", "#c4ccd4"


@dataclass(frozen=True, slots=True)
class Style:
    """The colour, marker and word of a category: never a colour alone; `dark` is for dark pages."""

    colour: str
    marker: str
    word: str
    dark: str = ""


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
# Every two differ by more than 15 (CIEDE2000), also for eyes that lack red, green or blue.
VERDICTS = {
    "SUPPORTED": Style("#0111c5", "✔", "supported", "#4a77ff"),
    "MOSTLY_SUPPORTED": Style("#5c75ae", "◕", "mostly supported", "#46c9ff"),
    "DEFINITION_DEPENDENT": Style("#454545", "◑", "depends on the definition", "#fae5eb"),
    "MOSTLY_CONTRADICTED": Style("#a06b03", "◔", "mostly contradicted", "#f9a801"),
    "CONTRADICTED": Style("#822712", "✘", "contradicted", "#de5243"),
    "UNSUPPORTED": Style("#480049", "∅", "not supported by evidence", "#a37296"),
    "INSUFFICIENT": Style("#170e03", "?", "cannot be decided", "#ebffb1"),
    "NOT_TESTABLE": Style("#787578", "–", "cannot be tested", "#99a994"),
    "PENDING": Style("#5f6b76", "…", "still to be tested", "#9aa6b2"),
}
DARK = {  # a figure's colours on a dark page
    INK: "#ececec",
    MUTED: "#b4b4b4",
    RULE: "#44474b",
    PAPER: DARK_PAPER,
    ADMITTED: "#22384d",
    NEUTRAL: "#a0a0a0",
    LOSS: "#e58bd8",
    PALE: "#26292d",
    OUTCOMES[Outcome.PASS].colour: "#6fb3f2",
    OUTCOMES[Outcome.FAIL].colour: "#ff9d57",
    ANSWERS["yes"].colour: "#5fcf8f",
}
DARK_WORDS = {style.colour: style.dark for style in VERDICTS.values()}  # fills keep theirs
