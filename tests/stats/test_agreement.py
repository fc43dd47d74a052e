"""Agreement of coders: published examples, and what must hold for any answers."""

from __future__ import annotations

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from analysis.stats.agreement import alpha, kappa, majority

# Krippendorff (2011): three coders, 15 units, a star where one did not code; nominal alpha 0.691
A, B, C = (
    "*****3412113 3*3".replace(" ", ""),
    "1*213343*******",
    "**21344*2113 3*4".replace(" ", ""),
)
coders = st.lists(st.tuples(*[st.sampled_from("ynsa")] * 3), min_size=2, max_size=30)


def test_kappa_of_a_textbook_table():
    table = {"yy": 20, "yn": 5, "ny": 10, "nn": 15}
    pairs = [pair for pair, count in table.items() for _ in range(count)]
    assert kappa(*zip(*pairs, strict=True)) == pytest.approx(0.4)


def test_alpha_of_the_published_example():
    units = [[word for word in unit if word != "*"] for unit in zip(A, B, C, strict=True)]
    assert alpha(units) == pytest.approx(0.691, abs=5e-4)


def test_one_answer_throughout_says_nothing():
    assert math.isnan(kappa("yyy", "yyy"))
    assert math.isnan(alpha(["yyy", "yyy"]))


@given(coders)
def test_neither_the_order_of_coders_nor_the_names_of_answers_matter(units):
    other = {"y": "1", "n": "2", "s": "3", "a": "4"}
    renamed = [[other[word] for word in reversed(unit)] for unit in units]
    assert alpha(units) == pytest.approx(alpha(renamed), nan_ok=True)
    first, second, _ = zip(*units, strict=True)
    assert kappa(first, second) == pytest.approx(kappa(second, first), nan_ok=True)


@given(coders)
def test_full_agreement_is_one_and_less_is_less(units):
    first, second, _ = zip(*units, strict=True)
    assume(len(set(first) | set(second)) > 1)
    assert (kappa(first, second) == pytest.approx(1)) == (first == second)
    assert (alpha(list(zip(first, second, strict=True))) == pytest.approx(1)) == (first == second)


@given(st.lists(st.sampled_from("yns"), min_size=1, max_size=9))
def test_a_majority_is_more_than_half(answers):
    most = max(answers, key=answers.count)
    found = majority(answers, "none")
    assert found == (most if answers.count(most) > len(answers) - answers.count(most) else "none")
