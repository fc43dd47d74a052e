"""The figure of how verdicts evolved: every run of days is a mark, shown by more than colour."""

from __future__ import annotations

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from analysis import figures
from analysis.figures.evolution import _ink, _runs
from analysis.figures.palette import VERDICTS
from analysis.verdicts.code_table import CODES

DAYS = ["2023-12-31", "2024-03-31", "2024-12-10", "2024-12-31", "2025-03-31"]
LONG = "A claim whose title is much longer than the room that is left beside its strip"


def evolution(codes, published="2024-12-10"):
    return {
        "days": DAYS,
        "published": published,
        "claims": {name: {"codes": own, "certainty": [None] * 5} for name, own in codes.items()},
        "sections": {"A. Things that were said": list(codes), "B. Nothing": []},
        "titles": dict.fromkeys(codes, LONG),
    }


ALL = evolution({f"A{i}": [code, *CODES[:4]] for i, code in enumerate(CODES)})
CASES = {
    "all": ALL,
    "one": evolution({"A1": ["SUPPORTED"] * 5}),
    "another day of publication": evolution({"A1": ["SUPPORTED"] * 5}, published="2020-01-01"),
}


@pytest.mark.parametrize("case", CASES)
def test_every_word_has_its_place(case, misplaced):
    assert misplaced(figures.evolution(CASES[case], "What could be known", "A text.")) == []


@given(st.lists(st.sampled_from(CODES), min_size=5, max_size=5))
@settings(max_examples=30)
def test_the_runs_are_the_days(codes):
    runs = list(_runs(evolution({"A1": codes})))
    assert [run["group"] for run in runs for _ in range(run["value"])] == codes
    assert [run["day"] for run in runs] == [
        day for i, day in enumerate(DAYS) if not i or codes[i] != codes[i - 1]
    ]


def test_each_run_begins_with_the_mark_of_its_verdict():
    drawing = figures.evolution(CASES["all"], "t", "s")
    texts = [text.get_text() for axes in drawing.figure.axes for text in axes.texts]
    for code, found in drawing.data.groupby("group"):
        in_key = 1
        assert texts.count(VERDICTS[code].marker) == len(found) + in_key


def test_the_words_tell_each_turn():
    drawing = figures.evolution(evolution({"A1": [*["SUPPORTED"] * 4, "CONTRADICTED"]}), "t", "s")
    assert "A1: supported from 2023-12-31, contradicted from 2025-03-31" in drawing.alt


def test_a_mark_on_a_pale_strip_has_its_own_colour():
    assert _ink("UNSUPPORTED") == VERDICTS["UNSUPPORTED"].colour
    assert _ink("SUPPORTED") != VERDICTS["SUPPORTED"].colour
