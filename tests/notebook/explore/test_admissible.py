"""What is offered beside the other choices: never nonsense, and every specification in reach."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from analysis.claims import registry
from analysis.execution.plan import waits
from analysis.notebook.explore import admissible
from analysis.project import Project

ROOT = Path(__file__).parents[3]
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
