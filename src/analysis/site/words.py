"""What a reader is shown for the codes and slugs of an audit: words, and a definition of each."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from analysis.formatting import MONTHS, day, plain
from analysis.verdicts.wording import WORDS as VERDICTS


class Word(NamedTuple):
    """A word and what it means, in a sentence."""

    word: str
    meaning: str


TAGS: Mapping[str, Word] = {
    "WRONG-DATE": Word("wrong date", "It happened, or is planned, on another date than stated."),
    "WRONG-ACTOR": Word("wrong actor", "Somebody else than the one named did it, or said it."),
    "WRONG-UNIT": Word("wrong unit", "The number stands for another quantity, or another unit."),
    "WRONG-STATUS": Word("wrong status", "It stands at another stage than stated."),
    "WRONG-TERM": Word("wrong term", "The thing has another name, and that makes a difference."),
    "WRONG-PLACE": Word("wrong place", "It is, or happened, in another place than stated."),
    "CONFLATION": Word("conflation", "Two different things are treated as one."),
    "OMISSION": Word("omission", "Something is left out that changes the meaning."),
    "OVERSTATED": Word("overstated", "The record shows less than the sentence says."),
    "UNDERSTATED": Word("understated", "The record shows more than the sentence says."),
    "IMPRECISE": Word("imprecise", "The statement is less exact than the record allows."),
    "UNSOURCED": Word("unsourced", "No source that was found makes this statement."),
    "OUTDATED": Word("outdated", "It was true once, and was no longer at publication."),
    "CHRONOLOGY": Word("wrong order", "The effect is said to follow something that came later."),
}

TYPES: Mapping[str, str] = {
    "attribution": "what somebody said or decided",
    "trend": "a development",
    "causal": "a cause and its effect",
    "event": "an event",
    "forecast": "a forecast",
    "normative": "a judgement",
    "comparison": "a comparison",
    "level": "a number",
    "ranking": "a rank",
    "composition": "a share",
}

# The parameters of methods that a grid varies and whose meaning the method fixes.
CHOICES: Mapping[str, Word] = {
    "admit": Word("Sources admitted", "The weakest kind of source whose rows count."),
    "after": Word("Only what came after", "The day from which entries count."),
    "agreement": Word("Agreement needed", "How many of the sources must say the same."),
    "algorithm": Word("Search for breaks", "The algorithm that looks for the years of a break."),
    "as_of": Word("State of things on", "The day of which the state is read."),
    "base": Word("Base year", "The year with which the later one is compared."),
    "baseline": Word("Coast measured from", "The line at low water, or straight lines along it."),
    "claimed_rung": Word("Stage claimed", "The stage that the sentence is read to assert."),
    "coder": Word("Whose coding", "Three coders read each text: the answer of two, or of one."),
    "compiler": Word("Compiler", "Who put the figures together."),
    "counted": Word("What is counted", "What makes two records one and the same thing."),
    "counts": Word("Statuses that count", "Which statuses count."),
    "day": Word("Day of an event", "Its first day, its last, or the day of its report."),
    "day_shift": Word("Shift of days", "By how many days the series is moved, for time zones."),
    "definition": Word("Definition", "What exactly the word is taken to mean."),
    "denominator": Word("Divided by", "The rate or quantity by which the number is divided."),
    "donut": Word(
        "Days left out at the event", "Days around an event that may belong to either side."
    ),
    "drift": Word("Steady drift", "Whether a steady trend is taken out first."),
    "edition": Word("Edition", "Which edition of the figures is read."),
    "families": Word("Independent sources needed", "How many sources that do not copy each other."),
    "form": Word("Form of the series", "As values, logarithms, growth or the presence of a mark."),
    "frequency": Word("Length of a period", "Whether years or parts of years are compared."),
    "gaps": Word("Missing days", "Left out, or bounded by the least and most that is possible."),
    "kinds": Word("Kinds counted", "Which kinds of item belong on the list."),
    "least_segment": Word("Shortest stretch", "The fewest periods between two breaks."),
    "lost": Word("Who lost", "Whose loss of share is explained."),
    "metric": Word("Measure", "The quantity by which shares are taken."),
    "minimum": Word("Fewest sources", "How many independent sources must say so."),
    "outcome": Word("Outcome", "What is counted from day to day."),
    "period": Word("Period", "The time that is read."),
    "precise": Word("Exact dates only", "Whether dates known only to the month are left out."),
    "prices": Word("Prices", "In the money of each year, or adjusted for inflation."),
    "rival": Word("Compared with", "The measure that must be lower for the claim to hold."),
    "roster": Word("List of bodies", "Which bodies are looked at."),
    "rule": Word("How many must say so", "Any, most or all of the sources."),
    "same_code": Word("Items under one code", "Counted once, or each by itself."),
    "scope": Word("Scope", "Which texts or things are looked at."),
    "series": Word("Series", "Which record is searched for a break."),
    "source": Word("Texts of", "Whose texts are read."),
    "start": Word("From", "The first period that is read."),
    "last_year": Word("To", "The last period that is read."),
    "tolerance": Word("Tolerance", "By how much a value may miss and still count."),
    "track": Word("Track", "Where between the coasts the passage is taken to lie."),
    "unclear": Word("Unclear items", "Counted in, out, left aside, or as bounds from both sides."),
    "where": Word("Records", "Which records of the event count."),
    "window": Word("Days before and after", "How many days on each side are compared."),
}

QUALITIES: Mapping[str, str] = {
    "official": "official record",
    "report": "report by a named reputable body",
    "tabulation": "tabulation by a third party",
    "unnamed": "unnamed officials",
    "aggregator": "aggregator",
}

VINTAGES = {"publication": "at publication", "latest": "on the latest evidence"}
LITERAL = "As written"
_CODES = {**VERDICTS, **{tag: each.word for tag, each in TAGS.items()}}
_CODE = re.compile(rf"\b(?:{'|'.join(sorted(_CODES, key=len, reverse=True))})\b")
_WEIGHTED = re.compile(r"(\d+%) of the weighted specifications (pass, \d+% fail)")
EQUALLY = "where each set of sources weighs the same"
_PLACE = re.compile(r"p(\d+) s(\d+(?:-\d+)?)")


def place(locator: str) -> str:
    """Where in its section a claim stands.

    >>> place("p2 s3-5"), place("section tag")
    ('paragraph 2, sentences 3–5', 'section tag')
    """
    found = _PLACE.fullmatch(locator)
    if not found:
        return locator
    paragraph, sentence = found.groups()
    plural = "s" if "-" in sentence else ""
    return f"paragraph {paragraph}, sentence{plural} {sentence.replace('-', '–')}"


def when(value: date | str) -> str:
    """A day, or as much of it as is known.

    >>> when("2025-09"), when("2024-12-10"), when(date(2024, 12, 10)), when("2024")
    ('Sep 2025', '10 Dec 2024', '10 Dec 2024', '2024')
    """
    parts = str(value).split("-")
    if len(parts) == 3:  # noqa: PLR2004 - year, month and day
        return day(date.fromisoformat(str(value)))
    return f"{MONTHS[int(parts[1]) - 1]} {parts[0]}" if len(parts) > 1 else parts[0]


def paragraph(locator: str) -> str:
    """The paragraph of a locator, or all of one that names none.

    >>> paragraph("p2 s3"), paragraph("title")
    ('2', 'title')
    """
    found = _PLACE.fullmatch(locator)
    return found[1] if found else locator


def sentence(locator: str) -> int:
    """The first sentence of a locator, 0 where it names none.

    >>> sentence("p2 s3-5"), sentence("title")
    (3, 0)
    """
    found = _PLACE.fullmatch(locator)
    return int(found[2].partition("-")[0]) if found else 0


def choice(name: str, own: Mapping[str, Mapping[str, str]]) -> Word:
    """A choice of the grid in words: the audit's `own`, else the library's, else its name.

    >>> choice("base_year", {"base_year": {"word": "Base", "meaning": "The year before."}})
    Word(word='Base', meaning='The year before.')
    >>> choice("first_day", {})
    Word(word='First day', meaning='')
    """
    if name in own:
        return Word(own[name]["word"], own[name].get("meaning", ""))
    return CHOICES.get(name) or Word(plain(name).capitalize(), "")


def option(name: str, label: str) -> str:
    """An alternative of a choice in words.

    >>> option("coder", "b"), option("reporter", "Norland")
    ('coder B', 'Norland')
    """
    if name == "coder":
        return "two of three coders" if label == "majority" else f"coder {label.upper()}"
    return label


def reading(name: str, *, literal: bool) -> str:
    """The name of a reading.

    >>> reading("literal", literal=True), reading("just_over", literal=False)
    ('As written', 'Just over')
    """
    return LITERAL if literal else plain(name).capitalize()


def kinds_of_cause(cause: str) -> str:
    """The kinds of inputs that a recorded cause names; nothing for one without names.

    >>> kinds_of_cause("data: trade/gdp; code: claims.checks and 3 more"), kinds_of_cause("lost")
    ('data, code', '')
    """
    return ", ".join(part.partition(": ")[0] for part in cause.split("; ") if ": " in part)


def in_words(text: str) -> str:
    """A text of the audit, with words in place of the codes of verdicts and errors.

    >>> in_words("It is MOSTLY_SUPPORTED, and WRONG-DATE.")
    'It is mostly supported, and wrong date.'
    """
    return _CODE.sub(lambda found: _CODES[found[0]], text)


def reason(text: str) -> str:
    """A recorded reason without codes: a tag by its word, a true minus.

    >>> reason("WRONG-ACTOR: this passes: It is another firm's.")
    "Wrong actor, as this holds: It is another firm's."
    >>> reason("-1 0 of 2 specifications have evidence")
    '−1: 0 of 2 specifications have evidence'
    >>> reason("89% of the weighted specifications pass, 11% fail")
    '89% of the specifications pass, 11% fail, where each set of sources weighs the same'
    """
    for outcome, shown in (("passes", "holds"), ("fails", "does not hold")):
        text = text.replace(f": this {outcome}: ", f", as this {shown}: ")
    text = _WEIGHTED.sub(rf"\1 of the specifications \2, {EQUALLY}", text)
    text = re.sub(r"\bliteral\b", LITERAL.lower(), in_words(text))
    if step := re.match(r"([-+])1 ", text):
        return f"{'−' if step[1] == '-' else '+'}1: {text[step.end() :]}"
    return f"{text[:1].upper()}{text[1:]}"
