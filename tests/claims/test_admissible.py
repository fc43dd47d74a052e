"""What is offered and taken beside the other choices: never nonsense, every specification."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import builders
import pytest

from analysis.claims import admissible, registry
from analysis.errors import ParameterError
from analysis.execution.plan import waits
from analysis.project import Project

ROOT = Path(__file__).parents[2]
BOUND = {
    name: claim
    for name, claim in registry.read(Project(ROOT)).claims.items()
    if not waits(claim) and claim.constraints
}


def key(choices):
    return json.dumps(choices, sort_keys=True, default=str)


def clicks(claim, choices):
    """Each value that is offered, with the choices that follow from it."""
    fixed = claim.literal.parameters
    for name in choices.keys() - fixed.keys():
        for value in claim.options(name, claim.preferred()):
            if admissible.offered(claim, choices, name, value):
                clicked = {**choices, name: value}
                yield name, value, admissible.followed(claim, clicked, name, fixed)


@pytest.mark.parametrize("name", BOUND)
def test_clicks_lead_to_every_specification_of_the_grid_and_to_nothing_else(name):
    claim = BOUND[name]
    found, ahead = set(), [dict(claim.preferred().choices)]
    while ahead:
        choices = ahead.pop()
        if key(choices) not in found:
            found.add(key(choices))
            for own, value, followed in clicks(claim, choices):
                assert followed[own] == value
                ahead.append(followed)
    assert found == {key(dict(each.choices)) for each in claim.specifications(claim.literal)}


def test_what_is_fixed_does_not_follow():
    claim = BOUND["C2"]
    choices = {**claim.preferred().choices, "reporter": "mirror"}
    followed = admissible.followed(claim, choices, "reporter", fixed=["valuation"])
    assert followed["valuation"] == choices["valuation"]


@pytest.mark.parametrize("name", BOUND)
def test_given_parameters_are_taken_if_and_only_if_the_grid_has_them(name):
    claim = BOUND[name]
    free = [own for own in claim.grid if own not in claim.literal.parameters]
    options = [claim.options(own, claim.preferred()) for own in free]
    registered = {key(dict(each.choices)) for each in claim.specifications(claim.literal)}
    for values in itertools.product(*options):
        given = dict(zip(free, values, strict=True))
        if key({**claim.preferred().choices, **given}) in registered:
            claim.prefer(given)
        else:
            with pytest.raises(ParameterError, match="does not go with"):
                claim.prefer(given)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            {"valuation": "cif_cif"},
            "goes only with valuation=as_reported; valuation=cif_cif goes with reporter=mirror",
        ),
        (
            {"reporter": "mirror"},
            "goes only with valuation=fob_fob or cif_cif or midpoint; reporter=mirror goes with v",
        ),
        ({"reporter": "Japn"}, "reporter=Japn (did you mean 'Japan'?); one of: Taiwan, Japan,"),
        ({"reporter": "japan"}, "reporter=japan (did you mean 'Japan'?); one of: Taiwan, Japan,"),
        ({"denominator": "fred"}, "denominator=fred; one of: fred_fx_2026, mof_tw_2025_08"),
    ],
)
def test_what_the_grid_does_not_have_is_refused_with_what_it_has(given, message):
    with pytest.raises(ParameterError) as caught:
        BOUND["C2"].prefer(given)
    assert message in str(caught.value)


def test_another_year_is_no_unknown_text():
    claim = builders.claim(
        "level",
        {"measures": [{"terms": []}], "claimed": 1, "unit": "t", "period": "2023"},
        grid={"period": ["2023", "2024"]},
    )
    assert claim.prefer({"period": "2019"}).build().period == "2019"
    with pytest.raises(ParameterError, match="period=last; one of: 2023, 2024"):
        claim.prefer({"period": "last"})


def test_a_label_of_a_recipe_may_be_given_though_the_grid_leaves_it_out():
    measures = [{"reporter": name, "terms": []} for name in ("us", "them", "others")]
    claim = builders.claim(
        "level",
        {"measures": measures, "claimed": 1, "unit": "t", "reporter": "us"},
        grid={"reporter": ["us", "them"]},
    )
    assert claim.prefer({"reporter": "others"}).build().reporter == "others"
