"""Find a Chromium for the tests that need a real page, and say loudly how to get one."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = (
    "--no-sandbox",  # tests run as root in CI
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE = 180  # seconds for a download
HOW = "install chromium, name one in $CHROMIUM, or run: python -m playwright install chromium"


class NoBrowser(Exception):  # noqa: N818 - what is missing, not an error of the code
    """No Chromium can be found."""


def path(environ: Mapping[str, str] = os.environ) -> str | None:
    """The browser's path: the one that $CHROMIUM names, else an installed one, else None."""
    if named := environ.get("CHROMIUM"):
        if shutil.which(named):
            return shutil.which(named)
        raise NoBrowser(f"CHROMIUM says {named}, which cannot be run: {HOW}")
    found = (shutil.which(name, path=environ.get("PATH")) for name in NAMES)
    return next((each for each in found if each), None)


@functools.cache
def brought() -> bool:
    """Whether Playwright could fetch a Chromium of its own. It is tried once in a session."""
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=PATIENCE)
    except (OSError, subprocess.SubprocessError):
        return False
    return True


@contextmanager
def browser(environ: Mapping[str, str] = os.environ, *, bring: bool = False) -> Iterator[Any]:
    """A headless Chromium: the one of `path`, else Playwright's own. Raises NoBrowser.

    With `bring`, Playwright's own is fetched where there is none.
    """
    from playwright.sync_api import Error, sync_playwright

    found = path(environ)
    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
        if not found and not own.exists() and not (bring and brought()):
            raise NoBrowser(f"no browser was found: {HOW}")
        try:
            opened = playwright.chromium.launch(executable_path=found, args=list(ARGUMENTS))
        except Error as error:
            why = str(error).strip().splitlines()[0]
            raise NoBrowser(f"the browser does not start ({why}): {HOW}") from error
        try:
            yield opened
        finally:
            opened.close()


def missing(error: NoBrowser, environ: Mapping[str, str] = os.environ) -> None:
    """Skip what needs a browser; fail where $CLAIMS_BROWSER says that one is required."""
    if environ.get("CLAIMS_BROWSER") == "required":
        pytest.fail(f"CLAIMS_BROWSER=required, but {error}", pytrace=False)
    pytest.skip(f"NOT TESTED IN A BROWSER: {error}")
