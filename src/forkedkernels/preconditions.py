"""Conditions under which a forked kernel behaves as a fresh one.

Each check returns the reason against forking, or "".

None of these is theoretical. A thread that is alive at a fork leaves its locks locked for ever. A
module that sets matplotlib's style at import changes the figures of notebooks that never import it.
And `matplotlib_inline.backend_inline`, imported without a shell, turns every figure into text.
"""

from __future__ import annotations

import asyncio
import builtins
import decimal
import faulthandler
import importlib
import locale
import logging
import os
import random
import signal
import socket
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

# Read when an interpreter or a library starts: a kernel that wants other values needs a fresh one.
IMPORT_TIME_VARIABLES = (
    "ARROW_",
    "BLIS_",
    "DYLD_",
    "GOTO_",
    "HOME",
    "JE_",
    "KMP_",
    "LANG",
    "LC_",
    "LD_",
    "MALLOC_",
    "MATPLOTLIBRC",
    "MKL_",
    "MPLCONFIGDIR",
    "NPY_",
    "NUMBA_",
    "NUMEXPR_",
    "OMP_",
    "OPENBLAS_",
    "PYDEVD_",
    "PYTHON",
    "VECLIB_",
    "XDG_",
)
# Exceptions without an effect on results: whether the debugger warns when it is imported. The
# papermill command sets it for itself.
HARMLESS_VARIABLES = frozenset({"PYDEVD_DISABLE_FILE_VALIDATION"})
# Configure themselves at import from the shell that runs them: never without one.
NEEDS_A_SHELL = ("matplotlib_inline.backend_inline",)
# Read at import from the working directory, if they are there.
CONFIGURATION_FILES = {"matplotlib": ("matplotlibrc",)}
LAUNCHER = ["-m", "ipykernel_launcher"]


def threads() -> str:
    """Why this process may not fork: locks of a second thread would stay locked in the child.

    Counted by the system, not by Python: libraries start threads that Python does not know.
    """
    names = []
    for task in Path("/proc/self/task").iterdir():
        try:
            names.append((task / "comm").read_text().strip())
        except OSError:  # ended meanwhile
            continue
    return "" if len(names) == 1 else f"{len(names)} threads are alive: {', '.join(names)}"


def needs_shell(modules: Iterable[str]) -> str:
    """Why these loaded modules cannot be inherited."""
    found = [name for name in NEEDS_A_SHELL if name in modules]
    return f"{', '.join(found)} is imported, which must see its shell" if found else ""


def launch(argv: list[str], executable: str) -> str:
    """Why this command is not one that a fork of `executable` can stand for."""
    if argv[1:3] != LAUNCHER:
        return f"the kernel is not started as python {' '.join(LAUNCHER)}: {' '.join(argv[:3])}"
    wanted, own = Path(argv[0]), Path(executable)
    # bin/python and bin/python3 of one environment are the same; two environments are not,
    # even when their links end at the same file
    same = os.path.realpath(wanted.parent) == os.path.realpath(own.parent)
    if not (same and os.path.realpath(wanted) == os.path.realpath(own)):
        return f"another interpreter: {argv[0]}, not {executable}"
    return ""


def environment(wanted: Mapping[str, str], own: Mapping[str, str]) -> str:
    """Why a kernel with this environment needs an interpreter of its own.

    >>> environment({"OMP_NUM_THREADS": "2", "TZ": "UTC"}, {"OMP_NUM_THREADS": "1"})
    'another value of OMP_NUM_THREADS, which is read at import'
    >>> environment({"TZ": "UTC"}, {})
    ''
    """
    differ = sorted(
        name
        for name in (wanted.keys() | own.keys()) - HARMLESS_VARIABLES
        if name.startswith(IMPORT_TIME_VARIABLES) and wanted.get(name) != own.get(name)
    )
    if differ:
        return f"another value of {', '.join(differ)}, which is read at import"
    folders = wanted.get("PYTHONPATH", "").split(os.pathsep)
    relative = [folder for folder in folders if folder and not Path(folder).is_absolute()]
    return f"PYTHONPATH has a relative folder: {relative[0]}" if relative else ""


def folder(cwd: str, modules: Iterable[str]) -> str:
    """Why these loaded modules would be configured otherwise if imported in this folder."""
    for module, files in CONFIGURATION_FILES.items():
        for file in files:
            if module in modules and Path(cwd, file).exists():
                return f"{file} in the working directory is read at import"
    return ""


# ---------------------------------------------------------------- side effects of imports


def _module(name: str, attribute: Callable[[Any], Any]) -> Any:
    module = sys.modules.get(name)
    return None if module is None else attribute(module)


def _pandas_options(pandas: Any) -> dict[str, Any]:
    found, waiting = {}, [("", pandas.options)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # deprecated options warn when they are looked at
        while waiting:
            prefix, group = waiting.pop()
            for name in dir(group):
                value = getattr(group, name)
                if type(value) is type(pandas.options):
                    waiting.append((f"{prefix}{name}.", value))
                else:
                    found[f"{prefix}{name}"] = value
    return found


def _numpy_state(numpy: Any) -> tuple[Any, ...]:
    kind, keys, *rest = numpy.random.get_state()
    return kind, keys.tobytes(), *rest


def _handlers() -> dict[str, Any]:
    return {number.name: signal.getsignal(number) for number in signal.Signals}


SHARED_STATE: Mapping[str, Callable[[], Any]] = {
    "the environment": lambda: dict(os.environ),
    "the working directory": os.getcwd,
    "sys.path": lambda: list(sys.path),
    "signal handlers": _handlers,
    "Python's random state": random.getstate,
    "numpy's random state": lambda: _module("numpy", _numpy_state),
    "numpy's error handling": lambda: _module("numpy", lambda numpy: numpy.geterr()),
    "numpy's print options": lambda: _module("numpy", lambda n: str(n.get_printoptions())),
    "the locale": lambda: locale.setlocale(locale.LC_ALL),
    "matplotlib's rcParams": lambda: _module("matplotlib", lambda m: m.rcParams.copy()),
    "pandas' options": lambda: _module("pandas", _pandas_options),
    "decimal's context": lambda: str(decimal.getcontext()),
    "the root logger": lambda: (logging.root.level, list(logging.root.handlers)),
    "sys hooks": lambda: (sys.excepthook, sys.displayhook, sys.gettrace(), sys.getprofile()),
    "the recursion limit": sys.getrecursionlimit,
    "the default timeout of sockets": socket.getdefaulttimeout,
    "faulthandler": faulthandler.is_enabled,
    "asyncio's policy": lambda: vars(asyncio.events)[
        "_event_loop_policy"
    ],  # get_event_loop_policy() would make one
}


def shared_state() -> dict[str, Any]:
    """State of the process that all its modules share, by its name in messages."""
    return {name: look() for name, look in SHARED_STATE.items()}


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Names of what differs. None before means that the library was not imported: no change.

    >>> changed({"sys.path": [], "pandas' options": None}, {"sys.path": [1], "pandas' options": 2})
    ['sys.path']
    """
    return [name for name, old in before.items() if old != after[name] and old is not None]


class Shell:
    """A stand-in for the shell that `get_ipython()` returns, for libraries that ask at import."""

    kernel = None


@contextmanager
def in_a_notebook() -> Iterator[None]:
    """Let libraries that ask for `get_ipython` at import find that they are in a notebook.

    pandas is one: outside, it sets display.max_columns as for a terminal.
    """
    builtins.get_ipython = Shell  # type: ignore[attr-defined]
    try:
        yield
    finally:
        del builtins.get_ipython  # type: ignore[attr-defined]


def preload(name: str) -> str:
    """Import a module, or call the function of a `module:function`; why it cannot be inherited.

    The text is empty if the import leaves the shared state as it was.
    """
    module, _, function = name.partition(":")
    before = shared_state()
    try:
        with in_a_notebook():
            found = importlib.import_module(module)
            if function:
                getattr(found, function)()
    except Exception as error:  # noqa: BLE001 - whatever an import raises
        return f"preloading {name} failed: {type(error).__name__}: {error}"
    if differ := changed(before, shared_state()):
        return f"preloading {name} changes {', '.join(differ)}: do that in a function instead"
    return ""
