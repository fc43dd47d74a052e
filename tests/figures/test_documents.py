"""Coded documents against what the rule needs."""

from __future__ import annotations

import pytest
from builders import claim, evidence, frame, run

from analysis import figures
from analysis.figures.figure import Drawing
from analysis.methods.estimate import Estimate, Point

ISSUERS = [
    "Courier",
    "Ministry of Defence of Norland",
    "Council for Security Cooperation in the Far East of the Member States",
    "White House",
]
FAMILIES = ["courier", "nor_mod", "council_for_security_cooperation", "us_white_house"]
ANSWERS = ["yes", "no", "ambiguous"]


def known(n: int, questions, answer=None) -> evidence:
    answer = answer or (lambda i, q: ANSWERS[(7 * i + len(q)) % 3])
    texts = frame(
        {
            "doc_id": f"d{i}",
            "date": None,
            "issuer": ISSUERS[i % 4],
            "source_id": f"s{i}",
            "family": FAMILIES[i % 4],
        }
        for i in range(n)
    )
    coded = frame(
        {
            "claim_id": "T1",
            "doc_id": f"d{i}",
            "reading": q,
            "coder": "majority",
            "answer": answer(i, q),
        }
        for i in range(n)
        for q in questions
    )
    return evidence({"documents/documents": texts, "documents/codings": coded})


def drawn(n: int, questions=("literal",), answer=None, **parameters) -> Drawing:
    made = claim("documents", {"coding": "T1", "questions": list(questions), **parameters})
    return figures.documents(*run(made, known(n, questions, answer)))


THREE = ("literal", "official wording of the statement", "names_the_strait")
CASES = {
    "one": {"n": 1, "rule": "none"},
    "nine": {"n": 9},
    "27": {"n": 27, "rule": "any", "minimum": 2},
    "27, three questions": {"n": 27, "questions": THREE},
    "60": {"n": 60, "rule": "all"},
    "all no": {"n": 5, "answer": lambda *_: "no", "expected": "no"},
    "all silent": {"n": 5, "answer": lambda *_: "silent"},
    "one coder": {"n": 5, "coder": "c"},
    "no yes": {"n": 5, "answer": lambda *_: "ambiguous", "rule": "any"},
}


@pytest.mark.parametrize("case", CASES)
def test_every_word_has_its_place(case, misplaced):
    assert misplaced(drawn(**CASES[case])) == []


@pytest.mark.parametrize(
    ("case", "text"),
    [
        (
            "one",
            "With a document that says “yes”: 0 of 1 source family that answer. Needed (shaded):",
        ),
        ("27", "4 of 4 source families that answer. Needed (shaded): at least 2 source families"),
        (
            "27, three questions",
            " of 4 source families, each counted once. Needed: more than half of",
        ),
        ("all no", "Saying “no”: 100% of 4 source families, each counted once."),
        ("all silent", "No admissible evidence: 5 documents searched, none answers the question."),
        ("no yes", "No admissible evidence: 5 documents searched, none answers yes."),
        ("60", "20 more documents in the table."),
    ],
)
def test_what_was_found_is_said(case, text):
    drawing = drawn(**CASES[case])
    assert text in " ".join(" ".join(text.get_text().split()) for text in drawing.figure.texts)


def test_silent_documents_are_counted_and_drawn_only_where_all_are():
    some = drawn(5, answer=lambda i, _: "yes" if i == 0 else "silent")
    assert some.data["outcome"].tolist()[1:] == ["yes"]
    assert some.summary.endswith("4 documents searched, but silent.")
    assert drawn(5, answer=lambda *_: "silent").data["outcome"].tolist()[1:] == ["silent"] * 5


def test_a_row_of_numbers_for_each_answer():
    data = drawn(12, THREE).data
    assert data["mark"].tolist() == ["claimed"] + ["answer"] * 36
    assert data.groupby("group")["row"].nunique().tolist() == [12, 12, 12]
    assert data["row"][1:].str.match(r"documents/documents:\d+$").all()


def test_the_expected_answer_comes_first():
    assert drawn(9, expected="no").data["outcome"].tolist()[1] == "no"
    assert drawn(9, expected="yes").data["outcome"].tolist()[1] == "yes"


def test_no_two_documents_have_one_label():
    labels = [label.get_text() for label in drawn(27).figure.axes[0].get_yticklabels()]
    assert len(set(labels)) == 27


def test_one_question_has_a_column_for_each_answer():
    heads = [
        t.get_text().replace("\n", " ")
        for t in drawn(9).figure.axes[0].texts
        if ":" in t.get_text()
    ]
    assert heads == ["yes: 3", "ambiguous: 3", "no: 3"]


def test_several_questions_have_a_column_each_and_the_answers_in_words():
    text = [text.get_text().replace("\n", " ") for text in drawn(3, THREE).figure.axes[0].texts]
    assert "names the strait" in text
    assert {"yes", "no", "ambiguous"} <= set(text)


@pytest.mark.parametrize(("rule", "n"), [("any", 1), ("majority", 1), ("none", 2)])
def test_the_needed_answers_are_shaded(rule, n):
    assert len(drawn(9, rule=rule).figure.axes[0].patches) == n


def test_a_document_may_have_a_date():
    point = Point(
        label="Office",
        value=1,
        low=1,
        high=1,
        family="f",
        row="d/d:2",
        text="2024-05-02 literal: yes",
    )
    made = claim("documents", {"coding": "T1", "questions": ["literal"]})
    _, _, curve, vintage = run(made, known(1, ["literal"]))
    drawing = figures.documents(made, Estimate(value=1, points=(point,)), curve, vintage)
    assert drawing.data["label"].tolist()[1] == "Office, 2024"
    assert drawing.figure.texts[-1].get_text().endswith("last date 2 May 2024.")


def test_words_are_made_from_the_numbers():
    assert drawn(2, answer=lambda i, _: ANSWERS[i]).alt == (
        "Chart of the answers of 2 documents from 2 source families. The claim needs more than "
        "half of the source families saying “yes”. Saying “yes”: 50% of 2 source families, each "
        "counted once. To the question literal: 1 yes, 1 no. Courier: yes; Ministry of Defence of "
        "Norland: no."
    )
