"""A kernel client that waits for what happens, not for a fixed time."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from contextlib import suppress
from queue import Empty
from typing import Any

from jupyter_client.asynchronous import AsyncKernelClient
from jupyter_client.channels import AsyncZMQSocketChannel
from jupyter_client.manager import KernelManager
from traitlets import Type

PAUSE = 0.2  # seconds for the output channel to be connected, before asking again
SILENCE = 1.0  # seconds without an answer, before looking whether the kernel lives
# Lets any number of messages wait in an ipykernel's socket of the output.
UNBOUND = (
    "(lambda io: io.schedule(lambda: io.socket.set_hwm(0)))(get_ipython().kernel.iopub_thread)"
)
LULL = 10.0  # seconds without output, before a reply is given although the output has no end


class OutputChannel(AsyncZMQSocketChannel):
    """A channel that knows of which requests all output was read."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.heard = 0  # messages
        self._readers = 0
        self._ends: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)

    async def get_msg(self, timeout: float | None = None) -> dict[str, Any]:  # noqa: ASYNC109
        """The next message; a kernel that is idle again has sent all output of a request."""
        self._readers += 1
        try:
            msg = await super().get_msg(timeout=timeout)
        finally:
            self._readers -= 1
        self.heard += 1
        if msg["content"].get("execution_state") == "idle":
            self._ends[msg["parent_header"].get("msg_id", "")].set()
        return msg

    async def end_of(self, request: str) -> None:
        """Wait until somebody has read the output of a request, as long as some arrives.

        Nothing is waited for if nobody reads meanwhile.
        """
        end, heard = self._ends[request], -1
        while self._readers and not end.is_set() and heard != self.heard:
            heard = self.heard
            with suppress(TimeoutError):
                await asyncio.wait_for(end.wait(), LULL)
        del self._ends[request]


class ShellChannel(AsyncZMQSocketChannel):
    """A channel that knows which of its execute requests have no reply yet.

    A client gives up a cell whose output has not ended some seconds after the reply, although it
    may only be slower than the kernel. So a reply is held back until its output was read.
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

    async def get_msg(self, timeout: float | None = None) -> dict[str, Any]:  # noqa: ASYNC109
        """The next message; a reply settles its request, and comes after the output."""
        msg = await super().get_msg(timeout=timeout)
        request = msg["parent_header"].get("msg_id", "")
        if request in self.pending:
            self.pending.remove(request)
            if self.output is not None:
                await self.output.end_of(request)
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
        """Whether the kernel lives, or what it said last is still being read."""
        if await super()._async_is_alive():
            return True
        if self._iopub_channel is None:
            return False
        heard = self._iopub_channel.heard
        await asyncio.sleep(PAUSE)
        return self._iopub_channel.heard > heard

    is_alive = _async_is_alive

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
        while not (reply := await self._answer(self.kernel_info())):
            if not await self._async_is_alive():
                raise RuntimeError("Kernel died before replying to kernel_info")
            if time.monotonic() > end:
                raise RuntimeError(f"Kernel didn't respond in {timeout:g} seconds")
        self._handle_kernel_info_reply(reply)
        if reply["content"].get("language_info", {}).get("name") == "python":
            # Evaluated without a cell: neither history nor count nor names of the kernel change.
            await self._answer(self.execute("", silent=True, user_expressions={"_": UNBOUND}))

    wait_for_ready = _async_wait_for_ready

    async def _answer(self, asked: str) -> dict[str, Any] | None:
        """The reply, when the output channel has told that it was sent; None after silence."""
        try:
            reply = await self._of(asked, self.shell_channel, SILENCE)
            while (told := await self._of(asked, self.iopub_channel, PAUSE))["msg_type"]:
                if told["content"].get("execution_state") == "idle":
                    break
        except Empty:
            return None
        return reply

    async def _of(self, asked: str, channel: Any, patience: float) -> dict[str, Any]:
        """The next message about this request. Raises queue.Empty after so much silence."""
        while True:
            msg = await channel.get_msg(timeout=patience)
            if msg["parent_header"].get("msg_id") == asked:
                return msg
