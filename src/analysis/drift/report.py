"""A drift as lines for a terminal, as JSON, and as Markdown for a pull request."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from analysis.drift.comparison import (
    HEADINGS,
    MOVEMENT_KINDS,
    Drift,
    Movement,
    grouped,
    headline,
    shown,
)

SCHEMA_VERSION = 1
COMMENT_MARKER = "<!-- claims drift -->"  # a workflow finds its earlier comment by it
UNFOLDED = ("flip", "verdict", "certainty", "environment")  # shown at once; the rest is folded away
SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "What `claims drift --json` prints",
    "type": "object",
    "required": ["schema_version", "before", "after", "headline", "movements"],
    "additionalProperties": False,
    "properties": {
        "schema_version": {"const": SCHEMA_VERSION},
        "before": {"type": "string"},
        "after": {"type": "string"},
        "headline": {"type": "string"},
        "movements": {"type": "array", "items": {"$ref": "#/$defs/movement"}},
    },
    "$defs": {
        "movement": {
            "type": "object",
            "required": ["kind", "claim", "what", "before", "after", "traced", "causes"],
            "additionalProperties": False,
            "properties": {
                "kind": {"enum": list(MOVEMENT_KINDS)},
                "claim": {"type": "string", "description": "empty where no single claim moved"},
                "what": {"type": "string", "description": "the place in the claim's record"},
                "before": True,
                "after": True,
                "traced": {"type": "boolean", "description": "whether causes could be looked for"},
                "causes": {"type": "array", "items": {"$ref": "#/$defs/cause"}},
            },
        },
        "cause": {
            "type": "object",
            "required": ["kind", "names"],
            "additionalProperties": False,
            "properties": {
                "kind": {"enum": ["data", "parameters", "code", "lock", "environment"]},
                "names": {"type": "array", "items": {"type": "string"}, "minItems": 1},
            },
        },
    },
}


def plain(drift: Drift) -> dict[str, Any]:
    """The drift as values for JSON, by `SCHEMA`."""
    return {
        "schema_version": SCHEMA_VERSION,
        "before": drift.before,
        "after": drift.after,
        "headline": headline(drift),
        "movements": [_plain(each) for each in drift.movements],
    }


def _plain(movement: Movement) -> dict[str, Any]:
    return {
        "kind": movement.kind,
        "claim": movement.claim,
        "what": movement.what,
        "before": movement.before,
        "after": movement.after,
        "traced": movement.traced,
        "causes": [{"kind": cause.kind, "names": list(cause.names)} for cause in movement.causes],
    }


def lines(drift: Drift) -> Iterator[str]:
    """The drift for a terminal."""
    yield headline(drift)
    for kind in MOVEMENT_KINDS:
        if found := drift.of(kind):
            yield f"\n{HEADINGS[kind]}"
            yield from _claims(found)


def _claims(movements: Sequence[Movement]) -> Iterator[str]:
    for name, found in grouped(movements).items():
        for i, each in enumerate(found):
            label = f"{name:<4} " if each.claim and not i else " " * 5
            yield f"  {label if each.claim else ''}{each}"
        if found[0].claim:
            yield f"       because {found[0].why}"


def markdown(drift: Drift) -> str:
    """The drift as a comment on a pull request: what is grave in sight, the rest to unfold."""
    parts = [COMMENT_MARKER, f"**{_cell(headline(drift))}**"]
    for kind in MOVEMENT_KINDS:
        if found := drift.of(kind):
            body = _table(found)
            heading = f"{HEADINGS[kind]} ({len(found)})"
            folded = f"<details><summary>{heading}</summary>\n\n{body}\n\n</details>"
            parts.append(f"### {heading}\n\n{body}" if kind in UNFOLDED else folded)
    return "\n\n".join(parts) + "\n"


def _table(movements: Sequence[Movement]) -> str:
    heads = "| claim | what moved | cause |\n|---|---|---|"
    rows = [_row(found) for found in grouped(movements).values()]
    return "\n".join([heads, *rows])


def _row(found: Sequence[Movement]) -> str:
    """All that moved of one claim in this kind, a line each in one cell."""
    first = found[0]
    what = "<br>".join(_cell(f"{each.what}: {_step(each)}") for each in found)
    return f"| {_cell(first.claim)} | {what} | {_cell(first.why if first.claim else '')} |"


def _step(movement: Movement) -> str:
    return f"{shown(movement.before)} → {shown(movement.after)}"


def _cell(text: str) -> str:
    """Text that can neither end a cell, nor begin a tag, nor mention anybody."""
    flat = " ".join(text.split()).replace("\\", "\\\\").replace("|", "\\|")
    return flat.replace("<", "&lt;").replace("@", "&#64;")
