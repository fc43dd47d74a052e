"""A verdict, and both vintages of it side by side."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from analysis.display_hook import as_html
from analysis.notebook import html
from analysis.notebook.html import card, listed, table, text
from analysis.verdicts.rules import Judgement, Verdict

ROWS = (
    "finding",
    "verdict",
    "decided by",
    "certainty",
    "tags",
    "specifications",
    "would change without",
)


@as_html.register
def _judgement(judgement: Judgement) -> str:
    head = ["", "at publication", "latest"]
    rows = zip(ROWS, *(_facts(verdict) for verdict in judgement.verdicts), strict=True)
    return card(
        f"Verdict on {judgement.claim}",
        table(head, rows, caption=f"Between the two vintages: {judgement.flag.lower()}"),
        reasons(judgement.publication, "Reasons, at publication"),
    )


@as_html.register
def _verdict(verdict: Verdict) -> str:
    rows = list(zip(ROWS, _facts(verdict), strict=True))
    made = table(["", verdict.vintage], rows, caption=f"On the evidence at: {verdict.vintage}")
    return card("Verdict", made, reasons(verdict, "Reasons"))


def _facts(verdict: Verdict) -> Sequence[str]:
    """One cell for each of ROWS."""
    certainty = verdict.certainty.code.replace("_", " ").lower() if verdict.certainty else "none"
    return (
        text(verdict.finding),
        html.verdict(verdict.code, verdict.rule.name),
        text(verdict.rule.words),
        text(certainty),
        text(_joined(verdict.tags)),
        text(_counted(verdict)),
        text(_joined(verdict.pivotal_sources)),
    )


def _joined(words: Iterable[str]) -> str:
    return ", ".join(words) or "none"


def _counted(verdict: Verdict) -> str:
    found = verdict.shares
    if found is None:
        return "none with evidence"
    return (
        f"{found.n}: {found.passing:.0%} pass, {found.failing:.0%} fail, "
        f"{found.unclear:.0%} unclear"
    )


def reasons(verdict: Verdict, label: str = "") -> str:
    """What the verdict and its certainty rest on, as a list under its label."""
    grade = verdict.certainty
    graded = (f"certainty starts at {grade.start} of 4", *grade.reasons) if grade else ()
    return listed([*verdict.reasons, *graded], label)
