"""A strip of records in time, or in days from another event: a row for each source or actor."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd
from matplotlib.dates import AutoDateLocator, date2num, num2date

from analysis import formatting
from analysis.figures import dotplot, style
from analysis.figures.palette import CLAIMED, INK, MUTED, PALE, RULE
from analysis.figures.style import MARGIN, SMALL, WIDTH, breadth, clip
from analysis.figures.svg import note
from analysis.figures.timeline_layout import OTHER, order, styles
from analysis.methods.timeline import interval

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from analysis.figures.palette import Style

MAX_ROWS = 10  # rows of a strip; what is left shares the last one
EDGE_LABEL = 0.25  # inches at the ends of the axis without a label, which would leave the page
ROW_HEIGHT = 0.4  # inches: a line of words over a line of marks


def draw(data: pd.DataFrame, found: pd.DataFrame, heading: style.Heading) -> Figure:
    """A row for each source, case or actor: its name and days over its marks."""
    claimed = data[data["mark"] == "claimed"].iloc[0]
    asks = claimed["group"]
    places, labels = order(found, MAX_ROWS)
    placed = _placed(found, places, asks)
    page = style.sheet(
        heading, len(labels) * ROW_HEIGHT + 0.1, left=MARGIN + 0.05, right=MARGIN + 0.05, above=0.38
    )
    axes = page.plot()
    axes.set_ylim(len(labels) - 0.3, -0.55)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    _limited(axes, placed, claimed)
    _claim(axes, claimed, placed)
    _rows(axes, placed, labels)
    kinds: dict[Any, Style] = {**styles(asks), "other": OTHER}
    dotplot.intervals(axes, placed, kinds, ends=("start", "end"))
    dotplot.scatter(axes, placed, kinds)
    _noted(axes, placed)
    return page.figure


def _placed(found: pd.DataFrame, places: dict[str, int], asks: str) -> pd.DataFrame:
    """The records with their row, their ends and their middle on the axis."""
    placed = found.assign(y=found["label"].map(places) + 0.18)
    if asks == "lag":
        return placed.assign(start=found["low"], end=found["high"], x=found["value"])
    start, end = (date2num(pd.to_datetime(found[name])) for name in ("first", "last"))
    return placed.assign(start=start, end=end, x=(start + end) / 2)


def _limited(axes: Axes, placed: pd.DataFrame, claimed: pd.Series) -> None:
    """Axis limits around all marks and the claimed days or number."""
    if claimed["group"] == "lag":
        said = [end for end in (claimed["low"], claimed["high"]) if math.isfinite(end)]
        ends = [*said, *placed["start"], *placed["end"], 0]
        pad = max(0.08 * (max(ends) - min(ends)), 1)
        axes.set_xlim(min(ends) - pad, max(ends) + pad)
        axes.locator_params(axis="x", nbins=6, integer=True)
        axes.set_xlabel("days from the event to the one it is counted to", size=SMALL)
        return
    around = float(claimed["text"])
    said = date2num(pd.to_datetime([claimed["first"], claimed["last"]]))
    ends = [said[0] - around, said[1] + around, *placed["start"], *placed["end"]]
    pad = max(0.05 * (max(ends) - min(ends)), 3)
    axes.set_xlim(min(ends) - pad, max(ends) + pad)
    _calendar(axes)


def _calendar(axes: Axes) -> None:
    """Ticks on whole days, months or years, in the same words in every place and time zone."""
    low, high = axes.get_xlim()
    found = AutoDateLocator(minticks=3, maxticks=5).tick_values(num2date(low), num2date(high))
    room = EDGE_LABEL / WIDTH * (high - low)
    ticks = sorted({round(tick) for tick in found if low + room <= tick <= high - room})
    days = [num2date(tick).date() for tick in ticks]
    before = [None, *days[:-1]]
    axes.set_xticks(ticks, [_tick(*pair, days) for pair in zip(days, before, strict=True)])


def _tick(day: date, before: date | None, days: Sequence[date]) -> str:
    """The label of a tick; the first one and each new year also show the year."""
    if all((each.month, each.day) == (1, 1) for each in days):
        return str(day.year)
    name = formatting.MONTHS[day.month - 1]
    text = name if all(each.day == 1 for each in days) else f"{day.day} {name}"
    return text if before and before.year == day.year else f"{text}\n{day.year}"


def _claim(axes: Axes, claimed: pd.Series, placed: pd.DataFrame) -> None:
    """The article's day or number as a line, over the tint of all that would do."""
    if claimed["group"] == "lag":
        dotplot.admitted_strips(axes, (claimed["low"], claimed["high"]), _strips(axes))
        _line(axes, claimed["value"])
        dotplot.above(axes, claimed["value"], f"the article: {claimed['label']}")
        return
    first, last = (date.fromisoformat(claimed[name]) for name in ("first", "last"))
    start, end = date2num(first), date2num(last)
    if claimed["group"] == "none_before":
        _searched(axes, start, placed)
        dotplot.above(axes, start, f"needed: {claimed['label']}")
        return
    around = int(claimed["text"]) + 0.5
    dotplot.admitted_strips(axes, (start - around, end + around), _strips(axes))
    for each in sorted({start, end}):
        _line(axes, each)
    dotplot.above(axes, (start + end) / 2, f"the article: {formatting.days((first, last))}")


def _searched(axes: Axes, start: float, placed: pd.DataFrame) -> None:
    """The span that was searched for an earlier case, up to the claimed first."""
    others = placed[placed["mark"] == "other"]
    if len(others):
        axes.axvspan(others["start"].min(), start, color=PALE, linewidth=0, zorder=0)
        axes.annotate("searched", (others["start"].min(), 1), xycoords=("data", "axes fraction"),
                      xytext=(2, 3), textcoords="offset points", va="bottom", size=SMALL,
                      color=MUTED)  # fmt: skip
    else:
        dotplot.admitted_strips(axes, (start, axes.get_xlim()[1]), _strips(axes))
    _line(axes, start)


def _line(axes: Axes, x: float) -> None:
    """The article's day or number, beside the marks of each row and not over its words."""
    strips, high = _strips(axes), axes.get_ylim()[1]
    axes.vlines([x] * len(strips), [top for top, _ in strips], [bottom for _, bottom in strips],
                colors=CLAIMED, linewidth=1.8, zorder=2)  # fmt: skip
    axes.vlines(x, high, high + 0.12, colors=CLAIMED, linewidth=1.8, zorder=2)


def _strips(axes: Axes) -> list[tuple[float, float]]:
    """The heights of the marks of each row, below its words."""
    return [(row, row + 0.36) for row in range(round(axes.get_ylim()[0] + 0.3))]


def _rows(axes: Axes, placed: pd.DataFrame, labels: Sequence[str]) -> None:
    """The name of each row above its line, and its first day at the right."""
    wide = WIDTH - 2 * MARGIN - 0.1
    for i, label in enumerate(labels):
        own = placed[placed["y"].round() == i]
        text = _days_of(own) if (own["label"] == label).all() else ""
        meant = (own["mark"] == "record").all()
        room = wide - breadth(text, SMALL) - 0.12
        line: dict[str, Any] = {"xycoords": ("axes fraction", "data"), "va": "bottom",
                                "size": SMALL, "annotation_clip": False}  # fmt: skip
        axes.annotate(clip(_dated(label), room, SMALL, weight="bold" if meant else "normal"),
                      (0, i - 0.02), weight="bold" if meant else "normal", **line)  # fmt: skip
        axes.annotate(text, (1, i - 0.02), ha="right", color=INK if meant else MUTED, **line)
    axes.hlines([i + 0.18 for i in range(len(labels))], 0, 1, colors=RULE, linewidth=0.6,
                transform=axes.get_yaxis_transform(), zorder=1)  # fmt: skip


def _dated(label: str) -> str:
    """A label; one that is a date as a date."""
    bare = label.replace("-", "")
    return formatting.days(interval(label)) if bare.isdigit() and "-" in label else label


def _days_of(own: pd.DataFrame) -> str:
    """The day or days of a row, and how many records there are."""
    if own.empty:
        return ""
    days = formatting.days(interval(f"{own['first'].min()}/{own['last'].max()}"))
    return f"{days}, {formatting.count(len(own), 'record')}" if len(own) > 1 else days


def _noted(axes: Axes, placed: pd.DataFrame) -> None:
    for each in placed.itertuples():
        (hit,) = axes.plot(each.x, each.y, marker="o", markersize=11, alpha=0, clip_on=False)
        note(hit, f"{each.label}: {each.text} ({each.outcome})")
