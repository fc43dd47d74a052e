import pytest

from analysis.data.evidence import load_evidence
from analysis.data.tables import Archive
from analysis.data.validation import check_all
from analysis.errors import DataError

STRAIT = "data/maps/strait.geojson"


def test_a_layer_is_loaded_beside_the_tables(workshop):
    evidence = load_evidence(workshop.project, ["maps/strait", "trade/flows"])
    assert evidence.layer("maps/strait")["features"][0]["properties"] == {"name": "Norland"}
    assert list(evidence) == ["trade/flows"]
    assert evidence.drop_family("nor_customs").layer("maps/strait") is evidence.layer("maps/strait")
    with pytest.raises(DataError, match=r"map layer 'maps/strayt' is not declared \(did you mean"):
        evidence.layer("maps/strayt")


def test_an_unknown_layer(workshop):
    with pytest.raises(
        DataError, match=r"no map layer 'maps/straits' \(did you mean 'maps/strait'"
    ):
        Archive.read(workshop.project).layer("maps/straits")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("Norland", "Norlend", ": has changed since it was pinned: expected sha256"),
        ('"geometry": null}\n]}', '"geom', ":2:61: not JSON: "),
        ("FeatureCollection", "Topology", ":1: expected a GeoJSON FeatureCollection"),
    ],
)
def test_a_layer_that_is_not_as_pinned(workshop, old, new, told):
    workshop.edit(STRAIT, old, new)
    with pytest.raises(DataError) as caught:
        Archive.read(workshop.project).layer("maps/strait")
    assert str(caught.value).startswith(f"{STRAIT}{told}")
    assert str(check_all(workshop.project)[0]).startswith(STRAIT)


def test_a_broken_layer_is_not_pinned(workshop):
    workshop.edit(STRAIT, "Norland", "Norlend")
    assert workshop.pin() == ("maps/strait",)
    workshop.edit(STRAIT, "]}", "]")
    with pytest.raises(DataError, match="not JSON"):
        workshop.pin()


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        (
            STRAIT,
            '[\n{"type": "Feature", "properties": {"name": "Norland"}, "geometry": null}\n]',
            "[]",
            "has no features",
        ),
        (
            "data/catalog.yaml",
            "[world_db]",
            "[wurld_db]",
            "wurld_db is not in data/sources.csv (did you mean 'world_db'?)",
        ),
    ],
)
def test_faults_of_a_layer(workshop, file, old, new, told):
    workshop.edit(file, old, new)
    workshop.pin()
    (failure,) = check_all(workshop.project)
    assert str(failure) == f"{STRAIT}: {told}"


def test_a_stray_layer_and_a_name_twice(workshop):
    path = workshop.project.root / STRAIT
    (path.parent / "old.geojson").write_bytes(path.read_bytes())
    (failure,) = check_all(workshop.project)
    assert str(failure) == "data/maps/old.geojson: is not in the catalog"
    workshop.edit("data/catalog.yaml", "  maps/strait:", "  trade/flows:")
    with pytest.raises(DataError, match="'trade/flows' is a table too"):
        Archive.read(workshop.project)


def test_checksums_by_name(workshop):
    catalog = Archive.read(workshop.project).catalog
    assert catalog.sha256("maps/strait") == catalog.layers["maps/strait"].sha256
    assert catalog.sha256("trade/flows") == catalog.tables["trade/flows"].sha256
    with pytest.raises(DataError, match="no table 'maps/nothing'"):
        catalog.sha256("maps/nothing")
