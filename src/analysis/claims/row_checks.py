"""Find conditions that no row meets together, and names that only older editions have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, product
from typing import TYPE_CHECKING, Any

from analysis.claims.checks import parameter_blocks
from analysis.claims.choice_checks import recipes
from analysis.claims.conditions import listed, meets
from analysis.claims.family_checks import words_of
from analysis.claims.free_choices import used
from analysis.methods.placeholders import fill

if TYPE_CHECKING:
    from analysis.claims.checks import Fault
    from analysis.claims.plain_tables import Tables
    from analysis.yamlfile import Path_

Row = Mapping[str, str]
Recipe = Mapping[str, Any]
SHOWN = 4  # values that a message shows


def faults(value: Any, tables: Tables) -> tuple[list[Fault], list[Fault]]:
    """Errors and warnings of the conditions of a register in full.

    A claim with a logged search may ask for rows that nobody has: that is what was searched for.
    """
    searched = {name for search in value.get("searches", ()) for name in search["claims"]}
    errors: dict[Fault, None] = {}
    warnings: dict[Fault, None] = {}
    for where, _, given in parameter_blocks(value):
        if where[1] in searched:
            continue
        words = words_of(value["claims"][where[1]], {}) | given.get("across", {})
        for place, recipe in recipes(given, where):
            if tables.columns(recipe["table"]) is None or "absent" in recipe:
                continue
            meant = _meant(recipe["where"], words)
            rows = rows_of(recipe, words, tables)
            if not rows and not any(_excludes(each) for each in meant.values()):
                errors |= dict.fromkeys(_apart(recipe, meant, place, tables))
            elif rows and tables.has_editions(recipe["table"]):
                for error, fault in _older(recipe, meant, rows, place, tables):
                    (errors if error else warnings)[fault] = None
    return list(errors), list(warnings)


def rows_of(recipe: Recipe, words: Mapping[str, Sequence[Any]], tables: Tables) -> Sequence[Row]:
    """The rows that a recipe may mean, for some choice of each word in its conditions."""
    return tables.meeting(recipe["table"], _meant(recipe["where"], words))


def _meant(where: Mapping[str, Any], words: Mapping[str, Sequence[Any]]) -> dict[str, Any]:
    """The conditions with every word that a placeholder may stand for; without those of others."""
    found: dict[str, Any] = {}
    for column, wanted in where.items():
        names = sorted(set(used(wanted)))
        if not names:
            found[column] = wanted
        elif isinstance(wanted, str) and all(words.get(name) for name in names):
            options = product(*(words[name] for name in names))
            chosen = (dict(zip(names, own, strict=True)) for own in options)
            found[column] = [fill(wanted, each) for each in chosen]
    return found


def _excludes(wanted: Any) -> bool:
    """Whether a condition says what is left out: that nothing else is there may be the question."""
    return isinstance(wanted, Mapping) and "not" in wanted


def _met(rows: Sequence[Row], where: Mapping[str, Any]) -> list[Row]:
    return [row for row in rows if all(meets(row, *each) for each in where.items())]


def _apart(
    recipe: Recipe, meant: Mapping[str, Any], where: Path_, tables: Tables
) -> Iterator[Fault]:
    """Two conditions, or all, that rows meet one by one and never together."""
    table = recipe["table"]
    alone = {column: tables.meeting(table, {column: each}) for column, each in meant.items()}
    if not all(alone.values()):
        return  # a value that occurs nowhere is another check's fault
    for one, other in combinations(meant, 2):
        if not _met(alone[one], {other: meant[other]}):
            both = f"{one} {_shown(meant[one])} and {other} {_shown(meant[other])}"
            has = _span({row.get(other, "") for row in alone[one]})
            message = f"no row of {recipe['table']} has {both} together; with that {one} it has"
            hint = "of what nobody has, say in `searches` where it was looked for"
            yield (*where, "where", other), f"{message} {other} {has}; {hint}"
            return
    both = ", ".join(f"{column} {_shown(wanted)}" for column, wanted in meant.items())
    yield (*where, "where"), f"no row of {recipe['table']} has all of this together: {both}"


def _shown(wanted: Any) -> str:
    if isinstance(wanted, Mapping):
        return ", ".join(f"{word} {bound!r}" for word, bound in wanted.items())
    each = [repr(value) for value in listed(wanted)]
    return " or ".join(each if len(each) <= SHOWN else [*each[:SHOWN], "…"])


def _span(texts: set[str]) -> str:
    """A few values, or the first and the last of many."""
    each = sorted(texts)
    return ", ".join(each) if len(each) <= SHOWN else f"{each[0]} to {each[-1]}"


def _older(
    recipe: Recipe, meant: Mapping[str, Any], rows: Sequence[Row], where: Path_, tables: Tables
) -> Iterator[tuple[bool, Fault]]:
    """A name that newer editions of the same times do not have; an error if they say another."""
    entry, table = tables.entry(recipe["table"]), recipe["table"]
    edition, time = entry["vintage"]["column"], entry.get("time", {}).get("column", "")
    if {edition, "source_id"} & recipe["where"].keys() or edition not in rows[0]:
        return  # the edition is chosen
    last, times = max(row[edition] for row in rows), {row.get(time) for row in rows}
    families = {tables.family(table, row) for row in rows}
    newer = [
        row
        for row in tables.meeting(table, {})
        if row[edition] > last and row.get(time) in times and tables.family(table, row) in families
    ]
    for column, wanted in meant.items() if newer else ():
        kind = entry.get("columns", {}).get(column, {}).get("type")
        rest = {key: each for key, each in meant.items() if key != column}
        if column == time or kind not in NAMES or not isinstance(wanted, str):
            continue
        if not _met(newer, {column: wanted}) and (others := _met(newer, rest)):
            text = f"{wanted!r} of {column} stands only in editions up to {last}"
            newest = max(row[edition] for row in others)
            message = f"{text}, though {table} has one of {newest}"
            at = (*where, "where", column)
            if renamed := _renamed(column, rows[0], others, entry):
                code, name = renamed
                now = f"which says {name!r} for the same {code} {rows[0][code]!r}"
                yield True, (at, f"{message}, {now}: name the {code} in `where`")
            else:
                hint = f"the verdict of today rests on the old one; name it (`{edition}`) if meant"
                yield False, (at, f"{message}: {hint}")


NAMES = ("string", "category")  # types of columns that name a thing


def _renamed(
    column: str, row: Row, newer: Sequence[Row], entry: Mapping[str, Any]
) -> tuple[str, str] | None:
    """Another column that means the same thing, and its name in the newer rows."""
    for code, own in entry.get("columns", {}).items():
        if code == column or own.get("type") not in NAMES or not row.get(code):
            continue
        pairs = {(each[code], each[column]) for each in newer}
        names = {name for value, name in pairs if value == row[code]}
        if len(names) == 1 and len(pairs) == len({value for value, _ in pairs}):
            return code, names.pop()
    return None
