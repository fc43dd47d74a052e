"""The sentence of a finding belongs to its outcome, and its numbers to the trials."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from builders import claim as built
from builders import evidence, frame, run
from hypothesis import given
from hypothesis import strategies as st
from strategies import claim, curve, trial, trials

from analysis import figures
from analysis.claims import registry
from analysis.claims.finding_texts import COMMON, GROUPS, LONGEST, OF_METHOD, pieces
from analysis.data.evidence import load_evidence
from analysis.methods.estimate import Outcome
from analysis.project import Project
from analysis.verdicts import results, rules, wording
from analysis.verdicts.code_table import SOURCES_DISAGREE
from analysis.verdicts.finding_facts import Facts
from analysis.verdicts.findings import GROUP_OF, filled
from analysis.verdicts.sweep import Curve, attempt

ROOT = Path(__file__).parents[2]
PASS, FAIL, UNCLEAR = Outcome.PASS, Outcome.FAIL, Outcome.UNCLEAR
TEXTS = {group: f"{group.capitalize()}." for group in GROUPS}


def finding(found, **changes):
    return rules.verdict(claim(**changes), curve(found), "publication").finding


@given(trials())
def test_the_sentence_is_that_of_the_outcome(found):
    verdict = rules.verdict(claim(finding=TEXTS), curve(found), "publication")
    if verdict.rule is SOURCES_DISAGREE:
        assert verdict.finding.startswith(("Disputed: ", "This is disputed"))
    else:
        assert verdict.finding == TEXTS[GROUP_OF[verdict.code]]


@given(trials())
def test_the_text_for_a_row_goes_before_that_of_its_group(found):
    row = rules.verdict(claim(), curve(found), "publication").rule.name
    assert finding(found, finding={**TEXTS, row: "This row."}) == "This row."


@given(trials())
def test_without_a_text_there_is_a_sentence_all_the_same(found):
    text = finding(found)
    assert text.endswith(".")
    assert not re.search(r"[{}]|\b(nan|inf|None)\b", text)
    assert len(text) <= LONGEST


@pytest.mark.parametrize("later", [PASS, FAIL, None])
def test_evidence_that_came_out_later_is_said_to_have_come_later(later):
    found = Curve((trial(None, preferred=True), trial(later, preferred=True, vintage="latest")))
    text = rules.verdict(claim(), found, "publication").finding
    assert (text == wording.PUBLIC_LATER) == (later is not None)
    judgement = rules.judge(claim(), found)
    assert judgement.latest.finding != wording.PUBLIC_LATER


@given(trials(), st.sampled_from(sorted(COMMON.keys() - {"part"})))
def test_a_text_is_filled_unless_the_evidence_lacks_its_number(found, name):
    facts = Facts(claim(), curve(found), "publication")
    text = filled(f"Found {{{name}}} there.", facts)
    if facts.get(name) is None:
        assert text is None
    else:
        assert text == f"Found {facts.get(name)} there."


@given(trials())
def test_the_counts_are_of_the_specifications_with_evidence(found):
    facts = Facts(claim(), curve(found), "publication")
    counts = [facts.get(name) for name in ("passing", "failing", "unclear")]
    assert sum(counts) == facts.get("specifications")
    assert counts == [sum(each.outcome is one for each in found) for one in (PASS, FAIL, UNCLEAR)]


@given(st.text(st.characters(codec="ascii", exclude_characters="{}"), min_size=1))
def test_words_stay_as_they_are(text):
    facts = Facts(claim(), curve([trial(PASS, preferred=True)]), "publication")
    assert filled(text, facts) == text[:1].upper() + text[1:]


TERM = {"table": "x/t", "value": "v", "part": "Exports", "where": {"who": "{reporter}"}}
LEVEL = {
    "measures": [{"reporter": ["a", "b"], "terms": [TERM]}],
    "claimed": 75.0,
    "unit": "USD billion",
    "reporter": "a",
}


def counted(**texts):
    """A claim of a level by two reporters, of which the second falls short."""
    rows = [{"who": who, "v": v, "source_id": who} for who, v in (("a", 76.25), ("b", 73.5))]
    made = built("level", LEVEL, grid={"reporter": ["a", "b"]}, finding=texts)
    return run(made, evidence({"x/t": frame(rows)}))


def test_the_numbers_are_those_of_the_trials():
    text = (
        "{value:.1f} by a, {value[reporter=b]} by b, {part[Exports]:.0f} exported; "
        "{failing:way} of {specifications} under {claimed}, {least} to {most}"
    )
    made, _, found, vintage = counted(mixed=text)
    assert rules.verdict(made, found, vintage).finding == (
        "76.2 by a, 73.5 by b, 76 exported; 1 way of 2 under 75, 73.5 to 76.25"
    )


def test_the_title_of_a_figure_is_the_finding_of_its_vintage():
    for texts in ({"mixed": "It depends on who counts."}, {}):
        made, estimate, found, vintage = counted(**texts)
        drawing = figures.level(made, estimate, found, vintage)
        judgement = rules.judge(made, found)
        assert drawing.title == judgement.publication.finding
        assert drawing.described.startswith(drawing.title)
        record = results.record(made, judgement, {})
        assert wording.finding(record, vintage) == drawing.title


# ------------------------------------------------------------------------- this audit


def pattern(text: str) -> re.Pattern[str]:
    """What a filled text looks like."""
    parts = (re.escape(words) + (".+" if each else "") for words, each in pieces(text))
    return re.compile("".join(parts), re.IGNORECASE)


def test_each_published_finding_is_the_written_one_of_its_outcome():
    claims = registry.read(Project(ROOT)).claims
    entries = results.read_results(ROOT / "results" / "published.json")["claims"]
    kept = [entry for entry in entries if "finding" in entry]
    assert len(kept) in (0, len(entries))  # none in results from before findings were kept
    for entry in kept:
        written = claims[entry["id"]].finding
        for vintage, detail in entry["detail"].items():
            code = entry["verdict"][vintage]["code"]
            if detail["rule"] == SOURCES_DISAGREE.name:
                continue  # it says who says what
            text = written.get(detail["rule"]) or written[GROUP_OF[code]]
            shown = entry["finding"][vintage]
            assert pattern(text).fullmatch(shown), (entry["id"], vintage)
            assert len(shown) <= LONGEST, (entry["id"], vintage)


def test_every_testable_claim_has_a_finding_of_its_own():
    claims = registry.read(Project(ROOT)).claims
    without = [claim.id for claim in claims.values() if claim.testable and not claim.finding]
    assert without == []


def filled_by(method: str) -> set[str]:
    """The placeholders of a method that its claims fill, by their first trial with evidence."""
    found: set[str] = set()
    asked = set()
    for each in registry.read(Project(ROOT)).claims.values():
        test = each.parameters.get("asks") or each.parameters.get("verb")
        if each.method != method or test in asked:
            continue
        known = load_evidence(Project(ROOT), each.tables)
        tried = (attempt(one, known, "latest") for one in each.specifications(each.literal))
        if (trial := next((one for one in tried if one.outcome is not None), None)) is not None:
            facts = Facts(each, Curve((replace(trial, preferred=True),)), "latest")
            found |= {name for name in OF_METHOD[method] if facts.get(name) is not None}
            asked.add(test)
    return found


@pytest.mark.parametrize("method", OF_METHOD)
def test_each_method_gives_the_placeholders_that_it_documents(method):
    assert filled_by(method) == set(OF_METHOD[method])
