"""Distance: geodesics of known length, the search for nearest points, and bounds on a passage."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from frames import Frames, frame
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.errors import ParameterError
from analysis.methods.distance import Distance
from analysis.methods.estimate import Outcome
from analysis.stats.geodesy import NAUTICAL_MILE, Map, hull, miles, nearest

# (longitude, latitude) pairs and metres on WGS84; sources beside each
KNOWN = [
    ((0, 0), (1, 0), 111319.4908),  # a degree of the equator: a * pi / 180, a = 6378137
    ((0, 0), (0, 90), 10001965.7293),  # quarter meridian: Karney 2011, Geodesics on an ellipsoid
    ((174.81, -41.32), (-5.50, 40.96), 19959679.267),  # Wellington to Salamanca: GeographicLib
    # Flinders Peak to Buninyong, 54972.271 m: the worked example of the GDA technical manual
    ((144.4248679, -37.9510334), (143.9264955, -37.6528211), 54972.271),
]  # fmt: skip


@pytest.mark.parametrize(("start", "end", "metres"), KNOWN)
def test_geodesics_of_known_length(start, end, metres):
    assert miles(start, end) * NAUTICAL_MILE == pytest.approx(metres, abs=0.02)
    assert miles(end, start) == pytest.approx(miles(start, end))


def test_a_minute_of_latitude_is_about_a_nautical_mile():
    assert miles((123, 24), (123, 24 + 1 / 60)) == pytest.approx(1, rel=0.006)


@settings(deadline=None)
@given(st.floats(-0.8, 0.8), st.floats(-0.8, 0.8))
def test_the_map_is_true_within_a_hundred_kilometres(east, north):
    flat = Map(lon=123.3, lat=24.3)
    ends = [[123.3, 24.3], [123.3 + east, 24.3 + north]]
    drawn = math.dist(*flat.flat(ends)) / NAUTICAL_MILE
    assert drawn == pytest.approx(miles(*ends), rel=1e-4, abs=1e-6)
    assert flat.degrees(flat.flat(ends)) == pytest.approx(np.array(ends))


def square(x: float, y: float, half: float = 1.0, corners: int = 4) -> np.ndarray:
    turns = np.linspace(0, 2 * np.pi, corners + 1)
    return np.column_stack([x + half * np.cos(turns), y + half * np.sin(turns)])


@settings(max_examples=40, deadline=None)
@given(
    st.floats(2.5, 30), st.floats(-10, 10), st.integers(3, 30), st.integers(3, 30),
    st.floats(0.2, 1.2),
)  # fmt: skip
def test_nearest_points_are_those_of_a_dense_search(x, y, first, second, half):
    one = [square(0, 0, 1.0, first), square(-3, y, 0.5, first)]
    two = [square(x, y, half, second), square(x + 2, -y, half, second)]
    a, b = nearest(one, two)
    dense = [
        np.concatenate([np.linspace(p, q, 30) for ring in side for p, q in pairwise(ring)])
        for side in (one, two)
    ]  # fmt: skip
    apart = np.hypot(*np.moveaxis(dense[0][:, None] - dense[1], 2, 0)).min()
    assert math.dist(a, b) <= apart + 1e-9
    assert math.dist(a, b) == pytest.approx(apart, abs=0.08)


def test_a_hull_holds_all_its_points():
    points = np.random.default_rng(7).normal(size=(200, 2))
    ring = hull(points)
    steps = np.diff(ring, axis=0)
    for point in points:
        turns = steps[:, 0] * (point[1] - ring[:-1, 1]) - steps[:, 1] * (point[0] - ring[:-1, 0])
        assert (turns >= -1e-12).all()


class Seas(Frames):
    """Frames with one map layer."""

    def layer(self, name):
        assert name == "m/coast"
        return {"features": [land("West", 0.0), land("East", 0.6), land("Rock", 0.5, 0.01)]}


def land(name: str, lon: float, half: float = 0.05) -> dict:
    corners = [(-half, -half), (half, -half), (half, half), (-half, half), (-half, -half)]
    ring = [[lon + x, y] for x, y in corners]
    return {
        "properties": {"name": name, "source_id": "chart"},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def seas(gap: float = 32.0, *, entered: object = True, reports: int = 1) -> Seas:
    """A strait `gap` nautical miles wide along the equator, and a report of a passage."""
    end = gap * NAUTICAL_MILE / 111319.4908
    measured = [
        {"measure": name, "x0": 0.0, "y0": 0.0, "x1": end, "y1": 0.0, "source_id": "chart",
         "family": "survey"}
        for name in ("rock", "open")
    ]  # fmt: skip
    passages = [
        {"ship": "S" if reports else "T", "entered": entered, "source_id": "staff", "grade": 3}
    ]
    return Seas({"t/gap": frame(measured), "t/passages": frame(passages)})


PASSED = Distance(
    passage={"table": "t/passages", "where": {"ship": "S"}, "entered": "entered"},
    gap={
        "table": "t/gap", "where": {"source_id": "{coastline}", "measure": "{measure}"},
        "ends": [["x0", "y0"], ["x1", "y1"]],
    },
    coastline="chart", layers={"chart": "m/coast"}, islets="rock",
    lands={
        "rock": {"measure": "rock", "sides": [["West"], ["East", "Rock"]]},
        "open": {"measure": "open", "sides": [["West"], ["East"]]},
    },
    nearest=12, farthest=24,
)  # fmt: skip


@pytest.mark.parametrize(
    ("gap", "entered", "low", "high", "outcome"),
    [
        (32, True, 12, 16, Outcome.PASS),
        (60, True, 12, 30, Outcome.UNCLEAR),  # more room than the claim allows
        (32, None, 0, 16, Outcome.UNCLEAR),  # nothing says how near
        (60, False, 24, 30, Outcome.UNCLEAR),  # only the very edge
        (20, True, 0, 10, Outcome.FAIL),  # no room outside the territorial seas
    ],
)
def test_the_gap_and_the_report_bound_the_approach(gap, entered, low, high, outcome):
    estimate = PASSED.estimate(seas(gap, entered=entered))
    assert (estimate.low, estimate.high) == pytest.approx((low, high), abs=1e-5)
    assert estimate.value == pytest.approx((low + high) / 2, abs=1e-5)
    assert PASSED.pass_criterion.outcome(estimate) is outcome
    assert estimate.points[0].value == pytest.approx(gap)


def test_a_track_in_the_middle_is_as_far_as_can_be():
    estimate = replace(PASSED, track="middle").estimate(seas(32))
    assert estimate.low == estimate.high == pytest.approx(16)


@settings(deadline=None)
@given(st.floats(5, 200), st.sampled_from([True, False, None]))
def test_nobody_keeps_farther_off_than_half_of_the_gap(gap, entered):
    estimate = PASSED.estimate(seas(gap, entered=entered))
    assert 0 <= estimate.low <= estimate.value <= estimate.high
    assert estimate.high == pytest.approx(gap / 2)


@pytest.mark.parametrize(
    ("nearest", "farthest", "comparison", "outcome"),
    [(0, 12, "below", -1), (12, 0, "at_least", 1), (12, 24, "within", 1), (0, 17, "below", 1)],
)
def test_an_open_end_of_the_claimed_range(nearest, farthest, comparison, outcome):
    method = replace(PASSED, nearest=nearest, farthest=farthest)
    assert method.pass_criterion.comparison == comparison
    assert method.pass_criterion.outcome(method.estimate(seas())) == outcome


@pytest.mark.parametrize("evidence", [seas(reports=0), seas().drop_family("survey")])
def test_without_a_report_or_a_measure_there_is_no_evidence(evidence):
    assert PASSED.estimate(evidence).value is None
    assert "no row of t/" in PASSED.estimate(evidence).note


def test_straight_lines_are_drawn_around_what_counts_as_land():
    straight = replace(PASSED, baseline="straight")
    degree = miles((0, 0), (1, 0))
    with_rock = straight.estimate(seas()).points[0].value
    without = replace(straight, islets="open").estimate(seas()).points[0].value
    assert with_rock == pytest.approx((0.49 - 0.05) * degree, rel=1e-3)
    assert without == pytest.approx((0.55 - 0.05) * degree, rel=1e-3)


def test_the_shapes_tell_which_side_they_are_on():
    roles = {shape.name: shape.role for shape in PASSED.estimate(seas()).shapes}
    assert roles == {"West": "first", "East": "second", "Rock": "second", "gap": "gap"}
    without = replace(PASSED, islets="open").estimate(seas())
    assert {shape.name: shape.role for shape in without.shapes}["Rock"] == "other"
    drawn = replace(PASSED, layers={}).estimate(seas())
    assert [shape.role for shape in drawn.shapes] == ["gap"]


def test_what_cannot_be_measured_is_reported():
    with pytest.raises(ParameterError, match=r"unknown choice of islets 'rok' \(did you mean"):
        replace(PASSED, islets="rok").estimate(seas())
    with pytest.raises(ParameterError, match="'chart' has no outline of both sides"):
        replace(PASSED, baseline="straight", layers={}).estimate(seas())


def test_passage_and_gap_are_cited():
    estimate = PASSED.estimate(seas())
    assert [(c.part, c.family) for c in estimate.citations] == [
        ("passage", "staff"), ("gap", "survey"),
    ]  # fmt: skip
