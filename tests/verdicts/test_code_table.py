"""The table that gives the code: each row by its edges, and the laws that it must obey."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.methods.estimate import Outcome
from analysis.verdicts.code_table import (
    ALTERNATIVES,
    CODES,
    MIDDLE,
    ROWS,
    RULE_WORDS,
    SCALE,
    STANDARD,
    by_shares,
    compare,
    opposed,
)
from analysis.verdicts.sweep import Shares

PASS, UNCLEAR, FAIL = Outcome.PASS, Outcome.UNCLEAR, Outcome.FAIL
OUTCOMES = st.sampled_from(list(Outcome))
TWENTY = 20  # specifications of equal weight: steps of 5 %


def split(passing: float, failing: float) -> Shares:
    return Shares(passing=passing, failing=failing, unclear=1 - passing - failing, n=100)


@st.composite
def shares(draw) -> Shares:
    passing = draw(st.integers(0, TWENTY))
    failing = draw(st.integers(0, TWENTY - passing))
    return split(passing / TWENTY, failing / TWENTY)


def shifted(found: Shares, passing: int, failing: int) -> Shares:
    return split(
        round(found.passing + passing / TWENTY, 12), round(found.failing + failing / TWENTY, 12)
    )


@pytest.mark.parametrize(
    ("preferred", "passing", "failing", "row"),
    [
        (PASS, 0.90, 0.05, "nearly_all_pass"),
        (PASS, 0.899, 0.05, "majority_passes"),
        (PASS, 0.94, 0.06, "majority_passes"),
        (UNCLEAR, 1.0, 0.0, "majority_passes"),
        (PASS, 2 / 3, 1 / 3, "most_pass"),
        (PASS, 0.66, 0.34, "specifications_disagree"),
        (UNCLEAR, 2 / 3, 0.09, "majority_passes"),
        (UNCLEAR, 2 / 3, 0.10, "specifications_disagree"),
        (PASS, 0.51, 0.05, "majority_passes"),
        (PASS, 0.51, 0.06, "too_little"),
        (PASS, 0.50, 0.0, "too_little"),
        (PASS, 0.10, 0.10, "specifications_disagree"),
        (PASS, 0.09, 0.10, "too_little"),
        (FAIL, 0.51, 0.04, "preferred_disagrees"),
        (PASS, 0.05, 0.95, "preferred_disagrees"),
        (FAIL, 0.05, 0.90, "nearly_all_fail"),
        (FAIL, 0.06, 0.90, "majority_fails"),
        (UNCLEAR, 0.0, 1.0, "majority_fails"),
        (FAIL, 0.05, 0.51, "majority_fails"),
        (FAIL, 1 / 3, 2 / 3, "most_fail"),
        (UNCLEAR, 0.0, 0.0, "too_little"),
    ],
)
def test_each_row_has_its_edges(preferred, passing, failing, row):
    assert by_shares(preferred, split(passing, failing)).name == row


@pytest.mark.parametrize(
    ("preferred", "passing", "failing", "row"),
    [
        (UNCLEAR, 0.0, 0.66, "no_design"),
        (FAIL, 0.0, 2 / 3, "majority_fails"),
        (FAIL, 0.01, 0.60, "too_little"),
        (FAIL, 0.0, 1.0, "nearly_all_fail"),
        (PASS, 1.0, 0.0, "nearly_all_pass"),
    ],
)
def test_without_a_design_less_than_two_thirds_never_contradict(preferred, passing, failing, row):
    assert by_shares(preferred, split(passing, failing), design=False).name == row


@given(shares(), OUTCOMES, OUTCOMES, st.booleans(), st.sampled_from(((1, 0), (0, -1), (1, -1))))
def test_evidence_in_favour_never_weakens(found, preferred, other, design, step):
    """One outcome from fail to unclear or pass, or from unclear to pass; perhaps the preferred."""
    passing, failing = step
    room = found.failing * TWENTY >= -failing and (failing or found.unclear * TWENTY >= 0.5)
    if not room or other < preferred:
        return
    before = by_shares(preferred, found, design=design)
    after = by_shares(other, shifted(found, passing, failing), design=design)
    assert SCALE[after.code] >= SCALE[before.code], f"{before.name} -> {after.name}"


@given(shares(), OUTCOMES, st.sampled_from((STANDARD, *ALTERNATIVES)))
def test_the_mirrored_table_is_symmetric(found, preferred, thresholds):
    mirrored = split(found.failing, found.passing)
    own = by_shares(preferred, found, thresholds)
    other = by_shares(Outcome(-preferred), mirrored, thresholds)
    assert SCALE[own.code] - MIDDLE == MIDDLE - SCALE[other.code]


@given(shares(), OUTCOMES, st.booleans())
def test_stricter_thresholds_never_make_a_verdict_more_extreme(found, preferred, design):
    loose, strict = (
        SCALE[by_shares(preferred, found, each, design=design).code] for each in ALTERNATIVES
    )
    assert abs(strict - MIDDLE) <= abs(loose - MIDDLE)


@given(st.lists(shares(), min_size=1, max_size=4))
def test_readings_are_opposed_if_two_lean_opposite_ways(found):
    leans = [each.passing - each.failing for each in found]
    pairs = [(a, b) for a in leans for b in leans if a >= 0.10 and b <= -0.10]
    assert opposed(found) == bool(pairs)


def test_two_thirds_are_two_thirds():
    assert STANDARD.most == 2 / 3
    assert [str(each) for each in (STANDARD, *ALTERNATIVES)] == [
        "0.90/0.67",
        "0.80/0.60",
        "0.95/0.75",
    ]


def test_every_row_has_a_name_of_its_own_words_and_a_code():
    assert len(RULE_WORDS) == len(ROWS) == len(set(RULE_WORDS.values()))
    assert {row.code for row in ROWS} == set(CODES)


@given(st.sampled_from(CODES), st.sampled_from(CODES))
def test_the_comparison_of_codes_reverses_with_time(before, after):
    opposite = {"STRENGTHENED": "WEAKENED", "WEAKENED": "STRENGTHENED"}
    flag = compare(before, after)
    assert compare(after, before) == opposite.get(flag, flag)
