"""Breaks of a yearly series: whether there are any, and when; two separate questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from analysis.display_hook import brief
from analysis.errors import ParameterError, suggest
from analysis.methods.estimate import Criterion, Estimate, Point, interval_of, no_evidence
from analysis.methods.query import cite
from analysis.methods.recipes import AllOf, Balance, Deflator, YearlySeries
from analysis.methods.series import YearValue, deflated, select_rows, transformed, yearly
from analysis.stats import MIN_TEST_POINTS

if TYPE_CHECKING:
    from analysis.data.evidence import Evidence

SIGNS = {"up": 1, "down": -1, "any": 0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Breaks:
    """Count the breaks of a series in one direction, or compare the date of the largest one.

    `all_series` maps a name to a recipe, `series` picks one. A recipe names `table`, `time` (a
    column whose text begins with the year), `value`, `where` and, for the figure, `unit`. `reduce`
    says how several rows of a year and family become one (median, sum, highest); families then
    give their median. A year without a row is unknown; `silent` is a range of years for which the
    source states that there was none, and `hold` repeats a value until the next one. Two other
    recipes are not series: `balance` counts the distinct `counted` values on one side of a column
    less those on the other (`more`, `less`), and `of` lists recipes of which the lowest
    result counts.

    `form` is what may break: the value itself, whether it is above zero, or its yearly growth
    (a log difference). Under `drift` a steady rise is no break: each segment has its own line.

    By `asks`: `break` counts the breaks that a BIC penalty leaves, those inside `claimed_from` to
    `claimed_to` if given: at least one. They count as sure only if the largest split is beyond
    permuted series (p below `alpha`) and, where years are claimed, if the bootstrap interval of
    the date lies inside. A series that cannot have a break in the claimed years, as it ends too
    soon, is thin. `date` gives the signed years from the claimed ones to the largest break, if
    there is a significant one.
    """

    all_series: Mapping[str, YearlySeries | Balance | AllOf]
    series: str
    asks: Literal["break", "date"] = "break"
    direction: Literal["up", "down", "any"] = "up"
    form: Literal["value", "flag", "growth"] = "value"
    drift: bool = False
    prices: Literal["nominal", "real"] = "nominal"
    deflator: Deflator | None = None
    algorithm: Literal["dynamic_programming", "pelt"] = "dynamic_programming"
    least_segment: int = 3
    start: int = 0
    last_year: int = 9999
    claimed_from: int = 0
    claimed_to: int = 9999
    tolerance: int = 0
    alpha: float = 0.05
    draws: int = 999
    seed: int = 1
    source: str = "all"

    __repr__ = brief

    @property
    def pass_criterion(self) -> Criterion:
        """At least one break; or a date within `tolerance` years of the claimed ones."""
        if self.asks == "date":
            return Criterion(comparison="within", threshold=0, precision=self.tolerance)
        return Criterion(comparison="at_least", threshold=1)

    @property
    def unit(self) -> str:
        """Breaks, or years."""
        return "years from the claimed ones" if self.asks == "date" else "breaks"

    def estimate(self, evidence: Evidence) -> Estimate:
        """The number of breaks, or the distance of the largest one from the claimed years."""
        return self._result(self.series, evidence)

    def _result(self, name: str, evidence: Evidence) -> Estimate:
        recipe = self._recipe(name)
        if "of" in recipe:
            return _weakest([self._result(part, evidence) for part in recipe["of"]])
        if "balance" in recipe:
            return self._balance(recipe, evidence)
        known = self._known(name, recipe, evidence)
        values = transformed(known, self.form)
        needed = max(MIN_TEST_POINTS, 2 * self.least_segment)
        if not known:
            where = dict(recipe.get("where", {}))
            return no_evidence(f"no row of {recipe['table']} where {where}", self.unit)
        if len(values) < needed:
            note = f"{len(values)} yearly values of {name}, {needed} needed for a break"
            return Estimate(value=None, unit=self.unit, flags=("thin", "series"), note=note)
        places = list(values)[self.least_segment : 1 - self.least_segment or None]
        if self.asks == "break" and all(self._outside(year) for year in places):
            note = (
                f"{name} ends in {max(values)}: with {self.least_segment} years on either side, a "
                f"break can lie from {places[0]} to {places[-1]}, outside the claimed years"
            )
            return Estimate(value=None, unit=self.unit, flags=("thin", "series"), note=note)
        return self._break_estimate(name, known, values)

    def _recipe(self, name: str) -> YearlySeries | Balance | AllOf:
        if name not in self.all_series:
            message = f"unknown series {name!r}{suggest(name, self.all_series)}"
            raise ParameterError(f"{message}; known: {', '.join(self.all_series)}")
        return self.all_series[name]

    def _known(self, name: str, recipe: YearlySeries, evidence: Evidence) -> dict[int, YearValue]:
        """The values of the years that count, in order."""
        known = yearly(name, recipe, evidence, self.source)
        if self.prices == "real":
            known = deflated(known, self.deflator, evidence, self.source)
        return {year: known[year] for year in sorted(known) if self.start <= year <= self.last_year}

    def _break_estimate(
        self, name: str, known: Mapping[int, YearValue], values: Mapping[int, float]
    ) -> Estimate:
        import numpy as np

        from analysis.stats import changepoint_date

        years = list(values)
        found = changepoint_date.analyse_breaks(
            np.array(list(values.values())),
            self.least_segment,
            sign=SIGNS[self.direction],
            drift=self.drift,
            algorithm=self.algorithm,
            alpha=self.alpha,
            draws=self.draws,
            seed=self.seed,
        )
        breaks = [
            _Break(year=years[place], first=years[first], last=years[last], shift=shift)
            for place, first, last, shift in found.breaks
        ]
        value, low, high = self._value_and_interval(breaks, significant=found.p < self.alpha)
        note = f"permutation p {found.p:.3f}"
        if value is None:
            note = f"no significant break to date ({note})"
        return Estimate(
            value=value,
            low=low,
            high=high,
            unit=self.unit,
            n=len(values),
            citations=tuple(citation for item in known.values() for citation in item.citations),
            points=_points(known, values, found.fitted, breaks, found.p),
            flags=("series",),
            tests=((f"a break in {name}", found.p),),
            note=note,
        )

    def _value_and_interval(
        self, breaks: Sequence[_Break], *, significant: bool
    ) -> tuple[float | None, float | None, float | None]:
        """A count of breaks, or a distance in years, with its interval."""
        if self.asks == "date":
            if not breaks or not significant:
                return None, None, None
            largest = max(breaks, key=lambda item: abs(item.shift))
            interval = (largest.first, largest.year, largest.last)
            low, value, high = (self._outside(year) for year in interval)
            return value, low, high
        inside = [item for item in breaks if not self._outside(item.year)]
        inside_interval = [
            i for i in inside if not self._outside(i.first) and not self._outside(i.last)
        ]
        touching = [i for i in breaks if i.first <= self.claimed_to and i.last >= self.claimed_from]
        if significant:
            return len(inside), len(inside_interval), max(len(touching), len(inside), not breaks)
        return len(inside), 0, max(len(touching), len(inside))

    def _outside(self, year: int) -> int:
        """Signed years from the claimed ones; 0 inside."""
        return min(year - self.claimed_from, 0) + max(year - self.claimed_to, 0)

    def _balance(self, recipe: Balance, evidence: Evidence) -> Estimate:
        """Distinct cases on one side of a column less those on the other."""
        rows = select_rows(recipe, evidence, self.source)
        years = rows[recipe["time"]].astype(str).str[:4].astype(int)
        rows = rows[years.between(recipe.get("from", 0), recipe.get("to", 9999))]
        if rows.empty:
            return no_evidence(f"no row of {recipe['table']} in the years", self.unit)
        side, counted = rows[recipe["balance"]], rows[recipe["counted"]]
        value = (
            counted[side == recipe["more"]].nunique() - counted[side == recipe["less"]].nunique()
        )
        citations = cite(rows, recipe["table"], str(recipe["balance"]))
        points = tuple(
            Point(
                label=f"case: {way}",
                value=float(str(time)[:4]),
                low=float(str(time)[:4]),
                high=float(str(time)[:4]),
                family=citation.family,
                source_id=citation.source_id,
                row=str(citation),
                text=str(case),
            )
            for time, way, case, citation in zip(
                rows[recipe["time"]].tolist(), side.tolist(), counted.tolist(), citations,
                strict=True,
            )
        )  # fmt: skip
        return Estimate(
            value=value, unit=self.unit, n=len(rows), citations=citations, points=points
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Break:
    """The first year of a new segment, its interval, and how far the segment lies off."""

    year: int
    first: int
    last: int
    shift: float


def _weakest(parts: Sequence[Estimate]) -> Estimate:
    """The lowest of several results; no evidence if one has none."""
    for part in parts:
        if part.value is None:
            return part
    return Estimate(
        value=min(part.value for part in parts if part.value is not None),
        low=min(interval_of(part)[0] for part in parts),
        high=min(interval_of(part)[1] for part in parts),
        unit=parts[0].unit,
        n=min((part.n for part in parts if "series" in part.flags), default=parts[0].n),
        citations=tuple(citation for part in parts for citation in part.citations),
        points=tuple(point for part in parts for point in part.points),
        flags=tuple(dict.fromkeys(flag for part in parts for flag in part.flags)),
        tests=tuple(test for part in parts for test in part.tests),
        note="; ".join(part.note for part in parts if part.note),
    )


def _points(
    known: Mapping[int, YearValue],
    values: Mapping[int, float],
    fitted: Sequence[float],
    breaks: Sequence[_Break],
    p: float,
) -> tuple[Point, ...]:
    """The series, its fit, its breaks with their intervals, and the p value, for the figure."""
    points = []
    for (year, value), fit in zip(values.items(), fitted, strict=True):
        cited = known[year].citations
        first = cited[0] if cited else None
        points.append(
            Point(
                label="observed" if cited else "filled",
                value=value,
                low=value,
                high=value,
                family=first.family if first else "",
                source_id=first.source_id if first else "",
                row=";".join(str(citation) for citation in cited),
                text=str(year),
            )
        )
        points.append(Point(label="fitted", value=fit, low=fit, high=fit, text=str(year)))
    points += [
        Point(
            label="break",
            value=item.year,
            low=item.first,
            high=item.last,
            text=f"{item.shift:+.3g}",
        )
        for item in breaks
    ]
    return (*points, Point(label="p", value=p, low=p, high=p))
