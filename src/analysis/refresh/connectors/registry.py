"""The protocol of a connector, and the connectors by name."""

import importlib
from collections.abc import Iterator, Mapping
from typing import Any, Protocol, cast

import pandas as pd

from analysis.errors import DataError, suggest

MODULES = {  # by the name in data/connectors.yaml
    "bulletins": "bulletins",
    "census": "census",
    "customs": "minguo_customs",
    "delimited": "delimited",
    "grid": "wide",
    "partners": "dots",
    "rdata": "rdata",
    "sdmx": "sdmx",
    "stata": "stata",
    "workbook": "workbook",
    "worldbank": "worldbank",
}


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
        return cast("Connector", importlib.import_module(f"{__package__}.{MODULES[name]}"))

    def __iter__(self) -> Iterator[str]:
        return iter(MODULES)

    def __len__(self) -> int:
        return len(MODULES)


CONNECTORS: Mapping[str, Connector] = _Registry()


def connector(name: str) -> Connector:
    """The connector of that name; raises DataError with the nearest names."""
    try:
        return CONNECTORS[name]
    except KeyError:
        raise DataError(unknown(name)) from None


def unknown(name: str) -> str:
    """That there is no connector of this name, and which there are."""
    hint = suggest(name, MODULES) or f": there are {', '.join(MODULES)}"
    return f"there is no connector '{name}'{hint}"
