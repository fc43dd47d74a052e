"""A data message of SDMX-ML, such as the International Monetary Fund's API answers with."""

import contextlib
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
import sdmx  # the library: this module is analysis.refresh.connectors.sdmx
from sdmx.message import DataMessage

from analysis.refresh.connectors.errors import fault, listed
from analysis.refresh.connectors.layout import Layout, read_options
from analysis.refresh.connectors.tidy import tidy

_ALL_ATTRIBUTES = "osgd"  # attributes of observations, series, groups and the data set


# Version 3.0 may name a dataflow where 2.1 had a structure; the reader knows only the other word.
_DATAFLOW_STRUCTURE = re.compile(
    rb"<((?:[\w.-]+:)?)Structure>(\s*urn:[^<]*\.Dataflow=[^<]*)</\1Structure\s*>"
)
_STRUCTURE_USAGE = rb"<\1StructureUsage>\2</\1StructureUsage>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Layouts see the dimensions and attributes by their ids, and `value`."""

    layouts: tuple[Layout, ...]
    attributes: Mapping[str, str] = field(default_factory=dict)  # such as UNIT_MULT: "6"


def read(raw: bytes, options: Mapping[str, Any]) -> pd.DataFrame:
    """The tidy observations of all data sets of a message."""
    given = read_options(Options, options)
    frame = _observations(raw)
    for name, word in given.attributes.items():
        found = set(frame[name].astype(str)) if name in frame else set()
        if found != {word}:
            raise fault(f"attribute {name}", expected=repr(word), found=listed(sorted(found)))
    return tidy(frame.set_axis(range(1, len(frame) + 1)), given.layouts)


def _observations(raw: bytes) -> pd.DataFrame:
    try:
        with contextlib.redirect_stdout(io.StringIO()):  # where the reader prints its state
            message = sdmx.read_sdmx(io.BytesIO(_DATAFLOW_STRUCTURE.sub(_STRUCTURE_USAGE, raw)))
        data = message.data if isinstance(message, DataMessage) else ()
        sets = [sdmx.to_pandas(part, attributes=_ALL_ATTRIBUTES) for part in data]
    except Exception as error:  # the reader raises whatever lxml and its models do
        raise fault("the file", expected="an SDMX data message", found=str(error)[:120]) from error
    if not any(len(data) for data in sets):
        raise fault("the file", expected="observations", found="none")
    return pd.concat([data.reset_index() for data in sets]).astype(object)
