"""The documents of an audit as pages of its site."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

from analysis.site import documents

INDEX = (
    "# Documents\n\n[Run](run.md) [Method](method.md) [Verdicts](../results/README.md) [No](no.md)"
)
RUN = """# Run it

<!-- for a test -->
![A curve](images/curve.png) [then](method.md#how-sure) [code](../src/a.py) [below](#and-so-on)

## And so on

## And so on
"""


def _material(root: Path, **texts: str) -> Any:
    (root / "docs").mkdir()
    for name, text in texts.items():
        (root / "docs" / f"{name}.md").write_text(text)

    def document(name: str) -> str:
        path = root / name
        return path.read_text() if path.exists() else "shipped"

    return SimpleNamespace(project=SimpleNamespace(root=root), document=document)


def test_what_the_index_lists_becomes_pages_that_lead_to_each_other(tmp_path):
    material = _material(tmp_path, README=INDEX, run=RUN, method="# Method", unlisted="# No")
    made = {page.path: page for page in documents.pages(material)}
    assert {path: page.title for path, page in made.items()} == {
        "docs/index.html": "Documents",
        "docs/run.html": "Run it",
    }
    index, run = (str(page.context["body"]) for page in made.values())
    assert 'href="run.html"' in index
    assert 'href="../method.html"' in index
    assert "results" not in index
    assert "no.md" not in index
    assert 'href="../method.html#how-sure"' in run
    assert 'src="images/curve.png" alt="A curve"' in run
    assert 'href="#and-so-on"' in run
    assert 'id="and-so-on"' in run
    assert 'id="and-so-on-1"' in run
    assert "for a test" not in run
    assert "a.py" not in run
    assert dict(documents.pictures(material)) == {
        "docs/images/curve.png": tmp_path / "docs" / "images" / "curve.png"
    }


def test_an_audit_without_an_index_has_no_documents_of_another_one(tmp_path):
    material = _material(tmp_path, run=RUN)
    assert list(documents.pages(material)) == []
    assert list(documents.pictures(material)) == []
