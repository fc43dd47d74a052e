"""A real JupyterLab on loopback, on a copy of the audit, and a page of a real Chromium on it."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import pytest

ROOT = Path(__file__).parents[2]
COPIED = ("claims", "claims.yaml", "data", "notebooks", "results")
STARTS = 120.0  # seconds that a server may take on a busy machine
RUNS = 240_000  # milliseconds that a notebook may take
IDLE = "#jp-main-statusbar >> text=/\\| Idle$/"
ERROR = '.jp-OutputArea-output[data-mime-type="application/vnd.jupyter.error"]'


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """Where the server is, what lets one in, and the folder that it shows."""

    url: str
    token: str
    folder: Path


@contextmanager
def server(folder: Path, home: Path) -> Iterator[Server]:
    """A JupyterLab that shows `folder`, started elsewhere, with all its settings in `home`."""
    token = secrets.token_hex(8)
    places = {
        name: str(home / name.lower())
        for name in (
            "JUPYTER_CONFIG_DIR",
            "JUPYTER_DATA_DIR",
            "JUPYTER_RUNTIME_DIR",
            "JUPYTERLAB_SETTINGS_DIR",
            "JUPYTERLAB_WORKSPACES_DIR",
            "IPYTHONDIR",
            "CLAIMS_OUTPUT",
        )
    }
    command = [sys.executable, "-m", "jupyterlab", str(folder), "--no-browser", "--allow-root"]
    options = [
        "--ip=127.0.0.1",
        "--port=0",
        f"--IdentityProvider.token={token}",
        # If these tests are killed, the server ends by itself.
        "--ServerApp.shutdown_no_activity_timeout=600",
        "--MappingKernelManager.cull_idle_timeout=300",
        "--LabApp.news_url=",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]
    _set(Path(places["JUPYTERLAB_SETTINGS_DIR"]), "notification", {"fetchNews": "false"})
    with (home / "server.log").open("wb") as log:
        process = subprocess.Popen(
            [*command, *options],
            cwd="/",
            env={**os.environ, **places},
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            url = _answering(process, Path(places["JUPYTER_RUNTIME_DIR"]), home / "server.log")
            yield Server(url=url, token=token, folder=folder)
        finally:
            _end(process)


def _set(folder: Path, name: str, settings: dict[str, str]) -> None:
    """Settings of Lab as a reader would have made them: news are neither fetched nor offered."""
    path = folder / "@jupyterlab" / "apputils-extension" / f"{name}.jupyterlab-settings"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(settings))


def _answering(process: subprocess.Popen, runtime: Path, log: Path) -> str:
    """The address, as soon as the server has said that it listens."""
    said = runtime / f"jpserver-{process.pid}.json"
    until = time.monotonic() + STARTS
    while time.monotonic() < until and process.poll() is None:
        if said.exists() and (text := said.read_text()):
            return str(json.loads(text)["url"])
        time.sleep(0.1)
    pytest.fail(f"JupyterLab did not start: {log.read_text()[-2000:]}", pytrace=False)


def _end(process: subprocess.Popen) -> None:
    """Ask the server to shut its kernels down; whatever is left goes with its session."""
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@dataclass(frozen=True, slots=True, kw_only=True)
class Lab:
    """A page that shows one notebook."""

    page: Any
    path: Path

    def run_all(self) -> None:
        """Restart the kernel and run all cells, as a reader does it with the mouse."""
        self.page.locator('[data-jp-item-name="restart-and-run"]').first.click()
        self.page.locator(".jp-Dialog .jp-mod-accept").click()

    def expect(self, words: str) -> None:
        """Wait until an output has these words; an error in a cell ends the waiting."""
        told = f'.jp-OutputArea-output:has-text("{words}")'
        self.page.wait_for_selector(f"{told}, {ERROR}", timeout=RUNS, state="attached")
        assert self.page.locator(told).count(), self.errors()

    def errors(self) -> list[str]:
        """What cells that failed show."""
        return self.page.locator(ERROR).all_inner_texts()

    def saved(self) -> list[nbformat.NotebookNode]:
        """The code cells as they are in the file after a save, all of them with their counts."""
        until = time.monotonic() + 30
        while time.monotonic() < until:
            self.page.keyboard.press("Control+s")
            self.page.wait_for_timeout(500)
            cells = nbformat.read(self.path, as_version=4).cells
            code = [cell for cell in cells if cell.cell_type == "code"]
            if all(cell.execution_count for cell in code):
                return code
        return code


@pytest.fixture(scope="module")
def desk(chromium, tmp_path_factory):
    """The server on a copy of the audit: Lab saves what it opens."""
    folder, home = tmp_path_factory.mktemp("desk"), tmp_path_factory.mktemp("home")
    del chromium  # without one there is nothing to start
    for name in COPIED:
        (folder / "audit").mkdir(exist_ok=True)
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, folder / "audit" / name)
    (folder / "audit" / "build").mkdir()
    shutil.copy(ROOT / "results" / "published.json", folder / "audit" / "build" / "results.json")
    with server(folder, home) as started:
        yield started


@contextmanager
def opening(desk: Server, chromium: Any) -> Iterator[Callable[[str], Lab]]:
    """A function that opens a notebook by its path in the server's folder."""
    context = chromium.new_context(
        viewport={"width": 1280, "height": 1000},
        permissions=["clipboard-read", "clipboard-write"],
    )
    page = context.new_page()

    def opened(path: str) -> Lab:
        page.goto(f"{desk.url}lab/tree/{path}?token={desk.token}&reset")
        page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=RUNS)
        page.wait_for_selector(IDLE, timeout=RUNS)
        return Lab(page=page, path=desk.folder / path)

    try:
        yield opened
    finally:
        page.close()
        _end_kernels(desk, context.request)
        context.close()


def _end_kernels(desk: Server, request: Any) -> None:
    """A page that is closed leaves its kernel running."""
    headers = {"Authorization": f"token {desk.token}"}
    for kernel in request.get(f"{desk.url}api/kernels", headers=headers).json():
        request.delete(f"{desk.url}api/kernels/{kernel['id']}", headers=headers)


@pytest.fixture
def lab(desk, chromium):
    with opening(desk, chromium) as opened:
        yield opened
