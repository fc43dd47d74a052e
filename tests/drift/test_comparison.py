"""A drift: gravest first, each movement with its causes, values one by one."""

from __future__ import annotations

import hypothesis.strategies as st
from hypothesis import given
from tallies import entry, results

from analysis.drift.comparison import MOVEMENT_KINDS, Drift, compare, headline
from analysis.drift.snapshots import Snapshot
from analysis.verdicts.certainty import LEVELS
from analysis.verdicts.code_table import CODES, SCALE

MADE = {"tables": {"t/t": {"data": "1"}}, "lock": "1", "python": "3.11"}


def state(name="before", inputs=None, tables=None, **claims):
    entries = [entry(claim, code) for claim, code in claims.items()]
    made = {**results(*entries), "inputs": tables or {}}
    return Snapshot(name=name, results=made, inputs=inputs or {})


def test_a_flip_comes_before_a_step_and_a_step_before_an_input():
    before = state(A1="SUPPORTED", A2="SUPPORTED", tables={"t/t": "1"})
    after = state("after", A1="MOSTLY_SUPPORTED", A2="CONTRADICTED", tables={"t/t": "2"})
    moved = compare(before, after).movements
    assert [(each.kind, each.claim) for each in moved] == [
        ("flip", "A2"),
        ("flip", "A2"),
        ("verdict", "A1"),
        ("verdict", "A1"),
        ("input", ""),
    ]


codes = st.sampled_from(CODES)


@given(codes, codes)
def test_there_is_a_flip_where_the_verdict_changes_sides_and_nowhere_else(old, new):
    found = compare(state(A1=old), state(A1=new))
    sides = [SCALE.get(code, 3) - 3 for code in (old, new)]
    assert bool(found.of("flip")) == (sides[0] * sides[1] < 0)
    assert bool(found.movements) == (old != new)


@given(st.lists(codes, min_size=3, max_size=3), st.lists(codes, min_size=3, max_size=3))
def test_nothing_grave_stands_under_something_mild(old, new):
    names = ("A1", "B2", "C3")
    found = compare(
        state(**dict(zip(names, old, strict=True))), state(**dict(zip(names, new, strict=True)))
    )
    places = [MOVEMENT_KINDS.index(each.kind) for each in found.movements]
    assert places == sorted(places)


def test_each_value_of_an_estimate_moves_by_itself():
    old, new = entry("A1", "SUPPORTED"), entry("A1", "SUPPORTED")
    old["estimate"] = {"value": 1.0, "low": 0.5, "unit": "t"}
    new["estimate"] = {"value": 1.0 + 1e-12, "low": 0.6, "unit": "t"}
    (moved,) = compare(
        Snapshot(name="a", results=results(old)), Snapshot(name="b", results=results(new))
    ).movements
    assert str(moved) == "estimate.low: 0.5 -> 0.6"


def test_a_movement_tells_its_cause():
    before = state(A1="SUPPORTED", inputs={"A1": MADE})
    after = state(A1="CONTRADICTED", inputs={"A1": {**MADE, "tables": {"t/t": {"data": "2"}}}})
    assert compare(before, after).movements[0].why == "data: t/t (data)"


def test_a_movement_without_ingredients_is_not_traced():
    found = compare(state(A1="SUPPORTED"), state(A1="CONTRADICTED", inputs={"A1": MADE}))
    assert "not traced" in found.movements[0].why


def test_a_movement_without_a_cause_says_so():
    found = compare(
        state(A1="SUPPORTED", inputs={"A1": MADE}),
        state(A1="CONTRADICTED", inputs={"A1": MADE}),
    )
    assert found.movements[0].why == "no input differs"


def test_the_environment_is_listed_once():
    made = {"A1": MADE, "A2": MADE}
    other = {name: {**MADE, "lock": "2", "python": "3.12"} for name in made}
    found = compare(
        state(A1="SUPPORTED", A2="SUPPORTED", inputs=made),
        state(A1="SUPPORTED", A2="SUPPORTED", inputs=other),
    )
    assert [each.what for each in found.movements] == ["lock", "python"]
    assert found.exit_code == 7


def test_the_exit_code_is_that_of_the_gravest():
    assert Drift(before="a", after="b", movements=()).exit_code == 0
    found = compare(state(A1="SUPPORTED"), state(A1="CONTRADICTED", tables={"t/t": "1"}))
    assert found.exit_code == 6
    assert compare(state(), state(tables={"t/t": "1"})).exit_code == 3


def test_the_headline_counts():
    found = compare(state(A1="SUPPORTED"), state("after", A1="CONTRADICTED", tables={"t/t": "1"}))
    assert headline(found) == "From before to after: 2 flipped verdicts, 1 input table."


@given(codes, st.sampled_from(list(LEVELS.values())), st.sampled_from(list(LEVELS.values())))
def test_a_certainty_that_moves_alone_is_named(code, old, new):
    sides = []
    for level in (old, new):
        made = entry("A1", code)
        made["verdict"]["latest"]["certainty"] = level
        sides.append(Snapshot(name="x", results={"claims": [made]}))
    found = compare(*sides)
    assert [each.what for each in found.of("certainty")] == (
        [] if old == new else ["verdict.latest.certainty"]
    )
    assert not found.of("verdict")
    assert found.exit_code == (0 if old == new else 6)


def test_a_row_of_the_table_that_moves_is_named_where_both_sides_have_it():
    old, new = entry("A1", "SUPPORTED"), entry("A1", "SUPPORTED")
    new["detail"]["latest"]["rule"] = "most_pass"
    before, after = (Snapshot(name="x", results={"claims": [each]}) for each in (old, new))
    assert not compare(before, after).movements
    old["detail"]["latest"]["rule"] = "majority_passes"
    (moved,) = compare(before, after).movements
    assert (moved.kind, moved.what) == ("verdict", "detail.latest.rule")
