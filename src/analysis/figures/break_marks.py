"""The breaks of a series, and the years in which the article puts one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.figures import dotplot
from analysis.figures.palette import ADMITTED, OUTCOMES
from analysis.figures.style import SMALL
from analysis.methods.estimate import Outcome

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from analysis.claims.model import Claim

BREAK = OUTCOMES[Outcome.FAIL].colour
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
