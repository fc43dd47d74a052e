"""Documents: counting coded answers, once per source family."""

from __future__ import annotations

from dataclasses import replace

import pytest
from frames import Frames, frame
from hypothesis import given
from hypothesis import strategies as st

from analysis.methods.documents import Documents
from analysis.methods.estimate import Outcome


def texts(*answers: tuple[str, str] | tuple[str, str, int], question: str = "literal") -> Frames:
    """Documents as (family, answer) or (family, answer, grade)."""
    documents, codings = [], []
    for number, (family, answer, *grade) in enumerate(answers):
        name = f"d{number}"
        documents.append(
            {
                "doc_id": name,
                "issuer": family.title(),
                "date": "2024-05-01",
                "source_id": f"s{number}",
                "family": family,
                "grade": grade[0] if grade else 4,
            }
        )
        codings += [
            {
                "claim_id": "T1",
                "doc_id": name,
                "reading": question,
                "coder": coder,
                "answer": answer,
            }
            for coder in ("a", "b", "adjudicated")
        ]
    return Frames({"documents/documents": frame(documents), "documents/codings": frame(codings)})


ASKED = Documents(coding="T1", questions=["literal"])


def outcome(method: Documents, evidence: Frames) -> Outcome | None:
    return method.pass_criterion.outcome(method.estimate(evidence))


@pytest.mark.parametrize(
    ("rule", "answers", "expected"),
    [
        ("any", "ynn", 1), ("any", "nnn", -1),
        ("none", "nnn", 1), ("none", "ynn", -1),
        ("majority", "yyn", 1), ("majority", "ynn", -1), ("majority", "yynn", -1),
        ("all", "yyy", 1), ("all", "yyn", -1),
    ],
)  # fmt: skip
def test_the_rule_decides(rule, answers, expected):
    words = {"y": "yes", "n": "no"}
    evidence = texts(*((f"f{i}", words[letter]) for i, letter in enumerate(answers)))
    assert outcome(replace(ASKED, rule=rule), evidence) == expected


def test_the_expected_answer_can_be_no():
    assert outcome(replace(ASKED, expected="no"), texts(("f", "no"))) is Outcome.PASS


@given(st.integers(1, 5))
def test_copies_of_one_family_count_once(copies):
    once = texts(("wire", "yes"), ("paper", "no"), ("agency", "no"))
    often = texts(*[("wire", "yes")] * copies, ("paper", "no"), ("agency", "no"))
    for rule in ("any", "none", "majority", "all"):
        method = replace(ASKED, rule=rule)
        assert method.estimate(often).value == pytest.approx(method.estimate(once).value)


def test_a_minimum_of_families_is_needed():
    method = replace(ASKED, rule="any", minimum=2)
    assert outcome(method, texts(("a", "yes"), ("a", "yes"))) is Outcome.FAIL
    assert outcome(method, texts(("a", "yes"), ("b", "yes"))) is Outcome.PASS


def test_unclear_answers_are_left_out_and_silence_is_no_possible_answer():
    evidence = texts(("a", "yes"), ("b", "unclear"), ("c", "unclear"))
    for unclear in ("ignore", "bound"):
        assert outcome(replace(ASKED, unclear=unclear), evidence) is Outcome.PASS


def test_an_answer_that_one_coder_could_give_bounds_the_share():
    evidence = texts(("a", "yes"), ("b", "unclear"), ("c", "unclear"))
    codings = evidence["documents/codings"]
    contested = (codings["coder"] == "a") & codings["doc_id"].isin(["d1", "d2"])
    evidence["documents/codings"] = codings.assign(answer=codings["answer"].mask(contested, "no"))
    bound = replace(ASKED, unclear="bound").estimate(evidence)
    assert (bound.low, bound.high) == pytest.approx((1 / 3, 1))
    assert outcome(replace(ASKED, unclear="bound"), evidence) is Outcome.UNCLEAR
    assert outcome(ASKED, evidence) is Outcome.PASS


def test_absence_can_leave_a_claim_unsupported():
    evidence = texts(("a", "no"), ("b", "unclear"))
    assert outcome(replace(ASKED, rule="any"), evidence) is Outcome.FAIL
    open_ = replace(ASKED, rule="any", absence="unsupported").estimate(evidence)
    assert open_.value is None
    assert open_.note == "1 document searched, none answers yes"


def test_only_official_texts_can_be_admitted():
    evidence = texts(("ministry", "no", 4), ("paper", "yes", 3), ("blog", "yes", 1))
    assert outcome(ASKED, evidence) is Outcome.PASS
    assert outcome(replace(ASKED, admit="official"), evidence) is Outcome.FAIL
    assert replace(ASKED, admit="reports").estimate(evidence).n == 2


def test_each_document_is_cited():
    estimate = ASKED.estimate(texts(("a", "yes"), ("b", "no")))
    assert [str(citation) for citation in estimate.citations] == [
        "documents/documents:2",
        "documents/documents:3",
    ]


def test_another_question_is_not_counted():
    assert ASKED.estimate(texts(("a", "yes"), question="other")).value is None


@given(st.lists(st.sampled_from(["yes", "no", "unclear"]), min_size=1, max_size=6))
def test_one_more_yes_is_never_worse(answers):
    given_ = [(f"f{i}", answer) for i, answer in enumerate(answers)]
    for rule in ("any", "majority", "all"):
        method = replace(ASKED, rule=rule)
        before, after = (
            outcome(method, texts(*items)) for items in (given_, [*given_, ("z", "yes")])
        )
        assert before is None or after >= before
