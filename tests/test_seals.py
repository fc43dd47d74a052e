import re
from pathlib import Path

import pytest

from analysis.catalog import read_plain
from analysis.errors import ProjectError
from analysis.seals import dump
from analysis.tables import Archive

FLOWS = "data/trade/flows.csv"


def test_sealing_twice_changes_nothing(workshop):
    before = workshop.project.catalog.stat().st_mtime_ns, workshop.project.catalog.read_bytes()
    assert workshop.seal() == ()
    assert (
        workshop.project.catalog.stat().st_mtime_ns,
        workshop.project.catalog.read_bytes(),
    ) == before


def test_a_seal_says_rows_and_span(workshop):
    info = Archive.read(workshop.project).catalog["trade/flows"]
    assert (info.rows, info.span) == (8, (2022, 2024))
    assert re.fullmatch("[0-9a-f]{64}", info.sha256)
    assert Archive.read(workshop.project).catalog["security/sightings"].span == (
        "2024-01-01",
        "2024-01-06",
    )


def test_sealing_keeps_what_the_catalog_says(workshop):
    value, layers, _ = read_plain(workshop.project)
    long = "word, " * 40 + "colon: and 'quotes' # no comment"
    value["trade/flows"]["description"] = long
    value["trade/flows"]["breaks"] = [{"at": 2008, "what": "no", "source_id": "nor_2024"}]
    workshop.project.catalog.write_text(dump(value, layers))
    workshop.seal()
    again, layers_again, _ = read_plain(workshop.project)
    assert (again, layers_again) == (value, layers)
    text = workshop.project.catalog.read_text()
    assert max(map(len, text.splitlines())) <= 100
    assert text.index("security/sightings:") < text.index("trade/flows:")


def test_sealing_under_failure_keeps_the_old_catalog(workshop, monkeypatch):
    before = workshop.project.catalog.read_bytes()
    workshop.edit(FLOWS, "10.5", "10.4")
    monkeypatch.setattr(
        Path, "replace", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device"))
    )
    with pytest.raises(ProjectError, match="free some space"):
        workshop.seal()
    assert workshop.project.catalog.read_bytes() == before
    assert sorted(each.name for each in workshop.project.data.iterdir()) == [
        "catalog.yaml",
        "corrections.yaml",
        "maps",
        "security",
        "sources.csv",
        "trade",
    ]
