"""A drift as one page that needs nothing else: tables, both figures, and their difference."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, StrictUndefined

from analysis.drift import comparison, image_diff
from analysis.drift.comparison import Drift
from analysis.drift.snapshots import Snapshot

TEMPLATE = Path(__file__).with_name("page.html.j2")


@dataclass(frozen=True, slots=True, kw_only=True)
class FigurePair:
    """A claim's figure in both states, as data URLs; empty where a state kept none."""

    claim: str
    statement: str
    before: str
    after: str
    difference: str
    note: str


def page(drift: Drift, before: Snapshot, after: Snapshot) -> str:
    """The whole page. Pictures are drawn only for claims that moved and have one on a side."""
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["shown"] = comparison.shown
    template = environment.from_string(TEMPLATE.read_text(encoding="utf-8"))
    return template.render(
        drift=drift,
        headline=comparison.headline(drift),
        heads=comparison.HEADINGS,
        kinds=[kind for kind in comparison.MOVEMENT_KINDS if drift.of(kind)],
        pairs=list(_pairs(drift, before, after)),
    )


def _pairs(drift: Drift, before: Snapshot, after: Snapshot) -> Iterator[FigurePair]:
    statements = {
        entry["id"]: entry["statement"]
        for state in (before, after)
        for entry in state.results["claims"]
    }
    for claim in drift.claims:
        old, new = before.picture(claim), after.picture(claim)
        if old or new:
            yield _pair(claim, statements.get(claim, ""), old, new)


def _pair(claim: str, statement: str, old: bytes | None, new: bytes | None) -> FigurePair:
    found = image_diff.overlay(old, new) if old and new else None
    return FigurePair(
        claim=claim,
        statement=statement,
        before=_url(old),
        after=_url(new),
        difference=_url(found.png if found and found.share else None),
        note=_note(found),
    )


def _note(found: image_diff.Overlay | None) -> str:
    if found is None:
        return "One of the states kept no picture of this figure."
    if not found.share:
        return "The two pictures look alike."
    more = " The pictures are not of one size." if found.resized else ""
    return f"{max(found.share, 0.0001):.2%} of the points differ.{more}"


def _url(picture: bytes | None) -> str:
    return f"data:image/png;base64,{base64.b64encode(picture).decode()}" if picture else ""
