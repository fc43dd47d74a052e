"""A kernel client that waits for events instead of fixed times."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from contextlib import suppress
from queue import Empty
from typing import Any

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.channels import AsyncZMQSocketChannel
from jupyter_client.manager import KernelManager
from traitlets import Type

OUTPUT_TIMEOUT = 0.2  # seconds for the output channel to be connected, before asking again
REPLY_TIMEOUT = 1.0  # seconds without a reply, before checking whether the kernel lives
# Removes the limit of messages that may wait in an ipykernel's output socket.
NO_OUTPUT_LIMIT = (
    "(lambda io: io.schedule(lambda: io.socket.set_hwm(0)))(get_ipython().kernel.iopub_thread)"
)
OUTPUT_GAP = 10.0  # seconds without output, before a reply is given although the output has no end


class OutputChannel(AsyncZMQSocketChannel):
    """An output channel that records which requests have no more output to read."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.received = 0  # messages
        self._readers = 0
        self._ends: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)

    async def get_msg(  # type: ignore[override] # as its parent is not what the blocking one is
        self,
        timeout: float | None = None,  # noqa: ASYNC109
    ) -> dict[str, Any]:
        """The next message; an idle kernel has sent all output of its request."""
        self._readers += 1
        try:
            msg = await super().get_msg(timeout=timeout)
        finally:
            self._readers -= 1
        self.received += 1
        if msg["content"].get("execution_state") == "idle":
            self._ends[msg["parent_header"].get("msg_id", "")].set()
        return msg

    async def wait_for_output(self, request: str) -> None:
        """Wait until somebody has read the output of a request, as long as some arrives.

        Nothing is waited for if nobody reads meanwhile.
        """
        end, received = self._ends[request], -1
        while self._readers and not end.is_set() and received != self.received:
            received = self.received
            with suppress(TimeoutError):
                await asyncio.wait_for(end.wait(), OUTPUT_GAP)
        del self._ends[request]


class ShellChannel(AsyncZMQSocketChannel):
    """A channel that knows which of its execute requests have no reply yet.

    nbclient gives up a cell whose output has not ended some seconds after the reply, even if the
    client is only slower than the kernel. So each reply waits until its output was read.
    """

    output: OutputChannel | None = None

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.pending: set[str] = set()

    def send(self, msg: dict[str, Any]) -> None:
        """Send, and remember a request to execute."""
        if msg["header"]["msg_type"] == "execute_request":
            self.pending.add(msg["header"]["msg_id"])
        super().send(msg)

    async def get_msg(  # type: ignore[override] # as its parent is not what the blocking one is
        self,
        timeout: float | None = None,  # noqa: ASYNC109
    ) -> dict[str, Any]:
        """The next message; a reply settles its request, and comes after the output."""
        msg = await super().get_msg(timeout=timeout)
        request = msg["parent_header"].get("msg_id", "")
        if request in self.pending:
            self.pending.remove(request)
            if self.output is not None:
                await self.output.wait_for_output(request)
        return msg


class PromptClient(AsyncKernelClient):
    """The asynchronous client, ready as soon as the kernel is.

    The ordinary one listens for another 0.2 s to a kernel that has answered already. And it keeps
    all output: ZeroMQ drops what is published while a thousand messages wait on either side.
    """

    shell_channel_class = Type(ShellChannel)
    iopub_channel_class = Type(OutputChannel)

    def connect_iopub(self, identity: bytes | None = None) -> Any:
        """The socket of the output, in which any number of messages may wait."""
        socket = super().connect_iopub(identity)
        socket.rcvhwm = 0
        return socket

    def start_channels(self, *arguments: Any, **options: Any) -> None:
        """Start them; replies wait for their output."""
        super().start_channels(*arguments, **options)
        if self._shell_channel is not None:
            self._shell_channel.output = self._iopub_channel

    async def _async_is_alive(self) -> bool:
        """Whether the kernel lives, or its last output is still being read."""
        if await super()._async_is_alive():
            return True
        if self._iopub_channel is None:
            return False
        received = self._iopub_channel.received
        await asyncio.sleep(OUTPUT_TIMEOUT)
        return bool(self._iopub_channel.received > received)

    is_alive = _async_is_alive

    @property
    def idle(self) -> bool:
        """Whether every cell that was sent has a reply."""
        return self._shell_channel is None or not self._shell_channel.pending

    async def _async_wait_for_ready(self, timeout: float | None = None) -> None:  # noqa: ASYNC109
        """Wait until kernel_info has its reply and the output channel is connected.

        Raises RuntimeError if the kernel dies or `timeout` seconds have passed.
        """
        if not isinstance(self.parent, KernelManager):
            await super()._async_wait_for_ready(timeout)
            return
        end = time.monotonic() + (float("inf") if timeout is None else timeout)
        while not (reply := await self._answer(self.kernel_info())):
            if not await self._async_is_alive():
                raise RuntimeError("Kernel died before replying to kernel_info")
            if time.monotonic() > end:
                raise RuntimeError(f"Kernel didn't respond in {timeout:g} seconds")
        self._handle_kernel_info_reply(reply)
        if reply["content"].get("language_info", {}).get("name") == "python":
            # Evaluated without a cell: neither history nor count nor names of the kernel change.
            await self._answer(
                self.execute("", silent=True, user_expressions={"_": NO_OUTPUT_LIMIT})
            )

    wait_for_ready = _async_wait_for_ready

    async def _answer(self, request: str) -> dict[str, Any] | None:
        """The reply, after all output before it; None if none comes within the time-outs."""
        try:
            reply = await self._message_about(request, self.shell_channel, REPLY_TIMEOUT)
            while (msg := await self._message_about(request, self.iopub_channel, OUTPUT_TIMEOUT))[
                "msg_type"
            ]:
                if msg["content"].get("execution_state") == "idle":
                    break
        except Empty:
            return None
        return reply

    async def _message_about(self, request: str, channel: Any, seconds: float) -> dict[str, Any]:
        """The next message about this request. Raises queue.Empty after `seconds`."""
        while True:
            msg: dict[str, Any] = await channel.get_msg(timeout=seconds)
            if msg["parent_header"].get("msg_id") == request:
                return msg
