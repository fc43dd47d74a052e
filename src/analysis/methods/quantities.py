"""Measured quantities with the interval of their sources, and the arithmetic on them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import TYPE_CHECKING, cast

from analysis.errors import ParameterError
from analysis.methods.estimate import Citation, Point
from analysis.methods.query import cite
from analysis.methods.recipes import Term

if TYPE_CHECKING:
    from pandas import DataFrame, Series

Summary = Callable[[list[float]], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A term's value with its interval, the spread between families, its rows, each family's."""

    value: float
    low: float
    high: float
    spread: float
    citations: tuple[Citation, ...]
    points: tuple[Point, ...]
    families: tuple[tuple[str, tuple[float, float, float]], ...] = ()


def measured(
    part: str,
    values: Series,
    rows: DataFrame,
    term: Term,
    summarize: Summary,
) -> Quantity:
    """A term whose value is the median of the rows of each family, in the end of all of them."""
    families = values.groupby(rows["family"]).median()
    half = abs(term.get("rounding", 0.0) * term.get("scale", 1.0)) / 2
    citations = cite(rows, term["table"], part)
    points = tuple(
        Point(
            label=part,
            value=float(value),
            low=float(value) - half,
            high=float(value) + half,
            family=citation.family,
            source_id=citation.source_id,
            row=str(citation),
        )
        for value, citation in zip(values, citations, strict=True)
    )
    low, high = float(families.min()), float(families.max())
    return Quantity(
        value=float(summarize(families.tolist())),
        low=low - half,
        high=high + half,
        spread=high - low,
        citations=citations,
        points=points,
        families=tuple((str(name), (v - half, v, v + half)) for name, v in families.items()),
    )


def summed(
    part: str,
    rows: DataFrame,
    sources: Sequence[Sequence[int]],
    term: Term,
    summarize: Summary,
) -> Quantity:
    """The sum of the rows of each source, whose roundings add up, too."""
    values = (rows[term["value"]].astype(float) * term.get("scale", 1.0)).tolist()
    half = abs(term.get("rounding", 0.0) * term.get("scale", 1.0)) / 2
    points: list[Point] = []
    cited: list[Citation] = []
    for places in sources:
        own = cite(rows.iloc[list(places)], term["table"], part)
        total, margin = sum(values[place] for place in places), half * len(places)
        points.append(
            Point(
                label=part,
                value=total,
                low=total - margin,
                high=total + margin,
                family=own[0].family,
                source_id=own[0].source_id,
                row=";".join(map(str, own)),
            )
        )
        cited += own
    families = {
        name: tuple(
            median(getattr(point, end) for point in points if point.family == name)
            for end in ("low", "value", "high")
        )
        for name in dict.fromkeys(point.family for point in points)
    }
    said = [value for _, value, _ in families.values()]
    return Quantity(
        value=float(summarize(said)),
        low=min(low for low, _, _ in families.values()),
        high=max(high for _, _, high in families.values()),
        spread=max(said) - min(said),
        citations=tuple(cited),
        points=tuple(points),
        families=tuple(
            (name, cast("tuple[float, float, float]", b)) for name, b in families.items()
        ),
    )


def aiding(rate: Quantity) -> Quantity:
    """A rate converts: its source does not count as one that measured."""
    aids = tuple(replace(citation, aid=True) for citation in rate.citations)
    return replace(rate, citations=aids)


def total(terms: Sequence[Quantity]) -> Quantity:
    """The sum of terms, by interval arithmetic."""
    return Quantity(
        value=sum(term.value for term in terms),
        low=sum(term.low for term in terms),
        high=sum(term.high for term in terms),
        spread=sum(term.spread for term in terms),
        citations=tuple(citation for term in terms for citation in term.citations),
        points=tuple(point for term in terms for point in term.points),
    )


def ratio(above: Quantity, beneath: Quantity) -> Quantity:
    """The quotient; the denominator must be positive throughout its interval."""
    if beneath.low <= 0:
        message = f"a denominator reaches {beneath.low:g}: it must be positive"
        raise ParameterError(message)
    ends = [end / side for end in (above.low, above.high) for side in (beneath.low, beneath.high)]
    value = above.value / beneath.value
    return Quantity(
        value=value,
        low=min(*ends, value),
        high=max(*ends, value),
        spread=(above.spread + abs(value) * beneath.spread) / beneath.value,
        citations=above.citations + beneath.citations,
        points=above.points + beneath.points,
    )
