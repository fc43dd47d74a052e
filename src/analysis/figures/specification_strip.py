"""The strip below a specification curve: which specification took which alternative."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.figures import captions, style
from analysis.figures.palette import OUTCOMES, RULE
from analysis.figures.style import MARGIN, SMALL, WIDE, breadth

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from analysis.claims.model import Claim
    from analysis.verdicts.sweep import Trial

MAX_CHOICE_WIDTH = 1.1  # inches for the name of a choice
MAX_ALTERNATIVE_WIDTH = 2.1  # inches for an alternative
OUTCOME_COLOURS = {outcome.word: outcome.colour for outcome in OUTCOMES.values()}


@dataclass(frozen=True, slots=True, kw_only=True)
class StripRow:
    """A row of the strip: an alternative of a choice, and which specifications took it."""

    factor: str
    words: str
    taken: np.ndarray


def strip_rows(claim: Claim, trials: Sequence[Trial]) -> list[StripRow]:
    """The rows of the strip: readings first, then each choice in which trials differ."""
    rows: list[StripRow] = []
    read = [claim.called(trial.reading) for trial in trials]
    if len(set(read)) > 1:
        rows += _alternatives("reading", read, dict.fromkeys(read))
    for name, options in claim.grid.items():
        taken = [
            captions.chosen(trial.choices.get(name), options, claim.called) for trial in trials
        ]
        if len(set(taken)) > 1:
            order = [captions.chosen(option, options, claim.called) for option in options]
            rows += _alternatives(claim.called(name), taken, dict.fromkeys([*order, *taken]))
    return rows


def _alternatives(
    factor: str, taken: Sequence[str], order: Mapping[str, None]
) -> Iterator[StripRow]:
    for word in order:
        if word in taken:
            yield StripRow(
                factor=factor, words=word, taken=np.array([each == word for each in taken])
            )


def label_widths(rows: Sequence[StripRow]) -> tuple[float, float]:
    """Inches for the names of the choices and of their alternatives."""
    names = max((breadth(row.factor, SMALL, "bold") for row in rows), default=0.0)
    values = max((breadth(row.words, SMALL) for row in rows), default=0.0)
    return min(names, MAX_CHOICE_WIDTH), min(values, MAX_ALTERNATIVE_WIDTH)


def draw_dots(axes: Axes, part: pd.DataFrame, rows: Sequence[StripRow], *, crowded: bool) -> None:
    """A square wherever a specification took an alternative, in the colour of its outcome."""
    axes.set(xlim=(-0.9, part["x"].max() + 0.9), xticks=[])
    axes.set(ylim=(len(rows) - 0.5, -0.5), yticks=[])
    for side in ("left", "bottom"):
        axes.spines[side].set_visible(False)
    ends = [i for i in range(1, len(rows)) if rows[i].factor != rows[i - 1].factor]
    axes.hlines([i - 0.5 for i in ends], 0, 1, transform=axes.get_yaxis_transform(),
                colors=RULE, linewidth=0.8, zorder=1)  # fmt: skip
    inside = part.index.to_numpy()
    across, down, colours = [], [], []
    for i, row in enumerate(rows):
        taken = part[row.taken[inside]]
        across += list(taken["x"])
        down += [i] * len(taken)
        colours += [OUTCOME_COLOURS[word] for word in taken["outcome"]]
    axes.scatter(across, down, c=colours, marker="s", s=5 if crowded else 16, linewidth=0)


def name_rows(axes: Axes, rows: Sequence[StripRow], names: float) -> None:
    """The names of the choices and of their alternatives at the left of the strip."""
    for i, row in enumerate(rows):
        axes.annotate(
            style.clip(row.words, MAX_ALTERNATIVE_WIDTH, SMALL), (0, i),
            xycoords=("axes fraction", "data"), xytext=(-5, 0), textcoords="offset points",
            ha="right", va="center", size=SMALL, annotation_clip=False,
        )  # fmt: skip
        if i == 0 or rows[i - 1].factor != row.factor:
            axes.annotate(
                style.clip(row.factor, names, SMALL, weight="bold"),
                (MARGIN / WIDE, i), xycoords=("figure fraction", "data"), ha="left",
                va="center", size=SMALL, weight="bold", annotation_clip=False,
            )  # fmt: skip
