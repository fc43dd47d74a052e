"""Summarize the file of a sweep: shares, sensitivity to choices, nearest counterexample."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis.execution.bulk.chunk import CHOICE, NO_EVIDENCE, plain, schema

if TYPE_CHECKING:
    import polars as pl

    from analysis.verdicts.grid import Grid


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """Counts and weighted shares by outcome; how far each factor moves the share that passes.

    Weights are those of a verdict: equal for each set of source families, then equal inside it;
    what has no evidence has none.
    """

    counts: Mapping[str, int]
    shares: Mapping[str, float]
    sensitivity: Mapping[str, float]
    preferred: str | None
    nearest_counterexample: Mapping[str, Any] | None


def summarize(rows: pl.LazyFrame, grid: Grid) -> Summary:
    """Read the rows of a sweep without holding them all."""
    import polars as pl

    counted = rows.group_by("outcome").len().sort("outcome").collect(engine="streaming")
    tried = rows.filter(pl.col("outcome") != NO_EVIDENCE)
    outcomes = [name for name in counted["outcome"] if name != NO_EVIDENCE]
    return Summary(
        counts=dict(counted.iter_rows()),
        shares={name: _weighted(tried, name) for name in outcomes},
        sensitivity={name: _sensitivity(tried, f"{CHOICE}{name}") for name in grid.factors},
        **_counterexample(rows, tried, grid),
    )


def _weighted(tried: pl.LazyFrame, outcome: str) -> float:
    return float(_shares(tried, outcome, []).collect(engine="streaming")["share"].item())


def _sensitivity(tried: pl.LazyFrame, factor: str) -> float:
    """Largest difference of the share that passes between two options."""
    found = _shares(tried, "pass", [factor]).collect(engine="streaming")["share"].to_list()
    return max(found) - min(found) if found else 0.0


def _shares(tried: pl.LazyFrame, outcome: str, by: list[str]) -> pl.LazyFrame:
    """The weighted share that comes out so, in each group: the mean over sets of families."""
    import polars as pl

    met = (pl.col("outcome") == outcome).mean().alias("share")
    within = tried.group_by([*by, "families"]).agg(met).sort([*by, "families"])
    return (
        within.group_by(by).agg(pl.col("share").mean())
        if by
        else within.select(pl.col("share").mean())
    )


def _counterexample(rows: pl.LazyFrame, tried: pl.LazyFrame, grid: Grid) -> dict[str, Any]:
    """The nearest specification with another outcome: fewest choices, then smallest steps."""
    import polars as pl

    kinds = schema(grid.factors)
    usual = {
        f"{CHOICE}{name}": plain(option, kinds[f"{CHOICE}{name}"])
        for name, option in grid.preferred().items()
    }
    other = {name: pl.col(name).ne_missing(pl.lit(option)) for name, option in usual.items()}
    differing = pl.sum_horizontal(each.cast(pl.Int64) for each in other.values())
    own = rows.filter(differing == 0).head(1).collect(engine="streaming")
    if own.is_empty():
        return {"preferred": None, "nearest_counterexample": None}
    outcome = own["outcome"][0]
    steps = pl.sum_horizontal(_steps(grid, usual, other))
    others = tried.filter(pl.col("outcome") != outcome)
    measured = others.with_columns(differing=differing, steps=steps)
    nearest = measured.bottom_k(1, by=["differing", "steps", "number"]).collect(engine="streaming")
    if nearest.is_empty() or outcome == NO_EVIDENCE:
        return {"preferred": outcome, "nearest_counterexample": None}
    row = nearest.row(0, named=True)
    changed = {
        name.removeprefix(CHOICE): (option, row[name])
        for name, option in usual.items()
        if option != row[name]
    }
    counterexample = {"outcome": row["outcome"], "value": row["value"], "changes": changed}
    return {"preferred": outcome, "nearest_counterexample": counterexample}


def _steps(grid: Grid, usual: Mapping[str, Any], other: Mapping[str, pl.Expr]) -> list[pl.Expr]:
    """How far each choice is from the usual one: a number in widths of its range, a word by 1."""
    import polars as pl

    found = []
    for name, option in usual.items():
        options = grid.factors[name.removeprefix(CHOICE)]
        kinds = {type(each) for each in (*options, option)}
        width = max(options) - min(options) if kinds <= {int, float} else 0
        far = (pl.col(name) - option).abs() / width if width else other[name].cast(pl.Float64)
        found.append(far)
    return found
