"""The article in our words: paragraphs in which each claim has the colour of its verdict."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from analysis.errors import AnalysisError
from analysis.figures.palette import VERDICTS
from analysis.formatting import day
from analysis.site import words
from analysis.site.cards import Card, badge, cards, tally
from analysis.site.context import Material
from analysis.site.page import Page
from analysis.verdicts import evolution


def page(material: Material) -> Page:
    """The annotated article, with how the verdicts stood on each day of the last replay."""
    shown = cards(material)
    title = "The article, annotated"
    context = {
        "cards": shown,
        "tally": tally(shown),
        "sections": list(sections(material, shown)),
        "replay": replay(material),
        "codes": {code: badge(code) for code in VERDICTS},
    }
    description = (
        f"“{material.register.article.title}”, sentence by sentence, with the verdict on each."
    )
    return Page(
        path="article.html",
        template="article.html",
        title=title,
        description=description,
        context=context,
    )


def sections(
    material: Material, shown: Sequence[Card]
) -> Iterator[tuple[str, list[tuple[str, list[Card]]]]]:
    """Each section with its paragraphs, each of them with its claims."""
    claims = material.register.claims
    for code, title in material.register.sections.items():
        own = [each for each in shown if each["section"] == code]
        paragraphs: dict[str, list[Card]] = {}
        for each in sorted(own, key=lambda each: words.sentence(claims[each["id"]].locator)):
            paragraphs.setdefault(words.paragraph(claims[each["id"]].locator), []).append(each)
        yield title, sorted(paragraphs.items(), key=_number)


def _number(paragraph: tuple[str, object]) -> int:
    """The number of a paragraph; what has none, such as a title, stands before them."""
    return int(paragraph[0]) if paragraph[0].isdigit() else 0


def replay(material: Material) -> Mapping[str, Any] | None:
    """The days of the last replay and each claim's verdict on them.

    A claim whose rule or tables changed since is left out, and so keeps the verdict of the page.
    None where nothing was replayed.
    """
    try:
        found = evolution.read(material.project)
    except AnalysisError:
        return None
    stale = set(evolution.stale(material.project, material.register, found))
    days, codes = found["days"], list(VERDICTS)
    return {
        "days": [day(date.fromisoformat(each)) for each in days],
        "published": days.index(found["published"]) if found["published"] in days else 0,
        "claims": {
            name: [codes.index(code) for code in entry["codes"]]
            for name, entry in found["claims"].items()
            if name not in stale
        },
    }
