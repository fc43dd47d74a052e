"""Other bounds of a composition: its total, the largest unnamed member, missing members."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from statistics import median
from typing import TYPE_CHECKING, Any

from analysis.errors import ParameterError
from analysis.formatting import is_percent
from analysis.methods.editions import one_edition
from analysis.methods.estimate import Citation
from analysis.methods.query import cite, select_of
from analysis.methods.sums import SUM, whole_sources
from analysis.stats.composition_bounds import PERCENT

if TYPE_CHECKING:
    from analysis.data.evidence import Evidence

TIME = "{time}"  # in a condition: the period of the row that is divided
Recipe = Mapping[str, Any]
Parts = Mapping[tuple[Any, bool], list[float]]  # amounts by what is added, and whether in percent


def total_of(
    recipe: Recipe, amounts: Mapping[str, Parts], evidence: Evidence, time: str
) -> tuple[float | None, tuple[Citation, ...]]:
    """The whole: 100 for percentages, the row of a member, or a row of another table.

    `whole` is left out (percentages), `sum` (the rows together: None, for it is not known yet), the
    name of the member that is the whole, or a mapping with `table`, `value` and `where`, in which
    "{time}" is the period of the row. Raises ParameterError where it is left out and neither the
    recipe nor the unit of the column says that the values are percentages.
    """
    whole = recipe.get("whole")
    if whole is None and "members" not in recipe:
        if not all(percent for parts in amounts.values() for _, percent in parts):
            _require_percent(recipe, evidence)
        return PERCENT, ()
    if whole in (None, SUM):
        return None, ()
    if isinstance(whole, str):
        if whole not in amounts:
            return None, ()
        return sum(median(values) for values in amounts[whole].values()), ()
    if all(percent for parts in amounts.values() for _, percent in parts):
        return PERCENT, ()
    return _of_table(whole, evidence, time)


def _of_table(
    whole: Recipe, evidence: Evidence, time: str
) -> tuple[float | None, tuple[Citation, ...]]:
    """The whole by another table: the median of its rows, or of what each source adds up to."""
    where = _at(whole["where"], time)
    rows = select_of(evidence, whole["table"], where)
    rows = one_edition(rows[rows[whole["value"]].notna()], whole, evidence)
    totals = rows[whole["value"]].astype(float).tolist()
    if whole.get("reduce") == SUM:
        sources = whole_sources(rows, {**whole, "where": where}, evidence)
        totals = [sum(totals[place] for place in places) for places in sources]
        rows = rows.iloc[[place for places in sources for place in places]]
    if not totals:
        return None, ()
    return float(median(totals)), cite(rows, whole["table"], "the whole")


def _require_percent(recipe: Recipe, evidence: Evidence) -> None:
    """Raise ParameterError for values of which nothing says what they are shares of."""
    column = evidence.table(recipe["table"]).info.columns.get(recipe["value"])
    if recipe.get("percent") is False or not is_percent((column and column.unit) or ""):
        raise ParameterError(f"{recipe['value']} of {recipe['table']}: {NO_WHOLE}")


NO_WHOLE = (
    "nothing says what the whole is: `whole: NAME` (the row of the total), `whole: sum` (all rows"
    " together), `members` (a closed set), or `percent: true` (the values are percentages)"
)


def largest_unnamed_of(recipe: Recipe, evidence: Evidence, time: str) -> float:
    """The most that an unnamed member may have, by a printed list of the largest ones.

    `most` names `table`, `value`, `rank`, `where` and `at`: "last", where the list is of the
    members themselves, or the rank from which on its entries are not split into named members.
    """
    most = recipe.get("most")
    if most is None:
        return math.inf
    rows = select_of(evidence, most["table"], _at(most["where"], time))
    rows = rows[rows[most["rank"]].notna() & rows[most["value"]].notna()]
    rows = one_edition(rows, most, evidence)
    ranked = dict(zip(rows[most["rank"]].tolist(), rows[most["value"]].tolist(), strict=True))
    last = 0
    while last + 1 in ranked:
        last += 1
    at = last if most["at"] == "last" else int(most["at"])
    return float(ranked[at]) if 0 < at <= last else math.inf


def ceilings_of(recipe: Recipe, names: Sequence[str], evidence: Evidence) -> dict[str, float]:
    """The most that each member without a row may have: `ceiling`, a multiple of another column."""
    if not names:
        return {}
    ceiling = recipe.get("ceiling")
    if ceiling is None:
        return dict.fromkeys(names, math.inf)
    rows = select_of(evidence, ceiling["table"], ceiling["where"])
    rows = one_edition(rows, ceiling, evidence)
    found: dict[str, float] = {}
    for name, value in zip(
        rows[ceiling["by"]].tolist(), rows[ceiling["value"]].tolist(), strict=True
    ):
        found[name] = max(found.get(name, 0.0), float(value) * ceiling["scale"])
    return {name: found.get(name, math.inf) for name in names}


def _at(where: Recipe, time: str) -> Recipe:
    """The conditions for the period of a row."""
    return {
        key: value.replace(TIME, time) if isinstance(value, str) else value
        for key, value in where.items()
    }
