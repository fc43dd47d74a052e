"""The map: zones at their distance, names on the page, ranges for each coastline."""

from __future__ import annotations

from dataclasses import dataclass, replace

import builders
import numpy as np
import pytest

from analysis import figures
from analysis.claims.model import Constraint
from analysis.stats.geodesy import NAUTICAL_MILE, Map, miles
from analysis.verdicts import sweep

DEGREE = miles((0, 0), (1, 0))


def land(name: str, lon: float, lat: float = 0.0, half: float = 0.1, source: str = "chart") -> dict:
    turns = np.linspace(0, 2 * np.pi, 40)
    ring = np.column_stack([lon + half * np.cos(turns), lat + half / 2 * np.sin(turns)]).tolist()
    return {
        "properties": {"name": name, "source_id": source},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


@dataclass
class Seas:
    """Tables of a strait with a map layer."""

    tables: builders.evidence
    features: list

    def __getitem__(self, name):
        return self.tables[name]

    def __iter__(self):
        return iter(self.tables)

    def revision(self, name):
        return self.tables.revision(name)

    def layer(self, _):
        return {"features": self.features}

    def as_of(self, cutoff):
        return replace(self, tables=self.tables.as_of(cutoff))

    def drop_family(self, family):
        return replace(self, tables=self.tables.drop_family(family))


def strait(gap: float, *, slope: float = 0.0, entered: object = True, shift: float = 0.0) -> Seas:
    """Two islands `gap` nautical miles apart, a rock, and land far away."""
    west, east = shift - gap / DEGREE / 2, shift + gap / DEGREE / 2
    rows = [
        {"measure": name, "x0": west, "y0": -slope, "x1": east - part, "y1": slope,
         "source_id": source, "family": source}
        for name, part in (("rock", 0.0), ("open", -0.05)) for source in ("chart", "atlas")
    ]  # fmt: skip
    reports = [{"ship": "S", "entered": entered, "source_id": "staff", "grade": 3}]
    features = [
        land("Westland", west - 0.1, -slope), land("Eastland", east + 0.2, slope, 0.15),
        land("Lonely Rock", east + 0.01, slope, 0.01), land("Farland", east + 9, 3),
        land("Westland", west - 0.12, -slope, source="atlas"),
    ]  # fmt: skip
    tables = {"t/gap": builders.frame(rows), "t/passages": builders.frame(reports)}
    return Seas(builders.evidence(tables), features)


def made(**changes):
    parameters = {
        "passage": {"table": "t/passages", "where": {"ship": "S"}, "entered": "entered"},
        "gap": {
            "table": "t/gap", "where": {"source_id": "{coastline}", "measure": "{measure}"},
            "ends": [["x0", "y0"], ["x1", "y1"]],
        },
        "coastline": "chart", "layers": {"chart": "m/coast", "atlas": "m/coast"}, "islets": "rock",
        "lands": {
            "rock": {"measure": "rock", "sides": [["Westland"], ["Eastland", "Lonely Rock"]]},
            "open": {"measure": "open", "sides": [["Westland"], ["Eastland"]]},
        },
        "nearest": 12, "farthest": 24, **changes,
    }  # fmt: skip
    bases = [parameters.get("baseline", "low_water")]
    return builders.claim(
        "distance", parameters, tables=("t/gap", "t/passages", "m/coast"),
        grid={"coastline": ["chart", "atlas"], "islets": ["rock", "open"], "baseline": bases},
        constraints=(Constraint(when={"baseline": ["straight"]}, only={"coastline": ["chart"]}),),
    )  # fmt: skip


def run(claim, evidence):
    estimate = claim.build().estimate(evidence)
    return claim, estimate, sweep.sweep(claim, evidence, builders.CUTOFFS)


CASES = {
    "a corridor": (strait(32), {}),
    "rising to the east": (strait(32, slope=0.15), {}),
    "falling to the east": (strait(32, slope=-0.15), {}),
    "no corridor": (strait(20), {}),
    "a wide sea": (strait(150), {}),
    "a narrow one": (strait(3), {}),
    "east of Greenwich and far": (strait(40, shift=151), {}),
    "straight lines": (strait(32), {"baseline": "straight"}),
    "an open end": (strait(32), {"farthest": 0}),
    "at the shore": (strait(32), {"nearest": 0, "farthest": 12}),
    "no outline": (strait(32), {"layers": {}}),
    "no report": (strait(32).drop_family("staff"), {}),
}


@pytest.mark.parametrize("case", CASES)
def test_every_word_has_its_place(case, misplaced):
    evidence, changes = CASES[case]
    drawing = figures.distance(*run(made(**changes), evidence))
    assert misplaced(drawing) == []


def test_the_zones_are_as_wide_as_they_say():
    claim, estimate, curve = run(made(), strait(32))
    drawing = figures.distance(claim, estimate, curve)
    chart = drawing.figure.axes[0]
    flat = Map.around([next(s.ring for s in estimate.shapes if s.role == "gap")])
    shores = np.concatenate([
        flat.flat(shape.ring) / NAUTICAL_MILE for shape in estimate.shapes
        if shape.role in ("first", "second")
    ])  # fmt: skip
    lines = {
        item.levels[0]: np.concatenate([path.vertices for path in item.get_paths()])
        for item in chart.collections if not getattr(item, "filled", True)
    }  # fmt: skip
    assert set(lines) == {12, 24}
    for width, points in lines.items():
        inside = points[(np.abs(points[:, 1]) < chart.get_ylim()[1])]
        apart = np.hypot(*np.moveaxis(inside[:, None] - shores, 2, 0)).min(axis=1)
        assert apart == pytest.approx(np.full(len(apart), width), abs=0.15)


def test_the_numbers_of_the_map_are_in_the_table():
    data = figures.distance(*run(made(), strait(32))).data
    values = data.set_index("mark")["value"]
    assert values["gap"] == pytest.approx(32)
    assert values["corridor"] == pytest.approx(8)
    assert values["zone"].tolist() == [12, 24]
    land = data[data["mark"] == "land"]
    assert land["label"].tolist() == ["Westland", "Eastland", "Lonely Rock"]  # not the far one
    assert set(land["source_id"]) == {"chart"}


def test_each_coastline_has_its_range():
    data = figures.distance(*run(made(), strait(32))).data
    ranges = data[data["mark"] == "approach"]
    assert ranges["label"].tolist() == ["chart, rock", "chart, open", "atlas, rock", "atlas, open"]
    assert ranges["group"].tolist()[0] == "preferred"
    assert ranges["high"].tolist()[:2] == pytest.approx([16, 16 + 0.025 * DEGREE], abs=1e-3)


def test_the_words_tell_what_the_map_shows():
    alt = figures.distance(*run(made(), strait(32))).alt
    assert alt.startswith("Map, north up, of Westland, Eastland, Lonely Rock, above a chart.")
    assert "32.0 nautical miles wide, 8.0 of them outside both 12-mile zones" in alt
    assert "lay between 12 and 16" in alt
    assert "none outside both 12-mile zones" in figures.distance(*run(made(), strait(20))).alt


@pytest.mark.parametrize("case", CASES)
def test_a_tidy_frame_is_drawn_again(case):
    evidence, changes = CASES[case]
    drawing = figures.distance(*run(made(**changes), evidence))
    again = figures.distance(drawing.data)
    assert [axes.get_xlim() for axes in again.axes] == [x.get_xlim() for x in drawing.axes]
    if again.axes:
        no_map = figures.distance(drawing.data, shapes=())
        assert len(no_map.axes) == 1
