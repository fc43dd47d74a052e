"""Find divisions and counted lists without a whole, and members that their tables do not have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from analysis.claims.checks import parameter_blocks
from analysis.claims.conditions import listed
from analysis.claims.free_choices import used
from analysis.claims.table_checks import nowhere, occurs
from analysis.claims.unit_checks import OWN_UNIT
from analysis.errors import suggest
from analysis.formatting import is_percent
from analysis.methods.sums import SUM
from analysis.methods.totals import NO_WHOLE

if TYPE_CHECKING:
    from analysis.claims.checks import Fault
    from analysis.claims.plain_tables import Tables
    from analysis.yamlfile import Path_

Recipe = Mapping[str, Any]
PARTS = {"share": "divisions", "ranking": "lists"}
NAMED_AS = {"mapping": "mappings", "region": "regions"}  # a choice, and what it picks from
ASKED = ("of", "lost")  # parameters that name a member


def faults(value: Any, tables: Tables) -> list[Fault]:
    """The wholes and members of the recipes of shares and rankings that cannot be meant."""
    found: dict[Fault, None] = {}
    for where, name, given in parameter_blocks(value):
        if name not in PARTS:
            continue
        claim = value["claims"][where[1]]
        own = claim["method"] == name and "side_assertions" not in where
        full = {**claim["parameters"], **given} if own else given
        grid = claim.get("grid", {}) if own and "readings" not in where else {}
        recipes = [each for each in full.get(PARTS[name], ()) if not each.get("printed")]
        for index, recipe in enumerate(given.get(PARTS[name], ())):
            if not recipe.get("printed"):
                place = (*where, PARTS[name], index)
                found |= dict.fromkeys(_whole(recipe, place, tables))
                found |= dict.fromkeys(_in_recipe(recipe, place, tables))
        asked = {**_choices(given, where), **_choices(grid, (*where[:2], "grid"))}
        found |= dict.fromkeys(_unknown_labels(asked, full))
        if recipes and all(tables.columns(each["table"]) for each in recipes):
            found |= dict.fromkeys(_asked(given, asked, recipes, where, tables))
    return list(found)


def _whole(recipe: Recipe, where: Path_, tables: Tables) -> Iterator[Fault]:
    """A recipe that does not say what its values are parts of, or says two things."""
    columns = tables.entry(recipe["table"]).get("columns", {})
    unit, percent = columns.get(recipe["value"], {}).get("unit", ""), recipe.get("percent")
    whole = recipe.get("whole")
    stated = percent or (percent is None and is_percent(unit))
    if whole is None and "members" not in recipe and not stated:
        yield where, f"{recipe['value']} of {recipe['table']} is in {unit!r}: {NO_WHOLE}"
    if percent is True and unit and OWN_UNIT not in columns and not is_percent(unit):
        message = f"{recipe['value']} of {recipe['table']} is in {unit!r} by the catalog"
        yield (*where, "percent"), f"{message}, not in percent"
    if whole == SUM and percent:
        yield (*where, "whole"), "what is in percent has a whole of 100: leave out `whole`"


def _in_recipe(recipe: Recipe, where: Path_, tables: Tables) -> Iterator[Fault]:
    """Names in the recipe that no row of its table has."""
    if tables.columns(recipe["table"]) is None:
        return
    rows, merged = _names(recipe, tables), set(recipe.get("homes", {}))
    named: list[tuple[Path_, str, frozenset[str]]] = []
    whole, members = recipe.get("whole"), recipe.get("members", ())
    if isinstance(whole, str) and whole != SUM:
        named.append((("whole",), whole, rows | merged))
    for key in ("leave_out", "groups"):
        named += [((key, i), each, rows | merged) for i, each in enumerate(recipe.get(key, ()))]
    for home, taken in recipe.get("homes", {}).items():
        named += [(("homes", home, i), each, rows) for i, each in enumerate(taken)]
    if not isinstance(members, str):
        capped = _capped(recipe, tables)
        named += [(("members", i), each, rows | merged | capped) for i, each in enumerate(members)]
    for at, name, known in named:
        yield from _absent(name, (*where, *at), known, [recipe])


def _asked(
    given: Recipe,
    asked: Mapping[str, list[tuple[Path_, Any]]],
    recipes: list[Recipe],
    where: Path_,
    tables: Tables,
) -> Iterator[Fault]:
    """Members that a claim asks for and no row of any of its recipes has."""
    known = frozenset().union(*(_names(each, tables) | _merged(each) for each in recipes))
    known |= frozenset().union(*(_capped(each, tables) for each in recipes))
    named = [(place, each) for key in ASKED for place, each in asked.get(key, ())]
    for key in NAMED_AS.values():
        named += list(_leaves(given.get(key, {}), (*where, key)))
    named += [
        ((*where, key, index, "of"), each["of"])
        for key in ("pairs", "conditions")
        for index, each in enumerate(given.get(key, ()))
        if "of" in each
    ]
    for place, name in named:
        if name:
            yield from _absent(name, place, known, recipes)


def _absent(
    name: Any, place: Path_, known: frozenset[str], recipes: list[Recipe]
) -> Iterator[Fault]:
    if any(used(name)) or any(name in each.get("absent", ()) for each in recipes):
        return
    first = recipes[0]
    by = " ".join(listed(first["by"]))
    nested = any(each.get("nested") for each in recipes)
    if not occurs(name, known, by) and not (nested and _beside(str(name), known)):
        message = nowhere(name, by, first["table"], known)
        yield place, f"{message}; one without a row on purpose stands under `absent` of the recipe"


def _beside(code: str, known: Iterable[str]) -> bool:
    """Whether a part of a code, or a code that it is a part of, has a row."""
    own = code.rpartition(" ")[2]
    others = (each.rpartition(" ")[2] for each in known if each)
    return any(each.startswith(own) or own.startswith(each) for each in others)


def _names(recipe: Recipe, tables: Tables) -> frozenset[str]:
    """The members of the rows of a table, the texts of several columns joined by a space."""
    by = listed(recipe["by"])
    if set(by) - set(tables.columns(recipe["table"]) or ()):
        return frozenset()
    cells = tables.cells(recipe["table"])
    blank = [""] * len(next(iter(cells.values())))  # of a column that loading adds
    columns = (cells.get(each, blank) for each in by)
    return frozenset(map(" ".join, zip(*columns, strict=True)))


def _merged(recipe: Recipe) -> frozenset[str]:
    return frozenset(recipe.get("homes", {}))


def _capped(recipe: Recipe, tables: Tables) -> frozenset[str]:
    """The members of which `ceiling` has a row: they are known, though without a row here."""
    ceiling = recipe.get("ceiling")
    if ceiling is None:
        return frozenset()
    return (tables.columns(ceiling["table"]) or {}).get(ceiling["by"], frozenset())


def _choices(given: Recipe, where: Path_) -> dict[str, list[tuple[Path_, Any]]]:
    """The members and labels that parameters or a grid ask for, each with its place."""
    found = {key: given[key] for key in (*ASKED, *NAMED_AS) if key in given}
    return {
        key: [((*where, key, i), each) for i, each in enumerate(own)]
        if isinstance(own, list)
        else [((*where, key), own)]
        for key, own in found.items()
    }


def _unknown_labels(asked: Mapping[str, list[tuple[Path_, Any]]], full: Recipe) -> Iterator[Fault]:
    """A mapping, region or division that the claim does not define."""
    for choice, key in NAMED_AS.items():
        labels = full.get(key, {})
        for place, label in asked.get(choice, ()):
            if label and labels and label not in labels:
                hint = f"{suggest(label, labels)}; it has: {', '.join(labels)}"
                yield place, f"{label!r} is none of `{key}`{hint}"


def _leaves(value: Any, where: Path_) -> Iterator[tuple[Path_, Any]]:
    """Every name in a mapping of lists, with its place."""
    if isinstance(value, Mapping | list):
        items = value.items() if isinstance(value, Mapping) else enumerate(value)
        for key, item in items:
            yield from _leaves(item, (*where, key))
    else:
        yield where, value
