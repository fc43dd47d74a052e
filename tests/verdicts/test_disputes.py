"""Sources that contradict each other: told as a dispute, never as a want of evidence."""

from __future__ import annotations

from dataclasses import replace

import pytest
from frames import Frames, frame
from hypothesis import given
from hypothesis import strategies as st
from strategies import claim, curve, trial

from analysis.methods.estimate import Outcome
from analysis.methods.level import Level
from analysis.methods.share import Share
from analysis.methods.timeline import Timeline
from analysis.notebook import html
from analysis.verdicts import disputes, findings, wording
from analysis.verdicts.rules import judge
from analysis.verdicts.sweep import Trial

SOURCES = ("paper", "wire", "desk", "agency")


def dated(*years: str, claimed: str = "1980", grades: tuple[int, ...] = ()) -> Trial:
    """The trial of a claim that it happened in a year, with a source for each of `years`."""
    rows = [
        {"event_id": "e", "date_start": year, "date_end": year, "source_id": source,
         "grade": grade, "status": "", "reported_on": "1990"}
        for year, source, grade in zip(years, SOURCES, grades or (4,) * len(years), strict=False)
    ]  # fmt: skip
    method = Timeline(where={"event_id": "e"}, claimed_from=claimed)
    return tried(method, Frames({"documents/events": frame(rows)}))


def tried(method, evidence: Frames, **choices) -> Trial:
    estimate = method.estimate(evidence)
    made = trial(None, preferred=True, **choices)
    criterion = method.pass_criterion
    return replace(
        made, estimate=estimate, pass_criterion=criterion, outcome=criterion.outcome(estimate)
    )


def verdict(*trials: Trial, **changes):
    return judge(claim(**changes), curve(trials)).publication


def test_three_sources_against_one_are_a_dispute_that_says_who_says_what():
    found = verdict(dated("1980", "1980", "1980", "1981"))
    assert (found.code, found.rule.name) == ("INSUFFICIENT", "sources_disagree")
    assert found.reasons[0] == "disputed: 3 sources say 1980, 1 says 1981"
    entry = {"verdict": {"publication": {"code": found.code, "certainty": found.certainty.code}},
             "detail": {"publication": {"rule": found.rule.name}}}  # fmt: skip
    made = claim(method="timeline")
    disputed = curve([dated("1980", "1980", "1980", "1981")])
    text = findings.finding(made, disputed, "publication", found.rule)
    assert text == "Disputed: 3 sources say 1980, 1 says 1981."
    sentence = wording.sentence(entry)
    assert sentence == "This is disputed: sources contradict each other; certainty high."
    assert wording.word(found.code, found.rule.name) == "disputed"
    shown = html.verdict(found.code, found.rule.name)
    assert "disputed" in shown
    assert "insufficient evidence" not in shown


@pytest.mark.parametrize(
    ("years", "rule"),
    [
        (("1980", "1980"), "nearly_all_pass"),
        (("1981", "1982"), "nearly_all_fail"),
        (("1980/1981", "1979/1981"), "too_little"),  # both open, none contradicts the other
        (("1980", "1980/1981"), "nearly_all_pass"),  # the range allows what the other says
        (("1981/1982", "1979/1980", "1980"), "sources_disagree"),  # the first and the last
    ],
)
def test_ranges_that_overlap_contradict_nothing(years, rule):
    assert verdict(dated(*years)).rule.name == rule


@given(st.permutations(["1980", "1980", "1981", "1985/1986"]))
def test_the_order_of_the_sources_does_not_matter(years):
    found = verdict(dated(*years))
    assert found.rule.name == "sources_disagree"
    assert found.reasons[0].startswith("disputed: 2 sources say 1980, 1 says ")


@given(st.lists(st.sampled_from(["1979", "1980", "1981"]), min_size=1, max_size=4))
def test_another_source_that_says_the_same_makes_and_ends_no_dispute(years):
    before = disputes.contradicted(dated(*years[:3]))
    assert disputes.contradicted(dated(*years[:3], years[0])) == before
    assert before == ("1980" in years[:3] and len(set(years[:3])) > 1)


def test_its_certainty_is_that_of_the_weaker_side_and_nothing_lowers_it_twice():
    one_careless = verdict(dated("1980", "1980", "1981", grades=(4, 4, 1)))
    assert (one_careless.certainty.code, one_careless.certainty.reasons) == ("VERY_LOW", ())
    both_sides = verdict(dated("1980", "1981", "1981", grades=(3, 1, 4)))
    assert both_sides.certainty.start == both_sides.certainty.level == 3


def test_it_is_a_dispute_only_where_that_keeps_it_from_a_majority():
    shown = dated("1980", "1981")
    passing = [trial(Outcome.PASS, family=name, n=name) for name in ("x", "y", "z")]
    assert verdict(shown, *passing).rule.name == "majority_passes"
    unclear = [trial(Outcome.UNCLEAR, family=name, n=name) for name in ("x", "y")]
    assert verdict(shown, *unclear).rule.name == "too_little"  # most is unclear for other reasons
    assert verdict(shown, unclear[0]).rule.name == "too_little"
    assert verdict(shown, passing[0]).rule.name == "sources_disagree"


def test_two_counts_on_either_side_of_the_number_are_a_dispute():
    rows = [{"v": value, "source_id": source} for value, source in ((60, "paper"), (80, "wire"))]
    method = Level(measures=[{"terms": [{"table": "t/t", "value": "v", "where": {}}]}],
                   claimed=75, unit="ships")  # fmt: skip
    found = verdict(tried(method, Frames({"t/t": frame(rows)})))
    assert found.reasons[0] == "disputed: 1 source says 60 ships, 1 says 80 ships"


def test_two_shares_that_exclude_each_other_are_a_dispute():
    rows = [
        {"who": who, "v": v, "source_id": source}
        for source, values in (("paper", (40, 60)), ("wire", (70, 30)))
        for who, v in zip("ab", values, strict=True)
    ]
    division = {"part": "p", "table": "t/t", "value": "v", "by": "who", "members": ["a", "b"]}
    method = Share(divisions=[division], claimed=50, of="a")
    found = verdict(tried(method, Frames({"t/t": frame(rows)})))
    assert found.reasons[0] == "disputed: 1 source says 40 percent, 1 says 70 percent"
