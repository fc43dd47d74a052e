"""The typeface of the figures: where its files are, and which characters it can draw.

Nothing here loads matplotlib, so that a text can be checked long before it is drawn.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from analysis.yamlfile import Path_


def _file(package: ModuleSpec | None, path: str) -> str:
    """A file of an installed package, which is not imported for it."""
    origin = cast("str", cast("ModuleSpec", package).origin)  # both packages are required
    return str(Path(origin).parent / path)


FONTS = Path(__file__).parents[1] / "figures" / "fonts"
REGULAR = str(FONTS / "SourceSansPro-Regular.ttf")  # SIL Open Font License 1.1
BOLD = str(FONTS / "SourceSansPro-Bold.ttf")
SYMBOLS = {  # DejaVu Sans: arrows, ticks and other signs
    weight: _file(find_spec("matplotlib"), f"mpl-data/fonts/ttf/{name}.ttf")
    for weight, name in (("normal", "DejaVuSans"), ("bold", "DejaVuSans-Bold"))
}
FALLBACK = _file(find_spec("matplotlib_fontja"), "fonts/ipaexg.ttf")  # IPAexGothic: kana and kanji


def lacking(text: str) -> list[str]:
    """The characters of a text that the typeface lacks, each once and by its name.

    >>> lacking("From $70 to 日本"), lacking("a \N{ROCKET}")
    ([], ['🚀 (U+1F680 ROCKET)'])
    """
    found = dict.fromkeys(each for each in text if not each.isspace())
    return [named(each) for each in found if not each.isascii() and ord(each) not in _drawable()]


def undrawable(value: Any, where: Path_ = ()) -> Iterator[tuple[Path_, str]]:
    """What the texts of a plain value hold that `lacking` finds, with the place of each text.

    >>> list(undrawable({"title": "a \N{ROCKET}", "grid": {"unit": ["$", "t"]}}))
    [(('title',), '🚀 (U+1F680 ROCKET)')]
    """
    if isinstance(value, str):
        yield from ((where, each) for each in lacking(value))
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from undrawable(key, (*where, key))
            yield from undrawable(item, (*where, key))
    elif isinstance(value, Sequence):
        for index, item in enumerate(value):
            yield from undrawable(item, (*where, index))


def named(character: str) -> str:
    """A character with its code and its name, as a message shows one that cannot be seen."""
    name = unicodedata.name(character, "without a name")
    return f"{character} (U+{ord(character):04X} {name})"


@cache
def _drawable() -> frozenset[int]:
    """The code points that can be drawn in either weight; the fallback has one weight for both."""
    regular, bold, fallback = (_points(path) for path in (REGULAR, BOLD, FALLBACK))
    normal_signs, bold_signs = (_points(path) for path in SYMBOLS.values())
    return (regular & bold) | (normal_signs & bold_signs) | fallback


def _points(path: str) -> frozenset[int]:
    from fontTools.ttLib import TTFont

    with TTFont(path, lazy=True) as font:
        return frozenset(font.getBestCmap())
