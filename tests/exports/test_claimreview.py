import copy
import json
from datetime import date
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from analysis.claims.registry import Article
from analysis.exports import claimreview
from analysis.exports.citation import Author
from analysis.exports.claimreview import RATINGS
from analysis.verdicts.code_table import CODES
from analysis.verdicts.wording import WORDS

SCHEMA = json.loads(Path(__file__).with_name("claimreview.schema.json").read_text())
EXPECTED = Draft202012Validator(SCHEMA, format_checker=Draft202012Validator.FORMAT_CHECKER)
ARTICLE = Article(title="A text", publisher="A press", published=date(2024, 12, 10))
AUTHORS = [Author(name="We", kind="Organization")]


def review(entry):
    return claimreview.review(entry, ARTICLE, authors=AUTHORS, page=f"claims/{entry['id']}.html")


def test_every_published_claim_has_a_review_of_the_expected_form(published):
    reviews = [review(entry) for entry in published["claims"]]
    assert [error.message for each in reviews for error in EXPECTED.iter_errors(each)] == []
    assert [each["claimReviewed"] for each in reviews] == [
        entry["statement"] for entry in published["claims"]
    ]


def test_only_what_is_on_the_scale_has_a_number(published):
    for entry in published["claims"]:
        code = entry["verdict"]["publication"]["code"]
        rating = review(entry)["reviewRating"]
        assert rating.get("ratingValue") == RATINGS.get(code)
        assert rating["alternateName"].lower() == WORDS[code]


@pytest.mark.parametrize("code", CODES)
def test_each_verdict_says_itself_and_one_that_is_pending_is_no_review(published, code):
    entry = copy.deepcopy(next(e for e in published["claims"] if not e["reason"]))
    entry["verdict"]["publication"]["code"] = code
    found = review(entry)
    assert (found is None) == (code == "PENDING")
    if found:
        assert ("ratingValue" in found["reviewRating"]) == (code in RATINGS)


def test_a_claim_that_no_data_can_decide_says_why(published):
    entry = next(entry for entry in published["claims"] if entry["reason"] == "N2")
    explanation = review(entry)["reviewRating"]["ratingExplanation"]
    assert explanation == "No data can decide it: a forecast or a possibility."


def test_the_form_notices_a_rating_without_its_scale(published):
    wrong = review(next(e for e in published["claims"] if "D1" in e["id"]))
    wrong["reviewRating"] = {**wrong["reviewRating"], "ratingValue": 7}
    assert list(EXPECTED.iter_errors(wrong))


def test_all_reviews_stand_in_one_graph(ran, published):
    (content,) = claimreview.files(ran).values()
    graph = json.loads(content)["@graph"]
    untestable = [e["id"] for e in published["claims"] if e["reason"]]
    assert sorted(each["identifier"] for each in graph) == sorted([*untestable, "C2"])
    assert not any("@context" in each for each in graph)
