"""A small made-up audit, for tests that need a folder to break."""

import multiprocessing.util
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

import browsers
import executions
import hypothesis
import pytest

from analysis.data.checksums import pin
from analysis.data.tables import Archive, Table
from analysis.execution import references
from analysis.project import Project

# A check that others wait for tries the same examples each time; at a desk, ever new ones.
hypothesis.settings.register_profile("ci", derandomize=True, deadline=None)
hypothesis.settings.register_profile("desk", deadline=None)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "desk")


@pytest.fixture(scope="module")
def chromium():
    """A browser. There can be one at a time, and no event loop of others while it is there."""
    try:
        with browsers.browser(bring=True) as opened:
            yield opened
    except browsers.NoBrowser as error:
        browsers.missing(error)


@pytest.fixture(scope="session")
def executed(tmp_path_factory) -> Path:
    """This audit after a run of `executions.CLAIMS`. To be read; `executions.copied` to change."""
    return executions.once(executions.common(tmp_path_factory) / "executed", executions.executed)


@pytest.fixture(scope="session", autouse=True)
def imports_followed_once():
    """What the library's modules import is found once a process, not once for each audit."""
    known = {}

    def graph(texts, *others):
        asked = (*sorted(texts.items()), *map(str, others))
        if asked not in known:
            known[asked] = follow(texts, *others)
        return known[asked]

    follow = references.graph
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(references, "graph", graph)
        yield


SOURCES = """\
source_id,publisher,title,url,published,retrieved,licence,quality,family,note
nor_2024,Norland Customs,Yearbook 2024,https://example.org/n,2024-06-30,2026-01,open,official,nor_customs,
nor_2026,Norland Customs,Yearbook 2026,https://example.org/n6,2026-06,2026-08,open,official,nor_customs,
sud_2024,Sudland Customs,Trade in brief,https://example.org/s,2024-12,2026-01,open,official,sud_customs,
press_1,The Courier,A visit,,,2026-01,,unnamed,courier,no date on the page
world_db,World Desk,Flows database,https://example.org/w,2024-05-02,2026-01,open,tabulation,world_desk,
"""

CATALOG = """\
tables:
  security/sightings:
    title: Ships seen in a strait
    description: Daily counts from a bulletin.
    row: One day.
    licence: {terms: facts only, commercial: unstated}
    key: [day, source_id]
    time: {column: day, frequency: day}
    vintage: {column: told_on}
    gaps: [{from: 2024-01-04, to: 2024-01-05, why: no bulletin}]
    columns:
      day: {type: date, meaning: day of the sighting}
      ships: {type: integer, unit: count, nullable: true, meaning: ships seen}
      confirmed: {type: boolean, meaning: whether a second observer agrees}
      told_on: {type: partial_date, nullable: true, meaning: day of the bulletin}
      source_id: {type: source, meaning: where it was read}
    checks:
      - no_silent_hole: {time: day, frequency: day}
      - one_value_a_day: {date: day}
  trade/flows:
    title: Goods trade of two countries
    description: Yearly flows as either side counts them.
    row: One flow of one year as one reporter states it.
    licence: {terms: open, commercial: true}
    key: [year, reporter, flow, source_id]
    time: {column: year, frequency: year}
    vintage: {source: published, lag_days: 90}
    family: {column: reporter, map: {Sudland: sud_customs}}
    columns:
      year: {type: year, meaning: calendar year}
      reporter: {type: category, values: [Norland, Sudland], meaning: who counts}
      flow: {type: category, values: [export, import, total], meaning: seen from the reporter}
      value:
        type: number
        unit: USD million
        minimum: 0
        nullable: true
        meaning: current prices
      note: {type: string, nullable: true, meaning: anything to know}
      source_id: {type: source, meaning: where it was read}
    checks:
      - totals_reconcile:
          by: [year, reporter, source_id]
          column: flow
          parts: [export, import]
          total: total
          value: value
          tolerance: 0.01
"""

LAYERS = """\
layers:
  maps/strait:
    title: Two shores
    description: Outlines for drawing.
    licence: {terms: open, commercial: true}
    source_ids: [world_db]
"""

STRAIT = """\
{"type": "FeatureCollection", "features": [
{"type": "Feature", "properties": {"name": "Norland"}, "geometry": null}
]}
"""

FLOWS = """\
year,reporter,flow,value,note,source_id
2022,Norland,export,10.5,,nor_2024
2022,Norland,import,4.5,"two
lines",nor_2024
2022,Norland,total,15,,nor_2024
2023,Norland,export,11,,nor_2026
2024,Norland,export,12,,nor_2026
2023,Sudland,import,,not stated,world_db
2023,Norland,import,5,,sud_2024
2023,Norland,import,7,said in passing,press_1
"""

SIGHTINGS = """\
day,ships,confirmed,told_on,source_id
2024-01-01,3,true,2024-01-02,nor_2024
2024-01-02,,false,2024-01,press_1
2024-01-03,4,true,,world_db
2024-01-06,1,false,,press_1
"""

CORRECTIONS = """\
- id: no_hearsay
  table: trade/flows
  where: {source_id: press_1}
  action: drop
  matches: 1
  reason: a figure said in passing
  authority: the table of Norland Customs
"""


@dataclass(frozen=True)
class Workshop:
    """The made-up audit with the tools to change it."""

    project: Project

    def edit(self, file: str, old: str, new: str) -> None:
        """Replace the one occurrence of a text in a file of the audit."""
        path = self.project.root / file
        text = path.read_bytes().decode()
        assert text.count(old) == 1, (file, old)
        path.write_bytes(text.replace(old, new).encode())

    def pin(self) -> tuple[str, ...]:
        return pin(self.project)

    def load(self, name: str) -> Table:
        return Archive.read(self.project).load(name)


CLAIMS = """\
article: {title: A text, publisher: A press, published: 2024-12-10}
sections: {}
claims: {}
"""


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    files = {
        "claims.yaml": CLAIMS,
        "data/sources.csv": SOURCES,
        "data/catalog.yaml": CATALOG + LAYERS,
        "data/maps/strait.geojson": STRAIT,
        "data/corrections.yaml": CORRECTIONS,
        "data/trade/flows.csv": FLOWS,
        "data/security/sightings.csv": SIGHTINGS,
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(text.encode())
    made = Workshop(Project(tmp_path))
    made.pin()
    return made


@pytest.fixture
def project(workshop: Workshop) -> Project:
    return workshop.project


@pytest.fixture
def temporary(monkeypatch):
    """A folder for all temporary ones, short enough for the addresses of sockets."""
    multiprocessing.util.get_temp_dir()  # made once in a process, and not here
    with tempfile.TemporaryDirectory() as folder:
        monkeypatch.setattr(tempfile, "tempdir", folder)
        monkeypatch.setenv("TMPDIR", folder)
        yield Path(folder)
