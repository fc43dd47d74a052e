"""Earlier states of tables that were replaced: data/vintages.yaml and the files that it names."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import yaml

from analysis.data.loading import load
from analysis.errors import DataError, suggest
from analysis.project import Project
from analysis.yamlfile import read

FILE = "data/vintages.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One earlier state of a table; `replaced` is the day on which another took its place."""

    sha256: str
    replaced: str
    why: str
    rows: int

    @property
    def label(self) -> str:
        """How it is asked for: the day and the start of the hash."""
        return f"{self.replaced}-{self.sha256[:8]}"

    def place(self, table: str) -> str:
        """Its name as a table of its own, which citations of its rows carry."""
        return f"vintages/{table}/{self.label}"

    def file(self, table: str) -> str:
        """Where its bytes lie, from the audit's root."""
        return f"data/{self.place(table)}.csv"


Ledger = Mapping[str, tuple[Kept, ...]]


def read_ledger(project: Project) -> Ledger:
    """The kept states of each table, oldest first; empty before the first. Raises DataError."""
    path = project.root / FILE
    if not path.exists():
        return {}
    value, marks = read(path, shown=FILE, error=DataError)
    return load(dict[str, tuple[Kept, ...]], value, marks)


def dump_ledger(ledger: Mapping[str, Sequence[Kept]]) -> str:
    """The ledger's text, tables by name."""
    plain: dict[str, Any] = {name: [asdict(each) for each in ledger[name]] for name in ledger}
    text: str = yaml.safe_dump(plain, allow_unicode=True, width=100)
    return text


def added(ledger: Ledger, table: str, kept: Kept) -> Ledger:
    """The ledger with one more state of a table, once: the same bytes on one day are one state."""
    before = tuple(each for each in ledger.get(table, ()) if each.label != kept.label)
    return {**ledger, table: (*before, kept)}


def find(ledger: Ledger, table: str, label: str | None = None) -> Kept:
    """The state with this label, or the youngest. DataError names those that there are."""
    states = ledger.get(table, ())
    if not states:
        raise DataError(f"no earlier state of '{table}' is kept", file=FILE)
    if label is None:
        return states[-1]
    for each in states:
        if each.label == label:
            return each
    labels = [each.label for each in states]
    message = (
        f"'{table}' has no state '{label}'{suggest(label, labels)}: kept are {', '.join(labels)}"
    )
    raise DataError(message, file=FILE)
