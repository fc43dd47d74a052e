"""Remove from an executed notebook what differs between two equal runs."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from analysis.execution.notebook_code import replaces, tags
from analysis.execution.notebooks import TAG

if TYPE_CHECKING:
    from nbformat import NotebookNode

INJECTED_TAG = "injected-parameters"
# What each match contains comes first: to look for that is fast in a figure of a megabyte, where
# the pattern begins to match at every slash.
VOLATILE_PATTERNS = (
    ("/ipykernel_", re.compile(r"/[^\s\"']*/ipykernel_\d+/\d+\.py"), "<cell>"),
    ("0x", re.compile(r"\b0x[0-9a-f]{6,16}\b"), "0x..."),
)


def normalize(notebook: NotebookNode, folders: Mapping[str, str]) -> NotebookNode:
    """The notebook without times, versions, paths and random ids; it is changed in place.

    `folders` maps this machine's paths to their replacements. Timings go to the run's log.
    """
    notebook.metadata.pop("papermill", None)
    _drop_defaults(notebook)
    notebook.metadata.get("language_info", {}).pop("version", None)
    for cell in notebook.cells:
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
        if INJECTED_TAG in tags(cell):
            cell["id"] = INJECTED_TAG
        for output in cell.get("outputs", []):
            _clean(output, folders)
    return notebook


def _drop_defaults(notebook: NotebookNode) -> None:
    """Remove the cell of parameters if the injected cell behind it sets every name of it anew.

    So the first cell that sets anything shows the claim of this run and what was chosen for it.
    """
    cells = notebook.cells
    for place, (own, injected) in enumerate(pairwise(cells)):
        if TAG in tags(own) and INJECTED_TAG in tags(injected):
            if replaces(injected["source"], own["source"]):
                del cells[place]
                _count_down(cells[place:])
            return


def _count_down(cells: Sequence[NotebookNode]) -> None:
    """Number these cells as if one fewer had run before them."""
    for cell in cells:
        for numbered in (cell, *cell.get("outputs", [])):
            if numbered.get("execution_count"):
                numbered["execution_count"] -= 1


def _clean(value: Any, folders: Mapping[str, str]) -> Any:
    """Clean every text inside a nested value, in place where it can be."""
    if isinstance(value, str):
        for sign, pattern, instead in VOLATILE_PATTERNS:
            if sign in value:
                value = pattern.sub(instead, value)
        for folder, instead in folders.items():
            value = value.replace(folder, instead)
        return value
    if isinstance(value, dict):
        for key, item in value.items():
            if key != "image/png":
                value[key] = _clean(item, folders)
    if isinstance(value, list):
        value[:] = [_clean(item, folders) for item in value]
    return value
