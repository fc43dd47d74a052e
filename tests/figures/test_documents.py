"""Coded documents against what the rule needs."""

from __future__ import annotations

import pytest
from builders import claim, evidence, frame, run

from analysis import figures
from analysis.figures.figure import Drawing

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
            "Sources that say “yes”: 0 of 1. Needed: no source that says “yes”.",
        ),
        ("27", "Sources that say “yes”: 4 of 4. Needed: at least 2 sources with the answer “yes”."),
        (
            "27, three questions",
            " of 4 sources say “yes”, each counted once. Needed: more than half of the sources",
        ),
        ("all no", "All of 4 sources say “no”."),
        ("all silent", "No admissible evidence: 5 documents searched, none answers the question."),
        ("no yes", "No admissible evidence: 5 documents searched, none answers yes."),
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


def words(drawing: Drawing) -> list[str]:
    return [text.get_text() for axes in drawing.figure.axes for text in axes.texts]


def test_an_answer_is_told_by_what_it_means_for_the_claim():
    """A yes may refute: whoever reads the table sees it beside the answer."""
    for expected, rule, yes in (
        ("yes", "majority", "for"),
        ("no", "majority", "against"),
        ("yes", "none", "against"),
    ):
        data = drawn(9, expected=expected, rule=rule).data
        assert set(data.loc[data["outcome"] == "yes", "stance"]) == {yes}
        assert set(data.loc[data["outcome"] == "ambiguous", "stance"]) == {"open"}
    heads = [text for text in words(drawn(9, expected="no")) if "claim:" in text]
    assert heads == [
        "For the claim: 3 documents of 3 sources",
        "Against the claim: 3 documents of 3 sources",
    ]


def test_the_table_quotes_what_the_documents_say():
    made = claim("documents", {"coding": "T1", "questions": ["literal"]})
    tables = known(2, ["literal"], lambda *_: "yes")
    tables["documents/documents"]["says"] = ["Names the strait.", "Does <not> name it."]
    tables["documents/documents"]["date"] = ["2024-05-02", "2024-09"]
    tables["documents/codings"]["question"] = "Does it name the strait?"
    drawing = figures.documents(*run(made, tables))
    shown = words(drawing)
    assert "Asked of each document: Does it name the strait?" in shown
    assert {"Names the strait.", "2 May 2024", "Sep 2024", "Courier", "yes"} <= set(shown)
    assert "<td>Does &lt;not&gt; name it.</td><td>yes</td>" in drawing.table
    assert drawing.data["label"].tolist()[1:] == [
        "Courier, 2024",
        "Ministry of Defence of Norland, 2024",
    ]
    assert drawing.figure.texts[-1].get_text().endswith("last date Sep 2024.")


def test_where_there_is_no_room_each_source_comes_first_and_all_are_in_the_data():
    data = drawn(60, answer=lambda *_: "yes").data[1:]
    shown = data[data["shown"].astype(bool)]
    assert (len(data), len(shown)) == (60, 10)
    assert set(shown["family"]) == set(FAMILIES)
    assert "50 more: see the data of the figure" in words(drawn(60, answer=lambda *_: "yes"))


def test_a_tidy_frame_is_drawn_again():
    drawing = drawn(9)
    few = drawing.data[drawing.data["outcome"] == "yes"]
    again = figures.documents(few)
    assert [text.get_text() for text in again.axes[0].texts].count("yes") == 3


def test_words_are_made_from_the_numbers():
    assert drawn(2, answer=lambda i, _: ANSWERS[i]).alt == (
        "Chart of the answers of 2 documents from 2 source families. The claim needs more than "
        "half of the sources say “yes”. 50% of 2 sources say “yes”, each "
        "counted once. To the question literal: 1 yes, 1 no. Courier: yes; Ministry of Defence of "
        "Norland: no."
    )
