"""The audit's map layers against its tables of measured gaps: the geometry, recomputed."""

from __future__ import annotations

import pytest

from analysis.claims import registry
from analysis.data.evidence import load_evidence
from analysis.errors import ProjectError
from analysis.project import Project
from analysis.stats.geodesy import Map, miles, nearest, outlines

DRAWN = 0.06  # nautical miles: drawn lines are simplified by 8 m and lack the least rocks
ISLETS = 0.2  # by which islets beside the main islands narrow the gap; tables differ on them
GAPS, CORRIDOR = "context/gap_measurements", "context/gap_corridor"


@pytest.fixture(scope="module")
def claims():
    try:
        project = Project.find()
    except ProjectError:
        pytest.skip("not in a checkout")
    found = [c for c in registry.read(project).claims.values() if c.method == "distance"]
    layers = {layer for claim in found for layer in claim.parameters["layers"].values()}
    return found, load_evidence(project, [*layers, GAPS, CORRIDOR])


def gap(evidence, layer, coastline, sides) -> float:
    found = [(told, ring) for told, ring in outlines(evidence.layer(layer)["features"])]
    rings = [
        [ring for told, ring in found if told["source_id"] == coastline and told["name"] in names]
        for names in sides
    ]
    flat = Map.around(ring for side in rings for ring in side)
    ends = nearest(*([flat.flat(ring) for ring in side] for side in rings))
    return miles(*(flat.degrees(end[None])[0] for end in ends))


def test_outlines_agree_with_the_measured_gaps(claims):
    found, evidence = claims
    for claim in found:
        measured = evidence[GAPS].set_index(["source_id", "measure"])["distance_nm"]
        corridors = evidence[CORRIDOR].set_index(["source_id", "land_set"])["gap_nm"]
        for coastline, layer in claim.parameters["layers"].items():
            for islets, land in claim.parameters["lands"].items():
                drawn = gap(evidence, layer, coastline, land["sides"])
                main_only = islets.startswith("without")
                tolerance = ISLETS if main_only else DRAWN
                assert drawn == pytest.approx(corridors[coastline, islets], abs=tolerance)
                tolerance = ISLETS / 2 if main_only else DRAWN
                assert drawn == pytest.approx(measured[coastline, land["measure"]], abs=tolerance)


def test_measured_points_are_as_far_apart_as_stated(claims):
    _, evidence = claims
    for row in evidence[GAPS].itertuples():
        ends = (row.from_lon, row.from_lat), (row.to_lon, row.to_lat)
        assert miles(*ends) == pytest.approx(row.distance_nm, abs=0.002)
