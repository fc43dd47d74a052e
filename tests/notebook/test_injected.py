"""Names that papermill injects are parameters of the claim, and as strict as any other."""

from __future__ import annotations

import builtins
from types import SimpleNamespace

import pytest

import analysis
from analysis.errors import ParameterError
from analysis.notebook import injected

CELL = "# Parameters\nclaim_id = 'C2'\nreporter = 'Japan'\n"


@pytest.fixture
def notebook(monkeypatch):
    """The variables of a notebook in which papermill has injected `reporter`."""
    variables = {"In": ["", CELL], "claim_id": "C2", "reporter": "Japan", "parameters": {}}
    shell = SimpleNamespace(user_ns=variables)
    monkeypatch.setattr(builtins, "get_ipython", lambda: shell, raising=False)
    return variables


def test_injected_names_are_added(notebook):
    assert injected.merged(notebook["parameters"]) == {"reporter": "Japan"}
    claim = analysis.claim("C2", notebook["parameters"])
    assert claim.preferred().parameters["reporter"] == "Japan"


@pytest.mark.usefixtures("notebook")
def test_they_belong_to_the_notebooks_own_parameters_alone():
    assert injected.merged({"claimed": 3}) == {"claimed": 3}
    assert analysis.claim("E8").parameters == analysis.claim("E8", {}).parameters


def test_the_last_injected_cell_counts(notebook):
    notebook["In"].append("# Parameters\nvaluation = 'fob_fob'")
    notebook["valuation"] = "fob_fob"
    assert injected.merged(notebook["parameters"]) == {"valuation": "fob_fob"}


def test_one_name_with_two_values_is_refused(notebook):
    notebook["parameters"]["reporter"] = "mirror"
    with pytest.raises(ParameterError, match=r"reporter is given twice: 'mirror' .* and 'Japan'"):
        injected.merged(notebook["parameters"])
    notebook["parameters"]["reporter"] = "Japan"
    assert injected.merged(notebook["parameters"]) == {"reporter": "Japan"}


def test_an_unknown_injected_name_is_refused_with_the_valid_ones(notebook):
    notebook["In"].append("# Parameters\nvintge = 'latest'")
    notebook["vintge"] = "latest"
    with pytest.raises(ParameterError, match=r"unknown parameter 'vintge' .* vintage, reading"):
        analysis.claim("C2", notebook["parameters"])
