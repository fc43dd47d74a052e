"""Coded documents: four answers, each family once, silence and what refutes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from frames import Frames, frame
from hypothesis import given
from hypothesis import strategies as st

from analysis.methods.documents import Documents
from analysis.methods.estimate import Outcome

ANSWERS = ("yes", "no", "silent", "ambiguous")
RULES = ("any", "none", "majority", "all")
SCALE = {Outcome.FAIL: 0, Outcome.UNCLEAR: 1, None: 1, Outcome.PASS: 2}


def most(answers) -> str:
    """The answer of two of three; three different ones are ambiguous."""
    return next((word for word in answers if answers.count(word) > 1), "ambiguous")


def texts(*documents, question="literal") -> Frames:
    """Documents as (family, the answer of all or of three coders, {grade, closed})."""
    rows, codings = [], []
    for i, (family, answers, *more) in enumerate(documents):
        known = more[0] if more else {}
        name, three = f"d{i}", (answers,) * 3 if isinstance(answers, str) else tuple(answers)
        rows.append(
            {
                "doc_id": name,
                "date": "2024-01-01",
                "issuer": f"Office {i}",
                "source_id": f"s{i}",
                "family": family,
                "grade": known.get("grade", 3),
                "closed": known.get("closed"),
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
            for coder, answer in zip(
                ("a", "b", "c", "majority"), (*three, most(three)), strict=True
            )
        ]
    return Frames({"documents/documents": frame(rows), "documents/codings": frame(codings)})


ASKED = Documents(coding="T1", questions=["literal"])
EXISTS = replace(ASKED, rule="any")
LIST, DENIAL = {"closed": "list"}, {"closed": "denial"}


def outcome(method: Documents, evidence: Frames) -> Outcome | None:
    return method.pass_criterion.outcome(method.estimate(evidence))


def span(method: Documents, evidence: Frames) -> tuple[float | None, ...]:
    found = method.estimate(evidence)
    return found.low, found.value, found.high


@pytest.mark.parametrize(
    ("rule", "answers", "expected"),
    [
        ("any", "ynn", 1),
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


def test_a_minimum_of_families_is_needed():
    method = replace(EXISTS, minimum=2)
    assert outcome(method, texts(("a", "yes"), ("a", "yes"))) is None
    assert outcome(method, texts(("a", "yes"), ("b", "yes"))) is Outcome.PASS


# --------------------------------------------------------------------------- absence


def test_an_existence_without_a_yes_is_open():
    found = EXISTS.estimate(texts(("a", "no"), ("b", "silent"), ("c", "ambiguous")))
    assert found.value is None
    assert found.note == "3 documents searched, none answers yes"
    assert len(found.citations) == len(found.points) == 3


@pytest.mark.parametrize("closed", [LIST, DENIAL])
def test_a_complete_list_or_a_denial_refutes_an_existence(closed):
    assert outcome(EXISTS, texts(("a", "no", closed), ("b", "silent"))) is Outcome.FAIL
    assert outcome(EXISTS, texts(("a", "silent", closed), ("b", "no"))) is None
    assert outcome(EXISTS, texts(("a", "no", closed), ("b", "yes"))) is Outcome.PASS


def test_documents_need_no_column_that_says_which_are_closed():
    evidence = texts(("a", "no"))
    evidence["documents/documents"] = evidence["documents/documents"].drop(columns="closed")
    assert outcome(EXISTS, evidence) is None


@pytest.mark.parametrize("rule", RULES)
def test_where_no_document_addresses_the_question_there_is_no_evidence(rule):
    found = replace(ASKED, rule=rule).estimate(texts(("a", "silent"), ("b", "ambiguous")))
    assert found.value is None
    assert found.note.startswith("2 documents searched, none answers")


# --------------------------------------------------------------------------- coders


@pytest.mark.parametrize(
    ("rule", "answers", "expected"),
    [
        ("majority", ["yes", "yes", "no"], (0.5, 1, 1)),
        ("majority", ["yes", "yes", "silent"], (1, 1, 1)),
        ("majority", ["no", "silent", "silent"], (0.5, 1, 1)),
        ("majority", ["yes", "no", "silent"], (0.5, 1, 1)),
        ("any", ["yes", "silent", "silent"], (1, 1, 2)),
        ("any", ["yes", "yes", "silent"], (1, 2, 2)),
        ("none", ["no", "no", "silent"], (1, 1, 1)),
    ],
)
def test_a_contested_document_bounds_by_the_answers_that_were_given(rule, answers, expected):
    evidence = texts(("a", "yes"), ("b", answers))
    assert span(replace(ASKED, rule=rule), evidence) == expected


def test_one_coder_alone_is_not_bounded_by_the_others():
    evidence = texts(("a", "yes"), ("b", ["yes", "no", "silent"]))
    shares = [span(replace(ASKED, coder=coder), evidence) for coder in ("a", "b", "c")]
    assert shares == [(1, 1, 1), (0.5, 0.5, 0.5), (1, 1, 1)]


def test_a_yes_that_one_coder_saw_leaves_an_existence_unclear():
    evidence = texts(("a", ["silent", "yes", "silent"]), ("b", "silent"))
    assert outcome(EXISTS, evidence) is Outcome.UNCLEAR
    assert outcome(replace(EXISTS, coder="b"), evidence) is Outcome.PASS
    assert outcome(replace(EXISTS, coder="a"), evidence) is None


# --------------------------------------------------------------------------- laws

coded = st.one_of(st.sampled_from(ANSWERS), st.tuples(*[st.sampled_from(ANSWERS)] * 3))
document = st.tuples(st.sampled_from(["f", "g", "h"]), coded, st.sampled_from([{}, LIST, DENIAL]))
documents = st.lists(document, min_size=1, max_size=5)
methods = st.builds(
    lambda rule, coder, minimum: replace(ASKED, rule=rule, coder=coder, minimum=minimum),
    st.sampled_from(RULES),
    st.sampled_from(["majority", "a", "b", "c"]),
    st.sampled_from([1, 2]),
)


@given(documents, methods)
def test_silence_changes_nothing(asked, method):
    before, after = texts(*asked), texts(*asked, ("z", "silent"), ("f", "silent"))
    assert span(method, before) == span(method, after)


@given(documents, methods)
def test_a_copy_of_a_family_changes_nothing(asked, method):
    copied = texts(*asked, *(each for each in asked if each[0] == "f"))
    assert span(method, texts(*asked)) == pytest.approx(span(method, copied))


@given(documents, methods, st.sampled_from(["f", "z"]))
def test_a_further_yes_never_weakens_an_existence(asked, method, family):
    exists = replace(method, rule="any")
    before, after = texts(*asked), texts(*asked, (family, "yes"))
    assert SCALE[outcome(exists, after)] >= SCALE[outcome(exists, before)]


@given(documents, methods, document)
def test_a_no_that_turns_into_a_yes_never_weakens(asked, method, last):
    method = replace(method, rule="any" if method.rule == "none" else method.rule)
    family, _, known = last
    before, after = (texts(*asked, (family, answer, known)) for answer in ("no", "yes"))
    assert SCALE[outcome(method, after)] >= SCALE[outcome(method, before)]


@given(documents)
def test_what_each_coder_finds_lies_within_the_bounds(asked):
    method = replace(ASKED, rule="majority")
    low, _, high = span(method, texts(*asked))
    for coder in ("a", "b", "c"):
        value = replace(method, coder=coder).estimate(texts(*asked)).value
        if low is not None and value is not None:
            assert low - 1e-12 <= value <= high + 1e-12


# --------------------------------------------------------------------------- which documents


def test_only_official_texts_can_be_admitted():
    evidence = texts(
        ("ministry", "no", {"grade": 4}),
        ("paper", "yes", {"grade": 3}),
        ("blog", "yes", {"grade": 1}),
    )
    assert outcome(ASKED, evidence) is Outcome.PASS
    assert outcome(replace(ASKED, admit="official"), evidence) is Outcome.FAIL
    assert replace(ASKED, admit="reports").estimate(evidence).n == 2


def test_an_existence_cites_the_documents_that_carry_it():
    evidence = texts(("a", "yes"), ("b", "no"), ("c", "silent"))
    cited = {rule: replace(ASKED, rule=rule).estimate(evidence).citations for rule in RULES}
    rows = {rule: [str(each) for each in citations] for rule, citations in cited.items()}
    assert rows["any"] == ["documents/documents:2"]
    assert rows["majority"] == ["documents/documents:2", "documents/documents:3"]


def test_another_question_is_not_counted():
    assert ASKED.estimate(texts(("a", "yes"), question="other")).value is None
