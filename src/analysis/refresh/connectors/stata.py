"""A Stata data set, such as the ideal points of states in the General Assembly."""

import io
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.refresh.connectors.errors import fault
from analysis.refresh.connectors.layout import Layout, read_options
from analysis.refresh.connectors.parsing import Single, whole_text
from analysis.refresh.connectors.tidy import tidy

_FILE_START, _FILE_END = b"<stata_dta>", b"</stata_dta>"  # of version 117 and later


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The layouts of the variables."""

    layouts: tuple[Layout, ...]


def read(raw: bytes, options: Mapping[str, Any]) -> pd.DataFrame:
    """The tidy rows of a data set; `row N` counts its observations from 1."""
    given = read_options(Options, options)
    if raw.startswith(_FILE_START) and not raw.rstrip().endswith(_FILE_END):
        raise fault("the file", expected="a whole Stata data set", found=f"no {_FILE_END.decode()}")
    try:
        with warnings.catch_warnings(action="error"):  # text that is not what the header says
            frame = pd.read_stata(io.BytesIO(raw), convert_categoricals=False)
    except Exception as error:  # the reader unpacks and looks up without asking
        raise fault("the file", expected="a whole Stata data set", found=str(error)) from error
    frame = _as_written(frame)
    return tidy(frame.set_axis(range(1, len(frame) + 1)), given.layouts)


def _as_written(frame: pd.DataFrame) -> pd.DataFrame:
    """Cells as their decimals were written: a float of four bytes is no double with noise."""
    columns = {name: _column_as_written(frame[name]) for name in frame}
    return pd.DataFrame(columns, index=frame.index, dtype=object)


def _column_as_written(column: pd.Series) -> pd.Series:
    """The cells, which know whether they have been floats of four bytes; whole ones as int."""
    kind = Single if column.dtype == np.float32 else _unchanged
    cells = [whole_text(kind(cell)) for cell in column.astype(object)]
    return pd.Series(cells, index=column.index, dtype=object)


def _unchanged(cell: Any) -> Any:
    return cell
