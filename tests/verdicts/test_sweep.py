"""Laws of weights, shares, influence and the nearest counterexample."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import claim, trial, trials

from analysis.claims.model import Constraint, Reading
from analysis.methods.estimate import Outcome
from analysis.verdicts.sweep import nearest_counterexample, planned, sensitivity, shares, weights


@given(trials())
def test_weights_sum_to_one_and_are_equal_per_family(found):
    given_weights = weights(found)
    assert sum(given_weights) == pytest.approx(1)
    by_family = {}
    for item, weight in zip(found, given_weights, strict=True):
        family = item.estimate.families
        by_family[family] = by_family.get(family, 0) + weight
    assert list(by_family.values()) == pytest.approx([1 / len(by_family)] * len(by_family))


@given(trials(), st.integers(1, 4))
def test_a_source_that_is_copied_does_not_count_twice(found, copies):
    family = found[0].estimate.families
    copied = [item for item in found if item.estimate.families == family] * copies
    before, after = shares(found), shares([*found, *copied])
    assert (after.passing, after.failing) == pytest.approx((before.passing, before.failing))


@given(trials(), st.randoms())
def test_the_order_of_trials_does_not_matter(found, random):
    shuffled = list(found)
    random.shuffle(shuffled)
    assert shares(shuffled) == shares(found)
    assert sensitivity(shuffled) == pytest.approx(sensitivity(found))


@given(trials())
def test_shares_are_shares(found):
    counted = shares(found)
    assert counted.passing + counted.failing + counted.unclear == pytest.approx(1)
    assert min(counted.passing, counted.failing, counted.unclear) >= 0


def test_trials_without_evidence_do_not_vote():
    found = [trial(Outcome.PASS), trial(None)]
    assert shares(found).n == 1
    assert shares(found).passing == 1


@given(trials(least=2))
def test_influence_is_a_share(found):
    assert all(0 <= moved <= 1 for moved in sensitivity(found).values())


def test_influence_tells_which_choice_decides():
    found = [
        trial(Outcome.PASS, reporter="a", period="x"),
        trial(Outcome.PASS, reporter="a", period="y"),
        trial(Outcome.FAIL, reporter="b", period="x"),
        trial(Outcome.FAIL, reporter="b", period="y"),
    ]
    assert sensitivity(found) == {"reporter": 1.0, "period": 0.0}


def test_the_nearest_counterexample_changes_as_few_choices_as_possible():
    found = [
        trial(Outcome.PASS, preferred=True, reporter="a", period="x"),
        trial(Outcome.FAIL, reporter="b", period="y"),
        trial(Outcome.FAIL, reporter="a", period="y"),
    ]
    counterexample = nearest_counterexample(found)
    assert counterexample.changes == {"period": ("x", "y")}
    assert counterexample.outcome is Outcome.FAIL


@given(trials())
def test_there_is_a_flip_exactly_if_outcomes_differ(found):
    assert (nearest_counterexample(found) is None) == (len({item.outcome for item in found}) == 1)


def test_every_admissible_combination_is_planned_once_and_the_preferred_one_first():
    constrained = claim(
        parameters={"reporter": "a", "period": "x"},
        grid={"reporter": ["a", "b", "c"], "period": ["x", "y"]},
        constraints=(Constraint(when={"reporter": ["c"]}, only={"period": ["x"]}),),
    )
    found = [dict(item.choices) for item, _ in planned(constrained)]
    assert found[0] == {"reporter": "a", "period": "x"}
    assert {"reporter": "c", "period": "y"} not in found
    assert len(found) == 5 == len({tuple(sorted(item.items())) for item in found})


def test_a_reading_fixes_the_choices_that_it_names():
    fixed = replace(
        claim(parameters={"reporter": "a"}, grid={"reporter": ["a", "b"]}),
        readings=(
            Reading(name="only_b", kind="literal", statement="b", parameters={"reporter": "b"}),
        ),
    )
    assert [dict(item.choices) for item, _ in planned(fixed)] == [{"reporter": "b"}]
