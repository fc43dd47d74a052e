"""The few pieces of HTML that every object is shown with.

Text has the colour of its surroundings, so that it is readable on light and on dark; coloured is
only the ground of a badge, on which white words have a contrast of 4.5:1.
"""

from __future__ import annotations

import html
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from analysis.figures.palette import ON_COLOUR, OUTCOMES, VERDICTS, Style
from analysis.verdicts.wording import word

LINE = "border-bottom:1px solid color-mix(in srgb, currentColor 20%, transparent)"
CELL = f"padding:.2em .7em .2em 0;vertical-align:top;white-space:normal;{LINE}"
NO_FORMULAS = "mathjax_ignore tex2jax_ignore"  # two dollar signs are no formula to a notebook
PILL = f"display:inline-block;padding:0 .6em;border-radius:1em;line-height:1.5;color:{ON_COLOUR};"


def text(value: Any) -> str:
    """Any value as text of a page.

    >>> text("a < b")
    'a &lt; b'
    """
    return html.escape(str(value))


def card(title: str, *parts: str) -> str:
    """A titled piece; `parts` are HTML, `title` is text. Empty parts are left out."""
    inner = "".join(part for part in parts if part)
    head = f"<p><strong>{text(title)}</strong></p>"
    return f'<div class="{NO_FORMULAS}" style="max-width:60em">{head}{inner}</div>'


def paragraph(label: str, words: str) -> str:
    """A labelled sentence; nothing without words."""
    return f"<p><em>{text(label)}:</em> {text(words)}</p>" if words else ""


def listed(items: Iterable[str], label: str = "") -> str:
    """Texts as a list under its label; nothing without texts."""
    points = "".join(f"<li>{text(item)}</li>" for item in items)
    head = f"<p><em>{text(label)}:</em></p>" if label else ""
    return f"{head}<ul>{points}</ul>" if points else ""


def folded(summary: str, inner: str) -> str:
    """HTML that opens at a click."""
    return f"<details><summary>{text(summary)}</summary>{inner}</details>"


def table(
    head: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    caption: str,
    numeric: Collection[int] = (),
) -> str:
    """A table whose cells are HTML and whose first cell heads its row.

    `numeric` are the places of the columns that are set to the right.
    """
    sides = ["right" if place in numeric else "left" for place in range(len(head))]
    heads = "".join(
        f'<th scope="col" style="{CELL};text-align:{side}">{text(name)}</th>'
        for name, side in zip(head, sides, strict=True)
    )
    body = "".join(f"<tr>{_row(row, sides)}</tr>" for row in rows)
    return (
        f'<table style="border-collapse:collapse;font-size:inherit">'
        f'<caption style="text-align:left;padding:.3em 0">{text(caption)}</caption>'
        f"<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"
    )


def _row(cells: Sequence[str], sides: Sequence[str]) -> str:
    first, *rest = cells
    made = f'<th scope="row" style="{CELL};text-align:left;font-weight:normal">{first}</th>'
    for cell, side in zip(rest, sides[1:], strict=True):
        made += f'<td style="{CELL};text-align:{side}">{cell}</td>'
    return made


def verdict(code: str, rule: str = "") -> str:
    """A verdict: its sign and its word, on its colour."""
    return _pill(VERDICTS[code], word(code, rule))


def outcome(value: Any) -> str:
    """An outcome of one specification, None for no evidence."""
    return _pill(OUTCOMES[value], OUTCOMES[value].word)


def _pill(style: Style, words: str) -> str:
    sign = style.marker if not style.marker.isascii() else ""
    return f'<span style="{PILL}background:{style.colour}">{text(f"{sign} {words}".strip())}</span>'


def bar(shares: Sequence[tuple[str, float]]) -> str:
    """Shares of one whole as a strip of colours. The numbers must stand beside it in words."""
    parts = "".join(
        f'<span style="width:{share:.1%};background:{colour}"></span>'
        for colour, share in shares
        if share > 0
    )
    style = "display:inline-flex;width:8em;height:.8em;vertical-align:middle"
    return f'<span aria-hidden="true" style="{style}">{parts}</span>'
