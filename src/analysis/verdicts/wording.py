"""The words of verdicts, certainty and flags, and what would move a verdict, as Markdown.

Numbers come from the objects, never from the text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis.formatting import number, plain
from analysis.verdicts.code_table import NO_SEARCH
from analysis.verdicts.sweep import LATEST, PUBLICATION

if TYPE_CHECKING:
    from analysis.claims.model import Claim
    from analysis.verdicts.rules import Judgement
    from analysis.verdicts.sweep import Counterexample

WORDS = {
    "SUPPORTED": "supported",
    "MOSTLY_SUPPORTED": "mostly supported",
    "DEFINITION_DEPENDENT": "depends on the definition",
    "MOSTLY_CONTRADICTED": "mostly contradicted",
    "CONTRADICTED": "contradicted",
    "UNSUPPORTED": "not supported by evidence",
    "INSUFFICIENT": "cannot be decided",
    "NOT_TESTABLE": "cannot be tested",
    "PENDING": "still to be tested",
}
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
WORDS_BY_RULE = {"sources_disagree": "disputed"}  # where they are others than those of the code
BY_RULE = {  # where the row of the table says more than the code
    "no_design": "Nothing in the record identifies this effect.",
    "no_text_says_so": "No text that was read says so, and none denies it.",
    "no_search": "No evidence is at hand, and no search for it is logged.",
    "sources_disagree": "This is disputed: sources contradict each other.",
}
PUBLIC_LATER = "No evidence was public on the day of the article; the first came out later."
FLAGS = {
    "STABLE": "The verdict is the same on the latest evidence.",
    "CERTAINTY": "On the latest evidence only the certainty is another.",
    "REVISED": "Later evidence changed the numbers; the claim is neither stronger nor weaker.",
    "STRENGTHENED": "Later evidence strengthened the claim.",
    "WEAKENED": "Later evidence weakened the claim.",
    "FLIPPED": "Later evidence reversed the verdict.",
    "EXPIRED": "The day that the claim names has passed.",
}
MAX_EVIDENCE_ROWS = 12  # rows of evidence that a notebook prints; the record has them all


MARKUP = str.maketrans({mark: f"\\{mark}" for mark in "\\`*[]<$|"})


def word(code: str, rule: str = "") -> str:
    """The words of a verdict, by the row that gave it where they are others than its code's.

    >>> word("INSUFFICIENT"), word("INSUFFICIENT", "sources_disagree")
    ('cannot be decided', 'disputed')
    """
    return WORDS_BY_RULE.get(rule, WORDS[code])


def literal(text: str) -> str:
    r"""A text of the audit as Markdown that shows it: no formula, no HTML, no link, no new cell.

    >>> literal("from $70 to $75 <b>")
    'from \\$70 to \\$75 \\<b>'
    """
    return text.translate(MARKUP)


@dataclass(frozen=True, slots=True)
class Text:
    """Markdown that a notebook shows as text."""

    markdown: str

    def _repr_markdown_(self) -> str:
        return self.markdown

    def __str__(self) -> str:
        return self.markdown


def certainty(code: str | None) -> str:
    """The certainty of evidence in words.

    >>> certainty("VERY_LOW"), certainty(None)
    ('very low', 'not rated')
    """
    return plain(code.lower()) if code else "not rated"


def finding(entry: Mapping[str, Any], vintage: str = PUBLICATION) -> str:
    """What is true, from an entry of a results file; the words of its verdict if it has no finding.

    >>> finding({"finding": {"publication": "It was 75.8 t."}})
    'It was 75.8 t.'
    """
    found: Mapping[str, str] = entry.get("finding") or {}
    return found.get(vintage) or _verdict(entry, vintage)


def _verdict(entry: Mapping[str, Any], vintage: str) -> str:
    detail = entry.get("detail", {})
    rule = detail.get(vintage, {}).get("rule", "")
    later = detail.get(LATEST, {}).get("value") is not None
    if vintage == PUBLICATION and rule == NO_SEARCH.name and later:
        return PUBLIC_LATER
    return BY_RULE.get(rule, SENTENCES[entry["verdict"][vintage]["code"]])


def sentence(entry: Mapping[str, Any]) -> str:
    """The verdict of an entry of a results file in a sentence, with its certainty.

    >>> sentence({"verdict": {"publication": {"code": "SUPPORTED", "certainty": "LOW"}}})
    'The evidence supports this; certainty low.'
    """
    text, graded = _verdict(entry, PUBLICATION), entry["verdict"][PUBLICATION].get("certainty")
    return f"{text[:-1]}; certainty {certainty(graded)}." if graded else text


def conclusion(entry: Mapping[str, Any]) -> str:
    """The verdict in a sentence, then the measured and the claimed value.

    >>> verdict = {"publication": {"code": "SUPPORTED"}}
    >>> conclusion({"verdict": verdict, "summary": "Measured: 75.8 t. Claimed: more than 75 t."})
    'The evidence supports this. Measured: 75.8 t. Claimed: more than 75 t.'
    """
    summary = (entry.get("summary") or "").replace(" (shaded)", "")  # a word about the figure
    opening = sentence(entry)
    repeated = summary.startswith("No admissible evidence")
    if opening.startswith(SENTENCES["UNSUPPORTED"][:-1]) and repeated:
        return opening
    return f"{opening} {summary}".strip()


def sensitivity(judgement: Judgement, claim: Claim | None = None) -> Text:
    """The changes that would move the verdict: nearest counterexample, choices, single sources.

    With the `claim`, its names replace slugs.

    Example: `analysis.sensitivity(judgement, claim)`
    """
    head = judgement.publication
    if head.shares is None:
        return Text("No specification has evidence at publication: there is nothing to vary.")
    named = claim.called if claim else plain

    def call(name: str) -> str:
        return literal(named(name))

    lines = [_counterexample(head.nearest_counterexample, call)]
    if moved := {name: share for name, share in head.sensitivity.items() if share > 0}:
        choices = ", ".join(f"{call(name)} ({share:.0%})" for name, share in _largest(moved))
        lines.append(f"Choices that move the share that passes: {choices}.")
    if head.pivotal_sources:
        sources = ", ".join(map(call, head.pivotal_sources))
        lines.append(f"Without any one of these source families it would change: {sources}.")
    else:
        lines.append("No single source family decides the verdict.")
    others = {key: code for key, code in head.alternatives.items() if code != head.code}
    for thresholds, code in others.items():
        lines.append(f"Under the thresholds {thresholds} it would be {code}.")
    return Text("\n\n".join(lines))


def _counterexample(found: Counterexample | None, call: Callable[[str], str]) -> str:
    if found is None:
        return "No specification of the grid comes out otherwise."
    changed = ", ".join(
        f"{call(k)}: {call(str(old))} to {call(str(new))}"
        for k, (old, new) in found.changes.items()
    )
    return (
        f"Nearest counterexample: changing {changed} gives {number(found.value)}, "
        f"and the outcome becomes *{found.outcome.name.lower()}*."
    )


def _largest(shares: Mapping[str, float]) -> Sequence[tuple[str, float]]:
    return sorted(shares.items(), key=lambda item: (-item[1], item[0]))
