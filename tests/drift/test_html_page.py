"""The page of a drift: whole in itself, both figures and their difference, nothing unescaped."""

from __future__ import annotations

import io
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from tallies import entry, results

from analysis.drift.comparison import compare
from analysis.drift.html_page import page
from analysis.drift.snapshots import Snapshot

HOSTILE = '<script>alert("x")</script>'


def png(ink):
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8), ink).save(buffer, format="PNG")
    return buffer.getvalue()


def state(name, code, picture=None, statement="s"):
    made = {**entry("A1", code), "statement": statement}
    return Snapshot(name=name, results=results(made), picture=lambda _: picture)


def shown(before, after):
    return page(compare(before, after), before, after)


def test_both_figures_and_their_difference_are_inside():
    made = shown(state("a", "SUPPORTED", png("red")), state("b", "CONTRADICTED", png("blue")))
    names = [alt.split(":")[0] for alt in re.findall(r'alt="([^"]*)"', made)]
    assert names == ["Before", "After", "Difference"]
    assert "100.00% of the points differ." in made


def test_pictures_that_look_alike_say_so_instead():
    made = shown(state("a", "SUPPORTED", png("red")), state("b", "CONTRADICTED", png("red")))
    assert made.count("<img") == 2
    assert "The two pictures look alike." in made


def test_a_side_without_a_picture_is_told():
    made = shown(state("a", "SUPPORTED"), state("b", "CONTRADICTED", png("red")))
    assert made.count("<img") == 1
    assert "One of the states kept no picture" in made


def test_it_asks_for_nothing_from_outside():
    made = shown(state("a", "SUPPORTED", png("red")), state("b", "CONTRADICTED", png("blue")))
    assert re.findall(r'(?:src|href)="(?!data:)', made) == []
    assert "url(" not in made
    assert "<script" not in made


def test_what_results_and_names_say_is_text_and_never_a_tag():
    made = shown(
        state(HOSTILE, "SUPPORTED", png("red"), statement=HOSTILE),
        state("b", "CONTRADICTED", png("blue"), statement=HOSTILE),
    )
    assert "<script" not in made
    assert made.count("&lt;script&gt;") >= 3


def test_no_script_and_no_address_is_allowed_on_it():
    made = shown(state("a", "SUPPORTED"), state("b", "CONTRADICTED"))
    head, _, policy = made.partition('http-equiv="Content-Security-Policy" content="')
    assert "<style" not in head
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'; img-src data:;")


def test_nothing_moved_is_a_page_too():
    made = shown(state("a", "SUPPORTED"), state("b", "SUPPORTED"))
    assert "<h1>Nothing differs between a and b.</h1>" in made
    assert "<table" not in made


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_everybody_can_use_it(chromium, tmp_path, scheme, width):
    made = shown(state("a", "SUPPORTED", png("red")), state("b", "CONTRADICTED", png("blue")))
    path = tmp_path / "drift.html"
    path.write_text(made, encoding="utf-8")
    view = chromium.new_page(color_scheme=scheme, viewport={"width": width, "height": 800})
    try:
        view.goto(path.as_uri())
        tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
        found = Axe().run(view, options={"runOnly": tags, "preload": False})
        assert found.violations_count == 0, found.generate_report()
        assert view.evaluate("document.documentElement.scrollWidth - innerWidth") == 0
    finally:
        view.close()
