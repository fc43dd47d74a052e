"""Every claim in a few words, and how all of them fared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from analysis.claims.model import Claim
from analysis.figures.palette import VERDICTS
from analysis.site.context import Material, finding
from analysis.site.words import TAGS, TYPES, VINTAGES, place
from analysis.verdicts.wording import certainty, word

Card = Mapping[str, Any]
WRONG = ("CONTRADICTED", "MOSTLY_CONTRADICTED")
UNTESTED = ("NOT_TESTABLE", "PENDING")
ANSWERS_FIRST = (*WRONG, "DEFINITION_DEPENDENT", "MOSTLY_SUPPORTED", "SUPPORTED")


def badge(code: str, rule: str = "") -> dict[str, str]:
    """A verdict as a page shows it: its code, word and mark, never colour alone."""
    return {"code": code, "word": word(code, rule), "marker": VERDICTS[code].marker}


def cards(material: Material) -> list[Card]:
    """Every claim, in the article's order."""
    return [card(material, claim) for claim in material.register.claims.values()]


def card(material: Material, claim: Claim) -> dict[str, Any]:
    """A claim in a few words."""
    entry = material.entries[claim.id]
    head, latest = (entry["verdict"][vintage] for vintage in VINTAGES)
    rules = [entry["detail"].get(vintage, {}).get("rule", "") for vintage in VINTAGES]
    tags = entry["detail"].get("publication", {}).get("tags", ())
    return {
        "id": claim.id,
        "title": claim.title,
        "statement": claim.statement,
        "section": claim.section,
        "place": place(claim.locator),
        "type": TYPES.get(claim.type, claim.type),
        "verdict": badge(head["code"], rules[0]),
        "latest": badge(latest["code"], rules[1]),
        "moved": head["code"] != latest["code"],
        "certainty": certainty(head["certainty"]),
        "tags": [TAGS[tag] for tag in tags if tag in TAGS],
        "finding": finding(material, claim),
        "words": _words(material, claim),
        "failed": material.failures.get(claim.id),
        "thumbnail": bool(entry.get("figure")) and material.figure(f"{claim.id}.png").exists(),
    }


def _words(material: Material, claim: Claim) -> str:
    """What a claim is found by beside what its card shows."""
    listed = material.catalog.tables
    tables = (listed[name].title for name in claim.tables if name in listed)
    return " ".join([claim.title, claim.rule, *tables])


def tally(shown: Sequence[Card]) -> list[dict[str, Any]]:
    """How many claims have each verdict, from supported to contradicted, then the open ones."""
    counts = Counter(each["verdict"]["code"] for each in shown)
    return [{**badge(code), "count": counts[code]} for code in VERDICTS if counts[code]]


def groups(shown: Sequence[Card]) -> Iterator[dict[str, Any]]:
    """The claims by verdict: what is wrong first, what could not be tested last."""
    for code in dict.fromkeys((*ANSWERS_FIRST, *VERDICTS)):
        own = [each for each in shown if each["verdict"]["code"] == code]
        if own:
            yield {**badge(code), "cards": own, "open": code in WRONG}


def answer(shown: Sequence[Card]) -> str:
    """What came out, in a sentence.

    >>> made = [{"verdict": {"code": code}} for code in ("CONTRADICTED", "SUPPORTED", "PENDING")]
    >>> answer(made)
    '1 of 2 testable claims is contradicted or mostly contradicted'
    >>> answer([*made, {"verdict": {"code": "INSUFFICIENT"}}])
    '1 of 3 testable claims is contradicted or mostly contradicted; 1 cannot be decided'
    """
    codes = [each["verdict"]["code"] for each in shown]
    tested = sum(code not in UNTESTED for code in codes)
    wrong = sum(code in WRONG for code in codes)
    verb = "is" if wrong == 1 else "are"
    which = f"{wrong or 'None'} of {tested} testable claims"
    text = f"{which} {verb} contradicted or mostly contradicted"
    undecided = codes.count("INSUFFICIENT")
    return f"{text}; {undecided} cannot be decided" if undecided else text
