import re

import pytest

from analysis.data import loading
from analysis.data.catalog import Catalog
from analysis.data.catalog_keys import MEANINGS, QUALITY
from analysis.data.sources import GRADES
from analysis.data.tables import Archive
from analysis.data.type_check import json_schema
from analysis.errors import DataError


@pytest.mark.parametrize(
    ("old", "new", "line_of", "told"),
    [
        ("key: [day, source_id]", "key: [date, source_id]", "key: [date", "no column 'date'"),
        ("{column: day,", "{column: dya,", "dya,", "no column 'dya' (did you mean 'day'?)"),
        (
            "frequency: day}\n    vint",
            "frequency: week}\n    vint",
            "week",
            "is not allowed; expected one of: day, month",
        ),
        (
            "title: Ships seen",
            f"title: {'long ' * 20}",
            "title: long",
            "112 characters: keep it under 70",
        ),
        ("unit: USD million\n", "\n", "value:\n", "a number needs a 'unit'"),
        (
            "values: [Norland, Sudland], ",
            "",
            "reporter: {",
            "'values' and the type 'category' go together",
        ),
        (
            "{type: date, ",
            "{type: date, minimum: 3, ",
            "minimum: 3",
            "a column of type 'date' has no minimum",
        ),
        ("      ships:", "      Ships:", "Ships:", "column names are in snake_case"),
        ("      ships:", "      grade:", "grade:", "'grade' is added by the library"),
        (
            "map: {Sudland:",
            "map: {Sutland:",
            "Sutland",
            "is no value of the column (did you mean 'Sudland'?)",
        ),
        (
            "{Sudland: sud_customs}",
            "{Sudland: Sud Customs}",
            "Sud C",
            "'Sud Customs': expected lower",
        ),
        ("lag_days: 90", "lag_days: -1", "lag_days: -1", "a lag cannot be negative"),
        (
            "{source: published, lag",
            "{source: published, column: year, lag",
            "column: year, lag",
            "give 'column' or 'source', not both",
        ),
        (
            "{source: published, lag",
            "{source: published, replaced: over, lag",
            "replaced: over",
            "no column 'over'",
        ),
        (
            "    family: {column: reporter",
            "    revised: 2\n    family: {column: reporter",
            "revised: 2",
            "expected text, found 2",
        ),
        (
            "    family: {column: reporter",
            "    revised: rarely\n    family: {column: reporter",
            "revised: rarely",
            "'rarely': expected never, or a percentage as 2 %",
        ),
        (
            "  security/sightings:",
            "  Sightings:",
            "Sightings:",
            "'Sightings' is not a name of data",
        ),
        ("tables:\n", "table:\n", "table:", "expected the keys 'tables'"),
        ("    row: One day.\n", "", "security/sightings:", "missing key 'row'"),
        (
            "commercial: unstated",
            "commercial: perhaps",
            "perhaps",
            "expected true or false or 'unstated'",
        ),
    ],
)
def test_a_catalog_that_cannot_be_meant(workshop, old, new, line_of, told):
    workshop.edit("data/catalog.yaml", old, new)
    text = workshop.project.catalog.read_text()
    line = text.count("\n", 0, text.index(line_of)) + 1
    with pytest.raises(DataError, match=rf"^data/catalog\.yaml:{line}:\d+: ") as caught:
        Archive.read(workshop.project)
    assert told in str(caught.value)


@pytest.mark.parametrize(
    "lost", ["source_id: {type: source, meaning: where it was read}", "source, mean"]
)
def test_every_row_needs_its_source(workshop, lost):
    path = workshop.project.catalog
    path.write_text(
        path.read_text().replace(lost, "source, nullable: true, mean" if "{" not in lost else "")
    )
    with pytest.raises(DataError, match="source"):
        Archive.read(workshop.project)


def test_a_part_of_the_catalog_is_read_as_the_whole(project):
    whole = Catalog.read(project)
    part = Catalog.read(project, {"trade/flows", "maps/strait"})
    assert part.tables == {"trade/flows": whole["trade/flows"]}
    assert part.layers == whole.layers
    assert Catalog.read(project, {"security/sightings"}).tables["security/sightings"].line == 2


def test_a_part_with_an_unknown_name_knows_all_names(project):
    with pytest.raises(DataError, match=r"no table 'trade/flow' \(did you mean 'trade/flows'\?\)"):
        Catalog.read(project, {"trade/flow"})["trade/flow"]


def test_a_part_of_a_catalog_in_another_form_is_still_read(project):
    text = re.sub("(?m)^  (  )*", lambda indent: 2 * indent[0], project.catalog.read_text())
    project.catalog.write_text(text)
    assert set(Catalog.read(project, {"trade/flows"}).tables) == {
        "trade/flows",
        "security/sightings",
    }


def test_a_fault_in_a_part_has_its_line_in_the_whole(workshop):
    workshop.edit("data/catalog.yaml", "title: Goods trade", "titel: Goods trade")
    with pytest.raises(DataError) as whole:
        Catalog.read(workshop.project)
    with pytest.raises(DataError) as part:
        Catalog.read(workshop.project, {"trade/flows"})
    assert str(part.value) == str(whole.value)
    assert Catalog.read(workshop.project, {"security/sightings"})


def test_each_key_of_the_catalog_and_each_word_of_quality_is_explained():
    known = json_schema(catalog=loading.form(Catalog))["$defs"]
    keys = {name: set(kind["properties"]) for name, kind in known.items() if name != "Catalog"}
    assert keys.keys() == MEANINGS.keys()
    assert {name: keys[name] - MEANINGS[name].keys() for name in keys} == {
        name: set() for name in keys
    }
    assert QUALITY.keys() == GRADES.keys()
