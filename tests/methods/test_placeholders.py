"""Braces in a recipe name a parameter, and reach nothing else."""

from __future__ import annotations

import pytest
from builders import claim, evidence, frame

from analysis.errors import ParameterError
from analysis.methods.placeholders import fill

WORDS = {"period": "2023", "flow": "export"}
TERM = {"part": "exports", "table": "trade/flows", "value": "value"}


@pytest.mark.parametrize(
    "text",
    ["{period.__class__}", "{period[0]}", "{period!r}", "{period:>9}", "{}", "{0}", "{perod}"],
)
def test_only_plain_names_are_filled_in(text):
    with pytest.raises(ParameterError, match=r"names no parameter .* known: period, flow"):
        fill(f"in {text}", WORDS)


def test_a_misspelt_name_is_reported_with_the_nearest():
    with pytest.raises(ParameterError, match=r"did you mean 'period'"):
        fill("{perod}", WORDS)


def test_a_brace_in_a_parameter_is_not_filled_again():
    assert fill("{flow}", {"flow": "{period}"}) == "{period}"


def test_a_recipe_of_a_claim_cannot_look_into_a_parameter():
    known = evidence({"trade/flows": frame([{"year": "2023", "value": 12.0}])})
    recipe = {**TERM, "where": {"year": "{period.__class__}"}}
    made = claim("level", {"measures": [{"terms": [recipe]}], "claimed": 10, "unit": "t"})
    with pytest.raises(ParameterError, match=r"\{period.__class__\} in"):
        made.build().estimate(known)
