"""Download one file: timeouts, retries, pauses between requests, conditional requests, a cache."""

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
from analysis.refresh.responses import Fetched, TransientError

USER_AGENT = f"claims-audit/{__version__} (refresh of pinned tables; asks once and keeps a copy)"
REDIRECT_STATUSES = (301, 302, 303, 307, 308)
_NOT_MODIFIED = 304
_CHUNK_BYTES = 1 << 16


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchPolicy:
    """Limits of a download, in seconds; `host_pause` separates two requests to one host."""

    connect_timeout: float = 10
    read_timeout: float = 30
    total_timeout: float = 300
    max_tries: int = 4
    backoff: float = 1
    max_retry_after: float = 60
    host_pause: float = 1
    max_redirects: int = 5


class _Session(requests.Session):
    """A session that follows no redirect.

    requests would read the whole body of each, and fail on an invalid address.
    """

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Nowhere."""


@dataclass(slots=True, kw_only=True)
class Fetcher:
    """Downloads over one session; keeps the time of the last request to each host."""

    cache: Path
    policy: FetchPolicy = field(default_factory=FetchPolicy)
    offline: bool = False
    local: Mapping[str, Path] = field(default_factory=dict)  # addresses fetched by hand, to files
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    _session: requests.Session = field(default_factory=_Session)
    _asked: dict[str, float] = field(default_factory=dict)

    def fetch(self, url: str, *, max_bytes: int) -> Fetched:
        """The file at `url`. Raises DataError for a fault that retries did not clear."""
        if url in self.local:
            return _local_file(self.local[url], url, max_bytes)
        kept = self._kept(url)
        if self.offline:
            if kept is None:
                message = "offline, and no copy of it is kept: fetch once without --offline"
                raise DataError(message, file=url)
            return kept
        end = self.clock() + self.policy.total_timeout
        found, measured = self._ask_with_retries(
            url, self._conditions(url) if kept else {}, max_bytes, end
        )
        if found is None and kept is not None:
            return kept
        if found is None:  # nothing was kept, so nothing can be unchanged
            raise DataError(responses.refused_status(f"{_NOT_MODIFIED} Not Modified"), file=url)
        if not measured:
            self._confirm(found, max_bytes, end)
        return self._keep(found)

    def _confirm(self, found: Fetched, max_bytes: int, end: float) -> None:
        """Download a file of unannounced length again: two equal copies are unlikely to be cut.

        The connector checks that the content is complete.
        """
        again, _ = self._ask_with_retries(found.url, {}, max_bytes, end)
        if again is None or again.raw != found.raw:
            message = "its server announces no length, and sent another file the second time"
            raise DataError(f"{message}: it may be cut off; refresh again later", file=found.url)

    def doubt(self, url: str) -> None:
        """Ask for the whole file the next time, even if the server says that it is unchanged."""
        place = self._place(url).with_suffix(".json")
        if url not in self.local and place.exists():
            unconditional = {"etag": None, "modified": None}
            write_atomically(place, json.dumps(_metadata(place) | unconditional))

    def _ask_with_retries(
        self, url: str, conditions: dict[str, str], max_bytes: int, end: float
    ) -> tuple[Fetched | None, bool]:
        """The result of `_ask` at the first successful try."""
        for attempt in range(1, self.policy.max_tries + 1):
            try:
                left = max(0.0, end - self.clock())
                return within(left, lambda: self._ask(url, conditions, max_bytes, end))
            except TimeoutError:
                message = f"not whole after {self.policy.total_timeout:g} s: refresh again later"
                raise DataError(message, file=url) from None
            except TransientError as fault:
                self._wait(url, fault, attempt, end)
        raise AssertionError  # the last attempt has raised

    def _wait(self, url: str, fault: TransientError, attempt: int, end: float) -> None:
        """Sleep until the next try; DataError if there is none."""
        pause = self.policy.backoff * 2 ** (attempt - 1) if fault.wait is None else fault.wait
        patient = pause <= self.policy.max_retry_after and self.clock() + pause < end
        if attempt == self.policy.max_tries or not patient:
            after = f", to be asked again after {pause:.0f} s" if not patient else ""
            tries = "1 try" if attempt == 1 else f"{attempt} tries"
            message = f"{fault} ({tries}{after}): nothing is changed; refresh again later"
            raise DataError(message, file=url) from fault
        self.sleep(pause)

    def _ask(
        self, url: str, conditions: dict[str, str], max_bytes: int, end: float
    ) -> tuple[Fetched | None, bool]:
        """The file, and whether the server said how long it is; None for one that is unchanged.

        It may be left behind in its thread when the time is over, so it changes nothing.
        """
        try:
            with self._follow_redirects(url, conditions, end) as answer:
                if answer.status_code == _NOT_MODIFIED:
                    return None, True
                responses.accept_status(answer, url)
                raw = b"".join(self._body(answer, url, max_bytes, end))
                found = responses.received(answer, raw, url, max_bytes)
                return found, responses.is_measured(answer)
        except (RequestException, HTTPError) as fault:
            raise TransientError(responses.broken_connection(fault)) from fault

    def _follow_redirects(
        self, url: str, conditions: dict[str, str], end: float
    ) -> requests.Response:
        """The response after redirects inside the host. Raises DataError for any other redirect."""
        first = here = addresses.resolved(url)
        for _ in range(self.policy.max_redirects + 1):
            answer = self._get(here, conditions, end)
            if answer.status_code not in REDIRECT_STATUSES:
                return answer
            location = answer.headers.get("Location", "")
            answer.close()
            here = _redirect_target(first, here, location, url)
        message = f"redirects more than {self.policy.max_redirects} times, at last to"
        message = f"{message} {addresses.hidden(here, url)}"
        raise DataError(f"{message}: look at it in a browser and correct its url", file=url)

    def _get(self, here: str, conditions: dict[str, str], end: float) -> requests.Response:
        host = urlsplit(here).hostname or ""
        if host in self._asked:
            self.sleep(max(0.0, self._asked[host] + self.policy.host_pause - self.clock()))
        if self.clock() > end:
            raise TimeoutError
        self._asked[host] = self.clock()
        return self._session.get(
            here,
            headers={"User-Agent": USER_AGENT, "Accept-Encoding": "identity"} | conditions,
            timeout=(self.policy.connect_timeout, self.policy.read_timeout),
            allow_redirects=False,
            stream=True,
        )

    def _body(
        self, answer: requests.Response, url: str, max_bytes: int, end: float
    ) -> Iterator[bytes]:
        size = 0
        for chunk in answer.raw.stream(_CHUNK_BYTES, decode_content=False):
            size += len(chunk)
            if size > max_bytes:
                raise DataError(responses.too_large(max_bytes), file=url)
            if self.clock() > end:
                raise TimeoutError
            yield chunk

    def _place(self, url: str) -> Path:
        return self.cache / digest(url.encode())[:32]

    def _kept(self, url: str) -> Fetched | None:
        """The copy in the cache; None if it is missing or damaged."""
        place = self._place(url)
        try:
            raw = place.with_suffix(".raw").read_bytes()
            metadata = _metadata(place.with_suffix(".json"))
        except (OSError, ValueError):
            return None
        if metadata.get("sha256") != digest(raw) or metadata.get("url") != url:
            return None
        kind, dated = metadata["content_type"] or "", metadata["dated"]
        return Fetched(raw=raw, url=url, content_type=kind, dated=dated, origin="kept copy")

    def _conditions(self, url: str) -> dict[str, str]:
        metadata = _metadata(self._place(url).with_suffix(".json"))
        names = {
            "If-None-Match": metadata.get("etag"),
            "If-Modified-Since": metadata.get("modified"),
        }
        return {name: value for name, value in names.items() if value}

    def _keep(self, found: Fetched) -> Fetched:
        metadata = {
            "url": found.url, "sha256": digest(found.raw), "etag": found.etag,
            "modified": found.modified, "content_type": found.content_type, "dated": found.dated,
        }  # fmt: skip
        place = self._place(found.url)
        write_atomically(place.with_suffix(".raw"), found.raw)
        write_atomically(place.with_suffix(".json"), json.dumps(metadata))
        return found


def _redirect_target(first: str, here: str, location: str, url: str) -> str:
    """The target of a redirect. Raises DataError for another host or an invalid address."""
    try:
        target = urljoin(here, location)
        parts, begun = urlsplit(target), urlsplit(first)
        same = (parts.scheme, parts.hostname, parts.port) == (
            begun.scheme, begun.hostname, begun.port
        )  # fmt: skip
    except ValueError:
        message = f"redirects to an invalid address, {addresses.hidden(location, url)!r}"
        remedy = "look at it in a browser and correct its url"
        raise DataError(f"{message}: {remedy}", file=url) from None
    if not same:
        message = f"redirects to another place, {addresses.hidden(target, url)}: if it moved there"
        raise DataError(f"{message}, change its url in data/connectors.yaml", file=url)
    return parts._replace(netloc=begun.netloc).geturl()


def _local_file(path: Path, url: str, max_bytes: int) -> Fetched:
    """A file that the user downloaded; it has no date."""
    try:
        if (size := path.stat().st_size) > max_bytes:
            message = f"{size:,} bytes, expected {max_bytes:,} at most: raise its max_megabytes"
            raise DataError(message, file=str(path))
        raw = path.read_bytes()
    except OSError as fault:
        raise DataError(f"cannot be read: {fault.strerror}", file=str(path)) from fault
    return Fetched(raw=raw, url=url, origin=f"read from {path}")


def _metadata(path: Path) -> dict[str, str | None]:
    found: dict[str, str | None] = json.loads(path.read_text())
    return found
