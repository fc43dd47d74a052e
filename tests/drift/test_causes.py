"""Causes: exactly the inputs that differ, by kind, and only where both sides state them."""

from __future__ import annotations

import hypothesis.strategies as st
import pytest
from hypothesis import given

from analysis.drift.causes import INPUT_KINDS, causes, describe

BEFORE = {
    "notebook": "n1",
    "parameters": {"vintage": "v1"},
    "claim": {"grid": "g1", "core": "c1"},
    "tables": {"trade/flows": {"data": "d1", "entry": "e1"}, "trade/gdp": {"data": "d1"}},
    "modules": {"analysis.verdicts.sweep": "m1", "analysis.methods.level": "m1"},
    "lock": "l1",
    "python": "3.11",
}
CHANGED = {
    "notebook": ("notebook", "n2", "code", "the notebook"),
    "parameters": ("parameters", {"vintage": "v2"}, "parameters", "vintage"),
    "rule": ("claim", {"grid": "g2", "core": "c1"}, "parameters", "grid of the claim"),
    "table": (
        "tables",
        {"trade/flows": {"data": "d2", "entry": "e1"}, "trade/gdp": {"data": "d1"}},
        "data",
        "trade/flows (data)",
    ),
    "module": (
        "modules",
        {"analysis.verdicts.sweep": "m1", "analysis.methods.level": "m2"},
        "code",
        "methods.level",
    ),
    "lock": ("lock", "l2", "lock", "requirements.lock"),
    "python": ("python", "3.12", "environment", "Python"),
}


@pytest.mark.parametrize("what", CHANGED)
def test_one_changed_input_is_the_one_cause(what):
    part, value, kind, name = CHANGED[what]
    (found,) = causes(BEFORE, {**BEFORE, part: value})
    assert (found.kind, found.names) == (kind, (name,))


@given(st.sets(st.sampled_from(sorted(CHANGED))))
def test_the_kinds_are_those_of_what_was_changed(names):
    after = dict(BEFORE)
    for name in names:
        part, value, *_ = CHANGED[name]
        after[part] = value
    kinds = [cause.kind for cause in causes(BEFORE, after)]
    assert set(kinds) == {CHANGED[name][2] for name in names}
    assert kinds == [kind for kind in dict.fromkeys(INPUT_KINDS.values()) if kind in kinds]


@given(st.sampled_from(sorted(BEFORE)))
def test_what_one_side_does_not_state_is_no_cause(part):
    other = {name: value for name, value in BEFORE.items() if name != part}
    assert causes(BEFORE, other) == causes(other, BEFORE) == ()


def test_a_table_that_is_read_no_more_is_a_cause():
    after = {**BEFORE, "tables": {"trade/gdp": {"data": "d1"}}}
    (found,) = causes(BEFORE, after)
    assert str(found) == "data: trade/flows"


def test_no_cause_and_no_trace_have_different_words():
    assert describe((), traced=True) == "no input differs"
    assert describe((), traced=False) == "not traced: inputs were not kept"


def test_a_long_list_is_cut_and_counted():
    after = {**BEFORE, "modules": {f"analysis.m{i}": "m2" for i in range(9)}}
    (found,) = causes({**BEFORE, "modules": {}}, after)
    assert str(found) == "code: m0, m1, m2 and 6 more"
