"""One style for every figure, applied in a context: nothing global is touched.

A figure is as wide as the text of a page. Its parts have fixed sizes in inches, found from the
width of their words, so no layout has to be solved.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
from matplotlib.backends.backend_agg import get_hinting_flag
from matplotlib.figure import Figure
from matplotlib.font_manager import FontEntry, FontProperties, findfont, fontManager, get_font
from matplotlib.ft2font import LoadFlags

from analysis.claims.typeface import FALLBACK, named
from analysis.errors import DataError
from analysis.figures.palette import INK, MUTED, PAPER, RULE

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDTH = 6.3  # inches: 16 cm in print, and words can still be read at 390 px
MARGIN = 0.1
TITLE, BODY, SMALL = 11.5, 9.5, 8.5  # points
ROW = 0.235  # inches a row of a table-like figure takes
AXIS = 0.5  # inches for the labels of a horizontal axis and its name
DPI = 150  # of pictures made of pixels
POINTS, SUBPIXELS = 72, 64  # in an inch; in FreeType's unit of length
FONT = "DejaVu Sans"  # bundled with matplotlib, so text is the same everywhere
SECOND = "IPAexGothic of matplotlib-fontja"  # kana and kanji; its one weight serves as both
fontManager.ttflist += [
    FontEntry(fname=FALLBACK, name=SECOND, weight=weight, size="scalable") for weight in (400, 700)
]
GLYPH = r"Glyph (\d+) .* missing"  # matplotlib's warning
STYLE = {
    "font.family": [FONT, SECOND],
    "text.parse_math": False,  # a text with two dollar signs is an audit's, and no formula
    "font.size": BODY,
    "axes.labelsize": BODY,
    "axes.labelcolor": INK,
    "axes.edgecolor": MUTED,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.grid": False,
    "grid.color": RULE,
    "grid.linewidth": 0.6,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.labelsize": SMALL,
    "ytick.labelsize": SMALL,
    "text.color": INK,
    "legend.frameon": False,
    "legend.fontsize": SMALL,
    "figure.facecolor": PAPER,
    "savefig.facecolor": PAPER,
    "lines.solid_capstyle": "butt",
    "svg.fonttype": "path",
    "svg.hashsalt": "analysis",
    "timezone": "UTC",
}


@contextmanager
def styled() -> Iterator[None]:
    """The project's style on top of matplotlib's defaults, whatever the caller has set.

    A letter that the fonts lack is an error: it would be drawn as an empty box.
    """
    params: dict[Any, Any] = {**mpl.rcParamsDefault, "backend": mpl.rcParams["backend"], **STYLE}
    with mpl.rc_context(params), warnings.catch_warnings():
        warnings.filterwarnings("error", message=GLYPH)
        try:
            yield
        except UserWarning as fault:
            raise _undrawable(fault) from None


def _undrawable(fault: UserWarning) -> Exception:
    """The error for a character without a sign; any other warning stays what it is."""
    found = re.match(GLYPH, str(fault))
    if found is None:
        return fault
    message = f"no figure can draw {named(chr(int(found[1])))}: write it in words in the data"
    return DataError(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """The words around a plot."""

    title: str
    subtitle: str
    source: str


@lru_cache(maxsize=4096)
def breadth(text: str, size: float, weight: str = "normal") -> float:
    """The width of a line of text in inches: as pixels, or as outlines where those are wider."""
    font = get_font([findfont(FontProperties(family=FONT, weight=weight)), FALLBACK])
    font.set_size(size, DPI)
    font.set_text(text, flags=get_hinting_flag())
    pixels = font.get_width_height()[0] / SUBPIXELS / DPI
    font.set_size(100, POINTS)
    font.set_text(text, flags=LoadFlags.NO_HINTING)
    return max(pixels, font.get_width_height()[0] / SUBPIXELS / POINTS * size / 100)


def fold(
    text: str, width: float, size: float = BODY, *, max_lines: int = 3, weight: str = "normal"
) -> list[str]:
    """At most `max_lines` lines of at most `width` inches; a cut text ends in three dots."""
    lines: list[str] = []
    words = text.split()
    while words:
        n = _fitting(words, width, size, weight)
        if len(lines) == max_lines - 1 and n < len(words):
            return [*lines, clip(" ".join(words), width, size, weight=weight)]
        lines.append(clip(" ".join(words[:n]), width, size, weight=weight))
        words = words[n:]
    return lines


def _fitting(words: Sequence[str], width: float, size: float, weight: str) -> int:
    """The number of words that fit into a line, at least one."""
    count = 1
    while count < len(words) and breadth(" ".join(words[: count + 1]), size, weight) <= width:
        count += 1
    return count


def clip(text: str, width: float, size: float = SMALL, *, weight: str = "normal") -> str:
    """The text, cut where it is wider than `width` inches."""
    if breadth(text, size, weight) <= width:
        return text
    end = len(text)
    while end > 1 and breadth(text[:end].rstrip() + "…", size, weight) > width:
        end -= 1
    return text[:end].rstrip(" ,;:") + "…"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A figure with its heading and free space for plots; inches from the lower left."""

    figure: Figure
    top: float
    bottom: float
    left: float
    right: float

    def axes(self, *, left: float, bottom: float, width: float, height: float) -> Axes:
        """A plot at a place in inches."""
        high = self.figure.get_figheight()
        return self.figure.add_axes((left / WIDTH, bottom / high, width / WIDTH, height / high))

    def plot(self) -> Axes:
        """One plot over all the free space."""
        return self.axes(
            left=self.left,
            bottom=self.bottom,
            width=self.right - self.left,
            height=self.top - self.bottom,
        )


def sheet(
    heading: Heading,
    body: float,
    *,
    left: float,
    right: float = MARGIN,
    axis: float = AXIS,
    above: float = 0.5,
) -> Sheet:
    """A sheet with a plot `body` inches high; `above` are the inches for the legend."""
    text_width = WIDTH - 2 * MARGIN
    title = fold(heading.title, text_width, TITLE, max_lines=3, weight="bold")
    subtitle = fold(heading.subtitle, text_width, BODY, max_lines=4)
    source = fold(heading.source, text_width, SMALL, max_lines=3)
    head = MARGIN + 0.22 * len(title) + 0.18 * len(subtitle) + 0.04
    foot = MARGIN + 0.15 * len(source)
    height = head + above + body + axis + foot
    figure = Figure(figsize=(WIDTH, height))
    at = MARGIN / WIDTH
    line: dict[str, Any] = {"va": "top", "linespacing": 1.25}
    figure.text(at, 1 - 0.08 / height, "\n".join(title), size=TITLE, weight="bold", **line)
    below = 1 - (0.11 + 0.22 * len(title)) / height
    figure.text(at, below, "\n".join(subtitle), size=BODY, **line)
    figure.text(at, 0.07 / height, "\n".join(source), size=SMALL, color=MUTED, va="bottom")
    return Sheet(
        figure=figure,
        top=height - head - above,
        bottom=foot + axis,
        left=left,
        right=WIDTH - right,
    )
