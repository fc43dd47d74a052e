import pytest

from analysis.errors import AnalysisError, ClaimsError
from analysis.marks import read


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
            "some.yaml:3:1: the key 'a' stands twice, first in line 1: keep one",
        ),
        ("a:\n  - b: [1\nc: 2\n", "some.yaml:3:"),
        ("a: 1\n\tb: 2\n", "some.yaml:2:1: "),
        ("a: *there\n", "some.yaml:1:4: found undefined alias"),
        ("a: !own 3\n", "some.yaml:1:1: the tag !own is not read here"),
        ("? [1, 2]\n: 3\n", "some.yaml:1:3: a key must be plain text or a number"),
        ("a: 1\n---\nb: 2\n", "some.yaml:2:1: "),
        ("a: &x [*x]\n", "some.yaml: an alias (*) refers to what it stands in"),
        (b"a: 1\nb: \xff\n", "some.yaml:2: not UTF-8"),
        ("a: \x01\n", "some.yaml: not YAML"),
    ],
)
def test_faults_name_their_place(written, text, message):
    with pytest.raises(AnalysisError) as caught:
        read(written(text))
    assert str(caught.value).startswith(message)


def test_the_caller_chooses_error_and_name(written):
    with pytest.raises(ClaimsError, match=r"^claims\.yaml:2:1: the key 'a' stands twice"):
        read(written("a: 1\na: 2\n"), shown="claims.yaml", error=ClaimsError)


def test_a_missing_file_is_an_error_of_ours(tmp_path):
    with pytest.raises(AnalysisError, match=r"^none\.yaml: cannot be read: No such file"):
        read(tmp_path / "none.yaml")


def test_an_empty_file_is_nothing(written):
    assert read(written("# only a comment\n"))[0] is None


def test_a_number_that_python_does_not_read_is_told_with_its_place(written):
    with pytest.raises(ClaimsError, match=r"some.yaml:2:4: a number of 5000 digits is not read"):
        read(written(f"a: 1\nb: {'9' * 5000}\n"), error=ClaimsError)
