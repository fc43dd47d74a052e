"""Which browser is taken, and how loud its absence is."""

from __future__ import annotations

import subprocess

import browsers
import pytest


def program(folder, name):
    path = folder / name
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return str(path)


def test_a_named_browser_goes_before_an_installed_one(tmp_path):
    named, _ = program(tmp_path, "mine"), program(tmp_path, "chromium")
    assert browsers.path({"CHROMIUM": named, "PATH": str(tmp_path)}) == named


def test_an_installed_one_is_found(tmp_path):
    found = program(tmp_path, "google-chrome")
    assert browsers.path({"PATH": str(tmp_path)}) == found


def test_without_any_it_is_left_to_playwright(tmp_path):
    assert browsers.path({"PATH": str(tmp_path)}) is None


def test_a_named_browser_that_is_missing_is_not_passed_over(tmp_path):
    program(tmp_path, "chromium")
    with pytest.raises(browsers.NoBrowser, match="CHROMIUM says /no/such, which cannot be run"):
        browsers.path({"CHROMIUM": "/no/such", "PATH": str(tmp_path)})


def test_what_is_skipped_says_how_to_get_a_browser():
    loud = r"NOT TESTED IN A BROWSER: .*playwright install"
    with pytest.raises(pytest.skip.Exception, match=loud):
        browsers.missing(browsers.NoBrowser(f"none: {browsers.HOW}"), {})


def test_where_one_is_required_its_absence_is_a_failure():
    with pytest.raises(pytest.fail.Exception, match="CLAIMS_BROWSER=required, but none"):
        browsers.missing(browsers.NoBrowser("none"), {"CLAIMS_BROWSER": "required"})


@pytest.mark.parametrize(
    ("fault", "there"),
    [
        (None, True),
        (subprocess.TimeoutExpired("playwright", 1), False),
        (subprocess.CalledProcessError(1, "playwright"), False),
        (OSError("no space"), False),
    ],
)
def test_one_is_fetched_where_that_is_possible_and_only_tried_once(monkeypatch, fault, there):
    asked = []

    def run(command, **_):
        asked.append(command[-3:])
        if fault:
            raise fault

    monkeypatch.setattr(subprocess, "run", run)
    browsers.brought.cache_clear()
    try:
        assert [browsers.brought(), browsers.brought()] == [there, there]
    finally:
        browsers.brought.cache_clear()
    assert asked == [["playwright", "install", "chromium"]]
