import copy
import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from analysis.claims import registry
from analysis.data.sources import Sources
from analysis.exports import claims_json, claims_json_schema
from analysis.project import Project
from analysis.verdicts import results

PROJECT = Project(Path(__file__).parents[2])
SCHEMA = Draft202012Validator(claims_json_schema.schema())


@pytest.fixture(scope="module")
def listed(published):
    found = claims_json.claims(published, registry.read(PROJECT), Sources.read(PROJECT))
    return json.loads(results.dump(found))


def test_the_schema_is_a_schema():
    Draft202012Validator.check_schema(claims_json_schema.schema())


def test_all_published_claims_are_as_the_schema_says(listed, published):
    assert [error.message for error in SCHEMA.iter_errors(listed)] == []
    assert [each["id"] for each in listed["claims"]] == [e["id"] for e in published["claims"]]


def test_every_source_that_a_claim_names_is_described_and_no_other(listed):
    named = {name for each in listed["claims"] for name in each["sources"]}
    later = (each["detail"].values() for each in listed["claims"])
    named |= {name for details in later for detail in details for name in detail["sources"]}
    assert set(listed["sources"]) == named


@pytest.mark.parametrize(
    ("key", "value"),
    [("id", 1), ("tags", ["NO-SUCH-TAG"]), ("verdict", {}), ("more", "than is known")],
)
def test_the_schema_notices_what_is_not_so(listed, key, value):
    wrong = copy.deepcopy(listed)
    wrong["claims"][0][key] = value
    assert list(SCHEMA.iter_errors(wrong))


def test_the_file_and_its_schema_lie_side_by_side(ran):
    found = claims_json.files(ran)
    content = json.loads(found[claims_json.FILE])
    Draft202012Validator(json.loads(found[content["$schema"]])).validate(content)
