"""Remove from an executed notebook what differs between two equal runs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

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
    notebook.metadata.get("language_info", {}).pop("version", None)
    for cell in notebook.cells:
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
        if INJECTED_TAG in cell.metadata.get("tags", []):
            cell["id"] = INJECTED_TAG
        for output in cell.get("outputs", []):
            _clean(output, folders)
    return notebook


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
