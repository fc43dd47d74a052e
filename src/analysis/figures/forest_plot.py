"""The forest plot of levels, shares and rankings: rows with a mark, an interval and a text."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from matplotlib.lines import Line2D

from analysis.figures import captions, dotplot, style
from analysis.figures.figure import M, build_method
from analysis.figures.palette import CLAIMED, INK
from analysis.figures.style import MARGIN, ROW, SMALL

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from analysis.claims.model import Claim
    from analysis.figures.palette import Style
    from analysis.methods.estimate import Criterion, Estimate
    from analysis.verdicts.sweep import Curve

MAX_LABEL_WIDTH = 2.2  # inches for the names of rows
MAX_TEXT_WIDTH = 2.0  # inches for the words beside them
MAX_TICKS = 5  # round ticks of a scale that names none, about
EXTRA_COLUMNS = ("text",)  # the column that it has beside those of every figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """The horizontal axis: its name, its ends, and where it is not plain, how it is written."""

    name: str
    low: float
    high: float
    logarithmic: bool = False
    ticks: Mapping[float, str] | None = None


def drawable_estimate(
    claim: Claim, kind: type[M], estimate: Estimate, curve: Curve, vintage: str
) -> tuple[Estimate, M]:
    """The estimate and its method, or the first estimate of the literal reading that has points.

    The note of a substitute names the choice that is shown.
    """
    method = build_method(claim, kind)
    if estimate.points:
        return estimate, method
    for trial in curve.select(vintage, claim.literal.name):
        if trial.estimate.points:
            own = {**claim.parameters, **claim.literal.parameters, **trial.choices}
            changed = {
                name: value
                for name, value in trial.choices.items()
                if str(value) != str(getattr(method, name))
            }
            shown = captions.choices(
                changed, {name: claim.grid[name] for name in changed}, claim.called
            )
            note = f"the preferred choices have no row; shown is {shown}"
            note += f": {trial.estimate.note}" if trial.estimate.note else ""
            return replace(trial.estimate, note=note), kind(**own)
    return estimate, method


def draw_rows(
    heading: style.Heading,
    data: pd.DataFrame,
    kinds: Mapping[Any, Style],
    scale: Scale,
    *,
    bold: Sequence[int] = (),
    criterion: Criterion | None = None,
    line: tuple[float, str] | None = None,
    bars: Collection[str] = (),
) -> Figure:
    """The rows of `data` but the claimed one, over the values that `criterion` admits or a `line`.

    Outcomes among `bars` are drawn as an interval without a mark: no place in it is the likely one.
    """
    rows = data[data["mark"] != "claimed"].reset_index(drop=True)
    rows["y"] = rows.index
    rows["start"] = rows["low"].clip(scale.low, scale.high)
    rows["end"] = rows["high"].clip(scale.low, scale.high)
    rows["at"] = rows["value"].clip(scale.low, scale.high)
    labels, texts = rows["label"].tolist(), rows["text"].tolist()
    left, lines = dotplot.width_and_lines(labels, MAX_LABEL_WIDTH)
    right, folded = dotplot.width_and_lines(texts, MAX_TEXT_WIDTH)
    body = max(len(labels), 2) * ROW * (1 + 0.62 * (max(lines, folded) - 1))
    page = style.sheet(heading, body, left=left, right=right + MARGIN, above=0.55)
    axes = page.plot()
    _scaled(axes, scale)
    dotplot.rows(axes, labels, width=left - 0.2, bold=bold, max_lines=lines)
    if criterion is not None:
        dotplot.admitted(axes, criterion)
    if line is not None:
        if criterion is None:
            axes.axvline(line[0], color=CLAIMED, linewidth=1.6, zorder=2)
        dotplot.above(axes, line[0], line[1])
    if rows.empty:
        return page.figure
    dotplot.intervals(axes, rows, kinds, ends=("start", "end"))
    pointed = rows[~rows["outcome"].isin(list(bars))]
    dotplot.scatter(axes, pointed, kinds, x="at", y="y")
    dotplot.scatter(axes, rows.iloc[list(bold)], kinds, x="at", y="y", size=2 * dotplot.MARKER_SIZE)
    _beside(axes, texts, width=right - 0.05, max_lines=folded, bold=bold)
    unmarked = [
        Line2D([], [], color=each.colour, linewidth=2.2, label=each.word)
        for each in dotplot.present(rows, kinds)
        if each.word in bars
    ]
    dotplot.key(page, dotplot.present(pointed, kinds), more=unmarked)
    return page.figure


def _scaled(axes: Axes, scale: Scale) -> None:
    if scale.logarithmic:
        dotplot.logarithmic(axes.xaxis)
    axes.set_xlim(scale.low, scale.high)
    axes.set_xlabel(scale.name)
    axes.grid(visible=True, axis="x")
    if scale.ticks is not None:
        axes.set_xticks(list(scale.ticks), list(scale.ticks.values()))
        axes.minorticks_off()
    elif not scale.logarithmic:
        dotplot.ticks(axes.xaxis, MAX_TICKS)


def _beside(
    axes: Axes, texts: Sequence[str], *, width: float, max_lines: int, bold: Sequence[int]
) -> None:
    for i, text in enumerate(texts):
        weight = "bold" if i in bold else "normal"
        axes.annotate(
            "\n".join(style.fold(text, width - 0.1, SMALL, max_lines=max_lines, weight=weight)),
            (1, i),
            xycoords=("axes fraction", "data"),
            xytext=(7, 0),
            textcoords="offset points",
            va="center",
            size=SMALL,
            color=INK,
            weight=weight,
            linespacing=1.15,
            annotation_clip=False,
        )
