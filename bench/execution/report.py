"""The measurements as tables and a figure, each with the target that it is held against."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import inf, isnan, nan
from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from analysis.figures.palette import INK
from analysis.figures.style import WIDTH, styled

from .contenders import CONTENDERS, EARLIER, FLOOR, LOOP, OURS, TWO_COMMANDS, UNCHANGED
from .rounds import compare

LIGHT = "#b9b9b9"  # of the bars behind
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"


def machine(path: Path, cores: int, python: str) -> None:
    """Say on what it was measured."""
    path.write_text(f"{cores} cores, Linux, Python {python}\n", encoding="utf-8")


def read(folder: Path) -> pd.DataFrame:
    """All measurements."""
    races = ("one", "commands", "unchanged", "some", "all", "memory")
    paths = [folder / f"{name}.csv" for name in races]
    return pd.concat([pd.read_csv(path) for path in paths if path.exists()], ignore_index=True)


def write(root: Path, results: Path, build: Path) -> None:
    """The table and the figure in build/, the figure and the tables in the docs."""
    rows = read(results)
    build.mkdir(parents=True, exist_ok=True)
    rows.to_csv(build / "execution.csv", index=False)
    figure = draw(rows)
    for place in (build / "execution.png", root / "docs" / "images" / "performance.png"):
        figure.savefig(place, dpi=200, metadata={"Software": None})
    page = root / "docs" / "performance.md"
    text = page.read_text(encoding="utf-8")
    head, rest = text.split(BEGIN)
    _, tail = rest.split(END)
    body = "\n\n".join(_tables(rows, results))
    page.write_text(f"{head}{BEGIN}\n\n{body}\n\n{END}{tail}", encoding="utf-8")
    (build / "execution.md").write_text(body + "\n", encoding="utf-8")


def _tables(rows: pd.DataFrame, results: Path) -> list[str]:
    where = (results / "machine.txt").read_text(encoding="utf-8").strip()
    return [f"Measured on {where}.", _targets(rows, results), _peers(rows)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A limit that a measured value is held against; the value is None where it was not taken."""

    what: str
    words: str
    limit: float
    value: float | None

    def __str__(self) -> str:
        if self.value is None:
            return f"| {self.what} | {self.words} | - | not measured |"
        met = "met" if self.value <= self.limit else "**missed**"
        return f"| {self.what} | {self.words} | {self.value:.3g} | {met} |"


def _targets(rows: pd.DataFrame, results: Path) -> str:
    head = ["| what | target | measured | |", "|---|---|---|---|"]
    targets = [*_ratios(rows), *_sweeps(rows, results), *_seconds(rows), _equality(results)]
    return "\n".join([*head, *map(str, targets)])


def _ratios(rows: pd.DataFrame) -> Iterator[Target]:
    """Ours divided by theirs."""
    every = f"all {rows.loc[rows['race'] == 'all', 'notebooks'].max()} notebooks against"
    own = [c.name for c in CONTENDERS if c.peer and c.own_kernels]
    hashing = [c.name for c in UNCHANGED if c.peer and c.name != "snakemake"]
    held: list[tuple[str, str, float, str, str, list[str]]] = [
        (f"{every} the state before, CPU", "≤ 0.6", 0.6, "all", "cpu", [EARLIER]),
        ("the papermill command in a loop, wall", "≤ 1/10", 0.1, "all", "wall", [LOOP]),
        ("the same, CPU", "≤ 0.25", 0.25, "all", "cpu", [LOOP]),
        ("the best peer with a kernel a notebook, wall", "≤ 1/2.4", 1 / 2.4, "some", "wall", own),
        ("a plain script in two processes, wall", "≤ 1.2", 1.2, "all", "wall", [FLOOR]),
        ("the same, CPU", "≤ 1.2", 1.2, "all", "cpu", [FLOOR]),
        ("one notebook against the papermill command, wall", "≤ 1", 1, "one", "wall", [LOOP]),
        ("nothing changed, dvc and jupyter-cache", "≤ 0.1", 0.1, "unchanged", "wall", hashing),
        ("nothing changed, snakemake", "-", inf, "unchanged", "wall", ["snakemake"]),
        ("two jobs against two commands, memory", "≤ 0.9", 0.9, "memory", "mib", [TWO_COMMANDS]),
    ]
    for what, words, limit, race, cost, names in held:
        value = _ratio(rows, race, cost, names)
        yield Target(what=what, words=words, limit=limit, value=value)


def _sweeps(rows: pd.DataFrame, results: Path) -> Iterator[Target]:
    """A thousand specifications of one claim, from bench/sweeps.py, against two other ways."""
    path = results / "sweeps.csv"
    if not path.exists():
        return
    walls = pd.read_csv(path).query("size == 1000").groupby("way")["wall"].median()
    ours, bare = walls["claims sweep"], walls["bare pool"]
    what = "1,000 specifications of one claim"
    yield Target(what=f"{what} against a bare pool", words="≤ 1.1", limit=1.1, value=ours / bare)
    one = rows.query("race == 'one' and contender == @LOOP")["wall"].median()
    what = "the same against 1,000 papermill commands (one measured)"
    yield Target(what=what, words="≤ 1/100", limit=0.01, value=ours / (1000 * one))


def _ratio(rows: pd.DataFrame, race: str, cost: str, names: list[str]) -> float | None:
    """Our cost by that of the best of these."""
    table = compare(rows, race, OURS).reindex(names)
    best = table[f"{cost}_ratio"].min() if len(table.columns) else nan
    return None if isnan(best) else 1 / best


def _seconds(rows: pd.DataFrame) -> Iterator[Target]:
    """What a person waits for."""
    medians = rows.groupby(["race", "contender"])["wall"].median()
    still = medians.get(("unchanged", OURS))
    yield Target(what="nothing changed", words="< 0.1 s", limit=0.1, value=still)
    commands = medians.get("commands", pd.Series(dtype="float64"))
    slowest = commands.max() if len(commands) else None
    what = "the slowest of `claims --help`, `list`, `plan`, `why`"
    yield Target(what=what, words="< 0.1 s", limit=0.1, value=slowest)


def _equality(results: Path) -> Target:
    path = results / "equality.csv"
    what, differing = "products that differ between forked and cold kernels", None
    if path.exists():
        counted = pd.read_csv(path)
        differing = float((counted["of"] - counted["equal"]).sum())
        what = f"{what}, of {counted['of'].sum()}"
    return Target(what=what, words="0", limit=0, value=differing)


def _peers(rows: pd.DataFrame) -> str:
    table = compare(rows, "some", OURS)
    own = {c.name: c.own_kernels for c in CONTENDERS}
    count = rows.loc[rows["race"] == "some", "notebooks"].max()
    lines = [
        f"The same {count} notebooks, from nothing; medians, and how many times ours.",
        "",
        "| by | wall | times ours | CPU | times ours | own process a notebook | rounds |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, row in table.sort_values("wall").iterrows():
        lines.append(
            f"| {name} | {row['wall']:.1f} s | {row['wall_ratio']:.2f} | {row['cpu']:.1f} s"
            f" | {row['cpu_ratio']:.2f} | {'yes' if own[name] else 'no'} | {row['n']:.0f} |"
        )
    return "\n".join(lines)


def draw(rows: pd.DataFrame) -> Figure:
    """Wall and CPU seconds of every contender over the same notebooks, fastest first."""
    table = compare(rows, "some", OURS).sort_values("wall", ascending=False)
    with styled():
        figure = Figure(figsize=(WIDTH, 0.24 * len(table) + 0.9))
        axes = figure.add_axes((0.42, 0.14, 0.55, 0.8))
        places = range(len(table))
        axes.barh(places, table["cpu"], height=0.3, align="edge", color=LIGHT, label="CPU")
        colors = ["#0b5c8a" if name.startswith("claims") else INK for name in table.index]
        axes.barh(places, table["wall"], height=-0.3, align="edge", color=colors, label="wall")
        axes.set_yticks(list(places), list(table.index))
        axes.set_xlabel("seconds (dark: on the clock, light: of processor)")
        axes.spines[["top", "right"]].set_visible(False)
    return figure
