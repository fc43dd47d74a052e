"""Japan's customs, of which two editions are at hand: each vintage sees its own."""

from datetime import date
from pathlib import Path

import pytest

from analysis.data.editions import original
from analysis.data.evidence import load_evidence
from analysis.data.tables import Archive
from analysis.data.vintages import read_ledger
from analysis.project import Project

AUDIT = Project(Path(__file__).parents[2])
BETWEEN = date(2024, 12, 10)  # the editions are of 28 November 2024 and 28 April 2026
TABLES = {
    "trade/japan_customs_partners": ["year", "partner", "flow", "value_jpy_thousand"],
    "trade/japan_customs_taiwan": ["year", "flow", "commodity", "value_jpy_thousand"],
}


@pytest.mark.parametrize(("name", "columns"), TABLES.items())
def test_between_the_editions_the_first_is_what_was_public(name, columns):
    (first,) = read_ledger(AUDIT)[name]
    kept = Archive.read(AUDIT, [name]).load(name, vintage=first.label).frame
    public = load_evidence(AUDIT, [name]).as_of(BETWEEN)[name]
    assert set(kept[columns].itertuples(index=False)) == set(
        public[columns].itertuples(index=False)
    )
    assert public["year"].max() == 2023


@pytest.mark.parametrize(("name", "columns"), TABLES.items())
def test_the_latest_is_the_second_edition_whole_and_once(name, columns):
    latest = load_evidence(AUDIT, [name]).as_of(None)[name]
    assert set(latest["year"]) == set(range(2009, 2026))
    assert not latest.duplicated(columns[:3]).any()
    assert len({original(source) for source in latest["source_id"]}) == 1
