"""Jupyter kernels that are forked from one clean process in which the imports are already done.

A new interpreter and the import of pandas and matplotlib take most of the time of a short notebook.
The fork server imports them once and forks a kernel for each notebook. Everything else stays as it
is: one operating-system process a notebook, the ordinary ipykernel, Jupyter's protocol, papermill
or nbclient as the client.

- `start_fork_server` starts the fork server; `ADDRESS_VARIABLE` is the environment variable that
  takes its address.
- `ForkedProvisioner` is the kernel provisioner `forked`. It starts an ordinary kernel where forking
  is not safe, and logs the reason once.
- `PromptEngine` is the papermill engine `prompt`, which waits for events instead of fixed times.
- `PromptManager` is the kernel manager for nbclient, with private sockets.

The README beside this file shows the use with papermill, nbclient, nbconvert and JupyterLab.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from forkedkernels.engine import PromptEngine
    from forkedkernels.fork_server import start_fork_server
    from forkedkernels.manager import PromptManager
    from forkedkernels.protocol import ADDRESS_VARIABLE
    from forkedkernels.provisioner import ForkedProvisioner

__all__ = [
    "ADDRESS_VARIABLE",
    "ForkedProvisioner",
    "PromptEngine",
    "PromptManager",
    "start_fork_server",
]

# Loaded on first use: papermill imports every installed engine whenever it starts.
_MODULES = {
    "ADDRESS_VARIABLE": "protocol",
    "ForkedProvisioner": "provisioner",
    "PromptEngine": "engine",
    "PromptManager": "manager",
    "start_fork_server": "fork_server",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)


def __dir__() -> list[str]:
    return __all__
