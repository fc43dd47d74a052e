"""Closest approach of a passage to land: bounds from the gap that it went through."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from analysis.display_hook import brief
from analysis.errors import ParameterError, suggest
from analysis.methods.estimate import Citation, Criterion, Estimate, Point, Shape, no_evidence
from analysis.methods.placeholders import fill
from analysis.methods.query import cite, select_of
from analysis.methods.recipes import Land, MeasuredGap, Passage
from analysis.stats.geodesy import Map, Ring, hull, miles, nearest, outlines

if TYPE_CHECKING:
    from pandas import DataFrame

    from analysis.data.evidence import Evidence

SIDES = ("first", "second")


@dataclass(frozen=True, slots=True, kw_only=True)
class Distance:
    """Bound the closest approach of a passage between two lands whose track is not public.

    Whoever passes between two lands crosses the shortest line between them, so the closest
    approach is at most half of its length: that is `track="middle"`. A track `anywhere` may have
    come as near as the report of the passage allows: not nearer than `territorial_sea` (nautical
    miles) where it says that the zone between that and `contiguous_zone` was entered, not nearer
    than the latter where it says that this was not, else to the shore. If no point is so far
    from both lands, the territorial sea was entered and nothing bounds the approach from below.

    `passage` names the `table` and rows (`where`) that report it, and the column `entered`. `gap`
    names those that measured the shortest line, and the columns of its two `ends`; in `where`,
    "{coastline}" and "{measure}" are filled in. `lands` says, for each choice of `islets`, which
    `measure` it is and which named outlines are on its two `sides` in the coastline's map layer
    (`layers`). With `baseline="straight"`, the gap is measured between straight lines around all
    land of each side: the outermost that straight baselines could be.

    The claim asserts an approach from `nearest` to `farthest`; zero leaves an end open.
    """

    passage: Passage
    gap: MeasuredGap
    coastline: str
    islets: str
    lands: Mapping[str, Land]
    nearest: float
    farthest: float
    layers: Mapping[str, str] = field(default_factory=dict)
    track: Literal["anywhere", "middle"] = "anywhere"
    baseline: Literal["low_water", "straight"] = "low_water"
    territorial_sea: float = 12.0
    contiguous_zone: float = 24.0

    __repr__ = brief

    @property
    def pass_criterion(self) -> Criterion:
        """The claimed range; `below` or `at_least` where one end is open."""
        if not self.farthest:
            return Criterion(comparison="at_least", threshold=self.nearest)
        if not self.nearest:
            return Criterion(comparison="below", threshold=self.farthest)
        middle, half = (self.nearest + self.farthest) / 2, (self.farthest - self.nearest) / 2
        return Criterion(comparison="within", threshold=middle, precision=half)

    @property
    def unit(self) -> str:
        """Nautical miles, as the law of the sea has it."""
        return "nautical miles"

    def estimate(self, evidence: Evidence) -> Estimate:
        """The closest approach as a range; its middle is the value."""
        reports = self._rows(evidence, self.passage)
        measured = self._rows(evidence, self.gap)
        if reports.empty or measured.empty:
            missing = self.passage if reports.empty else self.gap
            note = f"no row of {missing['table']} where {self._filled(missing)}"
            return no_evidence(note, self.unit)
        shapes = tuple(self._outlines(evidence))
        line = self._gap_line(measured, shapes)
        width = miles(*line)
        low, high = self._approach(reports, width / 2)
        cited = (
            *cite(reports, self.passage["table"], "passage"),
            *cite(measured, self.gap["table"], "gap"),
        )
        return Estimate(
            value=(low + high) / 2,
            low=low,
            high=high,
            unit=self.unit,
            n=len(cited),
            citations=cited,
            points=(_gap_point(cited[-1], width),),
            shapes=(*shapes, Shape(name="gap", role="gap", ring=line, source_id=self.coastline)),
        )

    def _approach(self, reports: DataFrame, half_width: float) -> tuple[float, float]:
        """The least and the greatest closest approach, in nautical miles."""
        if self.track == "middle":
            return half_width, half_width
        entered = set(reports[self.passage["entered"]].dropna().astype(bool))
        nearest_possible = 0.0
        if len(entered) == 1:
            nearest_possible = self.territorial_sea if entered.pop() else self.contiguous_zone
        return (nearest_possible if nearest_possible <= half_width else 0.0), half_width

    def _gap_line(self, measured: DataFrame, shapes: Sequence[Shape]) -> Ring:
        """The shortest line: as measured, or between straight lines around the land."""
        if self.baseline == "low_water":
            row = measured.iloc[0]
            return [[float(row[name]) for name in end] for end in self.gap["ends"]]
        sides = [[shape.ring for shape in shapes if shape.role == side] for side in SIDES]
        if not all(sides):
            message = f"coastline {self.coastline!r} has no outline of both sides; see `layers`"
            raise ParameterError(message)
        flat = Map.around(ring for side in sides for ring in side)
        around = [hull(flat.flat([point for ring in side for point in ring])) for side in sides]
        ends = nearest([around[0]], [around[1]])
        return [flat.degrees(end[None])[0].tolist() for end in ends]

    def _outlines(self, evidence: Evidence) -> Iterator[Shape]:
        """The land of the coastline's layer, but for the other coastlines measured in it."""
        layer = self.layers.get(self.coastline)
        if layer is None:
            return
        others = {name for name, each in self.layers.items() if each == layer} - {self.coastline}
        roles = {
            name: role
            for role, names in zip(SIDES, self._land["sides"], strict=True)
            for name in names
        }
        for properties, ring in outlines(evidence.layer(layer)["features"]):
            source, name = properties["source_id"], properties["name"]
            if source not in others:
                role = roles.get(name, "other") if source == self.coastline else "other"
                yield Shape(name=name, role=role, ring=ring, source_id=source)

    @property
    def _land(self) -> Land:
        if self.islets not in self.lands:
            hint = suggest(self.islets, self.lands)
            message = f"unknown choice of islets {self.islets!r}{hint}"
            raise ParameterError(f"{message}; known: {', '.join(self.lands)}")
        return self.lands[self.islets]

    def _rows(self, evidence: Evidence, what: Passage | MeasuredGap) -> DataFrame:
        return select_of(evidence, what["table"], self._filled(what))

    def _filled(self, what: Passage | MeasuredGap) -> dict[str, Any]:
        words = {"coastline": self.coastline, "measure": self._land["measure"]}
        return {column: fill(wanted, words) for column, wanted in what["where"].items()}


def _gap_point(citation: Citation, width: float) -> Point:
    """The width of the gap, for the figure."""
    return Point(
        label="gap", value=width, low=width, high=width,
        family=citation.family, source_id=citation.source_id, row=str(citation),
    )  # fmt: skip
