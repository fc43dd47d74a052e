"""A refresh told to a person: what the edition changes, and what moves with it."""

import math
from collections.abc import Iterator, Sequence
from typing import Any

from analysis.data.catalog import TableInfo
from analysis.refresh.diff import Difference, Revision, Row, identity
from analysis.refresh.guards import revision
from analysis.refresh.impact import Move
from analysis.refresh.registry import Refreshable
from analysis.verdicts.sweep import VINTAGES

SHOWN = 10


def difference(found: Difference, info: TableInfo, entry: Refreshable) -> str:
    """The rows that are added, revised and vanished, the largest revisions first."""
    if not found:
        return f"{info.name}: the new edition says what is pinned ({found.unchanged} rows)"
    count = (
        f"{len(found.added)} rows added, {len(found.revised)} revised,"
        f" {len(found.vanished)} vanished, {found.unchanged} unchanged"
    )
    return "\n".join([f"{info.name}: {count}", *_rows(found, info, entry)])


def _rows(found: Difference, info: TableInfo, entry: Refreshable) -> Iterator[str]:
    def told(row: Row) -> str:
        unit = info.columns[entry.value].unit or ""
        return f"{_key(row, info)}: {_cell(row[entry.value])} {unit}".rstrip()

    revised = sorted(found.revised, key=lambda each: -revision(each, entry))
    yield from _few([f"  + {told(row)}" for row in found.added])
    yield from _few([line for each in revised for line in _revised(each, entry)])
    yield from _few([f"  - {told(row)}" for row in found.vanished])


def _revised(each: Revision, entry: Refreshable) -> Iterator[str]:
    for name in each.columns:
        cells = f"{_cell(each.before[name])} -> {_cell(each.after[name])}"
        share = _share(revision(each, entry) if name == entry.value else 0.0)
        yield f"  ~ {' · '.join(each.key)}: {name} {cells}{share}"


def _cell(text: str) -> str:
    """A cell as it is read aloud: large numbers in threes.

    >>> _cell("44344434000.0"), _cell("9.9"), _cell("a strike")
    ('44,344,434,000', '9.9', 'a strike')
    """
    try:
        return f"{float(text):,.15g}"
    except ValueError:
        return text or "empty"


def _few(lines: Sequence[str]) -> Iterator[str]:
    yield from lines[:SHOWN]
    if len(lines) > SHOWN:
        yield f"    ... and {len(lines) - SHOWN} more"


def _share(move: float) -> str:
    return f" ({move:.1%})" if move and not math.isinf(move) else ""


def _key(row: Row, info: TableInfo) -> str:
    return " · ".join(row[name] for name in identity(info))


def movement(found: Sequence[Move]) -> str:
    """Verdicts that flipped, then estimates that moved, then how many stayed."""
    if not found:
        return "no claim reads this table"
    told = [line for move in found for line in _moved(move)]
    still = sum(not move.changes for move in found)
    stayed = [f"{still} of {len(found)} claims that read it stay as they were"] if still else []
    return "\n".join([*told, *stayed])


def _moved(move: Move) -> Iterator[str]:
    if not move.changes:
        return
    yield f"{move.claim}  {move.statement}"
    for vintage in VINTAGES:
        before, after = (side["verdict"][vintage] for side in (move.before, move.after))
        if before != after:
            yield f"  verdict, {vintage}: {_verdict(before)} -> {_verdict(after)}"
            for word, side in (("before", move.before), ("now", move.after)):
                yield from (f"    {word}: {why}" for why in side["detail"][vintage]["reasons"])
        yield from _estimate(move, vintage)
    if not any(change.kind == "verdict" for change in move.changes):
        yield "  the verdict stands"


def _estimate(move: Move, vintage: str) -> Iterator[str]:
    old, new = (side["detail"][vintage].get("value") for side in (move.before, move.after))
    if old != new:
        unit = move.after["estimate"]["unit"]
        claimed = move.after["claimed"]
        yield f"  estimate, {vintage}: {_number(old)} -> {_number(new)} {unit} (claimed: {claimed})"


def _verdict(brief: Any) -> str:
    certainty = f" ({brief['certainty']})" if brief.get("certainty") else ""
    return f"{brief['code']}{certainty}"


def _number(value: float | None) -> str:
    return "none" if value is None else f"{value:.6g}"
