"""Decode text and JSON strictly: truncated files and other encodings are errors."""

import json
from typing import Any, NoReturn

from analysis.errors import DataError
from analysis.refresh.connectors.errors import fault

_LINE_ENDS = ("\n", "\r")


def decoded(raw: bytes, encoding: str, place: str | None = None) -> str:
    """The text; raises DataError at `place`, or at the byte that no such text has."""
    try:
        return raw.decode(encoding)
    except LookupError:
        message = f"expected an encoding that Python knows, such as cp932, found '{encoding}'"
        raise DataError(f"options of the connector: encoding: {message}") from None
    except ValueError as error:  # UnicodeDecodeError, or a codec's own
        where = place or f"byte {getattr(error, 'start', 0)}"
        found = getattr(error, "reason", str(error))
        raise fault(where, expected=f"text in {encoding}", found=found) from error


def check_end(text: str, *, open_end: bool) -> None:
    """Raise DataError unless the last line has its end: nothing else in a text proves it whole."""
    if text and not open_end and not text.endswith(_LINE_ENDS):
        last = text[-200:].splitlines()[-1]
        raise fault(
            f"line {len(text.splitlines())}",
            expected="a line end after the last line",
            found=f"none after {last[-40:]!r}, so the file may be cut off",
            remedy="fetch again; if the publisher writes none, set 'open_end: true' in its options",
        )


def read_json(text: str, start: int = 0) -> tuple[Any, int]:
    """The value that begins at `start`, and where it ends. Raises ValueError."""
    try:
        return _DECODER.raw_decode(text, start)
    except RecursionError:
        raise ValueError("lists within lists without an end") from None


def _refuse_constant(word: str) -> NoReturn:
    raise ValueError(f"the word {word}, which is no JSON")


_DECODER = json.JSONDecoder(parse_constant=_refuse_constant)
