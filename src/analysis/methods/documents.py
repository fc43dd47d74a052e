"""What texts say: coded answers to one question, document by document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from analysis.estimates import Estimate, Point, Test, nothing
from analysis.methods.selection import cite, from_source, select

if TYPE_CHECKING:
    from pandas import DataFrame, Series

    from analysis.evidence import Evidence

ADMITTED = {"all": 1, "no_aggregator": 2, "reports": 3, "official": 4}


@dataclass(frozen=True, slots=True, kw_only=True)
class Documents:
    """Count what coded documents answer, each source family once.

    `coding` and `questions` pick the rows of the coding table; `expected` is the answer that the
    claim needs. Rules: `any` (at least `minimum` families have a document that answers so),
    `none` (no family has), `majority` and `all` (share of families, a family counting by the
    share of its documents). A document that does not address the question is left out
    (`unclear="ignore"`) or bounds the result from both sides (`unclear="bound"`).

    `where` narrows the documents by their own columns (issuer, role, country, kind, date).
    `absence` says what it means when nobody answers as expected: `contradicts`, or `unsupported`
    where a search that finds nothing cannot refute (the burden is the author's).
    """

    coding: str
    questions: Sequence[str]
    expected: Literal["yes", "no"] = "yes"
    rule: Literal["any", "none", "majority", "all"] = "majority"
    minimum: int = 1
    coder: str = "adjudicated"
    admit: Literal["all", "no_aggregator", "reports", "official"] = "all"
    unclear: Literal["ignore", "bound"] = "ignore"
    absence: Literal["contradicts", "unsupported"] = "contradicts"
    where: Mapping[str, Any] = field(default_factory=dict)
    source: str = "all"
    codings: str = "documents/codings"
    documents: str = "documents/documents"

    @property
    def test(self) -> Test:
        """The rule as a test: of a number of families, or of their share."""
        if self.rule == "any":
            return Test(comparison="at_least", threshold=self.minimum)
        if self.rule == "none":
            return Test(comparison="at_most", threshold=0)
        if self.rule == "majority":
            return Test(comparison="exceeds", threshold=0.5)
        return Test(comparison="at_least", threshold=1.0)

    @property
    def unit(self) -> str:
        """Families where the rule counts, a share from 0 to 1 where it weighs."""
        return "source families" if self.rule in ("any", "none") else "share of source families"

    def estimate(self, evidence: Evidence) -> Estimate:
        """How many families, or which share, answer as expected; unclear ones as bounds."""
        answers = self._answers(evidence)
        clear = answers[answers["answer"] != "unclear"]
        if clear.empty:
            return nothing(f"no document answers {', '.join(self.questions)}", self.unit)
        found = (clear["answer"] == self.expected).any()
        if self.absence == "unsupported" and not found:
            note = f"{len(clear)} documents searched, none answers {self.expected}"
            return nothing(note, self.unit)
        agrees = clear["answer"] == self.expected
        value = self._reduce(clear, agrees)
        used, low, high = clear, value, value
        if self.rule == "any" and found:
            used = clear[agrees]  # one text carries an existence, whatever else was read
        if self.unclear == "bound":
            low = min(value, self._reduce(answers, answers["answer"] == self.expected))
            high = max(value, self._reduce(answers, _may(answers, self.expected)))
        return Estimate(
            value=value,
            low=low,
            high=high,
            unit=self.unit,
            n=len(used),
            citations=cite(used, self.documents),
            points=_points(answers, self.documents),
        )

    def _answers(self, evidence: Evidence) -> DataFrame:
        """The coded answers of the admitted documents, with each document's own provenance."""
        where = {
            "claim_id": self.coding,
            "reading": list(self.questions),
            "coder": self.coder,
        }
        coded = select(evidence[self.codings], where, self.codings)
        texts = select(evidence[self.documents], self.where, self.documents)
        texts = from_source(texts, self.source)
        texts = texts[texts["grade"] >= ADMITTED[self.admit]]
        return texts.merge(coded[["doc_id", "reading", "answer"]], on="doc_id", how="inner")

    def _reduce(self, answers: DataFrame, agrees: Series) -> float:
        shares = agrees.groupby(answers["family"]).mean()
        if self.rule in ("any", "none"):
            return float((shares > 0).sum())
        return float(shares.mean())


def _may(answers: DataFrame, expected: str) -> Series:
    return (answers["answer"] == expected) | (answers["answer"] == "unclear")


def _points(answers: DataFrame, table: str) -> tuple[Point, ...]:
    places = {"yes": 1.0, "no": -1.0, "unclear": 0.0}
    return tuple(
        Point(
            label=row.issuer,
            value=places[row.answer],
            low=places[row.answer],
            high=places[row.answer],
            family=row.family,
            source_id=row.source_id,
            row=f"{table}:{row.row}",
            text=f"{row.reading}: {row.answer}",
        )
        for row in answers.itertuples(index=False)
    )
