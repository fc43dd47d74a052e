"""A made-up audit with one refreshable table and one claim, and a server that misbehaves."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from analysis.cli import main
from analysis.data.checksums import pin
from analysis.project import Project

CLAIMS = """\
article: {title: A text, publisher: A press, published: 2024-12-10}
sections: {T: Things}
claims:
  T1:
    section: T
    locator: p1
    title: Exports above ten
    statement: Norland exported more than 10 million tons in 2023.
    type: level
    checkable: "yes"
    core: It is more.
    rule: More than 10.
    readings:
      literal: {kind: literal, statement: more than 10}
    method: level
    parameters:
      claimed: 10
      unit: million tons
      comparison: exceeds
      measures:
        - terms:
            - part: exports
              table: trade/flows
              value: value
              where: {year: 2023, country: Norland}
    tables: [trade/flows]
"""
CATALOG = """\
tables:
  trade/flows:
    title: Exports of two countries
    description: Yearly exports as the publisher counts them.
    row: One year of one country.
    licence: {terms: open, commercial: true}
    key: [country, year, source_id]
    time: {column: year, frequency: year}
    vintage: {source: published, lag_days: 90}
    columns:
      country: {type: category, values: [Norland, Sudland], meaning: who exports}
      year: {type: year, meaning: calendar year}
      value: {type: number, unit: million tons, minimum: 0, meaning: exports}
      note: {type: string, nullable: true, meaning: anything to know}
      source_id: {type: source, meaning: where it was read}
"""
SOURCES = """\
source_id,publisher,title,url,published,retrieved,licence,quality,family,note
desk,World Desk,Exports,https://example.org/w,2024-05-02,2024-05,open,official,desk,
press,The Courier,A visit,,2024-02,2024-05,,unnamed,courier,
"""
FLOWS = """\
country,year,value,note,source_id
Norland,2021,8.5,,desk
Norland,2022,9.1,"a strike, they say",desk
Norland,2023,9.9,,desk
Sudland,2022,4,,desk
Sudland,2023,4.4,,desk
Sudland,2023,4,by a visitor,press
"""
REGISTRY = """\
trade/flows:
  source: desk
  value: value
  tolerance: 0.05
  files:
    - url: {url}/exports.csv
      connector: delimited
      options: {{layouts: [{{columns: {{country: Country, year: Year, value: Exports}}}}]}}
      max_megabytes: 1
"""
PINNED = """\
Country,Year,Exports
Norland,2021,8.5
Norland,2022,9.1
Norland,2023,9.9
Sudland,2022,4.0
Sudland,2023,4.4
"""
QUICK = {
    "connect_timeout": 1, "read_timeout": 0.2, "total_timeout": 5, "max_tries": 2,
    "backoff": 0.01, "max_retry_after": 1, "host_pause": 0, "max_redirects": 5,
}  # fmt: skip
NEWER = PINNED.replace("9.9", "10.2") + "Norland,2024,11.0\nSudland,2024,4.5\n"


def audit(root: Path, url: str = "https://example.org") -> Project:
    """Write the audit and pin its tables."""
    files = {
        "claims.yaml": CLAIMS,
        "data/catalog.yaml": CATALOG,
        "data/sources.csv": SOURCES,
        "data/corrections.yaml": "[]\n",
        "data/trade/flows.csv": FLOWS,
        "data/connectors.yaml": REGISTRY.format(url=url),
    }
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    project = Project(root)
    pin(project)
    return project


def pinned(project: Project) -> dict[str, bytes]:
    """Everything under data/ but what a lock leaves behind."""
    return {
        project.show(path): path.read_bytes()
        for path in sorted(project.data.rglob("*"))
        if path.is_file() and path.name != ".refresh.lock"
    }


Answer = Callable[[BaseHTTPRequestHandler], None]


def answer(body: str | bytes, status: int = 200, kind: str = "text/csv", **headers: str) -> Answer:
    """An answer with this body; `headers` have _ for -."""
    raw = body if isinstance(body, bytes) else body.encode()

    def act(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.send_header("Content-Type", kind)
        given = {"Content_Length": f"{len(raw)}"} | headers
        for name, value in given.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(raw)

    return act


@dataclass
class Server:
    """What it answers next, and what it was asked."""

    url: str = ""
    script: list[Answer] = field(default_factory=list)
    asked: list[dict[str, str]] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)


@contextmanager
def serving() -> Iterator[Server]:
    """A real server on loopback that plays a script, and its last answer for ever."""
    state = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            state.asked.append({"path": self.path} | dict(self.headers))
            self.close_connection = True
            act = state.script.pop(0) if len(state.script) > 1 else state.script[0]
            act(self)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    state.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield state
    finally:
        state.over.set()
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass(frozen=True)
class CommandResult:
    """The output of a command and its exit code."""

    exit_code: int
    stdout: str
    stderr: str


def claims(*arguments: str) -> CommandResult:
    """Run `claims` in this process."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = main.main(list(arguments))
    return CommandResult(exit_code=code, stdout=out.getvalue(), stderr=err.getvalue())
