"""Recipes against tables: columns, values, tables and rows, before anything runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.claims import family_checks, registry, table_checks
from analysis.errors import ClaimsError
from analysis.project import Project

ROOT = Path(__file__).parents[2]
CLAIMS = """\
article: {title: A text, publisher: A press, published: 2024-12-10}
sections: {T: Things}
claims:
  T1:
    section: T
    locator: p1
    title: Made up
    statement: Something is more than 10.
    type: level
    checkable: yes
    core: It is more.
    rule: More than 10.
    readings:
      literal: {kind: literal, statement: more than 10}
    method: level
    parameters:
      measures:
        - terms:
            - table: trade/flows
              value: amount
              where: {year: "{period}", flow: {not: import}, source_id: desk}
      claimed: 10
      unit: t
      period: "2023"
    grid:
      period: ["2023", "2022"]
    tables: [trade/flows]
"""
FLOWS = """\
year,flow,amount,source_id
2022,export,7,desk
2023,export,8,desk__20250602
2023,import,9,desk
"""
SOURCES = "source_id,family\ndesk,a_desk\n"
CATALOG = "tables:\n  trade/flows: {}\n"


def project(folder: Path, claims: str = CLAIMS, flows: str = FLOWS) -> Project:
    (folder / "data" / "trade").mkdir(parents=True)
    (folder / "claims.yaml").write_text(claims)
    (folder / "data" / "sources.csv").write_text(SOURCES)
    (folder / "data" / "catalog.yaml").write_text(CATALOG)
    (folder / "data" / "trade" / "flows.csv").write_text(flows)
    return Project(folder)


def faults(folder: Path, claims: str, flows: str = FLOWS) -> str:
    with pytest.raises(ClaimsError) as caught:
        registry.check_recipes(project(folder, claims, flows))
    return str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "table: trade/flows\n",
            "table: trade/flow\n",
            "19:15: no table 'trade/flow' (did you mean 'trade/flows'?) in data/",
        ),
        (
            "value: amount",
            "value: amounts",
            "20:15: trade/flows has no column 'amounts' (did you mean 'amount'?)",
        ),
        (
            "{year:",
            "{years:",
            "21:23: trade/flows has no column 'years' (did you mean 'year'?)",
        ),
        (
            "not: import",
            "not: imports",
            "'imports' occurs nowhere in the column 'flow' of trade/flows (did you mean 'import'?)",
        ),
        (
            "source_id: desk",
            "source_id: dusk",
            "'dusk' occurs nowhere in the column 'source_id' of trade/flows (did you mean 'desk'?)",
        ),
    ],
)
def test_a_recipe_that_does_not_fit_its_table_is_an_error_with_its_place(
    tmp_path, old, new, message
):
    assert CLAIMS.count(old) == 1
    assert message in faults(tmp_path, CLAIMS.replace(old, new))


def test_several_rows_of_one_family_need_a_reduce(tmp_path):
    twice = f"{FLOWS}2023,export,8.5,desk__20250602\n"
    message = "2 rows of the family 'a_desk' where one is meant: narrow `where`, or say how"
    assert f"claims.yaml:19:15: {message}" in faults(tmp_path, CLAIMS, twice)
    meant = CLAIMS.replace("value: amount", "value: amount\n              reduce: median")
    registry.check_recipes(project(tmp_path / "meant", meant, twice))


def test_what_fits_is_remembered_until_a_table_changes(tmp_path, monkeypatch):
    audit = project(tmp_path)
    registry.check_recipes(audit)
    monkeypatch.setattr(table_checks, "faults", lambda *_: [((), "asked again")])
    registry.check_recipes(audit)
    (audit.data / "trade" / "flows.csv").write_text(FLOWS.replace(",7,", ",6,"))
    with pytest.raises(ClaimsError, match="asked again"):
        registry.check_recipes(audit)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            'period: "2023"\n',
            'period: "2021"\n',
            "'2021' is no choice of the grid (did you mean '2023'?); it has: 2023, 2022",
        ),
        (
            "unit: t",
            "unit: t\n      comparison: rounds_to",
            "the comparison 'rounds_to' needs a `precision`",
        ),
        (
            "unit: t",
            "unit: t\n      comparison: within",
            "the comparison 'within' needs a `precision`",
        ),
    ],
)
def test_parameters_that_contradict_each_other(tmp_path, old, new, message):
    (tmp_path / "claims.yaml").write_text(CLAIMS.replace(old, new))
    with pytest.raises(ClaimsError) as caught:
        registry.check(Project(tmp_path))
    assert message in str(caught.value)


def test_this_audit_fits_its_tables():
    value = registry.check(Project(ROOT))
    tables = table_checks.Tables(Project(ROOT))
    assert table_checks.faults(value, tables) == []
    assert family_checks.faults(value, tables) == []


EDITIONS = """\
year,flow,amount,edition,source_id
2022,export,7,2023-05-01,desk
2023,export,8,2024-05-01,desk
2023,export,9,2025-05-01,desk_late
2023,import,9,2024-05-01,desk
"""
DECLARED = """\
tables:
  trade/flows:
    key: [year, flow, source_id]
    vintage: {column: edition, editions: true}
"""


def with_editions(folder: Path, claims: str, catalog: str = DECLARED) -> None:
    made = project(folder, claims, EDITIONS)
    (folder / "data" / "catalog.yaml").write_text(catalog)
    (folder / "data" / "sources.csv").write_text(f"{SOURCES}desk_late,a_desk\n")
    registry.check_recipes(made)


def test_of_declared_editions_the_newest_is_meant(tmp_path):
    silent = CLAIMS.replace(", source_id: desk}", "}")
    newest = silent.replace("              value: amount\n", "              value: amount\n"
                            "              editions: newest\n")  # fmt: skip
    assert newest.count("editions: newest") == 1
    for folder, claims in (("silent", silent), ("said", newest)):
        with_editions(tmp_path / folder, claims)
        with pytest.raises(ClaimsError, match="2 editions of the family 'a_desk'") as caught:
            with_editions(tmp_path / f"{folder}_undeclared", claims, CATALOG)
        assert "say in the catalog that they are editions" in str(caught.value)


def test_a_value_of_across_that_no_row_has_is_an_error(tmp_path):
    several = CLAIMS.replace("flow: {not: import}", 'flow: "{way}"').replace(
        "      unit: t\n", "      unit: t\n      across: {way: [import, exprot]}\n"
    )
    message = faults(tmp_path / "wrong", several)
    assert "'exprot' occurs nowhere in the column 'flow' of trade/flows" in message
    assert "did you mean 'export'?" in message
    registry.check_recipes(project(tmp_path / "right", several.replace("exprot", "export")))
