"""Texts of an audit are drawn as they stand: no formula, no empty box, no number out of bounds."""

from __future__ import annotations

import logging

import pytest
from builders import claim, evidence, frame, run
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

from analysis import figures
from analysis.claims import typeface
from analysis.errors import DataError
from analysis.figures.style import DPI, TITLE, breadth, styled
from analysis.yamlfile import LARGEST

DOLLARS = "From $70 billion to $75 billion"
MATHTEXT = "$x_1$ and $\\frac{$"  # half of it is no formula that matplotlib can read
KANJI = "海峡の日本"


def drawn(values, *, claimed=75.0, unit="USD billion", title="It is so.", who="ab"):
    """The figure of a level and its specification curve."""
    rows = [
        {"who": each, "v": value, "source_id": each}
        for each, value in zip(who, values, strict=True)
    ]
    term = {"table": "x/t", "value": "v", "where": {"who": "{reporter}"}}
    names = list(who)
    measures = [{"reporter": names, "terms": [term]}]
    parameters = {"measures": measures, "claimed": claimed, "unit": unit, "reporter": names[0]}
    made = claim("level", parameters, grid={"reporter": names}, finding={"mixed": title})
    _, estimate, curve, vintage = run(made, evidence({"x/t": frame(rows)}))
    level = figures.level(made, estimate, curve, vintage)
    return level, figures.specification_curve(made, curve, vintage)


def texts(drawing) -> list[Text]:
    drawing.png()  # the labels of an axis are made when it is drawn
    return [text for text in drawing.figure.findobj(Text) if text.get_text().strip()]


@pytest.mark.parametrize("text", [DOLLARS, MATHTEXT, "$ billion", KANJI])
def test_a_title_is_as_wide_as_its_characters(text):
    level, _ = drawn((76, 73.5), title=text.replace("{", "{{"))
    (title,) = (each for each in texts(level) if text in each.get_text())
    with styled():
        title.figure.set_dpi(DPI)
        wide = title.get_window_extent(FigureCanvasAgg(title.figure).get_renderer()).width / DPI
        assert wide == pytest.approx(breadth(title.get_text(), TITLE, "bold"), abs=0.05)


@pytest.mark.parametrize("text", [DOLLARS, MATHTEXT, "$ billion", KANJI])
def test_units_and_choices_may_hold_any_of_them(text):
    for drawing in drawn((76, 73.5), unit=text, who=[text, "b"]):
        assert any(text in each.get_text() for each in texts(drawing))
        assert drawing.svg()


@pytest.mark.parametrize("claimed", [1e-30, 1e6, 1e50, LARGEST])
def test_a_logarithmic_axis_has_labels_without_formulas(claimed):
    for drawing in drawn((76, 73.5), claimed=claimed):
        assert [each.get_text() for each in texts(drawing) if "$" in each.get_text()] == []


def test_the_largest_numbers_are_drawn():
    for drawing in drawn((LARGEST, -LARGEST), claimed=-LARGEST):
        assert drawing.png()


def test_a_bold_character_of_the_fallback_is_drawn_without_a_complaint(caplog):
    with caplog.at_level(logging.WARNING, logger="matplotlib"):
        drawn((76, 73.5), title=KANJI)[0].png()
    assert caplog.records == []


@pytest.mark.parametrize("weight", ["normal", "bold"])
def test_what_is_lacking_is_what_cannot_be_drawn(weight):
    kept = "Aé–“×→−ŁЖΩ海峡日本国ひカ"
    assert typeface.lacking(kept) == []
    with styled():
        assert breadth(kept, 9, weight) > 0
    for each in "🚀해简":
        assert typeface.lacking(f"a{each}{each}") == [typeface.named(each)]
        with pytest.raises(DataError, match="no figure can draw"), styled():
            breadth(each, 9, weight)
