"""What the cells of an unknown table may be: the type of each column, the key, the time.

A guess from the texts alone, for a person to look at: nothing here is read from a catalog.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

from analysis.data.catalog import ColumnInfo, Type
from analysis.data.csvfile import convert

# In this order: a text that has the form of several types is taken for the first of them.
_TYPES: tuple[Type, ...] = (
    "boolean", "year", "integer", "number", "date", "month", "quarter", "partial_date", "period",
)  # fmt: skip
_YEARS = range(1500, 2201)  # four digits outside of these are a count, not a year
MOST_VALUES = 20  # of a column that is taken for a category
CODE = re.compile(r"[A-Z0-9][A-Z0-9._-]*")
MEASURES = frozenset({"integer", "number"})  # what a row measures identifies no row
FREQUENCIES = {"date": "day", "month": "month", "quarter": "quarter", "year": "year"}


def column_type(texts: Sequence[str]) -> Type:
    """The narrowest type that all cells have, empty ones aside.

    >>> column_type(["2001", "2002"]), column_type(["3", "41"]), column_type(["3.5", "", "4"])
    ('year', 'integer', 'number')
    >>> column_type(["2024-01", "2024-02"]), column_type(["a", "b", "a", "b"]), column_type(["a"])
    ('month', 'category', 'string')
    """
    known = [text for text in texts if text]
    for kind in _TYPES:
        if known and all(_is(kind, text) for text in known):
            return kind
    values = set(known)
    return "category" if known and len(values) <= min(MOST_VALUES, len(known) / 2) else "string"


def _is(kind: Type, text: str) -> bool:
    try:
        value = convert(text, ColumnInfo(type=kind, meaning="?", unit="?"))
    except ValueError:
        return False
    return kind != "year" or int(value) in _YEARS


def key(columns: Mapping[str, Sequence[str]], types: Mapping[str, Type]) -> tuple[str, ...] | None:
    """The fewest columns, measured ones aside, whose values no two rows share.

    Codes come before names, which differ between editions of a table. Where there is no such
    choice, measured columns are taken too; None if two rows are the same.

    >>> key({"year": ["1", "1", "2"], "iso": ["A", "B", "A"], "x": ["1", "2", "3"]},
    ...     {"year": "year", "iso": "string", "x": "number"})
    ('year', 'iso')
    >>> key({"name": ["Nor Land", "Sud"], "iso3": ["NOR", "SUD"]},
    ...     {"name": "string", "iso3": "string"})
    ('iso3',)
    """
    codes_first = sorted(columns, key=lambda name: not all(map(CODE.fullmatch, columns[name])))
    named = [name for name in codes_first if types[name] not in MEASURES]
    for names in (named, codes_first):
        for size in range(1, len(names) + 1):
            for chosen in combinations(names, size):
                if _unique(zip(*(columns[name] for name in chosen), strict=True)):
                    return tuple(name for name in columns if name in chosen)
    return None


def _unique(rows: Iterable[tuple[str, ...]]) -> bool:
    seen: set[tuple[str, ...]] = set()
    for row in rows:
        if row in seen:
            return False
        seen.add(row)
    return True


def time(types: Mapping[str, Type]) -> tuple[str, str] | None:
    """The first column that dates the rows, and how long a period it names.

    >>> time({"iso": "string", "year": "year"})
    ('year', 'year')
    """
    dated = ((name, FREQUENCIES[kind]) for name, kind in types.items() if kind in FREQUENCIES)
    return next(dated, None)
