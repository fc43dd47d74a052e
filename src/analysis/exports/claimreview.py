"""Claims as schema.org ClaimReview, the markup by which fact checks are found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from analysis.claims import registry
from analysis.claims.model import REASONS
from analysis.exports import citation
from analysis.verdicts import results, wording
from analysis.verdicts.code_table import RULE_WORDS
from analysis.verdicts.code_table import SCALE as STEPS
from analysis.verdicts.sweep import PUBLICATION
from analysis.verdicts.wording import WORDS as VERDICTS
from analysis.verdicts.wording import WORDS_BY_RULE

if TYPE_CHECKING:
    from analysis.claims.registry import Article
    from analysis.exports.citation import Author
    from analysis.project import Project

FILE = "claimreview.jsonld"
CONTEXT = "https://schema.org"
SCALE = (
    "5 supported, 4 mostly supported, 3 depends on the definition, 2 mostly contradicted, "
    "1 contradicted; a claim without a number was not rated"
)
UNRATED = {
    "UNSUPPORTED": "searched for, and nothing admissible was found",
    "INSUFFICIENT": "there is too little evidence to decide",
}
RATINGS = {code: step for code, step in STEPS.items() if code not in UNRATED}


def review(
    entry: Mapping[str, Any],
    article: Article,
    *,
    authors: Sequence[Author] = (),
    page: str = "",
    published: str = "",
) -> dict[str, Any] | None:
    """The review of one claim, or None while it has no verdict.

    `entry` is the claim's entry of a results file; `page` is the page of the claim, relative or
    not; `published` is the ISO date of the verdict. The rating is that of the publication vintage.
    A claim that cannot be tested, or was not decided, says so in words and has no `ratingValue`:
    a number would place it on the scale.
    """
    code = entry["verdict"][PUBLICATION]["code"]
    if code == "PENDING":
        return None
    found = {
        "@context": CONTEXT,
        "@type": "ClaimReview",
        "identifier": entry["id"],
        "url": page,
        "datePublished": published,
        "claimReviewed": entry["statement"],
        "reviewBody": wording.finding(entry),
        "author": [{"@type": each.kind, "name": each.name} for each in authors],
        "itemReviewed": _claim(article),
        "reviewRating": _rating(entry, code),
    }
    return {key: value for key, value in found.items() if value}


def _claim(article: Article) -> dict[str, Any]:
    work = {
        "@type": "Article",
        "headline": article.title,
        "publisher": {"@type": "Organization", "name": article.publisher},
        "datePublished": article.published.isoformat(),
    }
    if article.author:
        work["author"] = _author(article)
    if article.url:
        work["url"] = article.url
    return {
        "@type": "Claim",
        "author": _author(article),
        "datePublished": article.published.isoformat(),
        "appearance": work,
    }


def _author(article: Article) -> dict[str, str]:
    """Who claims it: the author, or the publisher where no author is named."""
    if article.author:
        return {"@type": "Person", "name": article.author}
    return {"@type": "Organization", "name": article.publisher}


def _rating(entry: Mapping[str, Any], code: str) -> dict[str, Any]:
    rating: dict[str, Any] = {
        "@type": "Rating",
        "alternateName": words(code),
        "ratingExplanation": _explanation(entry, code),
    }
    if code in RATINGS:
        rating |= {"ratingValue": RATINGS[code], "worstRating": 1, "bestRating": 5}
    return rating


def _explanation(entry: Mapping[str, Any], code: str) -> str:
    """What the rating rests on, and what the numbers of the scale mean."""
    if entry["reason"]:
        return f"No data can decide it: {REASONS[entry['reason']]}."
    certainty = entry["verdict"][PUBLICATION]["certainty"]
    detail = entry.get("detail", {}).get(PUBLICATION, {})
    parts = [
        UNRATED.get(code, "") if detail.get("rule") not in WORDS_BY_RULE else "",
        f"certainty of the evidence: {words(certainty).lower()}" if certainty else "",
        RULE_WORDS.get(detail.get("rule", ""), ""),
        *detail.get("reasons", []),
        f"scale: {SCALE}" if code in RATINGS else "",
    ]
    return "; ".join(part for part in parts if part)


def words(code: str) -> str:
    """A code as a reader says it.

    >>> words("MOSTLY_SUPPORTED"), words("VERY_LOW")
    ('Mostly supported', 'Very low')
    """
    return VERDICTS.get(code, code.replace("_", " ")).capitalize()


def files(project: Project) -> dict[str, bytes]:
    """All reviews in one JSON-LD graph."""
    found, article = results.read_results(project.fresh), registry.read(project).article
    who = citation.read(project)
    authors = who.authors if who else ()
    reviews = [
        review(entry, article, authors=authors, page=f"claims/{entry['id']}.html")
        for entry in found["claims"]
    ]
    graph = [_bare(each) for each in reviews if each]
    return {FILE: results.dump({"@context": CONTEXT, "@graph": graph}).encode()}


def _bare(review: Mapping[str, Any]) -> dict[str, Any]:
    """Without its own context: a graph has it once."""
    return {key: value for key, value in review.items() if key != "@context"}
