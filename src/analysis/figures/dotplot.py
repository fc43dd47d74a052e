"""Parts of a dot plot: marks with intervals, the claimed value, the legend, labelled rows."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

import pandas as pd
import seaborn as sns
from matplotlib.axis import XAxis
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator, NullFormatter

from analysis.figures.palette import ADMITTED, CLAIMED, INK, MUTED, OUTCOMES, PAPER, RULE, Style
from analysis.figures.style import MARGIN, SMALL, Sheet, breadth, clip, fold
from analysis.formatting import magnitude, number

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure

    from analysis.methods.estimate import Criterion
    from analysis.verdicts.sweep import Trial

COLUMNS = (
    "mark",
    "group",
    "label",
    "value",
    "low",
    "high",
    "unit",
    "outcome",
    "family",
    "source_id",
    "row",
)
TICK_STEPS = (1, 2, 2.5, 5, 10)  # between ticks, times a power of ten: as matplotlib chooses them
KEY_MARK = 0.42  # inches that the mark of a legend takes, with the space around it
MARKER_SIZE = 46  # area of a mark in square points


def table(rows: Iterable[Mapping[str, Any]], *, more: Sequence[str] = ()) -> pd.DataFrame:
    """The plotted numbers: one row a mark, the same columns in every figure, then `more`."""
    return pd.DataFrame(list(rows), columns=[*COLUMNS, *more])


def claimed_row(label: str, criterion: Criterion | None, unit: str) -> dict[str, Any]:
    """The row of the claimed value; where it has no end, the bound is missing."""
    row = {"mark": "claimed", "label": label, "unit": unit}
    if criterion is None:
        return row
    low, high, *_ = criterion.region()
    bounds = {"low": low, "high": high}
    finite = {name: bound for name, bound in bounds.items() if math.isfinite(bound)}
    return {**row, "value": criterion.threshold, **finite}


def trial_columns(trial: Trial) -> dict[str, Any]:
    """The columns for the result of a trial: estimate, outcome, sources and rows."""
    estimate = trial.estimate
    return {
        "value": estimate.value,
        "low": estimate.low,
        "high": estimate.high,
        "unit": estimate.unit,
        "outcome": OUTCOMES[trial.outcome].word,
        "family": ";".join(estimate.families),
        "source_id": ";".join(estimate.sources),
        "row": ";".join(str(citation) for citation in estimate.citations),
    }


def present(data: pd.DataFrame, styles: Mapping[Any, Style]) -> list[Style]:
    """The styles that occur in `data`, in their own order."""
    return [style for style in styles.values() if style.word in set(data["outcome"])]


def scatter(
    axes: Axes,
    frame: pd.DataFrame,
    styles: Mapping[Any, Style],
    *,
    x: str = "x",
    y: str = "y",
    size: float = MARKER_SIZE,
) -> None:
    """A mark for each row, in the colour and shape of its outcome."""
    drawn = {
        style.word: style for style in styles.values() if style.marker in Line2D.filled_markers
    }
    shown = frame[frame["outcome"].isin(list(drawn))]
    if shown.empty:
        return
    named = axes.get_xlabel(), axes.get_ylabel()  # seaborn writes the columns' names there
    sns.scatterplot(
        shown,
        x=x,
        y=y,
        hue="outcome",
        style="outcome",
        palette={word: style.colour for word, style in drawn.items()},
        markers={word: style.marker for word, style in drawn.items()},
        hue_order=list(drawn),
        style_order=list(drawn),
        s=size,
        linewidth=0.6 if size >= MARKER_SIZE / 2 else 0.1,
        edgecolor=PAPER,
        legend=False,
        zorder=4,
        clip_on=False,
        ax=axes,
    )
    axes.set(xlabel=named[0], ylabel=named[1])


def intervals(
    axes: Axes,
    frame: pd.DataFrame,
    styles: Mapping[Any, Style],
    *,
    at: str = "y",
    ends: tuple[str, str] = ("low", "high"),
    across: bool = True,
) -> None:
    """A line between its `ends` for each row that has an interval; `across` is horizontal."""
    colours = {style.word: style.colour for style in styles.values()}
    wide = frame[frame[ends[1]] > frame[ends[0]]]
    line = axes.hlines if across else axes.vlines
    line(
        wide[at],
        wide[ends[0]],
        wide[ends[1]],
        colors=[colours[word] for word in wide["outcome"]],
        linewidth=2.2,
        zorder=3,
    )


def admitted(axes: Axes, criterion: Criterion, *, across: bool = True) -> None:
    """The claimed value as a line over the tint of all values that the claim admits."""
    shade, line, limits = (
        (axes.axvspan, axes.axvline, axes.get_xlim())
        if across
        else (axes.axhspan, axes.axhline, axes.get_ylim())
    )
    low, high, *_ = criterion.region()
    low, high = max(low, min(limits)), min(high, max(limits))
    if high > low:
        shade(low, high, color=ADMITTED, linewidth=0, zorder=0)
    if criterion.indifference_zone:
        for side in (-1, 1):
            edge = criterion.threshold + side * criterion.indifference_zone
            line(edge, color=MUTED, linewidth=0.8, linestyle=":", zorder=1)
    line(criterion.threshold, color=CLAIMED, linewidth=1.6, zorder=2)


def admitted_span(axes: Axes, region: tuple[float, float]) -> None:
    """A tint under all values that would do; an end that is missing is open."""
    low, high = shown_region(axes, region)
    if high > low:
        axes.axvspan(low, high, color=ADMITTED, linewidth=0, zorder=0)


def admitted_strips(
    axes: Axes, region: tuple[float, float], rows: Sequence[tuple[float, float]]
) -> None:
    """The same tint beside the marks alone: in each row between two heights."""
    low, high = shown_region(axes, region)
    if high > low:
        for first, last in rows:
            axes.barh(first, high - low, left=low, height=last - first, align="edge",
                      color=ADMITTED, linewidth=0, zorder=0)  # fmt: skip


def shown_region(axes: Axes, region: tuple[float, float]) -> tuple[float, float]:
    """The part of a region on the axis; an end that is missing is open."""
    limits = axes.get_xlim()
    low, high = (
        open_end if math.isnan(end) else end
        for end, open_end in zip(region, (-math.inf, math.inf), strict=True)
    )
    return max(low, min(limits)), min(high, max(limits))


def ticks(axis: Axis, max_ticks: int, *, whole: bool = False) -> None:
    """At most about `max_ticks` round ticks, all of them inside the plot."""
    low, high = sorted(axis.get_view_interval())
    found = MaxNLocator(max_ticks, integer=whole, steps=TICK_STEPS).tick_values(low, high)
    inside = [tick for tick in found if low <= tick <= high]
    axis.set_ticks(inside, [number(round(tick, 9)) for tick in inside])


def logarithmic(axis: Axis) -> None:
    """A logarithmic scale; its labels are plain text, as matplotlib's own are formulas."""
    set_scale = axis.axes.set_xscale if isinstance(axis, XAxis) else axis.axes.set_yscale
    set_scale("log")
    axis.set_major_formatter(lambda value, _: magnitude(value))
    axis.set_minor_formatter(NullFormatter())


def above(axes: Axes, x: float, text: str, *, colour: str = INK, lift: float = 3) -> None:
    """Words over the plot at `x`, moved aside where they would leave the figure."""
    figure = cast("Figure", axes.get_figure(root=True))
    wide = breadth(text, SMALL, "bold")
    page = figure.get_figwidth()
    place = axes.transData.transform((x, 0))[0] / figure.dpi
    start = min(max(place - wide / 2, MARGIN), page - MARGIN - wide)
    axes.annotate(
        text,
        ((start + wide / 2) / page, 1),
        xycoords=("figure fraction", "axes fraction"),
        xytext=(0, lift),
        textcoords="offset points",
        ha="center",
        va="bottom",
        size=SMALL,
        weight="bold",
        color=colour,
        annotation_clip=False,
    )


def key(
    sheet: Sheet, styles: Iterable[Style], *, more: Sequence[Artist] = (), lift: float = 0.3
) -> None:
    """A legend of these styles, then of `more`, in a line above the plot."""
    handles: list[Artist] = [
        Line2D(
            [], [], linestyle="", marker=style.marker, color=style.colour, markersize=6.5,
            label=style.word, markeredgewidth=1.4 if style.marker == "x" else 0,
        )
        for style in styles
    ]  # fmt: skip
    handles += more
    height = sheet.figure.get_figheight()
    lines = key_lines([str(handle.get_label()) for handle in handles], sheet.figure.get_figwidth())
    sheet.figure.legend(
        handles=handles,
        handlelength=1.4,
        loc="lower left",
        bbox_to_anchor=(MARGIN / sheet.figure.get_figwidth(), (sheet.top + lift) / height),
        bbox_transform=sheet.figure.transFigure,
        ncols=max(-(-len(handles) // lines), 1),
        borderpad=0,
        borderaxespad=0,
        handletextpad=0.4,
        columnspacing=1.1,
    )


def key_lines(words: Sequence[str], width: float) -> int:
    """The lines that a legend of these words takes on a page of that width."""
    wide = [breadth(each, SMALL) + KEY_MARK for each in words]
    for lines in range(1, len(words) + 1):
        columns = -(-len(words) // lines)
        taken = sum(max(wide[i::columns]) for i in range(columns))
        if taken <= width - 2 * MARGIN:
            return lines
    return max(len(words), 1)


def rows(
    axes: Axes, labels: Sequence[str], *, width: float, bold: Sequence[int] = (), max_lines: int = 1
) -> None:
    """Rows from the top down with labels at the left, folded into `width` inches."""
    axes.set_ylim(max(len(labels), 1) - 0.5, -0.5)
    folded = [
        "\n".join(
            fold(label, width, SMALL, max_lines=max_lines, weight="bold" if i in bold else "normal")
        )
        for i, label in enumerate(labels)
    ]
    axes.set_yticks(range(len(labels)), folded)
    axes.tick_params(axis="y", length=0, pad=6)
    axes.spines["left"].set_visible(False)
    axes.hlines(range(len(labels)), 0, 1, transform=axes.get_yaxis_transform(),
                colors=RULE, linewidth=0.6, zorder=1)  # fmt: skip
    for i in bold:
        axes.get_yticklabels()[i].set_fontweight("bold")


def beside(axes: Axes, texts: Sequence[str], *, width: float, bold: Sequence[int] = ()) -> None:
    """A column of words to the right of the rows."""
    for i, text in enumerate(texts):
        axes.annotate(
            clip(text, width, SMALL),
            (1, i),
            xycoords=("axes fraction", "data"),
            xytext=(7, 0),
            textcoords="offset points",
            va="center",
            size=SMALL,
            weight="bold" if i in bold else "normal",
            annotation_clip=False,
        )
