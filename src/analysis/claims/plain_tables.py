"""The tables of an audit as plain texts, for checks that run before anything is loaded."""

from __future__ import annotations

import csv
from collections.abc import Collection, Mapping, Sequence
from functools import cache, cached_property
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from analysis import yamlfile
from analysis.claims.conditions import meets
from analysis.data.catalog import DERIVED, read_plain
from analysis.data.editions import original

if TYPE_CHECKING:
    from analysis.project import Project


class Tables:
    """The tables of an audit as plain texts, read when asked for and with their corrections."""

    def __init__(self, project: Project, expected: Collection[str] = ()) -> None:
        self._project = project
        self._expected = expected  # whose entries are read at once
        self.cells = cache(self._cells)
        self.columns = cache(self._columns)
        self.entry = cache(self._catalogued)
        self._index = cache(self._indexed)
        self._places: dict[tuple[str, str, str], frozenset[int]] = {}

    @cached_property
    def names(self) -> list[str]:
        """All tables that have a file."""
        data = self._project.data
        return sorted(str(path.relative_to(data).with_suffix("")) for path in data.glob("*/*.csv"))

    def _cells(self, name: str) -> dict[str, list[str]]:
        """The texts of each column of a table, without the records that a correction drops."""
        with (self._project.data / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            header, *records = filter(None, csv.reader(file))
        # by column, for most of the records are never asked for
        columns = zip_longest(*records, fillvalue="") if records else [()] * len(header)
        cells = {name: list(texts) for name, texts in zip(header, columns, strict=False)}
        for each in self._corrections:
            if each["table"] == name and each["action"] != "flag":
                meant = _described(cells, each["where"])
                for place in meant if each["action"] == "set" else ():
                    cells[each["column"]][place] = str(each.get("value", ""))
                for texts in cells.values() if each["action"] == "drop" else ():
                    texts[:] = [text for at, text in enumerate(texts) if at not in meant]
        return cells

    def _columns(self, name: str) -> Mapping[str, frozenset[str]] | None:
        """The columns of a table with their distinct texts; None if there is no such table."""
        if not (self._project.data / f"{name}.csv").is_file():
            return None
        found = {column: frozenset(texts) for column, texts in self.cells(name).items()}
        return {**dict.fromkeys(DERIVED, frozenset()), **found}

    def meeting(self, name: str, where: Mapping[str, Any]) -> list[dict[str, str]]:
        """The records of a table that meet all conditions, as in `query.select`.

        Conditions on columns that loading adds are left out.
        """
        cells = self.cells(name)
        met = [self._meeting(name, key, each) for key, each in where.items() if key in cells]
        places = sorted(frozenset.intersection(*met)) if met else range(len(cells["source_id"]))
        return [{column: texts[place] for column, texts in cells.items()} for place in places]

    def _meeting(self, name: str, column: str, wanted: Any) -> frozenset[int]:
        """The places of the records that meet a condition; each distinct text is read once."""
        key = name, column, repr(wanted)
        if key not in self._places:
            texts = self._index(name, column)
            met = (at for text, at in texts.items() if meets({column: text}, column, wanted))
            self._places[key] = frozenset(place for places in met for place in places)
        return self._places[key]

    def _indexed(self, name: str, column: str) -> dict[str, list[int]]:
        """The places of the records with each text of a column."""
        found: dict[str, list[int]] = {}
        for place, text in enumerate(self.cells(name)[column]):
            found.setdefault(text, []).append(place)
        return found

    def has_editions(self, name: str) -> bool:
        """Whether the catalog declares that records of the table are editions of one another."""
        return bool(self.entry(name).get("vintage", {}).get("editions"))

    def observation(self, name: str, row: Mapping[str, str]) -> tuple[str, ...]:
        """What the editions of a record have in common; all of it where none are declared."""
        if not self.has_editions(name):
            return tuple(row.values())
        entry = self.entry(name)
        own = {"source_id", entry["vintage"]["column"]}
        key = (row[column] for column in entry["key"] if column not in own)
        return (self.family(name, row), *key)

    def family(self, name: str, row: Mapping[str, str]) -> str:
        """The family of a record: by the table's own column or map, else by its source."""
        entry = self.entry(name).get("family")
        mapped = entry["map"].get(row[entry["column"]]) if entry else None
        return mapped or row.get("family") or self._families.get(original(row["source_id"]), "")

    @cached_property
    def _families(self) -> dict[str, str]:
        with self._project.sources.open(encoding="utf-8", newline="") as file:
            return {row["source_id"]: row["family"] for row in csv.DictReader(file)}

    def _catalogued(self, name: str) -> Mapping[str, Any]:
        """What the catalog says of a table; nothing if it does not have it."""
        entries = self._entries if name in self._expected else read_plain(self._project, {name})[0]
        entry: Mapping[str, Any] = entries.get(name, {})
        return entry

    @cached_property
    def _entries(self) -> Mapping[str, Any]:
        return read_plain(self._project, self._expected)[0]

    @cached_property
    def _corrections(self) -> Sequence[Mapping[str, Any]]:
        path = self._project.corrections
        return (yamlfile.read(path)[0] or ()) if path.exists() else ()


def _described(cells: Mapping[str, Sequence[str]], where: Mapping[str, Any]) -> frozenset[int]:
    """The places of the records that a correction means; None there is an empty cell."""
    wanted = {key: "" if each is None else str(each) for key, each in where.items()}
    met = [
        frozenset(place for place, text in enumerate(cells.get(key, ())) if text == each)
        for key, each in wanted.items()
    ]
    return frozenset.intersection(*met)
