"""A gap between two lands: a map with its zones, and the approaches that it leaves open."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from analysis import formatting
from analysis.figures import alt_text, captions, dotplot, gap_map, style
from analysis.figures.figure import Drawing, build_method, headline
from analysis.figures.frames import keywords_of, with_keywords
from analysis.figures.palette import ADMITTED, CLAIMED, INK, OUTCOMES, RULE, SEA
from analysis.figures.style import MARGIN, ROW, SMALL, breadth
from analysis.methods.distance import Distance
from analysis.verdicts.sweep import changes

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from analysis.claims.model import Claim
    from analysis.figures.style import Sheet
    from analysis.methods.estimate import Estimate, Shape
    from analysis.verdicts.sweep import Curve, Trial

MAP_HEIGHT = 3.5  # inches: the height of the map
LATITUDE_WIDTH = 0.45  # inches: for the latitudes at its left
GAP_HEIGHT = 0.8  # inches between the map and the ranges below it
MAX_RANGES, MAX_LABEL_WIDTH = 12, 2.9  # ranges that are drawn; inches, at most, for their names
MAP_COLUMNS = ("lon", "lat", "end_lon", "end_lat")
VARIED_CHOICES = {"coastline", "islets"}  # that the ranges show; the curve has the others


def draw(claim: Claim, estimate: Estimate, curve: Curve, vintage: str = "publication") -> Drawing:
    """The gap with its zones on the preferred coastline, and the approaches on every one."""
    method = build_method(claim, Distance)
    shown = _picked(claim, estimate, curve.select(vintage, claim.literal.name))
    needed, finding = _needed(method), _finding(method, estimate)
    labels = _labels(claim, shown)
    rows = [_row(trial, label) for trial, label in zip(shown, labels, strict=True)]
    ranges = dotplot.table(rows, more=MAP_COLUMNS)
    title = headline(claim, curve, vintage)
    families = {family for trial in shown for family in trial.estimate.families}
    heading = style.Heading(
        title=title,
        claim=claim.statement,
        subtitle=f"{finding} Needed: {needed}.",
        source=captions.sources(families | set(estimate.families), vintage, call=claim.called),
    )
    claimed = dotplot.table(
        [dotplot.claimed_row(needed, method.pass_criterion, method.unit)], more=MAP_COLUMNS
    )
    mapped = dotplot.table(_mapped(method, estimate), more=MAP_COLUMNS)
    tables = [table for table in (claimed, ranges, mapped) if len(table)]
    data = with_keywords(
        pd.concat(tables, ignore_index=True),
        shapes=estimate.shapes,
        zones=(method.territorial_sea, method.contiguous_zone),
        straight=method.baseline == "straight",
        optional=tuple(gap_map.optional_names(method)),
    )
    figure = plot(data, heading, **keywords_of(data))
    alt = alt_text.distance(data, needed, finding)
    return Drawing(figure=figure, data=data, title=title, summary=heading.subtitle, alt=alt)


def plot(
    data: pd.DataFrame,
    heading: style.Heading = style.NO_HEADING,
    *,
    shapes: Sequence[Shape] = (),
    zones: tuple[float, float] = (12.0, 24.0),
    straight: bool = False,
    optional: Collection[str] = (),
) -> Figure:
    """The ranges of a tidy frame under a map of its gap, which is drawn where there are `shapes`.

    `shapes` are `analysis.methods.estimate.Shape`, outlines in degrees, of both sides at least;
    `zones` the widths of the territorial sea and the contiguous zone in nautical miles; `straight`
    says that these are counted from straight lines around each side; `optional` names the islets
    that have a name on the map of their own.

    Example: `figures.distance(drawing.data.query("mark != 'approach' or group == 'preferred'"))`
    """
    gap = data[data["mark"] == "gap"]
    ranges = data[data["mark"] == "approach"].reset_index(drop=True)
    with style.styled():
        if gap.empty:
            return style.sheet(heading, 0.1, left=MARGIN, axis=0, above=0).figure
        row, claimed = gap.iloc[0], data[data["mark"] == "claimed"]
        low, high = claimed["low"].dropna(), claimed["high"].dropna()
        chart = gap_map.Chart(
            shapes=[shape for shape in shapes if shape.role != "gap"],
            line=((row["lon"], row["lat"]), (row["end_lon"], row["end_lat"])),
            width=row["value"],
            zones=zones,
            needed=(low.iloc[0] if len(low) else 0.0, high.iloc[0] if len(high) else 0.0),
            straight=straight,
            optional=frozenset(optional),
        )
        words = str(claimed["label"].iloc[0]) if len(claimed) else ""
        return _drawn(heading, ranges, chart, words.removesuffix(f" {row['unit']}"))


def _needed(method: Distance) -> str:
    if not method.farthest:
        return f"at least {formatting.number(method.nearest)} {method.unit}"
    if not method.nearest:
        return f"less than {formatting.number(method.farthest)} {method.unit}"
    return (
        f"{formatting.number(method.nearest)} to {formatting.number(method.farthest)} {method.unit}"
    )


def _finding(method: Distance, estimate: Estimate) -> str:
    if estimate.value is None:
        return f"No admissible evidence: {captions.searched(estimate.note)}."
    low, high = f"{estimate.low:.3g}", f"{estimate.high:.3g}"
    approach = f"between {low} and {high}" if low != high else f"at {high}"
    width = gap_map.width_of(estimate)
    outside_width = width - 2 * method.territorial_sea
    zones = f"outside both {formatting.number(method.territorial_sea)}-mile zones"
    outside = f"{outside_width:.1f} of them {zones}"
    if outside_width <= 0:
        outside = f"none {zones}"
    return (
        f"The gap is {width:.1f} {method.unit} wide, {outside}. The track is not public: its "
        f"closest approach lay {approach}."
    )


def _picked(claim: Claim, estimate: Estimate, trials: Sequence[Trial]) -> list[Trial]:
    """The preferred trial and those that differ in the coastline or in what counts as land."""
    start = next((trial for trial in trials if trial.preferred), None)
    if start is None or estimate.value is None:
        return []
    found: dict[tuple[Any, ...], Trial] = {}
    for trial in trials:
        if (
            trial.outcome is not None
            and set(changes(start.choices, trial.choices)) <= VARIED_CHOICES
        ):
            value = trial.estimate
            name = trial.choices.get("coastline", claim.parameters["coastline"])
            found.setdefault((name, value.low, value.high), trial)
    return list(found.values())[:MAX_RANGES]


def _labels(claim: Claim, shown: Sequence[Trial]) -> list[str]:
    """The coastline of each trial, and what counts as land where that makes a difference to it."""
    parts = [{**claim.parameters, **trial.choices} for trial in shown]
    names = [claim.called(part["coastline"]) for part in parts]
    return [
        f"{name}, {claim.called(part['islets'])}" if names.count(name) > 1 else name
        for name, part in zip(names, parts, strict=True)
    ]


def _row(trial: Trial, label: str) -> dict[str, Any]:
    return {
        "mark": "approach",
        "group": "preferred" if trial.preferred else "alternative",
        "label": label,
        **dotplot.trial_columns(trial),
    }


def _mapped(method: Distance, estimate: Estimate) -> list[dict[str, Any]]:
    """The marks of the map: the gap, its corridor, the zones, and each outline by its corners."""
    if estimate.value is None:
        return []
    width = gap_map.width_of(estimate)
    (lon, lat), (end_lon, end_lat) = gap_map.line_of(estimate)
    ends = {"lon": lon, "lat": lat, "end_lon": end_lon, "end_lat": end_lat, "unit": method.unit}
    point = next(point for point in estimate.points if point.label == "gap")
    cited = {"family": point.family, "source_id": point.source_id, "row": point.row}
    left = max(width - 2 * method.territorial_sea, 0)
    found = [
        {"mark": "gap", "label": "gap", "value": width, **ends, **cited},
        {"mark": "corridor", "label": "outside both zones", "value": left, "unit": method.unit},
    ]
    if not gap_map.sides_of(estimate.shapes):
        return found
    found += [
        {"mark": "zone", "label": label, "value": value, "unit": method.unit}
        for label, value in (
            ("territorial sea", method.territorial_sea),
            ("contiguous zone", method.contiguous_zone),
        )
    ]
    found += [
        {
            "mark": "land", "group": shape.role, "label": shape.name, "value": len(shape.ring) - 1,
            "unit": "corners", "source_id": shape.source_id,
        }
        for shape, _ in gap_map.land_of(estimate)
    ]  # fmt: skip
    return found


def _drawn(
    heading: style.Heading, ranges: pd.DataFrame, chart: gap_map.Chart, needed: str
) -> Figure:
    below = max(len(ranges), 1) * ROW
    mapped = bool(gap_map.sides_of(chart.shapes))
    body = below + (MAP_HEIGHT + GAP_HEIGHT if mapped else 0)
    page = style.sheet(heading, body, left=MARGIN, above=0.4 if mapped else 0.6,
                       width=style.WIDE)  # fmt: skip
    if mapped:
        left = MARGIN + LATITUDE_WIDTH
        axes = page.axes(
            left=left, bottom=page.top - MAP_HEIGHT, width=page.right - left, height=MAP_HEIGHT
        )
        gap_map.draw(axes, chart)
        _map_key(page, chart)
    _ranges(page, ranges, chart, needed, below)
    return page.figure


def _map_key(page: Sheet, chart: gap_map.Chart) -> None:
    line: dict[str, Any] = {"color": INK, "linewidth": 0.9}
    near, far = map(formatting.number, chart.zones)
    handles = [
        Patch(
            facecolor=SEA,
            edgecolor=INK,
            linewidth=0.9,
            label=f"within {near} nautical miles",
        ),
        Line2D([], [], linestyle=(0, (5, 3)), label=f"{far} nautical miles", **line),
        Patch(facecolor=ADMITTED, edgecolor=RULE, label="would do"),
    ]
    if chart.width > 2 * chart.zones[0]:
        handles += [Line2D([], [], color=gap_map.CORRIDOR, linewidth=4.5, label="corridor")]
    dotplot.key(page, (), more=handles, lift=0.12)


def _ranges(
    page: Sheet, ranges: pd.DataFrame, chart: gap_map.Chart, needed: str, height: float
) -> None:
    """The closest approach that each coastline allows, over the claimed range."""
    placed = ranges.assign(y=range(len(ranges)))
    labels = placed["label"].tolist()
    bold = placed.index[placed["group"] == "preferred"].tolist()
    values = [_between(row) for row in placed.itertuples()]
    left = min(
        max((breadth(x, SMALL, "bold") for x in labels), default=0.5) + 0.25, MAX_LABEL_WIDTH
    )
    value_width = max((breadth(x, SMALL, "bold") for x in values), default=0.5)
    axes = page.axes(left=left, bottom=page.bottom, width=page.right - left - value_width - 0.15,
                     height=height)  # fmt: skip
    nearest, farthest = chart.needed
    ends = [nearest, farthest, chart.zones[1], *placed["high"]]
    axes.set_xlim(0, 1.04 * max(ends))
    dotplot.rows(axes, [style.clip(x, left - 0.2) for x in labels], width=left - 0.15, bold=bold)
    axes.axvspan(nearest, farthest or axes.get_xlim()[1], color=ADMITTED,
                 linewidth=0, zorder=0)  # fmt: skip
    for end in filter(None, chart.needed):
        axes.axvline(end, color=CLAIMED, linewidth=1.6, zorder=2)
    axes.set_xlabel("closest approach to land, nautical miles")
    axes.grid(visible=True, axis="x")
    dotplot.intervals(axes, placed, OUTCOMES)
    dotplot.scatter(axes, placed, OUTCOMES, x="value")
    dotplot.beside(axes, values, width=value_width, bold=bold)
    dotplot.above(axes, (nearest + (farthest or axes.get_xlim()[1])) / 2, f"needed: {needed}")
    dotplot.key(page, dotplot.present(placed, OUTCOMES),
              lift=page.bottom + height + 0.06 - page.top)  # fmt: skip


def _between(row: Any) -> str:
    low, high = formatting.number(round(row.low, 1)), formatting.number(round(row.high, 1))
    return f"{low} to {high}" if low != high else high
