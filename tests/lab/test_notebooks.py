"""Notebooks in a real JupyterLab: Restart and Run All, from wherever they lie."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import nbformat
import pytest

from analysis.project import Project

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
PUBLISHED = {
    each["id"]: each["verdict"]["publication"]["code"]
    for each in json.loads(Project(ROOT).published.read_text(encoding="utf-8"))["claims"]
}


def shown_claim(name: str) -> str:
    """The claim that a notebook shows when nothing is changed."""
    cells = nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", as_version=4).cells
    return next(cell.source for cell in cells if cell.id == "parameters").split('"')[1]


def held(cells) -> None:
    """Every cell ran in order, once, without a word of complaint."""
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    for cell in cells:
        for output in cell.outputs:
            assert output.output_type != "error", (cell.id, output)
            assert output.get("name") != "stderr", (cell.id, output)


@pytest.mark.parametrize(
    "name",
    ["level", "trend", "event_study"],
)
def test_a_notebook_of_a_method_ends_with_the_published_verdict(lab, name):
    claim = shown_claim(name)
    opened = lab(f"audit/notebooks/{name}.ipynb")
    opened.run_all()
    opened.expect(f"{claim} {PUBLISHED[claim]} recorded")
    held(opened.saved())


def test_the_first_notebook_ends_with_the_controls(lab):
    opened = lab("audit/notebooks/start.ipynb")
    opened.run_all()
    opened.page.wait_for_selector(".widget-dropdown", timeout=120_000)
    held(opened.saved())


def test_the_overview_reads_the_last_run(lab):
    opened = lab("audit/notebooks/overview.ipynb")
    opened.run_all()
    opened.expect(f"overview saved: {len(PUBLISHED)} claims")
    held(opened.saved())


def test_a_notebook_that_was_carried_out_of_its_audit_says_where_it_looked(lab, desk):
    """No other audit answers in the place of its own."""
    (desk.folder / "away").mkdir(exist_ok=True)
    shutil.copy(ROOT / "notebooks" / "level.ipynb", desk.folder / "away")
    opened = lab("away/level.ipynb")
    opened.run_all()
    opened.page.wait_for_selector(".jp-OutputArea-output:has-text('ProjectError')", timeout=60_000)
    told = opened.page.locator(".jp-OutputArea-output").last.inner_text()
    assert "claims.yaml" in told


def write(path: Path, *sources: str) -> None:
    """A notebook with these cells of code."""
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(each) for each in sources])
    made.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(made, path)


def test_an_error_says_what_to_do_and_shows_no_frames(lab, desk):
    write(desk.folder / "audit" / "typo.ipynb", "import analysis", 'analysis.claim("C22")')
    opened = lab("audit/typo.ipynb")
    opened.run_all()
    opened.page.wait_for_selector(".jp-OutputArea-output:has-text('ClaimsError')", timeout=60_000)
    told = opened.page.locator(".jp-OutputArea-output").last.inner_text()
    assert "(did you mean 'C2'?)" in told
    assert 'line 1 of this cell: analysis.claim("C22")' in told
    assert "Traceback" not in told


def test_the_objects_show_themselves_in_the_theme_of_the_page(lab, desk):
    write(desk.folder / "audit" / "shown.ipynb", 'import analysis\nanalysis.claim("C2")')
    opened = lab("audit/shown.ipynb")
    opened.run_all()
    opened.expect("Admissible meanings")
    colour = "node => getComputedStyle(node).color"
    heads = opened.page.locator(".jp-OutputArea-output th[scope=row]")
    around = opened.page.locator(".jp-OutputArea-output.jp-RenderedHTMLCommon").first
    assert heads.count() > 1
    assert heads.first.evaluate(colour) == around.evaluate(colour)
