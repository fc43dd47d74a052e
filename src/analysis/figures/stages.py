"""Stages: a ladder that is filled as far as the record goes, or a track of them for each case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.figures import style
from analysis.figures.palette import ADMITTED, CLAIMED, INK, MUTED, OUTCOMES, PAPER, RULE
from analysis.figures.quotations import words
from analysis.figures.style import LEADING, MARGIN, SMALL, WIDTH, fold
from analysis.figures.svg import note
from analysis.figures.timeline_layout import TIMELINE_WORDS
from analysis.methods.estimate import Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

GOOD, BAD = OUTCOMES[Outcome.PASS].colour, OUTCOMES[Outcome.FAIL].colour
LINE = SMALL * LEADING  # inches of a line of words
PADDING = 0.09  # inches above and below the words of a row
DOT, CASE_DOT = 9, 6  # points: the diameter of a stage
TRACK, NAME, DATES = 0.28, 0.5, 2.25  # inches from the left: the ladder, its stages, their days
CASE_TRACK, CASE_STAGE = 1.95, 3.25  # inches from the left: the track of a case, its stage
PERHAPS = TIMELINE_WORDS["rung"][
    1
]  # the outcome of a record that may be later than the day that counts
MAX_CASES = 14  # cases that are drawn


def ladder(data: pd.DataFrame, heading: style.Heading) -> Figure:
    """The stages from the lowest up, filled to the highest on record; the claimed one is ringed.

    `data` has a row marked `stage` for each (`label`, `value` from 0 up, `outcome` claimed for the
    one that the claim needs, `text` what the article says of its day) and the rows marked `record`.
    """
    stages = list(data[data["mark"] == "stage"].sort_values("value", ascending=False).itertuples())
    records = data[data["mark"] == "record"]
    sure = records[records["outcome"] != PERHAPS]
    reached = sure["value"].max() if len(sure) else -1
    texts = [_days(each, records) for each in stages]
    heights = [max(len(_named(each)), len(text)) * LINE + 2 * PADDING
               for each, text in zip(stages, texts, strict=True)]  # fmt: skip
    axes, figure = _inches(heading, sum(heights))
    needed = next((each.value for each in stages if each.outcome == "claimed"), 0)
    colour = GOOD if reached >= needed else BAD
    tops = [sum(heights[:i]) for i in range(len(heights))]
    middle = {each.value: top + PADDING + LINE / 2
              for each, top in zip(stages, tops, strict=True)}  # fmt: skip
    axes.plot([TRACK] * 2, [min(middle.values()), max(middle.values())], color=RULE, linewidth=3)
    if reached >= 0:
        axes.plot([TRACK] * 2, [middle[reached], max(middle.values())], color=colour, linewidth=3)
    for each, top, text in zip(stages, tops, texts, strict=True):
        _stage(axes, each, (top, middle[each.value]), text, colour if each.value <= reached else "")
    return figure


def _inches(heading: style.Heading, high: float) -> tuple[Axes, Figure]:
    """Axes in inches, `y` from the top down, over the width of a page."""
    page = style.sheet(heading, high, left=0, right=0, axis=0.06, above=0.12)
    axes = page.plot()
    axes.set(xlim=(0, WIDTH), ylim=(high, 0))
    axes.set_axis_off()
    return axes, page.figure


def _named(each: Any) -> list[str]:
    return fold(each.label, DATES - NAME - 0.1, SMALL, max_lines=3, weight="bold")


def _days(each: Any, records: pd.DataFrame) -> list[str]:
    """The first day on record, how many records there are, and what the article says of the day."""
    own = records[records["value"] == each.value]
    if own.empty:
        lower = len(records) and each.value < records["value"].max()
        found = "no record of its own" if lower else "not on record"
    else:
        first = own.sort_values(["last", "first"]).iloc[0]
        more = f", first of {len(own)} records" if len(own) > 1 else ""
        doubt = "perhaps " if (own["outcome"] == PERHAPS).all() else ""
        found = f"{doubt}{first['text']}{more}"
    wide = WIDTH - MARGIN - DATES
    lines = fold(found, wide, SMALL, max_lines=2)
    said = each.text if isinstance(each.text, str) else ""
    return lines + (fold(said, wide, SMALL, max_lines=2, weight="bold") if said else [])


def _stage(
    axes: Axes, each: Any, place: tuple[float, float], text: Sequence[str], colour: str
) -> None:
    """A stage with its name and days; it is filled with `colour`, or hollow without one."""
    top, middle = place
    claimed = each.outcome == "claimed"
    if claimed:
        axes.plot(TRACK, middle, marker="o", markersize=DOT + 8, markerfacecolor="none",
                  markeredgecolor=CLAIMED, markeredgewidth=1.6, zorder=3)  # fmt: skip
    (dot,) = axes.plot(TRACK, middle, marker="o", markersize=DOT, zorder=4,
                       markerfacecolor=colour or PAPER, markeredgecolor=colour or MUTED,
                       markeredgewidth=1.4)  # fmt: skip
    note(dot, f"{each.label}: {' '.join(text)}")
    ink = INK if colour or claimed else MUTED
    words(axes, NAME, top + PADDING, _named(each), colour=ink,
          weight="bold" if claimed else "normal")  # fmt: skip
    said = isinstance(each.text, str) and each.text
    for i, line in enumerate(text):
        of_article = bool(said) and line in str(each.text)
        words(axes, DATES, top + PADDING + i * LINE, [line],
              colour=INK if colour or of_article else MUTED,
              weight="bold" if of_article else "normal")  # fmt: skip


def tracks(data: pd.DataFrame, heading: style.Heading) -> Figure:
    """A track of stages for each case, filled as far as it is on record, those furthest first.

    A line stands before the stage that the claim needs.
    """
    stages = data[data["mark"] == "stage"].sort_values("value")
    records = data[(data["mark"] == "record") & (data["outcome"] != PERHAPS)]
    possible = data[(data["mark"] == "record") & (data["outcome"] == PERHAPS)]
    tops = records.groupby("label")["value"].max()
    tops = tops.reindex(dict.fromkeys([*tops.index, *possible["label"]]), fill_value=-1)
    order = sorted(tops.index, key=lambda name: (-tops[name], name))
    cases, left = order[:MAX_CASES], order[MAX_CASES:]
    needed = stages.loc[stages["outcome"] == "claimed", "value"].iloc[0]
    named = [fold(name, CASE_TRACK - MARGIN - 0.15, SMALL, max_lines=3) for name in cases]
    heights = [max(len(lines), 2) * LINE + 1.2 * PADDING for lines in named]
    above, below = 2 * LINE + PADDING, (LINE + PADDING if left else 0)
    axes, figure = _inches(heading, above + sum(heights) + below)
    step = (CASE_STAGE - 0.2 - CASE_TRACK) / max(len(stages) - 1, 1)
    _needed(axes, stages, (needed, step), (above, above + sum(heights)))
    y = above
    for name, lines, high in zip(cases, named, heights, strict=True):
        own = records[records["label"] == name].sort_values(["value", "last", "first"])
        if own.empty:
            own = possible[possible["label"] == name].assign(value=-1)
        words(axes, MARGIN, y + (high - len(lines) * LINE) / 2, lines)
        _track(axes, stages, own, y + high / 2, (needed, step))
        y += high
    if left:
        words(axes, MARGIN, y + PADDING, [f"{len(left)} more: see the data of the figure"],
              colour=MUTED)  # fmt: skip
    return figure


def _needed(
    axes: Axes, stages: pd.DataFrame, scale: tuple[float, float], ends: tuple[float, float]
) -> None:
    """The stages that would do as a tint, under the name of the first of them."""
    needed, step = scale
    start = CASE_TRACK + (needed - 0.5) * step
    end = CASE_TRACK + (len(stages) - 0.5) * step
    axes.fill_between([start, end], *ends, color=ADMITTED, linewidth=0, zorder=0)
    axes.vlines(start, *ends, colors=CLAIMED, linewidth=1.4, zorder=2)
    name = stages.loc[stages["value"] == needed, "label"].iloc[0]
    text = f"needed: {name}{'' if needed == len(stages) - 1 else ' or later'}"
    wide = style.breadth(text, SMALL, "bold")
    words(axes, min(start, WIDTH - MARGIN - wide), 0.6 * LINE, [text], weight="bold")


def _track(
    axes: Axes, stages: pd.DataFrame, own: pd.DataFrame, y: float, scale: tuple[float, float]
) -> None:
    needed, step = scale
    top = own.iloc[-1]
    colour = GOOD if top["value"] >= needed else BAD
    ends = [CASE_TRACK, CASE_TRACK + (len(stages) - 1) * step]
    axes.plot(ends, [y] * 2, color=RULE, linewidth=2, zorder=1)
    axes.plot([CASE_TRACK, CASE_TRACK + top["value"] * step], [y] * 2, color=colour, linewidth=2)
    for each in stages.itertuples():
        filled = each.value <= top["value"]
        axes.plot(CASE_TRACK + each.value * step, y, marker="o", markersize=CASE_DOT, zorder=3,
                  markerfacecolor=colour if filled else PAPER,
                  markeredgecolor=colour if filled else MUTED)  # fmt: skip
    named = stages.loc[stages["value"] == top["value"], "label"]
    stage = named.iloc[0] if len(named) else "perhaps"
    (hit,) = axes.plot(CASE_TRACK + top["value"] * step, y, marker="o", markersize=14, alpha=0)
    note(hit, f"{top['label']}: {stage}, {top['text']}")
    shown = fold(stage, WIDTH - MARGIN - CASE_STAGE, SMALL, max_lines=1)
    words(axes, CASE_STAGE, y - LINE, shown, colour=colour, weight="bold")
    days = style.clip(str(top["text"]), WIDTH - MARGIN - CASE_STAGE, SMALL)
    words(axes, CASE_STAGE, y, [days], colour=MUTED)
