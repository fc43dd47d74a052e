"""No password and no key of an address reaches a screen or a file that is kept."""

import base64

import pytest
from refreshaudit import NEWER, answer, claims

from analysis.refresh import addresses, pipeline

WORD = "geheim/4711"


def change(project, server, url):
    registry = project.data / "connectors.yaml"
    text = registry.read_text().replace(f"{server.url}/exports.csv", url)
    registry.write_text(text)


def everything(project, *results):
    """All that was said and all that is kept."""
    files = [path.read_bytes() for path in project.data.rglob("*") if path.is_file()]
    files += [path.read_bytes() for path in project.build.rglob("*.json")]
    said = "".join(result.stdout + result.stderr for result in results)
    return b"\n".join(files).decode(errors="replace") + said


@pytest.mark.parametrize(
    "place",
    [
        "http://me:geheim4711@127.0.0.1:9/x.csv",
        "http://geheim4711@127.0.0.1:9/x.csv",
        "http://127.0.0.1:9/x.csv?api_key=geheim4711",
        "http://127.0.0.1:9/x.csv?get=a&token=geheim4711",
        "http://127.0.0.1:9/x.csv?key=geheim4711geheim4711",
    ],
)
@pytest.mark.parametrize("how", [(), ("--dry-run",), ("--offline",)])
def test_a_secret_that_is_written_out_is_refused_unseen(project, server, place, how):
    change(project, server, f'"{place}"')
    result = claims("data", "refresh", *how)
    assert result.exit_code == 1
    assert "data/connectors.yaml:" in result.stderr
    assert "write ${NAME} in its place" in result.stderr
    assert "geheim" not in result.stdout + result.stderr


def test_a_secret_that_is_named_goes_to_the_server_and_nowhere_else(project, server, monkeypatch):
    monkeypatch.setenv("DESK_PASSWORD", WORD)
    host = server.url.removeprefix("http://")
    url = f"http://me:${{DESK_PASSWORD}}@{host}/exports.csv?key=${{DESK_PASSWORD}}"
    change(project, server, f'"{url}"')
    server.script = [answer(NEWER)]
    results = [claims("data", "refresh", *how) for how in (("--dry-run",), ("--accept",))]
    assert results[1].exit_code == 0, results[1].stderr
    assert base64.b64decode(server.asked[0]["Authorization"].split()[1]) == b"me:geheim/4711"
    assert server.asked[0]["path"] == "/exports.csv?key=geheim%2F4711"
    text = everything(project, *results)
    assert "geheim" not in text
    assert url in text


@pytest.mark.parametrize(
    "act",
    [
        answer("", 302, Location="http://127.0.0.2:9/x?key=geheim%2F4711"),
        answer("", 302, Location="http://me:geheim%2F4711@127.0.0.2:9/x"),
        answer(f"Country,{WORD}\nNorland,1\n"),
        answer("", 404),
        answer("", 500),
    ],
)
def test_a_server_that_repeats_the_secret(project, server, monkeypatch, act):
    monkeypatch.setenv("DESK_KEY", WORD)
    change(project, server, f'"{server.url}/exports.csv?key=${{DESK_KEY}}"')
    server.script = [act]
    result = claims("data", "refresh")
    assert result.exit_code == 1
    assert "geheim" not in everything(project, result)


def test_a_variable_that_is_not_set(project, server, monkeypatch):
    monkeypatch.delenv("DESK_KEY", raising=False)
    change(project, server, f'"{server.url}/exports.csv?key=${{DESK_KEY}}"')
    result = claims("data", "refresh")
    assert "set the variable DESK_KEY in the environment" in result.stderr
    assert not server.asked


@pytest.mark.parametrize("url", ["http://[::1/x", "http://host:99999999/x", "ftp://host/x", "x"])
def test_what_is_no_address(project, server, url):
    change(project, server, f'"{url}"')
    result = claims("data", "refresh")
    assert result.exit_code == 1
    assert "expected an address" in result.stderr


@pytest.mark.parametrize("url", ["https://h/x?key=A.B.C", "https://h/x?page=1", "https://h/x?a"])
def test_an_ordinary_address_is_one(url):
    assert list(addresses.faults(url)) == []


def test_the_next_page_is_asked_for_with_the_secret_and_everything_else():
    url = "https://h/x?key=${KEY}&empty=&get=a&get=b&page=1"
    expected = "https://h/x?key=${KEY}&empty=&get=a&get=b&page=2"
    assert pipeline._page(url, 2) == expected
