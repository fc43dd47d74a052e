"""A data frame in an R data file, such as the Correlates of War ship in packages."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyreadr

from analysis.errors import DataError
from analysis.refresh.connectors.errors import fault, listed
from analysis.refresh.connectors.layout import Layout, read_options
from analysis.refresh.connectors.parsing import whole_text
from analysis.refresh.connectors.tidy import tidy
from analysis.refresh.connectors.unpacking import unpacked

_LIST_END = b"\x00\x00\x00\xfe"  # closes the last list of attributes or of objects


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The object in the file, and the layouts of its columns.

    The one object of an .rds file has no name: leave `frame` out.
    """

    layouts: tuple[Layout, ...]
    frame: str | None = None


def read(raw: bytes, options: Mapping[str, Any]) -> pd.DataFrame:
    """The tidy rows of one data frame; `row N` counts its rows from 1."""
    given = read_options(Options, options)
    frames = _frames(raw)
    if given.frame not in frames:
        raise _missing_object(given.frame, frames)
    frame = frames[given.frame].map(whole_text).astype(object)
    return tidy(frame.set_axis(range(1, len(frame) + 1)), given.layouts)


def _missing_object(name: str | None, frames: Mapping[str | None, pd.DataFrame]) -> DataError:
    if None in frames:
        remedy = "it is an .rds file: leave the option 'frame' out"
        found = "one object without a name"
        return fault("the file", expected=f"an object '{name}'", found=found, remedy=remedy)
    expected = f"an object '{name}'" if name else "one object without a name, as in an .rds file"
    return fault("the file", expected=expected, found=listed(frames))


def _frames(raw: bytes) -> Mapping[str | None, pd.DataFrame]:
    """All data frames; by way of a file, because the reader takes nothing else."""
    try:
        whole = unpacked(raw).endswith(_LIST_END)  # pyreadr accepts a truncated stream
    except ValueError as error:
        raise fault("the file", expected="whole R data", found=str(error)) from error
    if not whole:
        raise fault("the file", expected="whole R data", found="no end of its last list")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "raw.rda")
        path.write_bytes(raw)
        try:
            found: Mapping[str | None, pd.DataFrame] = pyreadr.read_r(path)
        except (pyreadr.LibrdataError, pyreadr.PyreadrError, ValueError) as error:
            raise fault("the file", expected="whole R data", found=str(error)) from error
        return found
