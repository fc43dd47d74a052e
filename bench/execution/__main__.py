"""Measure execution against the tools that a user would take instead, and write it down.

`make bench` runs everything (about an hour on two cores); `python -m bench.execution --rounds 1
--claims 4` is a quick look. Writes build/bench/execution.csv, bench/results/execution/*.csv,
docs/images/performance.png, and the tables of docs/performance.md.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

import pandas as pd

from analysis.claims.registry import read
from analysis.execution.plan import plan
from analysis.project import Project

from . import report
from .contenders import (
    CONTENDERS,
    EARLIER,
    FLOOR,
    LOOP,
    OURS,
    OWN,
    TWO_COMMANDS,
    UNCHANGED,
    Contender,
)
from .meter import adopt_orphans
from .rounds import Race, digests
from .workspace import STATE_BEFORE, prepare

ROOT = Path(__file__).parents[2]
LOCK = ROOT / "bench" / "peers.lock"
COMMIT_BEFORE = "10a3b3e"  # the state before the work was made faster
BUILD = ROOT / "build" / "bench"
RESULTS = ROOT / "bench" / "results" / "execution"


def peers() -> Path:
    """The folder with the peers' commands, installed from their lock where they are not yet."""
    venv = BUILD / "venv"
    stamp, wanted = venv / "installed", LOCK.read_text(encoding="utf-8")
    if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return venv / "bin"
    print("Installing the peers of bench/peers.lock ...", flush=True)
    uv = str(OWN / "uv")
    pip, here = (uv, "pip"), ("--quiet", "--python", str(venv / "bin" / "python"))
    for command in (
        [uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(venv)],
        [*pip, "sync", *here, "--require-hashes", "--compile-bytecode", str(LOCK)],
        [*pip, "install", *here, "--no-deps", "--no-build-isolation", "--editable", str(ROOT)],
    ):
        subprocess.run(command, check=True)  # noqa: S603 - uv from this project's own lock
    stamp.write_text(wanted, encoding="utf-8")
    return venv / "bin"


def state_before() -> None:
    """Check out the state that this one is held against, and install it by its own lock."""
    python = STATE_BEFORE / ".venv" / "bin" / "python"
    if not STATE_BEFORE.exists():
        git = ["git", "-C", str(ROOT)]
        add = [*git, "worktree", "add", "--quiet", "--force", "--detach"]
        subprocess.run([*git, "worktree", "prune"], check=True)  # noqa: S603
        subprocess.run([*add, str(STATE_BEFORE), COMMIT_BEFORE], check=True)  # noqa: S603
    if not python.exists():
        print(f"Installing the state before, {COMMIT_BEFORE} ...", flush=True)
        pip, here = [str(OWN / "uv"), "pip"], ["--quiet", "--python", str(python)]
        lock = str(STATE_BEFORE / "requirements.lock")
        venv = [str(OWN / "uv"), "venv", "--quiet", "--python", sys.executable]
        for command in (
            [*venv, str(STATE_BEFORE / ".venv")],
            [*pip, "sync", *here, "--require-hashes", "--compile-bytecode", lock],
            [*pip, "install", *here, "--no-deps", "--no-build-isolation", "-e", str(STATE_BEFORE)],
        ):
            subprocess.run(command, check=True)  # noqa: S603 - uv from this project's own lock


def sample(count: int) -> list[str]:
    """Claims of every method in turn, the first of each first, until there are enough."""
    project = Project(ROOT)
    jobs = plan(project, read(project)).jobs
    by_method = defaultdict(list)
    for job in jobs:
        by_method[job.notebook.stem].append(job.claim)
    turns = [
        names[turn]
        for turn in range(len(jobs))
        for names in by_method.values()
        if turn < len(names)
    ]
    return turns[:count]


def named(*names: str) -> tuple[Contender, ...]:
    """Some contenders by name."""
    return tuple(contender for contender in CONTENDERS if contender.name in names)


def starts() -> list[Contender]:
    """The commands that a person types and waits for."""
    commands = {"--help": [], "list": [], "plan": [], "why": ["ID"]}
    return [
        Contender(
            name=f"claims {word}",
            command=lambda space, _, word=word, rest=rest: [
                str(OWN / "claims"),
                word,
                *(space.claims[0] for _ in rest),
            ],
            peer=False,
        )
        for word, rest in commands.items()
    ]


def races(root: Path, count: int, rounds: int) -> list[Race]:
    """Everything that is measured, the long ones with fewer rounds."""
    some = prepare(ROOT, root / "some", sample(count))
    everything = prepare(ROOT, root / "all", sample(10_000))
    one = prepare(ROOT, root / "one", sample(1))
    long = max(rounds - 1, 1)
    return [
        Race(name="one", space=one, contenders=named(OURS, LOOP), rounds=2 * rounds + 1),
        Race(name="commands", space=one, contenders=starts(), rounds=9, clean=False),
        *(
            Race(name="unchanged", space=some, contenders=(each,), rounds=5, clean=False)
            for each in UNCHANGED
        ),
        Race(name="some", space=some, contenders=CONTENDERS, rounds=rounds),
        Race(
            name="all", space=everything, contenders=named(OURS, EARLIER, LOOP, FLOOR), rounds=long
        ),
        Race(
            name="memory",
            space=some,
            contenders=named(OURS, TWO_COMMANDS),
            rounds=long,
            memory=True,
        ),
    ]


def equality(root: Path, folder: Path) -> pd.DataFrame:
    """How many products of a forked and of a cold run of everything are the same bytes."""
    space = prepare(ROOT, root / "equal", sample(10_000))
    found = []
    for options in ([], ["--cold"]):
        space.clear()
        subprocess.run(  # noqa: S603 - this project's own command
            [str(OWN / "claims"), "run", *space.claims, *options],
            cwd=space.audit,
            env=dict(space.environ),
            check=True,
            stdout=subprocess.DEVNULL,
        )
        found.append(digests(space.audit / "build"))
    forked, cold = found
    table = pd.DataFrame(
        {
            "products": [name.split("/")[0] for name in sorted(forked.keys() | cold.keys())],
            "equal": [forked.get(n) == cold.get(n) for n in sorted(forked.keys() | cold.keys())],
        }
    )
    counted = table.groupby("products")["equal"].agg(["sum", "size"])
    counted.columns = ["equal", "of"]
    counted.reset_index().to_csv(folder / "equality.csv", index=False)
    return counted


def main() -> None:
    """Measure and write."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--rounds", type=int, default=3, help="of the race with all peers [3]")
    options.add_argument("--claims", type=int, default=12, help="in the race with all peers [12]")
    options.add_argument("--only", nargs="*", help="races: one commands unchanged some all memory")
    options.add_argument("--report", action="store_true", help="write again what was measured")
    told = options.parse_args()
    RESULTS.mkdir(parents=True, exist_ok=True)
    if not told.report:
        adopt_orphans()
        binaries = peers()
        state_before()
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            root = Path(folder)
            for race in races(root, told.claims, told.rounds):
                if told.only and race.name not in told.only:
                    continue
                keep(pd.DataFrame(race.run(binaries)), race)
            if not told.only or "equality" in told.only:
                equality(root, RESULTS)
        report.machine(RESULTS / "machine.txt", os.cpu_count() or 1, platform.python_version())
    report.write(ROOT, RESULTS, BUILD)


def keep(rows: pd.DataFrame, race: Race) -> None:
    """Put new measurements in the place of earlier ones of the same contenders in this race."""
    path = RESULTS / f"{race.name}.csv"
    names = {contender.name for contender in race.contenders}
    if path.exists():
        before = pd.read_csv(path)
        rows = pd.concat([before[~before["contender"].isin(names)], rows], ignore_index=True)
    rows.to_csv(path, index=False)


if __name__ == "__main__":
    main()
