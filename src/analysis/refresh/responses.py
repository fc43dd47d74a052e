"""Read a server's response: status, body and date, and the messages for its faults."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import requests
from requests.exceptions import RequestException
from urllib3.exceptions import HTTPError
from urllib3.util import Retry

from analysis.errors import DataError
from analysis.refresh.connectors.unpacking import unpacked

RETRY_STATUSES = (408, 425, 429, 500, 502, 503, 504)  # worth another try
_OK = 200
_GZIP_ENCODINGS, _IDENTITY_ENCODINGS = ("gzip", "x-gzip"), ("", "identity")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A file as received; `dated` is the day of the server's Last-Modified, if any."""

    raw: bytes
    url: str
    content_type: str = ""
    dated: str | None = None
    etag: str | None = None
    modified: str | None = None
    origin: str = "fetched"


class TransientError(Exception):
    """A fault that a retry may clear, after `wait` seconds if the server names them."""

    def __init__(self, message: str, wait: float | None = None) -> None:
        super().__init__(message)
        self.wait = wait


def accept_status(answer: requests.Response, url: str) -> None:
    """Raises TransientError for a status worth a retry, DataError for any other than 200."""
    status = f"{answer.status_code} {answer.reason or ''}".strip()
    if answer.status_code in RETRY_STATUSES:
        raise TransientError(f"the server answers {status}", _retry_after(answer))
    if answer.status_code != _OK:
        raise DataError(refused_status(status), file=url)


def refused_status(status: str) -> str:
    """The message for a status that no retry will change."""
    message = f"the server answers {status}, expected 200: look whether the file has moved"
    return f"{message}, and correct its url in data/connectors.yaml"


def too_large(max_bytes: int) -> str:
    """The message for a file above its limit."""
    message = f"more than {max_bytes:,} bytes: not read further"
    return f"{message}; if it has grown, raise its max_megabytes"


def is_measured(answer: requests.Response) -> bool:
    """Whether the response announces its length or is chunked."""
    length = answer.headers.get("Content-Length", "")
    chunked = "chunked" in answer.headers.get("Transfer-Encoding", "").lower()
    return chunked or length.strip().isdigit()


def received(answer: requests.Response, raw: bytes, url: str, max_bytes: int) -> Fetched:
    """The file in a response, decompressed if it has a content encoding."""
    modified = answer.headers.get("Last-Modified")
    dated = _day(modified)
    return Fetched(
        raw=_unpacked(answer, raw, url, max_bytes),
        url=url,
        content_type=answer.headers.get("Content-Type", "").split(";")[0].strip().lower(),
        dated=dated,
        etag=answer.headers.get("ETag"),
        modified=modified if dated else None,
    )


def _unpacked(answer: requests.Response, raw: bytes, url: str, max_bytes: int) -> bytes:
    packing = answer.headers.get("Content-Encoding", "").strip().lower()
    if packing in _IDENTITY_ENCODINGS:
        return raw
    if packing not in _GZIP_ENCODINGS:
        message = f"comes packed as '{packing}', expected as it is, or packed with gzip"
        raise DataError(f"{message}: fetch it in a browser and give it with --from", file=url)
    try:
        return unpacked(raw, max_bytes)
    except ValueError as fault:
        raise TransientError(f"came as {fault}") from fault


def _retry_after(answer: requests.Response) -> float | None:
    """Seconds that the server asks for, given as a number or a date."""
    message = answer.headers.get("Retry-After")
    try:
        return None if message is None else Retry().parse_retry_after(message)
    except Exception:  # noqa: BLE001 - urllib3 raises its own kind; an unreadable header asks for no wait
        return None


def _day(modified: str | None) -> str | None:
    """The day in UTC; None for an invalid or future date."""
    try:
        moment = parsedate_to_datetime(modified or "")
        moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError, TypeError):
        return None
    day = moment.date()
    return day.isoformat() if day <= datetime.now(tz=UTC).date() else None


def broken_connection(fault: RequestException | HTTPError) -> str:
    """The message for a connection that ended without a whole response."""
    text = str(fault)
    if isinstance(fault, requests.Timeout) or "timed out" in text:
        return "no answer in time"
    if "IncompleteRead" in text or "ended prematurely" in text:
        return "the file is cut off: fewer bytes came than were announced"
    return f"the connection broke ({type(fault).__name__})"
