"""The forest plot of levels, shares and rankings: rows with a mark, an interval and a text."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from matplotlib.patches import Patch

from analysis.figures import captions, dotplot, style
from analysis.figures.figure import M, build_method
from analysis.figures.palette import CLAIMED, RULE
from analysis.figures.style import LEADING, MARGIN, SMALL, WIDTH
from analysis.figures.svg import note

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from analysis.claims.model import Claim
    from analysis.figures.palette import Style
    from analysis.methods.estimate import Estimate
    from analysis.verdicts.sweep import Curve

EDGE = MARGIN + 0.06  # inches at the sides of the plot
MAX_TEXT_WIDTH = 2.6  # inches for the words at the right of a row
LINE = SMALL * LEADING  # inches of a line of words
MARK_HEIGHT = 0.24  # inches for the mark under the words of a row
BAR = 0.13  # inches of a bar
STRIP = (0.09, 0.1)  # inches above and below a mark over which what would do is shown
AFTER_BAR, AFTER_NAME = 0.07, 0.2  # inches between a bar, or a name, and the value after it
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
    region: tuple[float, float] | None = None,
    line: tuple[float, str] | None = None,
    unknown: Collection[str] = (),
    filled: bool = False,
) -> Figure:
    """The rows of `data` but the claimed one, over the tint of `region`, with a `line` at a number.

    A row is its name and words over its mark; `filled` draws bars from zero, hatched where the
    value is not known. Outcomes among `unknown` have no mark: no place is the likely one.
    """
    rows = data[data["mark"] != "claimed"].reset_index(drop=True)
    rows["start"] = rows["low"].clip(scale.low, scale.high)
    rows["end"] = rows["high"].clip(scale.low, scale.high)
    rows["at"] = rows["value"].clip(scale.low, scale.high)
    named = [_named(row.label, row.text, bold=i in bold) for i, row in enumerate(rows.itertuples())]
    heights = [len(lines) * LINE + MARK_HEIGHT for lines in named]
    tops = [sum(heights[:i]) for i in range(len(heights))]
    rows["y"] = [top + high - 0.6 * MARK_HEIGHT for top, high in zip(tops, heights, strict=True)]
    body = max(sum(heights), 0.3)
    kinds = {name: kind for name, kind in kinds.items() if kind.word in set(rows["outcome"])}
    keyed = len(kinds) > 1
    named_line = 0.4 if line is not None else 0.2  # inches for the words over the line
    keys = dotplot.key_lines([kind.word for kind in kinds.values()], WIDTH) if keyed else 0
    page = style.sheet(heading, body, left=EDGE, right=EDGE, above=named_line + 0.2 * keys)
    axes = page.plot()
    axes.set_ylim(body, 0)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    _scaled(axes, scale)
    _reference(axes, rows, region, line)
    beside = filled and line is not None and _all_fit(axes, rows, bold, line[0])
    for i, (lines, top) in enumerate(zip(named, tops, strict=True)):
        _words(axes, lines, str(rows["text"][i]), top, bold=i in bold,
               bar=(rows["end"][i], rows["y"][i]) if beside else None,
               right=line is None or not filled)  # fmt: skip
    if rows.empty:
        return page.figure
    if filled:
        _bars(axes, rows, kinds, unknown)
    else:
        axes.hlines(rows["y"], 0, 1, transform=axes.get_yaxis_transform(), colors=RULE,
                    linewidth=0.6, zorder=1)  # fmt: skip
        _marks(axes, rows, kinds, bold, unknown)
    _noted(axes, rows)
    if keyed:
        if filled:
            dotplot.key(page, (), more=_swatches(kinds, unknown), lift=named_line - 0.07)
        else:
            dotplot.key(page, kinds.values(), lift=named_line - 0.07)
    return page.figure


def plot_frame(
    data: pd.DataFrame, kinds: Mapping[Any, Style], unknown: Collection[str], heading: style.Heading
) -> Figure:
    """The rows of a tidy frame; shares are bars from zero, what else is measured are marks.

    The row marked `claimed` has the number as its `value`, and no line is drawn without one.
    """
    rows = data[data["mark"] != "claimed"]
    claimed = data[(data["mark"] == "claimed") & data["value"].notna()]
    filled = bool((rows["unit"] == "percent").all() and (rows["low"] >= 0).all())
    ends = [*rows["low"], *rows["high"], *claimed["value"]]
    pad = 0.08 * (max(ends) - min(ends)) or 1.0
    scale = Scale(name="" if rows.empty else str(rows["unit"].iloc[0]),
                  low=0.0 if filled else min(ends) - pad, high=max(ends) + pad)  # fmt: skip
    line = None if claimed.empty else (claimed["value"].iloc[0], str(claimed["label"].iloc[0]))
    bold = [i for i, mark in enumerate(rows["mark"]) if mark == "total"]
    with style.styled():
        return draw_rows(heading, data, kinds, scale, bold=bold, line=line, unknown=unknown,
                         filled=filled)  # fmt: skip


def _swatches(kinds: Mapping[Any, Style], unknown: Collection[str]) -> list[Artist]:
    """The legend of bars: a filled patch each, a hatched one for what is not known."""
    return [
        Patch(facecolor="none", edgecolor=kind.colour, hatch="////", label=kind.word)
        if kind.word in unknown
        else Patch(color=kind.colour, label=kind.word)
        for kind in kinds.values()
    ]


def _stacked(label: str, text: str, weight: str) -> bool:
    """Whether the words of a row take a line of their own, as they do not fit beside its name."""
    wide = style.breadth(label, SMALL, weight) + style.breadth(text, SMALL, weight)
    return wide + 0.15 > WIDTH - 2 * EDGE and style.breadth(text, SMALL, weight) > MAX_TEXT_WIDTH


def _named(label: str, text: str, *, bold: bool) -> list[str]:
    """The lines of a row's name, as wide as the words at its right leave."""
    weight = "bold" if bold else "normal"
    room = WIDTH - 2 * EDGE
    if _stacked(label, text, weight):
        return [*style.fold(label, room, SMALL, max_lines=3, weight=weight), ""]
    room -= style.breadth(text, SMALL, weight) + 0.15
    return style.fold(label, max(room, 1.2), SMALL, max_lines=3, weight=weight)


def _all_fit(axes: Axes, rows: pd.DataFrame, bold: Sequence[int], threshold: float) -> bool:
    """Whether the words of every row fit after its bar, on the same side of the threshold."""
    inch = (axes.get_xlim()[1] - axes.get_xlim()[0]) / (WIDTH - 2 * EDGE)
    for i, row in enumerate(rows.itertuples()):
        weight = "bold" if i in bold else "normal"
        last = row.end + inch * (AFTER_BAR + style.breadth(str(row.text), SMALL, weight))
        side_end = threshold if row.end < threshold else axes.get_xlim()[1]
        if last > side_end:
            return False
    return True


def _words(
    axes: Axes,
    lines: Sequence[str],
    text: str,
    top: float,
    *,
    bold: bool,
    bar: tuple[float, float] | None = None,
    right: bool = True,
) -> None:
    """The name of a row at the left, and its value at the right of the last line.

    A value does not lie over a threshold: then it is after the end of its `bar`, or after the name.
    """
    weight = "bold" if bold else "normal"
    base = [top + (i + 0.82) * LINE for i in range(len(lines))]
    place: dict[str, Any] = {"transform": axes.get_yaxis_transform(), "size": SMALL,
                             "weight": weight, "zorder": 5}  # fmt: skip
    for line, y in zip(lines, base, strict=True):
        axes.text(0, y, line, **place)
    if bar is not None:
        axes.annotate(text, bar, xytext=(72 * AFTER_BAR, 0), textcoords="offset points",
                      va="center", size=SMALL, weight=weight, zorder=5)  # fmt: skip
        return
    alone = not lines[-1]
    if not right and not alone:
        name = style.breadth(lines[-1], SMALL, weight)
        start = (name + AFTER_NAME) / (WIDTH - 2 * EDGE)
        axes.text(start, base[-1], text, **place)
        return
    room = WIDTH - 2 * EDGE if alone else max(MAX_TEXT_WIDTH, WIDTH - 2 * EDGE - 1.35)
    axes.text(0 if alone else 1, base[-1], style.clip(text, room, SMALL, weight=weight),
              ha="left" if alone else "right", **place)  # fmt: skip


def _reference(
    axes: Axes,
    rows: pd.DataFrame,
    region: tuple[float, float] | None,
    line: tuple[float, str] | None,
) -> None:
    """The values that would do as a tint, and the number as a line, beside the marks of each row.

    Both leave out the words between the marks.
    """
    ends = [(y - STRIP[0], y + STRIP[1]) for y in rows["y"]]
    if region is not None:
        dotplot.admitted_strips(axes, region, ends)
    if line is None:
        return
    axes.vlines([line[0]] * len(ends), [a for a, _ in ends], [b for _, b in ends], colors=CLAIMED,
                linewidth=1.8, zorder=3)  # fmt: skip
    axes.vlines(line[0], -0.06, 0.02, colors=CLAIMED, linewidth=1.8, zorder=3, clip_on=False)
    dotplot.above(axes, line[0], line[1], lift=5)


def _marks(
    axes: Axes,
    rows: pd.DataFrame,
    kinds: Mapping[Any, Style],
    bold: Sequence[int],
    unknown: Collection[str],
) -> None:
    dotplot.intervals(axes, rows, kinds, ends=("start", "end"))
    pointed = rows[~rows["outcome"].isin(list(unknown))]
    dotplot.scatter(axes, pointed, kinds, x="at", y="y")
    main = rows.iloc[[i for i in bold if i < len(rows)]]
    dotplot.scatter(axes, main, kinds, x="at", y="y", size=2 * dotplot.MARKER_SIZE)


def _bars(
    axes: Axes, rows: pd.DataFrame, kinds: Mapping[Any, Style], unknown: Collection[str]
) -> None:
    """A bar as long as what is known, hatched as far as the value may reach."""
    colours = {kind.word: kind.colour for kind in kinds.values()}
    for row in rows.itertuples():
        colour = colours[row.outcome]
        known = 0 if row.outcome in unknown else row.start
        axes.barh(row.y, known, height=BAR, color=colour, linewidth=0, zorder=2)
        if row.end > known:
            axes.barh(row.y, row.end - known, left=known, height=BAR, facecolor="none",
                      edgecolor=colour, hatch="////", linewidth=0.6, zorder=2)  # fmt: skip


def _noted(axes: Axes, rows: pd.DataFrame) -> None:
    for row in rows.itertuples():
        (hit,) = axes.plot(row.at, row.y, marker="o", markersize=12, alpha=0, clip_on=False)
        note(hit, f"{row.label}: {row.text} ({row.outcome})")


def _scaled(axes: Axes, scale: Scale) -> None:
    if scale.logarithmic:
        dotplot.logarithmic(axes.xaxis)
    axes.set_xlim(scale.low, scale.high)
    axes.set_xlabel(scale.name, size=SMALL)
    if scale.ticks is not None:
        axes.set_xticks(list(scale.ticks), list(scale.ticks.values()))
        axes.minorticks_off()
    elif not scale.logarithmic:
        dotplot.ticks(axes.xaxis, MAX_TICKS)
