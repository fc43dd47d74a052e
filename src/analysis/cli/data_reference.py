"""The part of the reference on data/ and on recipes: keys, columns and checks from their types."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Mapping
from typing import Any

from analysis.claims import forms
from analysis.claims.schema import schema
from analysis.cli.listing import DATA_FILES, data_schema
from analysis.data import checks, sources, total_checks
from analysis.data.catalog_keys import QUALITY
from analysis.data.violations import CHECKS
from analysis.methods import METHODS

CATALOG = {
    "TableInfo": "A table",
    "ColumnInfo": "A column",
    "Licence": "Its `licence`",
    "Time": "Its `time`",
    "Vintage": "Its `vintage`",
    "Family": "Its `family`",
    "Break": "A break",
    "Gap": "A gap",
    "LayerInfo": "A map layer",
}
CHECK_MODULES = (checks, total_checks)  # each names its checks when it is imported
GIVEN = ("info", "frame", "load")  # what a check gets from whoever calls it
_WORDS = {
    "string": "text",
    "object": "mapping",
    "boolean": "`true` or `false`",
    "integer": "whole number",
    "number": "number",
}


def sections() -> Iterator[str]:
    """The catalog, the sources, the named checks, the other files of data/, and all recipes."""
    yield "## data/"
    yield (
        "A table is a CSV file `data/<topic>/<table>.csv`: UTF-8, LF, one observation a row, ISO "
        "dates, names of columns in snake_case, and a column `source_id`. `claims data add` makes "
        "one of any CSV file; `claims schema catalog` prints the grammar below as JSON Schema."
    )
    yield from _catalog()
    yield from _sources()
    yield from _checks()
    others = ", ".join(f"`data/{name}.yaml`" for name in DATA_FILES if name != "catalog")
    yield f"Their grammar as JSON Schema, for {others}: `claims schema NAME`."
    yield from _recipes()


def _catalog() -> Iterator[str]:
    known = data_schema("catalog")["$defs"]
    yield "### data/catalog.yaml"
    yield (
        "Two mappings: `tables`, and `layers` for GeoJSON files, both by `<topic>/<name>`. "
        "`sha256`, `rows` and `span` are written by `claims data pin`."
    )
    for name, title in CATALOG.items():
        yield f"**{title}**"
        yield _table(known[name])


def _table(kind: Mapping[str, Any]) -> str:
    """The keys of a mapping with what each may be, and what it means."""
    rows = ["| key | value | needed | meaning |", "|---|---|---|---|"]
    for key, own in kind["properties"].items():
        needed = "yes" if key in kind.get("required", ()) else ""
        rows.append(f"| `{key}` | {value(own)} | {needed} | {own['description']} |")
    return "\n".join(rows)


def value(kind: Mapping[str, Any]) -> str:
    """What a value may be, in words.

    >>> value({"anyOf": [{"type": "number"}, {"type": "null"}]}), value({"enum": ["a", "b"]})
    ('number', '`a`, `b`')
    """
    if "anyOf" in kind:
        options = (value(each) for each in kind["anyOf"] if each.get("type") != "null")
        return " or ".join(dict.fromkeys(options))
    if "enum" in kind:
        return ", ".join(f"`{option}`" for option in kind["enum"])
    if "const" in kind:
        return f"`{kind['const']}`".replace("True", "true").replace("False", "false")
    if kind.get("type") == "array":
        return f"list of {value(kind.get('items', {}))}"
    if "$ref" in kind:
        return f"mapping ({kind['$ref'].rpartition('/')[2]})"
    return _WORDS.get(kind.get("type", ""), "any value")


def _sources() -> Iterator[str]:
    yield "### data/sources.csv"
    rows = ["| column | value | needed | meaning |", "|---|---|---|---|"]
    for name, column in sources.COLUMNS.items():
        kind = "date as far as known" if column.type == "partial_date" else "text"
        words = ", ".join(f"`{word}`" for word in column.values) or kind
        rows.append(
            f"| `{name}` | {words} | {'' if column.nullable else 'yes'} | {column.meaning} |"
        )
    yield "\n".join(rows)
    yield "The words of `quality`, and the grade with which the certainty of such evidence begins:"
    rows = ["| quality | grade | meaning |", "|---|---|---|"]
    rows += [f"| `{word}` | {sources.GRADES[word]} | {text} |" for word, text in QUALITY.items()]
    yield "\n".join(rows)


def _checks() -> Iterator[str]:
    yield "### Named checks"
    yield (
        "Under `checks` of a table, each as `NAME: {argument: value}`; all take `where`, "
        "conditions on the rows that are meant. `claims data check` makes them."
    )
    rows = ["| check | arguments | holds if |", "|---|---|---|"]
    for name, (check, _) in sorted(CHECKS.items()):
        given = inspect.signature(check).parameters.values()
        arguments = ", ".join(
            f"`{each.name}`" if each.default is each.empty else f"`{each.name}` [{each.default}]"
            for each in given
            if each.name not in GIVEN
        )
        text = " ".join(str(inspect.getdoc(check)).partition("\n\n")[0].split())
        rows.append(f"| `{name}` | {arguments} | {text} |")
    yield "\n".join(rows)


def _recipes() -> Iterator[str]:
    yield "## Recipes"
    yield (
        "What the parameters of the methods are made of, in `claims.yaml` and under `grid`. A "
        "column is one of the nearest table around it. `where` maps columns to a value, to a list "
        "of values, or to `min`, `max` (both included) and `not`."
    )
    for name, kind in recipes(schema()["$defs"]).items():
        yield f"### {name}"
        yield str(kind.get("description", ""))
        yield _table(kind)


def recipes(kinds: Mapping[str, Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """Those of the kinds of a JSON Schema of claims that are recipes, by name."""
    own = {name for name, kind in vars(forms).items() if inspect.isclass(kind)}
    return {
        name: kind
        for name, kind in kinds.items()
        if kind.get("properties")
        and not re.search(r"_grid$|^Range$", name)
        and name not in own
        and name not in METHODS
    }
