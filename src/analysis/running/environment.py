"""What every kernel finds in its environment, so that all runs are equal."""

from __future__ import annotations

ENVIRONMENT = {
    "OPENBLAS_NUM_THREADS": "1",  # equal sums on every machine, and two kernels share two cores
    "OMP_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
    "MPLBACKEND": "agg",
    "TZ": "UTC",
    "LC_ALL": "C.UTF-8",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",  # a warning of the debugger about frozen modules
}
