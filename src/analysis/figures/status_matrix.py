"""The bodies of a list as rows, the groups of their status as columns; the shares that count."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.figures import dotplot, style
from analysis.figures.palette import ANSWERS, INK, MUTED, OUTCOMES, RULE, Style
from analysis.figures.style import MARGIN, ROW, SMALL, breadth
from analysis.methods.estimate import Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from analysis.figures.style import Sheet

MAX_BODIES = 60  # bodies that are drawn
MAX_LABEL_WIDTH = 2.0  # inches for the names of the bodies
MAX_NOTE_WIDTH = 2.0  # inches for the names of the sources
MAX_DEFINITION_WIDTH = 2.6  # inches for the names of lists and definitions
GAP_HEIGHT = 0.55  # inches between the matrix and the shares below it
COUNTS = "counts"
STATUS_STYLES = {
    "joined": Style(ANSWERS["yes"].colour, "o", COUNTS),
    "not": Style(ANSWERS["no"].colour, "X", "does not count"),
    "open": Style(OUTCOMES[Outcome.UNCLEAR].colour, "D", "left open"),
}


def deciding(statements: pd.DataFrame) -> pd.DataFrame:
    """One statement a body: the one that decides."""
    return statements[statements["mark"] == "standing"].reset_index(drop=True)


def draw(
    heading: style.Heading,
    statements: pd.DataFrame,
    shares: pd.DataFrame,
    columns: Sequence[str],
    names: Mapping[str, str],
) -> Figure:
    """The matrix of the statements; a ring for one that differs from the deciding one."""
    drawn = deciding(statements)
    if drawn.empty:
        return style.sheet(heading, 0.1, left=MARGIN, axis=0, above=0).figure
    shown = drawn.head(MAX_BODIES)
    labels = shown["label"].tolist()
    notes = [_note(row, names) for row in shown.itertuples()]
    left = min(max(breadth(label, SMALL) for label in labels) + 0.25, MAX_LABEL_WIDTH)
    right = MARGIN + 0.15 + min(max(breadth(note, SMALL) for note in notes), MAX_NOTE_WIDTH)
    heads = _heads(shown, columns, style.WIDE - left - right)
    above = 0.55 + 0.15 * max(head.count("\n") + 1 for head in heads)
    matrix, below = len(labels) * ROW, len(shares) * 1.4 * ROW
    gap = GAP_HEIGHT + 0.15 if below else 0
    axis = style.AXIS if below else 0.08
    page = style.sheet(heading, matrix + gap + below, left=left, right=right, axis=axis,
                       above=above, width=style.WIDE)  # fmt: skip
    axes = page.axes(left=left, bottom=page.top - matrix, width=page.right - left, height=matrix)
    dotplot.rows(axes, labels, width=left - 0.15)
    _draw_columns(axes, columns, heads)
    placed = statements.assign(
        y=statements["label"].map({name: i for i, name in enumerate(labels)}),
        x=statements["group"].map({name: i for i, name in enumerate(columns)}),
    ).dropna(subset=["x", "y"])
    _dissent(axes, placed)
    dotplot.scatter(axes, placed[placed["mark"] == "standing"], STATUS_STYLES)
    dotplot.beside(axes, notes, width=MAX_NOTE_WIDTH)
    dotplot.key(page, dotplot.present(shown, STATUS_STYLES), lift=above - 0.25, more=_key(placed))
    if below:
        _draw_shares(page, shares, below)
    return page.figure


def _heads(shown: pd.DataFrame, columns: Sequence[str], width: float) -> list[str]:
    counts = shown["group"].value_counts()
    folded = {x: style.fold(x, width / len(columns), SMALL, weight="bold") for x in columns}
    return ["\n".join([*lines, str(counts.get(name, 0))]) for name, lines in folded.items()]


def _note(row: Any, names: Mapping[str, str]) -> str:
    """Whose statement decides, and of which year."""
    year = row.text[:4] if row.text[:4].isdigit() else ""
    return ", ".join(part for part in (names.get(row.family, row.family), year) if part) or "no row"


def _draw_columns(axes: Axes, columns: Sequence[str], heads: Sequence[str]) -> None:
    axes.set_xlim(-0.5, len(columns) - 0.5)
    axes.set_xticks([])
    axes.vlines(range(len(columns)), 0, 1, transform=axes.get_xaxis_transform(),
                colors=RULE, linewidth=0.6, zorder=1)  # fmt: skip
    for x, head in enumerate(heads):
        axes.annotate(
            head, (x, 1), xycoords=("data", "axes fraction"), xytext=(0, 4), ha="center",
            textcoords="offset points", va="bottom", size=SMALL, weight="bold", color=INK,
        )  # fmt: skip
    axes.spines["bottom"].set_visible(False)


def _dissent(axes: Axes, placed: pd.DataFrame) -> None:
    """A ring for each statement whose group differs from that of the deciding one."""
    also = _elsewhere(placed)
    axes.scatter(also["x"], also["y"], s=dotplot.MARKER_SIZE, facecolors="none", edgecolors=MUTED,
                 linewidth=1.1, zorder=3, clip_on=False)  # fmt: skip


def _elsewhere(placed: pd.DataFrame) -> pd.DataFrame:
    deciding = placed[placed["mark"] == "standing"].set_index("label")["group"]
    also = placed[placed["mark"] == "also"]
    return also[also["group"] != also["label"].map(deciding)].drop_duplicates(["x", "y"])


def _key(placed: pd.DataFrame) -> Sequence[Any]:
    from matplotlib.lines import Line2D

    if _elsewhere(placed).empty:
        return ()
    return [Line2D([], [], linestyle="", marker="o", markersize=6.5, label="another source",
                   markerfacecolor="none", markeredgecolor=MUTED)]  # fmt: skip


def _draw_shares(page: Sheet, shares: pd.DataFrame, height: float) -> None:
    """The share that counts under each list and definition, coloured by how it came out."""
    labels = shares["label"].tolist()
    bold = shares.index[shares["group"] == "preferred"].tolist()
    left = min(max(breadth(label, SMALL, "bold") for label in labels) + 0.25, MAX_DEFINITION_WIDTH)
    lines = max(len(style.fold(label, left - 0.2, SMALL, weight="bold")) for label in labels)
    right = style.WIDE - MARGIN - 0.2 - max(breadth(x, SMALL, "bold") for x in shares["text"])
    axes = page.axes(left=left, bottom=page.bottom, width=right - left, height=height)
    axes.set_xlim(0, 100)
    whole = str(shares["unit"].iloc[0]).replace("percent of ", "percent of the ")
    axes.set_xlabel(f"what counts, {whole} on the list")
    axes.grid(visible=True, axis="x")
    dotplot.rows(axes, [style.clip(x, left - 0.2) if lines == 1 else x for x in labels],
               width=left - 0.2, bold=bold, max_lines=2)  # fmt: skip
    placed = shares.assign(y=range(len(shares)))
    dotplot.intervals(axes, placed, OUTCOMES)
    dotplot.scatter(axes, placed, OUTCOMES, x="value")
    dotplot.beside(axes, shares["text"].tolist(), width=1.0, bold=bold)
    dotplot.key(page, dotplot.present(shares, OUTCOMES),
              lift=page.bottom + height + 0.12 - page.top)  # fmt: skip
