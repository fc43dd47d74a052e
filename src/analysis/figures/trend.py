"""A table of signs: each index with its course, its change, and how it came out in the vote."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from analysis import formatting
from analysis.figures import alt_text, captions, dotplot, style
from analysis.figures.figure import Drawing, build_method, headline
from analysis.figures.palette import INK, MUTED, NEUTRAL, OUTCOMES, RULE, Style
from analysis.figures.style import MARGIN, SMALL, WIDTH, breadth
from analysis.methods.estimate import Outcome, interval_of
from analysis.methods.time_bins import period
from analysis.methods.trend import Trend
from analysis.methods.trend_test import AT_CEILING, COPY, DOWN, FLAT, OPEN, STALE, UP

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from analysis.claims.model import Claim
    from analysis.methods.estimate import Criterion, Estimate
    from analysis.methods.vote_counting import Index
    from analysis.verdicts.sweep import Curve

STYLES = {
    UP: Style(OUTCOMES[Outcome.PASS].colour, "^", UP),
    FLAT: Style(MUTED, "o", FLAT),
    DOWN: Style(OUTCOMES[Outcome.FAIL].colour, "v", DOWN),
    OPEN: Style(NEUTRAL, "D", OPEN),
    AT_CEILING: Style(NEUTRAL, "s", f"{AT_CEILING}, no vote"),
    STALE: Style(NEUTRAL, "X", f"{STALE}, no vote"),
    COPY: Style(NEUTRAL, "P", f"{COPY}, no vote"),
}
FALLING = {  # a sign keeps its shape and word; its colour is that of its outcome for the claim
    **STYLES,
    UP: replace(STYLES[UP], colour=STYLES[DOWN].colour),
    DOWN: replace(STYLES[DOWN], colour=STYLES[UP].colour),
}
BY_DIRECTION = {"rise": STYLES, "fall": FALLING}
Styles = Mapping[str, Style]
UNIT = "percent a year"
EXTRA_COLUMNS = ("weight", "n", "tau", "p", "q", "period", "note")
PLACEMENT = ("y",)
MAX_LABEL_WIDTH = 1.8  # inches for the names of the indices
COURSE_WIDTH = 0.95  # inches for the small plot of a series
COLUMN_GAP = 0.12  # inches between columns
LINE_HEIGHT, MIN_ROW_HEIGHT = 0.17, 0.4  # inches a line of a label takes; the least a row takes
MIN_COMPRESSED_RANGE = 60  # percent beyond which the scale of the changes is compressed
LINEAR_UP_TO = 10  # percent up to which a compressed scale is linear
TICKS = (-100, -10, 0, 10, 100, 1000, 10000)  # of a compressed scale
MAX_ROWS = 16  # rows; what is left is in the plotted numbers


def draw(claim: Claim, estimate: Estimate, curve: Curve, vintage: str = "publication") -> Drawing:
    """The indices of `estimate`, in the order of the register."""
    method = build_method(claim, Trend)
    found: Sequence[Index] = estimate.points  # type: ignore[assignment]
    claimed = _claimed(method.pass_criterion)
    finding = _finding(estimate, found)
    data = dotplot.table(
        [
            dotplot.claimed_row(claimed, method.pass_criterion, estimate.unit),
            *(_row(index, y) for y, index in enumerate(found)),
            *(row for index in found for row in _course(index)),
        ],
        more=[*EXTRA_COLUMNS, *PLACEMENT],
    )
    title = headline(claim, curve, vintage)
    heading = style.Heading(
        title=title,
        subtitle=f"{finding} Claimed: {claimed}.{_left_out(found)}",
        source=captions.sources(_families(found), vintage, call=claim.called),
    )
    with style.styled():
        figure = _drawn(heading, data, found, BY_DIRECTION[method.direction])
    return Drawing(
        figure=figure,
        data=data.drop(columns=list(PLACEMENT)),
        title=title,
        summary=heading.subtitle,
        alt=alt_text.trend(data, claimed, finding),
    )


def _claimed(criterion: Criterion) -> str:
    """The share that the claim needs, in percent.

    >>> from analysis.methods.estimate import Criterion
    >>> _claimed(Criterion(comparison="at_least", threshold=0.6667))
    'at least 66.7 percent of the indices'
    """
    percent = replace(criterion, threshold=round(100 * criterion.threshold, 1))
    return captions.asserted(percent, "percent of the indices")


def _families(found: Sequence[Index]) -> set[str]:
    return {family for index in found for family in index.family.split(";")}


def _finding(estimate: Estimate, found: Sequence[Index]) -> str:
    """The vote in words: its share with what is open, then the signs and the mean of tau."""
    if estimate.value is None:
        why = captions.searched(estimate.note)
        return f"Too few indices for a vote: {why}." if found else f"No admissible evidence: {why}."
    total = sum(index.weight for index in found)
    agreeing, votes = (formatting.number(round(x, 2)) for x in (estimate.value * total, total))
    shared = len([index for index in found if index.weight]) > total
    several = " (several series share one)" if shared else ""
    text = f"Votes for it{several}: {agreeing} of {votes}, {estimate.value:.0%}"
    high = interval_of(estimate)[1]
    if high > estimate.value:
        text += f"; with those that are open, up to {high:.0%}"
    return f"{text}. {estimate.note[:1].upper()}{estimate.note[1:]}."


def _left_out(found: Sequence[Index]) -> str:
    left = len(found) - MAX_ROWS
    return f" {left} more are in the plotted numbers." if left > 0 else ""


def _row(index: Index, y: int) -> dict[str, Any]:
    return {
        "mark": "index",
        "group": "vote" if index.weight else "no vote",
        "label": index.label,
        "value": index.value,
        "low": index.low,
        "high": index.high,
        "unit": UNIT,
        "outcome": STYLES[index.state].word,
        "family": index.family,
        "source_id": index.source_id,
        "row": index.row,
        "weight": index.weight,
        "n": index.n,
        "tau": index.tau,
        "p": index.p,
        "q": index.q,
        "note": index.note,
        "y": y,
    }


def _course(index: Index) -> list[dict[str, Any]]:
    """The observations of an index."""
    return [
        {
            "mark": "observation",
            "label": index.label,
            "value": value,
            "low": value,
            "high": value,
            "unit": "as the table of the index says",
            "period": period(int(time), index.months),
        }
        for time, value in index.series
    ]


def _drawn(
    heading: style.Heading, data: pd.DataFrame, found: Sequence[Index], styles: Styles
) -> Figure:
    shown = list(found[:MAX_ROWS])
    if not shown:
        return style.sheet(heading, 0.1, left=MARGIN, axis=0, above=0).figure
    notes = [line for index in shown for line in _note(index)]
    left = max([breadth(index.label, SMALL) for index in shown], default=1.0) + 0.24
    left = min(left, MAX_LABEL_WIDTH)
    right = MARGIN + 0.12 + max((breadth(note, SMALL) for note in notes), default=0.3)
    lines = [len(style.fold(index.label, left - 0.2, SMALL, max_lines=3)) for index in shown]
    row = max(MIN_ROW_HEIGHT, LINE_HEIGHT * max(lines, default=1))
    page = style.sheet(
        heading,
        max(len(shown), 2) * row,
        left=left + COURSE_WIDTH + 2 * COLUMN_GAP,
        right=right,
        above=0.62,
    )
    axes = page.plot()
    table = data[data["mark"] == "index"].head(MAX_ROWS)
    _scaled(axes, table)
    axes.set_xlabel(f"change in {UNIT}")
    axes.set_ylim(max(len(shown), 1) - 0.5, -0.5)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.hlines(range(len(shown)), 0, 1, transform=axes.get_yaxis_transform(), colors=RULE,
                linewidth=0.6, zorder=1)  # fmt: skip
    axes.axvline(0, color=INK, linewidth=1.2, zorder=2)
    dotplot.intervals(axes, _clipped(table, axes), styles)
    dotplot.scatter(axes, table, styles, x="value")
    _headed(page, "course", page.left - COLUMN_GAP - COURSE_WIDTH)
    _headed(page, "points and test", page.right + 0.1)
    high = (page.top - page.bottom) / len(shown)
    for y, index in enumerate(shown):
        _spark(page, index, styles, bottom=page.top - (y + 1) * high, height=high)
        at = page.top - (y + 0.5) * high
        _draw_lines(page, style.fold(index.label, left - 0.2, SMALL, max_lines=3), MARGIN, at)
        _draw_lines(page, _note(index), page.right + 0.1, at)
    dotplot.key(page, dotplot.present(table, styles), lift=0.36)
    return page.figure


def _note(index: Index) -> list[str]:
    """The period of a series, its number of points, and its p and q."""
    first, last = (period(int(index.series[i][0]), index.months) for i in (0, -1))
    lines = [f"{first} to {last}, n {index.n}"]
    if index.p is None:
        return [*lines, "no test"]
    return [*lines, f"p {_small(index.p)}, q {_small(index.q)}"]


def _small(p: float | None) -> str:
    """A probability in two or three digits.

    >>> _small(0.0314), _small(0.00001), _small(0.5)
    ('0.031', '<0.001', '0.50')
    """
    if p is None:
        return "-"
    if p < 0.001:  # noqa: PLR2004 - the least that is printed
        return "<0.001"
    return f"{p:.3f}" if p < 0.1 else f"{p:.2f}"  # noqa: PLR2004 - where a third digit matters


def _scaled(axes: Axes, table: pd.DataFrame) -> None:
    """Axis limits around all marks; long intervals are cut at twice the largest change."""
    values = [0.0, *table["value"]]
    ends = [*table["low"], *table["high"]]
    reach = 2.0 * max(*map(abs, values), 1.0)
    low = max(min([*values, *ends]), -reach)
    high = min(max([*values, *ends]), reach)
    if high - low > MIN_COMPRESSED_RANGE:
        axes.set_xscale("symlog", linthresh=LINEAR_UP_TO, linscale=0.6)
        axes.set_xlim(min(low * 1.3, -LINEAR_UP_TO), max(high * 1.5, LINEAR_UP_TO))
        sign = [-100, -10, 0, 10, 100, 1000, 10000]
        axes.set_xticks(
            [
                tick
                for tick in sign
                if min(low * 1.3, -LINEAR_UP_TO) <= tick <= max(high * 1.5, LINEAR_UP_TO)
            ]
        )
        axes.minorticks_off()
    else:
        pad = 0.1 * (high - low) or 1
        axes.set_xlim(low - pad, high + pad)
        axes.locator_params(axis="x", nbins=4)
    axes.grid(visible=True, axis="x")
    axes.xaxis.set_major_formatter(lambda value, _: formatting.number(value))


def _clipped(table: pd.DataFrame, axes: Axes) -> pd.DataFrame:
    low, high = axes.get_xlim()
    return table.assign(low=table["low"].clip(lower=low), high=table["high"].clip(upper=high))


def _headed(page: style.Sheet, text: str, x: float) -> None:
    """A word over a column, at `x` inches."""
    high = page.figure.get_figheight()
    page.figure.text(
        x / WIDTH, (page.top + 0.06) / high, text, size=SMALL, color=MUTED, va="bottom", ha="left"
    )


def _draw_lines(page: style.Sheet, lines: Sequence[str], x: float, at: float) -> None:
    """Lines of words from `x` inches, with their middle at `at`."""
    place = (x / WIDTH, at / page.figure.get_figheight())
    page.figure.text(*place, "\n".join(lines), size=SMALL, va="center", linespacing=1.15)


def _spark(
    page: style.Sheet, index: Index, styles: Styles, *, bottom: float, height: float
) -> None:
    """The course of an index, from its least to its largest value, zero not included."""
    axes = page.axes(
        left=page.left - COLUMN_GAP - COURSE_WIDTH,
        bottom=bottom + 0.13 * height,
        width=COURSE_WIDTH - 0.06,
        height=0.74 * height,
    )
    times = [time for time, _ in index.series]
    values = [value for _, value in index.series]
    colour = styles[index.state].colour
    dotted = len(times) <= 20  # noqa: PLR2004 - more points than that touch each other
    axes.plot(times, values, color=colour, linewidth=1.1, marker="o" if dotted else "",
              markersize=2.2, clip_on=False)  # fmt: skip
    span = (max(times) - min(times)) or 1
    axes.set_xlim(min(times) - 0.05 * span, max(times) + 0.05 * span)
    spread = (max(values) - min(values)) or abs(values[0]) or 1
    axes.set_ylim(min(values) - 0.15 * spread, max(values) + 0.15 * spread)
    axes.set_axis_off()
