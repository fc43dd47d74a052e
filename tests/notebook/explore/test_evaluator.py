"""What the panel says is what the library says, for a claim of each method and any choice."""

from __future__ import annotations

import contextlib
import functools
import io
from dataclasses import replace
from pathlib import Path

import builders
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.claims import registry
from analysis.errors import ParameterError
from analysis.methods import METHODS
from analysis.notebook import api
from analysis.notebook.explore.controls import controls
from analysis.notebook.explore.evaluator import Evaluator, draw
from analysis.notebook.explore.snippet import command, script
from analysis.notebook.explore.state import State, assumed, registered
from analysis.project import Project
from analysis.verdicts import rules, sweep
from analysis.verdicts.sweep import VINTAGES

PROJECT = Project(Path(__file__).parents[3])
CLAIMS = {}  # the claim with the fewest specifications of each method
for claim in registry.read(PROJECT).claims.values():
    if claim.testable and not claim.pending:
        CLAIMS[claim.method] = min(
            claim,
            CLAIMS.get(claim.method, claim),
            key=lambda each: sum(1 for _ in sweep.planned(each)),
        )
LEFT_OUT = {"event_study"}  # its one claim takes seconds to sweep; the panel's tests open it
SLOW = {"distance", "membership"}
every_method = pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=[pytest.mark.slow] if name in SLOW else [])
        for name in sorted(set(CLAIMS) - LEFT_OUT)
    ],
)
MEASURES = [
    {"reporter": "us", "terms": [{"table": "t", "value": "value", "where": {"who": "us"}}]},
    {"reporter": "them", "terms": [{"table": "t", "value": "value", "where": {"who": "them"}}]},
]
CLAIM = builders.claim(
    "level",
    {"measures": MEASURES, "claimed": 10, "unit": "t", "reporter": "us"},
    grid={"reporter": ["us", "them"]},
    readings={"twice": {"claimed": 11}},
)
EVIDENCE = builders.evidence(
    t=builders.frame(
        [
            {"who": "us", "value": 12.0, "source_id": "a"},
            {"who": "them", "value": 9.0, "source_id": "b"},
        ]
    )
)


def evaluator():
    return Evaluator(claim=CLAIM, evidence=EVIDENCE, cutoffs=builders.CUTOFFS)


@functools.cache
def real(name):
    claim = CLAIMS[name]
    return Evaluator(
        claim=claim,
        evidence=api.load(claim, project=PROJECT),
        cutoffs=api.cutoffs(PROJECT),
    )


def chosen(claim, **changes):
    """The state after these parameters were set at their controls."""
    state = registered(claim)
    for each in controls(claim):
        if each.name in changes:
            state = state.with_(each, changes[each.name])
    return state


def test_nothing_changed_is_the_registered_claim():
    found = evaluator().examine(registered(CLAIM))
    assert (found.trial.estimate.value, found.trial.outcome.name) == (12.0, "PASS")
    assert found.registered
    assert (found.agree, found.tried) == (1, 2)
    assert found.verdict.code == "DEFINITION_DEPENDENT"


def test_another_choice_of_the_grid_is_registered_too_and_comes_out_otherwise():
    found = evaluator().examine(chosen(CLAIM, reporter="them"))
    assert (found.trial.estimate.value, found.trial.outcome.name) == (9.0, "FAIL")
    assert found.registered


def test_another_number_than_the_claimed_one_is_not_registered():
    found = evaluator().examine(chosen(CLAIM, claimed=8))
    assert not found.registered
    assert found.verdict.code == "SUPPORTED"
    assert (found.agree, found.tried) == (2, 2)  # against 8 as well, not against 10


def test_a_parameter_set_back_is_no_change():
    state = chosen(CLAIM, claimed=8)
    (control,) = [each for each in controls(CLAIM) if each.name == "claimed"]
    assert state.with_(control, 10.0) == registered(CLAIM)


def test_a_reading_sets_its_own_parameters():
    found = evaluator().examine(State(reading="twice"))
    assert found.claim.build().claimed == 11
    assert found.registered
    assert (found.agree, found.tried) == (1, 2)


def test_what_no_measure_is_defined_for_is_an_error_that_says_what_there_is():
    with pytest.raises(ParameterError, match="reporter=nobody; one of: us, them"):
        evaluator().examine(State(reading="literal", changes={"reporter": "nobody"}))


def test_an_unknown_reading_is_an_error_with_a_suggestion():
    with pytest.raises(ParameterError, match=r"no reading 'twise' \(did you mean 'twice'\?\)"):
        CLAIM.reading("twise")


def test_reading_as_the_literal_one_changes_nothing():
    assert CLAIM.read_as("literal") is CLAIM


def test_reading_as_another_makes_that_the_only_literal_one():
    changed = CLAIM.read_as("twice")
    assert [each.name for each in changed.readings if each.kind == "literal"] == ["twice"]
    assert changed.literal.votes
    assert changed.build().claimed == 11


def test_the_same_specification_is_estimated_once(monkeypatch):
    calls = []
    attempt = sweep.attempt
    monkeypatch.setattr(sweep, "attempt", lambda *a, **k: calls.append(a) or attempt(*a, **k))
    own = evaluator()
    own.examine(registered(CLAIM))
    first = len(calls)
    own.examine(registered(CLAIM))
    own.examine(chosen(CLAIM, reporter="them"))
    assert len(calls) == first


@every_method
@settings(max_examples=4)
@given(data=st.data())
def test_it_agrees_with_the_library(name, data):
    """Any reading, vintage and choice of the grid, against a sweep of its own."""
    own = real(name)
    claim = own.claim
    reading = data.draw(st.sampled_from(claim.readings))
    specification = data.draw(st.sampled_from(list(claim.specifications(reading))))
    vintage = data.draw(st.sampled_from(VINTAGES))
    state = State(reading=reading.name, vintage=vintage)
    for each in controls(claim):
        if each.name in claim.grid and each.name not in reading.parameters:
            state = state.with_(each, specification.choices[each.name])
    found = own.examine(state)
    assert found.registered
    changed = assumed(claim, state)
    curve = sweep.sweep(changed, own.evidence, own.cutoffs, leave_one_out=False)
    verdict = getattr(rules.judge(changed, curve), vintage)
    assert found.trial == curve.preferred(vintage, reading.name)
    assert found.verdict == verdict
    assert found.agree <= found.tried


@every_method
def test_it_draws(name):
    assert draw(real(name).examine(registered(CLAIMS[name]))).png().startswith(b"\x89PNG")


def run(code):
    """What a cell with this code prints, and what its last line is worth."""
    *lines, last = code.splitlines()
    names, told = {}, io.StringIO()
    with contextlib.redirect_stdout(told):
        exec("\n".join(lines), names)  # noqa: S102 - a reader runs it just so
        return told.getvalue().splitlines(), eval(last, names)  # noqa: S307 - the same


@every_method
def test_the_code_reproduces_what_was_seen(name, monkeypatch):
    monkeypatch.chdir(PROJECT.root)
    own = real(name)
    claim = own.claim
    state = State(reading=claim.readings[-1].name, vintage="latest")
    (first, *_) = controls(claim)
    if first.options and first.name not in claim.readings[-1].parameters:
        state = state.with_(first, first.options[-1])
    found = own.examine(state)
    told, drawn = run(script(claim, state))
    measured = found.trial
    outcome = measured.outcome
    assert told[0] == f"{measured.estimate.value} {measured.estimate.unit} {outcome}"
    assert told[1] == found.verdict.code
    assert drawn.data.equals(draw(found).data)


def test_the_command_is_that_of_the_same_state():
    state = chosen(CLAIM, reporter="them", claimed=8.5)
    told = command(CLAIM, replace(state, vintage="latest"))
    assert told == "claims run T1 -p reporter=them -p claimed=8.5 --vintage latest"


def test_a_structure_is_quoted_for_the_shell():
    state = chosen(CLAIM, measures=[{"terms": []}])
    assert command(CLAIM, state) == """claims run T1 -p 'measures=[{"terms": []}]'"""


def test_another_reading_is_told_in_command_and_code():
    state = State(reading="twice")
    assert command(CLAIM, state) == "claims run T1 --reading twice"
    assert "analysis.claim('T1', reading='twice')" in script(CLAIM, state)


def test_a_claim_of_every_method_is_looked_at():
    assert set(CLAIMS) == set(METHODS)
