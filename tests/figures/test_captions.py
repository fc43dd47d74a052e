"""Numbers, dates and choices in words."""

from __future__ import annotations

from datetime import date

import pytest

from analysis.figures import captions
from analysis.methods.estimate import Criterion, Estimate


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (75.77932, "75.78"),
        (7_000_000.0, "7,000,000"),
        (1600, "1600"),
        (-22.5, "-22.5"),
        (1e-9, "1e-09"),
        (3e21, "3e+21"),
    ],
)
def test_numbers(value, text):
    assert captions.number(value) == text


def test_an_interval_that_equals_its_value_is_left_out():
    assert captions.spread(Estimate(value=7e6, low=7e6 - 1e-4, high=7e6)) == "7,000,000"
    assert captions.spread(Estimate(value=2, low=1, high=3)) == "2 (1 to 3)"


@pytest.mark.parametrize(
    ("criterion", "text"),
    [
        (Criterion(comparison="exceeds", threshold=75), "more than 75 USD"),
        (Criterion(comparison="at_most", threshold=75), "at most 75 USD"),
        (Criterion(comparison="within", threshold=7, precision=1), "7 USD (6 to 8)"),
        (Criterion(comparison="within", threshold=0), "0 USD"),
    ],
)
def test_assertions(criterion, text):
    assert captions.asserted(criterion, "USD") == text


def test_days_across_years():
    assert captions.days((date(2023, 12, 31), date(2024, 1, 1))) == "31 Dec 2023 to 1 Jan 2024"
    assert captions.days((date(2023, 1, 1), date(2024, 12, 31))) == "1 Jan 2023 to 31 Dec 2024"


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
