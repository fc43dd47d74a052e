"""Failures of a run as data: their kind, and the place in the notebook."""

from __future__ import annotations

import errno
import re
import signal
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Protocol, runtime_checkable

from analysis.project import REMEDIES, unwritable

EXCERPT_LINES = 3  # first and last source lines of a failed cell that a message shows
MEMORY_ERRORS = (
    "MemoryError",
    "ArrayMemoryError",
    "_ArrayMemoryError",
)  # numpy's, and its older names
DISK_FULL = re.compile(rf"\[Errno ({errno.ENOSPC}|{errno.EDQUOT}|{errno.EFBIG})\]")
ANSI = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why a notebook has no record.

    `kind` is one of cell_error, out_of_memory, disk_full, unwritable, timeout, kernel_died,
    no_record, bad_parameter, worker_died, input_changed. `peak_bytes` is the peak memory of its
    kernel, where known.
    """

    claim: str
    kind: str
    message: str
    cell: str = ""
    source: str = ""
    stderr: str = ""
    seconds: float = 0.0
    peak_bytes: int | None = None
    when: str = ""  # as ISO text, in UTC

    def __str__(self) -> str:
        place = f" in cell {self.cell}" if self.cell else ""
        return f"{self.claim}: {self.kind.replace('_', ' ')}{place}: {self.message}"

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)


def diagnose(claim: str, error: BaseException, notebook: Any, timeout: float) -> Failure:
    """The failure behind an exception of papermill or nbclient, located in the notebook."""
    kind, message = _kind(error, timeout)
    cell = _running(notebook)
    return Failure(
        claim=claim,
        kind=kind,
        message=ANSI.sub("", message).strip(),
        cell=str(cell["id"]) if cell else "",
        source=excerpt(cell["source"]) if cell else "",
        stderr=_stderr(cell),
    )


def no_record(claim: str) -> Failure:
    """The failure of a notebook that ended without a record."""
    message = "the notebook ended without a record: its last cell must call analysis.record(...)"
    return Failure(claim=claim, kind="no_record", message=message)


def worker_died(claim: str) -> Failure:
    """The failure of a job whose worker process died twice, the second time alone."""
    message = "the worker process died twice; it was killed or ran out of memory"
    return Failure(claim=claim, kind="worker_died", message=message)


def input_changed(claim: str, files: Sequence[str]) -> Failure:
    """The failure of a job whose inputs changed while it ran."""
    more = f" and {len(files) - EXCERPT_LINES} more" if len(files) > EXCERPT_LINES else ""
    message = f"written to while it ran: {', '.join(files[:EXCERPT_LINES])}{more}; run it again"
    return Failure(claim=claim, kind="input_changed", message=message)


def killed(failure: Failure, code: int | None, *, starved: bool) -> Failure:
    """A kernel's death with what is known of it: its exit code, and whether memory had run out.

    >>> died = Failure(claim="X", kind="kernel_died", message="")
    >>> killed(died, -11, starved=False).message
    'the kernel was killed by SIGSEGV'
    >>> killed(died, 1, starved=False).message
    'the kernel ended by itself with exit code 1'
    """
    if starved:
        message = "the system killed the kernel because memory ran out; see --memory-limit, --jobs"
        return replace(failure, kind="out_of_memory", message=message)
    if code is None:
        return failure
    end = (
        f"was killed by {_signal(-code)}" if code < 0 else f"ended by itself with exit code {code}"
    )
    return replace(failure, message=f"the kernel {end}")


def _signal(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def excerpt(source: str) -> str:
    r"""The first and last lines of a cell.

    >>> print(excerpt("a\nb\nc\nd\ne\nf\ng\nh"))
    a
    b
    c
    ...
    f
    g
    h
    """
    lines = source.splitlines()
    if len(lines) <= 2 * EXCERPT_LINES:
        return source
    return "\n".join([*lines[:EXCERPT_LINES], "...", *lines[-EXCERPT_LINES:]])


@runtime_checkable
class CellError(Protocol):
    """What papermill and nbclient raise when a cell does: the exception's name and its text."""

    ename: str
    evalue: str


def _kind(error: BaseException, timeout: float) -> tuple[str, str]:
    name = type(error).__name__
    if isinstance(error, CellError):
        full = error.ename == "OSError" and bool(DISK_FULL.match(error.evalue))
        kind = (
            "out_of_memory"
            if error.ename in MEMORY_ERRORS
            else "disk_full"
            if full
            else "cell_error"
        )
        return kind, f"{error.ename}: {error.evalue}"
    if isinstance(error, OSError) and error.errno in REMEDIES:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
        return "disk_full" if full else "unwritable", unwritable(error)
    if name == "CellTimeoutError":
        cut = "the cell has ended, but the end of its output was not received"
        late = f"no answer within {timeout:g} s; raise it with --timeout"
        return "timeout", cut if "IOPub" in str(error) else late
    if name == "DeadKernelError":
        return "kernel_died", "the kernel died; it was killed, ran out of memory or crashed"
    if isinstance(error, TypeError) and "serializable" in str(error):
        return "bad_parameter", f"a parameter cannot be written into the notebook: {error}"
    return "cell_error", f"{name}: {error}"


def _running(notebook: Any) -> Any:
    """The cell that was running when it stopped: the first with an error, else the last begun."""
    code = [cell for cell in getattr(notebook, "cells", ()) if cell["cell_type"] == "code"]
    for cell in code:
        if any(output["output_type"] == "error" for output in cell["outputs"]):
            return cell
    for cell in code:
        if cell["metadata"].get("papermill", {}).get("status") in ("running", "failed"):
            return cell
    return None


def _stderr(cell: Any) -> str:
    texts = [
        output["text"]
        for output in (cell or {}).get("outputs", [])
        if output["output_type"] == "stream" and output["name"] == "stderr"
    ]
    return "\n".join("".join(texts).splitlines()[-10:])
