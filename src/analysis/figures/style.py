"""One style for every figure, applied in a context: nothing global is touched.

A figure of a claim is 12 cm wide: in a printed column of 85 mm its smallest letters have 7 points,
and on a telephone they can be read. Its parts have fixed sizes in inches, found from the width of
their words, so no layout has to be solved.
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
from matplotlib.font_manager import FontEntry, fontManager, get_font
from matplotlib.ft2font import LoadFlags

from analysis.claims.typeface import BOLD, FALLBACK, REGULAR, SYMBOLS, named
from analysis.errors import DataError
from analysis.figures.palette import INK, MUTED, PAPER, RULE

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDTH = 4.725  # inches: 12 cm
WIDE = 6.3  # inches of a figure with columns of names: 16 cm, and of the whole audit
MARGIN = 0.1
TITLE, BODY, SMALL = 12.5, 10.5, 9.9  # points
LEADING = 0.0177  # inches that a line takes for each point of its letters
ROW = 0.235  # inches a row of a table-like figure takes
AXIS = 0.5  # inches for the labels of a horizontal axis and its name
PIXELS = 945  # the width of a picture made of pixels
DPI = 150  # in which the width of words is measured
USUAL = 0.46  # the usual width of a letter, as a share of its size
POINTS, SUBPIXELS = 72, 64  # in an inch; in FreeType's unit of length
FONT = "Source Sans of the project"  # its files ship with the package: the same text everywhere
SECOND = "DejaVu Sans"  # bundled with matplotlib: arrows, ticks and other signs
THIRD = "IPAexGothic of matplotlib-fontja"  # kana and kanji; its one weight serves as both
FILES = {"normal": REGULAR, "bold": BOLD}
fontManager.ttflist += [
    FontEntry(fname=fname, name=name, weight=weight, size="scalable")
    for name, weight, fname in (
        (FONT, 400, REGULAR),
        (FONT, 700, BOLD),
        (THIRD, 400, FALLBACK),
        (THIRD, 700, FALLBACK),
    )
]
GLYPH = r"Glyph (\d+) .* missing"  # matplotlib's warning
STYLE = {
    "font.family": [FONT, SECOND, THIRD],
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
    "svg.fonttype": "none",
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
    """The words around a plot; `claim` is what the article says."""

    title: str
    subtitle: str
    source: str
    claim: str = ""


NO_HEADING = Heading(title="", subtitle="", source="")


@lru_cache(maxsize=4096)
def breadth(text: str, size: float, weight: str = "normal") -> float:
    """The width of a line of text in inches: as pixels, or as outlines where those are wider."""
    font = get_font([FILES[weight], SYMBOLS[weight], FALLBACK])
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
    """The number of words that fit into a line, at least one.

    Begins with as many as letters of the usual width would give: to measure is what takes time.
    """

    def fits(n: int) -> bool:
        return breadth(" ".join(words[:n]), size, weight) <= width

    letters = int(width * POINTS / (size * USUAL))
    count = min(max(1, " ".join(words)[: letters + 1].count(" ")), len(words))
    while count < len(words) and fits(count + 1):
        count += 1
    while count > 1 and not fits(count):
        count -= 1
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
        wide, high = self.figure.get_size_inches()
        return self.figure.add_axes((left / wide, bottom / high, width / wide, height / high))

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
    width: float = WIDTH,
) -> Sheet:
    """A sheet with a plot `body` inches high; `above` are the inches for the legend."""
    text_width = width - 2 * MARGIN
    title = fold(heading.title, text_width, TITLE, max_lines=4, weight="bold")
    said = f"The article says: {heading.claim}" if heading.claim else ""
    claim = fold(said, text_width, BODY, max_lines=4)
    subtitle = fold(heading.subtitle, text_width, BODY, max_lines=6)
    source = fold(heading.source, text_width, SMALL, max_lines=3)
    titled, claimed, found, cited = (
        size * LEADING * len(lines)
        for size, lines in ((TITLE, title), (BODY, claim), (BODY, subtitle), (SMALL, source))
    )
    gap = 0.05 if claim and subtitle else 0.0
    head = MARGIN + titled + claimed + gap + found + 0.06
    foot = MARGIN + cited
    height = head + above + body + axis + foot
    figure = Figure(figsize=(width, height))
    at = MARGIN / width
    line: dict[str, Any] = {"va": "top", "linespacing": 1.25}
    figure.text(at, 1 - 0.08 / height, "\n".join(title), size=TITLE, weight="bold", **line)
    below = 1 - (0.12 + titled) / height
    figure.text(at, below, "\n".join(claim), size=BODY, color=MUTED, **line)
    below -= (claimed + gap) / height
    figure.text(at, below, "\n".join(subtitle), size=BODY, **line)
    figure.text(at, 0.07 / height, "\n".join(source), size=SMALL, color=MUTED, va="bottom")
    return Sheet(
        figure=figure,
        top=height - head - above,
        bottom=foot + axis,
        left=left,
        right=width - right,
    )
