"""What an edition may not do to history: shrink, move further than declared, change its unit."""

import math
import statistics
from collections.abc import Iterator

from analysis.data.catalog import TableInfo
from analysis.errors import DataError
from analysis.refresh.diff import Difference, Revision
from analysis.refresh.registry import Refreshable

_ENOUGH = 3  # ratios that make a pattern
_NEAR = 0.01  # of a power of ten, in decades
_LISTED = 3


def verify(difference: Difference, info: TableInfo, entry: Refreshable) -> None:
    """Raises DataError with every reason why this edition is not taken."""
    faults = [DataError(told, file=info.file) for told in _faults(difference, info, entry)]
    if faults:
        raise DataError.of(faults)


def _faults(difference: Difference, info: TableInfo, entry: Refreshable) -> Iterator[str]:
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
    far = [(move, each) for each in difference.revised if (move := revision(each, entry)) > 0]
    far = [pair for pair in far if pair[0] > entry.tolerance]
    if far:
        worst = sorted(far, key=lambda pair: -pair[0])[:_LISTED]
        yield (
            f"{len(far)} pinned values move by more than {entry.tolerance:.2%}:"
            f" {'; '.join(_moved(move, each, entry) for move, each in worst)}; if the publisher"
            " explains the revision, raise tolerance in data/connectors.yaml"
        )


def revision(each: Revision, entry: Refreshable) -> float:
    """How far the value moved, relative to the pinned one; infinite if it came or went."""
    before, after = each.before[entry.value], each.after[entry.value]
    if before == after:
        return 0.0
    try:
        old, new = float(before), float(after)
    except ValueError:
        return math.inf
    return abs(new - old) / abs(old) if old else math.inf


def changed_unit(difference: Difference, column: str) -> int | None:
    """The power of ten by which most revised values moved together; None if they did not."""
    ratios = [ratio for each in difference.revised if (ratio := _ratio(each, column))]
    if len(ratios) < _ENOUGH or len(ratios) <= difference.unchanged:
        return None
    decades = math.log10(statistics.median(ratios))
    power = round(decades)
    return power if power and abs(decades - power) < _NEAR else None


def _ratio(each: Revision, column: str) -> float | None:
    try:
        old, new = float(each.before[column]), float(each.after[column])
    except ValueError:
        return None
    return new / old if old * new > 0 else None


def _named(row: object, info: TableInfo) -> str:
    return " · ".join(row[name] for name in info.key if name != "source_id")  # type: ignore[index]


def _moved(move: float, each: Revision, entry: Refreshable) -> str:
    before, after = each.before[entry.value] or "empty", each.after[entry.value] or "empty"
    share = "" if math.isinf(move) else f" ({move:.1%})"
    return f"{' · '.join(each.key)} from {before} to {after}{share}"
