"""A sweep's file in a few numbers: how many pass, which choices matter, the nearest flip."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars as pl

    from analysis.space import Space


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """Counts by outcome; per factor how far the share that passes moves between its options."""

    counts: Mapping[str, int]
    influence: Mapping[str, float]
    preferred: str | None
    flip: Mapping[str, Any] | None


def summarize(rows: pl.LazyFrame, space: Space) -> Summary:
    """Read the rows of a sweep without holding them all."""
    counted = rows.group_by("outcome").len().sort("outcome").collect(engine="streaming")
    return Summary(
        counts=dict(counted.iter_rows()),
        influence={name: _influence(rows, name) for name in space.factors},
        **_flip(rows, space),
    )


def _influence(rows: pl.LazyFrame, factor: str) -> float:
    """Largest difference of the share that passes between two options; no evidence is left out."""
    import polars as pl

    from analysis.sweeping.chunk import NO_EVIDENCE

    tried = rows.filter(pl.col("outcome") != NO_EVIDENCE)
    passing = (pl.col("outcome") == "pass").mean().alias("passing")
    shares = tried.group_by(factor).agg(passing).collect(engine="streaming")["passing"]
    return float(shares.max() - shares.min()) if len(shares) else 0.0


def _flip(rows: pl.LazyFrame, space: Space) -> dict[str, Any]:
    """The specification with another outcome that differs in the fewest choices."""
    import polars as pl

    from analysis.sweeping.chunk import NO_EVIDENCE, plain

    usual = {name: plain(option) for name, option in space.preferred().items()}
    differing = pl.sum_horizontal(
        pl.col(name).ne_missing(pl.lit(option)).cast(pl.Int64) for name, option in usual.items()
    )
    measured = rows.with_columns(differing.alias("differing"))
    own = measured.filter(pl.col("differing") == 0).head(1).collect()
    if own.is_empty():
        return {"preferred": None, "flip": None}
    outcome = own["outcome"][0]
    others = measured.filter(~pl.col("outcome").is_in([outcome, NO_EVIDENCE]))
    nearest = others.sort("differing", "number").head(1).collect(engine="streaming")
    if nearest.is_empty():
        return {"preferred": outcome, "flip": None}
    row = nearest.row(0, named=True)
    changed = {name: (usual[name], row[name]) for name in usual if usual[name] != row[name]}
    told = {"outcome": row["outcome"], "value": row["value"], "changes": changed}
    return {"preferred": outcome, "flip": told}
