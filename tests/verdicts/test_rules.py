"""The verdict engine: laws that hold for any curve, and each rule of the method by example."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import FAMILIES, OUTCOMES, citation, claim, curve, trial, trials

from analysis.claims.model import Certainty, Periphery, Reading
from analysis.methods.estimate import Criterion, Estimate, Outcome
from analysis.verdicts.rules import (
    ALTERNATIVES,
    CODES,
    ORDINALS,
    STANDARD,
    Thresholds,
    compare,
    judge,
)
from analysis.verdicts.rules import _by_shares as by_shares
from analysis.verdicts.sweep import Curve

PASS, UNCLEAR, FAIL = Outcome.PASS, Outcome.UNCLEAR, Outcome.FAIL


def code(*found, **changes) -> str:
    return judge(claim(**changes), curve(found)).publication.code


def preferred(outcome, **words):
    return trial(outcome, preferred=True, **words)


@given(trials(), st.data())
def test_a_better_outcome_never_lowers_the_verdict(found, data):
    index = data.draw(st.integers(0, len(found) - 1))
    old = found[index]
    better = data.draw(OUTCOMES.filter(lambda outcome: outcome >= old.outcome))
    new = trial(
        better, family=old.estimate.families[0], preferred=old.preferred, **dict(old.choices)
    )
    changed = (*found[:index], new, *found[index + 1 :])
    shares_and_standing = [(found, old), (changed, new)]
    before, after = (_bare(items) for items, _ in shares_and_standing)
    assert ORDINALS[after] >= ORDINALS[before]


def _bare(found) -> str:
    from analysis.verdicts.sweep import shares

    return by_shares(found[0].outcome, shares(found), STANDARD)


@given(trials())
def test_every_curve_has_a_verdict_of_the_vocabulary(found):
    verdict = judge(claim(), curve(found)).publication
    assert verdict.code in CODES
    assert 1 <= verdict.certainty.level <= 4


@given(trials())
def test_stricter_thresholds_never_make_a_verdict_more_extreme(found):
    from analysis.verdicts.sweep import shares

    loose, strict = (by_shares(found[0].outcome, shares(found), t) for t in ALTERNATIVES)
    assert abs(ORDINALS[strict] - 3) <= abs(ORDINALS[loose] - 3)


@given(trials())
def test_equal_vintages_are_stable(found):
    assert judge(claim(), curve(found)).flag == "STABLE"


@given(st.sampled_from(CODES), st.sampled_from(CODES))
def test_the_vintage_flag_reverses_with_time(before, after):
    opposite = {"STRENGTHENED": "WEAKENED", "WEAKENED": "STRENGTHENED"}
    flag = compare(before, after)
    numbered = before in ORDINALS and after in ORDINALS
    if numbered:
        assert compare(after, before) == opposite.get(flag, flag)


def test_all_specifications_pass():
    assert code(preferred(PASS), trial(PASS, family="wire", reporter="b")) == "SUPPORTED"


def test_a_minority_fails():
    found = [trial(PASS, family=family, reporter=family) for family in FAMILIES[1:]]
    failing = trial(FAIL, family=FAMILIES[0], reporter="z")
    assert code(replace(found[0], preferred=True), *found[1:], failing) == "MOSTLY_SUPPORTED"


def test_specifications_disagree():
    assert code(preferred(PASS), trial(FAIL, family="wire")) == "DEFINITION_DEPENDENT"


def test_an_unclear_preferred_specification_decides_nothing():
    assert code(preferred(UNCLEAR), trial(PASS, family="wire")) == "DEFINITION_DEPENDENT"


def test_nearly_all_fail():
    assert code(preferred(FAIL), trial(FAIL, family="wire")) == "CONTRADICTED"


def test_most_fail():
    found = [trial(FAIL, family=family, reporter=family) for family in FAMILIES[1:]]
    passing = trial(PASS, family=FAMILIES[0], reporter="z")
    assert code(replace(found[0], preferred=True), *found[1:], passing) == "MOSTLY_CONTRADICTED"


def test_nothing_found_is_unsupported_and_thin_evidence_insufficient():
    assert code(preferred(None)) == "UNSUPPORTED"
    thin = Estimate(value=None, flags=("thin",), note="one family, two needed")
    assert code(replace(preferred(None), estimate=thin)) == "INSUFFICIENT"


def test_without_evidence_for_the_preferred_specification_the_nearest_one_stands_in():
    verdict = judge(claim(), curve([preferred(None, reporter="a"), trial(PASS, reporter="b")]))
    assert verdict.publication.code == "SUPPORTED"
    assert "the nearest is reporter=b" in verdict.publication.reasons[0]


def test_voting_readings_with_opposite_signs_make_it_depend_on_the_definition():
    readings = (
        Reading(name="literal", kind="literal", statement="x"),
        Reading(name="broad", kind="charitable", statement="y"),
    )
    found = [preferred(FAIL), trial(PASS, reading="broad", preferred=True)]
    assert code(*found, readings=readings) == "DEFINITION_DEPENDENT"
    silent = (readings[0], replace(readings[1], votes=False))
    assert code(*found, readings=silent) == "CONTRADICTED"


def test_a_reading_that_does_not_vote_can_explain_an_error():
    readings = (
        Reading(name="literal", kind="literal", statement="x"),
        Reading(name="level", kind="alternative", statement="y", votes=False, tag="CONFLATION"),
    )
    found = [preferred(FAIL), trial(PASS, reading="level", preferred=True)]
    assert judge(claim(readings=readings), curve(found)).publication.tags == ("CONFLATION",)
    passing = [preferred(PASS), trial(PASS, reading="level", preferred=True)]
    assert judge(claim(readings=readings), curve(passing)).publication.tags == ()


def test_a_failing_periphery_caps_the_verdict_and_tags_it():
    periphery = (Periphery(name="date", statement="in late October", tag="WRONG-DATE"),)
    late = trial(FAIL, reading="periphery: date", preferred=True)
    verdict = judge(claim(periphery=periphery), curve([preferred(PASS), late])).publication
    assert (verdict.code, verdict.tags) == ("MOSTLY_SUPPORTED", ("WRONG-DATE",))


def test_an_effect_before_its_cause_ends_the_matter():
    periphery = (Periphery(name="order", statement="cause first", tag="CHRONOLOGY"),)
    early = trial(FAIL, reading="periphery: order", preferred=True)
    verdict = judge(claim(periphery=periphery), curve([preferred(PASS), early])).publication
    assert (verdict.code, verdict.tags) == ("CONTRADICTED", ("CHRONOLOGY",))


def test_a_causal_claim_without_a_design_is_capped():
    assert code(preferred(PASS), causal="none") == "DEFINITION_DEPENDENT"
    assert code(preferred(PASS), causal="identified") == "SUPPORTED"
    assert code(preferred(FAIL), causal="none") == "CONTRADICTED"


@pytest.mark.parametrize(
    ("grade", "expected"),
    [(4, "SUPPORTED"), (3, "SUPPORTED"), (2, "MOSTLY_SUPPORTED"), (1, "INSUFFICIENT")],
)
def test_certainty_tempers_the_verdict(grade, expected):
    assert code(preferred(PASS, grade=grade)) == expected


def graded(found, **changes):
    return judge(claim(**changes), curve(found)).publication.certainty


def test_certainty_is_that_of_the_weakest_ingredient_at_its_best_source():
    parts = (
        replace(citation("a", grade=4), part="numerator"),
        replace(citation("b", grade=1), part="denominator"),
        replace(citation("c", grade=3), part="denominator"),
    )
    item = preferred(PASS)
    item = replace(item, estimate=replace(item.estimate, citations=parts))
    assert graded([item]).start == 3


def test_declared_reasons_move_certainty():
    assert graded([preferred(PASS)], certainty=Certainty(proxy="indirect")).level == 3
    assert (
        graded([preferred(PASS, grade=3)], certainty=Certainty(admission="against interest")).level
        == 4
    )
    capped = graded([preferred(PASS)], certainty=Certainty(cap="a negative existential"))
    assert capped.code == "MODERATE"


def test_two_independent_primary_sources_that_agree_raise_certainty():
    item = preferred(PASS)
    both = (citation("a", 4), citation("b", 4))
    low_start = (replace(citation("w", 2), part="rate"),)
    item = replace(item, estimate=replace(item.estimate, citations=both + low_start))
    assert graded([item]).level == 3
    assert "+1 independent primary sources agree: a, b" in graded([item]).reasons


def test_a_later_edition_lowers_only_the_publication_verdict():
    item = preferred(PASS)
    later = (replace(citation("a"), later_edition=True),)
    item = replace(item, estimate=replace(item.estimate, citations=later))
    both = judge(claim(), curve([item]))
    assert both.publication.certainty.level == 3
    assert both.latest.certainty.level == 4


def test_sources_that_differ_by_more_than_the_margin_lower_certainty():
    far = replace(
        trial(PASS, family="wire", reporter="b"),
        estimate=Estimate(value=20, citations=(citation("wire"),)),
    )
    found = [preferred(PASS, reporter="a"), far]
    assert any("differ by 8" in reason for reason in graded(found).reasons)


def test_a_verdict_that_hangs_on_one_source_says_so():
    found = [preferred(PASS, family="wire"), trial(FAIL, family="agency", reporter="b")]
    without_wire = [replace(found[1], left_out="wire"), replace(found[0], left_out="agency")]
    full = Curve(tuple(curve(found).trials) + tuple(curve(without_wire).trials))
    broken = replace(without_wire[0], preferred=True)
    full = Curve(tuple(curve([*found, broken, without_wire[1]]).trials))
    assert judge(claim(), full).publication.pivotal_sources == ("agency", "wire")


def test_thresholds_are_those_of_the_method():
    assert Thresholds(nearly_all=0.90, most=0.67) == STANDARD
    assert [str(t) for t in ALTERNATIVES] == ["0.80/0.60", "0.95/0.75"]


def test_an_untestable_claim_keeps_its_reason():
    verdict = judge(claim(checkable="no", reason="N2"), Curve(())).publication
    assert verdict.code == "NOT_TESTABLE"
    assert verdict.reasons == ("N2: a forecast or a possibility",)


def test_the_test_is_part_of_the_trial():
    assert trial(PASS).pass_criterion == Criterion(comparison="exceeds", threshold=10)


def test_a_vote_starts_at_its_middle_index_and_its_indices_may_differ():
    parts = tuple(
        replace(citation(name, grade=level), part=name)
        for name, level in (("a", 4), ("b", 4), ("c", 1))
    )
    item = preferred(PASS)
    estimate = replace(item.estimate, citations=parts, disagreement=99.0, flags=("vote",))
    assert graded([replace(item, estimate=estimate)]).level == 4
    no_vote = replace(estimate, flags=())
    assert graded([replace(item, estimate=no_vote)]).start == 1
