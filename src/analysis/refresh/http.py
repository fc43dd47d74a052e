"""One file from one publisher, politely: timeouts, retries, pauses, a cache, no surprises."""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import requests
from requests.exceptions import RequestException
from urllib3.exceptions import HTTPError

from analysis import __version__
from analysis.data.checksums import digest
from analysis.errors import DataError
from analysis.project import write_atomically
from analysis.refresh import addresses, responses
from analysis.refresh.limits import within
from analysis.refresh.responses import Fetched, Passing

AGENT = f"claims-audit/{__version__} (refresh of pinned tables; asks once and keeps a copy)"
MOVED = (301, 302, 303, 307, 308)
_UNCHANGED = 304
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


class _Session(requests.Session):
    """A session that leaves redirects alone.

    The library's own reads each of them ahead: the whole body, and an address that may be none.
    """

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Nowhere."""


@dataclass(slots=True, kw_only=True)
class Fetcher:
    """Fetches over one session; remembers when it last asked each host."""

    cache: Path
    manners: Manners = field(default_factory=Manners)
    offline: bool = False
    local: Mapping[str, Path] = field(default_factory=dict)  # addresses fetched by hand, to files
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    _session: requests.Session = field(default_factory=_Session)
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
        found, measured = self._tried(url, self._conditions(url) if kept else {}, most, end)
        if found is None and kept is not None:
            return kept
        if found is None:  # nothing was kept, so nothing can be unchanged
            raise DataError(responses.refused(f"{_UNCHANGED} Not Modified"), file=url)
        if not measured:
            self._confirm(found, most, end)
        return self._keep(found)

    def _confirm(self, found: Fetched, most: int, end: float) -> None:
        """Ask once more for a file that ends where its connection does: a cut hits twice by chance.

        What is inside the file has to prove the rest, as its connector asks.
        """
        again, _ = self._tried(found.url, {}, most, end)
        if again is None or again.raw != found.raw:
            told = "its server does not say how long the file is, and sent another the second time"
            raise DataError(f"{told}: it may be cut off; refresh again later", file=found.url)

    def doubt(self, url: str) -> None:
        """Ask for the whole file the next time, even if the server says that it is unchanged."""
        place = self._place(url).with_suffix(".json")
        if url not in self.local and place.exists():
            unconditional = {"etag": None, "modified": None}
            write_atomically(place, json.dumps(_plain(place) | unconditional))

    def _tried(
        self, url: str, conditions: dict[str, str], most: int, end: float
    ) -> tuple[Fetched | None, bool]:
        """What `_ask` gives at the first try that succeeds."""
        for attempt in range(1, self.manners.tries + 1):
            try:
                left = max(0.0, end - self.clock())
                return within(left, lambda: self._ask(url, conditions, most, end))
            except TimeoutError:
                told = f"not whole after {self.manners.whole:g} s: refresh again later"
                raise DataError(told, file=url) from None
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

    def _ask(
        self, url: str, conditions: dict[str, str], most: int, end: float
    ) -> tuple[Fetched | None, bool]:
        """The file, and whether the server said how long it is; None for one that is unchanged.

        It may be left behind in its thread when the time is over, so it changes nothing.
        """
        try:
            with self._followed(url, conditions, end) as answer:
                if answer.status_code == _UNCHANGED:
                    return None, True
                responses.accept_status(answer, url)
                raw = b"".join(self._body(answer, url, most, end))
                return responses.received(answer, raw, url, most), responses.is_measured(answer)
        except (RequestException, HTTPError) as fault:
            raise Passing(responses.broken(fault)) from fault

    def _followed(self, url: str, conditions: dict[str, str], end: float) -> requests.Response:
        """The answer after redirects inside the host. Anything else is for a person to decide."""
        first = here = addresses.resolved(url)
        for _ in range(self.manners.redirects + 1):
            answer = self._get(here, conditions, end)
            if answer.status_code not in MOVED:
                return answer
            location = answer.headers.get("Location", "")
            answer.close()
            here = _target(first, here, location, url)
        told = f"redirects more than {self.manners.redirects} times, at last to"
        told = f"{told} {addresses.hidden(here, url)}"
        raise DataError(f"{told}: look at it in a browser and mend its url", file=url)

    def _get(self, here: str, conditions: dict[str, str], end: float) -> requests.Response:
        host = urlsplit(here).hostname or ""
        if host in self._asked:
            self.sleep(max(0.0, self._asked[host] + self.manners.pause - self.clock()))
        if self.clock() > end:
            raise TimeoutError
        self._asked[host] = self.clock()
        return self._session.get(
            here,
            headers={"User-Agent": AGENT, "Accept-Encoding": "identity"} | conditions,
            timeout=(self.manners.connect, self.manners.read),
            allow_redirects=False,
            stream=True,
        )

    def _body(self, answer: requests.Response, url: str, most: int, end: float) -> Iterator[bytes]:
        size = 0
        for chunk in answer.raw.stream(_CHUNK, decode_content=False):
            size += len(chunk)
            if size > most:
                raise DataError(responses.too_large(most), file=url)
            if self.clock() > end:
                raise TimeoutError
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

    def _keep(self, found: Fetched) -> Fetched:
        told = {
            "url": found.url, "sha256": digest(found.raw), "etag": found.etag,
            "modified": found.modified, "content_type": found.content_type, "dated": found.dated,
        }  # fmt: skip
        place = self._place(found.url)
        write_atomically(place.with_suffix(".raw"), found.raw)
        write_atomically(place.with_suffix(".json"), json.dumps(told))
        return found


def _target(first: str, here: str, location: str, url: str) -> str:
    """Where a redirect leads inside the host; DataError for another place, or for none."""
    try:
        target = urljoin(here, location)
        parts, begun = urlsplit(target), urlsplit(first)
        same = (parts.scheme, parts.hostname, parts.port) == (
            begun.scheme, begun.hostname, begun.port
        )  # fmt: skip
    except ValueError:
        told = f"redirects to what is no address, {addresses.hidden(location, url)!r}"
        raise DataError(f"{told}: look at it in a browser and mend its url", file=url) from None
    if not same:
        told = f"redirects to another place, {addresses.hidden(target, url)}: if it moved there"
        raise DataError(f"{told}, change its url in data/connectors.yaml", file=url)
    return parts._replace(netloc=begun.netloc).geturl()


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
