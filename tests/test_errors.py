import pickle

import pytest

from analysis.errors import MAX_FAULTS, AnalysisError, ClaimsError, DataError, ProjectError, suggest


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
    faults = [DataError("wrong", file="a.csv", line=line) for line in range(MAX_FAULTS + 5)]
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


@pytest.fixture
def shell():
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell()
    shell.colors = "nocolor"
    return shell


def test_in_a_notebook_an_error_is_its_message_and_the_line_of_the_cell(shell, capsys):
    shell.run_cell("from analysis.errors import ParameterError\n\nraise ParameterError('mend it')")
    told = capsys.readouterr().out
    assert told.splitlines() == [
        "ParameterError: mend it",
        "  line 3 of this cell: raise ParameterError('mend it')",
        "(%tb shows where in the library it was raised)",
    ]


def test_asked_again_it_shows_every_frame(shell, capsys):
    shell.run_cell("import analysis\nanalysis.methods.method('lavel')")
    shell.run_cell("from analysis.methods import method\nmethod('lavel')")
    assert "def method" not in capsys.readouterr().out
    shell.run_line_magic("tb", "")
    told = capsys.readouterr().out
    assert "Traceback (most recent call last)" in told
    assert "in method" in told


def test_outside_a_notebook_there_is_no_line_of_a_cell():
    assert AnalysisError("mend it")._render_traceback_()[1:] == [
        "(%tb shows where in the library it was raised)"
    ]
