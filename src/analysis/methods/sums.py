"""Several rows as one quantity: what each source adds up to, if it has all that is listed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from analysis.data.editions import original

if TYPE_CHECKING:
    from pandas import DataFrame

    from analysis.data.evidence import Evidence

SUM = "sum"


def whole_sources(
    rows: DataFrame, recipe: Mapping[str, Any], evidence: Evidence
) -> list[list[int]]:
    """The places of the rows of each source that has every combination of the listed values.

    A source that lacks one would give too small a sum, and is left out. Of a table with editions
    the rows of a family are one source, for the newest edition of one may be older than another's.
    `recipe` has `table` and `where`, filled.
    """
    lists = {key: each for key, each in recipe["where"].items() if _several(each)}
    if evidence.table(recipe["table"]).info.vintage.editions:
        whose = rows["family"].tolist()
    else:
        whose = [original(source) for source in rows["source_id"].tolist()]
    columns = [list(map(str, rows[key].tolist())) for key in lists]
    found: dict[str, list[int]] = {}
    for place, who in enumerate(whose):
        found.setdefault(who, []).append(place)
    needed = 1
    for each in lists.values():
        needed *= len({str(value) for value in each})
    return [
        places
        for places in found.values()
        if len({tuple(column[place] for column in columns) for place in places}) == needed
    ]


def _several(wanted: Any) -> bool:
    return isinstance(wanted, Sequence) and not isinstance(wanted, str)
