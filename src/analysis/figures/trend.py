"""Small multiples of series: each in its unit, with its first and last value and its trend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import ceil
from typing import TYPE_CHECKING, Any

import seaborn as sns

from analysis import formatting
from analysis.figures import alt_text, captions, dotplot, style
from analysis.figures.figure import Drawing, build_method, headline
from analysis.figures.palette import INK, MUTED, NEUTRAL, OUTCOMES, RULE, Style
from analysis.figures.style import LEADING, MARGIN, SMALL, WIDTH, fold
from analysis.figures.svg import note
from analysis.methods import one_series
from analysis.methods.estimate import Outcome, interval_of
from analysis.methods.time_bins import period
from analysis.methods.trend import Trend
from analysis.methods.trend_test import AT_CEILING, COPY, DOWN, FLAT, OPEN, STALE, UP
from analysis.methods.vote_counting import TOGETHER, VOTING

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from analysis.claims.model import Claim
    from analysis.methods.estimate import Estimate
    from analysis.methods.vote_counting import Index
    from analysis.verdicts.sweep import Curve

WORDS = {
    UP: "up",
    FLAT: "flat",
    DOWN: "down",
    OPEN: "unclear",
    AT_CEILING: f"{AT_CEILING}, no vote",
    STALE: f"{STALE}, no vote",
    COPY: f"{COPY}, no vote",
}
ARROWS = {"up": "▲", "down": "▼", "flat": "▬", "unclear": "◆"}  # a word beside each
STANCE_STYLES = {
    "for": OUTCOMES[Outcome.PASS],
    "against": OUTCOMES[Outcome.FAIL],
    "open": Style(NEUTRAL, "o", "neither"),
}
UNIT = "percent a year"
EXTRA_COLUMNS = ("stance", "time", "period", "weight", "n", "tau", "p", "q", "note")
MAX_PANELS = 15  # series that are drawn; what is left is in the plotted numbers
COLUMNS = {1: 1, 2: 2, 3: 3, 4: 2}  # of panels, by their number; else three
PLOT_HEIGHT, ALONE_HEIGHT, PANEL_GAP = 0.68, 1.5, 0.24  # inches
LINE = SMALL * LEADING  # inches of a line of words
MAX_DOTTED = 20  # points of a series, beyond which they touch each other
ZERO_FROM = 0.5  # a scale begins at zero where the least is below this share of the most


def draw(claim: Claim, estimate: Estimate, curve: Curve, vintage: str = "publication") -> Drawing:
    """The indices of `estimate`, in the order of the register."""
    method = build_method(claim, Trend)
    found: Sequence[Index] = estimate.points  # type: ignore[assignment]
    needed = _needed(method, found)
    finding = _finding(estimate, found, method)
    rows = [_row(index, method) for index in found]
    data = dotplot.table(
        [
            dotplot.claimed_row(needed, method.pass_criterion, estimate.unit),
            *rows,
            *(row for index in found for row in _course(index)),
        ],
        more=EXTRA_COLUMNS,
    )
    undecided = captions.undecided(curve.select(vintage, claim.literal.name))
    heading = style.Heading(
        title=headline(claim, curve, vintage),
        claim=claim.statement,
        subtitle=f"{finding} Needed: {needed}.{undecided}{_left_out(found)}",
        source=captions.sources(_families(found), vintage, call=claim.called),
    )
    return Drawing(
        figure=plot(data, heading),
        data=data,
        title=heading.title,
        summary=heading.subtitle,
        alt=alt_text.trend(data, needed, finding),
    )


def plot(data: pd.DataFrame, heading: style.Heading = style.NO_HEADING) -> Figure:
    """A panel for each row of `data` marked `index`, with the rows marked `observation` of it.

    An index has `label`, `value` (percent a year), `outcome` (up, down, flat, unclear) and
    `stance`; an observation has `label`, `time` (in years), `period`, `value` and `unit`.

    Example: `figures.trend(drawing.data.query("label != 'Trade'"))`
    """
    with style.styled():
        return _drawn(data, heading)


def _needed(method: Trend, found: Sequence[Index]) -> str:
    """The share that the claim needs, in percent; of a single series what its verb asks."""
    if len(_voting(found)) == 1:
        return one_series.needed(method.verb, method.direction, method.alpha)
    criterion = method.pass_criterion
    percent = replace(criterion, threshold=round(100 * criterion.threshold, 1))
    return captions.asserted(percent, "percent of the series")


def _voting(found: Sequence[Index]) -> list[Index]:
    return [index for index in found if index.state in VOTING]


def _families(found: Sequence[Index]) -> set[str]:
    return {family for index in found for family in index.family.split(";")}


def _finding(estimate: Estimate, found: Sequence[Index], method: Trend) -> str:
    """How many series go as claimed, their share with what is open, and the test of all."""
    lacking = estimate.note.split("; ")[0] if estimate.note.startswith("no series") else ""
    if estimate.value is None:
        why = captions.searched(estimate.note)
        return f"Too few series for a vote: {why}." if found else f"No admissible evidence: {why}."
    claimed = UP if method.direction == "rise" else DOWN
    votes = _voting(found)
    agreeing = sum(index.state == claimed for index in votes)
    verb = "goes" if agreeing == 1 else "go"
    if len(votes) == 1:
        return f"{one_series.course(votes[0], method.verb, method.direction)}."
    text = f"{agreeing} of {len(votes)} series {verb} {claimed}, {estimate.value:.0%} by weight"
    high = interval_of(estimate)[1]
    if high > estimate.value:
        text += f" (up to {high:.0%} with those that are unclear)"
    together = [p for name, p in estimate.tests if name == TOGETHER]
    if together:
        text += f". A test of all together for a {method.direction}: p {_small(together[0])}"
    return f"{text}.{f' {lacking[:1].upper()}{lacking[1:]}.' if lacking else ''}"


def _small(p: float) -> str:
    """A probability in two or three digits.

    >>> _small(0.0314), _small(0.00001), _small(0.5)
    ('= 0.031', '< 0.001', '= 0.50')
    """
    if p < 0.001:  # noqa: PLR2004 - the least that is printed
        return "< 0.001"
    return f"= {p:.3f}" if p < 0.1 else f"= {p:.2f}"  # noqa: PLR2004 - where a third digit matters


def _left_out(found: Sequence[Index]) -> str:
    left = len(found) - MAX_PANELS
    return f" {left} more are in the plotted numbers." if left > 0 else ""


def _row(index: Index, method: Trend) -> dict[str, Any]:
    return {
        "mark": "index",
        "group": "vote" if index.weight else "no vote",
        "label": index.label,
        "value": index.value,
        "low": index.low,
        "high": index.high,
        "unit": UNIT,
        "outcome": WORDS[index.state],
        "family": index.family,
        "source_id": index.source_id,
        "row": index.row,
        "stance": _stance(index, method),
        "weight": index.weight,
        "n": index.n,
        "tau": index.tau,
        "p": index.p,
        "q": index.q,
        "note": index.note,
    }


def _stance(index: Index, method: Trend) -> str:
    """Whether a series speaks for the claim: for a claim of a fall, one that goes down does."""
    claimed, contrary = (UP, DOWN) if method.direction == "rise" else (DOWN, UP)
    return {claimed: "for", contrary: "against", FLAT: "against"}.get(index.state, "open")


def _course(index: Index) -> list[dict[str, Any]]:
    """The observations of an index."""
    return [
        {
            "mark": "observation",
            "label": index.label,
            "value": value,
            "low": value,
            "high": value,
            "unit": index.unit,
            "time": time * index.months / 12,
            "period": period(int(time), index.months),
        }
        for time, value in index.series
    ]


def _drawn(data: pd.DataFrame, heading: style.Heading) -> Figure:
    indices = list(data[data["mark"] == "index"].head(MAX_PANELS).itertuples())
    if not indices:
        return style.sheet(heading, 0.1, left=MARGIN, axis=0, above=0).figure
    observed = data[data["mark"] == "observation"]
    columns = COLUMNS.get(len(indices), 3)
    wide = (WIDTH - 2 * MARGIN - (columns - 1) * PANEL_GAP) / columns
    named = [
        fold(_name(each, observed), wide, SMALL, max_lines=4, weight="bold") for each in indices
    ]
    head = LINE * (max(map(len, named)) + (1 if columns == 1 else 2)) + 0.1
    plot_height = ALONE_HEIGHT if len(indices) == 1 else PLOT_HEIGHT
    high = head + plot_height + 2.4 * LINE + 0.16
    rows = ceil(len(indices) / columns)
    page = style.sheet(heading, rows * high, left=MARGIN, axis=0.05, above=0.14)
    for i, (each, name) in enumerate(zip(indices, named, strict=True)):
        left = MARGIN + i % columns * (wide + PANEL_GAP)
        top = page.top - i // columns * high
        _headed(page, each, name, left, top, folded=columns > 1)
        axes = page.axes(left=left, bottom=top - head - plot_height, width=wide, height=plot_height)
        _series(axes, observed[observed["label"] == each.label], each)
    return page.figure


def _name(each: Any, observed: pd.DataFrame) -> str:
    """The label of an index with its unit."""
    unit = observed.loc[observed["label"] == each.label, "unit"].iloc[0]
    return f"{each.label} ({unit})" if unit else str(each.label)


def _headed(
    page: style.Sheet, each: Any, name: Sequence[str], left: float, top: float, *, folded: bool
) -> None:
    """The name of a series, then its trend: an arrow, a word and the change."""
    change = f"median {each.value:+.2g} % a year".replace("-", "−") if each.value else ""
    shown = change if each.weight else "no vote"
    arrow = f"{ARROWS.get(each.outcome, '◇')} {each.outcome.removesuffix(', no vote')}"
    trend = [arrow, shown] if folded else [", ".join(filter(None, [arrow, shown]))]
    wide, high = page.figure.get_size_inches()
    looks = [(line, "bold", INK) for line in name]
    looks += [(line, "normal", STANCE_STYLES[each.stance].colour) for line in trend]
    for i, (line, weight, colour) in enumerate(looks):
        page.figure.text(left / wide, (top - (i + 0.82) * LINE) / high, line, size=SMALL,
                         weight=weight, color=colour)  # fmt: skip


def _series(axes: Axes, seen: pd.DataFrame, each: Any) -> None:
    """The course of a series over its own years, its first and last value beside its ends."""
    colour = STANCE_STYLES[each.stance].colour
    marker = "o" if len(seen) <= MAX_DOTTED else None
    sns.lineplot(
        seen, x="time", y="value", color=colour, linewidth=1.4, marker=marker, markersize=4,
        markeredgewidth=0, errorbar=None, clip_on=False, legend=False, ax=axes,
    )  # fmt: skip
    note(axes.lines[0], f"{each.label}: {each.outcome}, {each.note or each.n}")
    for spot in seen.itertuples():
        (hit,) = axes.plot(spot.time, spot.value, marker="o", markersize=9, alpha=0, clip_on=False)
        note(hit, f"{each.label}, {spot.period}: {formatting.number(spot.value)} {spot.unit}")
    _scaled(axes, seen)
    _ends(axes, seen)


def _scaled(axes: Axes, seen: pd.DataFrame) -> None:
    least, most = seen["value"].min(), seen["value"].max()
    low = 0 if 0 <= least < ZERO_FROM * most else least
    spread = (most - low) or abs(most) or 1
    axes.set_ylim(low - (0 if low == 0 else 0.12 * spread), most + 0.12 * spread)
    first, last = seen["time"].min(), seen["time"].max()
    pad = 0.03 * (last - first) or 1
    axes.set_xlim(first - pad, last + pad)
    axes.set(xlabel="", ylabel="", yticks=[])
    axes.spines["left"].set_visible(False)
    axes.spines["bottom"].set_color(MUTED if low == 0 else RULE)
    axes.spines["bottom"].set_linestyle("-" if low == 0 else (0, (1, 2)))


def _ends(axes: Axes, seen: pd.DataFrame) -> None:
    """The first and the last period under the axis, with their values."""
    ends = seen.sort_values("time").iloc[[0, -1]]
    axes.set_xticks([])
    for end, align in zip(ends.itertuples(), ("left", "right"), strict=True):
        axes.annotate(
            f"{formatting.compact(end.value)}\n{end.period}",
            (0 if align == "left" else 1, 0), xycoords="axes fraction", xytext=(0, -3),
            textcoords="offset points", ha=align, va="top", size=SMALL, color=INK,
            linespacing=1.2, annotation_clip=False,
        )  # fmt: skip
