"""Distances, straight lines around land and a flat map of a small region of the earth.

Distances are geodesics on the WGS84 ellipsoid (C. F. F. Karney, Algorithms for geodesics, Journal
of Geodesy 87, 2013) as pyproj computes them. Nearest points are looked for on Lambert's azimuthal
equal-area projection around the region (J. P. Snyder, Map projections: a working manual, 1987,
p. 182), whose scale is off by less than 0.01 % within 100 km, and then measured on the ellipsoid.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

from analysis.stats.cache import memoized

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

NAUTICAL_MILE = 1852.0  # metres, by definition
Ring = Sequence[Sequence[float]]  # (longitude, latitude) in degrees, the last repeats the first
Flat: TypeAlias = "NDArray[np.float64]"  # metres east and north of a map's middle, a row a point


def miles(start: Sequence[float], end: Sequence[float]) -> float:
    """The length of the geodesic between two points (longitude, latitude), in nautical miles.

    >>> round(miles((0, 0), (0, 1)) * 1.852, 3)  # a degree of latitude at the equator, in km
    110.574
    """
    from pyproj import Geod

    _, _, metres = Geod(ellps="WGS84").inv(start[0], start[1], end[0], end[1])
    return float(metres) / NAUTICAL_MILE


@dataclass(frozen=True, kw_only=True)
class Map:
    """Lambert's azimuthal equal-area projection around a point, in metres; north is up there."""

    lon: float
    lat: float

    @classmethod
    def around(cls, rings: Iterable[Ring]) -> Map:
        """The map around the middle of the bounding box of all rings."""
        import numpy as np

        points = np.concatenate([np.asarray(ring, dtype=float) for ring in rings])
        lon, lat = (points.min(axis=0) + points.max(axis=0)) / 2
        return cls(lon=float(lon), lat=float(lat))

    @cached_property
    def _project(self) -> Any:
        from pyproj import Proj

        return Proj(proj="laea", lon_0=self.lon, lat_0=self.lat, ellps="WGS84")

    def flat(self, ring: Ring) -> Flat:
        """Points on the map."""
        import numpy as np

        points = np.asarray(ring, dtype=float)
        return np.column_stack(self._project(points[:, 0], points[:, 1]))

    def degrees(self, points: Flat) -> Flat:
        """Points of the map as longitudes and latitudes."""
        import numpy as np

        return np.column_stack(self._project(points[:, 0], points[:, 1], inverse=True))


def outlines(features: Iterable[Mapping[str, Any]]) -> Iterator[tuple[Mapping[str, Any], Ring]]:
    """The outer rings of the polygons of a GeoJSON collection, each with its properties."""
    for feature in features:
        shape = feature["geometry"]
        if shape["type"] == "Polygon":
            yield feature["properties"], shape["coordinates"][0]
        elif shape["type"] == "MultiPolygon":
            for polygon in shape["coordinates"]:
                yield feature["properties"], polygon[0]


@memoized
def hull(points: Flat) -> Flat:
    """The convex outline of points on the map, counter-clockwise, the last repeats the first.

    Straight lines around land: no straight baseline can reach farther out (A. M. Andrew, Another
    efficient algorithm for convex hulls in two dimensions, 1979).

    >>> import numpy as np
    >>> hull(np.array([[0, 0], [2, 0], [1, 1], [2, 2], [0, 2]])).tolist()
    [[0, 0], [2, 0], [2, 2], [0, 2], [0, 0]]
    """
    import numpy as np

    order = np.lexsort((points[:, 1], points[:, 0]))
    ways = [_chain(points[order]), _chain(points[order[::-1]])]
    return np.array([*ways[0][:-1], *ways[1]])


def _chain(points: Flat) -> list[list[float]]:
    kept: list[list[float]] = []
    for x, y in points.tolist():
        while len(kept) > 1 and _turn(kept[-2], kept[-1], (x, y)) <= 0:
            kept.pop()
        kept.append([x, y])
    return kept


def _turn(a: Sequence[float], b: Sequence[float], c: Sequence[float]) -> float:
    """Positive if a, b, c turn to the left."""
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def nearest(first: Sequence[Flat], second: Sequence[Flat]) -> tuple[Flat, Flat]:
    """The nearest points of two groups of outlines that do not overlap, on the map.

    Of two such outlines one nearest point is a corner, so corners are compared with the other
    group's edges, both ways round.
    """
    one = _corner_and_edge(first, second)
    two = _corner_and_edge(second, first)
    if one[0] <= two[0]:
        return one[1], one[2]
    return two[2], two[1]


def _corner_and_edge(corners: Sequence[Flat], outlines: Sequence[Flat]) -> tuple[float, Flat, Flat]:
    """The least distance of a corner from an edge, with the corner and the point on the edge."""
    import numpy as np

    points = np.concatenate(corners)
    starts = np.concatenate([ring[:-1] for ring in outlines])
    ends = np.concatenate([ring[1:] for ring in outlines])
    points, edges = _promising(points, starts, ends)
    starts, steps = starts[edges], ends[edges] - starts[edges]
    length = np.maximum((steps**2).sum(axis=1), np.finfo(float).tiny)
    along = ((points[:, None] - starts) * steps).sum(axis=2) / length
    feet = starts + np.clip(along, 0, 1)[..., None] * steps
    apart = np.hypot(*np.moveaxis(points[:, None] - feet, 2, 0))
    i, j = np.unravel_index(np.argmin(apart), apart.shape)
    return float(apart[i, j]), points[i], feet[i, j]


def _promising(points: Flat, starts: Flat, ends: Flat) -> tuple[Flat, NDArray[np.bool_]]:
    """The points and edges that can be nearest, by their distance to the other group's box."""
    import numpy as np

    low, high = np.minimum(starts, ends), np.maximum(starts, ends)
    gap = np.maximum(0, np.maximum(low.min(axis=0) - points, points - high.max(axis=0)))
    to_box = np.hypot(gap[:, 0], gap[:, 1])
    reach = np.hypot(*(points[np.argmin(to_box)] - starts).T).min()  # some pair is as near as this
    gap = np.maximum(0, np.maximum(low - points.max(axis=0), points.min(axis=0) - high))
    return points[to_box <= reach], np.hypot(gap[:, 0], gap[:, 1]) <= reach
