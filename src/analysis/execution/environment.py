"""What every kernel finds in its environment, so that all runs are equal."""

from __future__ import annotations

from pathlib import Path

from analysis.project import Project

ENVIRONMENT = {
    "OPENBLAS_NUM_THREADS": "1",  # equal sums on every machine, and two kernels share two cores
    "OMP_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",  # a plot of a cell is its output
    "TZ": "UTC",
    "LC_ALL": "C.UTF-8",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",  # a warning of the debugger about frozen modules
    "PYTHONSTARTUP": "",  # IPython would run it
    "MATPLOTLIBRC": "",
}


def environment(root: Path) -> dict[str, str]:
    """The same, with a folder of the audit for what matplotlib keeps.

    What a person keeps at home, a style or start-up files, is not for kernels; and a home that
    cannot be written to makes warnings with a random path.
    """
    kept = Project(root).build / "cache" / "matplotlib"  # its list of fonts takes half a second
    return {**ENVIRONMENT, "MPLCONFIGDIR": str(kept)}
