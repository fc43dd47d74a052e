"""Choices, members and years that a table does not have: each an error at the line as written."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.claims import registry
from analysis.errors import ClaimsError
from analysis.project import Project

HEAD = """\
article: {title: A text, publisher: A press, published: 2024-06-06}
sections: {A: Air}
defaults: {locator: p1, measure: co2/monthly.ppm, editions: newest}
claims:
  A1:
    says: Of carbon dioxide.
"""
CATALOG = """\
tables:
  co2/monthly:
    title: Monthly means
    description: Means.
    row: One month of one series in one edition.
    licence: {terms: CC0, commercial: true}
    key: [month, series, edition, source_id]
    time: {column: month, frequency: month}
    vintage: {column: edition, editions: true}
    columns:
      month: {type: month, meaning: month}
      year: {type: year, meaning: year}
      name: {type: string, meaning: name of the month}
      series: {type: string, meaning: series}
      ppm: {type: number, unit: ppm, meaning: mean}
      edition: {type: date, meaning: day of the edition}
      source_id: {type: source, meaning: source}
  co2/base:
    title: Level before industry
    description: Level.
    row: One assumption.
    licence: {terms: CC0, commercial: true}
    key: [assumed, source_id]
    columns:
      assumed: {type: string, meaning: assumption}
      ppm: {type: number, unit: ppm, meaning: level}
      source_id: {type: source, meaning: source}
"""
ROWS = "\n".join(
    f"{year}-0{number},{year},{name},{series},{310 + year - 2020 + number},2024-06-0{day},desk"
    for year in (2020, 2021, 2022, 2023, 2024)
    for number, name in ((4, "Apr"), (5, "May"))
    for series in ("measured", "deseasonalized")
    for day in (1, 9)
)
MAY = "where: {name: May, series: measured}"


def audit(folder: Path, claim: str) -> Project:
    (folder / "data" / "co2").mkdir(parents=True)
    (folder / "claims.yaml").write_text(f"{HEAD}    {claim}\n")
    (folder / "data" / "sources.csv").write_text("source_id,family\ndesk,a_desk\n")
    (folder / "data" / "catalog.yaml").write_text(CATALOG)
    header = "month,year,name,series,ppm,edition,source_id\n"
    (folder / "data" / "co2" / "monthly.csv").write_text(f"{header}{ROWS}\n")
    (folder / "data" / "co2" / "base.csv").write_text("assumed,ppm,source_id\nusual,280,desk\n")
    return Project(folder)


def checked(folder: Path, claim: str):
    """The claim with these keys, one on a line after each semicolon."""
    project = audit(folder, claim.replace("; ", "\n    "))
    registry.check_recipes(project)
    return registry.read(project).claims["A1"]


SERIES = 'where: {month: 2024-05, series: "{series}"}'
SLIPS = {
    "a choice that no row has": (
        f"{SERIES}; grid: {{series: [measured, deseasonalised]}}; exceeds: 300",
        "8:31: 'deseasonalised' occurs nowhere in the column 'series' of co2/monthly (did you",
    ),
    "a placeholder without choices": (
        f"{SERIES}; exceeds: 300",
        "7:29: {series} is no choice of the `grid` and no parameter",
    ),
    "a member that no row has": (
        "where: {year: 2024, series: measured, name: May}; rank: 1; among: {name: [Arp, May]}",
        "9:20: 'Arp' occurs nowhere in the column 'name' of co2/monthly (did you mean 'Apr'?)",
    ),
    "a first year before the table": (
        "where: {series: measured}; rose: {since: 1900}",
        "8:12: no row before 2020: nothing says what was in 1900",
    ),
    "a last year after the table": (
        "where: {series: measured}; rose: {since: 2020, until: 2050}",
        "8:25: no row after 2024: nothing says what was in 2050",
    ),
    "a month for a year": (
        f"{MAY}; rose: {{since: 2020}}",
        "7:5: each year has a single month, which is no whole year: say `sampled: true`",
    ),
    "an edition after the article": (
        "where: {month: 2024-05, series: measured, edition: 2024-06-09}; exceeds: 300",
        "7:47: the edition 2024-06-09 came out after the article (2024-06-06): leave it out",
    ),
}


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_is_an_error_at_the_line_that_was_written(tmp_path, slip):
    claim, message = SLIPS[slip]
    with pytest.raises(ClaimsError) as caught:
        checked(tmp_path, claim)
    assert f"claims.yaml:{message}" in str(caught.value)


@pytest.mark.parametrize(
    "claim",
    [
        f"{SERIES}; grid: {{series: [measured, deseasonalized]}}; exceeds: 300",
        f"{MAY}; rose: {{since: 2020, until: 2024, sampled: true}}",
        "where: {month: 2024-05, series: measured, edition: 2024-06-01}; exceeds: 300",
        'where: {month: 2024-05, series: measured, year: {min: "{y}"}}; grid: {y: [2024]}; at: 1',
    ],
)
def test_what_the_table_has_is_no_slip(tmp_path, claim):
    checked(tmp_path, claim)


def test_years_are_ranked_as_numbers_and_from_the_first_to_the_last(tmp_path):
    where = "where: {year: 2024, name: May, series: measured}; rank: 1; among: {year: "
    years = {"range": "{min: 2020, max: 2024}", "list": "[2020, 2021, 2022, 2023, 2024]"}
    lists = [
        checked(tmp_path / key, f"{where}{written}}}").parameters["lists"]
        for key, written in years.items()
    ]
    assert lists[0] == lists[1]
    assert lists[0][0]["members"] == ["2020", "2021", "2022", "2023", "2024"]


def test_a_year_of_a_range_that_no_row_has_is_an_error_at_the_range(tmp_path):
    where = "where: {year: 2024, name: May, series: measured}; rank: 1; among: "
    with pytest.raises(ClaimsError, match=r"claims.yaml:9:\d+: '2019' occurs nowhere"):
        checked(tmp_path, f"{where}{{year: {{min: 2019, max: 2024}}}}")


def divisor(folder: Path, per: str) -> dict:
    where = "where: {month: 2024-05, series: measured}; unit: percent; exceeds: 50; per: "
    (measure,) = checked(folder, f"{where}{per}").parameters["measures"]
    return measure["over"][0]["where"]


def test_a_divisor_of_another_table_has_only_conditions_on_its_own_columns(tmp_path):
    other = "{measure: co2/base.ppm, where: {assumed: usual}}"
    assert divisor(tmp_path / "other", other) == {"assumed": "usual"}
    with pytest.raises(ClaimsError, match="co2/base has no column 'serie'"):
        divisor(tmp_path / "slip", "{measure: co2/base.ppm, where: {serie: measured}}")


def test_null_takes_a_condition_from_a_divisor(tmp_path):
    fewer = "{where: {month: null, year: 2023, name: May}}"
    expected = {"series": "measured", "year": 2023, "name": "May"}
    assert divisor(tmp_path, fewer) == expected


def test_editions_of_a_file_are_those_of_its_claims_but_not_of_an_event(tmp_path):
    claim = checked(tmp_path / "number", "where: {month: 2024-05, series: measured}; exceeds: 300")
    (measure,) = claim.parameters["measures"]
    assert measure["terms"][0]["editions"] == "newest"
    event = "measure: co2/monthly.month; where: {month: 2024-05, series: measured}; happened: 2024"
    checked(tmp_path / "event", event)
