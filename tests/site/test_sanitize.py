"""Text of an audit or of a notebook reaches a page as text: nothing of it runs or leads astray."""

from __future__ import annotations

import re
from types import SimpleNamespace

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from analysis.data.catalog import Catalog
from analysis.data.sources import Sources
from analysis.project import Project
from analysis.site import notebooks, prose
from analysis.site.context import Material
from analysis.site.pieces import Pieces
from analysis.site.sanitize import harmless
from analysis.site.tables import table_pages

HOSTILE = (
    '<img src=x onerror="alert(1)"><script>alert(2)</script><svg onload="alert(3)"></svg>'
    '<a href="javascript:alert(4)">a</a><a href=" JaVaScRiPt:alert(5)">b</a>'
    '<a href="data:text/html,<script>alert(6)</script>">c</a><iframe srcdoc="alert(7)"></iframe>'
    '<form action="https://e.org"><button formaction="javascript:alert(8)">d</button></form>'
    '<style>* { background: url(https://e.org) }</style><base href="https://e.org">'
    '<p style="position:fixed;inset:0;background:url(javascript:alert(9))" class="skip">e</p>'
    '<math><mtext><table><mglyph><style><img src=x onerror="alert(10)">'
)
TAGS = "script|svg|iframe|form|style|base|object"
RUNS = re.compile(rf"(?i)<(?:{TAGS})\b|\bon\w+=|javascript:|data:text")


def page(tmp_path, *cells) -> str:
    path = tmp_path / "book.ipynb"
    nbformat.write(new_notebook(cells=list(cells)), path)
    return notebooks.body(path, Pieces(Project(path.parent)))


@pytest.mark.parametrize("kind", ["text/html", "text/markdown", "image/svg+xml", "text/latex",
                                  "application/javascript", "text/plain"])  # fmt: skip
def test_no_output_of_a_notebook_runs_on_its_page(tmp_path, kind):
    output = new_output("display_data", {kind: HOSTILE})
    made = page(tmp_path, new_code_cell(HOSTILE, outputs=[output]))
    assert not RUNS.search(re.sub("&lt;.*?&gt;", "", made)), made


@pytest.mark.parametrize(
    "text", [HOSTILE, f"**{HOSTILE}**", "[a](javascript:alert(1))", "![a](https://e.org/x.png)"]
)
def test_no_text_of_a_notebook_runs_on_its_page(tmp_path, text):
    made = page(tmp_path, new_markdown_cell(text))
    assert not RUNS.search(made), made
    assert "src=" not in made


def test_a_stream_and_an_error_are_text(tmp_path):
    said = new_output("stream", name="stdout", text=HOSTILE)
    failed = new_output("error", ename="E", evalue=HOSTILE, traceback=[HOSTILE])
    made = page(tmp_path, new_code_cell("1", outputs=[said, failed]))
    assert not RUNS.search(re.sub("&lt;.*?&gt;", "", made)), made


def test_a_notebook_cannot_take_a_style_of_the_site_or_cover_it():
    made = harmless('<div class="skip cell input" style="position:fixed;color:red">a</div>')
    assert made == '<div class="input" style="color:red">a</div>'


def test_what_a_page_needs_is_kept():
    kept = (
        '<h2 id="a">A</h2><a href="#a" rel="noopener noreferrer">b</a>'
        '<img src="data:image/png;base64,AAAA" alt="c">'
        '<table><tbody><tr><th scope="col" aria-label="d">e</th></tr></tbody></table>'
    )
    assert harmless(kept) == kept
    assert harmless("<pre>x</pre>") == '<pre tabindex="0">x</pre>'


def test_the_method_may_link_to_the_web_and_shows_no_foreign_picture():
    made = prose.rendered(
        f"{HOSTILE} [a](javascript:b) [c](https://e.org) ![d](https://e.org/e.png)"
    )
    assert not RUNS.search(re.sub("&lt;.*?&gt;", "", made))
    assert "<img" not in made
    assert '<a href="https://e.org">c</a>' in made


def test_a_line_of_a_table_is_that_of_its_file(workshop):
    project = workshop.project
    material = Material(
        project=project,
        register=SimpleNamespace(claims={}),
        entries={"T1": {"rows": ["trade/flows:10"]}},
        catalog=Catalog.read(project),
        sources=Sources.read(project),
    )
    flows = next(page for page in table_pages(material) if page.path == "data/trade-flows.html")
    shown = {row["line"]: row["cells"] for row in flows.context["rows"]}
    text = project.table("trade/flows").read_text().splitlines()
    assert shown[3][4] == "two\nlines"  # the record that takes two lines
    assert {line: text[line - 1].partition(",")[0] for line in shown} == {
        line: cells[0] for line, cells in shown.items()
    }
    assert flows.context["rows"][-1]["claims"] == ["T1"]
