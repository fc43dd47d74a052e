"""What each table is: its row, columns, terms, dates and checks, read from data/catalog.yaml.

Light on purpose: planning and hashing read the catalog without importing pandas.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Literal, TypeVar

from analysis.data.loading import Misfit, shape
from analysis.data.periods import Frequency
from analysis.errors import DataError, suggest
from analysis.project import Project
from analysis.yamlfile import Marks, read

Type = Literal[
    "string", "category", "integer", "number", "boolean", "source",
    "date", "month", "quarter", "year", "partial_date", "period",
]  # fmt: skip
Scalar = str | int | float | bool
DERIVED = ("row", "grade", "family", "public_on", "later_edition", "suspect")
_NAME = re.compile(r"[a-z][a-z0-9_]*/[a-z][a-z0-9_]*")
_ENTRY = re.compile(f"  ({_NAME.pattern}):")
_COLUMN = re.compile(r"[a-z][a-z0-9_]*")
SLUG = re.compile("[a-z0-9][a-z0-9_]*")
SLUG_FORM = "expected lower-case letters, digits and underscores"
TITLE_LENGTH = 70
_REVISED = re.compile(r"never|[0-9]+(\.[0-9]+)? %")
_FILE = "data/catalog.yaml"
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Licence:
    """The terms under which a table may be passed on."""

    terms: str
    commercial: bool | Literal["unstated"]
    cap: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Time:
    """The column that dates the observation, and how long a period it names."""

    column: str
    frequency: Frequency


@dataclass(frozen=True, slots=True, kw_only=True)
class Vintage:
    """When a row became public: by its own column, else by its source.

    `lag_days` says that the series appears regularly, so many days after each period.
    `replaced` is a column of the days from which a later edition of the row's text holds.
    """

    column: str | None = None
    replaced: str | None = None
    source: Literal["published"] | None = None
    lag_days: int | None = None

    def __post_init__(self) -> None:
        if self.column and self.source:
            raise Misfit(
                "give 'column' or 'source', not both: an empty cell falls back to the source"
            )
        if self.lag_days is not None and self.lag_days < 0:
            raise Misfit("a lag cannot be negative", "lag_days")


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """Who first produced a row's number, where that is not the source: from a column's values."""

    column: str
    map: Mapping[str, str]

    def __post_init__(self) -> None:
        for value, family in self.map.items():
            if not SLUG.fullmatch(family):
                raise Misfit(f"'{family}': {SLUG_FORM}", "map", value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """A change of practice or definition inside the series."""

    at: str | int
    what: str
    source_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Periods, both ends included, that are known to be missing."""

    start: str | int = field(metadata={"key": "from"})
    end: str | int = field(metadata={"key": "to"})
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnInfo:
    """What a column holds and may hold."""

    type: Type
    meaning: str
    unit: str | None = None
    values: tuple[str, ...] = ()
    nullable: bool = False
    minimum: float | None = None
    maximum: float | None = None

    def __post_init__(self) -> None:
        if self.type == "number" and not self.unit:
            raise Misfit("a number needs a 'unit'")
        if (self.type == "category") != bool(self.values):
            raise Misfit("'values' and the type 'category' go together")
        ranged = self.minimum is not None or self.maximum is not None
        if ranged and self.type not in ("number", "integer", "year"):
            raise Misfit(f"a column of type '{self.type}' has no minimum or maximum")


@dataclass(frozen=True, slots=True, kw_only=True)
class TableInfo:
    """One table's entry; `name` is `<topic>/<table>`, `line` the entry's line in the catalog.

    `revised` is how far a later edition may move a value: `never`, or a percentage as `2 %`.
    """

    name: str
    line: int
    title: str
    description: str
    row: str
    licence: Licence
    key: tuple[str, ...]
    columns: Mapping[str, ColumnInfo]
    time: Time | None = None
    vintage: Vintage = Vintage(source="published")
    revised: str | None = None
    family: Family | None = None
    breaks: tuple[Break, ...] = ()
    gaps: tuple[Gap, ...] = ()
    checks: tuple[Mapping[str, Mapping[str, object]], ...] = ()
    sha256: str | None = None
    rows: int | None = None
    span: tuple[str | int, ...] = ()

    @property
    def file(self) -> str:
        """The table's file as messages name it."""
        return f"data/{self.name}.csv"

    def __post_init__(self) -> None:
        if len(self.title) >= TITLE_LENGTH:
            raise Misfit(f"{len(self.title)} characters: keep it under {TITLE_LENGTH}", "title")
        if self.revised and not _REVISED.fullmatch(self.revised):
            raise Misfit(f"'{self.revised}': expected never, or a percentage as 2 %", "revised")
        self._check_columns()
        for place, column in self._named_columns():
            if column not in self.columns:
                raise Misfit(f"no column '{column}'{suggest(column, self.columns)}", *place)
        self._check_family()

    def _check_columns(self) -> None:
        own = {"family"} | ({"public_on"} if self.vintage.column == "public_on" else set())
        for column in self.columns:
            if not _COLUMN.fullmatch(column):
                raise Misfit("column names are in snake_case", "columns", column)
            if column in DERIVED and column not in own:
                raise Misfit(
                    f"'{column}' is added by the library: name it otherwise", "columns", column
                )
        if "source_id" not in self.columns or self.columns["source_id"].type != "source":
            raise Misfit("every table has a column 'source_id' of type 'source'", "columns")
        if self.columns["source_id"].nullable:
            raise Misfit("each row needs its source", "columns", "source_id")

    def _check_family(self) -> None:
        """A map that names a value the column cannot have would silently do nothing."""
        if self.family and (known := self.columns[self.family.column].values):
            for value in self.family.map:
                if value not in known:
                    hint = suggest(value, known)
                    raise Misfit(
                        f"'{value}' is no value of the column{hint}", "family", "map", value
                    )

    def _named_columns(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """Each column that another part of the entry names, with the place that names it."""
        yield from ((("key", index), column) for index, column in enumerate(self.key))
        for part in ("time", "vintage", "family"):
            if (named := getattr(self, part)) is not None and named.column:
                yield (part, "column"), named.column
        if self.vintage.replaced:
            yield ("vintage", "replaced"), self.vintage.replaced


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerInfo:
    """A map layer, a GeoJSON file: outlines have no rows to cite, but terms and a checksum."""

    name: str
    line: int
    title: str
    description: str
    licence: Licence
    source_ids: tuple[str, ...]
    sha256: str | None = None

    @property
    def file(self) -> str:
        """The layer's file as messages name it."""
        return f"data/{self.name}.geojson"


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalog:
    """All tables and map layers of an audit by name; no name is both."""

    tables: Mapping[str, TableInfo]
    layers: Mapping[str, LayerInfo]

    @classmethod
    def read(cls, project: Project, only: Collection[str] | None = None) -> "Catalog":
        """The catalog of this audit, or its entries of the names in `only`, which is much faster.

        Raises DataError at the first entry that cannot be meant.
        """
        tables, layers, marks = read_plain(project, only)
        if only is not None and not set(only) <= {*tables, *layers}:
            return cls.read(project)  # whose messages know all names
        for name in layers:
            if name in tables:
                raise DataError(f"'{name}' is a table too", **marks.at(("layers", name)))
        return cls(
            tables={
                name: _entry(TableInfo, "tables", name, tables[name], marks) for name in tables
            },
            layers={
                name: _entry(LayerInfo, "layers", name, layers[name], marks) for name in layers
            },
        )

    def __getitem__(self, name: str) -> TableInfo:
        if name not in self.tables:
            raise DataError(f"no table '{name}'{suggest(name, self.tables)}", file=_FILE)
        return self.tables[name]

    @property
    def entries(self) -> tuple[TableInfo | LayerInfo, ...]:
        """Everything that has a file and a checksum."""
        return (*self.tables.values(), *self.layers.values())

    def sha256(self, name: str) -> str | None:
        """The checksum of a table or a layer. DataError if there is neither."""
        return self.layers[name].sha256 if name in self.layers else self[name].sha256


def read_plain(
    project: Project, only: Collection[str] | None = None
) -> tuple[dict[str, Any], dict[str, Any], Marks]:
    """Tables and layers as plain mappings, with marks: for the reader above and for pinning."""
    sift = str if only is None else partial(_sift, names=frozenset(only))
    value, marks = read(project.catalog, shown=_FILE, error=DataError, sift=sift)
    if not isinstance(value, dict) or not {"tables"} <= set(value) <= {"tables", "layers"}:
        raise DataError("expected the keys 'tables' and, if any, 'layers'", **marks.at(()))
    for key, entries in value.items():
        if not isinstance(entries, dict | None):
            raise DataError(f"expected entries by name in '{key}'", **marks.at((key,)))
    return value["tables"] or {}, value.get("layers") or {}, marks


def _sift(text: str, names: Collection[str]) -> str:
    """The text with the entries of all other names blanked, so that lines keep their numbers.

    In a catalog of another layout nothing is blanked, and nothing lost.
    """
    lines, wanted = [], True
    for line in text.split("\n"):
        if found := _ENTRY.fullmatch(line):
            wanted = found[1] in names
        elif line[:1].strip() and line[:1] != "#":
            wanted = True  # a key of the top level
        lines.append(line if wanted else "")
    return "\n".join(lines)


def _entry(cls: type[T], key: str, name: Any, value: Any, marks: Marks) -> T:
    path = (key, name)
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise DataError(
            f"'{name}' is not a name of data: expected <topic>/<name>", **marks.at(path)
        )
    return shape(cls, value, marks, path, name=name, line=marks[path][0])
