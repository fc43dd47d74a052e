"""What a sweep costs from a thousand to a million specifications, beside a bare process pool.

`python bench/sweeps.py` writes bench/results/execution/sweeps.csv, and the table and the figure of
docs/distributed.md; a million take some minutes on two cores. The bare pool maps the function that
the sweep calls, over the same numbers in chunks of the same size, in processes that are forked when
everything is imported and loaded, and keeps nothing.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from functools import lru_cache
from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from analysis.figures.palette import INK, MUTED
from analysis.figures.style import WIDTH, styled

sys.path.insert(0, str(Path(__file__).parents[1]))
from bench.execution.meter import adopt_orphans, measure
from bench.execution.workspace import Workspace, prepare

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "bench" / "results" / "execution" / "sweeps.csv"
CLAIM, CHUNK, PROCESSES = "C2", 2000, 2
PER_STEP = 10  # specifications of this claim for each claimed value
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"


def grid(steps: int) -> str:
    """So many claimed values."""
    return f"claimed=50:100:{steps}"


@lru_cache(maxsize=1)
def _ready(steps: int) -> tuple:
    from analysis.claims import parameter_grid
    from analysis.notebook import api
    from analysis.verdicts.grid import expanded_grid

    claim = api.claim(CLAIM)
    whole = expanded_grid(claim, "literal", parameter_grid.parse(claim, [grid(steps)]))
    return whole, api.load(claim, "publication")


def bare(steps_and_start: tuple[int, int]) -> int:
    """One chunk of the bare pool."""
    from analysis.verdicts.sweep import attempt

    steps, start = steps_and_start
    whole, evidence = _ready(steps)
    found = whole.specifications(start, start + CHUNK)
    return sum(attempt(each, evidence, "publication").outcome.value for _, each in found)


def pool(steps: int) -> None:
    """The bare pool over the whole space."""
    whole, _ = _ready(steps)
    starts = [(steps, start) for start in range(0, len(whole), CHUNK)]
    context = multiprocessing.get_context("fork")  # after the imports and the tables: the cheapest
    with ProcessPoolExecutor(PROCESSES, mp_context=context) as executor:
        sum(executor.map(bare, starts))


def main() -> None:
    """Measure, and write the table."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument(
        "--sizes", nargs="*", type=int, default=[1_000, 10_000, 100_000, 1_000_000]
    )
    options.add_argument("--rounds", type=int, default=3, help="of sizes up to 10,000 [3]")
    options.add_argument("--pool", type=int, help=argparse.SUPPRESS)
    arguments = options.parse_args()
    if arguments.pool:
        pool(arguments.pool)
        return
    adopt_orphans()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        space = prepare(ROOT, Path(folder) / "audit", [CLAIM])
        rows = [row for size in arguments.sizes for row in compared(space, size, arguments.rounds)]
    pd.DataFrame(rows).to_csv(RESULTS, index=False)
    report(pd.DataFrame(rows))
    draw(pd.DataFrame(rows))


def compared(space: Workspace, size: int, rounds: int) -> list[dict]:
    """Both ways in turns, the large ones once."""
    steps, log, rows = size // PER_STEP, space.root / "log", []
    words = ["sweep", CLAIM, "-g", grid(steps), "-j", str(PROCESSES), "--chunk", str(CHUNK)]
    ways = {
        "claims sweep": [str(Path(sys.executable).parent / "claims"), *words],
        "bare pool": [sys.executable, __file__, "--pool", str(steps)],
    }
    for turn in range(rounds if size <= 10_000 else 1):
        for way in sorted(ways, reverse=bool(turn % 2)):
            space.clear()
            cost = measure(ways[way], space.audit, space.environ, log, memory=True)
            file = space.audit / "build" / "sweeps" / f"{CLAIM}.parquet"
            megabytes = file.stat().st_size / 1e6 if file.exists() else None
            costs = {"wall": cost.wall, "cpu": cost.cpu, "mib": cost.mib, "megabytes": megabytes}
            rows.append({"size": size, "way": way, "round": turn, **costs})
            print(rows[-1], flush=True)
    return rows


def report(rows: pd.DataFrame) -> None:
    """The table in the docs."""
    lines = [
        "| specifications | wall | CPU | memory, peak | file | wall of the bare pool | ratio |",
        "|---|---|---|---|---|---|---|",
    ]
    for size, found in rows.groupby("size"):
        ours, bare_ = (found[found["way"] == way] for way in ("claims sweep", "bare pool"))
        middle = ours.median(numeric_only=True)
        ratio = (ours.set_index("round")["wall"] / bare_.set_index("round")["wall"]).median()
        lines.append(
            f"| {size:,} | {middle['wall']:.1f} s | {middle['cpu']:.1f} s | {middle['mib']:.0f} MiB"
            f" | {middle['megabytes']:.2f} MB | {bare_['wall'].median():.1f} s | {ratio:.2f} |"
        )
    page = ROOT / "docs" / "distributed.md"
    head, rest = page.read_text(encoding="utf-8").split(BEGIN)
    tail = rest.split(END)[1]
    table = "\n".join(lines)
    page.write_text(f"{head}{BEGIN}\n\n{table}\n\n{END}{tail}", encoding="utf-8")


def draw(rows: pd.DataFrame) -> None:
    """Time and memory against the number of specifications, beside the bare pool."""
    middle = rows.groupby(["way", "size"])[["wall", "mib"]].median()
    colours = {"claims sweep": INK, "bare pool": MUTED}
    with styled():
        figure = Figure(figsize=(WIDTH, 3.2))
        for place, column, label in ((1, "wall", "seconds"), (2, "mib", "memory at the peak, MiB")):
            axes = figure.add_subplot(1, 2, place)
            for way, colour in colours.items():
                line = middle.loc[way][column]
                axes.plot(line.index, line, "o-", color=colour, label=way)
            axes.set(xlabel="specifications", ylabel=label, xscale="log")
            if column == "wall":
                axes.set_yscale("log")
                axes.legend(frameon=False)
            else:
                axes.set_ylim(0, None)
        figure.tight_layout()
        figure.savefig(ROOT / "docs" / "images" / "sweeps.png", dpi=150)


if __name__ == "__main__":
    main()
