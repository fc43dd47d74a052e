"""A forked kernel as its client sees it: the part of subprocess.Popen that Jupyter uses."""

from __future__ import annotations

import asyncio
import os
import select
import signal
import socket
import subprocess
from collections.abc import Callable
from typing import Any

from forkedkernels.protocol import MessageBuffer

_CHUNK_BYTES = 4096


class ForkedProcess:
    """A kernel that the fork server has forked, controlled by the connection that requested it.

    Closing the connection kills the kernel; the end of the kernel closes the connection.
    """

    stdin = stdout = stderr = None

    def __init__(self, connection: socket.socket) -> None:
        """Expects a `connection` on which a request was sent."""
        self.pid = 0
        self.ready = False
        self.refused = ""
        self.returncode: int | None = None
        self.usage: dict[str, Any] = {}
        self._connection = connection
        self._connection.setblocking(False)  # noqa: FBT003 - the standard library's signature
        self._buffer = MessageBuffer()

    async def started(self) -> None:
        """Wait until the kernel answers on its sockets, was refused, or has ended."""
        await self._wait_until(lambda: self.ready or self.refused)

    async def ended(self) -> None:
        """Wait for the end."""
        await self._wait_until(lambda: False)

    async def _wait_until(self, condition: Callable[[], object]) -> None:
        loop = asyncio.get_running_loop()
        while self.returncode is None and not condition():
            try:
                chunk = await loop.sock_recv(self._connection, _CHUNK_BYTES)
            except ConnectionError:
                chunk = b""
            if self.returncode is None:  # else a poll() meanwhile has read it
                self._read(chunk)

    def poll(self) -> int | None:
        """The exit code, or None as long as the kernel lives."""
        while self.returncode is None:
            try:
                self._read(self._connection.recv(_CHUNK_BYTES))
            except BlockingIOError:
                break
            except ConnectionError:
                self._read(b"")
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Block until the end. Raises subprocess.TimeoutExpired."""
        while self.poll() is None:
            if not select.select([self._connection], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired("kernel", timeout or 0)
        return self.returncode or 0

    def _read(self, chunk: bytes) -> None:
        if not chunk:  # the fork server is gone, and its kernels with it
            self._end(-signal.SIGKILL)
            return
        for message in self._buffer.feed(chunk):
            self.pid = message.get("pid", self.pid)
            self.ready = message.get("ready", self.ready)
            self.refused = message.get("refused", self.refused)
            if "exit" in message:
                self.usage = message
                self._end(os.waitstatus_to_exitcode(message["exit"]))

    def _end(self, code: int) -> None:
        self.returncode = code
        self.close()

    def close(self) -> None:
        """Close the connection, which kills a kernel that still lives."""
        self._connection.close()

    def send_signal(self, number: int) -> None:
        """Signal the kernel, not its group; nothing if it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)
