"""Several editions of one source in a table: the newest that was known, or an error.

They are one count at several times: docs/method.md, What was public when.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from analysis.data.editions import EDITION_MARK, original
from analysis.data.periods import last_day
from analysis.errors import ParameterError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy import ndarray
    from pandas import DataFrame

    from analysis.data.catalog import TableInfo
    from analysis.data.evidence import Evidence

NEWEST = "newest"
SOURCE = "source_id"


def one_edition(rows: DataFrame, recipe: Mapping[str, Any], evidence: Evidence) -> DataFrame:
    """The rows of a recipe, of each observation only its newest edition.

    An edition that came out later stands in only where none of the time is there; then the
    earliest. Raises ParameterError where there are several and neither the catalog declares
    editions of the table nor the recipe says `newest`.
    """
    kept = kept_editions(rows, recipe, evidence)
    return rows if len(kept) == len(rows) else rows.iloc[kept]


def kept_editions(
    rows: DataFrame, recipe: Mapping[str, Any], evidence: Evidence, mask: ndarray | None = None
) -> list[int]:
    """The places of these rows, of all or of those in `mask`, as in `one_edition`."""
    places = list(range(len(rows))) if mask is None else mask.nonzero()[0].tolist()
    groups = [group for group in _observations(rows, places, recipe, evidence) if len(group) > 1]
    if not groups:
        return places
    frame_days, later = rows["public_on"].tolist(), rows["later_edition"].tolist()
    days = {place: _ordinal(frame_days[place]) for group in groups for place in group}
    newest = NEWEST if evidence.table(recipe["table"]).info.vintage.editions else ""
    superseded: set[int] = set()
    for group in groups:
        if len({days[place] for place in group}) == 1:
            continue  # one edition
        if recipe.get("editions", newest) != NEWEST:
            raise ParameterError(_several(rows, group, recipe["table"]))
        known = [place for place in group if not later[place]]
        best = max(days[p] for p in known) if known else min(days[p] for p in group)
        superseded |= {p for p in group if days[p] != best or (known and later[p])}
    return [place for place in places if place not in superseded]


def _observations(
    rows: DataFrame, places: Sequence[int], recipe: Mapping[str, Any], evidence: Evidence
) -> Iterable[list[int]]:
    """The rows of each observation of each source; none where no source has editions."""
    if len(places) < 2:  # noqa: PLR2004 - one row has no other edition
        return ()
    info: TableInfo = evidence.table(recipe["table"]).info
    sources = rows[SOURCE].tolist()
    if info.vintage.editions:
        own, whose = {SOURCE, info.vintage.column}, rows["family"].tolist()
    elif EDITION_MARK in "".join(sources[place] for place in places):
        own, whose = {SOURCE}, [original(source) for source in sources]
    else:
        return ()
    columns = [rows[name].tolist() for name in info.key if name not in own]
    found: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for place in places:
        found[whose[place], *(column[place] for column in columns)].append(place)
    return found.values()


def _ordinal(day: Any) -> int:
    """The day of an edition as a number; one without a day is the oldest."""
    return last_day(day).toordinal() if isinstance(day, str) else 0


def _several(rows: DataFrame, group: Sequence[int], table: str) -> str:
    lines = ", ".join(f"{table}:{rows['row'].iloc[place]}" for place in group)
    days = ", ".join(str(rows["public_on"].iloc[place]) for place in group)
    what = f"{len(group)} editions of one observation: {lines} (public on {days})"
    return f"{what}; name one in `where`, or say `editions: newest`"
