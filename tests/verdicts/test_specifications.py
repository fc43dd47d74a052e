"""Trials as plain values: nothing of a sweep is lost on the way."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st
from strategies import claim, trials

from analysis.verdicts.specifications import dump, line_ranges
from analysis.verdicts.specifications import trials as outlined
from analysis.verdicts.sweep import Curve


@given(trials())
def test_every_trial_is_there_in_the_order_of_the_sweep(found):
    outline = json.loads(dump(claim(), Curve(tuple(found))))
    assert outline == outlined(claim(), Curve(tuple(found)))
    told = [each["outcome"] for each in outline["trials"]]
    assert told == [None if each.outcome is None else each.outcome.name.lower() for each in found]
    for trial, row in zip(found, outline["trials"], strict=True):
        tables = {citation.table for citation in trial.estimate.citations}
        assert set(outline["evidence"][row["rows"]]) == tables


@given(trials())
def test_every_choice_is_an_option_of_its_factor(found):
    outline = outlined(claim(), Curve(tuple(found)))
    for row in outline["trials"]:
        for name, value in row["choices"].items():
            assert value in outline["factors"][name]


@given(st.sets(st.integers(2, 300), min_size=1))
def test_spans_say_exactly_the_numbers(numbers):
    said = set()
    for span in line_ranges(numbers).split(", "):
        first, _, last = span.partition("-")
        said |= set(range(int(first), int(last or first) + 1))
    assert said == numbers
