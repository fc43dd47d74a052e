"""A papermill engine: the ordinary one, with a manager and a client that do not wait in vain.

papermill imports every engine that is installed whenever it starts, so this module imports nothing.
"""

from __future__ import annotations

from typing import Any

MANAGER = f"{__package__}.manager.PromptManager"


class PromptEngine:
    """papermill's own nbclient engine with another kernel manager; all its options are taken."""

    @classmethod
    def execute_notebook(cls, nb: Any, kernel_name: str, **options: Any) -> Any:
        """Execute the notebook."""
        from papermill.engines import NBClientEngine

        options.setdefault("kernel_manager_class", MANAGER)
        return NBClientEngine.execute_notebook(nb, kernel_name, **options)

    @classmethod
    def nb_kernel_name(cls, nb: Any, name: str | None = None) -> str:
        """The kernel that the notebook asks for."""
        from papermill.engines import NBClientEngine

        return NBClientEngine.nb_kernel_name(nb, name)

    @classmethod
    def nb_language(cls, nb: Any, language: str | None = None) -> str:
        """The language that the notebook is in."""
        from papermill.engines import NBClientEngine

        return NBClientEngine.nb_language(nb, language)
