"""Turn a forked process into an ordinary ipykernel, run it, and exit."""

from __future__ import annotations

import atexit
import ctypes
import itertools
import os
import random
import signal
import socket
import sys
import threading
import time
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from forkedkernels import protocol

# Modules that ipykernel imports on demand; a fork inherits them instead.
KERNEL_MODULES = (
    "ipykernel_launcher",
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    "ipykernel.zmqshell",
    "ipykernel.debugger",
    "IPython.core.completerlib",
    "IPython.core.oinspect",
    "IPython.core.displayhook",
    "IPython.extensions.storemagic",
    "jedi",
    "pdb",
    "psutil",
    "sqlite3",
    "tornado.platform.asyncio",
)
INLINE_BACKEND = (
    "module://matplotlib_inline.backend_inline"  # what ipykernel sets if nothing is set
)
_PR_SET_PDEATHSIG, _PR_SET_NAME = 1, 15
_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parent:
    """The state of the fork server that a fork needs.

    `files` are the server's sockets, which the kernel closes; `import_variables`
    are those that the kernel's own modules set when they are imported; `thread_count` numbers the
    next thread's name.
    """

    pid: int
    files: Sequence[Any]
    import_variables: Mapping[str, str]
    thread_count: int


def become(
    request: dict[str, Any],
    streams: list[int],
    connection: socket.socket,
    parent: Parent,
) -> None:
    """Run the requested kernel in this fresh fork of `parent`. Never returns."""
    code = 1
    try:
        _detach(parent.pid)
        for other in parent.files:
            other.close()
        _signals()
        _streams(streams)
        _environment(request, parent.import_variables)
        _randomness()
        vars(threading)["_counter"] = itertools.count(parent.thread_count).__next__
        code = _serve(request["argv"], connection)
    except SystemExit as leaving:
        code = leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None)
    except BaseException:  # noqa: BLE001 - nothing may run on into the parent's code
        traceback.print_exc(file=sys.__stderr__)
    finally:
        os._exit(code)


def _detach(parent: int) -> None:
    """Start a session, as a cold kernel has, and die with the parent."""
    os.setsid()
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    _libc.prctl(_PR_SET_NAME, b"forked-kernel")
    if os.getppid() != parent:  # it died between the fork and the line above
        os._exit(1)


def _signals() -> None:
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _streams(streams: list[int]) -> None:
    for place, fd in enumerate(streams):
        os.dup2(fd, place)
    for fd in streams:
        if fd > 2:  # noqa: PLR2004 - the three standard streams stay
            os.close(fd)


def _environment(request: dict[str, Any], import_variables: Mapping[str, str]) -> None:
    os.environ.clear()
    os.environ.update(request["env"])
    os.environ.update(import_variables)
    time.tzset()
    os.chdir(request["cwd"])
    sys.argv = [sys.modules["ipykernel_launcher"].__file__ or "", *request["argv"][3:]]
    sys.orig_argv = request["argv"]
    if matplotlib := sys.modules.get("matplotlib"):  # it reads the variable at import
        matplotlib.rcParams["backend"] = os.environ.get("MPLBACKEND") or INLINE_BACKEND


def _randomness() -> None:
    """Python reseeds its own generator at a fork; numpy does not."""
    random.seed()
    if numpy := sys.modules.get("numpy"):
        numpy.random.seed()


def _serve(argv: list[str], connection: socket.socket) -> int:
    from ipykernel.kernelapp import IPKernelApp

    # The default of parent_handle was read at import, from another process's environment.
    app = IPKernelApp.instance(parent_handle=os.getppid())
    app.initialize(argv[3:])
    protocol.send(connection, {"ready": True})
    connection.close()
    app.start()
    _leave(app)
    return 0


def _leave(app: Any) -> None:
    """Run the visible steps of an interpreter's exit, without its teardown.

    Freeing each object would first copy the memory that is shared with the parent.
    """
    vars(threading)["_shutdown"]()  # joins the threads that are no daemons
    atexit.unregister(app.close)  # joins kernel threads that may be waiting themselves
    atexit._run_exitfuncs()  # noqa: SLF001 - as the interpreter would
    for stream in (sys.__stdout__, sys.__stderr__):
        if stream is not None:
            stream.flush()
