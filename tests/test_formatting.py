"""One number reads the same wherever it is shown."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import formatting


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (75.77932, "75.78"),
        (7_000_000.0, "7,000,000"),
        (1600, "1600"),
        (9999.7, "10,000"),
        (54218, "54,218"),
        (-22.5, "-22.5"),
        (1e-9, "1e-09"),
        (3e21, "3e+21"),
    ],
)
def test_numbers(value, text):
    assert formatting.number(value) == text


@given(st.floats(min_value=-1e12, max_value=1e12, allow_subnormal=False))
def test_a_number_keeps_four_significant_digits(value):
    text = formatting.number(value)
    assert float(text.replace(",", "")) == pytest.approx(value, rel=5.1e-3 if "e" in text else 5e-4)


@given(st.integers(min_value=-(10**9), max_value=10**9))
def test_a_rounded_and_an_exact_integer_have_the_same_separators(value):
    assert "," in formatting.exact(value) or abs(value) < 10_000
    if abs(value) < 10_000:
        assert formatting.exact(value) == formatting.number(value)


def test_bounds_that_read_like_their_value_are_left_out():
    same = SimpleNamespace(value=7e6, low=7e6 - 1e-4, high=7e6)
    assert formatting.interval(same) == "7,000,000"
    assert formatting.interval(SimpleNamespace(value=2, low=1, high=3)) == "2 (1 to 3)"


def test_days_across_years():
    assert formatting.days((date(2023, 12, 31), date(2024, 1, 1))) == "31 Dec 2023 to 1 Jan 2024"
    assert formatting.days((date(2023, 1, 1), date(2024, 12, 31))) == "2023 to 2024"
    assert formatting.days((date(2024, 10, 1), date(2024, 12, 31))) == "Oct to Dec 2024"


NUMBER = re.compile(r"\d[\d,]*\d(?:\.\d+)?")
PUBLISHED = json.loads((Path(__file__).parents[1] / "results" / "published.json").read_text())


def shown(entry):
    """All texts of a claim that a figure, a page or a notebook shows."""
    details = entry["detail"].values()
    reasons = [reason for detail in details for reason in detail["reasons"]]
    return [entry[key] for key in ("claimed", "summary", "alt") if entry.get(key)] + reasons


def test_no_claim_writes_one_number_in_two_forms():
    forms = defaultdict(set)
    for entry in PUBLISHED["claims"]:
        for form in NUMBER.findall(" ; ".join(shown(entry))):
            plain = form.rstrip(",")
            forms[entry["id"], plain.replace(",", "")].add(plain)
    assert not {number: found for number, found in forms.items() if len(found) > 1}
