"""Find recipes that mean one row and meet several, without saying how to reduce.

Several rows of one family, or of one member of a list, would silently give their median. Rows are
plain CSV records.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import product
from typing import TYPE_CHECKING, Any

from analysis.claims.checks import parameter_blocks
from analysis.claims.conditions import listed, meets
from analysis.methods.placeholders import PATTERN, fill

if TYPE_CHECKING:
    from analysis.claims.checks import Fault
    from analysis.claims.plain_tables import Tables
    from analysis.yamlfile import Path_

Row = Mapping[str, str]
SHOWN = 3  # values of a column that a message shows
NEWEST = "say in the catalog that they are editions (`vintage: {column: ..., editions: true}`)"
LISTS = {"ranking": ("lists",), "share": ("divisions",), "trend": ("indices",)}


def faults(value: Any, tables: Tables) -> list[Fault]:
    """The terms, series and lists of the methods that meet several rows where one is meant."""
    found: dict[Fault, None] = {}
    for where, name, given in parameter_blocks(value):
        claim = value["claims"][where[1]]
        if name == "level":
            across = {key: list(values) for key, values in given.get("across", {}).items()}
            for index, measure in enumerate(given.get("measures", ())):
                place = (*where, "measures", index)
                words = words_of(claim, measure) | across
                found |= dict.fromkeys(_in_measure(measure, words, place, tables))
        elif name == "breaks":
            for key, series in given.get("all_series", {}).items():
                if "value" in series:
                    place = (*where, "all_series", key)
                    found |= dict.fromkeys(_several(series, {}, place, tables))
        for part in LISTS.get(name, ()):
            for index, recipe in enumerate(given.get(part, ())):
                place = (*where, part, index)
                found |= dict.fromkeys(_whole(recipe, words_of(claim, {}), place, tables))
                found |= dict.fromkeys(_repeated(recipe, words_of(claim, {}), place, tables))
    return list(found)


def _whole(
    recipe: Mapping[str, Any], words: Mapping[str, list[Any]], where: Path_, tables: Tables
) -> Iterator[Fault]:
    """A whole of another table that meets several rows, for some time of the rows it divides."""
    whole = recipe.get("whole")
    if isinstance(whole, Mapping):
        times = (tables.columns(recipe["table"]) or {}).get(recipe.get("time", ""), [""])
        yield from _several(whole, {**words, "time": sorted(times)}, (*where, "whole"), tables)


def _in_measure(
    measure: Mapping[str, Any], words: Mapping[str, list[Any]], where: Path_, tables: Tables
) -> Iterator[Fault]:
    for side in ("terms", "over"):
        for index, term in enumerate(measure.get(side, ())):
            place = (*where, side, index)
            yield from _several(term, words, place, tables)
            if "rate" in term:
                yield from _several(term["rate"], words, (*place, "rate"), tables)


def words_of(claim: Mapping[str, Any], measure: Mapping[str, Any]) -> dict[str, list[Any]]:
    """The values of each choice with which a measure can be asked for."""
    readings = [each.get("parameters", {}) for each in claim["readings"].values()]
    words: dict[str, list[Any]] = {
        key: list(options) for key, options in claim.get("grid", {}).items()
    }
    for parameters in (claim.get("parameters", {}), *readings):
        for key, each in parameters.items():
            if isinstance(each, str):
                words.setdefault(key, []).append(each)
    return words | {key: list(listed(measure[key])) for key in words if key in measure}


def _several(
    recipe: Mapping[str, Any], words: Mapping[str, list[Any]], where: Path_, tables: Tables
) -> Iterator[Fault]:
    if "reduce" in recipe:
        return
    for rows in _chosen(recipe, words, tables):
        grouped: dict[tuple[str, str], list[Row]] = {}
        for row in rows:
            time = row.get(recipe.get("time", ""), "")[:4]
            grouped.setdefault((tables.family(recipe["table"], row), time), []).append(row)
        for (family, time), met in grouped.items():
            if len(met) > 1:
                message = _meant(met, family, time, recipe["table"], tables)
                yield where, f"{message}, or say how with `reduce`"
                return


def _chosen(
    recipe: Mapping[str, Any], words: Mapping[str, list[Any]], tables: Tables
) -> Iterator[list[Row]]:
    """The rows with a value that a recipe means, for each combination of choices in its texts."""
    conditions = recipe.get("where", {})
    texts = [each for each in (*conditions.values(), recipe.get("period")) if isinstance(each, str)]
    names = sorted({name for each in texts for name in PATTERN.findall(each)})
    for values in product(*(words.get(name, ()) for name in names)):
        chosen = dict(zip(names, values, strict=True))
        filled = {key: fill(each, chosen) for key, each in conditions.items()}
        met: list[Row] = [
            row for row in tables.meeting(recipe["table"], filled) if row[recipe["value"]]
        ]
        if tables.has_editions(recipe["table"]):  # of those of an observation, one is meant
            met = list({tables.observation(recipe["table"], row): row for row in met}.values())
        yield met


def _meant(met: Sequence[Row], family: str, time: str, table: str, tables: Tables) -> str:
    """What is wrong with several rows of a family."""
    of = f" of {time}" if time else ""
    sources = sorted({row["source_id"] for row in met})
    if len(sources) == len(met):
        found = f"{len(met)} editions of the family {family!r}{of} ({', '.join(sources)})"
        return f"{found} where one is meant: name one in `where` as `source_id`, or {NEWEST}"
    found = f"{len(met)} rows of the family {family!r}{of} where one is meant"
    return f"{found}{differing(met, table, tables)}: narrow `where`"


def differing(met: Sequence[Row], table: str, tables: Tables) -> str:
    """The columns of the key in which rows differ, with some of their values, in words."""
    key = [each for each in tables.entry(table).get("key", ()) if each in met[0]]
    texts = {column: list(dict.fromkeys(row[column] for row in met)) for column in key}
    shown = [
        f"{column} ({', '.join(each[:SHOWN])}{', …' if len(each) > SHOWN else ''})"
        for column, each in texts.items()
        if len(each) > 1
    ]
    return f", which differ in {' and '.join(shown)}" if shown else ""


def _is_member(recipe: Mapping[str, Any], row: Row) -> bool:
    """Whether a row is of a closed list; any is of one that is open, or takes others in."""
    members, by = recipe.get("members", ""), recipe.get("by")
    if isinstance(members, str) or not isinstance(by, str) or "homes" in recipe:
        return True
    return any(meets(row, by, member) for member in members)


def _repeated(
    recipe: Mapping[str, Any], words: Mapping[str, list[Any]], where: Path_, tables: Tables
) -> Iterator[Fault]:
    """A member, or a period of a series, for which one source has several values."""
    if recipe.get("reduce") or recipe.get("printed") or "value" not in recipe:
        return
    apart = [*listed(recipe.get("by", [])), *listed(recipe.get("adds", []))]
    apart += [recipe["time"]] if "time" in recipe else []
    for rows in _chosen(recipe, words, tables):
        found: dict[tuple[str, ...], list[Row]] = {}
        for row in filter(partial(_is_member, recipe), rows):
            key = (row["source_id"], *(row.get(column, "") for column in apart))
            found.setdefault(key, []).append(row)
        for (source, *member), met in found.items():
            if len(several := {row[recipe["value"]] for row in met}) > 1:
                of = " ".join(member) or recipe["table"]
                message = f"{len(several)} values of {of} in {source} where one is meant"
                more = differing(met, recipe["table"], tables)
                yield where, f"{message}{more}: narrow `where`"
                return
