"""Find a Chromium for the tests that need a real page, and say loudly how to get one."""

from __future__ import annotations

import os
import shutil
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


@contextmanager
def browser(environ: Mapping[str, str] = os.environ) -> Iterator[Any]:
    """A headless Chromium: the one of `path`, else Playwright's own. Raises NoBrowser."""
    from playwright.sync_api import sync_playwright

    found = path(environ)
    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
        if not found and not own.exists():
            raise NoBrowser(f"no browser was found: {HOW}")
        opened = playwright.chromium.launch(executable_path=found, args=list(ARGUMENTS))
        try:
            yield opened
        finally:
            opened.close()


def missing(error: NoBrowser, environ: Mapping[str, str] = os.environ) -> None:
    """Skip what needs a browser; fail where $CLAIMS_BROWSER says that one is required."""
    if environ.get("CLAIMS_BROWSER") == "required":
        pytest.fail(f"CLAIMS_BROWSER=required, but {error}", pytrace=False)
    pytest.skip(f"NOT TESTED IN A BROWSER: {error}")
