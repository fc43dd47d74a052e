"""Read the composition of a total (for example trade by product) from tables."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from analysis.errors import ParameterError
from analysis.methods.editions import one_edition
from analysis.methods.estimate import Citation, Point
from analysis.methods.query import cite, select_of
from analysis.methods.sums import SUM
from analysis.methods.totals import (
    TIME,
    Parts,
    Recipe,
    ceilings_of,
    largest_unnamed_of,
    total_of,
)
from analysis.stats.cache import cached
from analysis.stats.composition_bounds import PERCENT, Composition, outermost
from analysis.stats.intervals import Bounds

if TYPE_CHECKING:
    from pandas import DataFrame

    from analysis.data.evidence import Evidence

ROUNDED = 0.01  # relative difference by which a member may exceed the whole, as rounding does
TIME_MARKER = "\0"  # replaces the time while parameters are filled in
Fill = Callable[[Any], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceComposition:
    """The composition that one source gives for one period, and its rows."""

    composition: Composition
    family: str
    period: str
    citations: tuple[Citation, ...]


Compositions = Sequence[SourceComposition]


class _Row(NamedTuple):
    """One row: a member, the key that separates its amounts, and its amount."""

    name: str
    key: tuple[Any, bool]
    amount: float
    citation: Citation


def read_compositions(
    recipe: Recipe, evidence: Evidence, fill: Fill, source: str = "all"
) -> Compositions | str:
    """All compositions of a recipe, one for each source and period, or a note on what is missing.

    The keys of a recipe are those of `composition_recipes.CompositionRecipe`, and `by`.
    """
    recipe = filled(recipe, fill)
    key = ("divisions", repr(recipe), source)
    found = cached(evidence, key, lambda: _read(recipe, evidence, source))
    return found if isinstance(found, str) else list(found)


def _read(recipe: Recipe, evidence: Evidence, source: str) -> tuple[SourceComposition, ...] | str:
    rows = _rows(recipe, evidence, source)
    where = f"{recipe['table']} where {recipe.get('where', {})}"
    if rows.empty:
        return f"no row for {recipe['part']}: {where}"
    found = tuple(_compositions(recipe, rows, evidence))
    return found or f"no whole for {recipe['part']}, of which rows would be shares: {where}"


def filled(recipe: Recipe, fill: Fill) -> dict[str, Any]:
    """The recipe with parameters in place of their names; "{time}" stays, for the period of a row.

    >>> from analysis.methods.placeholders import fill
    >>> recipe = {"where": {"year": "{year}", "at": "{time}"}}
    >>> filled(recipe, lambda text: fill(text, {"year": 2023}))
    {'where': {'year': '2023', 'at': '{time}'}}
    """
    return {key: _filled(value, fill) for key, value in recipe.items()}


def _filled(value: Any, fill: Fill) -> Any:
    if isinstance(value, Mapping):
        return filled(value, fill)
    if not isinstance(value, str):
        return value
    result = fill(value.replace(TIME, TIME_MARKER))
    return result.replace(TIME_MARKER, TIME) if isinstance(result, str) else result


def _rows(recipe: Recipe, evidence: Evidence, source: str) -> DataFrame:
    table = recipe["table"]
    rows = select_of(evidence, table, recipe.get("where", {}), source)
    if "time" in recipe and len(rows):
        times = rows[recipe["time"]].tolist()
        rows = rows[[_falls(str(text), recipe["period"]) for text in times]]
    return one_edition(rows, recipe, evidence)


def _falls(text: str, period: str) -> bool:
    """Whether a year, or a quarter of it, lies in a period: a year, or "2019/2023".

    >>> _falls("2023-Q1", "2023"), _falls("2023-01/2023-06", "2023"), _falls("2020", "2019/2023")
    (True, False, True)
    """
    if "/" in text:
        return text == period
    if "/" in period:
        first, last = period.split("/", 1)
        return first <= text[:4] <= last
    return text.startswith(period)


def _compositions(
    recipe: Recipe, rows: DataFrame, evidence: Evidence
) -> Iterator[SourceComposition]:
    for time, group in _grouped(recipe, rows):
        found = _composition_of(recipe, group, evidence, time)
        if found is not None:
            composition, total_citations = found
            cited = tuple(row.citation for row in group)
            families = sorted({citation.family for citation in cited})
            yield SourceComposition(
                composition=composition,
                family="+".join(families),
                period=time,
                citations=cited + total_citations,
            )


def _grouped(recipe: Recipe, rows: DataFrame) -> Iterator[tuple[str, list[_Row]]]:
    """The rows of each source and period, with the period."""
    by, added = _columns(recipe["by"]), _columns(recipe.get("adds", ()))
    names = [" ".join(map(str, key)) for key in zip(*(rows[c].tolist() for c in by), strict=True)]
    times = rows[recipe["time"]].astype(str).tolist() if "time" in recipe else [""] * len(rows)
    adds = list(zip(*(rows[c].tolist() for c in added), strict=True)) or [()] * len(rows)
    sources = rows["source_id"].tolist()
    cited = cite(rows, recipe["table"], recipe["part"])
    amounts = _amounts(recipe, rows)
    grouped: dict[tuple[str, str], list[_Row]] = {}
    for name, time, key, source, (amount, percent), citation in zip(
        names, times, adds, sources, amounts, cited, strict=True
    ):
        if not math.isnan(amount):
            who = "" if recipe.get("pooled") else source
            row = _Row(name, (key, percent), amount, citation)
            grouped.setdefault((who, time), []).append(row)
    return ((time, rows) for (_, time), rows in grouped.items())


def _columns(named: str | Sequence[str]) -> Sequence[str]:
    return [named] if isinstance(named, str) else named


def _amounts(recipe: Recipe, rows: DataFrame) -> list[tuple[float, bool]]:
    """Each row's amount, and whether it is in percent of the whole already."""
    percent = recipe.get("percent", False)
    values = rows[recipe["value"]].astype(float).tolist()
    if not isinstance(percent, str):
        return [(value, bool(percent)) for value in values]
    shares = rows[percent].astype(float).tolist()
    return [
        (value, False) if math.isnan(share) else (share, True)
        for value, share in zip(values, shares, strict=True)
    ]


def _composition_of(
    recipe: Recipe, rows: Sequence[_Row], evidence: Evidence, time: str
) -> tuple[Composition, tuple[Citation, ...]] | None:
    """The composition of one source and period, and the rows of its total."""
    amounts: dict[str, dict[tuple[Any, bool], list[float]]] = {}
    for row in rows:
        amounts.setdefault(row.name, {}).setdefault(row.key, []).append(row.amount)
    whole, total_citations = total_of(recipe, amounts, evidence, time)
    summed = recipe.get("whole") == SUM
    if whole is None and "members" not in recipe and not summed:
        return None
    values = {name: _value(parts, whole) for name, parts in amounts.items()}
    lower_bounds = _merge_homes(values, recipe)
    if isinstance(recipe.get("whole"), str):
        values.pop(recipe["whole"], None)
    groups = [values.pop(name) for name in recipe.get("groups", ()) if name in values]
    for name in recipe.get("leave_out", ()):
        values.pop(name, None)
    if "members" in recipe:
        closed = _closed_set(recipe, values, evidence)
        return (closed, total_citations) if closed else None
    nested = bool(recipe.get("nested"))
    disjoint = outermost(values) if nested else values
    named = sum(values[name] for name in disjoint) + sum(groups)
    whole = named if summed else cast("float", whole)  # only a closed set has none
    if not whole:
        return None
    _within(whole, values, recipe)
    remainder = max(whole - named, 0.0)
    composition = Composition(
        values=values,
        remainders=(*groups, remainder),
        total=whole,
        largest_unnamed=largest_unnamed_of(recipe, evidence, time),
        lower_bounds=lower_bounds,
        nested=nested,
    )
    return composition, total_citations


def _within(whole: float, values: Mapping[str, float], recipe: Recipe) -> None:
    """Raise ParameterError for a member that is more than the whole, beyond rounding."""
    for name, value in values.items():
        if value > whole * (1 + ROUNDED):
            found = f"{name} is {value:g}, more than the whole ({whole:g})"
            raise ParameterError(f"{found}: {recipe['value']} of {recipe['table']}")


def _value(parts: Parts, whole: float | None) -> float:
    """A member's amount: a source that prints a row twice counts once; several flows add up."""
    used = [key for key in parts if key[1]] or list(parts)
    return sum(median(parts[key]) * (whole / PERCENT if key[1] and whole else 1.0) for key in used)


def _merge_homes(values: dict[str, float], recipe: Recipe) -> set[str]:
    """Add to each home the members it takes in; the homes whose value is then a lower bound."""
    lower_bounds = set()
    for home, taken in recipe.get("homes", {}).items():
        inside = [values.pop(name) for name in taken if name in values]
        if inside:
            values[home] = values.get(home, 0.0) + sum(inside)
            lower_bounds |= {home} & set(recipe.get("floors", ()))
    return lower_bounds


def _closed_set(
    recipe: Recipe, values: Mapping[str, float], evidence: Evidence
) -> Composition | None:
    """The composition of a closed set of members; None if none of them has a row."""
    members = recipe["members"]
    inside = {name: value for name, value in values.items() if name in members}
    if not inside:
        return None
    missing = ceilings_of(recipe, [name for name in members if name not in inside], evidence)
    return Composition(values=inside, missing=missing)


def choose_recipe(recipes: Sequence[Recipe], facets: Mapping[str, str], name: str = "") -> Recipe:
    """The first recipe of this name whose `for` (choice to value or values) these choices meet."""
    for recipe in recipes:
        wanted = recipe.get("for", {})
        if recipe.get("name", "") == name and all(
            _matches(value, facets[key]) for key, value in wanted.items()
        ):
            return recipe
    asked = ", ".join(f"{key}={value}" for key, value in facets.items() if value)
    what = f"no division {name!r}" if name else "no division"
    raise ParameterError(f"{what} is defined for {asked or 'these parameters'}; add one")


def _matches(wanted: Any, given: str) -> bool:
    return given in wanted if isinstance(wanted, list) else str(wanted) == given


def measure_each(
    compositions: Compositions, measure: Callable[[Composition], Bounds | None]
) -> list[tuple[str, str, Bounds]]:
    """The bounds that `measure` finds in each composition, with family and period."""
    found = ((each, measure(each.composition)) for each in compositions)
    return [(each.family, each.period, bounds) for each, bounds in found if bounds is not None]


def citations(compositions: Compositions) -> tuple[Citation, ...]:
    """The rows behind several compositions, each once."""
    return tuple(dict.fromkeys(citation for each in compositions for citation in each.citations))


def point(label: str, bounds: Bounds, cited: Sequence[Citation], *, text: str) -> Point:
    """Bounds with their sources and the first of their rows, for the figure."""
    return Point(
        label=label,
        value=bounds.value,
        low=bounds.low,
        high=bounds.high,
        family=";".join(sorted({citation.family for citation in cited})),
        source_id=";".join(sorted({citation.source_id for citation in cited})),
        row=str(cited[0]) if cited else "",
        text=text,
    )
