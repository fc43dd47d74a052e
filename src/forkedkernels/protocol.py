"""Messages between a client and the fork server: JSON lines over one connection per kernel.

The connection is the kernel's lifeline. The client sends a request with three descriptors (its
stdin, stdout and stderr for the kernel), then reads: `{"refused": why}`, or `{"pid": number}`,
`{"ready": true}` and, when the kernel has ended, `{"exit": status, "seconds": ..., "bytes": ...}`.
A client that goes away takes its kernel with it.
"""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator, Sequence
from typing import Any

ADDRESS_VARIABLE = "FORKED_KERNELS"  # takes the path of the fork server's socket
STREAM_COUNT = 3
_CHUNK_BYTES = 1 << 16


def send(connection: socket.socket, message: dict[str, Any], fds: Sequence[int] = ()) -> None:
    """Write one message; the descriptors travel with its first byte."""
    line = json.dumps(message).encode() + b"\n"
    sent = socket.send_fds(connection, [line], fds) if fds else 0
    if rest := line[sent:]:  # sending nothing would fail where the peer has answered and left
        connection.sendall(rest)


def receive(connection: socket.socket) -> tuple[dict[str, Any], list[int]]:
    """Read one message and its descriptors.

    Raises ConnectionError, with the descriptors closed, if the peer hangs up in its middle.
    """
    line, fds = b"", []
    while not line.endswith(b"\n"):
        chunk, some, _, _ = socket.recv_fds(connection, _CHUNK_BYTES, STREAM_COUNT)
        fds += some
        if not chunk:
            for fd in fds:
                os.close(fd)
            raise ConnectionError("hung up in the middle of a request")
        line += chunk
    return json.loads(line), fds


class MessageBuffer:
    r"""Collects chunks of bytes into messages.

    >>> buffer = MessageBuffer()
    >>> list(buffer.feed(b'{"pid": 7}\n{"rea')), list(buffer.feed(b'dy": true}\n'))
    ([{'pid': 7}], [{'ready': True}])
    """

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, chunk: bytes) -> Iterator[dict[str, Any]]:
        """The messages that this chunk completes."""
        *whole, self._rest = (self._rest + chunk).split(b"\n")
        for line in whole:
            yield json.loads(line)
