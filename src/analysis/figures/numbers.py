"""Two labelled numbers side by side: what the article says, and what is on record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.figures import style
from analysis.figures.palette import INK, MUTED, RULE
from analysis.figures.quotations import words
from analysis.figures.style import LEADING, MARGIN, SMALL, WIDTH, fold

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LARGE = 30  # points of a number
LINE = SMALL * LEADING  # inches of a line of words
GAP = 0.25  # inches between the two


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """A number with what it is, its unit and where it is from."""

    label: str
    value: str
    unit: str
    note: str = ""
    colour: str = INK


def beside(
    heading: style.Heading, first: Labelled, second: Labelled, *, context: Sequence[str] = ()
) -> Figure:
    """The two numbers, then a line of words for each entry of `context`."""
    wide = (WIDTH - 2 * MARGIN - GAP) / 2
    notes = max(len(_noted(each, wide)) for each in (first, second))
    folded = [fold(text, WIDTH - 2 * MARGIN, SMALL, max_lines=4) for text in context]
    lines = sum(map(len, folded))
    high = 1.05 + notes * LINE + (lines * LINE + 0.2 + 0.06 * len(folded) if folded else 0)
    page = style.sheet(heading, high, left=0, right=0, axis=0.06, above=0.12)
    axes = page.plot()
    axes.set(xlim=(0, WIDTH), ylim=(high, 0))
    axes.set_axis_off()
    for left, each in ((MARGIN, first), (MARGIN + wide + GAP, second)):
        _number(axes, left, each, wide)
    axes.vlines(MARGIN + wide + GAP / 2, 0, 1.0 + notes * LINE, colors=RULE, linewidth=0.8)
    y = 1.05 + notes * LINE + 0.16
    for each_line in folded:
        words(axes, MARGIN, y, each_line)
        y += len(each_line) * LINE + 0.06
    return page.figure


def _noted(each: Labelled, wide: float) -> list[str]:
    return fold(each.note, wide, SMALL, max_lines=5)


def _number(axes: Axes, left: float, each: Labelled, wide: float) -> None:
    words(axes, left, 0, [each.label], colour=MUTED)
    size = LARGE
    while size > SMALL and style.breadth(each.value, size, "bold") > wide:
        size -= 1
    axes.text(left, 0.65, each.value, size=size, weight="bold", color=each.colour)
    words(axes, left, 0.8, [style.clip(each.unit, wide, SMALL)])
    words(axes, left, 0.8 + LINE, _noted(each, wide), colour=MUTED)
