import hashlib
import re
from pathlib import Path

import pytest

from analysis.data.checksums import stated
from analysis.data.tables import Archive
from analysis.errors import DataError, ProjectError
from analysis.project import Project

FLOWS = "data/trade/flows.csv"


def test_pinning_twice_changes_nothing(workshop):
    before = workshop.project.catalog.stat().st_mtime_ns, workshop.project.catalog.read_bytes()
    assert workshop.pin() == ()
    assert (
        workshop.project.catalog.stat().st_mtime_ns,
        workshop.project.catalog.read_bytes(),
    ) == before


def test_a_pin_states_rows_and_span(workshop):
    info = Archive.read(workshop.project).catalog["trade/flows"]
    assert (info.rows, info.span) == (8, (2022, 2024))
    assert re.fullmatch("[0-9a-f]{64}", info.sha256)
    assert Archive.read(workshop.project).catalog["security/sightings"].span == (
        "2024-01-01",
        "2024-01-06",
    )


LAID_OUT = """\
# Of two countries, 日本 and 🌊.
tables:
  # the younger one first
  security/sightings:   # told by a bulletin
    title: 'Ships: seen'  # 海
    description: >-
      Daily counts
      from a bulletin.
    row: One day.
    licence: {terms: facts only, commercial: unstated}
    key:
    - day
    - source_id
    sha256: "%s"  # by hand
    rows: 1
    span:
    - 2001-01-01  # long ago
    - 2001-01-02
    columns:
      day: {type: date, meaning: day of the sighting}
      ships: {type: integer, unit: count, nullable: true, meaning: ships seen}
      confirmed: {type: boolean, meaning: whether a second observer agrees}
      told_on: {type: partial_date, nullable: true, meaning: day of the bulletin}
      source_id: {type: source, meaning: where it was read}
    time: {column: day, frequency: day}
    checks:
      - one_value_a_day:
          date: day   # and no more
  # the end
layers:
  maps/strait: {title: Two shores, description: Outlines., licence: {terms: open,
    commercial: true}, source_ids: [world_db]} # no line of its own
""" % ("0" * 64)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_pinning_changes_the_checksums_and_nothing_else(workshop, end, mark):
    catalog = workshop.project.catalog
    catalog.write_bytes(mark + LAID_OUT.replace("\n", end).encode())
    assert workshop.pin() == ("security/sightings", "maps/strait")
    sums = {
        name: hashlib.sha256((workshop.project.data / name).read_bytes()).hexdigest()
        for name in ("security/sightings.csv", "maps/strait.geojson")
    }
    wanted = (
        LAID_OUT.replace(f'"{"0" * 64}"', sums["security/sightings.csv"])
        .replace("rows: 1", "rows: 4")
        .replace(
            "span:\n    - 2001-01-01  # long ago\n    - 2001-01-02",
            "span: [2024-01-01, 2024-01-06]",
        )
        .replace("[world_db]}", f"[world_db], sha256: {sums['maps/strait.geojson']}}}")
    )
    assert catalog.read_bytes() == mark + wanted.replace("\n", end).encode()
    assert workshop.pin() == ()


def test_a_first_checksum_comes_last_in_its_entry(workshop):
    text = re.sub(r"    (sha256|rows|span): .*\n", "", workshop.project.catalog.read_text())
    assert "sha256" not in text
    commented = text.replace("  trade/flows:", "  # a comment between\n  trade/flows:")
    workshop.project.catalog.write_text(commented.rstrip("\n"))
    assert set(workshop.pin()) == {"trade/flows", "security/sightings", "maps/strait"}
    lines = workshop.project.catalog.read_text().splitlines()
    kept = [line for line in lines if not re.match("    (sha256|rows|span): ", line)]
    assert kept == commented.splitlines()
    at = lines.index("  # a comment between")
    assert [line.split(":")[0].strip() for line in lines[at - 3 : at]] == ["sha256", "rows", "span"]


def test_an_entry_that_an_alias_shares_is_not_pinned_by_guessing(workshop):
    text = workshop.project.catalog.read_text()
    entry = re.search("  maps/strait:.*", text, re.DOTALL)[0]
    shared = entry.replace("maps/strait:", "maps/strait: &one") + "  maps/other: *one\n"
    workshop.project.catalog.write_text(text.replace(entry, shared))
    (workshop.project.data / "maps" / "other.geojson").write_text(
        '{"type": "FeatureCollection", "features": []}'
    )
    before = workshop.project.catalog.read_bytes()
    with pytest.raises(DataError, match=r"catalog\.yaml: cannot be changed in place"):
        workshop.pin()
    assert workshop.project.catalog.read_bytes() == before


def test_a_new_checksum_of_the_articles_table_changes_three_lines(article):
    before = article.catalog.read_bytes()
    news = {"sha256": "1" * 64, "rows": 7, "span": [1999, "2001-01"]}
    after = stated(article, {"trade/gdp": news})
    old, new = (text.decode().splitlines() for text in (before, after))
    moved = [(a, b) for a, b in zip(old, new, strict=True) if a != b]
    assert [b.strip() for _, b in moved] == [
        f'sha256: "{"1" * 64}"'.replace('"', "'"),
        "rows: 7",
        "span: [1999, 2001-01]",
    ]


@pytest.fixture
def article():
    return Project(Path(__file__).parents[2])


def test_pinning_under_failure_keeps_the_old_catalog(workshop, monkeypatch):
    before = workshop.project.catalog.read_bytes()
    workshop.edit(FLOWS, "10.5", "10.4")
    monkeypatch.setattr(
        Path, "replace", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device"))
    )
    with pytest.raises(ProjectError, match="free some space"):
        workshop.pin()
    assert workshop.project.catalog.read_bytes() == before
    assert sorted(each.name for each in workshop.project.data.iterdir()) == [
        "catalog.yaml",
        "corrections.yaml",
        "maps",
        "security",
        "sources.csv",
        "trade",
    ]
