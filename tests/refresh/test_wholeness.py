"""Half a file is refused, however the server sends it, and no server can hold a refresh up."""

import gzip
import re
import time

import pytest
from refreshaudit import NEWER, QUICK, REGISTRY, answer, claims, pinned

from analysis.errors import DataError
from analysis.refresh import http, pipeline
from analysis.refresh.registry import Remote
from analysis.refresh.responses import Fetched


def unmeasured(body):
    """An answer that ends where its connection does: nothing says how long it is."""
    return raw(b"HTTP/1.0 200 OK\r\nContent-Type: text/csv\r\n\r\n" + body.encode())


def raw(sent):
    return lambda handler: handler.wfile.write(sent)


def packed(body, kind="gzip"):
    return answer(body, Content_Encoding=kind)


def chunked(*, ends):
    size, body = f"{len(NEWER):x}\r\n".encode(), NEWER.encode()
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    return raw(head + size + body + b"\r\n" + (b"0\r\n\r\n" if ends else b""))


WHOLE = gzip.compress(NEWER.encode())
SPOILT = WHOLE[:-8] + bytes(byte ^ 1 for byte in WHOLE[-8:-4]) + WHOLE[-4:]
NO_END = r"line 8: expected a line end after the last line, found none after 'Sudland,2024,4'"
CUT = {
    "inside the last value, of no length": (unmeasured(NEWER[:-3]), NO_END),
    "three bytes short": (answer(NEWER, Content_Length=f"{len(NEWER) - 3}"), NO_END),
    "fewer bytes than announced": (answer(NEWER, Content_Length="5000"), r"fewer bytes came"),
    "without the last chunk": (chunked(ends=False), r"fewer bytes came than were announced"),
    "a gzip without its end": (packed(WHOLE[:-3]), r"packed stream that is cut off"),
    "a gzip of another content": (packed(SPOILT), r"packed stream that is cut off or damaged"),
    "a gzip bomb": (packed(gzip.compress(bytes(2 << 20))), r"more than 1,048,576 bytes"),
    "a packing that was not asked for": (packed(b"x", "br"), r"comes packed as 'br'"),
    "inside a character": (
        answer((NEWER + "Côte").encode()[:-3]),
        r"byte 143: expected text in utf-8, found unexpected end of data",
    ),
}


@pytest.mark.parametrize("kind", CUT)
def test_what_is_cut_off_changes_nothing_and_is_reported(project, server, kind):
    act, message = CUT[kind]
    server.script = [act]
    before = pinned(project)
    result = claims("data", "refresh", "trade/flows", "--accept")
    assert result.exit_code == 1
    assert re.search(message, result.stderr), result.stderr
    assert pinned(project) == before


@pytest.mark.parametrize("act", [unmeasured(NEWER), packed(WHOLE), chunked(ends=True)])
@pytest.mark.usefixtures("project")
def test_what_is_whole_is_read(server, act):
    server.script = [act]
    result = claims("data", "refresh")
    assert result.exit_code == 0, result.stderr
    assert "Sudland · 2024: 4.5" in result.stdout


@pytest.mark.usefixtures("project")
def test_a_file_of_no_length_has_to_come_twice(server):
    """Cut at a line end it looks whole; that it is cut twice at the same byte is unlikely."""
    server.script = [unmeasured(NEWER.rsplit("Sudland", 1)[0]), unmeasured(NEWER)]
    result = claims("data", "refresh")
    assert result.exit_code == 1
    assert "announces no length, and sent another file the second time" in result.stderr


def test_a_publisher_who_writes_no_last_line_end(project, server):
    server.script = [answer(NEWER.rstrip())]
    registry = project.data / "connectors.yaml"
    registry.write_text(registry.read_text().replace("{layouts:", "{open_end: true, layouts:"))
    assert claims("data", "refresh").exit_code == 0


@pytest.mark.usefixtures("project")
def test_a_refused_copy_is_not_asked_for_again(server):
    """Else a file that once came half would be "unchanged" for ever."""
    server.script = [answer(NEWER[:-3], ETag='"7"'), answer(NEWER, ETag='"7"')]
    assert claims("data", "refresh").exit_code == 1
    assert claims("data", "refresh").exit_code == 0
    assert "If-None-Match" not in server.asked[1]


def dripping(server, before, drop):
    """A server that never ends and never falls silent."""

    def act(handler):
        handler.wfile.write(before)
        while not server.over.wait(0.02):
            handler.wfile.write(drop)

    return act


@pytest.mark.parametrize(
    ("before", "drop"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n", b"x"),
        (b"HTTP/1.1 200 OK\r\n\r\n", b"x"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        (b"HTTP/1.1 200 OK\r\nX-Long: ", b"x"),
        (b"HTTP/1.1 200 ", b"x"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    ],
    ids=["body", "body of no length", "chunks", "headers", "status", "continue"],
)
@pytest.mark.usefixtures("project")
def test_a_fetch_ends_when_its_time_is_over(server, monkeypatch, before, drop):
    policy = QUICK | {"total_timeout": 0.5, "read_timeout": 5}
    monkeypatch.setattr(http.FetchPolicy.__init__, "__kwdefaults__", policy)
    server.script = [dripping(server, before, drop)]
    began = time.monotonic()
    result = claims("data", "refresh")
    assert time.monotonic() - began < 20
    assert result.exit_code == 1
    assert "not whole after 0.5 s: refresh again later" in result.stderr


TODAY = "today"
DATES = {
    "Mon, 02 Jun 2025 10:00:00 GMT": ("2025-06-02", ""),
    "Mon, 02 Jun 2025 23:00:00 -0500": ("2025-06-03", ""),
    "Thu, 01 Jan 1970 00:00:00 GMT": (TODAY, "1970-01-01 lies before 2024-05-02"),
    "Thu, 01 Feb 2024 00:00:00 GMT": (TODAY, "2024-02-01 lies before 2024-05-02"),
    "Thu, 01 Jan 2099 00:00:00 GMT": (TODAY, ""),
    "Thu, 01 Jan 99999999999 00:00:00 GMT": (TODAY, ""),
    "yesterday": (TODAY, ""),
}


@pytest.mark.parametrize("modified", DATES)
def test_a_date_that_cannot_be_true_dates_no_edition(project, server, modified):
    published, note = DATES[modified]
    days = {time.strftime("%Y-%m-%d", time.gmtime())}  # two, if midnight passes
    server.script = [answer(NEWER, Last_Modified=modified)]
    result = claims("data", "refresh", "--accept")
    assert result.exit_code == 0, result.stderr
    assert note in result.stdout
    cited = project.sources.read_text().splitlines()[-1]
    assert cited.startswith("desk__")
    days.add(time.strftime("%Y-%m-%d", time.gmtime()))
    stated = {f",{published.replace(TODAY, day)},{day}," for day in days}
    assert any(each in cited for each in stated), cited


def test_an_edition_is_not_older_than_its_last_period(project, server):
    sources = project.sources
    sources.write_text(sources.read_text().replace("2024-05-02", ""))
    server.script = [answer(NEWER, Last_Modified="Sun, 31 Dec 2023 10:00:00 GMT")]
    assert "2023-12-31 lies before 2024-01-01" in claims("data", "refresh").stdout


@pytest.mark.usefixtures("project")
def test_a_date_to_come_does_not_freeze_the_refresh(server):
    server.script = [answer(NEWER, Last_Modified="Thu, 01 Jan 2099 00:00:00 GMT")]
    assert claims("data", "refresh").exit_code == 0
    assert claims("data", "refresh").exit_code == 0
    assert "If-Modified-Since" not in server.asked[1]


def test_pages_without_an_end_end_with_their_time(tmp_path):
    """Each page comes in time, and there is always another."""
    clock = iter(range(0, 10**6, 50))
    policy = http.FetchPolicy(total_timeout=300)
    fetcher = Endless(cache=tmp_path, policy=policy, clock=lambda: next(clock))
    remote = Remote(url="https://h/x", connector="worldbank")
    with pytest.raises(DataError, match="not all pages came in 300 s"):
        pipeline._fetch(remote, fetcher, Pages)
    assert fetcher.pages < 10


class Endless(http.Fetcher):
    """A fetcher of ever another page."""

    pages = 0

    def fetch(self, url, *, max_bytes):  # noqa: ARG002 - the limit is not what this is about
        type(self).pages += 1
        return Fetched(raw=b"x", url=url)


class Pages:
    """A connector that always misses the page behind the last."""

    @staticmethod
    def missing_pages(raw):
        return (len(raw),)


def test_wrong_options_are_found_before_anything_is_fetched(project, server):
    """All at once, each with its line, as everything else in the audit's files."""
    registry = project.data / "connectors.yaml"
    text = registry.read_text().replace("country: Country", "contry: Country")
    text = text.replace(
        "year: Year, value: Exports}}]", "year: 3}, keep: {Year: a}}], seperator: ;"
    )
    registry.write_text(text)
    result = claims("data", "refresh")
    assert result.exit_code == 1
    line = next(n for n, each in enumerate(text.splitlines(), 1) if "layouts" in each)
    faults = [each for each in result.stderr.splitlines() if f"connectors.yaml:{line}:" in each]
    assert len(faults) == 3, result.stderr
    assert "unknown key 'seperator' (did you mean 'separator'?)" in result.stderr
    registry.write_text(REGISTRY.format(url="https://example.org").replace("delimited", "delimit"))
    result = claims("data", "refresh")
    assert "connectors.yaml:7:7: there is no connector 'delimit' (did you mean" in result.stderr
    assert not server.asked
