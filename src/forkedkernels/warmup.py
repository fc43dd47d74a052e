"""Fill a library's caches before the first fork. Name these functions among the preloads."""

from __future__ import annotations

import io


def matplotlib() -> None:
    """Find the fonts and load both writers, by a tiny figure that nobody sees."""
    from matplotlib.backends import backend_agg, backend_svg
    from matplotlib.figure import Figure

    for canvas, write in (
        (backend_agg.FigureCanvasAgg, "print_png"),
        (backend_svg.FigureCanvasSVG, "print_svg"),
    ):
        figure = Figure(figsize=(1, 1))
        figure.add_subplot().set_title("x", fontweight="bold")
        getattr(canvas(figure), write)(io.BytesIO())
