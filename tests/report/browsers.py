"""The browser that the site is looked at with."""

from __future__ import annotations

import os
import shutil

NAMES = ("chromium", "google-chrome", "chromium-browser")
REQUIRED = os.environ.get("CLAIMS_BROWSER") == "required"
MISSING = "NO BROWSER: the site was not looked at; install one: `playwright install chromium`"


def installed() -> str | None:
    """A named browser, else one on the path; None leaves it to Playwright's own."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
