import io
import re
import socket
import struct
import zipfile

import pytest
from refreshaudit import NEWER, PINNED, answer, claims, pinned

from analysis.refresh import http


def reset(handler):
    """A reset, not an end: what is sent when a server falls over."""
    handler.send_response(200)
    handler.send_header("Content-Length", "5000")
    handler.end_headers()
    handler.wfile.write(b"Country,Year")
    handler.wfile.flush()
    linger = struct.pack("ii", 1, 0)
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    handler.connection.close()


def hanging(server):
    def act(_):
        server.over.wait(10)

    return act


def packed(name="sheet.xml", size=10):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, b"\0" * size)
    return answer(out.getvalue(), kind="application/zip")


def redirect(to):
    return answer("", status=302, Location=to)


LOGIN = "<!DOCTYPE html><html><body>Please sign in</body></html>"
MISBEHAVIOUR = {
    "a missing file": (
        answer("gone", 404),
        r"answers 404 Not Found, expected 200.*correct its url",
    ),
    "a server that stays broken": (answer("", 500), r"answers 500.*2 tries.*refresh again later"),
    "a wait that is too long": (
        answer("", 429, Retry_After="3600"),
        r"answers 429.*1 try, to be asked again after 3600 s",
    ),
    "a reset in the middle": (reset, r"connection broke.*refresh again later"),
    "a hanging socket": (None, r"no answer in time.*refresh again later"),
    "a truncated body": (
        answer(PINNED, Content_Length="5000"),
        r"cut off: fewer bytes came than were announced",
    ),
    "a sign-in page": (answer(LOGIN, kind="text/html"), r"a web page came instead of data"),
    "a sign-in page that says it is a CSV": (answer(LOGIN), r"a web page came instead of data"),
    "an empty file": (answer(""), r"an empty file came"),
    "a renamed column": (
        answer(NEWER.replace("Exports", "Export volume")),
        r"expected a column 'Exports', found 'Country', 'Year', 'Export volume'.*correct",
    ),
    "swapped units": (
        answer(
            "Country,Year,Exports\nNorland,2021,8500\nNorland,2022,9100\nNorland,2023,9900\n"
            "Sudland,2022,4000\nSudland,2023,4400\n"
        ),
        r"10\^3 times the pinned ones, expected million tons",
    ),
    "a revised history": (
        answer(PINNED.replace("9.1", "12")),
        r"1 pinned values change by more than 5.00%: Norland · 2022 from 9.1 to 12 \(31.9%\)",
    ),
    "a shrunken series": (
        answer(PINNED.replace("Norland,2021,8.5\n", "")),
        r"1 pinned rows are missing.*at most 0 may: first Norland · 2021",
    ),
    "another form of dates": (
        answer(PINNED.replace("2023", "31/12/2023")),
        r"year = '31/12/2023': expected a year.*did the publisher change its form",
    ),
    "a byte order mark": (answer("\ufeff" + NEWER), r"byte order mark.*set 'encoding: utf-8-sig'"),
    "a row twice": (answer(NEWER + "Sudland,2024,4.5\n"), r"Sudland · 2024 occurs twice"),
    "a negative quantity": (answer(NEWER.replace("11.0", "-11.0")), r"minimum 0"),
    "a zip bomb": (packed(size=20 << 20), r"unpacks to 20,971,520 bytes, expected 1,048,576"),
    "a member outside its folder": (packed("../../x.csv"), r"member outside its folder"),
    "a file without an end": (answer(b"a" * (2 << 20)), r"more than 1,048,576 bytes"),
    "a redirect to another host": (
        redirect("http://127.0.0.2:9/x.csv"),
        r"redirects to another place, http://127.0.0.2:9/x.csv",
    ),
    "a redirect loop": (redirect("/exports.csv"), r"redirects more than 5 times"),
    "a redirect to a file of this machine": (
        redirect("file:///etc/passwd"),
        r"redirects to another place, file:///etc/passwd",
    ),
    "a redirect to no address": (
        redirect("http://[::1/x"),
        r"redirects to an invalid address, 'http://\[::1/x': look at it in a browser",
    ),
    "a redirect to no port": (
        redirect("http://127.0.0.1:99999999/x"),
        r"redirects to an invalid address",
    ),
    "a redirect with a body without an end": (
        answer(b"a" * 1000, 302, Content_Length="9" * 12, Location="http://127.0.0.2:9/x.csv"),
        r"redirects to another place, http://127.0.0.2:9/x.csv",
    ),
    "an unchanged file that was never there": (answer("", 304), r"answers 304 Not Modified"),
}


@pytest.mark.parametrize("kind", MISBEHAVIOUR)
def test_misbehaviour_changes_nothing_and_is_reported(project, server, kind):
    act, message = MISBEHAVIOUR[kind]
    server.script = [act or hanging(server)]
    before = pinned(project)
    result = claims("data", "refresh", "trade/flows", "--accept")
    assert result.exit_code == 1
    assert "trade/flows: refused, nothing pinned is changed" in result.stderr
    assert re.search(message, result.stderr, re.DOTALL), result.stderr
    assert pinned(project) == before


def test_a_wrong_hash(project, server):
    server.script = [answer(NEWER)]
    registry = project.data / "connectors.yaml"
    registry.write_text(registry.read_text() + f"      sha256: {'0' * 64}\n")
    before = pinned(project)
    result = claims("data", "refresh", "--accept")
    assert result.exit_code == 1
    assert "expected sha256 0000" in result.stderr
    assert pinned(project) == before


@pytest.mark.parametrize("fault", [answer("", 500), answer("", 429, Retry_After="0"), reset])
@pytest.mark.usefixtures("project")
def test_a_passing_fault_is_tried_again(server, fault):
    server.script = [fault, answer(NEWER)]
    result = claims("data", "refresh")
    assert result.exit_code == 0, result.stderr
    assert len(server.asked) == 2


@pytest.mark.parametrize("name", ["../../etc/passwd", "trade/flow", "/trade/flows"])
@pytest.mark.usefixtures("project")
def test_a_path_that_leaves_the_folder_is_no_table(server, name):
    result = claims("data", "refresh", name)
    assert result.exit_code == 2
    assert f"no table '{name}'" in result.stderr
    assert not server.asked


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("trade/flows:", "../flows:", "no table '../flows' in the catalog"),
        ("url: http", "url: file", "expected an address that begins with https://"),
        ("connector: delimited", "connector: delimitd", "did you mean 'delimited'"),
    ],
)
def test_a_registry_that_cannot_be_meant(project, server, old, new, message):
    server.script = [answer(NEWER)]
    registry = project.data / "connectors.yaml"
    registry.write_text(registry.read_text().replace(old, new))
    result = claims("data", "refresh")
    assert result.exit_code == 1
    assert message in result.stderr


@pytest.mark.usefixtures("project")
def test_a_request_names_its_agent_and_asks_only_for_changes(server):
    """The second request is conditional; with --offline there is none, and the output says so."""
    server.script = [
        answer(NEWER, ETag='"7"', Last_Modified="Mon, 02 Jun 2025 10:00:00 GMT"),
        answer("", 304),
    ]
    assert claims("data", "refresh").exit_code == 0
    again = claims("data", "refresh")
    assert "kept copy of 2025-06-02" in again.stdout
    assert server.asked[0]["User-Agent"].startswith("claims-audit/")
    assert server.asked[1]["If-None-Match"] == '"7"'
    offline = claims("data", "refresh", "--offline")
    assert ", offline: " in offline.stdout
    assert len(server.asked) == 2


@pytest.mark.usefixtures("project")
def test_offline_without_a_copy_says_so():
    result = claims("data", "refresh", "--offline")
    assert result.exit_code == 1
    assert "offline, and no copy of it is kept" in result.stderr


@pytest.mark.usefixtures("project")
def test_a_dry_run_asks_nobody(server):
    result = claims("data", "refresh", "--dry-run")
    assert f"{server.url}/exports.csv" in result.stdout
    assert not server.asked


def test_a_pause_lies_between_two_requests_to_a_host(tmp_path, server):
    server.script = [answer(PINNED)]
    slept = []
    fetcher = http.Fetcher(
        cache=tmp_path,
        sleep=slept.append,
        clock=lambda: 100.0,
        policy=http.FetchPolicy(host_pause=3),
    )
    for _ in range(2):
        fetcher.fetch(f"{server.url}/x", max_bytes=1000)
    assert slept == [3]
