"""What can be chosen of a claim, and how what is set becomes a value."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path

import builders
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.claims import registry
from analysis.errors import ParameterError
from analysis.execution.plan import waits
from analysis.methods import method
from analysis.notebook.explore.controls import controls, read, written
from analysis.project import Project

ROOT = Path(__file__).parents[3]
CLAIMS = {
    name: claim for name, claim in registry.read(Project(ROOT)).claims.items() if not waits(claim)
}
LEVEL = {"measures": [{"terms": []}], "claimed": 10, "unit": "t"}
CLAIM = builders.claim(
    "level",
    LEVEL,
    grid={"reporter": ["us", "them"]},
    readings={"other": {"reporter": "nobody", "claimed": 12}},
)
BY_NAME = {each.name: each for each in controls(CLAIM)}


def test_every_parameter_of_every_claim_has_a_control(subtests):
    for name, claim in CLAIMS.items():
        with subtests.test(claim=name):
            made = controls(claim)
            wanted = {item.name for item in fields(method(claim.method))}
            assert {each.name for each in made} == wanted
            assert {each.name for each in made if each.varied} == set(claim.grid)


def test_a_control_offers_the_grid_and_shows_what_is_registered(subtests):
    for name, claim in CLAIMS.items():
        with subtests.test(claim=name):
            for each in controls(claim):
                if each.varied:
                    assert set(map(str, claim.grid[each.name])) <= set(map(str, each.options))
                if each.kind == "choice":
                    preferred = claim.preferred().parameters.get(each.name, each.registered)
                    assert preferred in each.options


def test_what_is_registered_is_read_back_as_it_is(subtests):
    """As a reader would see it, and as a widget hands it back."""
    for name, claim in CLAIMS.items():
        with subtests.test(claim=name):
            for each in controls(claim):
                if each.registered is None:
                    continue
                shown = each.kind in ("text", "structure")
                value = read(claim, each, written(each.registered) if shown else each.registered)
                assert written(value) == written(each.registered)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("reporter", "choice"),
        ("comparison", "choice"),
        ("claimed", "number"),
        ("unit", "text"),
        ("measures", "structure"),
    ],
)
def test_the_kind_follows_from_grid_and_type(name, kind):
    assert BY_NAME[name].kind == kind


def test_a_switch_is_a_flag_and_a_whole_number_an_integer():
    claim = builders.claim("timeline", {"where": {"event": "e"}})
    kinds = {each.name: each.kind for each in controls(claim)}
    assert (kinds["precise"], kinds["families"]) == ("flag", "integer")


def test_the_choices_of_the_grid_come_first_and_structures_last():
    made = controls(CLAIM)
    assert made[0].name == "reporter"
    kinds = [each.kind == "structure" for each in made]
    assert kinds == sorted(kinds)
    assert kinds[-1]


def test_what_a_reading_sets_is_an_option_too():
    assert BY_NAME["reporter"].options == ("", "us", "them", "nobody")


def test_a_type_that_lists_its_words_offers_all_of_them():
    assert "within" in BY_NAME["comparison"].options


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("reporter", "you", "reporter=you: expected one of: , us, them, nobody"),
        ("claimed", float("nan"), "claimed=NaN: expected a number, e.g. 75.5"),
        ("measures", "[", 'measures=[: expected JSON, e.g. ["a", "b"]'),
        ("measures", "{}", 'measures={}: expected JSON, e.g. ["a", "b"]'),
    ],
)
def test_what_does_not_fit_is_an_error_that_says_what_would(name, value, told):
    with pytest.raises(ParameterError) as caught:
        read(CLAIM, BY_NAME[name], value)
    assert str(caught.value) == told


@given(st.lists(st.sampled_from(CLAIM.parameters["measures"])))
def test_a_structure_survives_being_written_and_read(value):
    assert read(CLAIM, BY_NAME["measures"], written(value)) == value
    assert json.loads(written(value)) == value


@given(st.floats(allow_nan=False, allow_infinity=False, width=32))
def test_a_number_survives(value):
    assert read(CLAIM, BY_NAME["claimed"], value) == value
