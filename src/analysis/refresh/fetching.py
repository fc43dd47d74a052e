"""One file from one publisher, politely: timeouts, retries, pauses, a cache, no surprises."""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import requests
from requests.exceptions import RequestException
from urllib3.util import Retry

from analysis import __version__
from analysis.errors import DataError
from analysis.project import write_atomically
from analysis.seals import digest

AGENT = f"claims-audit/{__version__} (refresh of pinned tables; asks once and keeps a copy)"
PASSING = (408, 425, 429, 500, 502, 503, 504)  # may be gone at the next try
MOVED = (301, 302, 303, 307, 308)
_OK, _UNCHANGED = 200, 304
_CHUNK = 1 << 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """How long to wait, how often to ask. Seconds; `pause` lies between requests to one host."""

    connect: float = 10
    read: float = 30
    whole: float = 300
    tries: int = 4
    backoff: float = 1
    patience: float = 60  # the longest Retry-After that is waited for
    pause: float = 1
    redirects: int = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A file as it came; `dated` is the day that the publisher's server gives it, if any."""

    raw: bytes
    url: str
    content_type: str = ""
    dated: str | None = None
    how: str = "fetched"


class Passing(Exception):  # noqa: N818 - a passing fault, caught where it may pass
    """A fault that may be gone at the next try, after so many seconds."""

    def __init__(self, told: str, wait: float | None = None) -> None:
        super().__init__(told)
        self.wait = wait


@dataclass(slots=True, kw_only=True)
class Fetcher:
    """Fetches over one session; remembers when it last asked each host."""

    cache: Path
    manners: Manners = field(default_factory=Manners)
    offline: bool = False
    local: Mapping[str, Path] = field(default_factory=dict)  # addresses fetched by hand, to files
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    _session: requests.Session = field(default_factory=requests.Session)
    _asked: dict[str, float] = field(default_factory=dict)

    def fetch(self, url: str, *, most: int) -> Fetched:
        """The file at `url`, of at most so many bytes. DataError says what happened."""
        if url in self.local:
            return _by_hand(self.local[url], url, most)
        kept = self._kept(url)
        if self.offline:
            if kept is None:
                told = "offline, and no copy of it is kept: fetch once without --offline"
                raise DataError(told, file=url)
            return kept
        end = self.clock() + self.manners.whole
        for attempt in range(1, self.manners.tries + 1):
            try:
                return self._ask(url, kept, most, end)
            except Passing as fault:
                self._wait(url, fault, attempt, end)
        raise AssertionError  # the last attempt has raised

    def _wait(self, url: str, fault: Passing, attempt: int, end: float) -> None:
        """Sleep until the next try; DataError if there is none."""
        pause = self.manners.backoff * 2 ** (attempt - 1) if fault.wait is None else fault.wait
        patient = pause <= self.manners.patience and self.clock() + pause < end
        if attempt == self.manners.tries or not patient:
            after = f", to be asked again after {pause:.0f} s" if not patient else ""
            tries = "1 try" if attempt == 1 else f"{attempt} tries"
            told = f"{fault} ({tries}{after}): nothing is changed; refresh again later"
            raise DataError(told, file=url) from fault
        self.sleep(pause)

    def _ask(self, url: str, kept: Fetched | None, most: int, end: float) -> Fetched:
        try:
            with self._followed(url, self._conditions(url) if kept else {}) as answer:
                if answer.status_code == _UNCHANGED and kept is not None:
                    return kept
                _accept_status(answer, url)
                raw = b"".join(self._body(answer, url, most, end))
                return self._keep(answer, raw, url)
        except RequestException as fault:
            raise Passing(_broken(fault)) from fault

    def _followed(self, url: str, conditions: dict[str, str]) -> requests.Response:
        """The answer after redirects inside the host. Anything else is for a person to decide."""
        here = url
        for _ in range(self.manners.redirects + 1):
            answer = self._get(here, conditions)
            if answer.status_code not in MOVED:
                return answer
            target = urljoin(here, answer.headers.get("Location", ""))
            answer.close()
            if urlsplit(target)[:2] != urlsplit(url)[:2]:
                told = f"redirects to another place, {target}: if it moved there, change its url"
                raise DataError(f"{told} in data/connectors.yaml", file=url)
            here = target
        told = f"redirects more than {self.manners.redirects} times, at last to {here}"
        raise DataError(f"{told}: look at it in a browser and mend its url", file=url)

    def _get(self, url: str, conditions: dict[str, str]) -> requests.Response:
        host = urlsplit(url).netloc
        if host in self._asked:
            self.sleep(max(0.0, self._asked[host] + self.manners.pause - self.clock()))
        self._asked[host] = self.clock()
        return self._session.get(
            url,
            headers={"User-Agent": AGENT, "Accept-Encoding": "identity"} | conditions,
            timeout=(self.manners.connect, self.manners.read),
            allow_redirects=False,
            stream=True,
        )

    def _body(self, answer: requests.Response, url: str, most: int, end: float) -> Iterator[bytes]:
        size = 0
        for chunk in answer.iter_content(_CHUNK):
            size += len(chunk)
            if size > most:
                told = f"more than {most:,} bytes: not read further"
                raise DataError(f"{told}; if it has grown, raise its max_megabytes", file=url)
            if self.clock() > end:
                told = f"not whole after {self.manners.whole:g} s: refresh again later"
                raise DataError(told, file=url)
            yield chunk

    def _place(self, url: str) -> Path:
        return self.cache / digest(url.encode())[:32]

    def _kept(self, url: str) -> Fetched | None:
        """The copy in the cache; a damaged one is none."""
        place = self._place(url)
        try:
            raw, told = place.with_suffix(".raw").read_bytes(), _plain(place.with_suffix(".json"))
        except (OSError, ValueError):
            return None
        if told.get("sha256") != digest(raw) or told.get("url") != url:
            return None
        kind, dated = told["content_type"], told["dated"]
        return Fetched(raw=raw, url=url, content_type=kind, dated=dated, how="kept copy")

    def _conditions(self, url: str) -> dict[str, str]:
        told = _plain(self._place(url).with_suffix(".json"))
        names = {"If-None-Match": told.get("etag"), "If-Modified-Since": told.get("modified")}
        return {name: value for name, value in names.items() if value}

    def _keep(self, answer: requests.Response, raw: bytes, url: str) -> Fetched:
        modified = answer.headers.get("Last-Modified")
        found = Fetched(
            raw=raw,
            url=url,
            content_type=answer.headers.get("Content-Type", "").split(";")[0].strip().lower(),
            dated=_day(modified),
        )
        told = {
            "url": url, "sha256": digest(raw), "etag": answer.headers.get("ETag"),
            "modified": modified, "content_type": found.content_type, "dated": found.dated,
        }  # fmt: skip
        place = self._place(url)
        write_atomically(place.with_suffix(".raw"), raw)
        write_atomically(place.with_suffix(".json"), json.dumps(told))
        return found


def _by_hand(path: Path, url: str, most: int) -> Fetched:
    """A file that a person has fetched. It is dated by nobody."""
    try:
        if (size := path.stat().st_size) > most:
            told = f"{size:,} bytes, expected {most:,} at most: raise its max_megabytes"
            raise DataError(told, file=str(path))
        raw = path.read_bytes()
    except OSError as fault:
        raise DataError(f"cannot be read: {fault.strerror}", file=str(path)) from fault
    return Fetched(raw=raw, url=url, how=f"read from {path}")


def _plain(path: Path) -> dict[str, str | None]:
    return json.loads(path.read_text())


def _accept_status(answer: requests.Response, url: str) -> None:
    status = f"{answer.status_code} {answer.reason or ''}".strip()
    if answer.status_code in PASSING:
        raise Passing(f"the server answers {status}", _retry_after(answer))
    if answer.status_code != _OK:
        told = f"the server answers {status}, expected 200: look whether the file has moved"
        raise DataError(f"{told}, and mend its url in data/connectors.yaml", file=url)


def _retry_after(answer: requests.Response) -> float | None:
    """Seconds that the server asks for, given as a number or a date."""
    told = answer.headers.get("Retry-After")
    try:
        return None if told is None else Retry().parse_retry_after(told)
    except Exception:  # noqa: BLE001 - urllib3 raises its own kind; a riddle is no request to wait
        return None


def _day(modified: str | None) -> str | None:
    try:
        return parsedate_to_datetime(modified).date().isoformat() if modified else None
    except ValueError:
        return None


def _broken(fault: RequestException) -> str:
    if isinstance(fault, requests.Timeout):
        return "no answer in time"
    text = str(fault)
    if "IncompleteRead" in text:
        return "the file is cut off: fewer bytes came than were announced"
    if "timed out" in text:
        return "no answer in time"
    return f"the connection broke ({type(fault).__name__})"
