import re
from itertools import pairwise
from pathlib import Path

import pytest

from analysis.errors import AnalysisError, ClaimsError
from analysis.yamlfile import read

ROOMS = sorted((Path(__file__).parents[1] / "src" / "analysis").rglob("*.py"))
ELSEWHERE = re.compile(r"yaml\.\w*(load|compose)")


@pytest.fixture
def written(tmp_path):
    def write(text):
        path = tmp_path / "some.yaml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def test_every_value_has_its_place(written):
    value, marks = read(
        written("claims:\n  - id: A1\n    grid: {year: [2020, 2021]}\n  - id: A2\n")
    )
    assert value == {"claims": [{"id": "A1", "grid": {"year": [2020, 2021]}}, {"id": "A2"}]}
    assert marks[("claims",)] == (1, 1)
    assert marks[("claims", 0)] == (2, 5)
    assert marks[("claims", 0, "grid", "year")] == (3, 12)
    assert marks[("claims", 0, "grid", "year", 1)] == (3, 25)


def test_an_unknown_path_is_at_its_nearest_parent(written):
    _, marks = read(written("a:\n  b: 1\n"), shown="claims.yaml")
    assert marks.at(("a", "b", "c", 3)) == {"file": "claims.yaml", "line": 2, "column": 3}
    assert marks.at(("z",)) == {"file": "claims.yaml", "line": 1, "column": 1}


@pytest.mark.parametrize(
    "text", ["no", "on", "yes", "Off", "0901", "012", "1:30", "2024-08-31", "1_000"]
)
def test_what_looks_like_text_stays_text(written, text):
    assert read(written(f"a: {text}\n"))[0] == {"a": text}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ("false", False),
        ("null", None),
        ("", None),
        ("~", None),
        ("7", 7),
        ("-0.5", -0.5),
        ("1e3", 1000.0),
        ("'7'", "7"),
        ("!!str 7", "7"),
    ],
)
def test_plain_values_are_read(written, text, value):
    found = read(written(f"a: {text}\n"))[0]["a"]
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "a: 1\nb: 2\na: 3\n",
            "some.yaml:3:1: the key 'a' occurs twice, first in line 1: keep one",
        ),
        ("a:\n  - b: [1\nc: 2\n", "some.yaml:3:"),
        ("a: 1\n\tb: 2\n", "some.yaml:2:1: "),
        ("a: *there\n", "some.yaml:1:4: found undefined alias"),
        ("a: !own 3\n", "some.yaml:1:1: the tag !own is not read here"),
        ("? [1, 2]\n: 3\n", "some.yaml:1:3: a key must be plain text or a number"),
        ("a: 1e400\n", "some.yaml:1:4: expected a number of at most 1e+100"),
        (f"a: [{'9' * 5000}]\n", "some.yaml:1:5: expected a number of at most 1e+100"),
        (f"-{'9' * 500}: 1\n", "some.yaml:1:1: expected a number of at most 1e+100"),
        ("a: 1\n---\nb: 2\n", "some.yaml:2:1: "),
        ("a: &x [*x]\n", "some.yaml:1:1: an alias (*) refers to the value that contains it"),
        ("a: &x {b: *x}\n", "some.yaml:1:8: an alias (*) refers to the value that contains it"),
        ("a: " + "[" * 900 + "]" * 900, "some.yaml: nested too deeply"),
        (b"a: 1\nb: \xff\n", "some.yaml:2: not UTF-8"),
        ("a: \x01\n", "some.yaml: not YAML"),
    ],
)
def test_faults_name_their_place(written, text, message):
    with pytest.raises(AnalysisError) as caught:
        read(written(text))
    assert str(caught.value).startswith(message)


def test_the_caller_chooses_error_and_name(written):
    with pytest.raises(ClaimsError, match=r"^claims\.yaml:2:1: the key 'a' occurs twice"):
        read(written("a: 1\na: 2\n"), shown="claims.yaml", error=ClaimsError)


def test_a_missing_file_is_an_error_of_ours(tmp_path):
    with pytest.raises(AnalysisError, match=r"^none\.yaml: cannot be read: No such file"):
        read(tmp_path / "none.yaml")


def test_an_empty_file_is_nothing(written):
    assert read(written("# only a comment\n"))[0] is None


BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]\n" for before, name in pairwise("abcdefgh")
)


def test_aliases_of_aliases_are_refused_before_they_fill_the_memory(written):
    with pytest.raises(AnalysisError, match=r"some\.yaml:\d:\d+: aliases \(\*\) repeat more than"):
        read(written(BOMB))


def test_a_few_aliases_stand_for_what_they_name(written):
    value, _ = read(written("a: &a {b: [1, 2]}\nc: [*a, *a]\n"))
    assert value["c"] == [value["a"], value["a"]]


def test_no_other_module_reads_yaml_in_a_way_of_its_own():
    found = {path.stem for path in ROOMS if ELSEWHERE.search(path.read_text(encoding="utf-8"))}
    assert found == {"yamlfile"}


def test_a_number_that_python_does_not_read_is_told_with_its_place(written):
    with pytest.raises(ClaimsError, match=r"some.yaml:2:4: expected a number of at most"):
        read(written(f"a: 1\nb: {'9' * 5000}\n"), error=ClaimsError)
