"""Errors that the user can correct, each with its file, line and column."""

import traceback
from collections.abc import Iterable, Sequence
from types import TracebackType

from analysis.formatting import number

EXTRAS = {  # the extra of this distribution that installs a package
    "bs4": "refresh",
    "dask": "cluster",
    "distributed": "cluster",
    "openpyxl": "refresh",
    "polars": "parquet",
    "pyreadr": "refresh",
    "requests": "refresh",
    "rocrate": "archive",
    "sdmx": "refresh",
    "soupsieve": "refresh",
}
MAX_FAULTS = 20  # faults that one message lists; more would push the first off the screen


class AnalysisError(Exception):
    """An error that the user can correct, with the place to correct."""

    def __init__(
        self,
        message: str,
        *,
        file: str | None = None,
        line: int | None = None,
        column: int | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.file = file
        self.line = line
        self.column = column
        self._shown = False

    @property
    def place(self) -> str | None:
        """`data/trade/gdp.csv:41:7`, as far as it is known: editors jump to this form."""
        if self.file is None:
            return None
        return ":".join(
            str(part) for part in (self.file, self.line, self.column) if part is not None
        )

    def __str__(self) -> str:
        return f"{self.place}: {self.message}" if self.place else self.message

    def _render_traceback_(self) -> list[str]:
        """What IPython shows: message and line of the cell first, all frames when asked again."""
        if self._shown:
            return traceback.format_exception(self)
        self._shown = True
        lines = [f"{type(self).__name__}: {self}", *_asked(self.__traceback__)]
        return [*lines, "(%tb shows where in the library it was raised)"]


def _asked(frames: TracebackType | None) -> list[str]:
    """The line of the cell that led to the error, if it was a cell."""
    cells = [
        frame
        for frame in traceback.extract_tb(frames)
        if frame.filename.startswith("<ipython-input") or "ipykernel_" in frame.filename
    ]
    return [f"  line {cells[-1].lineno} of this cell: {cells[-1].line}"] if cells else []


class ClaimsError(AnalysisError):
    """The register of claims says something that cannot be meant."""


class DataError(AnalysisError):
    """A table, the catalog, the sources or the corrections are not as declared."""

    def __init__(
        self,
        message: str,
        *,
        failures: Sequence["DataError"] = (),
        file: str | None = None,
        line: int | None = None,
        column: int | None = None,
    ) -> None:
        super().__init__(message, file=file, line=line, column=column)
        self._failures = tuple(failures)

    @property
    def failures(self) -> tuple["DataError", ...]:
        """Each fault by itself: the error alone, or the many that it lists."""
        return self._failures or (self,)

    @classmethod
    def of(cls, failures: Iterable["DataError"]) -> "DataError":
        """One error out of many faults; a single DataError is returned as it is."""
        faults = tuple(failures)
        if len(faults) == 1:
            return faults[0]
        lines = [f"{len(faults)} faults in the data:", *shortened(faults)]
        return cls("\n  ".join(lines), failures=faults)


class UnknownTableError(DataError):
    """No table, or more than one, has the name that was given."""


class ParameterError(AnalysisError):
    """A parameter of a method is unknown, of the wrong type or out of its range."""


class ExecutionError(AnalysisError):
    """A notebook did not run to its end."""


class ProjectError(AnalysisError):
    """The audit's folder cannot be found, read or written."""


class BundleError(AnalysisError):
    """An archive is no bundle of an audit, or one that must not be unpacked."""


def shortened(faults: Sequence[object]) -> list[str]:
    """The first faults as lines, and how many more there are.

    >>> shortened(range(23))[-2:]
    ['19', '... and 3 more']
    """
    more = [f"... and {number(len(faults) - MAX_FAULTS)} more"] if len(faults) > MAX_FAULTS else []
    return [*map(str, faults[:MAX_FAULTS]), *more]


def clip(text: object, most: int = 80) -> str:
    """A text as a message quotes it: a long one is cut, with its length.

    >>> clip("75,5"), clip("9" * 5000, most=5)
    ('75,5', '99999... (5000 characters)')
    """
    whole = str(text)
    return whole if len(whole) <= most else f"{whole[:most]}... ({len(whole)} characters)"


def suggest(word: str, known: Iterable[object]) -> str:
    """A hint to put behind a message about an unknown word; empty if nothing is near.

    >>> suggest("repoter", ["reporter", "partner"])
    " (did you mean 'reporter'?)"
    >>> suggest("zebra", ["reporter", "partner"])
    ''
    """
    import difflib  # here, for most commands end well

    near = difflib.get_close_matches(str(word), [str(name) for name in known], n=1)
    return f" (did you mean '{near[0]}'?)" if near else ""


def missing_package(fault: ImportError) -> str | None:
    """The missing package and how to install it; None for a package of no extra.

    >>> missing_package(ImportError(name="polars.io"))
    "polars is not installed here: in the library's checkout, pip install -e '.[parquet]'"
    """
    package = (fault.name or "").partition(".")[0]
    if package not in EXTRAS:
        return None
    install = f"pip install -e '.[{EXTRAS[package]}]'"
    return f"{package} is not installed here: in the library's checkout, {install}"
