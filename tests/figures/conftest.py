"""What a figure must hold whatever it shows: every word on the page and none over another."""

from __future__ import annotations

import itertools

import pytest
from analysis.figures.drawing import DPI, Drawing
from analysis.figures.style import styled
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

TOUCH = 1.5  # pixels by which two boxes may share an edge


def _boxes(drawing: Drawing) -> list[tuple[str, object]]:
    with styled():
        drawing.figure.set_dpi(DPI)
        renderer = FigureCanvasAgg(drawing.figure).get_renderer()
        drawing.figure.draw(renderer)
        texts = [text for text in drawing.figure.findobj(Text) if text.get_visible()]
        return [
            (text.get_text(), text.get_window_extent(renderer))
            for text in texts
            if text.get_text().strip()
        ]


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
