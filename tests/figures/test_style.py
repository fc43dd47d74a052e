"""Words fit where they are put, and nothing global is touched."""

from __future__ import annotations

import matplotlib as mpl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.figures.style import WIDTH, Heading, breadth, clip, fold, sheet, styled

TEXTS = st.text(st.characters(codec="latin-1", categories=["L", "N", "P", "Zs"]), max_size=80)


def test_a_bold_line_is_wider_and_a_larger_one_too():
    assert breadth("Claimed", 9, "bold") > breadth("Claimed", 9) > breadth("Claimed", 8)
    assert breadth("", 9) == 0


@given(TEXTS, st.floats(0.4, 6), st.integers(1, 4))
def test_folded_lines_fit(text, width, max_lines):
    lines = fold(text, width, 9, max_lines=max_lines)
    assert len(lines) <= max_lines
    assert all(breadth(line, 9) <= width for line in lines)


@given(TEXTS)
def test_folding_keeps_the_words(text):
    assert " ".join(fold(text, 3, 9, max_lines=99)).split() == text.split() or "…" in "".join(
        fold(text, 3, 9, max_lines=99)
    )


def test_what_is_cut_says_so():
    assert clip("a rather long label", 0.6, 9).endswith("…")
    assert clip("short", 3, 9) == "short"
    assert fold("one two three four five six", 0.6, 9, max_lines=2)[-1].endswith("…")


def test_the_style_is_applied_and_taken_back():
    mpl.rcParams["font.size"] = before = 13.5
    try:
        with styled():
            assert mpl.rcParams["font.size"] != before
            assert mpl.rcParams["svg.hashsalt"] == "analysis"
        assert mpl.rcParams["font.size"] == before
    finally:
        mpl.rcParams.update(mpl.rcParamsDefault)


@pytest.mark.parametrize("title", ["Short", "A title that needs two lines " * 3])
def test_a_sheet_grows_with_its_words(title):
    with styled():
        made = sheet(Heading(title=title, subtitle="Found.", source="s"), 2, left=1)
        axes = made.plot()
    height = made.figure.get_figheight()
    assert made.figure.get_figwidth() == WIDTH
    assert axes.get_position().height * height == pytest.approx(2)
    assert made.top < height


@given(st.lists(st.text("abIWmÄ .,1日→", min_size=1), max_size=20), st.floats(0.3, 5))
def test_a_line_takes_as_many_words_as_fit(parts, width):
    words = " ".join(parts).split()
    longer = range(2, len(words) + 1)
    wide = (n for n in longer if breadth(" ".join(words[:n]), 9) > width)
    taken = next(wide, len(words) + 1) - 1
    lines = fold(" ".join(words), width, 9, max_lines=99)
    assert lines[:1] == [clip(" ".join(words[:taken]), width, 9)][: len(words)]
