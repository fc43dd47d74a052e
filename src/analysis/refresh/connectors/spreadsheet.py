"""The cells of a workbook's sheet or of a delimited file, by row and column, from 1."""

import csv
import io
import re
import warnings
import zipfile
from codecs import BOM_UTF8
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import openpyxl
from openpyxl.utils import coordinate_to_tuple

from analysis.errors import DataError
from analysis.refresh.connectors.errors import fault, listed
from analysis.refresh.connectors.parsing import Uncalculated, text
from analysis.refresh.connectors.texts import check_end, decoded
from analysis.refresh.connectors.unpacking import MAX_UNPACKED_BYTES

_FORMULA = re.compile(rb"<(?:\w+:)?f[ />]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Worksheet:
    """Cells as stored; rows may differ in length."""

    name: str  # for messages: "sheet 'Data'"
    rows: tuple[tuple[Any, ...], ...]

    def cell(self, row: int, column: int) -> Any:
        """The cell at that place; None outside of the sheet."""
        cells = self.rows[row - 1] if row <= len(self.rows) else ()
        return cells[column - 1] if column <= len(cells) else None

    def expect(self, words: Mapping[str, str]) -> None:
        """Raise DataError unless each named cell ("B5") contains its text: a unit, a title."""
        for place, word in words.items():
            found = text(self.cell(*_coordinates(place)))
            if found is None or word not in found:
                raise fault(
                    f"{self.name}, cell {place}", expected=f"the text '{word}'", found=repr(found)
                )


def workbook_sheet(raw: bytes, name: str) -> Worksheet:
    """A sheet of an xlsx file, with the values that its formulas had when it was saved."""
    computed = _has_formulas(raw)
    book = _book(raw, data_only=True)
    names = [sheet.title for sheet in book.worksheets]  # without those that are a chart
    if name not in names:
        raise fault("the workbook", expected=f"a sheet '{name}'", found=listed(names))
    rows = tuple(book[name].iter_rows(values_only=True))
    if computed:
        rows = _with_formulas(book[name], _book(raw, data_only=False)[name])
    return Worksheet(name=f"sheet '{name}'", rows=rows)


def _book(raw: bytes, *, data_only: bool) -> openpyxl.Workbook:
    try:
        with warnings.catch_warnings(action="ignore"):  # styles and extensions that we do not read
            return openpyxl.load_workbook(io.BytesIO(raw), data_only=data_only)
    except Exception as error:  # zlib's, the XML parser's and the reader's own
        raise _not_a_workbook(raw, error) from error


def _with_formulas(values: Any, formulas: Any) -> tuple[tuple[Any, ...], ...]:
    """The values; where a formula has none, because no program has calculated it, the formula.

    A formula whose value is an empty text has the data type of a text.
    """
    return tuple(
        tuple(
            Uncalculated(str(formula.value))
            if formula.data_type == "f" and cell.value is None and cell.data_type == "n"
            else cell.value
            for cell, formula in zip(*pair, strict=True)
        )
        for pair in zip(values.iter_rows(), formulas.iter_rows(), strict=True)
    )


def delimited_sheet(
    raw: bytes, encoding: str = "utf-8", separator: str = ",", *, open_end: bool = False
) -> Worksheet:
    """The cells of a CSV or of its like; a byte-order mark is a fault unless it is announced.

    So is a last line without its end, unless the publisher leaves it open.
    """
    if encoding == "utf-8" and raw.startswith(BOM_UTF8):
        raise fault(
            "the file",
            expected="plain UTF-8",
            found="a byte order mark before it",
            remedy="if the publisher writes one now, set 'encoding: utf-8-sig' in its options",
        )
    written = decoded(raw, encoding)
    try:
        lines = io.StringIO(written, newline="")
        rows = tuple(map(tuple, csv.reader(lines, delimiter=separator, strict=True)))
    except csv.Error as error:
        raise fault("the file", expected="whole quoted cells", found=str(error)) from error
    check_end(written, open_end=open_end)
    return Worksheet(name="the file", rows=rows)


def _coordinates(place: str) -> tuple[int, int]:
    try:
        row, column = coordinate_to_tuple(place)
    except (ValueError, TypeError):
        message = f"expect: '{place}' is no cell: write it as in B5"
        raise DataError(f"options of the connector: {message}") from None
    return row, column


def _has_formulas(raw: bytes) -> bool:
    """Whether there are formulas in the sheets.

    Raises DataError if the parts say that they are too large together, before any is unpacked.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as packed:
            size = sum(entry.file_size for entry in packed.infolist())
            sheets = [each for each in packed.namelist() if each.startswith("xl/worksheets/")]
            if size <= MAX_UNPACKED_BYTES:
                return any(_FORMULA.search(packed.read(each)) for each in sheets)
    except Exception as error:  # a header may claim any version, length or encoding
        raise _not_a_workbook(raw, error) from error
    raise fault(
        "the workbook",
        expected=f"at most {MAX_UNPACKED_BYTES:,} bytes when unpacked",
        found=f"{size:,}",
        remedy="do not open it; fetch again and compare sizes",
    )


def _not_a_workbook(raw: bytes, error: Exception) -> DataError:
    found = f"{len(raw)} bytes that begin with {raw[:12]!r} ({error})"
    return fault("the file", expected="an xlsx workbook", found=found)
