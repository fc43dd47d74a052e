"""A papermill engine: the ordinary one, with a manager and a client without fixed waits.

papermill imports every engine that is installed whenever it starts, so this module imports nothing.
"""

from __future__ import annotations

from typing import Any

NAME = "prompt"
MANAGER = f"{__package__}.manager.PromptManager"


class PromptEngine:
    """papermill's own nbclient engine with another manager and client; all its options are taken.

    With `save_each_cell=False` the notebook is written once, when it ends or fails, and not
    before and after each cell.
    """

    @classmethod
    def execute_notebook(
        cls,
        nb: Any,
        kernel_name: str,
        output_path: str | None = None,
        save_each_cell: bool = True,  # noqa: FBT001, FBT002 - papermill passes keywords
        **options: Any,
    ) -> Any:
        """Execute the notebook."""
        from papermill.iorw import write_ipynb

        from forkedkernels.notebook import NotebookEngine

        options.setdefault("kernel_manager_class", MANAGER)
        if save_each_cell or not output_path:
            return NotebookEngine.execute_notebook(nb, kernel_name, output_path, **options)
        try:
            return NotebookEngine.execute_notebook(nb, kernel_name, **options)
        finally:
            write_ipynb(nb, output_path)

    @classmethod
    def nb_kernel_name(cls, nb: Any, name: str | None = None) -> str:
        """The kernel that the notebook asks for."""
        from papermill.engines import NBClientEngine

        return str(NBClientEngine.nb_kernel_name(nb, name))

    @classmethod
    def nb_language(cls, nb: Any, language: str | None = None) -> str:
        """The language that the notebook is in."""
        from papermill.engines import NBClientEngine

        return str(NBClientEngine.nb_language(nb, language))
