"""What a server's answer says: its status, its file, its day, and how a broken one is told."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import requests
from requests.exceptions import RequestException
from urllib3.exceptions import HTTPError
from urllib3.util import Retry

from analysis.errors import DataError
from analysis.refresh.connectors.unpacking import unpacked

PASSING = (408, 425, 429, 500, 502, 503, 504)  # may be gone at the next try
_OK = 200
_PACKED, _PLAIN = ("gzip", "x-gzip"), ("", "identity")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A file as it came; `dated` is the day that the publisher's server gives it, if any."""

    raw: bytes
    url: str
    content_type: str = ""
    dated: str | None = None
    etag: str | None = None
    modified: str | None = None
    how: str = "fetched"


class Passing(Exception):  # noqa: N818 - a passing fault, caught where it may pass
    """A fault that may be gone at the next try, after so many seconds."""

    def __init__(self, told: str, wait: float | None = None) -> None:
        super().__init__(told)
        self.wait = wait


def accept_status(answer: requests.Response, url: str) -> None:
    """Raises Passing for a status that may pass, DataError for any other than 200."""
    status = f"{answer.status_code} {answer.reason or ''}".strip()
    if answer.status_code in PASSING:
        raise Passing(f"the server answers {status}", _retry_after(answer))
    if answer.status_code != _OK:
        raise DataError(refused(status), file=url)


def refused(status: str) -> str:
    """How a status is told that no other try will change."""
    told = f"the server answers {status}, expected 200: look whether the file has moved"
    return f"{told}, and mend its url in data/connectors.yaml"


def too_large(most: int) -> str:
    """How a file is told that goes on behind its limit."""
    told = f"more than {most:,} bytes: not read further"
    return f"{told}; if it has grown, raise its max_megabytes"


def is_measured(answer: requests.Response) -> bool:
    """Whether the answer says where its body ends; else it ends where the connection does."""
    length = answer.headers.get("Content-Length", "")
    chunked = "chunked" in answer.headers.get("Transfer-Encoding", "").lower()
    return chunked or length.strip().isdigit()


def received(answer: requests.Response, raw: bytes, url: str, most: int) -> Fetched:
    """The file in an answer, unpacked if the server packed it for the way."""
    modified = answer.headers.get("Last-Modified")
    dated = _day(modified)
    return Fetched(
        raw=_unpacked(answer, raw, url, most),
        url=url,
        content_type=answer.headers.get("Content-Type", "").split(";")[0].strip().lower(),
        dated=dated,
        etag=answer.headers.get("ETag"),
        modified=modified if dated else None,
    )


def _unpacked(answer: requests.Response, raw: bytes, url: str, most: int) -> bytes:
    packing = answer.headers.get("Content-Encoding", "").strip().lower()
    if packing in _PLAIN:
        return raw
    if packing not in _PACKED:
        told = f"comes packed as '{packing}', expected as it is, or packed with gzip"
        raise DataError(f"{told}: fetch it in a browser and give it with --from", file=url)
    try:
        return unpacked(raw, most)
    except ValueError as fault:
        raise Passing(f"came as {fault}") from fault


def _retry_after(answer: requests.Response) -> float | None:
    """Seconds that the server asks for, given as a number or a date."""
    told = answer.headers.get("Retry-After")
    try:
        return None if told is None else Retry().parse_retry_after(told)
    except Exception:  # noqa: BLE001 - urllib3 raises its own kind; a riddle is no request to wait
        return None


def _day(modified: str | None) -> str | None:
    """The day in UTC; None for what is no date, or one that is still to come."""
    try:
        moment = parsedate_to_datetime(modified or "")
        moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError, TypeError):
        return None
    day = moment.date()
    return day.isoformat() if day <= datetime.now(tz=UTC).date() else None


def broken(fault: RequestException | HTTPError) -> str:
    """How a connection is told that gave no whole answer."""
    text = str(fault)
    if isinstance(fault, requests.Timeout) or "timed out" in text:
        return "no answer in time"
    if "IncompleteRead" in text or "ended prematurely" in text:
        return "the file is cut off: fewer bytes came than were announced"
    return f"the connection broke ({type(fault).__name__})"
