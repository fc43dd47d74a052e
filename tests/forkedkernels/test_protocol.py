"""Sending a request to a fork server that answers fast."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from forkedkernels import protocol


def test_a_request_arrives_although_the_fork_server_has_answered_and_left(monkeypatch):
    """The fork server may refuse and hang up between the client's last byte and its next line."""
    client, server = socket.socketpair()
    send_fds = socket.send_fds

    def overtaken(connection, buffers, fds):
        sent = send_fds(connection, buffers, fds)
        request, streams = protocol.receive(server)
        for stream in streams:
            os.close(stream)
        protocol.send(server, {"refused": request["why"]})
        server.close()
        return sent

    monkeypatch.setattr(socket, "send_fds", overtaken)
    with client, Path(os.devnull).open() as nothing:
        protocol.send(client, {"why": "another folder"}, [nothing.fileno()])
        assert protocol.receive(client) == ({"refused": "another folder"}, [])


@pytest.mark.parametrize("length", [0, 1 << 20])
def test_a_request_of_any_length_arrives_whole(length):
    """Longer ones than a socket takes at once go in pieces."""
    client, server = socket.socketpair()
    message = {"argv": "x" * length}
    child = os.fork()
    if child == 0:
        protocol.send(client, message, [1])
        os._exit(0)
    client.close()
    with server:
        received, streams = protocol.receive(server)
    os.waitpid(child, 0)
    for stream in streams:
        os.close(stream)
    assert received == message
    assert len(streams) == 1
