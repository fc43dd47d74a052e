"""The refreshable tables of this audit against recorded editions, and one that changes a verdict.

The customs workbooks are those of August 2025. What is taken out of the tables before they are
served represents the audit of a year earlier.
"""

import csv
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote

import executions
import pytest
from recordings import HERE, pinned
from refreshaudit import answer, claims, serving

from analysis.data.checksums import pin
from analysis.data.validation import check_all
from analysis.project import Project
from analysis.refresh import http
from analysis.refresh.registry import read_registry

ROOT = Path(__file__).parents[2]
ENTRIES = read_registry(Project(ROOT))
CUSTOMS = "mof_tw_2025_08"
CURRENCIES = {"JPY": "Japan", "TWD": "Taiwan", "CNY": "China", "KRW": "South Korea"}
FIXTURES = {
    "Table8": "customs_exports.xlsx",
    "Table9": "customs_imports.xlsx",
    "cow_igo_sy": "memberships.rda",
    "trade_year": "trade_year.rda",
}


def gdp():
    """The pinned products in the form of the package that they were read from."""
    rows = pinned("context/macro", {"source_id": ["wb_gdp"]})
    lines = (f"x,{row['country_iso3']},{row['year']},{row['value']}.25" for row in rows)
    return "\n".join(["Country Name,Country Code,Year,Value", *lines, ""])


def rates(frequency):
    """The same of exchange rates, where each period is named by its first day."""
    rows = pinned("trade/exchange_rates", {"source_id": ["fred_fx_2026"], "frequency": [frequency]})
    rest = "-01-01" if frequency == "year" else "-01"
    lines = (
        f"{row['period']}{rest},{CURRENCIES[row['currency']]},{row['units_per_usd']}"
        for row in rows
    )
    return "\n".join(["Date,Country,Value", *lines, ""])


def publisher(handler):
    """Every file that data/connectors.yaml asks for, by a part of its address."""
    path = unquote(handler.path)
    written = {"gdp.csv": gdp, "yearly.csv": lambda: rates("year")}
    written["monthly.csv"] = lambda: rates("month")
    for part, name in FIXTURES.items():
        if part in path:
            raw = (HERE / "fixtures" / name).read_bytes()
            dated = "Mon, 08 Sep 2025 08:00:00 GMT"
            return answer(raw, kind="application/octet-stream", Last_Modified=dated)(handler)
    return answer(written[path.rpartition("/")[2]]())(handler)


@pytest.fixture
def audit(tmp_path, monkeypatch, executed):
    """A copy of this audit whose publishers all live on loopback."""
    root = tmp_path / "audit"
    for name in ("claims", "data", "notebooks", "results"):
        shutil.copytree(ROOT / name, root / name)
    for name in ("claims.yaml", "requirements.lock"):
        shutil.copy(ROOT / name, root / name)
    executions.remember(executed, root)
    monkeypatch.setenv("CLAIMS_PROJECT", str(root))
    monkeypatch.chdir(root)
    usual = http.FetchPolicy.__init__.__kwdefaults__
    monkeypatch.setattr(http.FetchPolicy.__init__, "__kwdefaults__", usual | {"host_pause": 0})
    registry = root / "data" / "connectors.yaml"
    with serving() as server:
        server.script = [publisher]
        text = registry.read_text(encoding="utf-8")
        registry.write_text(
            text.replace("https://raw.githubusercontent.com", server.url), encoding="utf-8"
        )
        yield Project(root)


@pytest.mark.parametrize("name", sorted(ENTRIES))
@pytest.mark.usefixtures("audit")
def test_the_edition_that_was_read_says_what_is_pinned(name):
    result = claims("data", "refresh", name)
    assert result.exit_code == 0, result.stderr
    mine = sum(ENTRIES[name].cites(source) for source in cited(ROOT / "data" / f"{name}.csv"))
    assert f"{name}: the new edition equals the pinned one ({mine} rows)" in result.stdout


def cited(path):
    with path.open(encoding="utf-8", newline="") as file:
        return [row["source_id"] for row in csv.DictReader(file)]


def earlier(project, name, last):
    """The table as it was while the customs' series ended with the year `last`."""
    path = project.data / f"{name}.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if f",{CUSTOMS}," not in line or int(line[:4]) <= last]
    assert len(kept) < len(lines)
    path.write_text("".join(kept), encoding="utf-8")


def judged(claim, project):
    """Run the claim's notebook; its verdicts."""
    subprocess.run(
        [sys.executable, "-m", "analysis", "run", claim],
        cwd=project.root,
        env={**os.environ, "CLAIMS_PROJECT": str(project.root)},
        check=True,
        capture_output=True,
    )
    record = json.loads((project.build / "records" / f"{claim}.json").read_text(encoding="utf-8"))
    return {vintage: brief["code"] for vintage, brief in record["verdict"].items()}


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_recorded_edition_changes_a_verdict_of_this_audit_end_to_end(audit):
    name = "trade/bilateral_trade_annual"
    earlier(audit, name, 2022)
    pin(audit)
    before = judged("C2", audit)
    assert before["latest"] == "SUPPORTED"

    result = claims("data", "refresh", name)
    assert result.exit_code == 0, result.stderr
    assert "4 rows added, 0 revised, 0 vanished, 16 unchanged" in result.stdout
    assert "+ 2023 · Taiwan · Japan · import · cif: 44,344,434,000 USD" in result.stdout
    assert "C2  " in result.stdout
    assert "verdict, latest: SUPPORTED" in result.stdout
    assert judged("C2", audit) == before  # nothing was accepted

    assert claims("data", "refresh", name, "--offline", "--accept").exit_code == 0
    assert check_all(audit) == []
    after = judged("C2", audit)
    assert after["latest"] == "MOSTLY_SUPPORTED"

    assert claims("data", "rollback", name).exit_code == 0
    assert judged("C2", audit) == before


@pytest.mark.usefixtures("audit")
def test_files_that_a_person_has_fetched_replace_those_of_the_publisher():
    name = "trade/bilateral_trade_annual"
    files = [str(HERE / "fixtures" / each) for each in FIXTURES.values()][:2]
    words = [word for file in files for word in ("--from", file)]
    result = claims("data", "refresh", name, *words)
    assert f"read from {files[0]}" in result.stdout
    assert "the new edition equals the pinned one (20 rows)" in result.stdout
    swapped = claims("data", "refresh", name, *words[2:], *words[:2])
    assert swapped.exit_code == 1
    assert "expected a sheet '表8', found '表9'" in swapped.stderr
    for wrong in (words[:2], [*words, *words[:2]]):
        assert claims("data", "refresh", name, *wrong).exit_code != 0
    gone = claims("data", "refresh", name, *words[:2], "--from", "nowhere.xlsx")
    assert gone.exit_code == 1
    assert "nowhere.xlsx: cannot be read" in gone.stderr
    assert claims("data", "refresh", *words).exit_code != 0  # of which table?


def test_what_lies_before_a_rolling_edition_stays(audit):
    """The workbook begins in 2015; an older year of the same series does not count as vanished."""
    name = "trade/bilateral_trade_annual"
    path = audit.data / f"{name}.csv"
    older = f"2014,Taiwan,Japan,export,fob,20141880000,{CUSTOMS},\n"
    path.write_text(path.read_text(encoding="utf-8") + older, encoding="utf-8")
    pin(audit)
    result = claims("data", "refresh", name)
    assert "the new edition equals the pinned one (20 rows)" in result.stdout, result.stderr
    registry = audit.data / "connectors.yaml"
    text = registry.read_text(encoding="utf-8")
    registry.write_text(text.replace("rolling: true", "rolling: false"), encoding="utf-8")
    result = claims("data", "refresh", name)
    assert "1 pinned rows are missing in the new edition" in result.stderr
