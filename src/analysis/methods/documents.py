"""Coded answers of documents to one question, counted by source family."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import fmean
from typing import TYPE_CHECKING, Literal

from analysis.methods.estimate import Citation, Criterion, Estimate, Point, no_evidence
from analysis.methods.query import cite, from_source, select
from analysis.methods.recipes import Table, Where

if TYPE_CHECKING:
    from analysis.data.evidence import Evidence

ADMITTED = {"all": 1, "no_aggregator": 2, "reports": 3, "official": 4}


@dataclass(frozen=True, slots=True, kw_only=True)
class Documents:
    """Count what coded documents answer, each source family once.

    `coding` and `questions` pick the rows of the coding table; `expected` is the answer that the
    claim needs. Rules: `any` (at least `minimum` families have a document that answers so),
    `none` (no family has), `majority` and `all` (share of families, a family counting by the
    share of its documents). A document that leaves the question unclear is left out
    (`unclear="ignore"`); with `unclear="bound"`, one that another coder could answer bounds the
    result from both sides. Silence on a question is never counted as a possible answer.

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
    where: Where = field(default_factory=dict)
    source: str = "all"
    codings: Table = "documents/codings"
    documents: Table = "documents/documents"

    @property
    def pass_criterion(self) -> Criterion:
        """The rule as a test: of a number of families, or of their share."""
        if self.rule == "any":
            return Criterion(comparison="at_least", threshold=self.minimum)
        if self.rule == "none":
            return Criterion(comparison="at_most", threshold=0)
        if self.rule == "majority":
            return Criterion(comparison="exceeds", threshold=0.5)
        return Criterion(comparison="at_least", threshold=1.0)

    @property
    def unit(self) -> str:
        """Families where the rule counts, a share from 0 to 1 where it weighs."""
        return "source families" if self.rule in ("any", "none") else "share of source families"

    def estimate(self, evidence: Evidence) -> Estimate:
        """The number or share of families that answer as expected; contested ones are bounds."""
        answers = self._answers(evidence)
        clear = [item for item in answers if item.answer != "unclear"]
        agreeing = [item for item in clear if item.answer == self.expected]
        points = tuple(item.point() for item in answers)
        if not clear:
            note = f"no document answers the question ({', '.join(self.questions)})"
            return no_evidence(note, self.unit, points)
        if self.absence == "unsupported" and not agreeing:
            papers = "1 document" if len(clear) == 1 else f"{len(clear)} documents"
            note = f"{papers} searched, none answers {self.expected}"
            return no_evidence(note, self.unit, points)
        value = self._reduce(clear, (self.expected,))
        low = high = value
        if self.unclear == "bound":
            open_ = [item for item in answers if item.answer != "unclear" or item.contested]
            low = min(value, self._reduce(open_, (self.expected,)))
            high = max(value, self._reduce(open_, (self.expected, "unclear")))
        # one text carries an existence, whatever else was read
        used = agreeing if self.rule == "any" and agreeing else clear
        return Estimate(
            value=value,
            low=low,
            high=high,
            unit=self.unit,
            n=len(used),
            citations=tuple(item.citation for item in used),
            points=points,
        )

    def _answers(self, evidence: Evidence) -> list[_Answer]:
        """The coded answers of the admitted documents, with each document's own provenance."""
        coded, contested = self._coded(evidence)
        texts = select(evidence[self.documents], self.where, self.documents)
        texts = from_source(texts, self.source)
        return [
            _Answer(
                issuer=issuer,
                date=date if isinstance(date, str) else "",
                question=question,
                answer=answer,
                contested=(name, question) in contested,
                citation=citation,
            )
            for name, issuer, date, citation in zip(
                texts["doc_id"].tolist(),
                texts["issuer"].tolist(),
                texts["date"].tolist(),
                cite(texts, self.documents),
                strict=True,
            )
            if citation.grade >= ADMITTED[self.admit]
            for question, answer in coded.get(name, ())
        ]

    def _coded(
        self, evidence: Evidence
    ) -> tuple[dict[str, list[tuple[str, str]]], set[tuple[str, str]]]:
        """The coder's answers by document, and the questions that any coder could answer.

        Plain loops: a sweep comes here a thousand times, and frames would cost ten times as much.
        """
        frame = evidence[self.codings]
        columns = ("claim_id", "reading", "doc_id", "coder", "answer")
        coded: dict[str, list[tuple[str, str]]] = {}
        contested = set()
        for claim, question, name, coder, answer in zip(
            *(frame[column].tolist() for column in columns), strict=True
        ):
            if claim != self.coding or question not in self.questions:
                continue
            if answer != "unclear":
                contested.add((name, question))
            if coder == self.coder:
                coded.setdefault(name, []).append((question, answer))
        return coded, contested

    def _reduce(self, answers: Sequence[_Answer], counted: Sequence[str]) -> float:
        """The families that answer so, or the mean over families of the share that does."""
        by_family: dict[str, list[bool]] = {}
        for item in answers:
            by_family.setdefault(item.citation.family, []).append(item.answer in counted)
        if self.rule in ("any", "none"):
            return float(sum(any(combine) for combine in by_family.values()))
        return fmean(sum(combine) / len(combine) for combine in by_family.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """One document's answer to one question; contested if another coder could answer it."""

    issuer: str
    date: str
    question: str
    answer: str
    contested: bool
    citation: Citation

    def point(self) -> Point:
        """The answer as a figure draws it: yes 1, unclear 0, no -1."""
        place = {"yes": 1.0, "no": -1.0, "unclear": 0.0}[self.answer]
        return Point(
            label=str(self.issuer),
            value=place,
            low=place,
            high=place,
            family=self.citation.family,
            source_id=self.citation.source_id,
            row=str(self.citation),
            text=f"{self.date} {self.question}: {self.answer}".lstrip(),
        )
