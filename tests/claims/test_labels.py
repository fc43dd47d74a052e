"""Names that readers are shown in the place of slugs."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from strategies import claim

from analysis.claims import registry
from analysis.data.catalog import Catalog
from analysis.project import Project

AUDIT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def own():
    return registry.read(Project(AUDIT))


@pytest.fixture(scope="module")
def families() -> set[str]:
    """The families of all sources, and those that the catalog or rows name for themselves."""
    catalog = Catalog.read(Project(AUDIT))
    maps = [table.family.map for table in catalog.tables.values() if table.family]
    found = {family for each in maps for family in each.values()}
    for path in sorted((AUDIT / "data").rglob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            rows = csv.DictReader(file)
            if "family" in (rows.fieldnames or ()):
                found |= {row["family"] for row in rows if row["family"]}
    return found


def test_every_family_has_a_name(families, own):
    assert families - set(own.names) == set()


def test_no_two_families_have_one_name(families, own):
    names = [own.names[family] for family in families]
    assert len(set(names)) == len(names)


def test_every_claim_calls_slugs_by_the_names_of_the_audit(own):
    assert all(each.names == own.names for each in own.claims.values())


def test_what_has_no_name_is_told_in_its_own_words():
    assert claim().called("some_slug") == "some slug"
    assert claim(names={"some_slug": "A slug"}).called("some_slug") == "A slug"
