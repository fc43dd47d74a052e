"""Notebooks in a few words, run by the manager under test; and what is left of processes."""

from __future__ import annotations

import time
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from forkedkernels import manager, protocol


def execute(cells, folder, address="", **options):
    """The notebook of these cells, executed in `folder` by the manager under test."""
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    options = {"allow_errors": True, "coalesce_streams": True, "timeout": 60} | options
    client = NotebookClient(
        book,
        kernel_name="python3",
        kernel_manager_class=manager.PromptManager,
        resources={"metadata": {"path": str(folder)}},
        **options,
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("PYTEST_CURRENT_TEST", raising=False)  # ipykernel would capture less
        if address:
            patch.setenv(protocol.ADDRESS_VARIABLE, address)
        client.execute()
    return book


def texts(book):
    """What each cell has said, as one text."""
    return [
        "".join(
            output.get("text")
            or output.get("data", {}).get("text/plain")
            or output.get("evalue", "")
            for output in cell.outputs
        ).strip()
        for cell in book.cells
    ]


def stat(pid):
    """The state and the parent of a process; None if it is gone or a zombie."""
    try:
        state, parent = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[:2]
    except OSError:
        return None
    return None if state == "Z" else int(parent)


def gone(*pids):
    """Wait some seconds for the end of all these."""
    for _ in range(100):
        if not any(stat(pid) for pid in pids):
            return True
        time.sleep(0.05)
    return False
