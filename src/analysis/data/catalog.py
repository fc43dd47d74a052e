"""What each table is: its row, columns, terms, dates and checks, read from data/catalog.yaml.

Light on purpose: planning and hashing read the catalog without importing pandas.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Literal

from analysis.data.loading import GIVEN_NAME, LINE, Checked, Misfit, form, load
from analysis.data.periods import Frequency
from analysis.data.type_check import adapter
from analysis.errors import DataError, UnknownTableError, suggest
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
class Vintage(Checked):
    """When a row became public: by its own column, else by its source.

    `lag_days` says that the series appears regularly, so many days after each period.
    `replaced` is a column of the days from which a later edition of the row's text holds. With
    `editions`, rows that differ only in `column` and source are editions of one observation.
    """

    column: str | None = None
    replaced: str | None = None
    source: Literal["published"] | None = None
    lag_days: int | None = None
    editions: bool = False

    def _misfits(self) -> Iterator[Misfit]:
        if self.editions and not self.column:
            yield Misfit("editions need the 'column' of the day each came out", "editions")
        if self.column and self.source:
            yield Misfit(
                "give 'column' or 'source', not both: an empty cell falls back to the source"
            )
        if self.lag_days is not None and self.lag_days < 0:
            yield Misfit("a lag cannot be negative", "lag_days")


@dataclass(frozen=True, slots=True, kw_only=True)
class Family(Checked):
    """Who first produced a row's number, where that is not the source: from a column's values."""

    column: str
    map: Mapping[str, str]

    def _misfits(self) -> Iterator[Misfit]:
        for value, family in self.map.items():
            if not SLUG.fullmatch(family):
                yield Misfit(f"'{family}': {SLUG_FORM}", "map", value)


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
class ColumnInfo(Checked):
    """What a column holds and may hold."""

    type: Type
    meaning: str
    unit: str | None = None
    values: tuple[str, ...] = ()
    nullable: bool = False
    minimum: float | None = None
    maximum: float | None = None

    def _misfits(self) -> Iterator[Misfit]:
        if self.type == "number" and not self.unit:
            yield Misfit("a number needs a 'unit'")
        if (self.type == "category") != bool(self.values):
            yield Misfit("'values' and the type 'category' go together")
        ranged = self.minimum is not None or self.maximum is not None
        if ranged and self.type not in ("number", "integer", "year"):
            yield Misfit(f"a column of type '{self.type}' has no minimum or maximum")


@dataclass(frozen=True, slots=True, kw_only=True)
class TableInfo(Checked):
    """One table's entry; `name` is `<topic>/<table>`, `line` the entry's line in the catalog.

    `revised` is how far a later edition may move a value: `never`, or a percentage as `2 %`.
    """

    name: str = field(metadata=GIVEN_NAME)
    line: int = field(metadata=LINE)
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

    def _misfits(self) -> Iterator[Misfit]:
        if len(self.title) >= TITLE_LENGTH:
            yield Misfit(f"{len(self.title)} characters: keep it under {TITLE_LENGTH}", "title")
        if self.revised and not _REVISED.fullmatch(self.revised):
            yield Misfit(f"'{self.revised}': expected never, or a percentage as 2 %", "revised")
        yield from self._unfit_columns()
        for place, column in self._named_columns():
            if column not in self.columns:
                yield Misfit(f"no column '{column}'{suggest(column, self.columns)}", *place)
        yield from self._idle_families()

    def _unfit_columns(self) -> Iterator[Misfit]:
        own = {"family"} | ({"public_on"} if self.vintage.column == "public_on" else set())
        for column in self.columns:
            if not _COLUMN.fullmatch(column):
                yield Misfit("column names are in snake_case", "columns", column)
            elif column in DERIVED and column not in own:
                yield Misfit(
                    f"'{column}' is added by the library: name it otherwise", "columns", column
                )
        if "source_id" not in self.columns or self.columns["source_id"].type != "source":
            yield Misfit("every table has a column 'source_id' of type 'source'", "columns")
        elif self.columns["source_id"].nullable:
            yield Misfit("each row needs its source", "columns", "source_id")

    def _idle_families(self) -> Iterator[Misfit]:
        """A map that names a value the column cannot have would silently do nothing."""
        column = self.columns.get(self.family.column) if self.family else None
        if self.family and column and (known := column.values):
            for value in self.family.map:
                if value not in known:
                    hint = suggest(value, known)
                    yield Misfit(
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

    name: str = field(metadata=GIVEN_NAME)
    line: int = field(metadata=LINE)
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
class Catalog(Checked):
    """All tables and map layers of an audit by name; no name is both."""

    tables: Mapping[str, TableInfo]
    layers: Mapping[str, LayerInfo] = field(default_factory=dict)

    @classmethod
    def read(cls, project: Project, only: Collection[str] | None = None) -> "Catalog":
        """The catalog of this audit, or its entries of the names in `only`, which is much faster.

        Raises one DataError for all entries that cannot be meant.
        """
        tables, layers, marks = read_plain(project, only)
        if only is not None and not set(only) <= {*tables, *layers}:
            return cls.read(project)  # whose messages know all names
        return load(cls, {"tables": tables, "layers": layers}, marks)

    def _misfits(self) -> Iterator[Misfit]:
        for part, names in (("tables", self.tables), ("layers", self.layers)):
            for name in names:
                if not _NAME.fullmatch(name):
                    message = f"'{name}' is not a name of data: expected <topic>/<name>"
                    yield Misfit(message, part, name)
                elif part == "layers" and name in self.tables:
                    yield Misfit(f"'{name}' is a table too", part, name)

    def __getitem__(self, name: str) -> TableInfo:
        if name not in self.tables:
            raise UnknownTableError(f"no table '{name}'{suggest(name, self.tables)}", file=_FILE)
        return self.tables[name]

    @property
    def entries(self) -> tuple[TableInfo | LayerInfo, ...]:
        """Everything that has a file and a checksum."""
        return (*self.tables.values(), *self.layers.values())

    def sha256(self, name: str) -> str | None:
        """The checksum of a table or a layer. DataError if there is neither."""
        return self.layers[name].sha256 if name in self.layers else self[name].sha256


def warm_up() -> None:
    """Make the validator of entries, which takes longer than to read one: before a fork."""
    adapter(form(Catalog))


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
