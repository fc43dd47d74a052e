"""What a notebook says in words: the numbers of the objects, and no others."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import pytest
from hypothesis import given
from nbconvert.filters.markdown_mistune import markdown2html_mistune
from strategies import claim, curve, trial, trials

from analysis.figures.palette import VERDICTS
from analysis.methods.estimate import Outcome
from analysis.verdicts import wording
from analysis.verdicts.code_table import CODES
from analysis.verdicts.rules import judge
from analysis.verdicts.sweep import Curve

PASS, FAIL, UNCLEAR = Outcome.PASS, Outcome.FAIL, Outcome.UNCLEAR
SPLIT = [
    trial(PASS, preferred=True, reporter="a"),
    trial(FAIL, family="customs_b", reporter="b"),
    trial(PASS, family="wire", reporter="c"),
    trial(UNCLEAR, family="agency", reporter="d"),
]


def judged(found, **changes):
    return judge(claim(**changes), curve(found))


def test_an_entry_without_a_finding_says_its_verdict():
    entry = {"verdict": {"publication": {"code": "SUPPORTED"}, "latest": {"code": "CONTRADICTED"}}}
    assert wording.finding(entry) == wording.SENTENCES["SUPPORTED"]
    assert wording.finding(entry, "latest") == wording.SENTENCES["CONTRADICTED"]
    entry["finding"] = {"publication": "It is 3.", "latest": "It is 2."}
    assert [wording.finding(entry, each) for each in entry["verdict"]] == ["It is 3.", "It is 2."]


HOSTILE = "From $70 to $75 <img src=x onerror=alert(1)> [a](javascript:b) | `c` *d* \\"


def test_what_the_audit_says_is_text_in_markdown():
    head = replace(judged(SPLIT).publication, pivotal_sources=(HOSTILE,))
    text = wording.sensitivity(replace(judged(SPLIT), publication=head), claim())
    shown = markdown2html_mistune(str(text))
    assert "<img" not in shown
    assert "<a " not in shown
    assert html.escape(HOSTILE, quote=False) in shown


def test_a_text_shows_itself_as_markdown():
    text = wording.sensitivity(judged(SPLIT))
    assert text._repr_markdown_() == str(text) == text.markdown


def test_every_code_has_its_words():
    for words in (wording.WORDS, wording.SENTENCES):
        assert set(words) == set(CODES)
    assert {code: style.word for code, style in VERDICTS.items()} == wording.WORDS


@pytest.mark.parametrize(
    "judgement",
    [
        judged([trial(None, preferred=True)]),
        judge(claim(checkable="no", reason="N1"), Curve(())),
    ],
)
def test_without_evidence_there_is_nothing_to_vary(judgement):
    told = str(wording.sensitivity(judgement))
    assert told == "No specification has evidence at publication: there is nothing to vary."


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


@given(trials())
def test_no_text_ever_shows_what_is_no_number(found):
    text = str(wording.sensitivity(judged(found)))
    assert not re.search(r"\b(nan|inf|None)\b", text)
