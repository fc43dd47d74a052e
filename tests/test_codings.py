"""The coded answers of this audit: blind questions, the answer of two of three, a current page."""

from __future__ import annotations

import re
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pandas as pd
import pytest

from analysis.stats.agreement import majority

ROOT = Path(__file__).parents[1]
ASKED = ["claim_id", "reading", "doc_id", "question"]
MONTHS = "January|February|March|April|June|July|August|September|October|November|December"


@pytest.fixture(scope="module")
def sheet() -> pd.DataFrame:
    return pd.read_csv(ROOT / "data/documents/coding_sheet.csv", keep_default_na=False)


@pytest.fixture(scope="module")
def answers() -> pd.DataFrame:
    """A row a question and document, a column a coder."""
    codings = pd.read_csv(ROOT / "data/documents/codings.csv", keep_default_na=False)
    return codings.pivot_table(index=ASKED, columns="coder", values="answer", aggfunc="first")


def test_no_question_contains_a_date_of_the_audit(sheet):
    dated = re.compile(rf"\b(19|20)\d\d\b|\b({MONTHS})\b")
    assert [question for question in sheet["question"].unique() if dated.search(question)] == []


def test_every_question_has_an_answer_of_each_coder(sheet, answers):
    assert answers.notna().all(axis=None)
    assert set(answers.index) == set(map(tuple, sheet[ASKED].to_numpy()))


def test_the_answer_of_two_of_three_counts(answers):
    given = answers[["a", "b", "c"]].to_numpy().tolist()
    assert answers["majority"].tolist() == [majority(three, "ambiguous") for three in given]


def test_questions_with_the_same_words_have_the_same_answers(answers):
    by_words = answers.reset_index().groupby(["question", "doc_id"])[["a", "b", "c"]].nunique()
    assert (by_words == 1).all(axis=None)


def test_the_page_on_agreement_is_current():
    spec = spec_from_file_location("coding_agreement", ROOT / "bench" / "coding_agreement.py")
    script = module_from_spec(spec)
    spec.loader.exec_module(script)
    assert (ROOT / "docs/coding-agreement.md").read_text(encoding="utf-8") == script.page()
