"""The floor: the same library does the same work, with no notebook, kernel or runner around it.

`python floor.py PROCESSES SCRIPT...` runs each script, the code of one claim's notebook, from a
queue that the processes share. What one does is not kept from the next.
"""

from __future__ import annotations

import multiprocessing
import sys
from pathlib import Path


def run(script: str) -> None:
    """Run the code of one notebook in a namespace of its own."""
    exec(compile(Path(script).read_text(encoding="utf-8"), script, "exec"), {})  # noqa: S102


def main(processes: int, scripts: list[str]) -> None:
    """All scripts, the given number at a time."""
    import analysis.figures.save
    import analysis.notebook.api  # noqa: F401 - imported once, before the processes are forked

    if processes == 1:
        for script in scripts:
            run(script)
        return
    with multiprocessing.get_context("fork").Pool(processes) as pool:
        pool.map(run, scripts, chunksize=1)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
