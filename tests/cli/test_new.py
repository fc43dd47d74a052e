"""`claims new`, `claims new claim` and `claims data add`: what they write is whole, and checked."""

from __future__ import annotations

import csv
import io
import re
import shlex
from pathlib import Path

import nbformat
import pytest
import yaml
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from analysis.claims import forms, registry
from analysis.claims.inherit import SHORT_VERBS
from analysis.cli import main, new_audit, new_claim, new_table
from analysis.data import checksums, inference
from analysis.data.catalog import Catalog
from analysis.data.sources import Sources
from analysis.data.to_fill_in import MARKER, places
from analysis.data.type_check import faults
from analysis.data.validation import check_all
from analysis.data.yaml_edits import appended
from analysis.errors import AnalysisError, DataError
from analysis.methods import METHODS
from analysis.project import Project, shipped
from analysis.yamlfile import parse


@pytest.fixture
def claims(tmp_path, monkeypatch):
    """Run a command line inside a folder; its exit code and what it printed."""

    def run(line: str, at: Path = tmp_path):
        monkeypatch.delenv("CLAIMS_PROJECT", raising=False)
        monkeypatch.chdir(at)
        done = CliRunner().invoke(main, shlex.split(line), prog_name="claims")
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done.return_value or done.exit_code, done.stdout, done.stderr

    return run


@pytest.fixture
def made(claims, tmp_path) -> Project:
    """A new audit."""
    assert claims("new made")[0] == 0
    return Project(tmp_path / "made")


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and "build" not in path.parts
    }


# ------------------------------------------------------------------------------ an audit


def test_a_new_audit_is_checked_pinned_and_named_first(claims, tmp_path):
    code, out, err = claims(
        'new made --title "Coal: \\"back\\"" --author "A. B." --published 2024-05-01'
    )
    assert (code, err) == (0, f"audit: {tmp_path / 'made'}\n")
    assert "cd made\n  claims run" in out
    project = Project(tmp_path / "made")
    found = registry.read(project)
    assert (found.article.title, found.article.author) == ('Coal: "back"', "A. B.")
    assert found.article.published.isoformat() == "2024-05-01"
    assert check_all(project) == []
    assert list(places(project)) == []
    assert checksums.pin(project) == ()  # pinned already
    assert not project.notebooks.exists()


def test_an_empty_folder_becomes_an_audit_as_a_new_one_does(claims, tmp_path, made):
    (tmp_path / "empty").mkdir()
    assert claims("new .", tmp_path / "empty")[0] == 0
    assert contents(tmp_path / "empty") == contents(made.root)


@pytest.mark.parametrize("there", ["file", "folder"])
def test_what_is_there_is_never_overwritten(claims, tmp_path, there):
    place = tmp_path / "made"
    if there == "folder":
        place.mkdir()
        place /= "notes.txt"
    place.write_text("mine")
    code, _, err = claims("new made")
    assert (code, "not empty" in err) == (1, True)
    assert contents(tmp_path) == {place.relative_to(tmp_path).as_posix(): b"mine"}


@pytest.mark.parametrize("empty", [True, False])
@pytest.mark.parametrize("fault", ["write", "pin", "move", "check"])
def test_a_new_audit_is_whole_or_absent(tmp_path, monkeypatch, empty, fault):
    def fail(*_, **__):
        raise OSError(28, "No space left on device")

    place = {
        "write": (Path, "write_text"),
        "pin": (checksums, "pin"),
        "move": (Path, "rename"),
        "check": (registry, "check_recipes"),
    }[fault]
    monkeypatch.setattr(*place, fail)
    folder = tmp_path / "made"
    if empty:
        folder.mkdir()
    article = new_audit.NewArticle(title="T", publisher="P", published=new_audit.date(2024, 5, 1))
    with pytest.raises(AnalysisError, match="No space left"):
        new_audit.write(folder, article)
    assert list(tmp_path.rglob("*")) == ([folder] if empty else [])


def test_an_address_that_is_none_leaves_nothing(claims, tmp_path):
    code, _, err = claims("new made --url javascript:alert")
    assert (code, "claims.yaml:6" in err) == (2, True)
    assert list(tmp_path.iterdir()) == []


# ------------------------------------------------------------------------------ a claim


def test_each_method_has_an_entry_that_waits_and_reads(claims, made):
    for number, method in enumerate(METHODS, start=2):
        code, out, _ = claims(f"new claim A{number} {method}", made.root)
        assert code == 0, out
        line = int(re.search(r"claims/A\.yaml:(\d+)", out)[1])
        lines = (made.root / "claims" / "A.yaml").read_text().splitlines()
        assert lines[line - 1] == f"  A{number}:"
    found = registry.read(made).claims
    assert [claim.method for claim in found.values()] == ["level", *METHODS]
    assert all(found[f"A{number}"].pending for number in range(2, len(METHODS) + 2))


@pytest.mark.parametrize("method", METHODS)
def test_the_parameters_of_an_entry_fit_the_method(method):
    text = new_claim.entry("A2", method)
    assert "  pending:" in text
    shown = re.sub(r"^  # ", "  ", text, flags=re.MULTILINE)
    value, _ = parse(shown.encode(), shown="entry")
    entry = value["A2"]
    assert faults(forms.ClaimForm, entry) == []
    if "parameters" in entry:
        assert faults(forms.parameters_of(method), entry["parameters"]) == []
    else:
        assert len(entry.keys() & set(SHORT_VERBS)) == 1


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("A1 level", "there is a claim A1 already"),
        ("A2 levle", "did you mean 'level'?"),
        ("B1 level", "no section 'B', only A: add it to `sections`"),
        ("a2 level", "expected one like X2 or X2b"),
    ],
)
def test_an_entry_that_cannot_be_changes_nothing(claims, made, line, message):
    before = contents(made.root)
    code, _, err = claims(f"new claim {line}", made.root)
    assert code == 2
    assert message in err
    assert contents(made.root) == before


def test_the_first_claim_of_a_section_makes_its_file(claims, made):
    text = made.claims.read_text().replace("  A: The article", "  A: The article\n  B: The rest")
    made.claims.write_text(text)
    assert claims("new claim B1 level", made.root)[0] == 0
    assert (made.root / "claims" / "B.yaml").read_text().startswith("claims:\n  B1:\n")


names = st.from_regex(r"[a-z]{1,6}", fullmatch=True)
values = st.recursive(
    st.integers() | st.text(alphabet="ab #:'\"[]{}\n", max_size=8) | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(names, values, min_size=1, max_size=4), names, values, st.booleans())
def test_an_entry_is_added_and_all_else_stays(entries, name, value, tail):
    """Whatever stands there: the text before and after the new lines is the old one."""
    before = (
        "# head\n" + yaml.safe_dump({"claims": entries}) + ("after: 1  # end\n" if tail else "")
    )
    text = yaml.safe_dump({name: value})
    if name in entries:
        with pytest.raises(AnalysisError, match="already"):
            appended(before.encode(), "claims", text, file="f")
        return
    after = appended(before.encode(), "claims", text, file="f").decode()
    assert parse(after.encode(), shown="f")[0]["claims"] == {
        **parse(before.encode(), shown="f")[0]["claims"], **parse(text.encode(), shown="f")[0],
    }  # fmt: skip
    kept = [line for line in after.splitlines() if line in before.splitlines()]
    assert [line for line in kept if line in before.splitlines()][:1] == ["# head"]
    assert len(after.splitlines()) == len(before.splitlines()) + len(text.splitlines())


# ------------------------------------------------------------------------------ a table

MESSY = "\ufeffCountry Name,Year,GDP (US$),Note\r\nSpain,2021, 1445.7,\r\nSpain,2022,1446.3,a b\r\n"


def test_a_table_is_added_with_what_its_cells_say(claims, made, tmp_path):
    (tmp_path / "gdp.csv").write_bytes(MESSY.encode())
    code, out, _ = claims("data add ../gdp.csv --as economy/gdp", made.root)
    assert code == 0
    assert made.table("economy/gdp").read_text() == (
        "country_name,year,gdp_us,note,source_id\n"
        "Spain,2021,1445.7,,gdp\nSpain,2022,1446.3,a b,gdp\n"
    )
    info = Catalog.read(made)["economy/gdp"]
    types = {name: column.type for name, column in info.columns.items()}
    assert types == {
        "country_name": "category", "year": "year", "gdp_us": "number", "note": "string",
        "source_id": "source",
    }  # fmt: skip
    assert (info.key, info.time.column, info.rows) == (("year", "source_id"), "year", 2)
    assert info.columns["note"].nullable
    said = [line.strip() for line in out.partition("left to say:\n")[2].splitlines()]
    assert said == list(places(made))
    assert any("gdp_us" in line and "unit" in line for line in said)
    assert claims("list", made.root)[0] == 0


EDITIONS = (
    "edition,month,ppm\n2024-06-01,2024-04,426.6\n2024-07-01,2024-04,426.5\n"
    "2024-07-01,2024-05,426.9\n"
)


def test_a_second_table_asks_for_itself_alone_and_an_edition_is_taken_for_one(
    claims, made, tmp_path
):
    (tmp_path / "gdp.csv").write_bytes(MESSY.encode())
    (tmp_path / "co2.csv").write_text(EDITIONS)
    claims("data add ../gdp.csv --as economy/gdp", made.root)
    before = set(places(made))
    _, out, _ = claims("data add ../co2.csv --as air/co2", made.root)
    said = {line.strip() for line in out.partition("left to say:\n")[2].splitlines()}
    assert said == set(places(made)) - before
    info = Catalog.read(made)["air/co2"]
    assert (info.vintage.column, info.vintage.editions) == ("edition", True)
    assert (info.time.column, info.key) == ("month", ("edition", "month", "source_id"))


def test_what_is_left_to_say_is_all_that_a_check_finds(claims, made, tmp_path):
    (tmp_path / "gdp.csv").write_text("iso,year,x\nESP,2021,1\nESP,2022,2\n")
    assert claims("data add ../gdp.csv", made.root)[0] == 0
    assert check_all(made) == []
    code, out, _ = claims("data check", made.root)
    assert code == 1
    assert out.splitlines()[:-1] == list(places(made))
    for path in (made.catalog, made.sources):
        path.write_text(path.read_text().replace(MARKER, "said"))
    assert claims("data check", made.root)[0] == 0


def test_sources_that_are_known_are_not_asked_for_again(claims, made, tmp_path):
    (tmp_path / "more.csv").write_text("year,x,source_id\n2001,1,wb_population\n2002,2,other\n")
    assert claims("data add ../more.csv", made.root)[0] == 0
    assert list(Sources.read(made)) == ["wb_population", "other"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a,b\n1\n", "more.csv:2: expected 2 fields, found 1"),
        ("a,b\nx,1\nx,1\n", "two rows are the same"),
        ("a,A\n1,2\n", "two columns are called a"),
        ("a,b\n", "expected a header and rows"),
        ('a,b\n"1,2\n', "a quote is opened and never closed"),
        ("a,b\n\xe9,2\n".encode("latin-1"), "not UTF-8"),
    ],
)
def test_what_is_no_table_changes_nothing(claims, made, tmp_path, text, message):
    (tmp_path / "more.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
    before = contents(made.root)
    code, _, err = claims("data add ../more.csv", made.root)
    assert (code, message in err) == (1, True), err
    assert contents(made.root) == before


def test_a_fault_halfway_leaves_no_half_of_a_table(made, tmp_path, monkeypatch):
    (tmp_path / "more.csv").write_text("year,x\n2001,1\n")
    before = contents(made.root)
    monkeypatch.setattr(checksums, "stated", lambda *_: (_ for _ in ()).throw(DataError("stop")))
    with pytest.raises(DataError, match="stop"):
        new_table.add(made, tmp_path / "more.csv")
    assert contents(made.root) == before


cells = st.text(alphabet="abc 01239.-\n\",'", max_size=6)
tables = st.integers(1, 4).flatmap(
    lambda width: st.lists(
        st.lists(cells, min_size=width, max_size=width), min_size=1, max_size=6, unique_by=tuple
    )
)


@given(tables)
def test_every_table_that_is_read_keeps_its_values_and_has_a_key(tmp_path_factory, rows):
    header = [f"c{place}" for place in range(len(rows[0]))]
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows([header, *rows])
    file = tmp_path_factory.mktemp("csv") / "t.csv"
    file.write_text(buffer.getvalue(), newline="")
    kept = [tuple(cell.strip() for cell in row) for row in rows]
    kept = [row for row in kept if any(row)]
    if len(set(kept)) < len(kept) or not kept:
        with pytest.raises(DataError, match=r"two rows are the same|a header and rows"):
            new_table.read(file, "topic/t").entry()
        return
    table = new_table.read(file, "topic/t")
    key = yaml.safe_load(table.entry())["topic/t"]["key"]
    assert [row[:-1] for row in zip(*table.columns.values(), strict=True)] == kept
    assert len(set(zip(*(table.columns[name] for name in key), strict=True))) == len(kept)


@given(st.lists(st.integers(-(10**6), 10**6), min_size=1))
def test_whole_numbers_are_years_only_if_all_may_be(numbers):
    years = all(1500 <= number <= 2200 for number in numbers)
    assert inference.column_type(list(map(str, numbers))) == ("year" if years else "integer")


# ------------------------------------------------------------------------------ a notebook


def test_a_copied_notebook_shows_a_claim_of_the_audit_and_takes_the_place(claims, made):
    assert made.notebook("level") == shipped("notebooks/level.ipynb")
    assert claims("new notebook level", made.root)[0] == 0
    own = made.notebooks / "level.ipynb"
    assert made.notebook("level") == own
    cells = nbformat.read(own, as_version=4).cells
    (parameters,) = (cell.source for cell in cells if "claim_id =" in cell.source)
    assert parameters.startswith('claim_id = "A1"\n')
    code, _, err = claims("new notebook level", made.root)
    assert (code, "there already" in err) == (2, True)
    code, _, err = claims("new notebook levle", made.root)
    assert (code, "did you mean 'level'?" in err) == (2, True)
