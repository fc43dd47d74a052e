"""A notebook client that joins streams in linear time and marks the cell that ended it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from nbclient.util import run_sync
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine
from papermill.log import logger
from papermill.utils import merge_kwargs, remove_args
from traitlets import Float

# Text before a carriage return. Without the anchor, matching would start at each letter of a line.
_OVERWRITTEN = re.compile(r"^.*\r(?=[^\n])", re.MULTILINE)


class PromptNotebook(PapermillNotebookClient):
    """papermill's own client, with time-outs that may be fractions of a second.

    Streams are joined as nbclient joins them, also in a cell that ended the kernel.
    """

    timeout = Float(None, allow_none=True).tag(config=True)
    startup_timeout = Float(60).tag(config=True)
    iopub_timeout = Float(4).tag(config=True)
    shell_timeout_interval = Float(5).tag(config=True)

    def __init__(self, nb_man: Any, coalesce_streams: bool = False, **options: Any) -> None:  # noqa: FBT001, FBT002
        super().__init__(nb_man, **options)
        self._joining = coalesce_streams

    async def async_execute_cell(self, cell: Any, cell_index: int, **options: Any) -> Any:
        """Execute one cell; an error that ends it early is recorded as its failure."""
        try:
            return await super().async_execute_cell(cell, cell_index, **options)
        except Exception as error:
            self.nb_man.cell_exception(cell, cell_index=cell_index, exception=error)
            raise
        finally:
            if self._joining and cell.get("outputs"):
                cell.outputs = join_streams(cell.outputs)

    execute_cell = run_sync(async_execute_cell)


class NotebookEngine(NBClientEngine):
    """papermill's own engine with this client."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: Any,
        kernel_name: str,
        start_timeout: float = 60,
        execution_timeout: float | None = None,
        **options: Any,
    ) -> Any:
        """Execute the notebook; options are taken and renamed as papermill does."""
        renamed = remove_args(["input_path", "timeout", "startup_timeout"], **options)
        renamed = merge_kwargs(
            renamed,
            timeout=execution_timeout or options.get("timeout"),
            startup_timeout=start_timeout,
            kernel_name=kernel_name,
            log=logger,
        )
        return PromptNotebook(nb_man, **renamed).execute()


def join_streams(outputs: Sequence[Any]) -> list[Any]:
    """One output for each stream, at the place of its first, stdout before a stderr beside it."""
    kept: list[Any] = []
    texts: dict[str, list[str]] = {}
    for output in outputs:
        if output["output_type"] != "stream":
            kept.append(output)
            continue
        if output["name"] not in texts:
            kept.append(output)
        texts.setdefault(output["name"], []).append(output["text"])
    for output in kept:
        if output["output_type"] == "stream":
            output["text"] = _OVERWRITTEN.sub("", "".join(texts[output["name"]]))
    for place, pair in enumerate(pairwise(kept.copy())):
        if [output.get("name") for output in pair] == ["stderr", "stdout"]:
            kept[place : place + 2] = reversed(pair)
    return kept
