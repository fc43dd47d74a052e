"""What a notebook says in words: the numbers of the objects, and no others."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import pytest
from hypothesis import given
from nbconvert.filters.markdown_mistune import markdown2html_mistune
from strategies import claim, curve, trial, trials

from analysis.claims.model import Reading, SideAssertion
from analysis.figures.palette import VERDICTS
from analysis.methods.estimate import Citation, Estimate, Outcome, no_evidence
from analysis.verdicts import wording
from analysis.verdicts.code_table import CODES
from analysis.verdicts.rules import judge
from analysis.verdicts.sweep import Curve

LEVEL = {"measures": [{"terms": []}], "claimed": 10, "unit": "t"}
PASS, FAIL, UNCLEAR = Outcome.PASS, Outcome.FAIL, Outcome.UNCLEAR
SPLIT = [
    trial(PASS, preferred=True, reporter="a"),
    trial(FAIL, family="customs_b", reporter="b"),
    trial(PASS, family="wire", reporter="c"),
    trial(UNCLEAR, family="agency", reporter="d"),
]


def judged(found, **changes):
    return judge(claim(**changes), curve(found))


# ---------------------------------------------------------------------------- the rule


def test_the_rule_shows_the_claim_as_it_was_registered():
    readings = (
        Reading(name="literal", kind="literal", statement="more than 10"),
        Reading(
            name="or_near_it", kind="alternative", statement="more than 9", changes=("object",)
        ),
    )
    items = (SideAssertion(name="in_may", statement="it was May", tag="WRONG-DATE"),)
    text = str(wording.rule(claim(readings=readings, side_assertions=items)))
    assert text.startswith("**T1. Something is more than 10.**\n\n*Core:* it is more\n\n*Rule:*")
    assert (
        "- *literal* (literal): more than 10\n- *or near it* (alternative, reported beside" in text
    )
    assert text.endswith("- *side assertion, in may*: it was May (if not: WRONG-DATE)")


HOSTILE = "From $70 to $75 <img src=x onerror=alert(1)> [a](javascript:b) | `c` *d* \\"


def test_what_the_audit_says_is_text_in_markdown():
    said = claim(statement=HOSTILE, core=HOSTILE, rule=HOSTILE, method="level", parameters=LEVEL)
    made = str(wording.rule(said)), str(wording.finding(said, no_evidence(HOSTILE)))
    for text in made:
        shown = markdown2html_mistune(text)
        assert "<img" not in shown
        assert "<a " not in shown
        assert html.escape(HOSTILE, quote=False) in shown


def test_a_text_shows_itself_as_markdown():
    text = wording.rule(claim())
    assert text._repr_markdown_() == str(text) == text.markdown


# ------------------------------------------------------------------------- the finding


def citations(count: int) -> tuple[Citation, ...]:
    return tuple(
        Citation(table="t/t", row=row, source_id="s1", family="customs", grade=4, part="export")
        for row in range(2, 2 + count)
    )


def test_a_finding_has_the_value_the_interval_the_unit_and_the_claim():
    estimate = Estimate(value=12.3456, low=11.5, high=13, unit="t", citations=citations(2))
    text = str(wording.finding(claim(parameters=LEVEL), estimate))
    assert text.startswith("12.35 (11.5 to 13) t; the claim asserts: more than 10.")
    assert "| t/t:2 | s1 | customs | 4 | export |" in text
    assert "| t/t:3 | s1 | customs | 4 | export |" in text
    assert "more rows" not in text


def test_a_long_list_of_rows_is_cut_and_says_so():
    rows = wording.ROWS + 5
    text = str(
        wording.finding(claim(parameters=LEVEL), Estimate(value=1, citations=citations(rows)))
    )
    assert text.count("| t/t:") == wording.ROWS
    assert "... and 5 more rows" in text


def test_a_finding_without_evidence_says_what_was_looked_for():
    text = str(wording.finding(claim(parameters=LEVEL), no_evidence("no row for export", "t")))
    assert text == "No admissible evidence: no row for export."


# ------------------------------------------------------------------------- the verdict


def test_the_verdict_stands_in_both_vintages_with_its_shares():
    judgement = judged(SPLIT)
    text = str(wording.verdict(judgement))
    head = judgement.publication
    assert f"**{head.code}**: {wording.WORDS[head.code]}" in text
    assert text.count("4: 50% pass, 25% fail, 25% unclear") == 2
    assert f"Between the two vintages: **{judgement.flag}**." in text
    assert all(f"- {reason}" in text for reason in head.reasons)
    assert f"certainty starts at {head.certainty.start} of 4" in text
    assert all(reason in text for reason in head.certainty.reasons)


def test_every_code_has_its_words():
    for words in (wording.WORDS, wording.SENTENCES):
        assert set(words) == set(CODES)
    assert {code: style.word for code, style in VERDICTS.items()} == wording.WORDS


@pytest.mark.parametrize(
    ("judgement", "code"),
    [
        (judged([trial(None, preferred=True)]), "INSUFFICIENT"),
        (judge(claim(checkable="no", reason="N1"), Curve(())), "NOT_TESTABLE"),
    ],
)
def test_without_evidence_there_is_a_verdict_and_nothing_to_vary(judgement, code):
    text = str(wording.verdict(judgement))
    assert code in text
    level = "none" if code == "NOT_TESTABLE" else "VERY_LOW"
    assert f"| certainty | {level} | {level} |" in text
    assert f"| decided by | {judgement.publication.rule.words} |" in text
    assert "| specifications | none | none |" in text
    told = str(wording.sensitivity(judgement))
    assert told == "No specification has evidence at publication: there is nothing to vary."


# ------------------------------------------------------------------- what would change it


def test_the_sensitivity_names_the_flip_and_the_choices_that_matter():
    judgement = judged(SPLIT)
    text = str(wording.sensitivity(judgement))
    counterexample = judgement.publication.nearest_counterexample
    ((name, (old, new)),) = counterexample.changes.items()
    assert (
        f"Nearest counterexample: changing {name}: {old} to {new} gives {counterexample.value:.4g}"
        in text
    )
    assert f"becomes *{counterexample.outcome.name.lower()}*" in text
    assert f"reporter ({judgement.publication.sensitivity['reporter']:.0%})" in text


def test_other_thresholds_are_named_only_where_they_move_the_verdict():
    head = judged(SPLIT).publication
    moved = replace(head, alternatives={"0.80/0.60": "SUPPORTED", "0.95/0.75": head.code})
    text = str(wording.sensitivity(replace(judged(SPLIT), publication=moved)))
    assert "Under the thresholds 0.80/0.60 it would be SUPPORTED." in text
    assert "0.95/0.75" not in text


def test_families_that_decide_alone_are_named():
    head = replace(judged(SPLIT).publication, pivotal_sources=("agency", "wire"))
    text = str(wording.sensitivity(replace(judged(SPLIT), publication=head)))
    assert "Without any one of these source families it would change: agency, wire." in text


def test_a_unanimous_sweep_says_so():
    text = str(wording.sensitivity(judged([trial(PASS, preferred=True)])))
    assert "No specification of the grid comes out otherwise." in text
    assert "No single source family decides the verdict." in text


# ---------------------------------------------------------------------- specifications


def test_specifications_are_counted_by_reading_and_outcome():
    found = [*SPLIT, trial(None, reporter="e"), trial(FAIL, reading="or_more", preferred=True)]
    text = str(wording.specifications(curve(found), "publication"))
    assert "| literal | 5 | 2 | 1 | 1 | 1 |" in text
    assert "| or more | 1 | 0 | 0 | 1 | 0 |" in text


@given(trials())
def test_no_text_ever_shows_what_is_no_number(found):
    judgement = judged(found)
    for text in (
        wording.verdict(judgement),
        wording.sensitivity(judgement),
        wording.specifications(curve(found), "latest"),
    ):
        assert not re.search(r"\b(nan|inf|None)\b", str(text))


@given(trials())
def test_tables_are_whole(found):
    judgement = judged(found)
    for text in (wording.verdict(judgement), wording.specifications(curve(found), "latest")):
        rows = [line for line in str(text).splitlines() if line.startswith("|")]
        assert len({row.count("|") for row in rows}) == 1
