"""A kernel provisioner: kernels are forked by the fork server, or started as ordinary ones.

JUPYTER_DEFAULT_PROVISIONER_NAME=forked selects it for all clients of Jupyter. FORKED_KERNELS names
the fork server's socket; without it, this is the ordinary provisioner.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import subprocess
import sys
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from jupyter_client.connect import KernelConnectionInfo  # noqa: TC002 - as other types are
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from forkedkernels import protocol
from forkedkernels.process import ForkedProcess

NAME = "forked"
SELECTOR = "JUPYTER_DEFAULT_PROVISIONER_NAME"
START_TIMEOUT = 120.0  # seconds for a fork server to import and fork
POPEN_OPTIONS = {"cwd", "env", "extra_arguments", "kernel_id", "stderr", "stdout"}
_log = logging.getLogger(__package__)
_log.setLevel(logging.WARNING)  # papermill raises the root's level when the notebook goes to stdout
_logged: set[str] = set()


class Refusal(Exception):  # noqa: N818 - not an error: an ordinary kernel is started instead
    """Why a kernel cannot be forked."""


class ForkedProvisioner(LocalProvisioner):
    """The local provisioner, with `launch_kernel` and `wait` by fork where that is possible.

    After the kernel's end, `returncode` is its exit code (negative: the signal that killed it) and
    `usage` has its `seconds` of processor time and its peak `bytes` of memory, where known.
    """

    process: Any = None  # a Popen or a ForkedProcess, which has the same methods
    returncode: int | None = None
    usage: Mapping[str, Any] = MappingProxyType({})

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Fork the kernel, or start an ordinary one where forking is refused."""
        address = os.environ.get(protocol.ADDRESS_VARIABLE, "")
        kwargs["env"] = _clean(os.environ if kwargs.get("env") is None else kwargs["env"])
        if not address:
            return await super().launch_kernel(cmd, **kwargs)
        try:
            process = await request_fork(address, cmd, kwargs)
        except Refusal as refusal:
            _log_once(str(refusal))
            return await super().launch_kernel(cmd, **kwargs)
        self.process = process
        self.pid = self.pgid = process.pid
        self.cwd = kwargs.get("cwd") or os.getcwd()  # noqa: PTH109 - as the parent class has it
        return self.connection_info

    async def ended(self) -> None:
        """Wait for the end of the process, without polling where the system has pidfds."""
        if isinstance(self.process, ForkedProcess):
            await self.process.ended()
        elif self.process is not None:
            self.usage = await _ended(self.process)
        self.record_end()

    async def wait(self) -> int | None:
        """Wait for the end of the process and forget it."""
        await self.ended()
        return await super().wait()

    def record_end(self) -> None:
        """Keep exit code and usage of an ended process before it is forgotten."""
        if self.process is not None and self.process.poll() is not None:
            self.returncode = self.process.returncode
            self.usage = getattr(self.process, "usage", self.usage)


def _log_once(reason: str) -> None:
    """Log each reason once, but not to Jupyter's log, which is silent where no application runs."""
    if reason not in _logged:
        _logged.add(reason)
        _log.warning("An ordinary kernel was started, none was forked: %s", reason)


def _clean(environ: Any) -> dict[str, str]:
    """The environment of a kernel does not say how the kernel was made."""
    env = {name: value for name, value in environ.items() if name != protocol.ADDRESS_VARIABLE}
    if env.get(SELECTOR) == NAME:
        del env[SELECTOR]
    return env


async def request_fork(address: str, argv: list[str], options: dict[str, Any]) -> ForkedProcess:
    """A kernel with these Popen options from the fork server at `address`.

    Raises Refusal if no fork server answers, or if it refuses.
    """
    process = _send_request(address, argv, options)
    try:
        await asyncio.wait_for(process.started(), START_TIMEOUT)
    except TimeoutError:
        process.refused = f"the fork server did not answer within {START_TIMEOUT:g} s"
    except BaseException:  # cancelled
        process.close()
        raise
    if not process.pid and not process.refused:
        process.refused = "the fork server ended before it answered"
    if process.refused:
        process.close()
        raise Refusal(process.refused)
    return process


def _send_request(address: str, argv: list[str], options: dict[str, Any]) -> ForkedProcess:
    if unknown := sorted(
        name for name in options.keys() - POPEN_OPTIONS if options[name] is not None
    ):
        raise Refusal(f"it was asked for with the option {', '.join(unknown)}")
    outputs = [
        _descriptor(options.get("stdout"), 1, sys.__stdout__),
        _descriptor(options.get("stderr"), 2, sys.__stderr__),
    ]
    env = {**options["env"], "JPY_PARENT_PID": str(os.getpid())}
    cwd = os.path.abspath(options.get("cwd") or os.curdir)  # noqa: PTH100 - may be a text
    connection = socket.socket(socket.AF_UNIX)
    stdin, end = os.pipe()
    os.close(end)  # reading it finds the end at once, as in an ordinary kernel
    try:
        connection.connect(address)
        protocol.send(connection, {"argv": argv, "env": env, "cwd": cwd}, [stdin, *outputs])
    except OSError as error:
        connection.close()
        raise Refusal(f"no fork server listens at {address}: {error.strerror or error}") from error
    finally:
        os.close(stdin)
    return ForkedProcess(connection)


def _descriptor(stream: Any, usual: int, own: Any) -> int:
    if stream is None:
        if own is None:  # the number may be a socket's now
            raise Refusal("a standard stream of the client is closed")
        return usual
    number = stream if isinstance(stream, int) else stream.fileno()
    if number < 0:  # PIPE, DEVNULL, STDOUT
        raise Refusal("it was asked for with a redirected output")
    return number


async def _ended(process: subprocess.Popen[bytes]) -> Mapping[str, Any]:
    """Wait for the end of an ordinary process; its usage, if this call reaps it."""
    if process.poll() is not None:
        return {}
    if not hasattr(os, "pidfd_open"):
        while process.poll() is None:  # noqa: ASYNC110 - there is no event to wait for
            await asyncio.sleep(0.02)
        return {}
    loop, done = asyncio.get_running_loop(), asyncio.Event()
    descriptor = os.pidfd_open(process.pid)
    try:
        loop.add_reader(descriptor, done.set)
        await done.wait()
    finally:
        loop.remove_reader(descriptor)
        os.close(descriptor)
    return _reaped(process)


def _reaped(process: subprocess.Popen[bytes]) -> Mapping[str, Any]:
    """Reap an ended process here: Popen itself would discard its usage."""
    try:
        _, status, usage = os.wait4(process.pid, 0)
    except ChildProcessError:  # Popen was faster
        return {}
    process.returncode = os.waitstatus_to_exitcode(status)
    seconds = round(usage.ru_utime + usage.ru_stime, 3)
    return {"seconds": seconds, "bytes": usage.ru_maxrss * 1024}
