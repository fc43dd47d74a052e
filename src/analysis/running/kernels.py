"""A kernel that is talked to over sockets in a private folder, not over TCP ports.

Ports are raced for by parallel runs, and anyone on the machine can connect to them.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from jupyter_client.manager import AsyncKernelManager

NAME = f"{__name__}.PrivateKernelManager"


class PrivateKernelManager(AsyncKernelManager):
    """The ordinary kernel manager with IPC transport where the system has it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._folder = None
        if sys.platform != "win32":
            self._folder = tempfile.mkdtemp(prefix="kernel-")  # only the user may enter it
            self.transport = "ipc"
            self.connection_file = str(Path(self._folder) / "connection.json")

    async def _async_cleanup_resources(self, restart: bool = False) -> None:  # noqa: FBT001, FBT002
        """Close the sockets and remove their folder."""
        await super()._async_cleanup_resources(restart=restart)
        if self._folder and not restart:
            shutil.rmtree(self._folder, ignore_errors=True)

    cleanup_resources = _async_cleanup_resources  # the name that clients call
