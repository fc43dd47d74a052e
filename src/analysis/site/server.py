"""Show the site on this machine: built anew when something changes, and open pages reload.

The pages keep their policy, which lets them load scripts of the site and send no request: a page
asks for a script that the server answers when there is a newer build.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from analysis.project import Project

HOST = "127.0.0.1"  # nobody but this machine
NAMES = frozenset({HOST, "localhost"})
EVERY = 1.0  # seconds between two looks at the files; a change counts when the next finds no more
PATIENCE = 20.0  # seconds after which a page that waits asks again
SCRIPT = "/.reload.js"
READ = (  # what the pages are made from, below the audit
    "claims.yaml",
    "claims/*.yaml",
    "data/*",
    "data/*/*",
    "results/*",
    "build/results.json",
    "build/failures/*",
    "build/figures/*",
    "build/notebooks/*",
    "docs/*.md",
)
AHEAD = """\
addEventListener("load", () => {{
  const script = document.createElement("script");
  script.src = "{path}?seen={seen}";
  document.head.append(script);
}});
"""
AGAIN = """\
(() => {{
  const script = document.createElement("script");
  script.src = "{path}?seen={seen}&again=" + Date.now();
  document.head.append(script);
}})();
"""
BUILDING = b"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Being built</title></head>
<body><p>The site is being built; this page reloads when it is there.</p></body></html>"""
Stamp = frozenset[tuple[str, int, int]]


class Server(ThreadingHTTPServer):
    """The files of a folder for browsers of this machine; `version` counts the builds."""

    daemon_threads = True

    def __init__(self, folder: Path, port: int) -> None:
        super().__init__((HOST, port), partial(Handler, directory=str(folder)))
        self.version = 0
        self._changed = threading.Condition()

    @property
    def url(self) -> str:
        """The address of the first page."""
        return f"http://{HOST}:{self.server_port}/"

    def renew(self) -> None:
        """Let every open page reload."""
        with self._changed:
            self.version += 1
            self._changed.notify_all()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that leaves before it has everything is no fault."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)

    def newer(self, seen: int, patience: float = PATIENCE) -> bool:
        """Wait for a build after the one that a page has seen; whether it came in time."""
        with self._changed:
            return self._changed.wait_for(lambda: self.version != seen, patience)


class Handler(SimpleHTTPRequestHandler):
    """Files as they are, pages with the script that lets them reload."""

    server: Server

    def do_GET(self) -> None:
        """Answer a request of a browser of this machine."""
        if (self.headers.get("Host") or "").rpartition(":")[0] not in NAMES:
            self.send_error(HTTPStatus.FORBIDDEN, "this site is shown on this machine alone")
            return
        address = urlsplit(self.path)
        path = Path(self.translate_path(self.path))
        page = path / "index.html" if path.is_dir() else path
        if address.path == SCRIPT:
            self._put(self._script(parse_qs(address.query)).encode(), "text/javascript")
        elif page.suffix == ".html" and page.is_file():
            self._page(page.read_bytes())
        elif path.is_file():
            super().do_GET()
        else:
            self._missing()

    def _page(self, content: bytes, status: HTTPStatus = HTTPStatus.OK) -> None:
        tag = f'<script src="{SCRIPT}"></script></body>'.encode()
        self._put(content.replace(b"</body>", tag), "text/html; charset=utf-8", status)

    def _missing(self) -> None:
        """The site's own page for what is not there; before the first build, that it is made."""
        site = Path(self.directory)
        if not (site / "index.html").is_file():
            self._page(BUILDING, HTTPStatus.SERVICE_UNAVAILABLE)
        elif (own := site / "404.html").is_file():
            self._page(own.read_bytes(), HTTPStatus.NOT_FOUND)
        else:
            self.send_error(HTTPStatus.NOT_FOUND)

    def _script(self, query: dict[str, list[str]]) -> str:
        if "seen" not in query:
            return AHEAD.format(path=SCRIPT, seen=self.server.version)
        seen = int(query["seen"][0]) if query["seen"][0].isdecimal() else -1
        return (
            "location.reload();"
            if self.server.newer(seen)
            else AGAIN.format(path=SCRIPT, seen=seen)
        )

    def _put(self, content: bytes, kind: str, status: HTTPStatus = HTTPStatus.OK) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's
        """Keep the terminal free for builds and faults."""


def stamp(project: Project) -> Stamp:
    """The state of the files that the pages are made from."""
    return frozenset(_states(project))


def _states(project: Project) -> Iterator[tuple[str, int, int]]:
    own = Path(__file__).parent
    folders = [(project.root, READ), (own, ("templates/*", "assets/*"))]
    for root, patterns in folders:
        for path in (path for pattern in patterns for path in root.glob(pattern)):
            try:
                state = path.stat()
            except OSError:  # gone since
                continue
            yield str(path), state.st_mtime_ns, state.st_size


def watch(
    project: Project, build: Callable[[], object], ended: threading.Event, every: float = EVERY
) -> None:
    """Call `build` after each change, once the files have come to rest, until `ended` is set."""
    built = before = stamp(project)
    while not ended.wait(every):
        now = stamp(project)
        if now == before != built:
            built = now
            build()
        before = now
