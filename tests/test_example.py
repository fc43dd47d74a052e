"""The second audit: what it publishes comes out, and nothing that it shows is of the first."""

from __future__ import annotations

import calendar
import csv
import importlib.util
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import executions
import pytest
import yaml

from analysis.claims.model import TAGS

FIRST = Path(__file__).parents[1]
EXAMPLE = FIRST / "examples" / "us-economy-2024"
PUBLISHED = "results/published.json"
WORD = re.compile(r"[A-Za-z][A-Za-z'-]*[a-z]|[A-Z]{3,}")
SLUG = re.compile(r"[a-z0-9]+(?:_[a-z0-9]+)+")
EMBEDDED = re.compile(r"data:[a-z0-9/+.-]+;base64,[A-Za-z0-9+/=]+")
TEXTS = {".html", ".svg", ".json", ".jsonl", ".csv", ".ipynb", ".js", ".bib", ".md", ".yaml"}
OF_THE_LIBRARY = {
    "Organization",
    *(part for tag in TAGS for part in tag.split("-")),
}  # schema.org's


@pytest.fixture(scope="module")
def audit(tmp_path_factory) -> Path:
    """The second audit after a run, with site, exports and bundle."""
    return executions.once(executions.common(tmp_path_factory) / "example", made)


def made(root: Path) -> None:
    """What `make example` has left is taken over; what is not up to date by its hashes is run."""
    shutil.copytree(EXAMPLE, root, ignore=shutil.ignore_patterns("site", "exports", ".*"))
    for command in (("run",), ("report",), ("export",), ("bundle",)):
        done = executions.claims(root, *command)
        assert done.returncode == 0, done.stdout + done.stderr


def entries(path: Path) -> dict[str, dict[str, Any]]:
    """The results of a file by the claim's name."""
    return {each["id"]: each for each in json.loads(path.read_text("utf-8"))["claims"]}


# --- the tables and the verdicts


def test_derived_tables_are_what_the_collected_ones_give(tmp_path):
    spec = importlib.util.spec_from_file_location("derive", EXAMPLE / "derive.py")
    derive = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(derive)
    derive.main(EXAMPLE / "data", tmp_path)
    written = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*.csv"))
    assert len(written) >= 8
    for path in written:
        assert (tmp_path / path).read_bytes() == (EXAMPLE / "data" / path).read_bytes(), path


@pytest.mark.slow  # the whole audit is run; so are the next two
def test_published_verdicts_come_out(audit):
    found, kept = (entries(audit / each) for each in ("build/results.json", PUBLISHED))
    assert list(found) == list(kept)
    for part in ("verdict", "vintage_flag", "estimate", "claimed", "robustness", "tags", "sources"):
        assert {name: found[name][part] for name in kept} == {
            name: kept[name][part] for name in kept
        }, part


def test_a_revision_after_the_day_moves_the_latest_verdict_only():
    """Growth was 2.9 percent a year in the accounts of the day, and is not in those of today."""
    kept = entries(EXAMPLE / PUBLISHED)["D3"]["verdict"]
    verdict = {vintage: each["code"] for vintage, each in kept.items()}
    assert verdict == {"publication": "DEFINITION_DEPENDENT", "latest": "CONTRADICTED"}
    rows = table("output/growth")
    of_d3 = [row for row in rows if (row["measure"], row["base"]) == ("compound average", "2020Q4")]
    editions = {row["edition"]: round(float(row["value_pct"]), 1) for row in of_d3}
    assert editions["2024-08-29"] == 2.9
    assert min(value for day, value in editions.items() if day > "2024-09-26") > 2.95


def test_on_each_day_one_edition_is_in_force():
    """Of the tables whose rows say it themselves, for methods that know no editions."""
    for name, key in {
        "labor/payroll_changes": ["month"],
        "labor/last_falls": ["counted", "window_end"],
    }.items():
        rows = table(name)
        for day in ("2024-09-16", "2024-12-31", "2026-11-30"):
            held = [
                tuple(row[column] for column in key)
                for row in rows
                if row["edition"] <= day < (row["replaced_on"] or "9999")
            ]
            assert held, (name, day)
            assert len(held) == len(set(held)), (name, day)


def table(name: str) -> list[dict[str, str]]:
    with (EXAMPLE / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# --- the pages, the exports, the bundle


@pytest.mark.slow
def test_site_exports_and_bundle_are_whole(audit):
    site, names = audit / "build" / "site", set(entries(EXAMPLE / PUBLISHED))
    assert {path.stem for path in (site / "claims").glob("*.html")} == names
    exported = json.loads((audit / "build" / "exports" / "claims.json").read_text("utf-8"))
    assert {each["id"] for each in exported["claims"]} == names
    done = executions.claims(audit, "verify", "build/bundle.zip")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
def test_nothing_shown_is_of_the_first_audit(audit):
    own = own_words()
    foreign = {word for word in first_words() if word.lower() not in own} - OF_THE_LIBRARY
    assert len(foreign) > 500
    assert {"Taiwan", "TSMC"} <= foreign
    found: dict[str, str] = {}
    for path in sorted((audit / "build").rglob("*")):
        if path.suffix in TEXTS and not {"cache", "log", "manifest"} & set(path.parts):
            for word in words(EMBEDDED.sub("", path.read_text("utf-8"))) & foreign:
                found.setdefault(word, str(path.relative_to(audit)))
    assert not found


def words(text: str) -> set[str]:
    """Words and slugs."""
    return {*WORD.findall(text), *SLUG.findall(text)}


def first_words() -> set[str]:
    """Names and slugs of the first audit: its register, its catalog, its sources.

    A name is a word with a capital that no sentence has in small letters; a slug names a table, a
    choice, a value of a column or a source, and nothing of the library.
    """
    texts = [*register(FIRST), *described(FIRST), *sourced(FIRST)]
    seen = {word for text in texts for word in words(text)}
    prose = {word for text in texts if " " in text for word in WORD.findall(SLUG.sub("", text))}
    small = {word for word in prose if word.islower()}
    names = {word for word in prose if not word.islower() and word.lower() not in small}
    library = "".join(path.read_text("utf-8") for path in (FIRST / "src").rglob("*.py"))
    slugs = {word for word in seen if "_" in word} - words(library)
    return {word for word in names if len(word) > 3} - set(calendar.month_name) | slugs


def own_words() -> set[str]:
    """All words of the second audit's files, in small letters."""
    kinds = {".yaml", ".csv", ".md", ".py"}
    files = [path for path in EXAMPLE.rglob("*") if path.suffix in kinds]
    files = [path for path in files if "build" not in path.parts]
    return {word.lower() for path in files for word in words(path.read_text("utf-8"))}


def register(root: Path) -> Iterator[str]:
    for path in (root / "claims.yaml", *sorted((root / "claims").glob("*.yaml"))):
        if path.stem not in ("deviations", "searches"):  # prose on methods, too
            yield from texts(yaml.safe_load(path.read_text("utf-8")))


def described(root: Path) -> Iterator[str]:
    entries = yaml.safe_load((root / "data" / "catalog.yaml").read_text("utf-8"))["tables"]
    for name, entry in entries.items():
        yield from (name, entry["title"], entry["description"])
        for column in entry["columns"].values():
            yield from texts(column.get("values", []))


def sourced(root: Path) -> Iterator[str]:
    with (root / "data" / "sources.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield from (row["source_id"], row["publisher"], row["family"])


def texts(value: Any) -> Iterator[str]:
    """Every text in nested mappings and lists, keys too."""
    if isinstance(value, dict):
        yield from map(str, value)
        yield from (text for each in value.values() for text in texts(each))
    elif isinstance(value, list):
        yield from (text for each in value for text in texts(each))
    elif isinstance(value, str):
        yield value
