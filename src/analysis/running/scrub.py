"""Take out of an executed notebook what differs between two equal runs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nbformat import NotebookNode

INJECTED = "injected-parameters"
VOLATILE = (
    (re.compile(r"/[^\s\"']*/ipykernel_\d+/\d+\.py"), "<cell>"),
    (re.compile(r"\b0x[0-9a-f]{6,16}\b"), "0x..."),
)


def scrub(notebook: NotebookNode, root: str) -> NotebookNode:
    """The notebook without times, versions, paths and random ids; it is changed in place.

    Timings belong into the run's log. Paths under `root` become relative.
    """
    notebook.metadata.pop("papermill", None)
    notebook.metadata.get("language_info", {}).pop("version", None)
    for cell in notebook.cells:
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
        if INJECTED in cell.metadata.get("tags", []):
            cell["id"] = INJECTED
        for output in cell.get("outputs", []):
            _clean(output, root)
    return notebook


def _clean(value: Any, root: str) -> Any:
    """Clean every text inside a nested value, in place where it can be."""
    if isinstance(value, str):
        for pattern, instead in VOLATILE:
            value = pattern.sub(instead, value)
        return value.replace(f"{root}/", "").replace(root, ".")
    if isinstance(value, dict):
        for key, item in value.items():
            if key != "image/png":
                value[key] = _clean(item, root)
    if isinstance(value, list):
        value[:] = [_clean(item, root) for item in value]
    return value
