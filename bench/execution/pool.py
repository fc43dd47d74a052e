"""papermill in processes: `python pool.py PROCESSES INPUT=OUTPUT ...`, as its users write it."""

from __future__ import annotations

import sys
from concurrent.futures import ProcessPoolExecutor

import papermill


def run(pair: str) -> None:
    """Execute one notebook whose parameters are in it already."""
    source, _, target = pair.partition("=")
    papermill.execute_notebook(source, target, progress_bar=False)


if __name__ == "__main__":
    with ProcessPoolExecutor(int(sys.argv[1])) as pool:
        list(pool.map(run, sys.argv[2:]))
