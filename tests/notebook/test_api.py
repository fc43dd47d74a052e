"""The acts of a notebook are as strict as the command line."""

from __future__ import annotations

from pathlib import Path

import pytest
from builders import claim as made

import analysis
from analysis.data.evidence import Evidence
from analysis.errors import ParameterError
from analysis.notebook.article import read_tables
from analysis.project import Project

ARTICLE = Project(Path(__file__).parents[2])
LEVEL = {"measures": [{"terms": []}], "claimed": 10, "unit": "t"}
UNTESTABLE, TREND, OVERRIDING = "F3", "F2a", "D6"


def ask(name: str, parameters=None, **keywords):
    return analysis.claim(name, parameters or {}, project=ARTICLE, **keywords)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"claimed": "lots"}, "claimed='lots': expected a number, e.g. 75.5"),
        ({"claimed": True}, "claimed=True: expected a number"),
        ({"claimed": float("nan")}, "claimed=nan: expected a number"),
        ({"unit": 7}, "unit=7: expected text"),
        ({"measures": "all"}, "measures='all': expected JSON"),
        ({"measures": [3]}, "measures.0: expected keys and values, found 3"),
        ({"comparison": "exceds"}, "comparison='exceds': (did you mean 'exceeds'?)"),
        (
            {"reporter": "Japn"},
            "reporter=Japn (did you mean 'Japan'?); one of: Taiwan, Japan, mirr",
        ),
        ({"valuation": "cif_cif"}, "does not go with reporter=Taiwan"),
        ({"repoter": "x"}, "unknown parameter 'repoter' of method 'level' in claim C2"),
        ({"unit": 2023}, "use -r NAME VALUE for text"),
        (["claimed"], "expected a dictionary"),
        ('{"claimed": 80}', "papermill passes text by -p: use -y 'parameters: {claimed: 80}'"),
    ],
)
def test_a_parameter_that_does_not_fit_is_refused(parameters, message):
    with pytest.raises(ParameterError) as caught:
        ask("C2", parameters)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("keywords", "message"),
    [
        ({"reading": "literl"}, "claim C2 has no reading 'literl' .did you mean 'literal'"),
        ({"method": "trend"}, "claim C2 is tested by the method level, not by trend: open the"),
    ],
)
def test_a_reading_or_method_that_does_not_fit_is_refused(keywords, message):
    with pytest.raises(ParameterError, match=message):
        ask("C2", **keywords)


@pytest.mark.parametrize(
    "keywords", [{"method": "level"}, {"parameters": {"claimed": 3}}, {"reading": "literal"}]
)
def test_an_untestable_claim_has_nothing_to_run(keywords):
    with pytest.raises(
        ParameterError, match=f"claim {UNTESTABLE} has nothing to run: not testable"
    ):
        ask(UNTESTABLE, **keywords)


def test_an_untestable_claim_can_be_looked_at_and_not_be_built():
    shown = ask(UNTESTABLE)
    with pytest.raises(ParameterError, match="has nothing to run: not testable"):
        shown.build()


def test_a_parameter_that_the_reading_fixes_is_refused():
    claim = ask(OVERRIDING)
    (name, value), *_ = claim.literal.parameters.items()
    with pytest.raises(ParameterError, match=f"the reading .* of claim {claim.id} fixes {name} at"):
        claim.prefer({name: f"not {value}"} if isinstance(value, str) else {name: value + 1})
    assert claim.prefer({name: value}).build() == claim.build()


def test_a_reading_that_is_named_stands_for_the_literal_one():
    readings = {"wide": {"claimed": 5.0}}
    claim = made("level", LEVEL, readings=readings)
    assert claim.assume("wide", {}).build().claimed == 5
    with pytest.raises(ParameterError, match="the reading 'wide' of claim T1 fixes claimed"):
        claim.assume("wide", {"claimed": 7.0})
    assert claim.assume("", {"claimed": 7.0}).build().claimed == 7


@pytest.mark.parametrize("day", ["2024-12-10", 2024])
def test_a_cutoff_is_a_day(day):
    with pytest.raises(ParameterError, match="expected a day"):
        Evidence(tables={}).as_of(day)


def test_a_name_is_no_list_of_names():
    with pytest.raises(ParameterError, match=r"expected a list of tables, found 'trade/gdp'"):
        read_tables("trade/gdp", project=ARTICLE)
