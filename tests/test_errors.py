import pickle

import pytest

from analysis.errors import SHOWN, AnalysisError, ClaimsError, DataError, ProjectError, suggest


@pytest.mark.parametrize(
    ("place", "shown"),
    [
        ({}, "wrong"),
        ({"file": "a.csv"}, "a.csv: wrong"),
        ({"file": "a.csv", "line": 41}, "a.csv:41: wrong"),
        ({"file": "a.csv", "line": 41, "column": 7}, "a.csv:41:7: wrong"),
    ],
)
def test_the_place_comes_first(place, shown):
    assert str(AnalysisError("wrong", **place)) == shown


@pytest.mark.parametrize("kind", [AnalysisError, ClaimsError, DataError, ProjectError])
def test_an_error_survives_the_way_between_processes(kind):
    back = pickle.loads(pickle.dumps(kind("wrong", file="a.csv", line=41)))  # noqa: S301  our own
    assert type(back) is kind
    assert str(back) == "a.csv:41: wrong"


def test_many_faults_are_listed_and_kept():
    faults = [DataError("wrong", file="a.csv", line=line) for line in range(SHOWN + 5)]
    error = DataError.of(faults)
    assert error.failures == tuple(faults)
    assert "25 faults" in str(error)
    assert "a.csv:19: wrong" in str(error)
    assert str(error).endswith("... and 5 more")


def test_a_single_fault_stays_itself():
    fault = DataError("wrong", file="a.csv", line=2)
    assert DataError.of([fault]) is fault
    assert fault.failures == (fault,)


def test_a_suggestion_takes_any_word():
    assert suggest(2024, ["2023", 2024]) == " (did you mean '2024'?)"
    assert suggest("x", []) == ""
