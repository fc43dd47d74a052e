"""What a figure must hold whatever it shows: every word on the page and none over another."""

from __future__ import annotations

import itertools

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

from analysis.figures.figure import Drawing
from analysis.figures.style import DPI, styled

TOUCH = 1.5  # pixels by which two boxes may share an edge


def _boxes(drawing: Drawing) -> list[tuple[str, object]]:
    with styled():
        drawing.figure.set_dpi(DPI)
        renderer = FigureCanvasAgg(drawing.figure).get_renderer()
        drawing.figure.draw(renderer)
        hidden = {id(text) for axes in drawing.figure.axes for text in _beyond(axes)}
        return [
            (text.get_text(), text.get_window_extent(renderer))
            for text in drawing.figure.findobj(Text)
            if text.get_visible() and text.get_text().strip() and id(text) not in hidden
        ]


def _beyond(axes) -> list[Text]:
    """The labels of ticks that lie outside the plot: they exist, but are not drawn."""
    found = []
    for axis in (axes.xaxis, axes.yaxis):
        low, high = sorted(axis.get_view_interval())
        for tick in axis.get_major_ticks() + axis.get_minor_ticks():
            if not low <= tick.get_loc() <= high:
                found += [tick.label1, tick.label2]
    return found


@pytest.fixture
def misplaced():
    """The words of a drawing that leave the page or lie over others."""

    def find(drawing: Drawing) -> list[str]:
        boxes = _boxes(drawing)
        page = drawing.figure.bbox
        out = [
            f"{text!r} leaves the page"
            for text, box in boxes
            if box.x0 < -TOUCH
            or box.y0 < -TOUCH
            or box.x1 > page.width + TOUCH
            or box.y1 > page.height + TOUCH
        ]
        over = [
            f"{one!r} lies over {two!r}"
            for (one, a), (two, b) in itertools.combinations(boxes, 2)
            if min(a.x1, b.x1) - max(a.x0, b.x0) > TOUCH
            and min(a.y1, b.y1) - max(a.y0, b.y0) > TOUCH
        ]
        return out + over

    return find
