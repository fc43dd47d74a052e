"""Evidence made of frames in memory, for methods, which never see a file."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pandas as pd

from analysis.data.catalog import Vintage

INFO = {"breaks": (), "vintage": Vintage(), "key": (), "columns": {}}  # of a table in the catalog
PROVENANCE = {"grade": 4, "later_edition": False, "public_on": "2024-01-01"}


def frame(rows: list[dict]) -> pd.DataFrame:
    """Rows with the columns that loading adds; a row's family is its source unless it says so."""
    filled = [
        {"row": line, "source_id": "s", **PROVENANCE, **row} for line, row in enumerate(rows, 2)
    ]
    table = pd.DataFrame(filled)
    if "family" not in table:
        table["family"] = table["source_id"]
    return table


class Frames(dict):
    """Frames by table name, cut like evidence."""

    def table(self, name: str) -> SimpleNamespace:
        """The table as loading gives it; no practice ever changed in it."""
        return SimpleNamespace(frame=self[name], info=SimpleNamespace(**INFO))

    def as_of(self, cutoff: date | None) -> Frames:
        day = cutoff.isoformat() if cutoff else "9999"
        return Frames({name: table[table["public_on"] <= day] for name, table in self.items()})

    def drop_family(self, family: str) -> Frames:
        return Frames({name: table[table["family"] != family] for name, table in self.items()})
