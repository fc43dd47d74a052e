"""Conditions that no row meets together, names of old editions, numbers without a word of size."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.claims import registry
from analysis.errors import ClaimsError
from analysis.project import Project

CLAIMS = """\
article: {title: A text, publisher: A press, published: 2024-12-10}
sections: {A: People}
defaults: {locator: p1, measure: t/people.people}
claims:
  A1:
    says: They are many.
"""
SEARCH = """\
searches:
  - {claims: [A1], looked_for: a count, where: A library, day: 2024-11-01, found: nothing, grade: 4}
"""
CATALOG = """\
tables:
  t/people:
    title: People
    description: People.
    row: One country in one year in one edition.
    licence: {terms: CC0, commercial: true}
    key: [name, year, edition, source_id]
    time: {column: year, frequency: year}
    vintage: {column: edition, editions: true}
    columns:
      name: {type: string, meaning: country}
      code: {type: string, meaning: code}
      year: {type: year, meaning: year}
      people: {type: number, unit: persons, meaning: people}
      edition: {type: date, meaning: day of the edition}
      source_id: {type: source, meaning: source}
"""
PEOPLE = """\
name,code,year,people,edition,source_id
Vietnam,VNM,2018,95540395,2019-07-01,desk
Japan,JPN,2018,126529100,2019-07-01,desk
Atlantis,ATL,2018,7,2019-07-01,desk
Viet Nam,VNM,2018,96237319,2024-07-01,desk
Japan,JPN,2018,126811000,2024-07-01,desk
Viet Nam,VNM,2020,98079191,2024-07-01,desk
"""


def warnings(folder: Path, claim: str, search: str = "", people: str = PEOPLE) -> list[str]:
    """The warnings on a claim with these keys, one on a line after each semicolon."""
    (folder / "data" / "t").mkdir(parents=True)
    (folder / "claims.yaml").write_text(CLAIMS + f"    {claim}\n".replace("; ", "\n    ") + search)
    (folder / "data" / "sources.csv").write_text("source_id,family\ndesk,a_desk\n")
    (folder / "data" / "catalog.yaml").write_text(CATALOG)
    (folder / "data" / "t" / "people.csv").write_text(people)
    project = Project(folder)
    found = registry.check_recipes(project)
    assert registry.check_recipes(project) == found  # what was checked once says the same again
    return found


NEVER = "where: {name: Japan, year: 2020}; exceeds: 5"


def test_conditions_that_no_row_meets_together_are_an_error(tmp_path):
    with pytest.raises(ClaimsError) as caught:
        warnings(tmp_path / "never", NEVER)
    message = "no row of t/people has name 'Japan' and year 2020 together; with that name it has"
    assert f"claims.yaml:7:26: {message} year 2018" in str(caught.value)


def test_what_was_searched_for_may_have_no_row(tmp_path):
    assert warnings(tmp_path, NEVER, SEARCH) == []


def test_a_name_that_newer_editions_spell_otherwise_is_an_error(tmp_path):
    with pytest.raises(ClaimsError) as caught:
        warnings(tmp_path, "where: {name: Vietnam, year: 2018}; exceeds: 5")
    said = str(caught.value)
    assert "claims.yaml:7:13: 'Vietnam' of name stands only in editions up to 2019-07-01" in said
    assert "2024-07-01, which says 'Viet Nam' for the same code 'VNM': name the code" in said


def test_a_name_that_newer_editions_dropped_is_a_warning(tmp_path):
    claim = "where: {name: Atlantis, year: 2018}; exceeds: 5"
    (warning,) = warnings(tmp_path / "dropped", claim)
    assert "claims.yaml:7:13: 'Atlantis' of name stands only in editions up to 2019" in warning
    meant = "where: {name: Atlantis, year: 2018, edition: 2019-07-01}; exceeds: 5"
    assert warnings(tmp_path / "meant", meant) == []


@pytest.mark.parametrize("verb", ["about: 126 +- 1%", "exceeds: 126", "at_most: 127"])
def test_a_number_a_million_times_off_is_a_warning(tmp_path, verb):
    (warning,) = warnings(tmp_path, f"where: {{code: JPN, year: 2018}}; {verb}")
    assert (
        "persons, a row has 126,529,100 persons: did you mean `unit: million persons`?" in warning
    )


@pytest.mark.parametrize("unit", ["unit: million persons; exceeds: 126", "exceeds: 60000000"])
def test_a_number_in_its_unit_is_none(tmp_path, unit):
    assert warnings(tmp_path, f"where: {{code: JPN, year: 2018}}; {unit}") == []
