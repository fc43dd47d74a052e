"""A yearly series with its segments, its breaks and their intervals, and the claimed years."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pandas as pd
from matplotlib.lines import Line2D

from analysis import formatting
from analysis.figures import alt_text, break_marks, captions, dotplot, style
from analysis.figures.break_marks import FIT, OPEN_END
from analysis.figures.figure import Drawing, build_method, headline
from analysis.figures.frames import keywords_of, point_columns, with_keywords
from analysis.figures.palette import INK, MUTED, PAPER
from analysis.figures.style import SMALL, breadth
from analysis.methods.breaks import Breaks
from analysis.verdicts.sweep import changes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from analysis.claims.model import Claim
    from analysis.methods.estimate import Estimate, Point
    from analysis.verdicts.sweep import Curve

PLOT_HEIGHT = 2.2  # inches of the plot
MIN_LEFT = 0.75  # inches for the numbers and the name of the vertical axis
MAX_YEAR_TICKS, YEAR_STEPS = 9, (1, 2, 5, 10, 20, 50)  # years that are named, and between them
SERIES = ("observed", "filled")


def draw(claim: Claim, estimate: Estimate, curve: Curve, vintage: str = "publication") -> Drawing:
    """The series behind `estimate`, or behind the nearest choice that has evidence."""
    method, found, instead = _drawable(claim, estimate, curve, vintage)
    data = pd.concat([_table(method, found), break_marks.article(claim)], ignore_index=True)
    cases = data["mark"].str.startswith("case").any()
    data = with_keywords(data, rising=f"case: {_sides(method)[0]}" if cases else "")
    finding = _finding(method, found)
    if instead:
        preferred = build_method(claim, Breaks).series
        noted = estimate.note.replace(preferred, claim.called(preferred))
        noted = _sentence(captions.searched(noted))
        finding = f"Preferred choice: {noted} Shown: {instead}. {finding}"
    claimed = _claimed(method)
    title = headline(claim, curve, vintage)
    heading = style.Heading(
        title=title,
        claim=claim.statement,
        subtitle=f"{finding} Needed: {claimed}.",
        source=captions.sources(found.families or estimate.families, vintage, call=claim.called),
    )
    return Drawing(
        figure=plot(data, heading, **keywords_of(data)),
        data=data,
        title=title,
        summary=heading.subtitle,
        alt=alt_text.breaks(data, claimed, finding),
    )


def plot(
    data: pd.DataFrame, heading: style.Heading = style.NO_HEADING, *, rising: str = ""
) -> Figure:
    """The yearly series of a tidy frame with its segments, and its breaks over the needed years.

    Of the cases of a balance, those marked `rising` point up and the others down; without it, the
    first ones point up.

    Example: `figures.breaks(drawing.data.query("mark != 'fitted'"))`
    """
    with style.styled():
        return _drawn(heading, data, rising)


def _drawable(
    claim: Claim, estimate: Estimate, curve: Curve, vintage: str
) -> tuple[Breaks, Estimate, str]:
    """The method and the estimate to draw, and in which choices they differ from the preferred."""
    first = claim.preferred()
    if estimate.value is not None:
        return build_method(first, Breaks), estimate, ""
    tried = [t for t in curve.select(vintage, claim.literal.name) if t.outcome is not None]
    if not tried:
        return build_method(first, Breaks), estimate, ""
    trial = min(tried, key=lambda t: len(changes(first.choices, t.choices)))
    changed = {name: new for name, (_, new) in changes(first.choices, trial.choices).items()}
    specification = next(
        s for s in claim.specifications(claim.literal) if s.choices == trial.choices
    )
    label = captions.choices(changed, {name: claim.grid[name] for name in changed}, claim.called)
    return build_method(specification, Breaks), trial.estimate, label


def _table(method: Breaks, found: Estimate) -> pd.DataFrame:
    """The claimed years, the values, their fit and the breaks, a row each."""
    claimed: dict[str, Any] = {"mark": "claimed", "label": _claimed(method), "unit": "year"}
    if method.claimed_from or method.claimed_to < OPEN_END:
        claimed |= {"low": method.claimed_from or None}
        claimed |= {"high": method.claimed_to if method.claimed_to < OPEN_END else None}
    return dotplot.table(
        [claimed, *(_row(point, _unit(method)) for point in found.points)], more=("year", "text")
    )


def _row(point: Point, unit: str) -> Mapping[str, Any]:
    row = {
        **point_columns(point),
        "mark": point.label,
        "unit": unit,
    }
    if point.label in (*SERIES, "fitted"):
        return {**row, "label": point.text, "year": int(point.text)}
    if point.label == "p":
        return {**row, "label": "permutation p", "unit": "probability"}
    label = point.text if point.label.startswith("case") else str(int(point.value))
    return {**row, "label": label, "unit": "year", "year": int(point.value)}


def _unit(method: Breaks) -> str:
    recipe = method.all_series[method.series]
    parts = [method.all_series[name] for name in recipe["of"]] if "of" in recipe else [recipe]
    unit = next((part["unit"] for part in parts if "unit" in part), "value")
    if method.form == "growth":
        return "log change a year"
    if method.form == "flag":
        return "1 if there is any, else 0"
    return f"{unit}, constant prices" if method.prices == "real" else unit


def _claimed(method: Breaks) -> str:
    way = {"up": "upward", "down": "downward", "any": "either way"}[method.direction]
    first, last = method.claimed_from, method.claimed_to
    when = ""
    if first and last < OPEN_END:
        when = f" in {first} to {last}" if first != last else f" in {first}"
    elif first:
        when = f" from {first} on"
    elif last < OPEN_END:
        when = f" up to {last}"
    return f"a break {way}{when}"


def _finding(method: Breaks, found: Estimate) -> str:
    if found.value is None:
        return f"No admissible evidence: {_sentence(captions.searched(found.note))}"
    parts = []
    ps = [point.value for point in found.points if point.label == "p"]
    breaks = [point for point in found.points if point.label == "break"]
    if ps:
        each = [f"{_years(point)}" for point in breaks]
        count = formatting.count(len(breaks), "break") if breaks else "No break"
        parts.append(f"{count} found{': ' if each else ''}{', '.join(each)} (p = {ps[0]:.3f}).")
    cases = [point for point in found.points if point.label.startswith("case")]
    if cases:
        counted = [
            f"{len({p.text for p in cases if p.label == f'case: {side}'})} {side}"
            for side in _sides(method)
        ]
        parts.append(f"Cases: {', '.join(counted)}.")
    return " ".join(parts)


def _sides(method: Breaks) -> tuple[str, str]:
    """The two values of the balance: those that add to it, those that take from it."""
    balance = next(part for part in method.all_series.values() if "balance" in part)
    return balance["more"], balance["less"]


def _years(point: Point) -> str:
    year, low, high = (int(v) for v in (point.value, point.low, point.high))
    return str(year) if low == high else f"{year} ({low} to {high})"


def _sentence(text: str) -> str:
    return text if text.endswith(".") else f"{text}."


def _drawn(heading: style.Heading, data: pd.DataFrame, rising: str) -> Figure:
    values = data[data["mark"].isin(SERIES)]
    widest = max((breadth(formatting.number(v), SMALL) for v in values["value"]), default=0.0)
    page = style.sheet(
        heading, PLOT_HEIGHT, left=max(MIN_LEFT, widest + 0.5), right=0.2, above=0.62
    )
    axes = page.plot()
    breaks = data[data["mark"] == "break"]
    cases = data[data["mark"].str.startswith("case")]
    years = [*values["year"], *breaks["low"], *breaks["high"], *cases["year"]]
    article = data[data["mark"] == "article"]
    needed = break_marks.needed_years(data)
    claimed = [y for y in needed if 0 < y < OPEN_END]
    claimed += [*article["low"], *article["high"]]
    if not years:
        axes.set_xticks([])
        axes.set_yticks([])
        axes.text(0.5, 0.5, "no value to draw", transform=axes.transAxes, ha="center", color=MUTED)
        return page.figure
    low, high = min(*years, *claimed, *years[:1]), max(*years, *claimed, *years[:1])
    axes.set_xlim(low - 1, high + 1)
    break_marks.draw_article(axes, article)
    break_marks.draw_breaks(axes, breaks)
    handles = break_marks.draw_needed(axes, *needed)
    if len(values):
        handles = _series_drawn(axes, data, values, breaks) + handles
        unit = str(values["unit"].iloc[0])
        axes.set_ylabel("\n".join(style.fold(unit, PLOT_HEIGHT, SMALL)), size=SMALL)
    handles += break_marks.draw_cases(axes, cases, rising, alone=values.empty)
    axes.grid(visible=True, axis="y")
    first, last = axes.get_xlim()
    step = next((n for n in YEAR_STEPS if (last - first) / n <= MAX_YEAR_TICKS), YEAR_STEPS[-1])
    shown = [year for year in range(int(first), int(last) + 1) if year % step == 0]
    axes.set_xticks([year for year in shown if first <= year <= last])
    if len(values):
        dotplot.ticks(axes.yaxis, 6, whole=bool((values["value"] % 1 == 0).all()))
    if len(values) and set(values["value"]) <= {0, 1}:
        axes.set_yticks([0, 1], ["no", "yes"])
    axes.set_xlabel("year")
    dotplot.key(page, (), more=handles, lift=0.28)
    return page.figure


def _series_drawn(
    axes: Axes, data: pd.DataFrame, values: pd.DataFrame, breaks: pd.DataFrame
) -> list[Any]:
    handles = []
    fitted = data[data["mark"] == "fitted"]
    edges = sorted(breaks["value"])
    for part in _parts(fitted, edges):
        axes.plot(part["year"], part["value"], color=FIT, linewidth=2, zorder=3)
    looks = {"observed": (INK, "in the record"), "filled": (PAPER, "none, as stated")}
    for mark, (face, label) in looks.items():
        shown = values[values["mark"] == mark]
        if shown.empty:
            continue
        point: dict[str, Any] = {
            "marker": "o", "markersize": 4.5, "linestyle": "", "markerfacecolor": face,
            "markeredgecolor": INK, "markeredgewidth": 0.8,
        }  # fmt: skip
        axes.plot(shown["year"], shown["value"], zorder=4, clip_on=False, **point)
        handles.append(Line2D([], [], label=label, **point))
    handles.append(Line2D([], [], color=FIT, linewidth=2, label="segment"))
    return handles


def _parts(fitted: pd.DataFrame, edges: Sequence[float]) -> list[pd.DataFrame]:
    """The fit, cut at the breaks (of the direction asked for)."""
    cuts = [-1, *edges, OPEN_END * 2]
    return [fitted[(fitted["year"] >= a) & (fitted["year"] < b)] for a, b in pairwise(cuts)]
