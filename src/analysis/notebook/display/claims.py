"""A claim: what it says, the rule that decides it, and the choices that are tried."""

from __future__ import annotations

from typing import Any

from analysis.claims.model import REASONS, Claim, waits
from analysis.claims.search_log import line
from analysis.display_hook import as_html
from analysis.notebook.html import card, listed, paragraph, table, text

LONG = 80  # letters of an option beyond which it is cut


@as_html.register
def _claim(claim: Claim) -> str:
    if not claim.testable:
        why = paragraph("Not testable", f"{REASONS[claim.reason]}. {claim.why}")
        return card(_head(claim), why, paragraph("Testable if", claim.remedy))
    return card(
        _head(claim),
        paragraph("Core", claim.core),
        paragraph("Rule", claim.rule),
        paragraph("Asserts of the estimate", _asserted(claim)),
        _readings(claim),
        _choices(claim),
        paragraph("Method", claim.method.replace("_", " ")),
        paragraph("May read", ", ".join(claim.tables)),
        paragraph("Would be decided by", claim.decided_by),
        listed([line(search) for search in claim.searches], "What was looked for"),
    )


def _asserted(claim: Claim) -> str:
    """The claim's test with the preferred parameters; empty while its method is still to come."""
    return "" if waits(claim) else str(claim.build().pass_criterion)


def _head(claim: Claim) -> str:
    return f"{claim.id}. {claim.statement}"


def _readings(claim: Claim) -> str:
    rows = [
        [
            text(reading.name.replace("_", " ")),
            text(reading.kind),
            text(reading.statement),
            "yes" if reading.votes else f"no: changes the {' and '.join(reading.changes)}",
        ]
        for reading in claim.readings
    ]
    return table(["reading", "kind", "it says", "votes"], rows, caption="Admissible meanings")


def _choices(claim: Claim) -> str:
    if not claim.grid or claim.pending:
        return ""
    preferred = claim.preferred().choices
    rows = [
        [text(name), text(_short(preferred[name])), text(", ".join(map(_short, options)))]
        for name, options in claim.grid.items()
    ]
    return table(["choice", "preferred", "options"], rows, caption="The analyst's choices")


def _short(value: Any) -> str:
    written = str(value)
    return written if len(written) <= LONG else f"{written[:LONG]}…"
