"""Put the results of the validation runs into tables and figures.

`python bench/validation.py` reads bench/results/*.csv and bench/remarks.md, and writes
docs/validation.md with its images. The runs themselves are the files validate_*.py
beside this one.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from analysis.figures.palette import INK, MUTED, OUTCOMES
from analysis.figures.style import WIDTH, styled

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "bench" / "results"
REMARKS = ROOT / "bench" / "remarks.md"  # what was replaced, and what stays and why
DROPPED = r"not kept|replaced|avoided|^regression"
NEW, OLD = "in use", "replaced"
MIDDLE_NOISE, RHO = 0.25, 0.3  # of the tables of power
LEAST_POWER = 0.8  # that a test must have for an eightfold rise in ten years


def read() -> pd.DataFrame:
    """All rows with a nominal value, one a scenario: test, quantity, nominal, observed, error."""
    frames = []
    for path in sorted(RESULTS.glob("*.csv")):
        if path.stem == "distance":  # lengths, not rates
            continue
        frame = pd.read_csv(path).rename(columns={"monte_carlo_error": "error"})
        frames.append(frame.assign(method=path.stem))
    rows = pd.concat(frames, ignore_index=True)
    words = rows["test"] + " " + rows["quantity"].fillna("")
    kind = words.str.extract(r"(size|coverage|interval|power|wrong)")[0]
    rows["kind"] = kind.replace({"interval": "coverage", "wrong": "size"})
    rows["name"] = (
        rows["test"].str.replace(r":? *(size|coverage|power)$", "", regex=True).str.strip()
    )
    return rows[rows["nominal"].notna() & rows["kind"].isin(["size", "coverage"])]


def summary(rows: pd.DataFrame) -> pd.DataFrame:
    """Per test: scenarios, nominal value, and the range and the worst case that were observed."""
    grouped = rows.groupby(["method", "name", "kind"], sort=False)
    table = grouped.agg(
        scenarios=("observed", "size"),
        nominal=("nominal", "median"),
        least=("observed", "min"),
        middle=("observed", "median"),
        most=("observed", "max"),
    )
    beyond = rows.assign(beyond=_beyond(rows)).groupby(["method", "name", "kind"], sort=False)
    return table.assign(beyond=beyond["beyond"].sum()).reset_index()


def _beyond(rows: pd.DataFrame) -> pd.Series:
    """Whether a scenario misses its nominal value by more than three Monte Carlo errors."""
    miss = rows["observed"] - rows["nominal"]
    worse = miss.where(rows["kind"] == "size", -miss)
    return worse > 3 * rows["error"].clip(lower=1e-9)


def power() -> pd.DataFrame:
    """Power and size of the tests of trends, in use and replaced: a row a scenario."""
    rows = pd.concat(pd.read_csv(RESULTS / f"{name}.csv") for name in ("trend", "vote"))
    rows = rows[~rows["test"].str.contains("not kept|by month")]
    rows["which"] = rows["test"].str.contains(OLD).map({True: OLD, False: NEW})
    return rows[rows["quantity"].isin(["power", "size", "kept"])]


def power_lines(rows: pd.DataFrame) -> list[str]:
    """Tables of power as Markdown: one index by shape, votes by how many and how alike."""
    chosen = rows[(rows["quantity"] == "power") & (rows["noise"] == MIDDLE_NOISE)]
    chosen = chosen[chosen["rho"] == RHO]
    one = chosen[chosen["indices"] == 1]
    votes = chosen[(chosen["indices"] > 1) & (chosen["shape"] == "exponential")]
    kept = rows[(rows["quantity"] == "kept") & (rows["shape"] == "exponential")]
    kept = kept[kept["rho"] == RHO]
    return [
        "## Power to see a rise",
        "",
        "How often a test sees a rise that is there, one-sided at 0.05 (*replaced*: as it was",
        "used, two-sided at 0.05).",
        f"Noise is multiplicative with a coefficient of variation of {MIDDLE_NOISE} about",
        "the trend, the middle of the series in this audit (quartiles 0.16, 0.26, 0.46), and an",
        f"AR(1) of {RHO}. Each cell: in use / replaced. All of it, with other noise and other",
        "autocorrelation: `bench/results/trend.csv` and `vote.csv`.",
        "",
        "![Power by length, in use and replaced](images/validation-power.png)",
        "",
        "One index:",
        "",
        *_crossed(one, ["shape", "rise"]),
        "",
        "An eightfold rise in ten years, straight or exponential, is seen in at least",
        f"{_least(one):.0%} of cases. A step is no trend: half of its pairs are noise, and no test",
        "that keeps its size sees much more of it. Tests for breaks are for steps.",
        "",
        "Votes of three, five and seven indices that all rise exponentially, with shocks of their",
        "own (shared 0) or common ones (0.5). Replaced: two thirds each by a test of its own.",
        "",
        *_crossed(votes, ["indices", "shared", "rise"]),
        "",
        "How often the last value of a series that rises is at least 0.9 of its largest",
        "(`near_maximum`). Noise alone takes many below it, so that only a claim of a rise",
        "without end asks for it:",
        "",
        *_crossed(kept, ["noise", "rise"], both=False),
        "",
    ]


def _least(one: pd.DataFrame) -> float:
    target = one[(one["n"] == 10) & (one["rise"] == 8) & (one["shape"] != "stepped")]
    return float(target[target["which"] == NEW]["observed"].min())


def _crossed(rows: pd.DataFrame, by: list[str], *, both: bool = True) -> list[str]:
    """A table with a column for each number of points."""
    lengths = sorted(rows["n"].unique())
    lines = [
        f"| {' | '.join([*by, *(f'{n} points' for n in lengths)])} |",
        "|---" * (len(by) + len(lengths)) + "|",
    ]
    for key, group in rows.groupby(by):
        named = [f"{value:g}" if isinstance(value, float) else str(value) for value in key]
        cells = [_cell(group[group["n"] == n], both=both) for n in lengths]
        lines.append(f"| {' | '.join([*named, *cells])} |")
    return lines


def _cell(group: pd.DataFrame, *, both: bool) -> str:
    found = group.set_index("which")["observed"]
    return f"{found[NEW]:.2f} / {found[OLD]:.2f}" if both else f"{found[NEW]:.2f}"


def draw_power(rows: pd.DataFrame, path: Path) -> None:
    """Power by length: a row for one index and one for five, a column for each rise."""
    chosen = rows[(rows["quantity"] == "power") & (rows["shape"] == "exponential")]
    chosen = chosen[(chosen["noise"] == MIDDLE_NOISE) & (chosen["rho"] == RHO)]
    chosen = chosen[(chosen["indices"] == 1) | ((chosen["indices"] == 5) & (chosen["shared"] == 0))]
    rises = sorted(chosen["rise"].unique())
    with styled():
        figure = Figure(figsize=(WIDTH, 3.6))
        grid = figure.subplots(2, len(rises), sharex=True, sharey=True)
        for line, indices in zip(grid, (1, 5), strict=True):
            for axes, rise in zip(line, rises, strict=True):
                part = chosen[(chosen["indices"] == indices) & (chosen["rise"] == rise)]
                for which, colour in ((NEW, OUTCOMES[1].colour), (OLD, MUTED)):
                    curve = part[part["which"] == which].sort_values("n")
                    axes.plot(curve["n"], curve["observed"], "o-", color=colour, markersize=3)
                axes.axhline(LEAST_POWER, color=INK, linewidth=0.6, linestyle=":")
                axes.set_ylim(-0.02, 1.02)
                name = "one index" if indices == 1 else f"{indices} indices"
                axes.set_title(f"{name}, {rise:g} times", fontsize=8)
        for axes in grid[-1]:
            axes.set_xlabel("points (grey: replaced)", fontsize=7)
        figure.subplots_adjust(left=0.06, right=0.99, bottom=0.12, top=0.93, hspace=0.3)
        figure.savefig(path, dpi=150, metadata={"Software": None})


def write(table: pd.DataFrame, path: Path) -> None:
    """The table as Markdown."""
    lines = [
        "# Validation of the statistics on simulated data",
        "",
        "Generated by `python bench/validation.py` from `bench/results/`; the runs are the files",
        "`bench/validate_*.py`. Size: how often a true null is rejected, to be at most the",
        "nominal value. Coverage: how often an interval holds the true value, to be at least the",
        "nominal one. *Beyond* counts the scenarios that miss it by more than three Monte Carlo",
        "errors. Scenarios include autocorrelated and overdispersed noise. Those marked",
        "*replaced*, *not kept* or *avoided*, and the regression beside the placebo test,",
        "decide nothing.",
        "",
        "![Observed size and coverage of each test over all scenarios](images/validation.png)",
        "",
        "| method | test | quantity | nominal | least | middle | most | scenarios | beyond |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for row in table.itertuples(index=False):
        numbers = (f"{value:.3g}" for value in (row.nominal, row.least, row.middle, row.most))
        cells = (row.method, row.name, row.kind, *numbers, str(row.scenarios), str(row.beyond))
        lines.append(f"| {' | '.join(cells)} |")
    lines += ["", *power_lines(power())]
    lines += [*REMARKS.read_text(encoding="utf-8").splitlines()]
    lines += [
        "",
        "The geometry is checked against known geodesics in `bench/results/distance.csv`.",
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def draw(table: pd.DataFrame, path: Path) -> None:
    """The range of each test over its scenarios, against its nominal value."""
    with styled():
        figure = Figure(figsize=(WIDTH, 0.9 + 0.19 * len(table)))
        axes = figure.add_axes((0.47, 0.07, 0.5, 0.89))
        for place, row in enumerate(table.iloc[::-1].itertuples()):
            dropped = pd.Series([row.name]).str.contains(DROPPED).item()
            colour = MUTED if dropped else OUTCOMES[1].colour
            axes.plot([row.least, row.most], [place, place], color=colour, linewidth=3)
            axes.plot(row.middle, place, "o", color=colour, markersize=4)
            axes.plot(row.nominal, place, "|", color=INK, markersize=11, markeredgewidth=1.6)
        labels = [f"{row.name}, {row.kind}"[:58] for row in table.iloc[::-1].itertuples()]
        axes.set_yticks(range(len(table)), labels, fontsize=7)
        axes.set_xlim(0, 1)
        axes.set_ylim(-0.8, len(table) - 0.2)
        axes.set_xlabel("observed share (stroke: nominal; grey: not used)", fontsize=8)
        axes.grid(axis="x")
        figure.savefig(path, dpi=150, metadata={"Software": None})


def main() -> None:
    """Make both files anew."""
    table = summary(read())
    write(table, ROOT / "docs" / "validation.md")
    draw(table, ROOT / "docs" / "images" / "validation.png")
    draw_power(power(), ROOT / "docs" / "images" / "validation-power.png")


if __name__ == "__main__":
    main()
