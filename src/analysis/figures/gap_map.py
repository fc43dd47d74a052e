"""A map of a gap between two lands, with its zones, its corridor and the land around it."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.patheffects import withStroke

from analysis.figures import style
from analysis.figures.palette import ADMITTED, INK, LAND, MUTED, OTHER_LAND, OUTCOMES, PAPER, SEA
from analysis.figures.style import ROW, SMALL, breadth
from analysis.methods.estimate import Outcome
from analysis.stats.geodesy import NAUTICAL_MILE, Flat, Map, hull

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from analysis.methods.distance import Distance
    from analysis.methods.estimate import Estimate, Shape

HALF_WIDTH = 1.4  # half of the map's width, in widths of the gap
GRID_STEP = 0.4  # nautical miles between the points at which the distance to land is taken
OUTLINE_STEP = 600.0  # metres between the points of land from which it is taken
MAX_NAME_WIDTH = 1.2  # inches that a name on the map may take
CORRIDOR = OUTCOMES[Outcome.PASS].colour
SCALE_BARS = (1, 2, 5, 10, 20, 50, 100, 200, 500)  # nautical miles that a scale bar may have
MAX_MERIDIANS = 5  # that are drawn at most
GRATICULE_STEPS = (0.1, 0.25, 0.5, 1, 2, 5, 10)  # degrees between the lines of the graticule
HALO = [withStroke(linewidth=2.5, foreground=PAPER)]


def width_of(estimate: Estimate) -> float:
    """The width of the gap, in nautical miles."""
    return next(point.value for point in estimate.points if point.label == "gap")


def land_of(estimate: Estimate) -> list[tuple[Shape, Flat]]:
    """The outlines that reach into the map, each in nautical miles from the middle of the gap."""
    shapes = [shape for shape in estimate.shapes if shape.role != "gap"]
    return _land(shapes, Map.around([line_of(estimate)]), HALF_WIDTH * width_of(estimate))


def _land(shapes: Iterable[Shape], flat: Map, half: float) -> list[tuple[Shape, Flat]]:
    found = [(shape, _miles(flat, shape)) for shape in shapes]
    return [(shape, ring) for shape, ring in found if (np.abs(ring) < half).all(axis=1).any()]


def line_of(estimate: Estimate) -> Sequence[Sequence[float]]:
    """The shortest line across the gap, by its two ends."""
    return next(shape.ring for shape in estimate.shapes if shape.role == "gap")


def sides_of(shapes: Iterable[Shape]) -> list[list[Shape]]:
    """The outlines of the two sides; nothing where there are not both."""
    sides = [[shape for shape in shapes if shape.role == role] for role in ("first", "second")]
    return sides if all(sides) else []


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """What a map shows: outlines, the gap's two ends in degrees, and lengths in nautical miles.

    `zones` are the widths of the territorial sea and of the contiguous zone, `needed` the range
    that would do (0 for an open end).
    """

    shapes: Sequence[Shape]
    line: Sequence[Sequence[float]]
    width: float
    zones: tuple[float, float]
    needed: tuple[float, float]
    straight: bool
    optional: Collection[str]


def optional_names(method: Distance) -> set[str]:
    """The islets that count under some of the choices only."""
    choices = [{name for side in each["sides"] for name in side} for each in method.lands.values()]
    return choices[0].union(*choices) - choices[0].intersection(*choices)


def draw(axes: Axes, chart: Chart) -> None:
    """Land, zones, the gap and its corridor on an equal-area projection around the gap."""
    flat = Map.around([chart.line])
    box = axes.get_window_extent()
    half = HALF_WIDTH * chart.width
    tall = half * box.height / box.width
    axes.set(xlim=(-half, half), ylim=(-tall, tall), aspect="equal")
    land = _land(chart.shapes, flat, half)
    sides = [[_miles(flat, shape) for shape in side] for side in sides_of(chart.shapes)]
    if chart.straight:
        sides = [[hull(np.concatenate(side))] for side in sides]
        for (ring,) in sides:
            axes.plot(*ring.T, color=INK, linewidth=0.8, linestyle=(0, (1, 1)), zorder=4)
    _zones(axes, [ring for side in sides for ring in side], chart, half, tall)
    for shape, ring in land:
        fill = OTHER_LAND if shape.role == "other" else LAND
        axes.fill(*ring.T, color=fill, linewidth=0.3, edgecolor=INK, zorder=3)
    _graticule(axes, flat, half, tall)
    _gap_line(axes, flat.flat(chart.line) / NAUTICAL_MILE, chart.zones[0])
    _names(axes, land, chart.optional)
    _scale_bar(axes, half, tall)
    for spine in axes.spines.values():
        spine.set_visible(True)


def _miles(flat: Map, shape: Shape) -> Flat:
    return flat.flat(shape.ring) / NAUTICAL_MILE


def _zones(axes: Axes, land: Sequence[Flat], chart: Chart, half: float, tall: float) -> None:
    """Tints by the distance to the nearer side: the claimed range, and what is nearer."""
    across = np.linspace(-half, half, math.ceil(2 * half / GRID_STEP))
    up = np.linspace(-tall, tall, math.ceil(2 * tall / GRID_STEP))
    apart = _apart(np.meshgrid(across, up), np.concatenate([_dense(ring) for ring in land]))
    territorial_sea, contiguous_zone = chart.zones
    far = chart.needed[1] or apart.max() + 1
    near = min(chart.needed[0], apart.max())
    axes.contourf(across, up, apart, levels=[near, far], colors=[ADMITTED], zorder=0)
    axes.contourf(across, up, apart, levels=[0, territorial_sea], colors=[SEA], zorder=1)
    for width, dashes in ((territorial_sea, "-"), (contiguous_zone, (0, (5, 3)))):
        axes.contour(across, up, apart, levels=[width], colors=[INK], linewidths=0.9,
                     linestyles=[dashes], zorder=2)  # fmt: skip


def _dense(ring: Flat) -> Flat:
    """Points along an outline, at most `OUTLINE_STEP` apart."""
    step = OUTLINE_STEP / NAUTICAL_MILE
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
    return np.asarray(np.sqrt(least))


def _gap_line(axes: Axes, line: Flat, territorial_sea: float) -> None:
    """The shortest line between the sides, thick where it is outside both zones."""
    start, end = line
    width = math.dist(start, end)
    step = (end - start) / width
    axes.plot(*line.T, color=INK, linewidth=1.2, zorder=5, marker="o", markersize=3)
    falls = step[0] * step[1] <= 0  # then the space above the line is free at the right
    lines = [f"{width:.1f}", "nautical miles"]
    left = width - 2 * territorial_sea
    if left > 0:
        ends = [start + step * territorial_sea, end - step * territorial_sea]
        axes.plot(*np.transpose(ends), color=CORRIDOR, linewidth=4.5, zorder=6)
        lines = [f"{left:.1f} of {width:.1f}", "nautical miles"]
    middle = (start + end) / 2
    axes.annotate(
        "\n".join(lines), middle, xytext=(8 if falls else -8, 7), textcoords="offset points",
        ha="left" if falls else "right", va="bottom", size=SMALL, weight="bold", color=INK,
        zorder=8, path_effects=HALO,
    )  # fmt: skip


def _names(axes: Axes, land: Sequence[tuple[Shape, Flat]], optional: Collection[str]) -> None:
    """The largest outline of each side, and the islets that may count or not, by name."""
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
        min_distance = scale * (breadth(name, SMALL) + MAX_NAME_WIDTH) / 2
        if any(
            abs(x - east) < min_distance and abs(y - north) < scale * ROW for east, north in taken
        ):
            continue  # it would lie over the name of something larger
        taken.append((x, y))
        axes.annotate(
            style.clip(name, MAX_NAME_WIDTH), (x, y), xytext=(0, -4), textcoords="offset points",
            ha="center", va="top", size=SMALL, color=INK, zorder=8, path_effects=HALO,
        )  # fmt: skip


def _area(ring: Flat) -> float:
    x, y = ring.T
    return abs(float(np.dot(x[:-1], y[1:]) - np.dot(x[1:], y[:-1]))) / 2


def _graticule(axes: Axes, flat: Map, half: float, tall: float) -> None:
    """Meridians and parallels, named where they leave the map at the bottom and at the left."""
    corners = np.array([[x, y] for x in (-half, 0, half) for y in (-tall, tall)]) * NAUTICAL_MILE
    low, high = flat.degrees(corners).min(axis=0), flat.degrees(corners).max(axis=0)
    step = next(
        (s for s in GRATICULE_STEPS if (high[0] - low[0]) / s <= MAX_MERIDIANS), GRATICULE_STEPS[-1]
    )
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
    length = max((bar for bar in SCALE_BARS if bar <= half / 2), default=SCALE_BARS[0])
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
