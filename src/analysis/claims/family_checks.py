"""Find recipes that mean one row of a source family and meet several, without saying how to reduce.

Several rows of one family would silently give their median. Rows are plain CSV records.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import product
from typing import TYPE_CHECKING, Any

from analysis.claims.checks import parameter_blocks
from analysis.data.editions import original
from analysis.methods.placeholders import PATTERN, fill

if TYPE_CHECKING:
    from analysis.claims.checks import Fault
    from analysis.claims.table_checks import Tables
    from analysis.yamlfile import Path_

Row = Mapping[str, str]


def faults(value: Any, tables: Tables) -> list[Fault]:
    """The terms of `Level` and the series of `Breaks` that meet several rows of one family."""
    found: dict[Fault, None] = {}
    for where, name, given in parameter_blocks(value):
        claim = value["claims"][where[1]]
        if name == "level":
            for index, measure in enumerate(given.get("measures", ())):
                place = (*where, "measures", index)
                found |= dict.fromkeys(_in_measure(measure, _words(claim, measure), place, tables))
        elif name == "breaks":
            for key, series in given.get("all_series", {}).items():
                if "value" in series:
                    place = (*where, "all_series", key)
                    found |= dict.fromkeys(_several(series, {}, place, tables))
    return list(found)


def _in_measure(
    measure: Mapping[str, Any], words: Mapping[str, list[Any]], where: Path_, tables: Tables
) -> Iterator[Fault]:
    for side in ("terms", "over"):
        for index, term in enumerate(measure.get(side, ())):
            place = (*where, side, index)
            yield from _several(term, words, place, tables)
            if "rate" in term:
                yield from _several(term["rate"], words, (*place, "rate"), tables)


def _words(claim: Mapping[str, Any], measure: Mapping[str, Any]) -> dict[str, list[Any]]:
    """The values of each choice with which a measure can be asked for."""
    readings = [each.get("parameters", {}) for each in claim["readings"].values()]
    words: dict[str, list[Any]] = {
        key: list(options) for key, options in claim.get("grid", {}).items()
    }
    for parameters in (claim.get("parameters", {}), *readings):
        for key, each in parameters.items():
            if isinstance(each, str):
                words.setdefault(key, []).append(each)
    return words | {key: list(_listed(measure[key])) for key in words if key in measure}


def _several(
    recipe: Mapping[str, Any], words: Mapping[str, list[Any]], where: Path_, tables: Tables
) -> Iterator[Fault]:
    if "reduce" in recipe:
        return
    conditions = recipe.get("where", {})
    texts = [each for each in conditions.values() if isinstance(each, str)]
    names = sorted({name for each in texts for name in PATTERN.findall(each)})
    for values in product(*(words.get(name, ()) for name in names)):
        chosen = dict(zip(names, values, strict=True))
        filled = {key: fill(each, chosen) for key, each in conditions.items()}
        counted = Counter(
            (tables.family(recipe["table"], row), row.get(recipe.get("time", ""), "")[:4])
            for row in tables.rows(recipe["table"])
            if row[recipe["value"]] and all(_meets(row, *each) for each in filled.items())
        )
        for (family, time), count in counted.items():
            if count > 1:
                of = f" of {time}" if time else ""
                message = f"{count} rows of the family {family!r}{of} where one is meant"
                yield where, f"{message}: narrow `where`, or say how with `reduce`"
                return


def _meets(row: Row, column: str, wanted: Any) -> bool:
    """Whether a record meets a condition, as in `query.select`."""
    if column not in row:
        return True  # one that loading adds
    text = row[column]
    if isinstance(wanted, Mapping):
        return bool(text) and (
            ("min" not in wanted or _order(text) >= _order(wanted["min"]))
            and ("max" not in wanted or _order(text) <= _order(wanted["max"]))
            and ("not" not in wanted or not _meets(row, column, wanted["not"]))
        )
    return any(_same(text, each, column) for each in _listed(wanted))


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


def _listed(value: Any) -> Sequence[Any]:
    return list(value) if isinstance(value, Sequence) and not isinstance(value, str) else [value]
