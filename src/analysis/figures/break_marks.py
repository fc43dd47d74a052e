"""The breaks of a series, and the years in which the article puts one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from analysis import formatting
from analysis.figures import dotplot
from analysis.figures.palette import ADMITTED, CLAIMED, OUTCOMES
from analysis.figures.style import SMALL
from analysis.methods.estimate import Outcome

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from analysis.claims.model import Claim

FIT, BREAK = OUTCOMES[Outcome.PASS].colour, OUTCOMES[Outcome.FAIL].colour
OPEN_END = 9999  # a claim's open end
HALF_YEAR = 0.5  # years around a year


def article(claim: Claim) -> pd.DataFrame:
    """The years that a side assertion of the sentence gives, as a row marked `article`."""
    rows = []
    for each in claim.side_assertions:
        first = each.parameters.get("claimed_from", 0)
        last = each.parameters.get("claimed_to", first)
        if first and each.method in ("", claim.method):
            words = f"{first} to {last}" if first != last else str(first)
            rows.append({"mark": "article", "label": words, "unit": "year", "low": first,
                         "high": last})  # fmt: skip
    return dotplot.table(rows, more=("year", "text"))


def draw_article(axes: Axes, article: pd.DataFrame) -> None:
    """The years that the article gives, named above them."""
    for each in article.itertuples():
        axes.axvspan(each.low - HALF_YEAR, each.high + HALF_YEAR, color=ADMITTED, linewidth=0)
        dotplot.above(axes, each.high, f"the article: {each.label}")


def draw_breaks(axes: Axes, breaks: pd.DataFrame) -> None:
    """Each break as a broken line before its first year, over the tint of its interval."""
    for item in breaks.itertuples():
        axes.axvspan(item.low - 1, item.high, facecolor=BREAK, alpha=0.16, linewidth=0, zorder=1)
        axes.axvline(item.value - HALF_YEAR, color=BREAK, linewidth=1.4, linestyle="--", zorder=2)
        left = item.value > sum(axes.get_xlim()) / 2
        axes.annotate(
            f"break {item.label}", (item.value - HALF_YEAR, 0.5),
            xycoords=("data", "axes fraction"), xytext=(-5 if left else 5, 0),
            textcoords="offset points", ha="right" if left else "left", va="center", size=SMALL,
            weight="bold", color=BREAK,
        )  # fmt: skip


def needed_years(data: pd.DataFrame) -> tuple[int, int]:
    """The first and the last needed year; 0 and `OPEN_END` for an open end."""
    claimed = data[data["mark"] == "claimed"]
    low, high = claimed["low"].dropna(), claimed["high"].dropna()
    return int(low.iloc[0]) if len(low) else 0, int(high.iloc[0]) if len(high) else OPEN_END


def draw_needed(axes: Axes, first: int, last: int) -> list[Any]:
    """The years from `first` to `last` as a tint between lines, and what names it in the legend."""
    if not first and last >= OPEN_END:
        return []
    ends = axes.get_xlim()
    start = first - HALF_YEAR if first else ends[0]
    end = last + HALF_YEAR if last < OPEN_END else ends[1]
    axes.axvspan(start, end, color=ADMITTED, linewidth=0, zorder=0)
    for year, edge in ((first, start), (last, end)):
        if 0 < year < OPEN_END:
            axes.axvline(edge, color=CLAIMED, linewidth=1.6, zorder=2)
    return [Patch(facecolor=ADMITTED, edgecolor=CLAIMED, label="needed years")]


def draw_cases(axes: Axes, cases: pd.DataFrame, rising: str, *, alone: bool) -> list[Any]:
    """Cases of a balance as marks along the lower edge: one side up, the other down."""
    if cases.empty:
        return []
    handles = []
    once = cases.drop_duplicates(["mark", "text"])
    up = once["mark"] == (rising or once["mark"].iloc[0])
    for shown, marker, colour in ((once[up], "^", FIT), (once[~up], "v", BREAK)):
        point: dict[str, Any] = {
            "marker": marker,
            "linestyle": "",
            "color": colour,
            "markersize": 6,
        }
        axes.plot(
            shown["year"],
            [0.5 if alone else 0.05] * len(shown),
            transform=axes.get_xaxis_transform(),
            zorder=4,
            clip_on=False,
            **point,
        )
        if len(shown):
            side = shown["mark"].iloc[0].partition(": ")[2]
            handles.append(Line2D([], [], label=formatting.plain(side), **point))
    if alone:
        axes.set_yticks([])
    return handles
