"""Wholes, members and sums that a claim means and its table does not have."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.claims import registry
from analysis.data import checksums
from analysis.data.evidence import Evidence
from analysis.data.tables import Archive
from analysis.errors import ClaimsError, ParameterError
from analysis.project import Project

CLAIMS = """\
article: {title: A text, publisher: A press, published: 2024-12-10}
sections: {A: People}
defaults: {locator: p1}
claims:
  A1:
    says: Much of the people live in A.
"""
SHARE = """\
    type: composition
    rule: More than a third.
    method: share
    parameters:
      claimed: 33.3
      of: AAA
      divisions:
        - {part: people, table: t/people, value: people, by: code, where: {year: 2020}}
"""
CATALOG = """\
tables:
  t/people:
    title: People
    description: People.
    row: One country in one year.
    licence: {terms: CC0, commercial: true}
    key: [code, year, source_id]
    time: {column: year, frequency: year}
    vintage: {source: published}
    columns:
      code: {type: string, meaning: country}
      year: {type: year, meaning: year}
      people: {type: number, unit: persons, meaning: people}
      pct: {type: number, unit: percent of the people, meaning: share}
      source_id: {type: source, meaning: source}
"""
PEOPLE = """\
code,year,people,pct,source_id
AAA,2020,100,40,desk
BBB,2020,100,40,desk
CCC,2020,50,20,desk
AAA,2021,30,25,desk
BBB,2021,90,75,desk
"""
SOURCES = """\
source_id,publisher,title,url,published,retrieved,licence,quality,family,note
desk,Desk,People,,2022,2024-01-01,CC0,official,a_desk,
"""


def audit(folder: Path, claim: str) -> Project:
    (folder / "data" / "t").mkdir(parents=True)
    (folder / "claims.yaml").write_text(CLAIMS + claim)
    (folder / "data" / "sources.csv").write_text(SOURCES)
    (folder / "data" / "catalog.yaml").write_text(CATALOG)
    (folder / "data" / "t" / "people.csv").write_text(PEOPLE)
    checksums.pin(Project(folder))
    return Project(folder)


def estimate(folder: Path, claim: str):
    """What a claim measures, if it is admitted."""
    project = audit(folder, claim)
    registry.check_recipes(project)
    found = registry.read(project).claims["A1"].preferred()
    table = Archive.read(project).load("t/people")
    return found.build().estimate(Evidence(tables={"t/people": table}))


def fault(folder: Path, claim: str) -> str:
    with pytest.raises(ClaimsError) as caught:
        registry.check_recipes(audit(folder, claim))
    return str(caught.value)


def divided(more: str, value: str = "people") -> str:
    return SHARE.replace("2020}}", f"2020}}, {more}}}").replace("value: people", f"value: {value}")


def test_a_division_without_a_whole_is_an_error_never_a_percentage(tmp_path):
    message = fault(tmp_path / "silent", SHARE)
    assert "claims.yaml:14:11: people of t/people is in 'persons': nothing says what the" in message
    assert "`whole: sum`" in message
    assert "nothing says" in fault(tmp_path / "false", divided("percent: false", "pct"))
    assert "in 'persons' by the catalog" in fault(tmp_path / "true", divided("percent: true"))


def test_a_run_refuses_it_too(tmp_path):
    project = audit(tmp_path, SHARE)
    table = Archive.read(project).load("t/people")
    share = registry.read(project).claims["A1"].preferred().build()
    with pytest.raises(ParameterError, match="people of t/people: nothing says what the whole is"):
        share.estimate(Evidence(tables={"t/people": table}))


@pytest.mark.parametrize(
    ("more", "value", "expected"),
    [
        ("whole: sum", "people", 40),
        ("whole: sum, leave_out: [CCC]", "people", 50),
        ("whole: BBB", "people", 100),  # the row that is called the whole, not the sum
        ("members: [AAA, CCC]", "people", 100 * 100 / 150),
        ("percent: true", "pct", 40),
        ("name: ''", "pct", 40),  # by the unit of the catalog
    ],
)
def test_what_is_said_to_be_the_whole_is_it(tmp_path, more, value, expected):
    assert estimate(tmp_path, divided(more, value)).value == pytest.approx(expected)


WHOLE = "whole: {table: t/people, value: people, where: {year: 2020, code: [AAA, BBB]}"


def test_a_whole_of_another_table_is_one_row_or_a_declared_sum(tmp_path):
    message = fault(tmp_path / "several", divided(f"{WHOLE}}}"))
    assert "2 rows of the family 'a_desk' where one is meant, which differ in code (AAA" in message
    found = estimate(tmp_path / "sum", divided(f"{WHOLE}, reduce: sum}}"))
    assert found.value == pytest.approx(50)
    lacking = divided(f"{WHOLE}, reduce: sum}}").replace("2020, code: [AAA", "2021, code: [CCC")
    assert "no whole for people" in estimate(tmp_path / "lacking", lacking).note


def test_a_member_larger_than_the_whole_is_an_error(tmp_path):
    with pytest.raises(ParameterError, match=r"AAA is 100, more than the whole \(50\)"):
        estimate(tmp_path, divided("whole: CCC"))


LABELS = "      mapping: {0}\n      mappings: {{both: {{two: [AAA, {1}]}}}}\n      divisions:"
NAMES = {
    "of": (divided("whole: sum").replace("of: AAA", "of: AAX"), "'AAX' occurs nowhere in the"),
    "whole": (divided("whole: World"), "'World' occurs nowhere in the column 'code'"),
    "member": (divided("members: [AAA, CCD]"), "'CCD' occurs nowhere in the column 'code' of t/"),
    "left out": (divided("whole: sum, leave_out: [BBX]"), "did you mean 'BBB'?"),
    "home": (divided("whole: sum, homes: {AB: [AAA, BBX]}"), "did you mean 'BBB'?"),
    "label": (
        divided("whole: sum").replace("      divisions:", LABELS.format("bot", "BBB")),
        "'bot' is none of `mappings` (did you mean 'both'?); it has: both",
    ),
    "of a label": (
        divided("whole: sum").replace("      divisions:", LABELS.format("both", "BBX")),
        "'BBX' occurs nowhere in the column 'code' of t/people (did you mean 'BBB'?)",
    ),
}


@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_no_row_has_is_an_error(tmp_path, name):
    claim, message = NAMES[name]
    assert message in fault(tmp_path, claim)


def test_a_member_may_be_absent_on_purpose(tmp_path):
    found = estimate(tmp_path, divided("members: [AAA, BBB, DDD], absent: [DDD]"))
    assert (found.low, found.value, found.high) == (0, 50, 50)  # the absent one may be all


SHORT = """\
    measure: t/people.people
    where: {{code: [AAA, BBB], year: {year}}}
    {reduce}
    per: {{where: {{code: [AAA, BBB, CCC]}}}}
    unit: percent
    exceeds: 1
"""


def test_the_short_form_adds_rows_up_where_it_says_so(tmp_path):
    message = fault(tmp_path / "silent", SHORT.format(year=2020, reduce="title: A"))
    assert "or say how with `reduce`" in message
    found = estimate(tmp_path / "sum", SHORT.format(year=2020, reduce="reduce: sum"))
    assert (found.value, found.n) == (pytest.approx(80), 5)
    rule = registry.read(Project(tmp_path / "sum")).claims["A1"].rule
    assert rule.startswith("Supported if the sum of people in")


def test_a_sum_that_lacks_a_row_is_no_evidence(tmp_path):
    found = estimate(tmp_path, SHORT.format(year=2021, reduce="reduce: sum"))
    assert found.value is None
    assert "no source has every row of" in found.note
