"""The estimate of a specification, and the criterion that it is compared with."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from enum import IntEnum
from typing import TYPE_CHECKING, cast

from analysis.display_hook import as_html
from analysis.errors import ParameterError
from analysis.formatting import extent
from analysis.methods.comparisons import COMPARISONS, Comparison, ComparisonRule

if TYPE_CHECKING:
    from pandas import DataFrame

    from analysis.methods.family_range import FamilyRange

DIGITS = 12  # significant digits by which values are compared: the rest is noise of arithmetic


class Outcome(IntEnum):
    """The result of comparing one estimate with the claim's criterion."""

    FAIL = -1
    UNCLEAR = 0
    PASS = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """One row of one table, as the ingredient (`part`) of an estimate.

    `grade` is the source's class: 4 official record, 3 named reputable report, 2 unnamed
    official or third party's tabulation, 1 aggregator. An `aid` converts (an exchange rate) and
    measures nothing: it does not make another source family of the same count. `period` is that
    of a row of a series, each of which is an ingredient of its own.
    """

    table: str
    row: int
    source_id: str
    family: str
    grade: int
    part: str = ""
    later_edition: bool = False
    aid: bool = False
    period: str = ""

    def __str__(self) -> str:
        return f"{self.table}:{self.row}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One piece of evidence as a figure draws it: a value with its interval and its row."""

    label: str
    value: float
    low: float
    high: float
    family: str = ""
    source_id: str = ""
    row: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A line or an outline as a map draws it: (longitude, latitude) in degrees on WGS84.

    `role` says what it is to the claim: `first` and `second` for the two sides of a gap, `other`
    for land around them, `gap` for the shortest line between the sides.
    """

    name: str
    role: str
    ring: Sequence[Sequence[float]]
    source_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """The result of one specification: a value with its interval, in `unit`, from `n` observations.

    `value` is None when no admissible row exists; `note` then says what was looked for.
    `disagreement` is the spread between source families in the same unit (0 for one family).
    `by_family` is what each family says by itself. `tests` are each a name and a p.
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    unit: str = ""
    n: int = 0
    disagreement: float = 0.0
    citations: tuple[Citation, ...] = ()
    points: tuple[Point, ...] = field(default=(), compare=False)
    shapes: tuple[Shape, ...] = field(default=(), compare=False)
    by_family: tuple[FamilyRange, ...] = field(default=(), compare=False)
    flags: tuple[str, ...] = ()
    tests: tuple[tuple[str, float], ...] = ()
    note: str = ""

    _repr_html_ = as_html

    def __repr__(self) -> str:
        if self.value is None:
            return f"Estimate(no value: {self.note})"
        interval = f"{self.value:.6g} [{self.low:.6g}, {self.high:.6g}]"
        return f"Estimate({interval} {self.unit}, n={self.n}, {len(self.citations)} citations)"

    def __post_init__(self) -> None:
        if self.value is None:
            return
        for name, bound in (("low", self.low), ("high", self.high)):
            if bound is None:
                object.__setattr__(self, name, self.value)
        if not self.low <= self.value <= self.high:  # type: ignore[operator]
            message = f"an estimate lies outside its interval: {self.low} {self.value} {self.high}"
            raise ValueError(message)

    def to_frame(self) -> DataFrame:
        """One row a piece of evidence, as a figure draws it; empty without any.

        Columns: `label`, `value`, `low`, `high` (in the unit of the evidence, which is not always
        that of the estimate), `family`, `source_id`, `row` (`<table>:<row>`) and `text`.

        Example: `estimate.to_frame().groupby("family")["value"].mean()`
        """
        import pandas as pd

        names = [each.name for each in fields(Point)]
        rows = [[getattr(point, name) for name in names] for point in self.points]
        return pd.DataFrame(rows, columns=names).astype(dict.fromkeys(names[1:4], "float64"))

    @property
    def families(self) -> tuple[str, ...]:
        """The source families that measured, sorted."""
        measure_each = (citation for citation in self.citations if not citation.aid)
        return tuple(sorted({citation.family for citation in measure_each}))

    @property
    def sources(self) -> tuple[str, ...]:
        """The identifiers of the sources behind the estimate, sorted."""
        return tuple(sorted({citation.source_id for citation in self.citations}))


def interval_of(found: Estimate) -> tuple[float, float]:
    """The interval of an estimate that has a value."""
    return cast("tuple[float, float]", (found.low, found.high))  # both are set with the value


def width_of(found: Estimate) -> float:
    """The width of the interval of an estimate that has a value."""
    low, high = interval_of(found)
    return high - low


def no_evidence(note: str, unit: str = "", points: tuple[Point, ...] = ()) -> Estimate:
    """An estimate without evidence: `note` says what was searched, `points` what was seen there."""
    return Estimate(value=None, unit=unit, note=note, points=points)


def withheld(found: Estimate, note: str, *, flags: tuple[str, ...] = ()) -> Estimate:
    """The same rows without a value: they decide nothing, for the reason in `note`."""
    return replace(
        found, value=None, low=None, high=None, disagreement=0.0, flags=flags, tests=(), note=note
    )


def too_wide(found: Estimate) -> Estimate:
    """The same without its value, as its interval allows too much to say anything."""
    note = f"what is known allows {extent(*interval_of(found), found.unit)}: too wide to say"
    return withheld(found, note, flags=("thin",))


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """The claim as a set of admissible values of the estimate.

    `precision` is the size of the last stated digit (for `rounds_to`) or the half-width allowed
    (for `within`). Values are compared by 12 significant digits: 0.1 + 0.2 is not above 0.3. An
    outcome is unclear in the `indifference_zone` around the threshold; `tolerance` is how far
    beyond the admissible values an estimate may lie before it fails.
    """

    comparison: Comparison
    threshold: float
    precision: float = 0.0
    indifference_zone: float = 0.0
    tolerance: float = 0.0

    @classmethod
    def stated(
        cls,
        comparison: Comparison,
        claimed: float,
        *,
        precision: float = 0.0,
        precision_pct: float = 0.0,
        indifference_zone: float = 0.0,
    ) -> Criterion:
        """The criterion of a stated number; `precision_pct` is a precision in percent of it.

        Raises ParameterError where `rounds_to` or `within` has no precision, or two.

        >>> print(Criterion.stated("within", 8.5, precision_pct=10))
        within 0.85 of 8.5
        """
        if precision and precision_pct:
            raise ParameterError("give `precision` or `precision_pct`, not both")
        precision = precision or abs(claimed) * precision_pct / 100
        if COMPARISONS[comparison].precise and not precision:
            message = "a `precision`, or a `precision_pct` of a number that is not 0"
            raise ParameterError(f"the comparison {comparison!r} needs {message}")
        return cls(
            comparison=comparison,
            threshold=claimed,
            precision=precision,
            indifference_zone=indifference_zone,
        )

    @property
    def rule(self) -> ComparisonRule:
        """What the comparison admits, and its words."""
        return COMPARISONS[self.comparison]

    def admits(self, value: float) -> bool:
        """Whether a point satisfies the claim.

        >>> Criterion(comparison="rounds_to", threshold=1.6, precision=0.1).admits(1.5840)
        True
        >>> Criterion(comparison="exceeds", threshold=75).admits(75)
        False
        """
        low, high, low_in, high_in = self.region()
        value = _rounded(value)
        above = value >= low if low_in else value > low
        beneath = value <= high if high_in else value < high
        return above and beneath

    def region(self) -> tuple[float, float, bool, bool]:
        """The admissible values as (low, high, low included, high included)."""
        low, high, low_in, high_in = self.rule.region(self.threshold, self.precision)
        return _rounded(low), _rounded(high), low_in, high_in

    def outcome(self, estimate: Estimate) -> Outcome | None:
        """Pass if the whole interval is admissible, fail if none of it is, else unclear.

        None when there is no estimate. An interval is taken as closed.
        """
        if estimate.value is None:
            return None
        if (
            self.indifference_zone
            and abs(estimate.value - self.threshold) <= self.indifference_zone
        ):
            return Outcome.UNCLEAR
        if all(map(self.admits, interval_of(estimate))):
            return Outcome.PASS
        near = self._overlaps(estimate) or self._distance_outside(estimate) <= self.tolerance
        return Outcome.UNCLEAR if near else Outcome.FAIL

    def _distance_outside(self, estimate: Estimate) -> float:
        """The distance of the nearest end of the interval from the admissible values."""
        low, high, *_ = self.region()
        least, most = interval_of(estimate)
        return max(low - most, least - high, 0.0) or math.ulp(0.0)

    def _overlaps(self, estimate: Estimate) -> bool:
        low, high, low_in, high_in = self.region()
        least, most = map(_rounded, interval_of(estimate))
        starts = most > low or (low_in and most == low)
        ends = least < high or (high_in and least == high)
        return starts and ends

    def __str__(self) -> str:
        return self.rule.template.format(
            words=self.rule.words, threshold=self.threshold, precision=self.precision
        )


def _rounded(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")
