"""What a site with an address of its own says to machines, and one without it does not."""

from __future__ import annotations

import json
import re
from urllib.parse import urlsplit

import jsonschema
import pytest
from audits import CLAIM, HEADER
from defusedxml import ElementTree

from analysis.claims import registry
from analysis.site import build
from analysis.verdicts import results

ADDRESS = "https://audit.example/of/it"
CITATION = """\
cff-version: 1.2.0
title: An audit
authors: [{name: Auditors}]
date-released: 2026-05-04
"""
CHANGE = {
    "date": "2026-06-01",
    "claim": "T1",
    "kind": "verdict",
    "before": None,
    "after": {"verdict": {name: {"code": "SUPPORTED"} for name in ("publication", "latest")}},
    "cause": "data: <trade & flows>",
}
# What schema.org and search engines ask of a review of a claim: properties, types, and values.
DATE = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d$"}
URL = {"type": "string", "pattern": "^https://"}
TEXT = {"type": "string", "minLength": 1}


def node(kind, required, **properties):
    """A JSON Schema of an object of schema.org that has these properties and no other."""
    typed = {"enum": kind} if isinstance(kind, list) else {"const": kind}
    return {
        "type": "object",
        "required": ["@type", *required],
        "properties": {"@type": typed, **properties},
        "additionalProperties": False,
    }


AGENT = node(["Organization", "Person"], ["name"], name=TEXT)
RATING = node(
    "Rating",
    ["alternateName"],
    alternateName=TEXT,
    ratingExplanation=TEXT,
    ratingValue={"type": "number", "minimum": 1, "maximum": 5},
    bestRating={"const": 5},
    worstRating={"const": 1},
)
ARTICLE = node(
    "Article",
    ["headline", "publisher", "datePublished"],
    headline=TEXT,
    publisher=AGENT,
    datePublished=DATE,
    url=URL,
)
ITEM = node(
    "Claim",
    ["author", "datePublished", "appearance"],
    author=AGENT,
    datePublished=DATE,
    appearance=ARTICLE,
)
REVIEW = node(
    "ClaimReview",
    ["@context", "claimReviewed", "reviewRating", "url", "datePublished", "author", "itemReviewed"],
    **{"@context": {"const": "https://schema.org"}},
    identifier=TEXT,
    claimReviewed=TEXT,
    reviewBody=TEXT,
    reviewRating=RATING,
    url=URL,
    datePublished=DATE,
    author={"type": "array", "minItems": 1, "items": AGENT},
    itemReviewed=ITEM,
)


@pytest.fixture
def audit(project):
    """The made-up audit with a claim that is published as supported."""
    project.claims.write_text(HEADER + CLAIM.format(name="T1"))
    (project.root / "CITATION.cff").write_text(CITATION)
    project.results.mkdir(exist_ok=True)
    (project.results / "history.jsonl").write_text(json.dumps(CHANGE) + "\n")
    brief = {"code": "SUPPORTED", "certainty": "LOW"}
    unrun = results.unrun(registry.read(project).claims["T1"])
    entry = {**unrun, "verdict": {"publication": brief, "latest": brief}}
    found = {"schema_version": results.SCHEMA_VERSION, "claims": [entry]}
    results.write(project.fresh, found)
    return project


def made(audit, address=""):
    """The site with an address of its own, or without one."""
    if address:
        (audit.root / "CITATION.cff").write_text(f"{CITATION}url: {address}\n")
    return build.build(audit).parent


def test_a_review_has_what_schema_org_asks_for(audit):
    page = (made(audit, ADDRESS) / "claims" / "T1.html").read_text(encoding="utf-8")
    (text,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    review = json.loads(text)
    jsonschema.validate(review, REVIEW)
    assert review["url"] == f"{ADDRESS}/claims/T1.html"
    assert review["datePublished"] == "2026-06-01"  # of the last change, not of the release


def test_every_page_names_its_address_and_the_list_of_pages_has_it(audit):
    site = made(audit, ADDRESS)
    listed = {each.text for each in ElementTree.parse(site / "sitemap.xml").iter()}
    for path in site.rglob("*.html"):
        page = path.read_text(encoding="utf-8")
        (canonical,) = re.findall('<link rel="canonical" href="([^"]*)">', page)
        place = path.relative_to(site).as_posix()
        assert canonical == f"{ADDRESS}/{'' if place == 'index.html' else place}"
        assert (canonical in listed) == (place not in ("404.html", "search.html"))


def test_the_feed_has_a_change_under_a_name_that_stays(audit):
    atom = "{http://www.w3.org/2005/Atom}"

    def names():
        feed = ElementTree.parse(made(audit, ADDRESS) / "feed.xml")
        return [entry.findtext(f"{atom}id") for entry in feed.iter(f"{atom}entry")]

    before = names()
    again = {**CHANGE, "before": CHANGE["after"], "after": None, "date": "2026-07-01"}
    with (audit.results / "history.jsonl").open("a") as file:
        file.write(json.dumps(again) + "\n")
    assert len(set(names())) == 2
    assert names()[1:] == before


def test_without_an_address_nothing_names_one(audit):
    site = made(audit)
    assert not (site / "sitemap.xml").exists()
    assert not (site / "feed.xml").exists()
    for path in site.rglob("*.html"):
        page = path.read_text(encoding="utf-8")
        assert not re.search('rel="(canonical|alternate)"|property="og:(url|image)"', page)
        assert '<meta name="description" content="' in page
    assert urlsplit(ADDRESS).netloc not in page
