"""The versions of a daily series, one plot each, with unknown days shaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.figure import Figure

from analysis.figures.figure import Drawing
from analysis.figures.palette import INK, OUTCOMES, RULE
from analysis.figures.style import WIDE, styled
from analysis.methods.estimate import Outcome

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from pandas import DataFrame, Series

STYLES = (Outcome.FAIL, Outcome.UNCLEAR, Outcome.PASS)  # three distinct styles


def draw(versions: DataFrame, day: str, title: str) -> Drawing:
    """One plot a version of counts a day, a line at `day`, unknown days grey."""
    with styled():
        figure = Figure(figsize=(WIDE, 5.2))
        plots = figure.subplots(len(versions.columns), 1, sharex=True, sharey=True)
        for plot, name, outcome in zip(plots, versions, STYLES, strict=True):
            _plot(plot, versions[name], day, outcome)
        _months(plots[-1], versions, day)
        figure.subplots_adjust(left=0.09, right=0.98, top=0.95, bottom=0.1, hspace=0.35)
    counts = ", ".join(
        f"{name}: {int(series.notna().sum())} days known, mean {series.mean():.1f}"
        for name, series in versions.items()
    )
    first, last = versions.index[0], versions.index[-1]
    alt = f"Daily counts from {first} to {last}, one above the other. {counts}."
    return Drawing(figure=figure, data=versions.reset_index(names="day"), title=title, alt=alt)


def _plot(plot: Axes, series: Series, day: str, outcome: Outcome) -> None:
    style_, x = OUTCOMES[outcome], np.arange(len(series))
    plot.vlines(x, 0, series, color=style_.colour, linewidth=1)
    plot.plot(x, series, style_.marker, color=style_.colour, markersize=3)
    for missing in x[series.isna()]:
        plot.axvspan(missing - 0.5, missing + 0.5, color=RULE, linewidth=0, zorder=0, alpha=0.6)
    plot.axvline(series.index.get_loc(day), color=INK, linewidth=1.4)
    known = f"{int(series.notna().sum())} of {len(series)} days known, others grey"
    plot.set_title(f"{series.name}: {known}", loc="left", size=9.5)
    plot.set_ylabel("count a day", size=8.5)


def _months(plot: Axes, versions: DataFrame, day: str) -> None:
    firsts = [place for place, label in enumerate(versions.index) if label.endswith("-01")]
    plot.set_xticks(firsts, [versions.index[place][: len("2024-01")] for place in firsts])
    plot.set_xlabel(f"day; the line is {day}")
