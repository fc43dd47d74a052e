"""A kernel manager with private sockets, and without fixed waits.

Parallel runs race for TCP ports, and anyone on the machine can connect to them.
"""

from __future__ import annotations

import os
import shutil
import sys
import uuid
from pathlib import Path
from typing import Any

from jupyter_client.asynchronous.client import AsyncKernelClient  # noqa: TC002 - as other types are
from jupyter_client.client import KernelClient
from jupyter_client.manager import AsyncKernelManager
from traitlets import DottedObjectName, Type

from forkedkernels import folders, protocol
from forkedkernels.client import PromptClient
from forkedkernels.provisioner import ForkedProvisioner

NAME = f"{__name__}.PromptManager"


class PromptManager(AsyncKernelManager):
    """The asynchronous manager: IPC where the system has it, kernels forked where that is possible.

    An idle kernel is not interrupted before its shutdown request, and its end is awaited, not
    polled.
    """

    client_class = DottedObjectName(f"{PromptClient.__module__}.PromptClient", config=True)
    client_factory = Type(PromptClient, klass=KernelClient, config=True)

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._client: PromptClient | None = None
        self._folder: Path | None = None
        if sys.platform != "win32" and not self.connection_file:
            address = os.environ.get(
                protocol.ADDRESS_VARIABLE
            )  # a run's sockets go where its fork server's is
            self._folder = folders.private("kernel-", Path(address).parent if address else None)
            self.transport = "ipc"
            # Named, or two managers in one folder would share ./kernel-ipc-1.
            self.connection_file = str(self._folder / "connection.json")

    def client(self, **options: Any) -> AsyncKernelClient:  # type: ignore[override] # as its parent
        """A client; the manager asks it whether the kernel is idle."""
        client = super().client(**options)
        self._client = client if isinstance(client, PromptClient) else None
        return client

    async def _async_pre_start_kernel(self, **options: Any) -> tuple[list[str], dict[str, Any]]:
        """Fork, unless the kernel's specification names a provisioner of its own."""
        spec = self.kernel_spec
        if self.provisioner is None and spec and "kernel_provisioner" not in spec.metadata:
            self.kernel_id = self.kernel_id or str(uuid.uuid4())
            self.provisioner = ForkedProvisioner(
                kernel_id=self.kernel_id, kernel_spec=spec, parent=self
            )
        return await super()._async_pre_start_kernel(**options)

    pre_start_kernel = _async_pre_start_kernel

    async def _async_interrupt_kernel(self) -> None:
        """Interrupt, but not an idle kernel that is about to end: it would race with its reply."""
        if self.shutting_down and self._client is not None and self._client.idle:
            return
        await super()._async_interrupt_kernel()

    interrupt_kernel = _async_interrupt_kernel

    async def _async_wait(self, pollinterval: float = 0.1) -> None:
        if isinstance(self.provisioner, ForkedProvisioner):
            await self.provisioner.ended()
        else:
            await super()._async_wait(pollinterval)

    async def _async_cleanup_resources(self, restart: bool = False) -> None:  # noqa: FBT001, FBT002
        """Close the sockets and remove their folder."""
        await super()._async_cleanup_resources(restart=restart)
        if self._folder and not restart:
            shutil.rmtree(self._folder, ignore_errors=True)

    cleanup_resources = _async_cleanup_resources  # the name that clients call
