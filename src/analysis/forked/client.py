"""A kernel client that waits for what happens, not for a fixed time."""

from __future__ import annotations

import time
from queue import Empty
from typing import Any

from jupyter_client.asynchronous import AsyncKernelClient
from jupyter_client.channels import AsyncZMQSocketChannel
from jupyter_client.manager import KernelManager
from traitlets import Type

PAUSE = 0.2  # seconds for the output channel to be connected, before asking again
SILENCE = 1.0  # seconds without an answer, before looking whether the kernel lives


class ShellChannel(AsyncZMQSocketChannel):
    """A channel that knows which of its execute requests have no reply yet."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.pending: set[str] = set()

    def send(self, msg: dict[str, Any]) -> None:
        """Send, and remember a request to execute."""
        if msg["header"]["msg_type"] == "execute_request":
            self.pending.add(msg["header"]["msg_id"])
        super().send(msg)

    async def get_msg(self, timeout: float | None = None) -> dict[str, Any]:  # noqa: ASYNC109
        """The next message; a reply settles its request."""
        msg = await super().get_msg(timeout=timeout)
        self.pending.discard(msg["parent_header"].get("msg_id", ""))
        return msg


class PromptClient(AsyncKernelClient):
    """The asynchronous client, ready as soon as the kernel is.

    The ordinary one listens for another 0.2 s to a kernel that has answered already.
    """

    shell_channel_class = Type(ShellChannel)

    @property
    def idle(self) -> bool:
        """Whether every cell that was sent has been answered."""
        return self._shell_channel is None or not self._shell_channel.pending

    async def _async_wait_for_ready(self, timeout: float | None = None) -> None:  # noqa: ASYNC109
        """Ready is: kernel_info was answered, and the output channel told that it was.

        Raises RuntimeError if the kernel dies or `timeout` seconds have passed.
        """
        if not isinstance(self.parent, KernelManager):
            await super()._async_wait_for_ready(timeout)
            return
        end = time.monotonic() + (float("inf") if timeout is None else timeout)
        while not await self._answers(self.kernel_info()):
            if not await self._async_is_alive():
                raise RuntimeError("Kernel died before replying to kernel_info")
            if time.monotonic() > end:
                raise RuntimeError(f"Kernel didn't respond in {timeout:g} seconds")

    wait_for_ready = _async_wait_for_ready

    async def _answers(self, asked: str) -> bool:
        try:
            reply = await self._of(asked, self.shell_channel, SILENCE)
            while (told := await self._of(asked, self.iopub_channel, PAUSE))["msg_type"]:
                if told["content"].get("execution_state") == "idle":
                    break
        except Empty:
            return False
        self._handle_kernel_info_reply(reply)
        return True

    async def _of(self, asked: str, channel: Any, patience: float) -> dict[str, Any]:
        """The next message about this request. Raises queue.Empty after so much silence."""
        while True:
            msg = await channel.get_msg(timeout=patience)
            if msg["parent_header"].get("msg_id") == asked:
                return msg
