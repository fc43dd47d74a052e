"""The text of a refresh: the rows that an edition changes, and the verdicts that change with it."""

import math
from collections.abc import Iterator, Sequence
from typing import Any

from analysis.data.catalog import TableInfo
from analysis.refresh.diff import Revision, Row, TableDiff, identity
from analysis.refresh.guards import relative_revision
from analysis.refresh.impact import VerdictChange
from analysis.refresh.registry import Refreshable
from analysis.verdicts.sweep import VINTAGES

MAX_ROWS_SHOWN = 10


def difference(found: TableDiff, info: TableInfo, entry: Refreshable) -> str:
    """The rows that are added, revised and vanished, the largest revisions first."""
    if not found:
        return f"{info.name}: the new edition equals the pinned one ({found.unchanged} rows)"
    count = (
        f"{len(found.added)} rows added, {len(found.revised)} revised,"
        f" {len(found.vanished)} vanished, {found.unchanged} unchanged"
    )
    return "\n".join([f"{info.name}: {count}", *_rows(found, info, entry)])


def _rows(found: TableDiff, info: TableInfo, entry: Refreshable) -> Iterator[str]:
    def line(row: Row) -> str:
        unit = info.columns[entry.value].unit or ""
        return f"{_key(row, info)}: {_cell(row[entry.value])} {unit}".rstrip()

    revised = sorted(found.revised, key=lambda each: -relative_revision(each, entry))
    yield from _first_lines([f"  + {line(row)}" for row in found.added])
    yield from _first_lines([line for each in revised for line in _revised(each, entry)])
    yield from _first_lines([f"  - {line(row)}" for row in found.vanished])


def _revised(each: Revision, entry: Refreshable) -> Iterator[str]:
    for name in each.columns:
        cells = f"{_cell(each.before[name])} -> {_cell(each.after[name])}"
        share = _percent(relative_revision(each, entry) if name == entry.value else 0.0)
        yield f"  ~ {' · '.join(each.key)}: {name} {cells}{share}"


def _cell(text: str) -> str:
    """A cell with thousands separators, if it is a number.

    >>> _cell("44344434000.0"), _cell("9.9"), _cell("a strike")
    ('44,344,434,000', '9.9', 'a strike')
    """
    try:
        return f"{float(text):,.15g}"
    except ValueError:
        return text or "empty"


def _first_lines(lines: Sequence[str]) -> Iterator[str]:
    yield from lines[:MAX_ROWS_SHOWN]
    if len(lines) > MAX_ROWS_SHOWN:
        yield f"    ... and {len(lines) - MAX_ROWS_SHOWN} more"


def _percent(size: float) -> str:
    return f" ({size:.1%})" if size and not math.isinf(size) else ""


def _key(row: Row, info: TableInfo) -> str:
    return " · ".join(row[name] for name in identity(info))


def verdict_changes(found: Sequence[VerdictChange]) -> str:
    """Changed verdicts and estimates by claim, then the number of unchanged claims."""
    if not found:
        return "no claim reads this table"
    lines = [line for each in found for line in _change_lines(each)]
    still = sum(not each.changes for each in found)
    stayed = [f"{still} of {len(found)} claims that read it stay as they were"] if still else []
    return "\n".join([*lines, *stayed])


def _change_lines(change: VerdictChange) -> Iterator[str]:
    if not change.changes:
        return
    yield f"{change.claim}  {change.statement}"
    for vintage in VINTAGES:
        before, after = (side["verdict"][vintage] for side in (change.before, change.after))
        if before != after:
            yield f"  verdict, {vintage}: {_verdict(before)} -> {_verdict(after)}"
            for word, side in (("before", change.before), ("now", change.after)):
                yield from (f"    {word}: {why}" for why in side["detail"][vintage]["reasons"])
        yield from _estimate(change, vintage)
    if not any(each.kind == "verdict" for each in change.changes):
        yield "  the verdict does not change"


def _estimate(change: VerdictChange, vintage: str) -> Iterator[str]:
    old, new = (side["detail"][vintage].get("value") for side in (change.before, change.after))
    if old != new:
        unit = change.after["estimate"]["unit"]
        claimed = change.after["claimed"]
        yield f"  estimate, {vintage}: {_number(old)} -> {_number(new)} {unit} (claimed: {claimed})"


def _verdict(brief: Any) -> str:
    certainty = f" ({brief['certainty']})" if brief.get("certainty") else ""
    return f"{brief['code']}{certainty}"


def _number(value: float | None) -> str:
    return "none" if value is None else f"{value:.6g}"
