"""Find stated units that are not those of the measured columns, by the catalog."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import isclose
from typing import TYPE_CHECKING, Any

from analysis.claims.checks import parameter_blocks
from analysis.claims.measures import scale

if TYPE_CHECKING:
    from analysis.claims.checks import Fault
    from analysis.claims.plain_tables import Tables
    from analysis.yamlfile import Path_

OWN_UNIT = "unit"  # a column that says the unit of each row
POINTS = ("percent", "percentage points")  # the unit of two rates, and that of their difference


def faults(value: Any, tables: Tables) -> list[Fault]:
    """The measures of `Level` whose column is in another unit than the stated number.

    A ratio and a converted quantity have a unit of their own, and are not compared.
    """
    found: dict[Fault, None] = {}
    for where, name, given in parameter_blocks(value):
        if name == "level":
            own = value["claims"][where[1]].get("parameters", {})
            stated = given.get("unit", own.get("unit", ""))
            for index, measure in enumerate(given.get("measures", ())):
                place = (*where, "measures", index)
                found |= dict.fromkeys(_faults(measure, stated, place, tables))
    return list(found)


def _faults(
    measure: Mapping[str, Any], stated: str, where: Path_, tables: Tables
) -> Iterator[Fault]:
    if "over" in measure:
        return
    for index, term in enumerate(measure["terms"]):
        columns = tables.entry(term["table"]).get("columns", {})
        unit = columns.get(term["value"], {}).get("unit")
        if not unit or OWN_UNIT in columns or "rate" in term:
            continue
        if (unit, stated) == POINTS and _is_difference(measure):
            continue
        factor = abs(term.get("scale", 1.0)) * measure.get("scale", 1.0)  # below zero: taken away
        expected = scale(unit, stated)
        if factor == 1 and expected != 1:
            message = f"{term['value']} of {term['table']} is in {unit!r}, the claim in {stated!r}"
            hint = f": set `scale: {expected:g}`" if expected else ""
            yield (*where, "terms", index), f"{message}{hint}"
        elif expected and not _halved(factor, expected):
            message = f"from {unit!r} to {stated!r} the scale is {expected:g}, not {factor:g}"
            yield (*where, "terms", index), message


def _is_difference(measure: Mapping[str, Any]) -> bool:
    """Whether a term is taken from another one."""
    return any(term.get("scale", 1.0) < 0 for term in measure["terms"])


def _halved(factor: float, expected: float) -> bool:
    """Whether the scale converts, or is a mean (a half, a third) of quantities that it converts."""
    return any(isclose(factor * parts, expected) for parts in range(1, 13))
