"""Everything that a reader may look for, on one page that a script narrows down."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from analysis.site.cards import cards
from analysis.site.context import Material
from analysis.site.page import Page
from analysis.site.tables import address, publishers, used_sources


class Hit(NamedTuple):
    """A place of the site: what it is, where it is, and a few words about it."""

    title: str
    href: str
    about: str
    verdict: Mapping[str, str] = {}
    words: str = ""  # that it is found by beside those that it shows


def page(material: Material) -> Page:
    """All claims, tables and sources; without scripts a list to be searched by the browser."""
    kinds = {
        "Claims": list(_claims(material)),
        "Tables": list(_tables(material)),
        "Sources": list(_sources(material)),
    }
    return Page(
        path="search.html",
        template="search.html",
        title="Find",
        description="All claims, tables and sources of this audit.",
        context={"kinds": kinds},
    )


def _claims(material: Material) -> Iterator[Hit]:
    for each in cards(material):
        about = f"{each['id']}. The article says: {each['statement']}"
        place = f"claims/{each['id']}.html"
        yield Hit(each["finding"], place, about, each["verdict"], each["words"])


def _tables(material: Material) -> Iterator[Hit]:
    for name, info in material.catalog.tables.items():
        about = f"{info.row} From {', '.join(publishers(material, name))}."
        yield Hit(info.title, address(name), about)


def _sources(material: Material) -> Iterator[Hit]:
    """The sources that some table cites, at their place on the page of the first such table."""
    for name, table in used_sources(material).items():
        source = material.sources[name]
        family = material.called(source.family)
        about = source.publisher if family in source.publisher else f"{source.publisher}; {family}"
        yield Hit(source.title, f"{address(table)}#source-{name}", about)
