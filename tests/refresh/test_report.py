import csv
import io
import json
import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from refreshaudit import FLOWS, NEWER, PINNED, QUICK, answer, audit, pinned, serving
from refreshaudit import claims as run

from analysis.data.tables import Archive
from analysis.data.validation import check_all
from analysis.project import Project
from analysis.refresh import http
from analysis.refresh.registry import read_registry


def claims(*arguments):
    result = run(*arguments)
    assert result.exit_code == 0, result.stderr
    return result.stdout


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.setenv("CLAIMS_PROJECT", str(tmp_path))
    with serving() as server:
        dated = "Mon, 02 Jun 2025 10:00:00 GMT"
        server.script = [answer(NEWER, Last_Modified=dated)]
        yield audit(tmp_path, server.url)


def test_a_newer_edition_changes_a_verdict_and_the_change_is_reported(project):
    before = pinned(project)
    output = claims("data", "refresh", "trade/flows")
    assert pinned(project) == before
    assert "2 rows added, 1 revised, 0 vanished, 4 unchanged" in output
    assert "  + Norland · 2024: 11 million tons" in output
    assert "  ~ Norland · 2023: value 9.9 -> 10.2 (3.0%)" in output
    assert "T1  Norland exported more than 10 million tons in 2023." in output
    assert "  verdict, latest: CONTRADICTED" in output
    assert "  estimate, latest: 9.9 -> 10.2 million tons" in output
    output = claims("data", "refresh", "trade/flows", "--offline", "--accept")
    assert "accepted; `claims data rollback trade/flows` undoes it" in output
    assert check_all(project) == []


def test_only_what_changed_cites_the_new_edition(project):
    claims("data", "refresh", "--accept")
    frame = Archive.read(project).load("trade/flows").frame
    new = frame[frame["source_id"].str.startswith("desk__")]
    assert list(zip(new["country"], new["year"], strict=True)) == [
        ("Norland", 2023),
        ("Norland", 2024),
        ("Sudland", 2024),
    ]
    assert set(new["public_on"]) == {"2025-06-02"}
    assert frame.loc[frame["year"] == 2022, "note"].tolist()[0] == "a strike, they say"
    assert len(frame[frame["source_id"] == "press"]) == 1


def test_an_edition_that_was_accepted_changes_nothing_more(project):
    claims("data", "refresh", "--accept")
    before = pinned(project)
    assert "the new edition equals the pinned one (7 rows)" in claims("data", "refresh", "--accept")
    assert pinned(project) == before


def test_the_old_state_is_kept_and_can_be_asked_for_and_comes_back(project):
    claims("data", "refresh", "--accept")
    label = claims("data", "vintages").split()[1]
    old = Archive.read(project).load("trade/flows", vintage=label)
    assert old.frame["value"].max() == pytest.approx(9.9)
    claims("data", "rollback", "trade/flows")
    assert (project.data / "trade" / "flows.csv").read_text() == FLOWS
    assert check_all(project) == []
    claims("data", "rollback", "trade/flows")
    assert "10.2" in (project.data / "trade" / "flows.csv").read_text()


@pytest.mark.usefixtures("project")
def test_rolling_back_what_was_never_replaced():
    result = run("data", "rollback", "trade/flows")
    assert result.exit_code == 1
    assert "no earlier state of 'trade/flows' is kept" in result.stderr


def test_an_edition_like_the_pinned_one(tmp_path, monkeypatch):
    monkeypatch.setenv("CLAIMS_PROJECT", str(tmp_path))
    with serving() as server:
        server.script = [answer(PINNED)]
        audit(tmp_path, server.url)
        assert "equals the pinned one (5 rows)" in claims("data", "refresh")


def test_the_registry_of_this_audit_can_be_meant():
    assert read_registry(Project.find(Path(__file__)))


def test_an_answer_in_pages_is_asked_for_page_by_page(project, monkeypatch):
    """The form of the World Bank's API: a head that counts the pages, then observations."""
    rows = list(csv.DictReader(io.StringIO(NEWER)))
    observations = [
        {
            "indicator": {"id": "X"},
            "country": {"value": row["Country"]},
            "countryiso3code": "",
            "date": row["Year"],
            "value": float(row["Exports"]),
        }
        for row in rows
    ]
    asked = []

    def page(handler):
        number = int(parse_qs(urlsplit(handler.path).query).get("page", ["1"])[0])
        asked.append(number)
        head = {"page": number, "pages": 3, "total": len(rows)}
        body = json.dumps([head, observations[3 * number - 3 : 3 * number]])
        return answer(body, kind="application/json")(handler)

    monkeypatch.setattr(http.FetchPolicy.__init__, "__kwdefaults__", QUICK)
    registry = project.data / "connectors.yaml"
    text = registry.read_text(encoding="utf-8").replace(
        "connector: delimited", "connector: worldbank"
    )
    columns = "columns: {country: country, year: period, value: value}"
    options = f"options: {{indicator: X, layouts: [{{{columns}}}]}}"
    registry.write_text(re.sub("options: .*", options, text), encoding="utf-8")
    with serving() as server:
        server.script = [page]
        text = registry.read_text(encoding="utf-8")
        address = f"url: {server.url}/v2?format=json"
        registry.write_text(re.sub("url: .*", address, text), encoding="utf-8")
        output = claims("data", "refresh")
    assert asked == [1, 2, 3]
    assert "2 rows added, 1 revised, 0 vanished, 4 unchanged" in output
