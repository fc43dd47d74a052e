"""The connector for any CSV or xlsx with one heading: a map from our columns to its headings."""

import io
from collections.abc import Mapping
from typing import Any

import pandas as pd

from analysis.errors import DataError, suggest

_MARK = b"\xef\xbb\xbf"


def read(raw: bytes, options: Mapping[str, Any]) -> pd.DataFrame:
    """Text cells under our names. Options: `columns`, and `encoding`, `separator`, or `sheet`."""
    columns: Mapping[str, str] = options["columns"]
    frame = _workbook(raw, options) if "sheet" in options else _text(raw, options)
    for heading in columns.values():
        if heading not in frame.columns:
            told = f"no column '{heading}'{suggest(heading, frame.columns)}; there are "
            told += ", ".join(f"'{each}'" for each in frame.columns)
            raise DataError(f"{told}: mend 'columns' in data/connectors.yaml if it was renamed")
    return frame[list(columns.values())].set_axis(list(columns), axis="columns")


def _text(raw: bytes, options: Mapping[str, Any]) -> pd.DataFrame:
    encoding = options.get("encoding", "utf-8")
    if raw.startswith(_MARK) and encoding == "utf-8":
        told = "starts with a byte order mark, expected plain UTF-8: if the publisher now writes"
        raise DataError(f"{told} one, set 'encoding: utf-8-sig' in its options")
    try:
        return pd.read_csv(
            io.BytesIO(raw),
            dtype=str,
            encoding=encoding,
            sep=options.get("separator", ","),
            keep_default_na=False,
        )
    except (ValueError, UnicodeDecodeError) as fault:
        raise DataError(f"is no CSV that can be read: {fault}; fetch again") from fault


def _workbook(raw: bytes, options: Mapping[str, Any]) -> pd.DataFrame:
    heading = options.get("heading", 1) - 1
    try:
        return pd.read_excel(
            io.BytesIO(raw),
            sheet_name=options["sheet"],
            header=heading,
            dtype=str,
            keep_default_na=False,
            engine="openpyxl",
        )
    except Exception as fault:  # openpyxl lets through whatever zipfile and its parser raise
        raise DataError(f"is no workbook that can be read: {fault}; fetch again") from fault
