"""Say in words what a claim asserts, what was found and what would change the verdict.

Every function returns Markdown; numbers come from the objects, never from the text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from analysis.claims.model import Claim
    from analysis.methods.estimate import Estimate
    from analysis.verdicts.rules import Grade, Judgement, Verdict
    from analysis.verdicts.sweep import Curve, Flip

WORDS = {
    "SUPPORTED": "supported",
    "MOSTLY_SUPPORTED": "mostly supported",
    "DEFINITION_DEPENDENT": "depends on the definition",
    "MOSTLY_CONTRADICTED": "mostly contradicted",
    "CONTRADICTED": "contradicted",
    "UNSUPPORTED": "unsupported: nothing admissible was found",
    "INSUFFICIENT": "insufficient evidence",
    "NOT_TESTABLE": "not testable",
    "PENDING": "still to be tested",
}


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


def rule(claim: Claim) -> Text:
    """The claim, its readings and its rule, as they were fixed before the data were read."""
    readings = [
        f"- *{_plain(reading.name)}* ({reading.kind}"
        f"{'' if reading.votes else ', reported beside the verdict'}): {literal(reading.statement)}"
        for reading in claim.readings
    ]
    periphery = [
        f"- *periphery, {_plain(item.name)}*: {literal(item.statement)} (if not: {item.tag})"
        for item in claim.periphery
    ]
    head = [
        f"**{claim.id}. {literal(claim.statement)}**",
        f"*Core:* {literal(claim.core)}",
        f"*Rule:* {literal(claim.rule)}",
    ]
    return Text(_paragraphs([*head, *readings, *periphery]))


def finding(claim: Claim, estimate: Estimate) -> Text:
    """The preferred estimate, against what the claim asserts, with the rows that it came from."""
    test = claim.build().test
    if estimate.value is None:
        return Text(f"No admissible evidence: {literal(estimate.note)}.")
    told = f"{interval(estimate)} {literal(estimate.unit)}; the claim asserts: {test}."
    header = "| row | source | family | grade | part |\n|---|---|---|---|---|"
    rows = [
        f"| {citation} | {citation.source_id} | {literal(claim.called(citation.family))} | "
        f"{citation.grade} | {literal(citation.part)} |"
        for citation in estimate.citations[:ROWS]
    ]
    more = len(estimate.citations) - ROWS
    tail = [f"\n... and {more} more rows; all of them are in the record."] if more > 0 else []
    return Text("\n".join([told, "", header, *rows, *tail]))


ROWS = 12  # rows of evidence that a notebook prints; the record has them all


def verdict(judgement: Judgement) -> Text:
    """Both vintages side by side: verdict, certainty, tags and the reasons for them."""
    lines = ["| | at publication | latest |", "|---|---|---|"]
    lines += [
        _row(label, (tell(verdict) for verdict in judgement.verdicts))
        for label, tell in (
            ("verdict", lambda v: f"**{v.code}**: {WORDS[v.code]}"),
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
    """The changes that would move the verdict, as Markdown.

    These are the nearest flip, the choices that matter and single source families.

    With the `claim`, its names are used for slugs.

    Example: `analysis.sensitivity(judgement, claim)`
    """
    head = judgement.publication
    if head.shares is None:
        return Text("No specification has evidence at publication: there is nothing to vary.")
    named = claim.called if claim else _plain

    def call(name: str) -> str:
        return literal(named(name))

    lines = [_flip(head.flip, call)]
    if moved := {name: share for name, share in head.influence.items() if share > 0}:
        told = ", ".join(f"{call(name)} ({share:.0%})" for name, share in _largest(moved))
        lines.append(f"Choices that move the share that passes: {told}.")
    if head.hangs_on:
        hung = ", ".join(map(call, head.hangs_on))
        lines.append(f"Without any one of these source families it would change: {hung}.")
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
    readings = dict.fromkeys(trial.reading for trial in curve.of(vintage))
    rows = []
    for reading in readings:
        outcomes = [trial.outcome for trial in curve.of(vintage, reading)]
        counts = [outcomes.count(value) for value in (1, 0, -1, None)]
        rows.append(f"| {_plain(reading)} | {len(outcomes)} | {' | '.join(map(str, counts))} |")
    return Text("\n".join([header, *rows]))


def interval(estimate: Estimate) -> str:
    """A value with its interval, if that can be told from it, to four significant digits.

    >>> from analysis.methods.estimate import Estimate
    >>> interval(Estimate(value=75.779, low=75.779, high=76.1))
    '75.78 (75.78 to 76.1)'
    """
    value = number(estimate.value)
    low, high = number(estimate.low), number(estimate.high)
    return value if low == high else f"{value} ({low} to {high})"


def number(value: float) -> str:
    """A number to four significant digits, large ones written out.

    >>> number(75.779), number(54218), number(0.00012)
    ('75.78', '54,220', '0.00012')
    """
    return f"{float(f'{value:.4g}'):,.12g}"


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


def _flip(flip: Flip | None, call: Callable[[str], str]) -> str:
    if flip is None:
        return "No specification of the grid comes out otherwise."
    changed = ", ".join(
        f"{call(k)}: {call(str(old))} to {call(str(new))}" for k, (old, new) in flip.changes.items()
    )
    return (
        f"Nearest flip: changing {changed} gives {number(flip.value)}, "
        f"and the outcome becomes *{flip.outcome.name.lower()}*."
    )


def _largest(shares: Mapping[str, float]) -> Sequence[tuple[str, float]]:
    return sorted(shares.items(), key=lambda item: (-item[1], item[0]))


def _plain(name: str) -> str:
    return name.replace("_", " ")


def _row(label: str, cells: Iterable[Any]) -> str:
    return f"| {label} | {' | '.join(str(cell) for cell in cells)} |"


def _paragraphs(lines: Sequence[str]) -> str:
    """Lines as paragraphs, but list items kept together."""
    text = ""
    for before, line in zip(["", *lines], lines, strict=False):
        listed = line.startswith("- ") and before.startswith("- ")
        text += line if not text else f"\n{line}" if listed else f"\n\n{line}"
    return text
