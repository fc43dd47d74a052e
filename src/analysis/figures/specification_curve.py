"""The specification curve: every estimate in order, over the choices that led to it.

After U. Simonsohn, J. P. Simmons and L. D. Nelson, Specification curve analysis, 2020.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from analysis import formatting
from analysis.figures import alt_text, captions, dotplot, style
from analysis.figures.figure import Drawing
from analysis.figures.palette import ADMITTED, CLAIMED, MUTED, OUTCOMES
from analysis.figures.specification_strip import (
    StripRow,
    draw_dots,
    label_widths,
    name_rows,
    strip_rows,
)
from analysis.figures.style import MARGIN, SMALL
from analysis.verdicts.sweep import shares

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from analysis.claims.model import Claim
    from analysis.figures.style import Sheet
    from analysis.verdicts.sweep import Curve, Trial

PLOT_HEIGHT, STRIP_ROW_HEIGHT = 1.9, 0.2  # inches: the estimates, and a row of the strip below them
SILENT_BAND = 0.24  # inches below the estimates for the specifications without evidence
PANEL_GAP = 0.62  # inches between two panels, for the axis of the second
AXIS_NAMES = {"rung": "stage, from 0 up"}  # units that need more words beside an axis
SIGNED_UNIT = r"\bfrom\b|point"  # in the unit of a difference
MIN_CROWDED = 60  # specifications in a panel from which marks are small
MIN_LOG_RATIO = 200  # a range this many times its least is drawn on a logarithmic axis


def draw(claim: Claim, curve: Curve, vintage: str = "publication") -> Drawing:
    """All specifications of all readings; one panel for each unit."""
    readings = [reading.name for reading in claim.readings]
    trials = [trial for name in readings for trial in _sorted(curve.select(vintage, name))]
    data = _data(claim, trials)
    shares_text = _shares(claim, curve, vintage)
    title = f"{claim.id}. {claim.title}"
    families = {family for trial in trials for family in trial.estimate.families}
    heading = style.Heading(
        title=title,
        claim=claim.statement,
        subtitle=f"All specifications. {shares_text}",
        source=captions.sources(families, vintage, call=claim.called),
    )
    with style.styled():
        figure = _drawn(heading, data, strip_rows(claim, trials))
    return Drawing(
        figure=figure,
        data=data.drop(columns=["panel", "x"]),
        title=f"{title}: all specifications",
        alt=alt_text.curve(data, shares_text),
    )


def _sorted(trials: Sequence[Trial]) -> list[Trial]:
    """From the lowest to the highest estimate; those without one at the end."""
    return sorted(trials, key=lambda t: math.inf if t.estimate.value is None else t.estimate.value)


def _data(claim: Claim, trials: Sequence[Trial]) -> pd.DataFrame:
    """A row for each specification, with its panel and its place in it."""
    panels: dict[tuple[str, str], int] = {}
    last: dict[int, tuple[int, str]] = {}
    rows = []
    for trial in trials:
        panel = panels.setdefault(_scale(claim, trial), len(panels))
        place, before = last.get(panel, (-1, trial.reading))
        last[panel] = place + (1 if trial.reading == before else 2), trial.reading
        rows.append({**_row(claim, trial), "panel": panel, "x": last[panel][0]})
    factors = [f"choice {name}" for name in claim.grid]
    more = ["reading", "preferred", "threshold", "least", "most", *factors, "panel", "x"]
    return dotplot.table(rows, more=more)


def _scale(claim: Claim, trial: Trial) -> tuple[str, str]:
    """The key of a panel: the unit of its estimates and, for stages, the ladder."""
    unit = trial.estimate.unit
    if unit != "rung":
        return unit, ""
    own = next((r.parameters for r in claim.readings if r.name == trial.reading), {})
    return unit, str({**claim.parameters, **own}.get("ladder", ""))


def _row(claim: Claim, trial: Trial) -> dict[str, Any]:
    low, high, *_ = trial.pass_criterion.region()
    return {
        "mark": "specification",
        "group": trial.reading,
        "label": captions.choices(trial.choices, claim.grid, claim.called) or "the only one",
        **dotplot.trial_columns(trial),
        "reading": claim.called(trial.reading),
        "preferred": trial.preferred,
        "threshold": trial.pass_criterion.threshold,
        "least": low if math.isfinite(low) else None,
        "most": high if math.isfinite(high) else None,
        **{
            f"choice {name}": captions.chosen(trial.choices.get(name), options, claim.called)
            for name, options in claim.grid.items()
        },
    }


def _shares(claim: Claim, curve: Curve, vintage: str) -> str:
    """The outcomes of the literal reading, with the weights of the verdict."""
    trials = curve.select(vintage, claim.literal.name)
    found = shares(trials)
    silent = len(trials) - found.n
    if not found.n:
        count_text = formatting.count(len(trials), "specification")
        notes = dict.fromkeys(trial.estimate.note for trial in trials if trial.estimate.note)
        why = captions.searched("; ".join(itertools.islice(notes, 2)))
        return f"No admissible evidence in any of {count_text} of the literal reading: {why}."
    parts = [("pass", found.passing), ("fail", found.failing), ("are unclear", found.unclear)]
    weighed = ", ".join(f"{share:.0%} {verb}" for verb, share in parts if share)
    count_text = formatting.count(found.n, "specification")
    end = f"; {silent} more without evidence" if silent else ""
    return f"Literal reading, {count_text}, weighted by source family: {weighed}{end}."


def _drawn(heading: style.Heading, data: pd.DataFrame, rows: Sequence[StripRow]) -> Figure:
    names, values = label_widths(rows)
    left = max(MARGIN + names + values + 0.2, 0.85)
    strip = STRIP_ROW_HEIGHT * len(rows)
    band = SILENT_BAND if data["value"].isna().any() else 0.0
    page = style.sheet(heading, PLOT_HEIGHT + 0.1 + band + strip, left=left, axis=0.08, above=0.5,
                       width=style.WIDE)  # fmt: skip
    base = page.bottom + strip + band + 0.1
    for panel, place, width in _places(data, page):
        part = data[data["panel"] == panel]
        axes = page.axes(left=place, bottom=base, width=width, height=PLOT_HEIGHT)
        _estimates(axes, part)
        stack = [axes]
        if rows:
            below = page.axes(left=place, bottom=page.bottom, width=width, height=strip)
            draw_dots(below, part, rows, crowded=len(part) > MIN_CROWDED)
            if panel == 0:
                name_rows(below, rows, names)
            stack.append(below)
        _preferred(stack, part)
    _key(page, data)
    return page.figure


def _places(data: pd.DataFrame, page: Sheet) -> Iterator[tuple[int, float, float]]:
    """Each panel with its left edge and width, shared out by the specifications in it."""
    sizes = [len(part) + 2 for _, part in data.groupby("panel")]
    available = page.right - page.left - PANEL_GAP * (len(sizes) - 1)
    least = 0.14 * available  # so that no panel is a sliver
    free = available - least * len(sizes)
    left = page.left
    for panel, size in enumerate(sizes):
        width = least + free * size / sum(sizes)
        yield panel, left, width
        left += width + PANEL_GAP


def _estimates(axes: Axes, part: pd.DataFrame) -> None:
    """The estimates with their intervals over the claimed value of each reading."""
    axes.set_xlim(-0.9, part["x"].max() + 0.9)
    found = part[part["value"].notna()]
    _limits(axes, part)
    for _, block in part.groupby("reading", sort=False):
        _claimed(axes, block)
    dotplot.intervals(axes, found, OUTCOMES, at="x", across=False)
    dotplot.scatter(axes, found, OUTCOMES, y="value", size=14 if len(part) > MIN_CROWDED else 34)
    _silent(axes, part[part["value"].isna()], first=part["panel"].iloc[0] == 0)
    axes.set_xticks([])
    unit = AXIS_NAMES.get(part["unit"].iloc[0], part["unit"].iloc[0])
    axes.set_ylabel("\n".join(style.fold(unit, PLOT_HEIGHT, SMALL, max_lines=2)), size=SMALL)
    axes.grid(visible=True, axis="y")


def _silent(axes: Axes, silent: pd.DataFrame, *, first: bool) -> None:
    """Specifications without evidence, in a band of their own below the scale."""
    if silent.empty:
        return
    place = -0.55 * SILENT_BAND / PLOT_HEIGHT
    axes.scatter(silent["x"], [place] * len(silent), transform=axes.get_xaxis_transform(),
                 marker="x", s=18, color=OUTCOMES[None].colour, clip_on=False)  # fmt: skip
    if first:
        axes.annotate(
            f"no evidence: {len(silent)}", (0, place), xycoords="axes fraction", xytext=(-5, 0),
            textcoords="offset points", ha="right", va="center", size=SMALL, color=MUTED,
            annotation_clip=False,
        )  # fmt: skip


def _limits(axes: Axes, part: pd.DataFrame) -> None:
    ends = pd.concat([part[name] for name in ("low", "high", "threshold", "least", "most")])
    ends = ends.dropna().astype(float)
    least, most = ends.min(), ends.max()
    if least > 0 and most / least > MIN_LOG_RATIO:
        dotplot.logarithmic(axes.yaxis)
        axes.set_ylim(least / 1.6, most * 1.6)
        return
    pad = 0.12 * (most - least) or 0.5 * abs(most) or 1
    floor = -0.12 * (most or 1) if least >= 0 and not _signed(part) else least - pad
    axes.set_ylim(max(least - pad, floor), most + pad)
    whole = bool((ends == ends.round()).all())
    axes.locator_params(axis="y", nbins=5, integer=whole, min_n_ticks=1 if whole else 2)
    axes.yaxis.set_major_formatter(lambda value, _: formatting.number(round(value, 12)))


def _signed(part: pd.DataFrame) -> bool:
    """Whether what is measured can be negative: a difference can, a count or a share cannot."""
    return bool(part["unit"].str.contains(SIGNED_UNIT, na=False).any())


def _claimed(axes: Axes, block: pd.DataFrame) -> None:
    """The threshold of a reading's specifications as steps, what would do as a tint."""
    low, high = axes.get_ylim()
    start = block["x"].iloc[0]
    edges = np.arange(start, start + len(block) + 1) - 0.5
    least = block["least"].astype(float).fillna(low).to_numpy()
    most = block["most"].astype(float).fillna(high).to_numpy()
    axes.stairs(most, edges, baseline=least, fill=True, color=ADMITTED, linewidth=0, zorder=0)
    claimed = block["threshold"].astype(float).to_numpy()
    axes.stairs(claimed, edges, baseline=None, color=CLAIMED, linewidth=1.5, zorder=2)


def _preferred(stack: Sequence[Axes], part: pd.DataFrame) -> None:
    """A broken line through each reading's preferred specification; the literal one is named."""
    preferred = part[part["preferred"]]["x"]
    if len(preferred) and part["panel"].iloc[0] == 0:
        dotplot.above(stack[0], preferred.iloc[0], "preferred", colour=MUTED, lift=1)
    for x in preferred:
        for axes in stack:
            axes.axvline(x, color=MUTED, linewidth=0.9, linestyle=":", zorder=1)


def _key(page: Sheet, data: pd.DataFrame) -> None:
    more = [
        Line2D([], [], color=CLAIMED, linewidth=1.5, label="threshold"),
        Patch(color=ADMITTED, label="would do"),
    ]
    shown = dotplot.present(data[data["value"].notna()], OUTCOMES)
    dotplot.key(page, shown, more=more, lift=0.22)
