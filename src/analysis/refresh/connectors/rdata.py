"""A data frame in an R data file, such as the Correlates of War ship in packages."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyreadr

from analysis.refresh.connectors.faults import fault, listed
from analysis.refresh.connectors.layout import Layout, read_options
from analysis.refresh.connectors.tidying import tidy
from analysis.refresh.connectors.values import whole_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Which object of the file, and what becomes of its columns."""

    frame: str
    layouts: tuple[Layout, ...]


def read(raw: bytes, options: Mapping[str, Any]) -> pd.DataFrame:
    """The tidy rows of one data frame; `row N` counts its rows from 1."""
    given = read_options(Options, options)
    frames = _frames(raw)
    if given.frame not in frames:
        raise fault("the file", expected=f"an object '{given.frame}'", found=listed(frames))
    frame = frames[given.frame].map(whole_text).astype(object)
    return tidy(frame.set_axis(range(1, len(frame) + 1)), given.layouts)


def _frames(raw: bytes) -> Mapping[str, pd.DataFrame]:
    """All data frames; by way of a file, because the reader takes nothing else."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "raw.rda")
        path.write_bytes(raw)
        try:
            return pyreadr.read_r(path)
        except (pyreadr.LibrdataError, pyreadr.PyreadrError, ValueError) as error:
            raise fault("the file", expected="whole R data", found=str(error)) from error
