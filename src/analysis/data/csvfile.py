"""The bytes of a CSV file to typed columns, strictly, with the line on which each row begins."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.data.catalog import ColumnInfo
from analysis.data.periods import FORMS, is_form
from analysis.errors import DataError, suggest
from analysis.yamlfile import decimal, whole

_INTEGER = re.compile("-?(?:0|[1-9][0-9]*)")
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")
_SHOWN = 12  # allowed values that a message lists
_BOOLEANS = {"true": True, "false": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedCsv:
    """A parsed file: typed values by column (None where empty) and each row's line, from 2."""

    columns: Mapping[str, Sequence[Any]]
    lines: Sequence[int]


def parse(data: bytes, columns: Mapping[str, ColumnInfo], file: str) -> ParsedCsv:
    """The table in these bytes; `file` is its name in messages.

    Raises DataError with every fault of the first kind met: encoding and line ends, then header and
    field counts, then the cells.
    """
    records, lines = records_of(_text(data, file), file)
    header = records[0] if records else []
    _check_header(header, columns, file)
    _check_widths(records, lines, file)
    texts = dict(zip(header, zip(*records[1:], strict=True), strict=True)) if records[1:] else {}
    typed: dict[str, Sequence[Any]] = {}
    faults: list[tuple[int, str]] = []
    for name, info in columns.items():
        meanings, wrong = _meanings(texts.get(name, ()), info)
        if wrong:
            pairs = zip(texts[name], lines[1:], strict=True)
            faults += [
                (line, f"{name} = {text!r}: {wrong[text]}") for text, line in pairs if text in wrong
            ]
        else:
            typed[name] = [meanings[text] for text in texts.get(name, ())]
    if faults:
        raise DataError.of(
            DataError(message, file=file, line=line) for line, message in sorted(faults)
        )
    return ParsedCsv(columns=typed, lines=lines[1:])


def convert(text: str, info: ColumnInfo) -> Any:
    """The value that a cell's text means in this column; a ValueError says what was expected.

    >>> convert("41", ColumnInfo(type="integer", meaning="a count", unit="count"))
    41
    >>> convert("2024-13", ColumnInfo(type="month", meaning="a month"))
    Traceback (most recent call last):
    ValueError: expected a month, YYYY-MM
    """
    return _CONVERTERS.get(info.type, _text_cell)(text, info)


def _text_cell(text: str, info: ColumnInfo) -> str:
    if info.values and text not in info.values:
        more = ", ..." if len(info.values) > _SHOWN else ""
        shown = ", ".join(info.values[:_SHOWN]) + more
        raise ValueError(f"expected one of {shown}{suggest(text, info.values)}")
    if text != text.strip():
        raise ValueError("spaces at its ends")
    return text


def _integer(text: str, _: ColumnInfo) -> int:
    if not _INTEGER.fullmatch(text):
        raise ValueError("expected an integer in plain digits")
    number: int = whole(text)
    return number


def _number(text: str, _: ColumnInfo) -> float:
    if not _NUMBER.fullmatch(text):
        raise ValueError("expected a number in plain digits, no thousands separators")
    number: float = decimal(text)
    return number


def _boolean(text: str, _: ColumnInfo) -> bool:
    if text not in _BOOLEANS:
        raise ValueError("expected true or false")
    return _BOOLEANS[text]


def _period(text: str, info: ColumnInfo) -> str:
    if not is_form(info.type, text):
        raise ValueError(f"expected {FORMS[info.type][1]}")
    return text


def _year(text: str, info: ColumnInfo) -> int:
    return int(_period(text, info))


_CONVERTERS: dict[str, Callable[[str, ColumnInfo], Any]] = {
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
    "year": _year,
} | {kind: _period for kind in FORMS if kind != "year"}


def _text(data: bytes, file: str) -> str:
    """The text, if it is UTF-8 without a byte order mark, with LF line ends and a last one."""
    if data.startswith(b"\xef\xbb\xbf"):
        raise DataError(
            "starts with a byte order mark: save as UTF-8 without one", file=file, line=1
        )
    if b"\r" in data:
        line = data.count(b"\n", 0, data.index(b"\r")) + 1
        raise DataError("carriage return: save with LF line ends", file=file, line=line)
    try:
        text = data.decode()
    except UnicodeDecodeError as fault:
        line = data.count(b"\n", 0, fault.start) + 1
        raise DataError("not UTF-8: save the file as UTF-8", file=file, line=line) from None
    if text and not text.endswith("\n"):
        raise DataError(_CUT, file=file, line=text.count("\n") + 1)
    return text


_CUT = "the last line has no end: is the file cut off? Restore it, or end it with a line feed"


def records_of(text: str, file: str) -> tuple[list[list[str]], list[int]]:
    """Rows of fields with the line on which each begins; a quoted field may span lines."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    records, lines, line = [], [], 1
    try:
        for record in reader:
            records.append(record)
            lines.append(line)
            line = reader.line_num + 1
    except csv.Error as fault:
        cut = str(fault) == "unexpected end of data"
        message = (
            "a quote is opened and never closed: is the file cut off?"
            if cut
            else f"not CSV: {fault}"
        )
        raise DataError(message, file=file, line=line) from None
    return records, lines


def _check_header(header: Sequence[str], columns: Iterable[str], file: str) -> None:
    if not header:
        raise DataError("the file is empty: expected a header", file=file, line=1)
    missing = [name for name in columns if name not in header]
    extra = [name for name in header if name not in columns]
    twice = sorted({name for name in header if header.count(name) > 1})
    parts = [
        f"{word} {', '.join(names)}"
        for word, names in (("missing", missing), ("not in the catalog", extra), ("twice", twice))
        if names
    ]
    if parts:
        raise DataError(f"the columns are not the catalog's: {'; '.join(parts)}", file=file, line=1)


def _check_widths(records: Sequence[Sequence[str]], lines: Sequence[int], file: str) -> None:
    width = len(records[0])
    faults = [
        DataError(f"expected {width} fields, found {len(record)}", file=file, line=line)
        for record, line in zip(records, lines, strict=True)
        if len(record) != width
    ]
    if faults:
        raise DataError.of(faults)


def _meanings(texts: Iterable[str], info: ColumnInfo) -> tuple[dict[str, Any], dict[str, str]]:
    """What each distinct text means, and what is wrong with those that mean nothing."""
    meanings: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    mean = _CONVERTERS.get(info.type, _text_cell)
    for text in dict.fromkeys(texts):
        try:
            meanings[text] = mean(text, info) if text else None
        except ValueError as fault:
            wrong[text] = str(fault)
    if "" in meanings and not info.nullable:
        wrong[""] = "empty, and the column is not declared nullable"
    return meanings, wrong
