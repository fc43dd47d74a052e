"""An estimate: the value with its interval, and the rows that it rests on."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.display_hook import as_html
from analysis.formatting import interval
from analysis.methods.estimate import Citation, Estimate
from analysis.notebook.html import card, folded, paragraph, table, text
from analysis.verdicts.wording import MAX_EVIDENCE_ROWS


@as_html.register
def _estimate(estimate: Estimate) -> str:
    if estimate.value is None:
        return card("No admissible evidence", paragraph("Looked for", estimate.note))
    found = f"{interval(estimate)} {estimate.unit}".strip()
    counted = f"{estimate.n} observation{'s' if estimate.n != 1 else ''}"
    return card(
        found,
        paragraph(counted, f"source families: {', '.join(estimate.families) or 'none'}"),
        paragraph("Marked", ", ".join(estimate.flags)),
        folded(f"Rows that it rests on: {len(estimate.citations)}", rows(estimate.citations)),
    )


def rows(citations: Sequence[Citation]) -> str:
    """The first citations as a table; its caption says how many there are."""
    shown = citations[:MAX_EVIDENCE_ROWS]
    caption = "Evidence, row by row"
    if len(shown) < len(citations):
        caption += f"; the first {len(shown)} of {len(citations)}"
    body = [[text(value) for value in _cells(citation)] for citation in shown]
    return table(["row", "source", "family", "grade", "part"], body, caption=caption, numeric=(3,))


def _cells(citation: Citation) -> tuple[object, ...]:
    return (citation, citation.source_id, citation.family, citation.grade, citation.part)
