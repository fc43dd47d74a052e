"""Cases beside those that a claim of a first means: what a figure sets the first among."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis.methods.estimate import Point

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from analysis.methods.recipes import Where

WHOSE = "whose case"  # the key that such a row has beside its columns


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherCase(Point):
    """A case of somebody else; `label` says whose it is."""


def other_cases(
    where: Where, rows_of: Callable[[dict[str, Any]], Sequence[Mapping[str, Any]]]
) -> Iterator[dict[str, Any]]:
    """The rows that meet all conditions but the first, which says whose cases are meant.

    None where the first is no single value, or the only one: nothing then says what they share.
    """
    (column, wanted), *more = where.items()
    if not isinstance(wanted, str) or not more:
        return
    for row in rows_of(dict(more)):
        if row[column] != wanted:
            yield {**row, WHOSE: str(row[column])}
