"""Daily counts around a day as stems, missing days hatched, days that are cut out tinted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pandas as pd
from matplotlib.dates import date2num, num2date
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from analysis import formatting
from analysis.figures import dotplot
from analysis.figures.palette import CLAIMED, INK, MISSING, MUTED, OUTCOMES, RULE
from analysis.figures.style import SMALL
from analysis.methods.estimate import Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

FIT = OUTCOMES[Outcome.PASS].colour


@dataclass(frozen=True, slots=True)
class Around:
    """The day of an event, and how the days around it are drawn."""

    event: date
    window: int
    cut_out: tuple[str, ...]
    counted: str


def draw(axes: Axes, data: pd.DataFrame, around: Around) -> list[Any]:
    """Counts as stems, missing days as hatching, the days that are cut out as a tint."""
    found = data[data["mark"].isin(["observed", "missing"])]
    middle, window = around.event, timedelta(days=around.window)
    event = date2num(middle)
    axes.set_xlim(date2num(middle - window) - 1, date2num(middle + window) + 2)
    known = found[found["mark"] == "observed"]
    when = date2num(pd.to_datetime(found["label"])) if len(found) else []
    days = found.assign(x=when)
    handles: list[Any] = []
    for start, end in _runs(days[days["mark"] == "missing"]["x"].tolist()):
        axes.axvspan(start - 0.5, end + 0.5, facecolor="none", edgecolor=MISSING, hatch="////",
                     linewidth=0, zorder=1)  # fmt: skip
    if (found["mark"] == "missing").any():
        label = "day not known"
        handles.append(Patch(facecolor="none", edgecolor=MISSING, hatch="////", label=label))
    for first, last in zip(around.cut_out[::2], around.cut_out[1::2], strict=True):
        ends = (date2num(date.fromisoformat(day)) for day in (first, last))
        start, end = ends
        axes.axvspan(start - 0.5, end + 0.5, color=RULE, linewidth=0, zorder=0)
    if around.cut_out:
        handles.append(Patch(facecolor=RULE, label="cut out"))
    shown = days[days["mark"] == "observed"]
    axes.vlines(shown["x"], 0, shown["value"], color=MUTED, linewidth=1, zorder=2)
    point: dict[str, Any] = {"marker": "o", "markersize": 3.6, "linestyle": "", "color": INK}
    axes.plot(shown["x"], shown["value"], zorder=3, **point)
    handles.insert(0, Line2D([], [], label="count of a day", **point))
    if days["expected"].notna().any():
        axes.plot(days["x"], days["expected"], color=FIT, linewidth=1.6, zorder=2)
        handles.append(Line2D([], [], color=FIT, linewidth=1.6, label="expected by season"))
    axes.axvline(event, color=CLAIMED, linewidth=1.6, zorder=4)
    handles.append(Line2D([], [], color=CLAIMED, linewidth=1.6, label=formatting.day(middle)))
    axes.set_ylim(0, 1.1 * max(known["value"].max() if len(known) else 1, 1))
    axes.set_ylabel(f"{around.counted} a day", size=SMALL)
    dotplot.ticks(axes.yaxis, 5, whole=True)
    axes.grid(visible=True, axis="y")
    step = max(around.window // 3, 1)
    ticks = [event + step * i for i in range(-3, 4) if abs(step * i) <= around.window]
    axes.set_xticks(ticks, [formatting.day(num2date(tick).date())[:-5] for tick in ticks])
    return handles


def _runs(places: Sequence[float]) -> list[tuple[float, float]]:
    """Consecutive days as pairs of the first and the last."""
    runs: list[tuple[float, float]] = []
    for place in sorted(places):
        if runs and place - runs[-1][1] <= 1:
            runs[-1] = (runs[-1][0], place)
        else:
            runs.append((place, place))
    return runs
