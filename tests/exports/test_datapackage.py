"""The tables held against their description by frictionless, a validator that is not ours."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from analysis.data.catalog import Catalog
from analysis.errors import DataError
from analysis.exports import datapackage, kinds
from analysis.project import Project

PROJECT = Project(Path(__file__).parents[2])


VALIDATE = """\
import json, os, sys
import frictionless
for folder in sys.argv[1:]:
    os.chdir(folder)
    print(json.dumps(frictionless.validate("datapackage.json").to_descriptor()))
"""


def validated(*folders):
    """For each package, the errors that frictionless finds and the names of what it looked at."""
    command = [sys.executable, "-c", VALIDATE, *map(str, folders)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found = []
    for report in map(json.loads, done.stdout.splitlines()):
        errors = [*report["errors"], *(e for task in report["tasks"] for e in task["errors"])]
        assert report["valid"] is not bool(errors)
        names = {task["name"] for task in report["tasks"]}
        found.append(([each["message"] for each in errors], names))
    assert len(found) == len(folders)
    return found


@pytest.mark.slow
def test_every_table_of_this_audit_is_valid_to_someone_else(tmp_path):
    kinds.write(tmp_path, datapackage.files(PROJECT))
    ((errors, names),) = validated(tmp_path)
    assert errors == []
    assert names == {"sources"} | {info.name for info in Catalog.read(PROJECT).entries}


FAULTS = [
    ("trade/flows", "2022,Norland,export", "2022,Westland,export", '"enum"'),
    ("trade/flows", "2022,Norland,export", "twenty,Norland,export", "Type error"),
    ("trade/flows", "11,,nor_2026", "11,,nor_2027", "foreign key"),
    ("trade/flows", "2024,Norland,export,12", "2023,Norland,export,12", "primary key"),
    ("security/sightings", "4,true,,world_db", "4,,,world_db", '"required" is "True"'),
    ("security/sightings", "true,2024-01-02", "true,January", '"pattern"'),
]


def test_what_the_catalog_forbids_the_description_forbids(project, tmp_path):
    """A small package is valid to someone else; with one fault each, six copies are not."""
    folders = [tmp_path / "out" / str(number) for number in range(len(FAULTS) + 1)]
    for folder in folders:
        kinds.write(folder, datapackage.files(project))
    for folder, (file, old, new, _) in zip(folders[1:], FAULTS, strict=True):
        path = folder / "data" / f"{file}.csv"
        text = path.read_text()
        assert text.count(old) == 1
        path.write_text(text.replace(old, new))
    (valid, _), *others = validated(*folders)
    assert valid == []
    for (errors, _), (*_, told) in zip(others, FAULTS, strict=True):
        assert any(told.lower() in error.lower() for error in errors), (told, errors)


def test_ranges_stand_where_nothing_is_corrected(workshop):
    fields = _fields(workshop.project, "trade/flows")
    assert "minimum" not in fields["value"].get("constraints", {})
    workshop.project.corrections.unlink()
    assert _fields(workshop.project, "trade/flows")["value"]["constraints"]["minimum"] == 0


def _fields(project, table):
    described = json.loads(datapackage.files(project)[datapackage.FILE])
    found = next(each for each in described["resources"] if each["name"] == table)
    return {field["name"]: field for field in found["schema"]["fields"]}


def test_a_table_names_its_own_sources_and_terms(project):
    described = json.loads(datapackage.files(project)[datapackage.FILE])
    found = next(each for each in described["resources"] if each["name"] == "security/sightings")
    assert [each["title"] for each in found["sources"]] == [
        "Norland Customs: Yearbook 2024",
        "The Courier: A visit",
        "World Desk: Flows database",
    ]
    assert found["licenses"] == [{"name": "notspecified", "title": "facts only"}]


def test_a_table_that_is_not_as_pinned_is_not_passed_on(workshop):
    workshop.edit("data/trade/flows.csv", "10.5", "10.6")
    with pytest.raises(DataError, match="has changed since it was pinned"):
        datapackage.files(workshop.project)
