"""What every connector is, and which there are by name."""

import importlib
from collections.abc import Iterator, Mapping
from typing import Any, Protocol, cast

import pandas as pd

from analysis.errors import DataError, suggest

NAMES = (
    "bulletins",
    "census",
    "customs",
    "delimited",
    "grid",
    "partners",
    "rdata",
    "sdmx",
    "stata",
    "workbook",
    "worldbank",
)


class Connector(Protocol):
    """A module of this package: it reads bytes, never a network, a clock or the audit's folder."""

    def read(self, raw: bytes, options: Mapping[str, Any]) -> pd.DataFrame:
        """The tidy rows in the file's order, with the pinned columns that `options` name.

        Whole numbers are int, others float, all else text; an empty cell is None. Raises DataError
        where the file is not as the options say.
        """


class _Registry(Mapping[str, Connector]):
    """Connectors that are imported when they are asked for: each brings another library."""

    def __getitem__(self, name: str) -> Connector:
        if name not in NAMES:
            raise KeyError(name)
        return cast("Connector", importlib.import_module(f"{__package__}.{name}"))

    def __iter__(self) -> Iterator[str]:
        return iter(NAMES)

    def __len__(self) -> int:
        return len(NAMES)


CONNECTORS: Mapping[str, Connector] = _Registry()


def connector(name: str) -> Connector:
    """The connector of that name; raises DataError with the nearest names."""
    try:
        return CONNECTORS[name]
    except KeyError:
        hint = suggest(name, NAMES) or f": there are {', '.join(NAMES)}"
        raise DataError(f"there is no connector '{name}'{hint}") from None
