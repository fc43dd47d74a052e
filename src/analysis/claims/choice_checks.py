"""Find choices, members and years that a recipe names and its table does not have.

Types admit them and the tables' own checks pass them: a placeholder stands for a value of the grid,
members stand beside the conditions, and a trend begins where its rows do.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from analysis.claims.checks import parameter_blocks
from analysis.claims.conditions import listed
from analysis.claims.free_choices import free_names, used
from analysis.claims.table_checks import nowhere, occurs
from analysis.errors import suggest
from analysis.methods.parameters import hints

if TYPE_CHECKING:
    from analysis.claims.checks import Fault
    from analysis.claims.plain_tables import Tables
    from analysis.yamlfile import Path_

Recipe = Mapping[str, Any]
FILLED = ("part", "of", "time", "measure")  # words that methods fill in beside their parameters
ONCE = ("sampled", "cumulative", "zeros")  # keys of a series whose years need not be whole
MADE = {"homes", "ceiling"}  # keys of a list whose members need no row of their own
LAST = 9999  # the default of `last_year`: no last year is asked for


def faults(value: Any, tables: Tables) -> list[Fault]:
    """The faults of the choices, members and years of a register in full."""
    found: dict[Fault, None] = {}
    for where, name, given in parameter_blocks(value):
        claim = value["claims"][where[1]]
        own = claim["method"] == name and "side_assertions" not in where
        grid = claim.get("grid", {}) if own else {}
        known = {*hints(name), *grid, *given.get("across", {}), *FILLED}
        known |= {key for pair in given.get("pairs", ()) for key in pair}
        choices = {key: ((*where[:2], "grid", key), grid[key]) for key in free_names(name, grid)}
        across = given.get("across", {})
        choices |= {key: ((*where, "across", key), across[key]) for key in across}
        for place, recipe in recipes(given, where):
            found |= dict.fromkeys(_unknown(recipe, known, place))
            found |= dict.fromkeys(_absent(recipe, choices, tables))
            published = value["article"]["published"]
            found |= dict.fromkeys(_later_edition(recipe, published, place, tables))
        if name == "ranking":
            found |= dict.fromkeys(_members(given, where, tables))
        if name == "trend":
            found |= dict.fromkeys(_years(given, where, tables))
    return list(found)


def recipes(value: Any, where: Path_) -> Iterator[tuple[Path_, Recipe]]:
    """Every mapping with a table and conditions, however deep, and its place."""
    if isinstance(value, Mapping):
        if isinstance(value.get("where"), Mapping) and isinstance(value.get("table"), str):
            yield where, value
        for key, item in value.items():
            yield from recipes(item, (*where, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from recipes(item, (*where, index))


def _unknown(recipe: Recipe, known: set[str], where: Path_) -> Iterator[Fault]:
    """Names in braces that stand for nothing."""
    for column, wanted in recipe["where"].items():
        for name in used(wanted):
            if name not in known:
                message = f"{{{name}}} is no choice of the `grid` and no parameter"
                yield (*where, "where", column), f"{message}{suggest(name, known)}"


def _absent(
    recipe: Recipe, choices: Mapping[str, tuple[Path_, Sequence[Any]]], tables: Tables
) -> Iterator[Fault]:
    """Choices, each with its place, with which a condition asks for a value that no row has."""
    columns = tables.columns(recipe["table"]) or {}
    for column, wanted in recipe["where"].items():
        for text in listed(wanted) if columns.get(column) else ():
            for name in sorted({*used(text)} & {*choices}) if isinstance(text, str) else ():
                where, options = choices[name]
                for index, option in enumerate(options):
                    value = text.replace(f"{{{name}}}", str(option))
                    if not occurs(value, columns[column], column):
                        message = nowhere(value, column, recipe["table"], columns[column])
                        yield (*where, index), message


def _later_edition(recipe: Recipe, published: str, where: Path_, tables: Tables) -> Iterator[Fault]:
    """An edition that came out after the article, which the verdict at publication cannot read."""
    vintage = tables.entry(recipe["table"]).get("vintage", {})
    wanted = recipe["where"].get(vintage.get("column")) if vintage.get("editions") else None
    if isinstance(wanted, str) and not any(used(wanted)) and wanted > str(published):
        message = f"the edition {wanted} came out after the article ({published})"
        hint = "leave it out and say `editions: newest`, the newest one known on the day"
        yield (*where, "where", vintage["column"]), f"{message}: {hint}"


def _members(given: Recipe, where: Path_, tables: Tables) -> Iterator[Fault]:
    """Members of a ranked list that no row of its table has."""
    for index, recipe in enumerate(given.get("lists", ())):
        by, members = recipe.get("by"), recipe.get("members", ())
        if not isinstance(by, str) or isinstance(members, str) or recipe.keys() & MADE:
            continue
        known = (tables.columns(recipe["table"]) or {}).get(by)
        for place, member in enumerate(members):
            if known and not any(used(member)) and not occurs(member, known, by):
                at = (*where, "lists", index, "members", place)
                yield at, nowhere(member, by, recipe["table"], known)


def _years(given: Recipe, where: Path_, tables: Tables) -> Iterator[Fault]:
    """A first or a last year that no series of a trend has, and series of one month a year."""
    indices = given.get("indices", ())
    times = [_times(recipe, tables) for recipe in indices]
    years = sorted({int(time[:4]) for each in times for _, time in each if time[:4].isdigit()})
    if not years:
        return
    start, last = given.get("start", 0), given.get("last_year", LAST)
    if 0 < start < years[0] and not any(recipe.get("zeros") for recipe in indices):
        yield (*where, "start"), f"no row before {years[0]}: nothing says what was in {start}"
    if years[-1] < last < LAST:
        yield (*where, "last_year"), f"no row after {years[-1]}: nothing says what was in {last}"
    for index, (recipe, each) in enumerate(zip(indices, times, strict=True)):
        monthly = _type(recipe, tables) == "month"
        yearly = recipe.get("frequency", given.get("frequency", "year")) == "year"
        once = len(set(each)) == len({(group, time[:4]) for group, time in each})
        if monthly and yearly and once and not any(recipe.get(key) for key in ONCE):
            message = "each year has a single month, which is no whole year: say `sampled: true`"
            yield (*where, "indices", index), f"{message} to compare that month with itself"


def _type(recipe: Recipe, tables: Tables) -> str:
    columns = tables.entry(recipe["table"]).get("columns", {})
    kind: str = columns.get(recipe["time"], {}).get("type", "")
    return kind


def _times(recipe: Recipe, tables: Tables) -> list[tuple[tuple[str, ...], str]]:
    """The times of the rows that a series may read, with what they have for its placeholders."""
    if tables.columns(recipe["table"]) is None:
        return []
    where = recipe.get("where", {})
    fixed = {key: wanted for key, wanted in where.items() if not any(used(wanted))}
    groups = [key for key in where if key not in fixed]
    return [
        (tuple(row.get(key, "") for key in groups), row[recipe["time"]])
        for row in tables.meeting(recipe["table"], fixed)
        if row[recipe["time"]]
    ]
