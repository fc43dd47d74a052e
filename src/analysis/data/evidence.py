"""What a claim may read: a few tables and map layers, cut by date or by who made the numbers."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from typing import Any

import pandas as pd

from analysis.data.tables import Archive, Table
from analysis.display_hook import as_html, brief
from analysis.errors import DataError, ParameterError, suggest
from analysis.project import Project


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, weakref_slot=True)
class Evidence(Mapping[str, pd.DataFrame]):
    """A mapping of DataFrames by table name, with map layers beside it.

    Cutting gives another Evidence and leaves this one as it is.

    Layers have no dates and no families: no cut touches them. Frames are shared between the cuts;
    pandas copies on write, so changing one changes no other.
    """

    tables: Mapping[str, Table]
    layers: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    __repr__ = brief
    _repr_html_ = as_html
    __eq__ = object.__eq__  # a comparison of frames would be no truth value
    __hash__ = object.__hash__

    def __getitem__(self, name: str) -> pd.DataFrame:
        return self.table(name).frame

    def __iter__(self) -> Iterator[str]:
        return iter(self.tables)

    def __len__(self) -> int:
        return len(self.tables)

    def __contains__(self, name: object) -> bool:
        return name in self.tables

    def table(self, name: str) -> Table:
        """The table with its entry and its dropped rows. DataError if it is not among these."""
        if name not in self.tables:
            raise _undeclared("table", name, self.tables)
        return self.tables[name]

    def layer(self, name: str) -> Mapping[str, Any]:
        """The GeoJSON feature collection of a map layer. DataError if it is not among these."""
        if name not in self.layers:
            raise _undeclared("map layer", name, self.layers)
        return self.layers[name]

    def as_of(self, cutoff: date | None) -> "Evidence":
        """What was public by the cutoff; None is the latest.

        See `tables.public_by` for the rule. Rows that stand in for an earlier edition have
        `later_edition` set. A text that a later edition of the same text had replaced by then is
        left out. Cuts only narrow: `as_of(None)` does not undo an earlier one. A cut of the latest
        is the same as one of all evidence.
        """
        if cutoff is not None and not isinstance(cutoff, date):
            message = (
                f"expected a day, e.g. date(2024, 1, 31), or None for the latest; found {cutoff!r}"
            )
            raise ParameterError(message)
        tables = {name: each.as_of(cutoff) for name, each in self.tables.items()}
        return replace(self, tables=tables)

    def drop_family(self, family: str) -> "Evidence":
        """Everything but the rows of this family, in every table."""
        tables = {name: each.drop_family(family) for name, each in self.tables.items()}
        return replace(self, tables=tables)

    def revision(self, table: str) -> float | None:
        """How far a later edition of this table may move a value, as a fraction of it.

        For a cited row: `evidence.revision(citation.table)`. 0 where nothing is ever revised, None
        where the catalog declares no size. DataError if the table is not among these.
        """
        revised = self.table(table).info.revised
        if revised is None:
            return None
        return 0.0 if revised == "never" else float(revised.rstrip(" %")) / 100

    def families(self) -> tuple[str, ...]:
        """Who produced the rows that are left, in alphabetical order."""
        found = {
            family for table in self.tables.values() for family in table.frame["family"].unique()
        }
        return tuple(sorted(found))


def load_evidence(
    project: Project, names: Collection[str], *, archive: Archive | None = None
) -> Evidence:
    """The named tables and layers; give the `archive` where it is already read, as in a loop.

    The last one that was read is given again as long as its files are as they were.
    """
    if isinstance(names, str):  # its letters would be taken for names
        raise ParameterError(f"expected a list of tables, found {names!r}: write [{names!r}]")
    if archive is None:
        return _read(project, tuple(names), _stamps(project, names))
    return _of(archive, names)


@lru_cache(maxsize=1)  # a notebook asks twice in a row: for a vintage, and for everything
def _read(project: Project, names: tuple[str, ...], stamps: object) -> Evidence:  # noqa: ARG001
    return _of(Archive.read(project, names), names)


def _stamps(project: Project, names: Collection[str]) -> tuple[tuple[int, int], ...]:
    """Times and sizes of every file that these tables are read from."""
    files = [project.catalog, project.sources, project.corrections]
    files += [project.data / f"{name}{end}" for name in names for end in (".csv", ".geojson")]
    stats = [path.stat() for path in files if path.exists()]
    return tuple((stat.st_mtime_ns, stat.st_size) for stat in stats)


def _of(archive: Archive, names: Collection[str]) -> Evidence:
    layers = {name for name in names if name in archive.catalog.layers}
    return Evidence(
        tables={name: archive.load(name) for name in names if name not in layers},
        layers={name: archive.layer(name) for name in sorted(layers)},
    )


def _undeclared(kind: str, name: str, known: Iterable[str]) -> DataError:
    names = ", ".join(sorted(known)) or f"no {kind}"
    hint = suggest(name, known)
    return DataError(f"{kind} '{name}' is not declared{hint}; this claim may read only: {names}")
