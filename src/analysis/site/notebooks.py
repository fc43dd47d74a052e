"""An executed notebook as the body of a page."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import nbformat

from analysis.site.pieces import Pieces
from analysis.site.sanitize import harmless


@cache
def _exporter() -> Any:
    from nbconvert import HTMLExporter

    return HTMLExporter(
        template_name="basic",
        exclude_input_prompt=True,
        exclude_output_prompt=True,
        exclude_anchor_links=True,
    )


def body(path: Path, pieces: Pieces) -> str:
    """The HTML of a notebook's cells and outputs, made harmless, without a page around it.

    Its headings start one lower, as the page has a first one already.
    """
    return pieces.get("notebook", [path.read_bytes()], lambda: _made(path).encode()).decode()


def _made(path: Path) -> str:
    book = nbformat.read(path, as_version=4)
    return harmless(_lowered(_exporter().from_notebook_node(book)[0]))


def _lowered(text: str) -> str:
    for level in (3, 2, 1):
        text = text.replace(f"<h{level}", f"<h{level + 1}").replace(
            f"</h{level}>", f"</h{level + 1}>"
        )
    return text
