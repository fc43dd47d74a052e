"""An SVG that carries its typeface, describes itself, follows dark mode and names its marks.

Text stays text. The letters that it needs are embedded as a subset of the typeface, so that it
looks the same on a machine that lacks it, and inside an `<img>`, where no style sheet reaches it.
"""

from __future__ import annotations

import base64
import hashlib
import html
import io
import re
from functools import lru_cache
from typing import TYPE_CHECKING

from analysis.claims.typeface import FALLBACK, SYMBOLS
from analysis.figures.palette import DARK, DARK_WORDS
from analysis.figures.style import FILES, FONT, SECOND, THIRD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.artist import Artist

NOTE = "note: "  # begins the id of an artist that shows words on hover and focus
# Latin, then punctuation, arrows, signs of mathematics, shapes and ticks
USUAL = frozenset(
    chr(code)
    for first, last in ((0x20, 0x17F), (0x2010, 0x2044), (0x2190, 0x22FF), (0x25A0, 0x2718))
    for code in range(first, last + 1)
)
LAYOUT = ["GSUB", "GPOS", "GDEF", "kern", "DSIG", "FFTM"]  # tables of layout rules, and of tools
WEIGHTS = {"normal": 400, "bold": 700}
TEXT = re.compile(r"<text\b[^>]*style=\"([^\"]*)\"[^>]*>(.*?)</text>", re.DOTALL)
BOLD_STYLE = re.compile(r"font(?:-weight)?:[^;\"]*\b(?:bold|700)\b")
MARKER = re.compile(r'(<path id="[^"]*" d="[^"]*" style=")([^"]*)"')
OWN_COLOUR = re.compile(r"(?:fill|stroke): #[0-9a-f]{6};? ?")
NOTED = re.compile(rf"<g id=([\"']){NOTE}(.*?)\1>", re.DOTALL)


def warm_up() -> None:
    """Cut the usual letters from each typeface that figures have as a rule: before a fork."""
    for path in (*FILES.values(), *SYMBOLS.values()):
        _usual(path)
        _points(path)


def note(artist: Artist, words: str) -> None:
    """Let an SVG show `words` where a pointer or the keyboard reaches the artist."""
    artist.set_gid(NOTE + words)


def described(picture: str, title: str, alt: str) -> bytes:
    """The SVG of matplotlib as one labelled image; its ids are unique on a page."""
    own = hashlib.sha256(f"{title}\n{alt}".encode()).hexdigest()[:8]
    head = (
        f' id="figure-{own}" role="img" aria-labelledby="title-{own} desc-{own}">'
        f'\n <title id="title-{own}">{html.escape(title)}</title>'
        f'\n <desc id="desc-{own}">{html.escape(alt)}</desc>'
        f"\n <style>\n{_faces(picture)}{_dark(f'#figure-{own}')}</style>"
    )
    # each use of a marker has the colours too, and no rule of a page reaches those of the marker
    picture = MARKER.sub(lambda found: f'{found[1]}{OWN_COLOUR.sub("", found[2])}"', picture)
    picture = re.sub(r"(<svg\b[^>]*)>", lambda tag: tag[1] + head, picture, count=1)
    return NOTED.sub(r'<g tabindex="0"><title>\2</title>', picture).encode()


def _dark(scope: str) -> str:
    """The rules that exchange each colour where the reader prefers a dark page."""
    rules = [
        f'{scope} [style*="{what}: {light}"] {{ {what}: {dark} !important }}'
        for light, dark in DARK.items()
        for what in ("fill", "stroke")
    ]
    rules += [
        f'{scope} text[style*="fill: {light}"] {{ fill: {dark} !important }}'
        for light, dark in DARK_WORDS.items()
    ]
    return "@media screen and (prefers-color-scheme: dark) {\n" + "\n".join(rules) + "\n}\n"


def _faces(picture: str) -> str:
    """The typefaces of the texts, each with no more than the characters that are drawn."""
    used: dict[str, set[str]] = {weight: set() for weight in WEIGHTS}
    for look, text in TEXT.findall(picture):
        weight = "bold" if BOLD_STYLE.search(look) else "normal"
        used[weight] |= set(html.unescape(text))
    return "".join(rule for weight, letters in used.items() for rule in _rules(weight, letters))


def _rules(weight: str, letters: set[str]) -> Iterator[str]:
    """A rule for each typeface that has some of the letters, in the order of preference."""
    left = {letter for letter in letters if not letter.isspace()}
    for name, path in ((FONT, FILES[weight]), (SECOND, SYMBOLS[weight]), (THIRD, FALLBACK)):
        here = {letter for letter in left if ord(letter) in _points(path)}
        left -= here
        if here:
            data = base64.b64encode(_face(path, "".join(sorted(here)) + " ")).decode()
            yield (
                f'@font-face {{ font-family: "{name}"; font-weight: {WEIGHTS[weight]}; '
                f"src: url(data:font/ttf;base64,{data}) }}\n"
            )


@lru_cache(maxsize=8)
def _points(path: str) -> frozenset[int]:
    from fontTools.ttLib import TTFont

    with TTFont(path, lazy=True) as font:
        return frozenset(font.getBestCmap())


@lru_cache(maxsize=256)
def _face(path: str, letters: str) -> bytes:
    """The typeface with these letters only; the usual ones are cut from a small copy of it."""
    usual = USUAL.issuperset(letters)
    return _subset(io.BytesIO(_usual(path)) if usual else path, letters)


@lru_cache(maxsize=8)
def _usual(path: str) -> bytes:
    """The typeface with the usual letters: to cut from it is several times faster."""
    return _subset(path, "".join(sorted(USUAL)))


def _subset(source: str | io.BytesIO, letters: str) -> bytes:
    """A typeface with these letters only: no hints, no layout rules, no time of its making."""
    from fontTools import subset

    options = subset.Options(
        hinting=False, layout_features=[], notdef_outline=True, recalc_timestamp=False,
        name_IDs=[], drop_tables=LAYOUT,
    )  # fmt: skip
    buffer = io.BytesIO()
    with subset.load_font(source, options, lazy=True) as font:
        for table in set(LAYOUT) & set(font.keys()):  # or the subsetter would read them first
            del font[table]
        subsetter = subset.Subsetter(options)
        subsetter.populate(text=letters)
        subsetter.subset(font)
        subset.save_font(font, buffer, options)
    return buffer.getvalue()
