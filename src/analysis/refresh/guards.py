"""Refuse an edition that loses rows, revises values beyond the tolerance or changes the unit."""

import math
import statistics
from collections.abc import Iterator

from analysis.data.catalog import TableInfo
from analysis.errors import DataError
from analysis.refresh.diff import Revision, TableDiff
from analysis.refresh.registry import Refreshable

_MIN_RATIOS = 3  # ratios that make a pattern
_MAX_DECADE_DISTANCE = 0.01  # of a power of ten, in decades
_MAX_LISTED_ROWS = 3


def verify(difference: TableDiff, info: TableInfo, entry: Refreshable) -> None:
    """Raises DataError with every reason to refuse this edition."""
    faults = [DataError(message, file=info.file) for message in _faults(difference, info, entry)]
    if faults:
        raise DataError.of(faults)


def _faults(difference: TableDiff, info: TableInfo, entry: Refreshable) -> Iterator[str]:
    if (gone := len(difference.vanished)) > entry.may_vanish:
        yield (
            f"{gone} pinned rows are missing in the new edition, at most {entry.may_vanish} may:"
            f" first {_named(difference.vanished[0], info)}; if the publisher withdrew them, raise"
            " may_vanish in data/connectors.yaml"
        )
    if (power := changed_unit(difference, entry.value)) is not None:
        unit = info.columns[entry.value].unit or "the same unit"
        yield (
            f"the values of '{entry.value}' are 10^{power} times the pinned ones, expected {unit}:"
            " the publisher may have changed the unit; give a factor in data/connectors.yaml"
        )
        return
    far = [
        (size, each) for each in difference.revised if (size := relative_revision(each, entry)) > 0
    ]
    far = [pair for pair in far if pair[0] > entry.tolerance]
    if far:
        worst = sorted(far, key=lambda pair: -pair[0])[:_MAX_LISTED_ROWS]
        listed = "; ".join(_revision_text(size, each, entry) for size, each in worst)
        yield (
            f"{len(far)} pinned values change by more than {entry.tolerance:.2%}: {listed}; if the"
            " publisher explains the revision, raise tolerance in data/connectors.yaml"
        )


def relative_revision(each: Revision, entry: Refreshable) -> float:
    """The change relative to the pinned value; infinite if either is missing."""
    before, after = each.before[entry.value], each.after[entry.value]
    if before == after:
        return 0.0
    try:
        old, new = float(before), float(after)
    except ValueError:
        return math.inf
    return abs(new - old) / abs(old) if old else math.inf


def changed_unit(difference: TableDiff, column: str) -> int | None:
    """The power of ten between most revised values and the pinned ones; None if there is none."""
    ratios = [ratio for each in difference.revised if (ratio := _ratio(each, column))]
    if len(ratios) < _MIN_RATIOS or len(ratios) <= difference.unchanged:
        return None
    decades = math.log10(statistics.median(ratios))
    power = round(decades)
    return power if power and abs(decades - power) < _MAX_DECADE_DISTANCE else None


def _ratio(each: Revision, column: str) -> float | None:
    try:
        old, new = float(each.before[column]), float(each.after[column])
    except ValueError:
        return None
    return new / old if old * new > 0 else None


def _named(row: object, info: TableInfo) -> str:
    return " · ".join(row[name] for name in info.key if name != "source_id")  # type: ignore[index]


def _revision_text(size: float, each: Revision, entry: Refreshable) -> str:
    before, after = each.before[entry.value] or "empty", each.after[entry.value] or "empty"
    share = "" if math.isinf(size) else f" ({size:.1%})"
    return f"{' · '.join(each.key)} from {before} to {after}{share}"
