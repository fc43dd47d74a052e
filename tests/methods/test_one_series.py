"""The words of a single series are those of its values, whatever the claim says."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.methods.one_series import course
from analysis.methods.trend_test import DOWN, FLAT, UP
from analysis.methods.vote_counting import Index

SERIES = st.lists(st.integers(1, 99).map(float), min_size=2, max_size=9)


def index(values, state=UP):
    series = tuple(enumerate(values, start=1959))
    return Index(label="CO2", value=1.0, low=1.0, high=1.0, family="f", source_id="s", row="t:1",
                 state=state, weight=1.0, n=len(values), series=series, unit="ppm")  # fmt: skip


@given(SERIES, st.sampled_from(["rise", "fall"]))
def test_it_says_what_the_ends_say_and_counts_each_step_against_the_claim(values, direction):
    text = course(index(values), "never_falls", direction)
    rose, fell = (text.startswith(f"It {word} from") for word in ("rose", "fell"))
    assert (rose, fell) == (values[-1] > values[0], values[-1] < values[0])
    mirror = course(
        index([100 - each for each in values]),
        "never_falls",
        "fall" if direction == "rise" else "rise",
    )
    steps = [
        re.search(r"; it \w+ in (\w+) of (\d+) years$", each).groups() for each in (text, mirror)
    ]
    assert steps[0] == steps[1]
    assert int(steps[0][1]) == len(values) - 1


@pytest.mark.parametrize(
    ("values", "verb", "state", "text"),
    [
        ([315.0, 316.0, 314.0, 427.0], "never_falls", FLAT,
         "It rose from 315 to 427 ppm, 1959 to 1962; it fell in 1 of 3 years"),
        ([1.0, 9.0, 2.0], "has_grown", FLAT,
         "It rose from 1 to 2 ppm, 1959 to 1961; it does not go up over all of it"),
        ([3.0, 2.0, 1.0], "keeps_growing", DOWN,
         "It fell from 3 to 1 ppm, 1959 to 1961; its trend is downward"),
    ],
)  # fmt: skip
def test_what_the_verb_is_tested_by_is_said(values, verb, state, text):
    assert course(index(values, state), verb, "rise") == text
    assert course(replace(index(values, state), unit=""), verb, "rise") == text.replace(" ppm", "")
