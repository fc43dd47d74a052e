"""A gap between two lands: a map with its zones, and the approaches that it leaves open."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.patheffects import withStroke

from analysis.figures import alt, marks, style, words
from analysis.figures.drawing import Drawing
from analysis.figures.palette import ADMITTED, CLAIMED, INK, MUTED, OUTCOMES, PAPER, RULE
from analysis.figures.style import MARGIN, ROW, SMALL, breadth
from analysis.methods.geodesy import NAUTICAL_MILE, Flat, Map, hull
from analysis.sweeps import changes

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from analysis.claims import Claim
    from analysis.estimates import Estimate, Shape
    from analysis.figures.style import Sheet
    from analysis.methods.distance import Distance
    from analysis.sweeps import Curve, Trial

MAP = 3.5  # inches: the height of the map
FRAME = 0.45  # inches: for the latitudes at its left
BETWEEN = 0.8  # inches between the map and the ranges below it
REACH = 1.4  # half of the map's width, in widths of the gap
CELL = 0.4  # nautical miles between the points at which the distance to land is taken
STEP = 600.0  # metres between the points of land from which it is taken
MOST, LABELS = 12, 2.9  # ranges that are drawn; inches, at most, for their names
LAND, OTHER_LAND, SEA = "#5f5f5f", "#a3a3a3", "#c4ccd4"
WIDEST = 1.2  # inches that a name on the map may take
CORRIDOR = OUTCOMES[1].colour
VARIED = {"coastline", "islets"}  # the choices that the ranges show; the curve has the others
BARS = (1, 2, 5, 10, 20, 50, 100, 200, 500)  # nautical miles that a scale bar may have
MERIDIANS = 5  # that are drawn at most
GRID = (0.1, 0.25, 0.5, 1, 2, 5, 10)  # degrees between the lines of the graticule


def draw(claim: Claim, estimate: Estimate, curve: Curve, vintage: str = "publication") -> Drawing:
    """The gap with its zones on the preferred coastline, and the approaches on every one."""
    method = claim.build()
    shown = _picked(claim, estimate, curve.of(vintage, claim.literal.name))
    needed, finding = _needed(method), _finding(method, estimate)
    labels = _labels(claim, shown)
    rows = [_row(trial, label) for trial, label in zip(shown, labels, strict=True)]
    ranges = marks.table(rows, more=PLACES)
    title = f"{claim.id}. {claim.title}"
    families = {family for trial in shown for family in trial.estimate.families}
    heading = style.Heading(
        title=title,
        subtitle=f"{finding} Claimed: {needed}.",
        source=words.sources(families | set(estimate.families), vintage),
    )
    claimed = marks.table([marks.claimed_row(needed, method.test, method.unit)], more=PLACES)
    mapped = marks.table(_mapped(method, estimate), more=PLACES)
    tables = [table for table in (claimed, ranges, mapped) if len(table)]
    data = pd.concat(tables, ignore_index=True)
    with style.styled():
        figure = _drawn(heading, ranges, method, estimate)
    told = alt.distance(data, needed, finding)
    return Drawing(figure=figure, data=data, title=title, alt=told)


PLACES = ("lon", "lat", "end_lon", "end_lat")


def _needed(method: Distance) -> str:
    if not method.farthest:
        return f"at least {words.number(method.nearest)} {method.unit}"
    if not method.nearest:
        return f"less than {words.number(method.farthest)} {method.unit}"
    return f"{words.number(method.nearest)} to {words.number(method.farthest)} {method.unit}"


def _finding(method: Distance, estimate: Estimate) -> str:
    if estimate.value is None:
        return f"No admissible evidence: {words.searched(estimate.note)}."
    low, high = f"{estimate.low:.3g}", f"{estimate.high:.3g}"
    approach = f"between {low} and {high}" if low != high else f"at {high}"
    width = _width(estimate)
    left = width - 2 * method.territorial_sea
    room = f"{left:.1f} of them outside both {words.number(method.territorial_sea)}-mile zones"
    if left <= 0:
        room = f"none outside both {words.number(method.territorial_sea)}-mile zones"
    return (
        f"The gap is {width:.1f} {method.unit} wide, {room}. The track is not public: its closest "
        f"approach lay {approach}."
    )


def _width(estimate: Estimate) -> float:
    return next(point.value for point in estimate.points if point.label == "gap")


def _picked(claim: Claim, estimate: Estimate, trials: Sequence[Trial]) -> list[Trial]:
    """The preferred trial and those that differ in the coastline or in what counts as land."""
    start = next((trial for trial in trials if trial.preferred), None)
    if start is None or estimate.value is None:
        return []
    found: dict[tuple[Any, ...], Trial] = {}
    for trial in trials:
        if trial.outcome is not None and set(changes(start.choices, trial.choices)) <= VARIED:
            value = trial.estimate
            name = trial.choices.get("coastline", claim.parameters["coastline"])
            found.setdefault((name, value.low, value.high), trial)
    return list(found.values())[:MOST]


def _labels(claim: Claim, shown: Sequence[Trial]) -> list[str]:
    """The coastline of each trial, and what counts as land where that makes a difference to it."""
    parts = [{**claim.parameters, **trial.choices} for trial in shown]
    names = [words.plain(part["coastline"]) for part in parts]
    return [
        f"{name}, {words.plain(part['islets'])}" if names.count(name) > 1 else name
        for name, part in zip(names, parts, strict=True)
    ]


def _row(trial: Trial, label: str) -> dict[str, Any]:
    estimate = trial.estimate
    return {
        "mark": "approach",
        "group": "preferred" if trial.preferred else "alternative",
        "label": label,
        "value": estimate.value,
        "low": estimate.low,
        "high": estimate.high,
        "unit": estimate.unit,
        "outcome": OUTCOMES[trial.outcome].word,
        "family": ";".join(estimate.families),
        "source_id": ";".join(estimate.sources),
        "row": ";".join(str(citation) for citation in estimate.citations),
    }


def _mapped(method: Distance, estimate: Estimate) -> list[dict[str, Any]]:
    """The marks of the map: the gap, its corridor, the zones, and each outline by its corners."""
    if estimate.value is None:
        return []
    width = _width(estimate)
    (lon, lat), (end_lon, end_lat) = _line(estimate)
    gap = {"lon": lon, "lat": lat, "end_lon": end_lon, "end_lat": end_lat, "unit": method.unit}
    point = next(point for point in estimate.points if point.label == "gap")
    cited = {"family": point.family, "source_id": point.source_id, "row": point.row}
    left = max(width - 2 * method.territorial_sea, 0)
    found = [
        {"mark": "gap", "label": "gap", "value": width, **gap, **cited},
        {"mark": "corridor", "label": "outside both zones", "value": left, "unit": method.unit},
    ]
    if not _sides(estimate.shapes):
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
        for shape, _ in _land(estimate)
    ]  # fmt: skip
    return found


def _land(estimate: Estimate) -> list[tuple[Shape, Flat]]:
    """The outlines that reach into the map, each in nautical miles from the middle of the gap."""
    flat, half = Map.around([_line(estimate)]), REACH * _width(estimate)
    found = [(shape, _miles(flat, shape)) for shape in estimate.shapes if shape.role != "gap"]
    return [(shape, ring) for shape, ring in found if (np.abs(ring) < half).all(axis=1).any()]


def _line(estimate: Estimate) -> Sequence[Sequence[float]]:
    return next(shape.ring for shape in estimate.shapes if shape.role == "gap")


def _sides(shapes: Iterable[Shape]) -> list[list[Shape]]:
    """The outlines of the two sides; nothing where there are not both."""
    sides = [[shape for shape in shapes if shape.role == role] for role in ("first", "second")]
    return sides if all(sides) else []


def _drawn(
    heading: style.Heading, ranges: pd.DataFrame, method: Distance, estimate: Estimate
) -> Figure:
    if estimate.value is None:
        return style.sheet(heading, 0.1, left=MARGIN, axis=0, above=0).figure
    below = max(len(ranges), 1) * ROW
    mapped = bool(_sides(estimate.shapes))
    body = below + (MAP + BETWEEN if mapped else 0)
    page = style.sheet(heading, body, left=MARGIN, above=0.4 if mapped else 0.6)
    if mapped:
        left = MARGIN + FRAME
        axes = page.axes(left=left, bottom=page.top - MAP, width=page.right - left, height=MAP)
        _map(axes, method, estimate)
        _map_key(page, method, _width(estimate))
    _ranges(page, ranges, method, below)
    return page.figure


def _map(axes: Axes, method: Distance, estimate: Estimate) -> None:
    """Land, zones, the gap and its corridor on an equal-area projection around the gap."""
    line = _line(estimate)
    flat = Map.around([line])
    box = axes.get_window_extent()
    half = REACH * _width(estimate)
    tall = half * box.height / box.width
    axes.set(xlim=(-half, half), ylim=(-tall, tall), aspect="equal")
    land = _land(estimate)
    sides = [[_miles(flat, shape) for shape in side] for side in _sides(estimate.shapes)]
    if method.baseline == "straight":
        sides = [[hull(np.concatenate(side))] for side in sides]
        for (ring,) in sides:
            axes.plot(*ring.T, color=INK, linewidth=0.8, linestyle=(0, (1, 1)), zorder=4)
    _zones(axes, [ring for side in sides for ring in side], method, half, tall)
    for shape, ring in land:
        fill = OTHER_LAND if shape.role == "other" else LAND
        axes.fill(*ring.T, color=fill, linewidth=0.3, edgecolor=INK, zorder=3)
    _graticule(axes, flat, half, tall)
    _gap_line(axes, flat.flat(line) / NAUTICAL_MILE, method)
    _names(axes, land, method)
    _scale_bar(axes, half, tall)
    for spine in axes.spines.values():
        spine.set_visible(True)


def _miles(flat: Map, shape: Shape) -> Flat:
    return flat.flat(shape.ring) / NAUTICAL_MILE


def _zones(axes: Axes, land: Sequence[Flat], method: Distance, half: float, tall: float) -> None:
    """Tints by the distance to the nearer side: the claimed range, and what is nearer."""
    across = np.linspace(-half, half, math.ceil(2 * half / CELL))
    up = np.linspace(-tall, tall, math.ceil(2 * tall / CELL))
    apart = _apart(np.meshgrid(across, up), np.concatenate([_dense(ring) for ring in land]))
    far = method.farthest or apart.max() + 1
    near = min(method.nearest, apart.max())
    axes.contourf(across, up, apart, levels=[near, far], colors=[ADMITTED], zorder=0)
    axes.contourf(across, up, apart, levels=[0, method.territorial_sea], colors=[SEA], zorder=1)
    for width, dashes in ((method.territorial_sea, "-"), (method.contiguous_zone, (0, (5, 3)))):
        axes.contour(across, up, apart, levels=[width], colors=[INK], linewidths=0.9,
                     linestyles=[dashes], zorder=2)  # fmt: skip


def _dense(ring: Flat) -> Flat:
    """Points along an outline, none farther from the next than `STEP`, few where it is fine."""
    step = STEP / NAUTICAL_MILE
    kept = [ring[0]]
    for point in ring[1:]:
        apart = math.dist(kept[-1], point)
        if apart < step / 2:
            continue
        parts = max(round(apart / step), 1)
        kept += [kept[-1] + (point - kept[-1]) * i / parts for i in range(1, parts + 1)]
    return np.array(kept)


def _apart(places: Sequence[np.ndarray], land: Flat) -> np.ndarray:
    """The distance of each place from the nearest point of land."""
    x, y = places
    least = np.full(x.shape, np.inf)
    for east, north in land:
        np.minimum(least, (x - east) ** 2 + (y - north) ** 2, out=least)
    return np.sqrt(least)


def _gap_line(axes: Axes, line: Flat, method: Distance) -> None:
    """The shortest line between the sides, thick where it is outside both zones."""
    start, end = line
    width = math.dist(start, end)
    step = (end - start) / width
    axes.plot(*line.T, color=INK, linewidth=1.2, zorder=5, marker="o", markersize=3)
    falls = step[0] * step[1] <= 0  # then there is room above the line at the right
    told = [f"{width:.1f}", "nautical miles"]
    left = width - 2 * method.territorial_sea
    if left > 0:
        ends = [start + step * method.territorial_sea, end - step * method.territorial_sea]
        axes.plot(*np.transpose(ends), color=CORRIDOR, linewidth=4.5, zorder=6)
        told = [f"{left:.1f} of {width:.1f}", "nautical miles"]
    middle = (start + end) / 2
    axes.annotate(
        "\n".join(told), middle, xytext=(8 if falls else -8, 7), textcoords="offset points",
        ha="left" if falls else "right", va="bottom", size=SMALL, weight="bold", color=INK,
        zorder=8, path_effects=HALO,
    )  # fmt: skip


HALO = [withStroke(linewidth=2.5, foreground=PAPER)]


def _names(axes: Axes, land: Sequence[tuple[Shape, Flat]], method: Distance) -> None:
    """The largest outline of each side, and the islets that may count or not, by name."""
    choices = [{name for side in each["sides"] for name in side} for each in method.lands.values()]
    optional = set.union(*choices) - set.intersection(*choices)
    best: dict[str, tuple[float, str, Flat]] = {}
    for shape, ring in land:
        group = shape.name if shape.name in optional else shape.role
        if shape.name and group != "other" and _area(ring) > best.get(group, (0.0,))[0]:
            best[group] = _area(ring), shape.name, ring
    taken: list[tuple[float, float]] = []
    scale = np.ptp(axes.get_xlim()) / (axes.get_window_extent().width / axes.figure.dpi)
    for _, name, ring in sorted(best.values(), key=lambda each: -each[0]):
        low, high = ring.min(axis=0), ring.max(axis=0)
        x, y = (low[0] + high[0]) / 2, low[1]
        room = scale * (breadth(name, SMALL) + WIDEST) / 2
        if any(abs(x - east) < room and abs(y - north) < scale * ROW for east, north in taken):
            continue  # it would lie over the name of something larger
        taken.append((x, y))
        axes.annotate(
            style.clip(name, WIDEST), (x, y), xytext=(0, -4), textcoords="offset points",
            ha="center", va="top", size=SMALL, color=INK, zorder=8, path_effects=HALO,
        )  # fmt: skip


def _area(ring: Flat) -> float:
    x, y = ring.T
    return abs(float(np.dot(x[:-1], y[1:]) - np.dot(x[1:], y[:-1]))) / 2


def _graticule(axes: Axes, flat: Map, half: float, tall: float) -> None:
    """Meridians and parallels, named where they leave the map at the bottom and at the left."""
    corners = np.array([[x, y] for x in (-half, 0, half) for y in (-tall, tall)]) * NAUTICAL_MILE
    low, high = flat.degrees(corners).min(axis=0), flat.degrees(corners).max(axis=0)
    step = next((s for s in GRID if (high[0] - low[0]) / s <= MERIDIANS), GRID[-1])
    named: Mapping[str, Any] = {
        "textcoords": "offset points", "size": SMALL, "color": INK, "annotation_clip": False,
    }  # fmt: skip
    for lon in np.arange(math.ceil(low[0] / step), high[0] / step) * step:
        line = flat.flat([[lon, lat] for lat in np.linspace(low[1], high[1], 20)]) / NAUTICAL_MILE
        axes.plot(*line.T, color=MUTED, linewidth=0.4, alpha=0.5, zorder=2)
        x = float(np.interp(-tall, line[:, 1], line[:, 0]))
        if abs(x) < half:
            axes.annotate(_degrees(lon, "EW"), (x, -tall), xytext=(0, -4), ha="center", va="top",
                          **named)  # fmt: skip
    for lat in np.arange(math.ceil(low[1] / step), high[1] / step) * step:
        line = flat.flat([[lon, lat] for lon in np.linspace(low[0], high[0], 20)]) / NAUTICAL_MILE
        axes.plot(*line.T, color=MUTED, linewidth=0.4, alpha=0.5, zorder=2)
        y = float(np.interp(-half, line[:, 0], line[:, 1]))
        if abs(y) < tall:
            axes.annotate(_degrees(lat, "NS"), (-half, y), xytext=(-4, 0), ha="right",
                          va="center", **named)  # fmt: skip
    axes.set(xticks=[], yticks=[], xlim=(-half, half), ylim=(-tall, tall))


def _degrees(value: float, ends: str) -> str:
    return f"{abs(value):g}°{ends[0] if value >= 0 else ends[1]}"


def _scale_bar(axes: Axes, half: float, tall: float) -> None:
    """A bar of whole nautical miles at the lower left, and north at the upper right."""
    length = max((bar for bar in BARS if bar <= half / 2), default=BARS[0])
    x, y = -half * 0.95, -tall * 0.9
    axes.plot([x, x + length], [y, y], color=INK, linewidth=2.2, zorder=8, path_effects=HALO)
    axes.annotate(
        f"{length} nautical miles", (x, y), xytext=(0, 4), textcoords="offset points",
        size=SMALL, va="bottom", zorder=8, path_effects=HALO,
    )  # fmt: skip
    axes.annotate(
        "", (half * 0.94, tall * 0.92), xytext=(half * 0.94, tall * 0.72), zorder=8,
        arrowprops={"arrowstyle": "-|>", "color": INK, "linewidth": 1.2},
    )  # fmt: skip
    axes.text(half * 0.94, tall * 0.7, "N", size=SMALL, weight="bold", ha="center", va="top",
              zorder=8, path_effects=HALO)  # fmt: skip


def _map_key(page: Sheet, method: Distance, width: float) -> None:
    line = {"color": INK, "linewidth": 0.9}
    near, far = words.number(method.territorial_sea), words.number(method.contiguous_zone)
    handles = [
        Patch(facecolor=SEA, edgecolor=INK, linewidth=0.9, label=f"within {near} nautical miles"),
        Line2D([], [], linestyle=(0, (5, 3)), label=f"{far} nautical miles", **line),
        Patch(facecolor=ADMITTED, edgecolor=RULE, label="as claimed"),
    ]
    if width > 2 * method.territorial_sea:
        handles += [Line2D([], [], color=CORRIDOR, linewidth=4.5, label="corridor")]
    marks.key(page, (), more=handles, lift=0.12)


def _ranges(page: Sheet, ranges: pd.DataFrame, method: Distance, height: float) -> None:
    """The closest approach that each coastline allows, over the claimed range."""
    placed = ranges.assign(y=range(len(ranges)))
    labels = placed["label"].tolist()
    strong = placed.index[placed["group"] == "preferred"].tolist()
    values = [_between(row) for row in placed.itertuples()]
    left = min(max((breadth(x, SMALL, "bold") for x in labels), default=0.5) + 0.25, LABELS)
    room = max((breadth(x, SMALL, "bold") for x in values), default=0.5)
    axes = page.axes(left=left, bottom=page.bottom, width=page.right - left - room - 0.15,
                     height=height)  # fmt: skip
    ends = [method.nearest, method.farthest, method.contiguous_zone, *placed["high"]]
    axes.set_xlim(0, 1.04 * max(ends))
    marks.rows(axes, [style.clip(x, left - 0.2) for x in labels], room=left - 0.15, strong=strong)
    claimed = [end for end in (method.nearest, method.farthest) if end]
    axes.axvspan(method.nearest, method.farthest or axes.get_xlim()[1], color=ADMITTED,
                 linewidth=0, zorder=0)  # fmt: skip
    for end in claimed:
        axes.axvline(end, color=CLAIMED, linewidth=1.6, zorder=2)
    axes.set_xlabel("closest approach to land, nautical miles")
    axes.grid(visible=True, axis="x")
    marks.intervals(axes, placed, OUTCOMES)
    marks.scatter(axes, placed, OUTCOMES, x="value")
    marks.beside(axes, values, room=room, strong=strong)
    middle = (method.nearest + (method.farthest or axes.get_xlim()[1])) / 2
    marks.above(axes, middle, f"claimed: {_needed(method).replace(' ' + method.unit, '')}")
    marks.key(page, marks.present(placed, OUTCOMES),
              lift=page.bottom + height + 0.06 - page.top)  # fmt: skip


def _between(row: Any) -> str:
    low, high = words.number(round(row.low, 1)), words.number(round(row.high, 1))
    return f"{low} to {high}" if low != high else high
