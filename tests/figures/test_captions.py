"""Numbers, dates and choices in words."""

from __future__ import annotations

from typing import get_args

import pytest

from analysis.figures import captions
from analysis.methods.comparisons import Comparison
from analysis.methods.estimate import Criterion


@pytest.mark.parametrize(
    ("criterion", "text"),
    [
        (Criterion(comparison="exceeds", threshold=75), "more than 75 USD"),
        (Criterion(comparison="at_most", threshold=75), "at most 75 USD"),
        (Criterion(comparison="within", threshold=7, precision=1), "7 USD (6 to 8)"),
        (Criterion(comparison="within", threshold=0), "0 USD"),
        (Criterion.stated("within", 8.5, precision_pct=10), "8.5 USD (7.65 to 9.35)"),
        (Criterion(comparison="equals", threshold=2), "exactly 2 USD"),
    ],
)
def test_assertions(criterion, text):
    assert captions.asserted(criterion, "USD") == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "yes"),
        (None, "not stated"),
        ("", "not stated"),
        (["a_b", "c"], "a b, c"),
        (2.50, "2.5"),
        ({"id": 1}, "id 1"),
    ],
)
def test_alternatives(value, text):
    assert captions.chosen(value, ()) == text


def test_a_choice_is_named_where_its_value_says_too_little():
    options = {"reporter": [], "coder": [], "precise": [], "source": []}
    picked = {"reporter": "World Desk", "coder": "a", "precise": True, "source": "all"}
    assert captions.choices(picked, options) == "World Desk, coder a, precise yes, source all"


def test_alternatives_that_list_much_in_common_are_named_by_the_rest():
    options = [{"id": ["a", "b"]}, {"id": ["a", "c"]}, {"id": ["a"]}]
    text = [captions.chosen(option, options) for option in options]
    assert text == ["also b", "also c", "only a"]


def test_slugs_are_called_by_their_names():
    call = {"jp_x": "Office X", "two_y": "two Ys"}.get
    assert captions.choices({"a": "two_y"}, {"a": ["two_y"]}, call) == "two Ys"
    assert captions.sources(["jp_x"], "latest", call=call).startswith("Sources: Office X.")


def test_many_families_are_counted():
    text = captions.sources([f"family_{i}" for i in range(9)], "publication")
    assert "family 4, 4 more." in text
    assert text.endswith("Evidence known at publication.")
    assert captions.sources([], "latest") == "Sources: none. Latest evidence."


@pytest.mark.parametrize("comparison", get_args(Comparison))
def test_every_comparison_has_words_of_its_own_everywhere(comparison):
    """A new comparison without words would be told as another one."""
    criterion = Criterion(comparison=comparison, threshold=75, precision=1)
    others = [
        Criterion(comparison=other, threshold=75, precision=1)
        for other in get_args(Comparison)
        if other != comparison
    ]
    low, high, *_ = criterion.region()
    assert low <= 75 <= high
    assert str(criterion) not in map(str, others)
    same = {"rounds_to", "within"}  # a figure shows both as an interval
    words = captions.asserted(criterion, "USD")
    assert all(
        words != captions.asserted(other, "USD")
        for other in others
        if {comparison, other.comparison} != same
    )
