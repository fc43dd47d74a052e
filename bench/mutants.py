"""Mutation test of the engine: put one fault at a time into the code and see whether a test fails.

    python -m bench.mutants                       # 300 faults of stats, methods, verdicts, claims
    python -m bench.mutants stats --count 50 --seed 2

A fault that no test sees has survived; each is listed with its line. All works on a copy of the
checkout. Tests run in a fork of a process that has imported pandas already, and only those that
execute the faulty line: that is what makes it cheap. The exit code is 1 if fewer mutants are killed
than `--floor` says.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from inspect import CO_OPTIMIZED
from pathlib import Path
from types import FrameType
from typing import Any

from bench.mutations import Mutation, mutations

ROOT = Path(__file__).parents[1]
PACKAGES = ("stats", "methods", "verdicts", "claims")
LEFT_OUT = (".*", "build", "__pycache__")
WARM = ("pandas", "scipy.stats", "matplotlib.pyplot", "hypothesis", "pytest", "nbformat", "click")
QUIET = (
    *("-q", "-x", "-n", "0", "-p", "no:cacheprovider", "-m", "not slow", "--no-header"),
    *("-W", "ignore::pytest.PytestAssertRewriteWarning"),  # of what is imported before
)
SPARE = 20.0  # seconds that the tests of a mutant may take beside five times what they took
Lines = Mapping[str, set[tuple[str, int]]]  # a test, or a file of tests: the lines that it executes


class Tracer:
    """A plugin of pytest: the lines in these folders that a test executes, and how long it takes.

    What is executed while the fixtures of a test are made counts for all of its file; what a module
    executes when it is imported is left out, for a process does it once.
    """

    def __init__(self, folders: Sequence[str]) -> None:
        self.folders = tuple(folders)
        self.lines: defaultdict[str, set[tuple[str, int]]] = defaultdict(set)
        self.seconds: Counter[str] = Counter()
        self.own = self.lines[""]

    def trace(self, frame: FrameType, event: str, _: object) -> Callable[..., Any] | None:
        """The function that Python calls for each new frame."""
        del event
        name = frame.f_code.co_filename
        if not name.startswith(self.folders) or not frame.f_code.co_flags & CO_OPTIMIZED:
            return None

        def line(frame: FrameType, event: str, _: object) -> Callable[..., Any]:
            if event == "line":
                self.own.add((name, frame.f_lineno))
            return line

        self.own.add((name, frame.f_lineno))
        return line

    def pytest_runtest_setup(self, item: Any) -> None:
        """Fixtures are made."""
        self.own = self.lines[item.nodeid.split("::")[0]]

    def pytest_runtest_call(self, item: Any) -> None:
        """The test itself."""
        self.own = self.lines[item.nodeid]

    def pytest_runtest_logreport(self, report: Any) -> None:
        """A phase has ended."""
        self.seconds[report.nodeid] += report.duration
        self.seconds[report.nodeid.split("::")[0]] += report.duration


def _in_fork(work: Callable[[], int], seconds: float, out: Path) -> int | None:
    """The exit code of work in a fork; None if it takes longer than these seconds."""
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        code = 70
        try:
            os.setsid()
            with out.open("wb") as told:
                os.dup2(told.fileno(), 1)
                os.dup2(told.fileno(), 2)
            code = work()
        finally:
            traceback.print_exc()
            sys.stdout.flush()
            os._exit(code)
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.02)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return None


def _pytest(copy: Path, words: Sequence[str], plugins: Sequence[object] = ()) -> int:
    import pytest

    os.chdir(copy)
    os.environ["PYTHONPATH"] = str(copy / "src")
    sys.path[:0] = [str(copy / "src")]
    return int(pytest.main([*QUIET, *words], plugins=list(plugins)))


def traced(copy: Path, scratch: Path) -> tuple[Lines, Mapping[str, float]]:
    """Which lines of the engine each of its tests executes, and how many seconds that takes."""
    found, log = scratch / "lines.json", scratch / "traced.log"
    folders = [f"src/analysis/{package}" for package in PACKAGES]

    def work() -> int:
        tracer = Tracer([f"{copy / folder}{os.sep}" for folder in folders])
        sys.settrace(tracer.trace)
        code = _pytest(copy, [*(f"tests/{package}" for package in PACKAGES), *folders], [tracer])
        sys.settrace(None)
        kept = {name: sorted(lines) for name, lines in tracer.lines.items() if lines}
        found.write_text(json.dumps([kept, tracer.seconds]))
        return code

    if _in_fork(work, 1800, log) != 0:
        raise SystemExit(f"the tests fail without a fault:\n{log.read_text()}")
    lines, seconds = json.loads(found.read_text())
    return {name: {(file, line) for file, line in own} for name, own in lines.items()}, seconds


def _reaching(lines: Lines, path: Path, mutation: Mutation) -> list[str]:
    """The tests that execute a line of the faulty statement; a whole file before its tests.

    Of a fault outside of functions: those that execute any function of the module, or all tests of
    its package if it has none.
    """
    if mutation.inside:
        wanted = {(str(path), line) for line in mutation.lines}
        found = [name for name, own in lines.items() if name and own & wanted]
    else:
        users = [
            name
            for name, own in lines.items()
            if name and any(file == str(path) for file, _ in own)
        ]
        found = users or [f"tests/{mutation.package}"]
    return [name for name in found if "::" not in name or name.split("::")[0] not in found]


def outcome(
    copy: Path, mutation: Mutation, tests: Sequence[str], seconds: float, scratch: Path
) -> str:
    """What became of a mutant: killed, timeout, survived, or unreached by any test."""
    if not tests:
        return "unreached"
    path = copy / mutation.file
    text, times = path.read_bytes(), path.stat()
    path.write_bytes(mutation.applied(text.decode()).encode())

    def work() -> int:
        sys.dont_write_bytecode = True  # the next mutant may have the same size and second
        return _pytest(copy, tests)

    try:
        code = _in_fork(work, seconds, scratch / "mutant.log")
    finally:
        path.write_bytes(text)
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    return "timeout" if code is None else "survived" if code == 0 else "killed"


def sample(packages: Sequence[str], count: int, seed: int) -> list[Mutation]:
    """So many faults of these packages, at random; every possible one has the same chance."""
    found = [
        each
        for package in packages
        for path in sorted((ROOT / "src" / "analysis" / package).glob("*.py"))
        for each in mutations(path.read_text(encoding="utf-8"), str(path.relative_to(ROOT)))
    ]
    return random.Random(seed).sample(found, min(count, len(found)))


def run(chosen: Sequence[Mutation], minutes: float) -> list[dict[str, Any]]:
    """The outcome of each mutant, as far as the minutes last."""
    for name in WARM:
        importlib.import_module(name)
    begun, found = time.monotonic(), []
    with tempfile.TemporaryDirectory() as folder:
        copy, scratch = Path(folder).resolve() / "checkout", Path(folder)
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(*LEFT_OUT))
        lines, took = traced(copy, scratch)
        print(f"traced {len(lines)} tests in {time.monotonic() - begun:.0f} s", flush=True)
        for mutation in chosen:
            if time.monotonic() - begun > minutes * 60:
                break
            tests = _reaching(lines, copy / mutation.file, mutation)
            tests.sort(key=lambda name: took.get(name, 0))
            limit = SPARE + 5 * sum(took.get(name, 0) for name in tests)
            end = outcome(copy, mutation, tests, limit, scratch)
            found.append({"mutant": str(mutation), "package": mutation.package, "outcome": end})
            if end in ("survived", "unreached"):
                print(f"{end}: {mutation}", flush=True)
    return found


def table(found: Sequence[Mapping[str, Any]]) -> tuple[str, float]:
    """What was killed of each package, and the share of all."""
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for each in found:
        counts[each["package"]][each["outcome"]] += 1
        counts["all"][each["outcome"]] += 1
    lines = ["| package | mutants | killed | survived | no test reaches |", "|---|---|---|---|---|"]
    for name in sorted(counts, key=lambda name: (name == "all", name)):
        own, total = counts[name], counts[name].total()
        killed = own["killed"] + own["timeout"]
        share = killed / total
        lines.append(f"| {name} | {total} | {share:.0%} | {own['survived']} | {own['unreached']} |")
    return "\n".join(lines), share if found else 0.0


def main() -> int:
    """Sample, run, report."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("packages", nargs="*", default=PACKAGES, metavar="package")
    parser.add_argument("--count", type=int, default=300, help="mutants to try")
    parser.add_argument("--minutes", type=float, default=20.0, help="stop after so many")
    parser.add_argument("--seed", type=int, default=1, help="another seed, other mutants")
    parser.add_argument("--floor", type=float, default=0.8, help="the share that must be killed")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "mutants.json")
    chosen = parser.parse_args()
    os.environ["CI"] = "1"  # Hypothesis then tries the same examples each time
    found = run(sample(chosen.packages, chosen.count, chosen.seed), chosen.minutes)
    chosen.out.parent.mkdir(parents=True, exist_ok=True)
    chosen.out.write_text(json.dumps(found, indent=1))
    text, share = table(found)
    print(text)
    return int(share < chosen.floor)


if __name__ == "__main__":
    raise SystemExit(main())
