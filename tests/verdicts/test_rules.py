"""The verdict engine: laws that hold for any curve, and each rule of the method by example."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import FAMILIES, OUTCOMES, citation, claim, curve, trial, trials

from analysis.claims.declarations import Certainty, Search
from analysis.claims.model import Reading, SideAssertion
from analysis.methods.estimate import Criterion, Estimate, Outcome, Point
from analysis.verdicts.code_table import CODES, SCALE
from analysis.verdicts.rules import judge
from analysis.verdicts.sweep import Curve, shares

PASS, UNCLEAR, FAIL = Outcome.PASS, Outcome.UNCLEAR, Outcome.FAIL


def code(*found, **changes) -> str:
    return judge(claim(**changes), curve(found)).publication.code


def preferred(outcome, **words):
    return trial(outcome, preferred=True, **words)


@given(trials(), st.data())
def test_evidence_in_favour_never_weakens(found, data):
    """Of the literal reading, of another voting one, and of a side assertion."""
    changes = {"causal": data.draw(st.sampled_from(["", "none", "sign"])), "readings": TWO}
    changes["side_assertions"] = (SideAssertion(name="date", statement="late", tag="WRONG-DATE"),)
    broad = trial(data.draw(OUTCOMES), reading="broad", preferred=True)
    side = trial(data.draw(OUTCOMES), reading="side assertion: date", preferred=True)
    before = [*found, broad, side]
    index = data.draw(st.integers(0, len(before) - 1))
    after = list(before)
    after[index] = better(before[index], data)
    assert SCALE[code(*after, **changes)] >= SCALE[code(*before, **changes)]


def better(old, data):
    outcome = data.draw(OUTCOMES.filter(lambda each: each >= old.outcome))
    new = trial(outcome, family=old.estimate.families[0], reading=old.reading)
    return replace(new, preferred=old.preferred, choices=old.choices)


@given(trials(), st.data())
def test_a_copy_of_a_source_changes_nothing(found, data):
    """Every specification on one set of families is there once more, from a copy of its source."""
    family = data.draw(st.sampled_from(sorted({each.estimate.families for each in found})))
    copies = [
        replace(each, preferred=False, choices={**each.choices, "copy": "yes"})
        for each in found
        if each.estimate.families == family
    ]
    assert shares([*found, *copies]) == replace(shares(found), n=len(found) + len(copies))
    before, after = judge(claim(), curve(found)), judge(claim(), curve([*found, *copies]))
    assert after.publication.rule == before.publication.rule


@given(trials(), st.data())
def test_certainty_never_moves_a_code(found, data):
    lowered = Certainty(
        proxy=data.draw(st.sampled_from(["", "indirect"])),
        stake=data.draw(st.sampled_from(["", "an interest"])),
        admission=data.draw(st.sampled_from(["", "against interest"])),
        cap=data.draw(st.sampled_from(["", "a negative"])),
    )
    grades = data.draw(st.lists(st.integers(1, 4), min_size=len(found), max_size=len(found)))
    regraded = [
        replace(
            each,
            estimate=replace(
                each.estimate, citations=(replace(each.estimate.citations[0], grade=level),)
            ),
        )
        for each, level in zip(found, grades, strict=True)
    ]
    one = judge(claim(), curve(found)).publication
    other = judge(claim(certainty=lowered, untested="half"), curve(regraded)).publication
    assert (one.code, one.rule, one.shares) == (other.code, other.rule, other.shares)


@given(trials())
def test_every_verdict_names_its_row_and_has_a_certainty(found):
    verdict = judge(claim(), curve(found)).publication
    assert verdict.code in CODES
    assert verdict.rule.code == verdict.code
    assert 1 <= verdict.certainty.level <= 4


@given(trials())
def test_equal_vintages_are_stable(found):
    assert judge(claim(), curve(found)).flag == "STABLE"


def test_all_specifications_pass():
    assert code(preferred(PASS), trial(PASS, family="wire", reporter="b")) == "SUPPORTED"


THIN = Estimate(value=None, flags=("thin",), note="one family, two needed")
SILENT = Estimate(value=None, points=(Point(label="a text", value=0, low=0, high=0),))
LOGGED = Search(
    claims=("T1",), looked_for="it", where="there", day="2024-01-02", found="no", grade=3
)


@pytest.mark.parametrize(
    ("estimate", "searches", "row", "certainty"),
    [
        (None, (), "no_search", 1),
        (None, (LOGGED,), "nothing_found", 3),
        (None, (replace(LOGGED, grade=4),), "nothing_found", 3),
        (THIN, (LOGGED,), "thin", 1),
        (replace(THIN, citations=(citation("wire", 3),)), (), "thin", 1),
        (SILENT, (), "no_text_says_so", 1),
        (replace(SILENT, citations=(citation("wire", 2),)), (), "no_text_says_so", 2),
    ],
)
def test_without_a_value_it_counts_what_was_searched(estimate, searches, row, certainty):
    item = preferred(None)
    item = replace(item, estimate=estimate or item.estimate)
    verdict = judge(claim(searches=searches), curve([item])).publication
    assert (verdict.rule.name, verdict.certainty.level) == (row, certainty)
    assert verdict.shares is None
    assert verdict.alternatives == {}


def test_without_evidence_for_the_preferred_specification_the_nearest_one_stands_in():
    verdict = judge(claim(), curve([preferred(None, reporter="a"), trial(PASS, reporter="b")]))
    assert verdict.publication.code == "SUPPORTED"
    assert "the nearest is reporter=b" in verdict.publication.reasons[0]


TWO = (
    Reading(name="literal", kind="literal", statement="x"),
    Reading(name="broad", kind="charitable", statement="y"),
)


def test_voting_readings_with_opposite_signs_make_it_depend_on_the_definition():
    found = [preferred(FAIL), trial(PASS, reading="broad", preferred=True)]
    assert code(*found, readings=TWO) == "DEFINITION_DEPENDENT"
    another = (TWO[0], replace(TWO[1], changes=("verb",)))
    assert code(*found, readings=another) == "CONTRADICTED"
    unclear = [preferred(FAIL), trial(UNCLEAR, reading="broad", preferred=True)]
    assert code(*unclear, readings=TWO) == "CONTRADICTED"


def test_a_reading_that_does_not_vote_can_explain_an_error():
    level = Reading(
        name="level", kind="alternative", statement="y", changes=("verb",), tag="CONFLATION"
    )
    readings = (TWO[0], level)
    found = [preferred(FAIL), trial(PASS, reading="level", preferred=True)]
    assert judge(claim(readings=readings), curve(found)).publication.tags == ("CONFLATION",)
    for outcome in (PASS, None):  # no error is there to be explained
        other = [preferred(outcome), trial(PASS, reading="level", preferred=True)]
        assert judge(claim(readings=readings), curve(other)).publication.tags == ()


def test_a_failing_side_assertion_caps_the_verdict_and_tags_it():
    side_assertions = (SideAssertion(name="date", statement="in late October", tag="WRONG-DATE"),)
    late = trial(FAIL, reading="side assertion: date", preferred=True)
    verdict = judge(
        claim(side_assertions=side_assertions), curve([preferred(PASS), late])
    ).publication
    assert (verdict.code, verdict.tags) == ("MOSTLY_SUPPORTED", ("WRONG-DATE",))
    assert verdict.rule.name == "side_assertion_fails"
    lower = judge(
        claim(side_assertions=side_assertions), curve([preferred(FAIL), late])
    ).publication
    assert lower.rule.name == "nearly_all_fail"


def test_a_falling_index_caps_the_verdict():
    item = preferred(PASS)
    item = replace(item, estimate=replace(item.estimate, flags=("index_falls",)))
    verdict = judge(claim(), curve([item])).publication
    assert (verdict.code, verdict.rule.name) == ("MOSTLY_SUPPORTED", "index_falls")


def test_an_effect_before_its_cause_ends_the_matter():
    side_assertions = (SideAssertion(name="order", statement="cause first", tag="CHRONOLOGY"),)
    early = trial(FAIL, reading="side assertion: order", preferred=True)
    verdict = judge(
        claim(side_assertions=side_assertions), curve([preferred(PASS), early])
    ).publication
    assert (verdict.code, verdict.tags) == ("CONTRADICTED", ("CHRONOLOGY",))


def test_a_causal_claim_without_a_design_is_capped():
    assert code(preferred(PASS), causal="none") == "DEFINITION_DEPENDENT"
    assert code(preferred(PASS), causal="identified") == "SUPPORTED"
    assert code(preferred(FAIL), causal="none") == "CONTRADICTED"
    assert code(preferred(UNCLEAR), causal="none") == "UNSUPPORTED"
    assert code(preferred(PASS), causal="sign") == "DEFINITION_DEPENDENT"
    assert code(preferred(FAIL), causal="sign") == "UNSUPPORTED"


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


def of_later_edition(**words):
    item = preferred(PASS, **words)
    later = replace(item.estimate.citations[0], later_edition=True)
    return replace(item, estimate=replace(item.estimate, citations=(later,)))


@pytest.mark.parametrize(
    ("revised", "level"), [({}, 3), ({"t/t": 0.2}, 3), ({"t/t": 0.1}, 4), ({"t/t": 0.0}, 4)]
)
def test_a_later_edition_matters_where_revisions_reach_the_threshold(revised, level):
    """The value is 12, the threshold 10: a revision of a fifth reaches it, a tenth does not."""
    found = Curve(curve([of_later_edition()]).trials, revised=revised)
    both = judge(claim(), found)
    assert both.publication.certainty.level == level
    assert both.latest.certainty.level == 4
    if level == 3:
        assert both.flag == "CERTAINTY"


def test_any_revision_reaches_where_the_value_is_no_level():
    found = Curve(curve([of_later_edition()]).trials, revised={"t/t": 0.01})
    assert judge(claim(), found).publication.certainty.level == 4
    assert judge(claim(method="breaks"), found).publication.certainty.level == 3
    never = replace(found, revised={"t/t": 0.0})
    assert judge(claim(method="breaks"), never).publication.certainty.level == 4


def test_a_figure_of_the_time_with_the_same_outcome_makes_revisions_harmless():
    late = of_later_edition(source="b")
    agreeing = trial(PASS, family="wire", grade=3, source="a")
    other = trial(FAIL, family="wire", grade=3, source="a")
    assert not any("later edition" in why for why in graded([late, agreeing]).reasons)
    assert any("later edition" in why for why in graded([late, other]).reasons)


def test_sources_that_disagree_across_the_threshold_lower_certainty():
    def reasons(value):
        far = replace(
            trial(PASS, family="wire", reporter="b"),
            estimate=Estimate(value=value, citations=(citation("wire", 3),)),
        )
        return " ".join(graded([preferred(PASS, reporter="a"), far]).reasons)

    assert "disagree" not in reasons(99)  # far, and on the same side
    assert "disagree" in reasons(9.9)


def test_families_of_one_estimate_disagree_only_across_the_threshold():
    def lowered(low, spread):
        item = preferred(PASS)
        wide = replace(item.estimate, low=low, high=14.0, disagreement=spread)
        return any("disagree" in why for why in graded([replace(item, estimate=wide)]).reasons)

    assert lowered(9.0, 3.0)
    assert not lowered(9.0, 1.0)
    assert not lowered(11.0, 3.0)


def test_few_specifications_with_evidence_lower_certainty():
    none = [trial(None, reporter=name) for name in "bc"]
    assert graded([preferred(PASS, reporter="a"), *none]).level == 3
    assert graded([preferred(PASS, reporter="a"), *none[:1]]).level == 4


def test_a_code_that_hangs_on_the_thresholds_lowers_certainty():
    found = [trial(PASS, family=family, reporter=family) for family in FAMILIES[:3]]
    found[0] = replace(found[0], preferred=True)
    failing = trial(FAIL, family=FAMILIES[3], reporter="z")
    assert any("thresholds" in why for why in graded([*found[:2], failing]).reasons)
    assert not any("thresholds" in why for why in graded([*found, failing]).reasons)


def test_an_untested_part_of_the_core_is_low_at_most():
    assert graded([preferred(PASS)], untested="the motive").code == "LOW"


def parts(*given):
    item = preferred(PASS)
    cited = tuple(
        replace(citation(family, level), part=part, period=period)
        for family, level, part, period in given
    )
    return replace(item, estimate=replace(item.estimate, citations=cited))


def test_what_is_declared_for_a_part_lowers_that_part_alone():
    item = parts(("a", 4, "weak", ""), ("b", 2, "poor", ""))
    assert graded([item]).level == 2
    assert graded([item], certainty=Certainty(proxy={"weak": "indirect"})).level == 2
    assert graded([item], certainty=Certainty(practice={"poor": "changed"})).level == 1
    assert graded([item], certainty=Certainty(proxy={"t/t": "indirect"})).level == 1


def test_each_period_of_a_series_is_an_ingredient():
    assert graded([parts(("a", 4, "x", "2020"), ("b", 1, "x", "2020"))]).level == 4
    assert graded([parts(("a", 4, "x", "2020"), ("b", 1, "x", "2021"))]).level == 1


def test_primary_sources_agree_only_on_the_same_count():
    def raised(item, *others):
        return any("sources agree" in why for why in graded([item, *others]).reasons)

    assert raised(parts(("a", 4, "x", ""), ("b", 4, "x", ""), ("w", 2, "rate", "")))
    assert not raised(parts(("a", 4, "x", ""), ("b", 4, "y", "")))
    assert not raised(parts(("a", 4, "x", ""), ("b", 3, "x", "")))
    assert raised(preferred(PASS, reporter="a"), trial(PASS, family="wire", reporter="b"))
    assert not raised(preferred(PASS, reporter="a"), trial(FAIL, family="wire", reporter="b"))
    assert not raised(preferred(PASS, period="a"), trial(PASS, family="wire", period="b"))


def vintages(before, after):
    both = (replace(before, vintage="publication"), replace(after, vintage="latest"))
    return judge(claim(), Curve(both)).flag


def test_the_flag_says_what_moved():
    item = preferred(PASS)
    nearer = replace(item, estimate=replace(item.estimate, value=11.0, low=11.0, high=11.0))
    weaker = replace(item, estimate=replace(item.estimate, citations=(citation("customs_a", 2),)))
    assert vintages(item, item) == "STABLE"
    assert vintages(item, preferred(FAIL)) == "FLIPPED"
    assert vintages(item, preferred(UNCLEAR)) == "WEAKENED"
    assert vintages(preferred(UNCLEAR), item) == "STRENGTHENED"
    assert vintages(item, nearer) == "REVISED"
    assert vintages(item, preferred(PASS, family="wire")) == "REVISED"
    assert vintages(preferred(None), preferred(UNCLEAR)) == "REVISED"
    assert vintages(item, weaker) == "CERTAINTY"


def test_a_verdict_that_hangs_on_one_source_says_so():
    found = [preferred(PASS, family="wire"), trial(FAIL, family="agency", reporter="b")]
    without_wire = [replace(found[1], left_out="wire"), replace(found[0], left_out="agency")]
    full = Curve(tuple(curve(found).trials) + tuple(curve(without_wire).trials))
    broken = replace(without_wire[0], preferred=True)
    full = Curve(tuple(curve([*found, broken, without_wire[1]]).trials))
    assert judge(claim(), full).publication.pivotal_sources == ("agency", "wire")


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


def test_mixed_indices_pass_with_half_of_their_weight_and_fail_with_half():
    item = preferred(UNCLEAR)
    mixed = replace(item, estimate=replace(item.estimate, flags=("vote", "mixed")))
    found = shares([mixed])
    assert (found.passing, found.failing, found.unclear) == (0.5, 0.5, 0.0)
    verdict = judge(claim(), curve([mixed])).publication
    assert verdict.rule.name == "specifications_disagree"
