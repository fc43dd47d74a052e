"""Dated events, stages and firsts: the claim as a line, each record as a mark in time."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from matplotlib.dates import AutoDateLocator, date2num, num2date

from analysis import formatting
from analysis.figures import alt_text, captions, dotplot, style
from analysis.figures.figure import Drawing, build_method, headline
from analysis.figures.palette import ADMITTED, CLAIMED, MUTED
from analysis.figures.style import MARGIN, ROW, SMALL, breadth
from analysis.figures.timeline_layout import LAYOUTS, PLACEMENT, TimelineLayout, record_days, window
from analysis.methods.timeline import Timeline, interval

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from analysis.claims.model import Claim
    from analysis.methods.estimate import Estimate
    from analysis.verdicts.sweep import Curve

MAX_LABEL_WIDTH = 2.1  # inches, at most, for the names of the rows
MAX_NOTE_WIDTH = 1.5  # inches, at most, for the words at the right


def draw(claim: Claim, estimate: Estimate, curve: Curve, vintage: str = "publication") -> Drawing:
    """The records behind `estimate` in time, a row for each family, stage or object."""
    method = build_method(claim, Timeline)
    layout = _called(LAYOUTS[method.asks](method, estimate), claim)
    title = headline(claim, curve, vintage)
    latest = max(record_days(estimate), default=None)
    heading = style.Heading(
        title=title,
        subtitle=f"{layout.finding} Claimed: {layout.claimed}.",
        source=captions.sources(estimate.families, vintage, latest, call=claim.called),
    )
    with style.styled():
        figure = _drawn(heading, layout, method)
    return Drawing(
        figure=figure,
        data=layout.data.drop(columns=list(PLACEMENT)),
        title=title,
        summary=heading.subtitle,
        alt=alt_text.timeline(
            layout.data, layout.what, f"the claimed {layout.claimed}", layout.finding
        ),
    )


def _called(layout: TimelineLayout, claim: Claim) -> TimelineLayout:
    """The same with names in the place of slugs."""
    data = layout.data.assign(label=layout.data["label"].map(claim.called))
    return replace(layout, data=data, labels=[claim.called(label) for label in layout.labels])


def _drawn(heading: style.Heading, layout: TimelineLayout, method: Timeline) -> Figure:
    found = layout.data[layout.data["mark"] == "record"]
    widest = max((breadth(label, SMALL, "bold") for label in layout.labels), default=0.4) + 0.25
    left = min(max(widest, 0.5), MAX_LABEL_WIDTH)
    noted = max((breadth(note, SMALL, "bold") for note in layout.notes), default=0.1)
    right = MARGIN + 0.15 + min(noted, MAX_NOTE_WIDTH)
    lines = 1 if widest <= MAX_LABEL_WIDTH else 2
    body = max(len(layout.labels), 2) * ROW * (1 + 0.55 * (lines - 1))
    axis = style.AXIS if layout.axis else style.AXIS - 0.05
    page = style.sheet(heading, body, left=left, right=right, above=0.55, axis=axis)
    axes = page.plot()
    _limits(axes, found, method)
    dotplot.rows(axes, layout.labels, width=left - 0.2, bold=layout.bold, max_lines=lines)
    BACKDROPS[method.asks](axes, method)
    if len(found):
        dotplot.intervals(axes, found, layout.kinds, ends=("start", "end"))
        dotplot.scatter(axes, found, layout.kinds)
        dotplot.key(page, dotplot.present(found, layout.kinds))
    dotplot.beside(axes, layout.notes, width=MAX_NOTE_WIDTH, bold=layout.bold)
    axes.set_xlabel(layout.axis)
    return page.figure


def _limits(axes: Axes, found: pd.DataFrame, method: Timeline) -> None:
    """Axis limits around all marks and the claimed days or number."""
    if method.asks == "lag":
        low, high, *_ = method.pass_criterion.region()
        claimed = [end for end in (low, high) if math.isfinite(end)]
        ends = [*claimed, *found["start"], *found["end"], 0]
        pad = max(0.08 * (max(ends) - min(ends)), 1)
        axes.set_xlim(min(ends) - pad, max(ends) + pad)
        axes.locator_params(axis="x", nbins=8, integer=True)
    else:
        ends = [date2num(day) for day in _claimed_days(method)]
        ends += [*found["start"], *found["end"]]
        pad = max(0.07 * (max(ends) - min(ends)), 3)
        axes.set_xlim(min(ends) - pad, max(ends) + pad)
        _calendar(axes)
    axes.grid(visible=True, axis="x")


def _claimed_days(method: Timeline) -> list[date]:
    """The days that the claim names, with its tolerance."""
    tolerance = timedelta(days=method.tolerance if method.asks == "date" else 0)
    dates = [text for text in (method.claimed_from, method.claimed_to, method.as_of) if text]
    periods = [interval(text) for text in dates] or [(date(2000, 1, 1), date(2000, 1, 1))]
    return [day for first, last in periods for day in (first - tolerance, last + tolerance)]


def _calendar(axes: Axes) -> None:
    """Ticks on whole days, months or years, in the same words in every place and time zone."""
    low, high = axes.get_xlim()
    found = AutoDateLocator(minticks=3, maxticks=6).tick_values(num2date(low), num2date(high))
    ticks = sorted({round(tick) for tick in found if low <= tick <= high})
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


def _on_days(axes: Axes, method: Timeline) -> None:
    """The claimed day or days as lines, the tolerance as a tint around them."""
    ends = [date2num(day) for day in window(method)]
    around = method.tolerance + 0.5
    axes.axvspan(ends[0] - around, ends[1] + around, color=ADMITTED, linewidth=0, zorder=0)
    for end in sorted(set(ends)):
        axes.axvline(end, color=CLAIMED, linewidth=1.6, zorder=2)
    dotplot.above(axes, sum(ends) / 2, f"claimed: {formatting.days(window(method))}")


def _on_lag(axes: Axes, method: Timeline) -> None:
    dotplot.admitted(axes, method.pass_criterion)
    dotplot.above(
        axes, method.claimed, f"claimed: {captions.asserted(method.pass_criterion, 'days')}"
    )


def _on_rung(axes: Axes, method: Timeline) -> None:
    """The claimed rung as a line, all rungs that would do as a tint, and the last day."""
    place = len(method.ladder) - 1 - list(method.ladder).index(method.claimed_rung)
    axes.axhspan(-0.5, place + 0.5, color=ADMITTED, linewidth=0, zorder=0)
    axes.axhline(place, color=CLAIMED, linewidth=1.6, zorder=2)
    _until(axes, method)


def _until(axes: Axes, method: Timeline) -> None:
    if method.as_of:
        last = date2num(interval(method.as_of)[1])
        axes.axvline(last, color=MUTED, linewidth=1.2, linestyle="--", zorder=2)
        dotplot.above(axes, last, f"by {formatting.days(interval(method.as_of))}", colour=MUTED)


def _on_first(axes: Axes, method: Timeline) -> None:
    """The claimed first as a line; whatever lies after it is admitted."""
    start = date2num(interval(method.claimed_from)[0])
    axes.axvspan(start, axes.get_xlim()[1], color=ADMITTED, linewidth=0, zorder=0)
    axes.axvline(start, color=CLAIMED, linewidth=1.6, zorder=2)
    dotplot.above(
        axes, start, f"claimed: none before {formatting.day(interval(method.claimed_from)[0])}"
    )


BACKDROPS: Mapping[str, Callable[[Axes, Timeline], None]] = {
    "date": _on_days,
    "lag": _on_lag,
    "rung": _on_rung,
    "count": _until,
    "none_before": _on_first,
}
