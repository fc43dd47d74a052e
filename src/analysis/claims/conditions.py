"""The conditions of recipes on the plain CSV records of a table, before anything is loaded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from analysis.data.editions import original

Row = Mapping[str, str]


def meets(row: Row, column: str, wanted: Any) -> bool:
    """Whether a record meets a condition, as in `query.select`."""
    if column not in row:
        return True  # one that loading adds
    text = row[column]
    if isinstance(wanted, Mapping):
        return bool(text) and (
            ("min" not in wanted or _order(text) >= _order(wanted["min"]))
            and ("max" not in wanted or _order(text) <= _order(wanted["max"]))
            and ("not" not in wanted or not meets(row, column, wanted["not"]))
        )
    return any(_same(text, each, column) for each in listed(wanted))


def _same(text: str, wanted: Any, column: str) -> bool:
    if isinstance(wanted, bool):
        return text == str(wanted).lower()
    if text == str(wanted) or (column == "source_id" and original(text) == wanted):
        return True
    with suppress(ValueError):
        return float(text) == float(wanted)
    return False


def _order(value: Any) -> tuple[float, str]:
    """Numbers in their order, texts after them in theirs."""
    with suppress(ValueError):
        return float(value), ""
    return float("inf"), str(value)


def listed(value: Any) -> list[Any]:
    """A list as it is, and anything else as the only item of one."""
    return list(value) if isinstance(value, Sequence) and not isinstance(value, str) else [value]
