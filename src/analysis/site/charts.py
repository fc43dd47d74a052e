"""Small charts that a page draws itself."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

WIDTH, HEIGHT = 160, 32  # of the drawing; a style sheet scales it


def by_year(years: Sequence[int]) -> Markup:
    """How many rows each year has, as bars; `years` is the first year, then the counts.

    >>> str(by_year([2019, 1, 0, 4])).count("M")
    2
    """
    first, *counts = years
    last, most = first + len(counts) - 1, max(counts)
    step = WIDTH / len(counts)
    bars = "".join(
        _bar(place * step, max(1.0, HEIGHT * count / most), step * 0.8)
        for place, count in enumerate(counts)
        if count
    )
    label = f"Rows by year, {first} to {last}; at most {most:,} in a year"
    return Markup(
        '<span class="chart"><svg viewBox="0 0 {} {}" role="img" aria-label="{}"'
        ' preserveAspectRatio="none"><path d="{}"/></svg>'
        '<span class="small muted" aria-hidden="true">{} to {}</span></span>'
    ).format(WIDTH, HEIGHT, label, bars, first, last)


def _bar(left: float, height: float, width: float) -> str:
    return f"M{left:.1f} {HEIGHT}v-{height:.1f}h{width:.1f}V{HEIGHT}z"
