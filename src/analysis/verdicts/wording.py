"""The words of verdicts, certainty and flags; claims, estimates and verdicts as Markdown.

Numbers come from the objects, never from the text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis.formatting import interval, number, plain

if TYPE_CHECKING:
    from analysis.claims.model import Claim, Reading
    from analysis.methods.estimate import Estimate
    from analysis.verdicts.certainty import Grade
    from analysis.verdicts.rules import Judgement, Verdict
    from analysis.verdicts.sweep import Counterexample, Curve

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
BY_RULE = {  # where the row of the table says more than the code
    "no_design": "Nothing in the record identifies this effect.",
    "no_text_says_so": "No text that was read says so, and none denies it.",
    "no_search": "No evidence is at hand, and no search for it is logged.",
}
FLAGS = {
    "STABLE": "The verdict is the same on the latest evidence.",
    "CERTAINTY": "On the latest evidence only the certainty is another.",
    "REVISED": "Later evidence changed the numbers; the claim is neither stronger nor weaker.",
    "STRENGTHENED": "Later evidence strengthened the claim.",
    "WEAKENED": "Later evidence weakened the claim.",
    "FLIPPED": "Later evidence reversed the verdict.",
    "EXPIRED": "The day that the claim names has passed.",
}
ROWS = 12  # rows of evidence that a notebook prints; the record has them all


MARKUP = str.maketrans({mark: f"\\{mark}" for mark in "\\`*[]<$|"})


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


def sentence(entry: Mapping[str, Any]) -> str:
    """The verdict of an entry of a results file in a sentence, with its certainty.

    >>> sentence({"verdict": {"publication": {"code": "SUPPORTED", "certainty": "LOW"}}})
    'The evidence supports this; certainty low.'
    """
    brief, detail = entry["verdict"]["publication"], entry.get("detail", {}).get("publication", {})
    text = BY_RULE.get(detail.get("rule", ""), SENTENCES[brief["code"]])
    graded = brief.get("certainty")
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


def rule(claim: Claim) -> Text:
    """The claim, its readings and its rule, as they were fixed before the data were read."""
    readings = [
        f"- *{plain(reading.name)}* ({reading.kind}"
        f"{_beside(reading)}): {literal(reading.statement)}"
        for reading in claim.readings
    ]
    side_assertions = [
        f"- *side assertion, {plain(item.name)}*: {literal(item.statement)} (if not: {item.tag})"
        for item in claim.side_assertions
    ]
    head = [
        f"**{claim.id}. {literal(claim.statement)}**",
        f"*Core:* {literal(claim.core)}",
        f"*Rule:* {literal(claim.rule)}",
    ]
    return Text(_paragraphs([*head, *readings, *side_assertions]))


def _beside(reading: Reading) -> str:
    """That a reading has no vote, and why."""
    if reading.votes:
        return ""
    return f", reported beside the verdict: changes the {' and '.join(reading.changes)}"


def finding(claim: Claim, estimate: Estimate) -> Text:
    """The preferred estimate, against what the claim asserts, with the rows that it came from."""
    criterion = claim.build().pass_criterion
    if estimate.value is None:
        return Text(f"No admissible evidence: {literal(estimate.note)}.")
    found = f"{interval(estimate)} {literal(estimate.unit)}; the claim asserts: {criterion}."
    header = "| row | source | family | grade | part |\n|---|---|---|---|---|"
    rows = [
        f"| {citation} | {citation.source_id} | {literal(claim.called(citation.family))} | "
        f"{citation.grade} | {literal(citation.part)} |"
        for citation in estimate.citations[:ROWS]
    ]
    more = len(estimate.citations) - ROWS
    tail = [f"\n... and {more} more rows; all of them are in the record."] if more > 0 else []
    return Text("\n".join([found, "", header, *rows, *tail]))


def verdict(judgement: Judgement) -> Text:
    """Both vintages side by side: verdict, certainty, tags and the reasons for them."""
    lines = ["| | at publication | latest |", "|---|---|---|"]
    lines += [
        _row(label, (describe(verdict) for verdict in judgement.verdicts))
        for label, describe in (
            ("verdict", lambda v: f"**{v.code}**: {WORDS[v.code]}"),
            ("decided by", lambda v: literal(v.rule.words)),
            ("certainty", lambda v: v.certainty.code if v.certainty else "none"),
            ("tags", lambda v: ", ".join(v.tags) or "none"),
            ("specifications", _counted),
        )
    ]
    lines += ["", f"Between the two vintages: **{judgement.flag}**.", ""]
    head = judgement.publication
    lines += [f"- {literal(reason)}" for reason in (*head.reasons, *_graded(head.certainty))]
    return Text("\n".join(lines))


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


def specifications(curve: Curve, vintage: str) -> Text:
    """How many specifications each reading has, and how they came out."""
    header = "| reading | specifications | pass | unclear | fail | no evidence |"
    header += "\n|---|---|---|---|---|---|"
    readings = dict.fromkeys(trial.reading for trial in curve.select(vintage))
    rows = []
    for reading in readings:
        outcomes: list[int | None] = [trial.outcome for trial in curve.select(vintage, reading)]
        counts = [outcomes.count(value) for value in (1, 0, -1, None)]
        rows.append(f"| {plain(reading)} | {len(outcomes)} | {' | '.join(map(str, counts))} |")
    return Text("\n".join([header, *rows]))


def _counted(verdict: Verdict) -> str:
    found = verdict.shares
    if found is None:
        return "none"
    rates = {"pass": found.passing, "fail": found.failing, "unclear": found.unclear}
    return f"{found.n}: {', '.join(f'{share:.0%} {word}' for word, share in rates.items())}"


def _graded(grade: Grade | None) -> tuple[str, ...]:
    if grade is None:
        return ()
    return (f"certainty starts at {grade.start} of 4", *grade.reasons)


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


def _row(label: str, cells: Iterable[Any]) -> str:
    return f"| {label} | {' | '.join(str(cell) for cell in cells)} |"


def _paragraphs(lines: Sequence[str]) -> str:
    """Lines as paragraphs, but list items kept together."""
    text = ""
    for before, line in zip(["", *lines], lines, strict=False):
        listed = line.startswith("- ") and before.startswith("- ")
        text += line if not text else f"\n{line}" if listed else f"\n\n{line}"
    return text
