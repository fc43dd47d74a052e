"""An SVG carries its typeface, names its marks and follows dark mode."""

from __future__ import annotations

import base64
import io
import re
from xml.etree import ElementTree as ET

import pandas as pd
import pytest
from fontTools.ttLib import TTFont
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.figures import palette, svg
from analysis.figures.contrast import contrast
from analysis.figures.figure import Drawing
from analysis.figures.style import FILES, SYMBOLS, Heading, sheet, styled
from analysis.figures.svg import note

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def picture() -> bytes:
    with styled():
        page = sheet(Heading(title="Rise ▲ 海峡", subtitle="A & b", source="s"), 1, left=1)
        axes = page.plot()
        (mark,) = axes.plot([1], [2], marker="o", color=palette.INK)
        note(mark, 'Norland & "Sudland": 2')
    data = pd.DataFrame()
    return Drawing(figure=page.figure, data=data, title="t", alt="a").svg()


def test_text_is_text_and_its_letters_are_in_the_file(picture):
    root = ET.fromstring(picture)  # noqa: S314 - made here
    words = "".join("".join(text.itertext()) for text in root.iter(f"{SVG}text"))
    assert "Rise ▲ 海峡" in words
    fonts = re.findall(rb"font/ttf;base64,([^)]*)", picture)
    drawable: set[int] = set()
    for font in fonts:
        with TTFont(io.BytesIO(base64.b64decode(font))) as read:
            drawable |= set(read.getBestCmap())
    assert {ord(letter) for letter in words} <= drawable
    assert len(picture) < 60_000  # no more than the letters


@settings(max_examples=20, deadline=None)
@given(
    path=st.sampled_from([*FILES.values(), *SYMBOLS.values()]),
    letters=st.sets(st.sampled_from(sorted(svg.USUAL)), max_size=40),
)
def test_a_typeface_cut_from_the_small_copy_has_the_same_bytes(path, letters):
    text = "".join(sorted(letter for letter in letters if ord(letter) in svg._points(path))) + " "
    assert svg._face(path, text) == svg._subset(path, text)


def test_a_mark_says_its_value_on_hover_and_focus(picture):
    root = ET.fromstring(picture)  # noqa: S314 - made here
    found = [group for group in root.iter(f"{SVG}g") if group.get("tabindex") == "0"]
    assert [group.find(f"{SVG}title").text for group in found] == ['Norland & "Sudland": 2']


def test_no_colour_hides_inside_a_marker(picture):
    """A rule for dark pages reaches the uses of a marker, not the marker itself."""
    root = ET.fromstring(picture)  # noqa: S314 - made here
    markers = [path for path in root.iter(f"{SVG}path") if path.get("id")]
    assert markers
    assert not [path for path in markers if "#" in (path.get("style") or "")]


@pytest.mark.parametrize("light", [c for c in palette.DARK if c not in {
    palette.RULE, palette.PAPER, palette.ADMITTED, palette.PALE}])  # fmt: skip
def test_words_and_marks_are_legible_on_a_dark_page(light):
    for back in (palette.DARK_PAPER, palette.DARK[palette.ADMITTED], palette.DARK[palette.PALE]):
        assert contrast(palette.DARK[light], back) > 4.5
