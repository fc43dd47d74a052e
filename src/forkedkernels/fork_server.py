"""The fork server: a process that imports once and forks a kernel for each request.

It runs no notebook itself: what one kernel does, no other can see. It has one thread, answers one
request at a time, and ends with the process that started it.
"""

from __future__ import annotations

import gc
import json
import os
import selectors
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import ModuleType
from typing import IO, Any

from forkedkernels import folders, origins, preconditions, protocol, standard_streams

LISTEN_BACKLOG = 128  # requests that may wait while the fork server imports
TIMEOUT = 10.0  # seconds for a request to arrive whole, and for the server to end
SOCKET_NAME = "fork-server"


# ---------------------------------------------------------------- in the owner's process


@contextmanager
def start_fork_server(
    preload: Sequence[str] = (),
    *,
    environ: Mapping[str, str] | None = None,
    log: IO[bytes] | None = None,
) -> Iterator[str]:
    """Start a fork server, yield the path of its socket, and end it with its kernels on exit.

    `preload` names modules, or `module:function` calls, to run before the first fork. The context
    is entered at once; requests wait until the preloads are done. The path is empty where forking
    is unsafe, and kernels start cold. Kernels are forked only if their environment agrees with
    `environ`. `log` takes standard output and standard error of the server and its kernels.

    >>> with start_fork_server(["json"]) as address:
    ...     os.path.basename(address) in (SOCKET_NAME, "")
    True
    """
    if sys.platform != "linux":  # forking a process with Apple's frameworks loaded is unsafe
        yield ""
        return
    standard_streams.open_streams()
    folder = folders.private("kernels-")
    process = _start(folder, preload, dict(os.environ if environ is None else environ), log)
    try:
        yield str(folder / SOCKET_NAME)
    finally:
        process.terminate()
        try:
            process.wait(TIMEOUT)
        except subprocess.TimeoutExpired:
            process.kill()  # its kernels end with it
            process.wait()
        if process.stdin is not None:
            process.stdin.close()
        shutil.rmtree(folder, ignore_errors=True)


def _start(
    folder: Path, preload: Sequence[str], environ: dict[str, str], log: IO[bytes] | None
) -> subprocess.Popen[bytes]:
    with socket.socket(socket.AF_UNIX) as listener:  # before all imports: clients can queue
        listener.bind(str(folder / SOCKET_NAME))
        listener.listen(LISTEN_BACKLOG)
        options = json.dumps({"listener": listener.fileno(), "preload": list(preload)})
        return subprocess.Popen(  # noqa: S603 - this interpreter, this module
            [sys.executable, "-m", __name__, options],
            stdin=subprocess.PIPE,
            stdout=log or standard_streams.inherited(sys.__stdout__),
            stderr=log or standard_streams.inherited(sys.__stderr__),
            cwd=folder,  # nothing to import there, whatever the current folder holds
            env=environ,
            pass_fds=[listener.fileno()],
            start_new_session=True,  # Ctrl-C is the owner's to handle
        )


# ---------------------------------------------------------------- in the server's process


class Server:
    """Accept requests, fork kernels, report their ends."""

    def __init__(self, listener: socket.socket, lifeline: int, preload: Sequence[str]) -> None:
        self.listener = listener
        self.lifeline = os.fdopen(lifeline, "rb", buffering=0)
        self.preload = tuple(preload)
        self.folder = os.getcwd()  # noqa: PTH109 - a plain text
        self.environ = dict(os.environ)
        self.pid = os.getpid()
        self.import_variables: dict[str, str] = {}
        self.thread_count = 1  # the number of the next thread without a name
        self.fault = ""
        self.own_modules: tuple[str, ...] = ()
        self.stamps: dict[str, origins.Stamp] = {}
        self.kernels: dict[int, socket.socket] = {}
        self.selector = selectors.PollSelector()  # an epoll would be shared with the forks
        self.wakeup, self._wakeup_in = socket.socketpair()

    def prepare(self) -> None:
        """Import everything; after a fault the server refuses every request with the reason."""
        from jupyter_client import localinterfaces

        from forkedkernels import child

        gc.disable()
        for name in child.KERNEL_MODULES:
            __import__(name)
        self.import_variables = dict(os.environ.items() - self.environ.items())
        self.thread_count = vars(threading)["_counter"]()
        localinterfaces.localhost()  # cached: looks at the network interfaces
        for name in self.preload:
            self.fault = self.fault or preconditions.preload(name)
        self.fault = self.fault or preconditions.needs_shell(sys.modules)
        self.own_modules = origins.own_modules(sys.modules)
        self.stamps = origins.stamps(self._inherited())
        gc.collect()
        gc.freeze()  # or the first collection of each kernel would copy all of it
        gc.enable()
        if self.fault:
            sys.stderr.write(f"no kernel will be forked: {self.fault}\n")
            sys.stderr.flush()

    def run(self) -> None:
        """Serve until the owner has gone."""
        for end in (self.wakeup, self._wakeup_in):
            end.setblocking(False)  # noqa: FBT003 - the standard library's signature
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGTERM, lambda *_: sys.exit())
        signal.set_wakeup_fd(self._wakeup_in.fileno(), warn_on_full_buffer=False)
        for source, act in (
            (self.listener, self._accept),
            (self.wakeup, self._reap),
        ):
            self.selector.register(source, selectors.EVENT_READ, act)
        self.selector.register(self.lifeline, selectors.EVENT_READ)
        while True:
            for key, _ in self.selector.select():
                if key.fileobj is self.lifeline:
                    return
                key.data(key.fileobj)

    def end(self) -> None:
        """Kill every kernel and remove the folder of the socket."""
        for pid in self.kernels:
            _kill_group(pid)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _accept(self, listener: socket.socket) -> None:
        connection, _ = listener.accept()
        connection.settimeout(TIMEOUT)
        try:
            request, streams = protocol.receive(connection)
        except (OSError, ValueError):
            connection.close()
            return
        self._answer(connection, request, streams)
        for stream in streams:
            os.close(stream)

    def _answer(
        self, connection: socket.socket, request: dict[str, Any], streams: list[int]
    ) -> None:
        why = self.refusal(request)
        try:
            pid = 0 if why else os.fork()
        except OSError as error:
            why = f"cannot fork: {error.strerror}"
        if why:
            _send(connection, {"refused": why})
            connection.close()
        elif pid == 0:
            self._become(connection, request, streams)
        else:
            self.kernels[pid] = connection
            self.selector.register(connection, selectors.EVENT_READ, self._client_gone)
            _send(connection, {"pid": pid})

    def refusal(self, request: dict[str, Any]) -> str:
        """Why this kernel must be started cold; empty if it can be forked."""
        return (
            self.fault
            or preconditions.launch(request["argv"], sys.executable)
            or preconditions.environment(request["env"], self.environ)
            or preconditions.folder(request["cwd"], sys.modules)
            or origins.hidden(request["cwd"], self._inherited())
            or origins.edited(self.stamps)
            or preconditions.needs_shell(sys.modules)
            or preconditions.threads()
        )

    def _inherited(self) -> dict[str, ModuleType]:
        """The modules that a forked kernel inherits."""
        return {
            name: module for name, module in sys.modules.items() if name not in self.own_modules
        }

    def _become(
        self, connection: socket.socket, request: dict[str, Any], streams: list[int]
    ) -> None:
        from forkedkernels import child

        own = (self.listener, self.lifeline, self.wakeup, self._wakeup_in, self.selector)
        parent = child.Parent(
            pid=self.pid,
            files=(*own, *self.kernels.values()),
            import_variables=self.import_variables,
            thread_count=self.thread_count,
        )
        for name in self.own_modules:
            del sys.modules[name]
        child.become(request, streams, connection, parent)

    def _client_gone(self, connection: socket.socket) -> None:
        """Kill the kernel: a client sends nothing after its request, so readable means closed."""
        self.selector.unregister(connection)
        for pid, own in self.kernels.items():
            if own is connection:
                _kill_group(pid)

    def _reap(self, wakeup: socket.socket) -> None:
        with suppress(BlockingIOError):
            wakeup.recv(4096)
        with suppress(ChildProcessError):
            while True:
                pid, status, usage = os.wait4(-1, os.WNOHANG)
                if pid == 0:
                    return
                self._report(self.kernels.pop(pid), status, usage)

    def _report(self, connection: socket.socket, status: int, usage: Any) -> None:
        with suppress(KeyError):  # unregistered already if the client hung up
            self.selector.unregister(connection)
        seconds = round(usage.ru_utime + usage.ru_stime, 3)
        size = usage.ru_maxrss * 1024
        _send(connection, {"exit": status, "seconds": seconds, "bytes": size})
        connection.close()


def _send(connection: socket.socket, message: dict[str, Any]) -> None:
    """Send to a client that may have gone; the selector reports a closed connection later."""
    with suppress(OSError):
        protocol.send(connection, message)


def _kill_group(pid: int) -> None:
    for kill in (os.killpg, os.kill):  # it may not have made its group yet
        with suppress(ProcessLookupError):
            kill(pid, signal.SIGKILL)


def main(arguments: str) -> None:
    """Run as a process: listen on the inherited socket until stdin is closed."""
    del sys.path[0]  # the folder that -m put there
    options = json.loads(arguments)
    lifeline = os.dup(0)
    with Path(os.devnull).open("rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    server = Server(socket.socket(fileno=options["listener"]), lifeline, options["preload"])
    try:
        server.prepare()
        server.run()
    finally:
        if os.getpid() == server.pid:
            server.end()


if __name__ == "__main__":
    main(sys.argv[1])
