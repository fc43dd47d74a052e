"""Laws of the test that an estimate is held against."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.methods.comparisons import COMPARISONS as RULES
from analysis.methods.comparisons import Comparison
from analysis.methods.estimate import Criterion, Estimate, Outcome, no_evidence

COMPARISONS = get_args(Comparison)
NUMBERS = st.integers(-1000, 1000).map(lambda n: n / 8)  # exact in binary: no noise at the borders
WIDTHS = st.integers(0, 80).map(lambda n: n / 8)


@st.composite
def estimates(draw):
    value = draw(NUMBERS)
    return Estimate(value=value, low=value - draw(WIDTHS), high=value + draw(WIDTHS))


@st.composite
def assertions(draw, comparisons=COMPARISONS):
    return Criterion(
        comparison=draw(st.sampled_from(comparisons)),
        threshold=draw(NUMBERS),
        precision=draw(st.sampled_from([0.25, 1.0, 4.0])),
    )


def shifted(estimate: Estimate, by: float) -> Estimate:
    return Estimate(value=estimate.value + by, low=estimate.low + by, high=estimate.high + by)


@given(estimates(), assertions(["exceeds", "at_least"]), WIDTHS)
def test_more_is_never_worse_for_a_claim_of_more(estimate, criterion, by):
    assert criterion.outcome(shifted(estimate, by)) >= criterion.outcome(estimate)


@given(estimates(), assertions(["below", "at_most"]), WIDTHS)
def test_more_is_never_better_for_a_claim_of_less(estimate, criterion, by):
    assert criterion.outcome(shifted(estimate, by)) <= criterion.outcome(estimate)


@given(estimates(), NUMBERS, st.sampled_from([0.25, 1.0, 4.0]))
def test_nearer_is_never_worse_for_a_claim_of_a_number(estimate, threshold, precision):
    criterion = Criterion(comparison="within", threshold=threshold, precision=precision)
    nearer = shifted(estimate, (threshold - estimate.value) / 2)
    assert criterion.outcome(nearer) >= criterion.outcome(estimate)


@given(estimates(), assertions(), st.sampled_from([0.125, 0.5, 2.0, 1024.0]))
def test_the_outcome_does_not_depend_on_the_unit(estimate, criterion, factor):
    rescaled = Estimate(
        value=estimate.value * factor, low=estimate.low * factor, high=estimate.high * factor
    )
    same = replace(
        criterion, threshold=criterion.threshold * factor, precision=criterion.precision * factor
    )
    assert same.outcome(rescaled) == criterion.outcome(estimate)


@given(estimates(), assertions(), st.floats(0, 1), st.floats(0, 1))
def test_a_narrower_interval_never_contradicts_a_wider_one(estimate, criterion, down, up):
    inner = Estimate(
        value=estimate.value,
        low=estimate.value - (estimate.value - estimate.low) * down,
        high=estimate.value + (estimate.high - estimate.value) * up,
    )
    wide, narrow = criterion.outcome(estimate), criterion.outcome(inner)
    assert narrow == wide or wide is Outcome.UNCLEAR


@given(NUMBERS, assertions())
def test_a_point_passes_exactly_if_it_is_admitted(value, criterion):
    passed = criterion.outcome(Estimate(value=value)) is Outcome.PASS
    assert passed == criterion.admits(value)


@given(st.integers(-999, 999), st.integers(-5, 4))
def test_rounding_is_that_of_the_schoolbook(tenths, hundredths):
    criterion = Criterion(comparison="rounds_to", threshold=tenths / 10, precision=0.1)
    inside = tenths / 10 + hundredths / 100 + 0.001
    assert criterion.admits(inside)
    assert not criterion.admits(inside + 0.1)
    assert not criterion.admits(inside - 0.1)


@pytest.mark.parametrize(
    ("comparison", "expected"),
    [
        ("exceeds", Outcome.FAIL),
        ("at_least", Outcome.PASS),
        ("below", Outcome.FAIL),
        ("at_most", Outcome.PASS),
        ("rounds_to", Outcome.PASS),
        ("within", Outcome.PASS),
    ],
)
def test_exactly_on_the_threshold(comparison, expected):
    criterion = Criterion(comparison=comparison, threshold=75, precision=1)
    assert criterion.outcome(Estimate(value=75)) is expected


def test_an_indifference_zone_around_the_threshold_is_unclear():
    criterion = Criterion(comparison="exceeds", threshold=75, indifference_zone=1)
    assert criterion.outcome(Estimate(value=75.8)) is Outcome.UNCLEAR
    assert criterion.outcome(Estimate(value=76.2)) is Outcome.PASS


def test_no_evidence_has_no_outcome():
    criterion = Criterion(comparison="exceeds", threshold=75)
    assert criterion.outcome(no_evidence("no row")) is None


def test_a_value_outside_its_interval_is_refused():
    with pytest.raises(ValueError, match="outside its interval"):
        Estimate(value=3, low=4, high=5)


def test_every_comparison_has_its_row():
    assert set(RULES) == set(COMPARISONS)


@pytest.mark.parametrize(
    ("comparison", "text", "noun"),
    [
        ("at_least", "at least 3", "at least"),
        ("rounds_to", "rounds to 3", "a value that rounds to"),
        ("within", "within 0.5 of 3", "a value within"),
    ],
)
def test_a_criterion_in_words(comparison, text, noun):
    criterion = Criterion(comparison=comparison, threshold=3, precision=0.5)
    assert str(criterion) == text
    assert criterion.rule.noun.format(words=criterion.rule.words) == noun
