"""Yearly values from the rows of a table, and their transformations."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

from analysis.errors import ParameterError
from analysis.methods.editions import one_edition
from analysis.methods.estimate import Citation
from analysis.methods.query import cite, select_of
from analysis.methods.recipes import Balance, Deflator, YearlySeries

if TYPE_CHECKING:
    from pandas import DataFrame

    from analysis.data.evidence import Evidence

REDUCED: Mapping[str, Callable[[list[float]], float]] = {
    "median": median,
    "sum": sum,
    "highest": max,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class YearValue:
    """The value of one year and the rows behind it; a year that is filled has none."""

    value: float
    citations: tuple[Citation, ...] = ()


def select_rows(recipe: Deflator | Balance, evidence: Evidence, source: str) -> DataFrame:
    """The rows that a recipe picks, of one that names a `value` those that have it."""
    table = recipe["table"]
    rows = select_of(evidence, table, recipe.get("where", {}), source)
    if "value" not in recipe:
        return rows
    return one_edition(rows[rows[recipe["value"]].notna()], recipe, evidence)


def yearly(
    name: str, recipe: YearlySeries, evidence: Evidence, source: str
) -> dict[int, YearValue]:
    """One value a year with the rows that it came from: the median over families."""
    rows = select_rows(recipe, evidence, source)
    rows = rows[rows[recipe["time"]].notna()]
    found: dict[int, dict[str, list[float]]] = {}
    cited: dict[int, list[Citation]] = {}
    for time, value, citation in zip(
        rows[recipe["time"]].tolist(),
        rows[recipe["value"]].tolist(),
        cite(rows, recipe["table"], name),
        strict=True,
    ):
        year = int(str(time)[:4])
        found.setdefault(year, {}).setdefault(citation.family, []).append(float(value))
        cited.setdefault(year, []).append(replace(citation, period=str(year)))
    reduce = REDUCED[recipe.get("reduce", "median")]
    known = {
        year: YearValue(
            value=median(reduce(values) for values in families.values()),
            citations=tuple(cited[year]),
        )
        for year, families in found.items()
    }
    return _with_declared_years(known, recipe)


def _with_declared_years(known: dict[int, YearValue], recipe: YearlySeries) -> dict[int, YearValue]:
    """With the years that the recipe declares as zero or carries forward."""
    if silent := recipe.get("silent"):
        silent_years = {year: YearValue(value=0.0) for year in range(silent[0], silent[1] + 1)}
        known = {**silent_years, **known} if known else known
    if recipe.get("hold") and known:
        carried = YearValue(value=known[min(known)].value)
        for year in range(min(known), max(known) + 1):
            if year in known:
                carried = YearValue(value=known[year].value)
            else:
                known = {**known, year: carried}
    return known


def deflated(
    known: Mapping[int, YearValue], deflator: Deflator | None, evidence: Evidence, source: str
) -> dict[int, YearValue]:
    """At constant prices: years without an index are left out."""
    if not deflator:
        raise ParameterError("real prices need a `deflator`: table, time, value, where")
    rows = select_rows(deflator, evidence, source)
    years, index = rows[deflator["time"]].tolist(), rows[deflator["value"]].tolist()
    pairs = zip(years, index, strict=True)
    price = {int(str(year)[:4]): float(value) / 100 for year, value in pairs}
    return {
        year: YearValue(value=item.value / price[year], citations=item.citations)
        for year, item in known.items()
        if year in price
    }


def transformed(known: Mapping[int, YearValue], form: str) -> dict[int, float]:
    """The values, flags or growth rates by year; growth over a gap is per year."""
    if form == "value":
        return {year: item.value for year, item in known.items()}
    if form == "flag":
        return {year: float(item.value > 0) for year, item in known.items()}
    if any(item.value <= 0 for item in known.values()):
        raise ParameterError("growth needs values above zero; use the form `value` or `flag`")
    return {
        later: math.log(known[later].value / known[earlier].value) / (later - earlier)
        for earlier, later in pairwise(known)
    }
