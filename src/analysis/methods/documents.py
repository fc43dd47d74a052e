"""Coded answers of documents to one question, counted by source family."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import fmean
from typing import TYPE_CHECKING, Any, Literal

from analysis.display_hook import brief
from analysis.methods.estimate import Citation, Criterion, Estimate, Point
from analysis.methods.query import cite, select_of
from analysis.methods.recipes import Table, Where
from analysis.stats.cache import cached

if TYPE_CHECKING:
    from pandas import DataFrame

    from analysis.data.evidence import Evidence

ADMITTED = {"all": 1, "no_aggregator": 2, "reports": 3, "official": 4}
MAJORITY = "majority"
PLACES = {"yes": 1.0, "ambiguous": 0.25, "silent": -0.25, "no": -1.0}
COUNTING = frozenset({"yes", "no"})  # silent and ambiguous documents take no part
CLOSED = "closed"  # the column that says that silence refutes: a list, or a denial
SAYS, ASKED = "says", "question"  # columns of the figure's words: of the text, of the question


@dataclass(frozen=True, slots=True, kw_only=True)
class Documents:
    """Count what coded documents answer, each source family once.

    `coding` and `questions` pick the rows of the coding table; `expected` is the answer that the
    claim needs. The answers are yes, no (the text says the contrary), silent and ambiguous; silent
    and ambiguous documents take no part. Rules: `any` (at least `minimum` families have a
    document that answers so), `none` (no family has), `majority` and `all` (share of families, a
    family counting by the share of its documents).

    `coder` is one coder, or `majority`: the answer of most. Under `majority` a document on which
    the coders differ bounds the estimate by the answers that they gave.

    Under the rule `any`, too few answers refute only if a document says the contrary that is
    `closed`: a complete list, or the denial of the body that would know. Else there is no
    evidence, and the note says how many documents were searched.

    `where` narrows the documents by their own columns (issuer, role, country, kind, date).
    """

    coding: str
    questions: Sequence[str]
    expected: Literal["yes", "no"] = "yes"
    rule: Literal["any", "none", "majority", "all"] = "majority"
    minimum: int = 1
    coder: Literal["majority", "a", "b", "c"] = "majority"
    admit: Literal["all", "no_aggregator", "reports", "official"] = "all"
    where: Where = field(default_factory=dict)
    source: str = "all"
    codings: Table = "documents/codings"
    documents: Table = "documents/documents"

    __repr__ = brief

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
        return "source families" if self._counts else "share of source families"

    @property
    def _counts(self) -> bool:
        return self.rule in ("any", "none")

    def estimate(self, evidence: Evidence) -> Estimate:
        """The number or share of families that answer as expected; contested ones are bounds."""
        answers = self._answers(evidence)
        counting = [item for item in answers if item.answer in COUNTING]
        agreeing = [item for item in counting if item.answer == self.expected]
        value = _families_with(agreeing) if self._counts else _mean_share(counting, self.expected)
        low, high = self._bounds(answers, value)
        if self.rule == "any" and high < self.minimum and not self._refuted(answers):
            found = f"{high:.0f} of {self.minimum} families answer" if high else "none answers"
            return self._open(answers, f"{found} {self.expected}")
        if not counting and not (self._counts and high > 0):
            return self._open(answers, "none answers the question")
        bearing = [item for item in answers if item.given & COUNTING]
        # one text carries an existence, whatever else was read
        used = agreeing if self.rule == "any" and value >= self.minimum else bearing
        return Estimate(
            value=value,
            low=low,
            high=high,
            unit=self.unit,
            n=len(used),
            citations=tuple(item.citation for item in used),
            points=tuple(item.point for item in answers),
        )

    def _open(self, answers: Sequence[_Answer], found: str) -> Estimate:
        """No evidence, with the documents that were searched."""
        searched = "1 document" if len(answers) == 1 else f"{len(answers)} documents"
        return Estimate(
            value=None,
            unit=self.unit,
            citations=tuple(item.citation for item in answers),
            points=tuple(item.point for item in answers),
            note=f"{searched} searched, {found}",
        )

    def _refuted(self, answers: Sequence[_Answer]) -> bool:
        """Whether a complete list or an authoritative denial says the contrary."""
        return any(
            item.closed and item.answer in COUNTING and item.answer != self.expected
            for item in answers
        )

    def _bounds(self, answers: Sequence[_Answer], value: float) -> tuple[float, float]:
        """The least and the most that the answers given allow, around the value."""
        if self._counts:
            sure = _families_with([item for item in answers if item.given == {self.expected}])
            possible = _families_with([item for item in answers if self.expected in item.given])
            return min(sure, value), max(possible, value)
        least = _extreme_share(answers, self.expected, highest=False)
        most = _extreme_share(answers, self.expected, highest=True)
        return min([value, *least]), max([value, *most])

    def _answers(self, evidence: Evidence) -> list[_Answer]:
        """The coded answers of the admitted documents, with each document's own provenance."""
        questions = tuple(self.questions)
        key = ("answers", self.coding, questions, self.coder, repr(self.where), self.source)
        tables = (self.documents, self.codings)
        answers = cached(evidence, key, lambda: self._read(evidence), tables)
        least = ADMITTED[self.admit]
        return [item for item in answers if item.citation.grade >= least]

    def _read(self, evidence: Evidence) -> list[_Answer]:
        """The coded answers of all documents, whoever published them."""
        coded = self._coded(evidence)
        texts = select_of(evidence, self.documents, self.where, self.source)
        return [
            _Answer(
                answer=answer,
                given=given,
                closed=isinstance(kind, str),
                citation=citation,
                point=_point(
                    issuer=issuer,
                    day=date if isinstance(date, str) else "",
                    says=says if isinstance(says, str) else "",
                    question=question,
                    asked=asked,
                    answer=answer,
                    citation=citation,
                ),
            )
            for name, issuer, date, kind, says, citation in zip(
                texts["doc_id"].tolist(),
                texts["issuer"].tolist(),
                texts["date"].tolist(),
                _optional(texts, CLOSED),
                _optional(texts, SAYS),
                cite(texts, self.documents),
                strict=True,
            )
            for question, asked, answer, given in coded.get(name, ())
        ]

    def _coded(self, evidence: Evidence) -> dict[str, list[tuple[str, str, str, frozenset[str]]]]:
        """By document: each question, its words, the coder's answer and those that bound it.

        Plain loops: a sweep comes here a thousand times, and frames would cost ten times as much.
        """
        wanted: Where = {"claim_id": self.coding, "reading": list(self.questions)}
        frame = select_of(evidence, self.codings, wanted)
        columns = ("doc_id", "reading", "coder", "answer")
        given: dict[tuple[str, str], dict[str, str]] = {}
        for name, question, coder, answer in zip(
            *(frame[column].tolist() for column in columns), strict=True
        ):
            given.setdefault((name, question), {})[coder] = answer
        asked_of = dict(zip(frame["reading"], _optional(frame, ASKED), strict=True))
        coded: dict[str, list[tuple[str, str, str, frozenset[str]]]] = {}
        for (name, question), by_coder in given.items():
            if (answer := by_coder.get(self.coder)) is None:
                continue
            others = [word for coder, word in by_coder.items() if coder != MAJORITY]
            bounding = others if self.coder == MAJORITY and others else [answer]
            words = asked_of[question]
            words = words if isinstance(words, str) else ""
            coded.setdefault(name, []).append((question, words, answer, frozenset(bounding)))
        return coded


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentAnswer(Point):
    """What a figure draws of an answer: who said what on which day, and the question put to it.

    `question` is its label, `asked` its words; `says` is what the document says, in the auditor's
    words. Words that the tables do not have are empty.
    """

    day: str
    question: str
    asked: str
    says: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """One document's answer to one question, and the answers that bound it."""

    answer: str
    given: frozenset[str]
    closed: bool
    citation: Citation
    point: DocumentAnswer


def _point(
    *, issuer: Any, day: str, says: str, question: str, asked: str, answer: str, citation: Citation
) -> DocumentAnswer:
    """An answer as a figure draws it: from yes at 1 to no at -1."""
    place = PLACES[answer]
    return DocumentAnswer(
        label=str(issuer),
        value=place,
        low=place,
        high=place,
        family=citation.family,
        source_id=citation.source_id,
        row=str(citation),
        text=f"{day} {question}: {answer}".lstrip(),
        day=day,
        question=question,
        asked=asked,
        says=says,
        answer=answer,
    )


def _optional(frame: DataFrame, column: str) -> list[Any]:
    """The values of a column; None for each row where a table does not have it."""
    return frame[column].tolist() if column in frame else [None] * len(frame)


def _by_family(answers: Sequence[_Answer]) -> list[list[_Answer]]:
    grouped: dict[str, list[_Answer]] = {}
    for item in answers:
        grouped.setdefault(item.citation.family, []).append(item)
    return list(grouped.values())


def _families_with(answers: Sequence[_Answer]) -> float:
    return float(len(_by_family(answers)))


def _mean_share(answers: Sequence[_Answer], word: str) -> float:
    """The mean over families of the share of their documents that answer so."""
    groups = _by_family(answers)
    shares = [sum(item.answer == word for item in group) / len(group) for group in groups]
    return fmean(shares) if shares else 0.0


def _extreme_share(answers: Sequence[_Answer], word: str, *, highest: bool) -> list[float]:
    """The highest or lowest mean share of `word` that a choice among the given answers allows.

    Empty where no document needs to answer. Whoever may be silent answers only to move the mean.
    """
    (contrary,) = COUNTING - {word}
    preferred = word if highest else contrary
    shares = []
    for group in _by_family(answers):
        so = sum(preferred in item.given for item in group)
        otherwise = sum(item.given <= COUNTING and preferred not in item.given for item in group)
        if so + otherwise:
            shares.append((so if highest else otherwise) / (so + otherwise))
    return [fmean(shares)] if shares else []
