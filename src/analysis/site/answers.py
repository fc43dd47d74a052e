"""The answer to one claim in a sentence, and the words of its verdict."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analysis.exports.citation import Publisher
from analysis.figures.captions import number
from analysis.figures.palette import VERDICTS
from analysis.verdicts.sweep import VINTAGES

SENTENCES = {
    "SUPPORTED": "The evidence supports this.",
    "MOSTLY_SUPPORTED": "The evidence mostly supports this.",
    "DEFINITION_DEPENDENT": "Whether this holds depends on the definition.",
    "MOSTLY_CONTRADICTED": "The evidence mostly contradicts this.",
    "CONTRADICTED": "The evidence contradicts this.",
    "UNSUPPORTED": "No admissible evidence for this was found.",
    "INSUFFICIENT": "There is too little evidence to decide this.",
    "NOT_TESTABLE": "This cannot be tested against data.",
    "PENDING": "This has not been tested yet.",
}
FLAGS = {
    "STABLE": "The verdict is the same on the latest evidence.",
    "STRENGTHENED": "Later evidence strengthened the claim.",
    "WEAKENED": "Later evidence weakened the claim.",
    "FLIPPED": "Later evidence turned the verdict round.",
}


def badge(code: str) -> dict[str, str]:
    """A verdict as a page shows it: its code, word and mark, never colour alone."""
    mark = VERDICTS[code]
    return {"code": code, "word": mark.word, "marker": mark.marker}


def certainty(code: str | None) -> str:
    """The certainty of evidence in words.

    >>> certainty("VERY_LOW"), certainty(None)
    ('very low', 'not rated')
    """
    return code.lower().replace("_", " ") if code else "not rated"


def sentence(entry: Mapping[str, Any]) -> str:
    """The verdict in a sentence."""
    return SENTENCES[entry["verdict"]["publication"]["code"]]


def answer(entry: Mapping[str, Any]) -> str:
    """What a hurried reader takes away: the verdict in words, what was found, what is claimed.

    >>> verdict = {"publication": {"code": "SUPPORTED"}}
    >>> answer({"verdict": verdict, "summary": "Measured: 75.8 t. Claimed: more than 75 t."})
    'The evidence supports this. Measured: 75.8 t. Claimed: more than 75 t.'
    """
    told = (entry.get("summary") or "").replace(" (shaded)", "")  # that is said beside a figure
    opening = sentence(entry)
    twice = opening == SENTENCES["UNSUPPORTED"] and told.startswith("No admissible evidence")
    return told if twice else f"{opening} {told}".strip()


def citation(audit: Publisher | None) -> str:
    """The audit as a list of references has it; empty for an audit that names no author.

    >>> from analysis.exports.citation import Author, Publisher
    >>> authors = (Author(name="Ada Lovelace", kind="Person"),)
    >>> citation(Publisher(authors=authors, title="An audit", version="1.0", licence="MIT"))
    'Ada Lovelace. An audit. Version 1.0.'
    """
    if audit is None:
        return ""
    version = f" Version {audit.version}." if audit.version else ""
    url = f" {audit.url}" if audit.url else ""
    return f"{', '.join(each.name for each in audit.authors)}. {audit.title}.{version}{url}"


def standing(side: Mapping[str, Any] | None) -> str:
    """Where a claim stood before or after a change, in a line.

    >>> verdict = {"publication": {"code": "SUPPORTED"}, "latest": {"code": "CONTRADICTED"}}
    >>> standing({"verdict": verdict, "estimate": {"value": 75.78, "unit": "t"}}), standing(None)
    ('supported, latest contradicted; 75.78 t', 'not listed')
    """
    if side is None:
        return "not listed"
    head, latest = (badge(side["verdict"][name]["code"])["word"] for name in VINTAGES)
    estimate = side.get("estimate") or {}
    found = "" if estimate.get("value") is None else f"; {number(estimate['value'])}"
    unit = f" {estimate['unit']}" if found and estimate.get("unit") else ""
    return f"{head}{'' if head == latest else f', latest {latest}'}{found}{unit}"
