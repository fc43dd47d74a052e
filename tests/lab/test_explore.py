"""`analysis.explore` in a real JupyterLab, by keyboard, against the library."""

from __future__ import annotations

import re

import nbformat
import pytest

from analysis.formatting import interval
from analysis.notebook.explore.panel import explore
from analysis.project import Project

from .conftest import ROOT, opening

pytestmark = pytest.mark.slow
CLAIM = "C2"


@pytest.fixture(scope="module")
def opened(desk, chromium):
    path = desk.folder / "audit" / "explore.ipynb"
    source = f'import analysis\nanalysis.explore("{CLAIM}")'
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
    made.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(made, path)
    with opening(desk, chromium) as lab:
        found = lab("audit/explore.ipynb")
        found.run_all()
        found.page.wait_for_selector(".widget-dropdown", timeout=120_000)
        yield found


@pytest.fixture(autouse=True)
def as_registered(opened, ours):
    """Each test begins where a reader begins."""
    ours.reset()
    opened.page.get_by_role("button", name="As registered").click()
    opened.page.get_by_text(interval(ours.finding.trial.estimate)).first.wait_for()
    opened.page.wait_for_timeout(300)


@pytest.fixture(scope="module")
def ours():
    """The same controls without a page."""
    return explore(CLAIM, project=Project(ROOT))


def status(opened) -> str:
    return " ".join(opened.page.locator("[role=status]").text_content().split())


def told(panel) -> str:
    text = re.sub(r"(?s)<details.*?</details>", " ", panel._outputs["finding"].value)  # beside it
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def alike(left: str, right: str) -> bool:
    """Words alone: badges are drawn with signs and spaces of their own."""
    return re.sub(r"\W+", "", left) == re.sub(r"\W+", "", right)


def follow(opened, before: str) -> str:
    """What is told after it has changed."""
    opened.page.wait_for_function(
        "before => { const s = document.querySelector('[role=status]');"
        " return s && s.textContent.split(/\\s+/).join(' ').trim() !== before; }",
        arg=before,
        timeout=60_000,
    )
    return status(opened)


def test_number_outcome_and_verdict_follow_a_choice_made_by_keyboard(opened, ours):
    before = status(opened)
    assert alike(before, told(ours))
    picture = opened.page.locator(".widget-html img").get_attribute("src")
    opened.page.get_by_label("reporter").focus()
    opened.page.keyboard.press("ArrowDown")
    after = follow(opened, before)
    ours.fields["reporter"].widget.value = 1
    assert interval(ours.finding.trial.estimate) in after
    assert alike(after, told(ours))
    assert opened.page.locator(".widget-html img").get_attribute("src") != picture


def test_the_code_of_what_is_seen_is_copied(opened, ours):
    before = status(opened)
    opened.page.get_by_label("reporter").focus()
    opened.page.keyboard.press("ArrowDown")
    follow(opened, before)
    ours.fields["reporter"].widget.value = 1
    opened.page.get_by_text("Code of this state").click()
    opened.page.get_by_role("button", name="Copy the code").click()
    copied = opened.page.evaluate("navigator.clipboard.readText()")
    assert copied.splitlines()[0] == f"# in a terminal: claims run {CLAIM} -p reporter=Japan"
    assert f"claim = analysis.claim('{CLAIM}', {{'reporter': 'Japan'}})" in copied
    assert opened.page.get_by_role("button", name="Copied").count() == 1


def test_a_wrong_value_is_told_beside_its_control(opened):
    opened.page.get_by_text("Every other parameter").click()
    field = opened.page.get_by_label("measures")
    field.fill("[{")
    field.press("Tab")
    alert = opened.page.locator("[role=alert]", has_text="expected JSON")
    alert.wait_for(timeout=30_000)
    assert not opened.errors()
    assert "Not computed" in opened.page.locator(".jp-OutputArea-output").last.inner_text()
