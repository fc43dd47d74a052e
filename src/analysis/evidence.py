"""What a claim may read: a few tables, cut by date or by who produced the numbers."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

from analysis.errors import DataError, suggest
from analysis.project import Project
from analysis.tables import Archive, Table


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Evidence:
    """Tables by name. Cutting gives another Evidence and leaves this one as it is.

    Frames are shared between the cuts; pandas copies on write, so changing one changes no other.
    """

    tables: Mapping[str, Table]

    def __getitem__(self, name: str) -> pd.DataFrame:
        return self.table(name).frame

    def __iter__(self) -> Iterator[str]:
        return iter(self.tables)

    def __contains__(self, name: object) -> bool:
        return name in self.tables

    def table(self, name: str) -> Table:
        """The table with its entry and its dropped rows. DataError if it is not among these."""
        if name not in self.tables:
            names = ", ".join(sorted(self.tables))
            hint = suggest(name, self.tables)
            raise DataError(
                f"table '{name}' is not declared{hint}; this claim may read only: {names}"
            )
        return self.tables[name]

    def at(self, cutoff: date | None) -> "Evidence":
        """What was public by the cutoff; None is the latest, that is everything.

        See `tables.public_by` for the rule. Rows that stand in for an earlier edition have
        `later_edition` set. Cuts only narrow: `at(None)` does not undo an earlier one.
        """
        if cutoff is None:
            return self
        return Evidence(tables={name: table.at(cutoff) for name, table in self.tables.items()})

    def without(self, family: str) -> "Evidence":
        """Everything but the rows of this family, in every table."""
        return Evidence(tables={name: table.without(family) for name, table in self.tables.items()})

    def families(self) -> tuple[str, ...]:
        """Who produced the rows that are left, in alphabetical order."""
        found = {
            family for table in self.tables.values() for family in table.frame["family"].unique()
        }
        return tuple(sorted(found))


def load_evidence(
    project: Project, names: Iterable[str], *, archive: Archive | None = None
) -> Evidence:
    """The named tables; give the `archive` where it is already read, for instance in a loop."""
    archive = archive or Archive.read(project)
    return Evidence(tables={name: archive.load(name) for name in names})
