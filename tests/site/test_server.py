"""The site on this machine: only for it, and open pages follow the files."""

from __future__ import annotations

import http.client
import shutil
import threading
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import Mock

import pytest

from analysis.project import Project
from analysis.site import server as sites

ROOT = Path(__file__).parents[2]
POLICY = "default-src 'none'; script-src 'self'"  # as base.html has it
PAGE = f"""<!doctype html><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{POLICY}"><title>{{title}}</title>
<body><p>The text</p></body>"""


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "site"
    (made / "claims").mkdir(parents=True)
    (made / "index.html").write_text(PAGE.format(title="first"))
    (made / "data.csv").write_text("a,b\n1,2\n")
    (tmp_path / "secret.txt").write_text("not of the site")
    return made


@contextmanager
def serving(folder):
    with sites.Server(folder, 0) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def server(folder):
    with serving(folder) as started:
        yield started


def get(server, path, host="127.0.0.1"):
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=10)
    connection.request("GET", path, headers={"Host": f"{host}:{server.server_port}"})
    answer = connection.getresponse()
    return answer.status, answer.read().decode()


def test_the_policy_of_these_tests_is_that_of_the_pages():
    assert POLICY in (ROOT / "src/analysis/site/templates/base.html").read_text()


def test_it_listens_on_loopback_alone(server):
    assert server.server_address[0] == "127.0.0.1"


@pytest.mark.parametrize("host", ["example.org", "", "127.0.0.1.example.org"])
def test_a_foreign_name_for_this_machine_is_refused(server, host):
    status, text = get(server, "/", host)
    assert status == 403
    assert "The text" not in text


def test_a_page_gets_the_script_and_a_file_is_as_it_is(server, folder):
    status, text = get(server, "/")
    assert status == 200
    assert text.count("/.reload.js") == 1
    assert get(server, "/data.csv") == (200, (folder / "data.csv").read_text())


@pytest.mark.parametrize("path", ["/claims/", "/../secret.txt", "/%2e%2e/secret.txt", "/none.html"])
def test_nothing_else_is_shown(server, path):
    assert get(server, path)[0] == 404


def test_what_is_not_there_is_told_by_the_sites_own_page(server, folder):
    (folder / "404.html").write_text(PAGE.format(title="Page not found"))
    status, text = get(server, "/none.html")
    assert (status, "Page not found" in text) == (404, True)


def test_before_the_first_build_a_page_says_so_and_reloads(tmp_path):
    with serving(tmp_path / "not yet") as server:
        status, text = get(server, "/")
        assert status == 503
        assert "is being built" in text
        assert "/.reload.js" in text


def test_a_browser_that_leaves_is_no_fault(server, capsys, monkeypatch):
    for kind, told in ((BrokenPipeError, False), (ConnectionResetError, False), (KeyError, True)):
        monkeypatch.setattr(server, "finish_request", Mock(side_effect=kind))
        server.process_request_thread(Mock(), ("127.0.0.1", 1))
        assert bool(capsys.readouterr().err) == told


def test_a_page_that_waits_is_answered_by_the_next_build(server):
    answers = []
    asking = threading.Thread(
        target=lambda: answers.append(get(server, f"/.reload.js?seen={server.version}"))
    )
    asking.start()
    asking.join(0.2)
    assert answers == []
    server.renew()
    asking.join(10)
    assert answers == [(200, "location.reload();")]


def test_a_page_that_missed_a_build_reloads_at_once(server):
    server.renew()
    assert get(server, "/.reload.js?seen=0")[1] == "location.reload();"


def test_without_a_build_a_page_asks_again(server, monkeypatch):
    monkeypatch.setattr(server, "newer", lambda seen: seen != server.version)
    assert "/.reload.js?seen=0" in get(server, "/.reload.js?seen=0")[1]


@pytest.mark.parametrize("seen", ["", "x", "-1"])
def test_a_page_that_says_nonsense_reloads(server, seen):
    assert "reload()" in get(server, f"/.reload.js?seen={seen or '%20'}")[1]


@pytest.fixture
def audit(tmp_path) -> Project:
    for name in ("claims", "data/trade", "results", "build/figures"):
        (tmp_path / "audit" / name).mkdir(parents=True)
    (tmp_path / "audit" / "claims.yaml").write_text("claims: {}")
    return Project(tmp_path / "audit")


@pytest.mark.parametrize(
    "path", ["claims.yaml", "claims/C.yaml", "data/trade/gdp.csv", "build/figures/C2.svg"]
)
def test_each_file_that_pages_are_made_from_is_watched(audit, path):
    before = sites.stamp(audit)
    (audit.root / path).write_text("changed")
    assert sites.stamp(audit) != before


def test_a_change_is_built_once_and_the_next_one_too(audit):
    ended, built = threading.Event(), threading.Semaphore(0)
    arguments = (audit, built.release, ended, 0.02)
    watching = threading.Thread(target=sites.watch, args=arguments, daemon=True)
    watching.start()
    assert not built.acquire(timeout=0.2)
    for text in ("one", "another"):
        (audit.root / "claims.yaml").write_text(text)
        assert built.acquire(timeout=10)
        assert not built.acquire(timeout=0.2)
    ended.set()
    watching.join(10)
    assert not watching.is_alive()


def test_an_open_page_reloads_in_a_browser_under_its_policy(server, folder, chromium):
    page = chromium.new_page()
    faults = []
    page.on("console", lambda said: faults.append(said.text))
    page.goto(server.url)
    assert page.title() == "first"
    page.wait_for_selector("head script[src*=seen]", state="attached")
    (folder / "index.html").write_text(PAGE.format(title="second"))
    with page.expect_event("load", timeout=10_000):
        server.renew()
    assert page.title() == "second"
    assert faults == []
    page.close()


def test_the_site_may_be_exchanged_while_it_is_shown(server, folder):
    other = folder.with_name("other")
    shutil.copytree(folder, other)
    (other / "index.html").write_text(PAGE.format(title="other"))
    folder.rename(folder.with_name("old"))
    other.rename(folder)
    assert "other" in get(server, "/")[1]
