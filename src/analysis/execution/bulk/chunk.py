"""One chunk of a sweep, from numbers to the bytes of a Parquet file. Runs in a worker."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.errors import ParameterError
from analysis.notebook.api import claim as registered
from analysis.notebook.api import load
from analysis.project import Project
from analysis.verdicts.grid import Grid, Names, expanded_grid
from analysis.verdicts.sweep import attempt

if TYPE_CHECKING:
    from analysis.claims.model import Specification
    from analysis.data.evidence import Evidence
    from analysis.verdicts.sweep import Trial

NO_EVIDENCE = "no evidence"
CHOICE = "choices."  # before a factor's name: a factor may be called like a result


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """Numbers of a grid, in plain values that travel between processes."""

    root: str  # of the audit; empty: where the worker of a cluster has it
    claim: str
    reading: str
    vintage: str
    factors: str  # as JSON: a text of many options travels, and compares, much faster than they do
    start: int
    stop: int


def compute(chunk: Chunk) -> bytes:
    """A row for each specification of the chunk that makes sense, as a Parquet file."""
    import polars as pl

    context = _context(chunk.root, chunk.claim, chunk.reading, chunk.vintage, chunk.factors)
    rows = [
        _row(number, specification, context)
        for number, specification in context.grid.specifications(chunk.start, chunk.stop)
    ]
    written = io.BytesIO()
    frame = pl.DataFrame(rows, schema=dict(context.columns), orient="row")
    frame.write_parquet(written, compression="zstd", statistics=False)
    return written.getvalue()


def schema(factors: Mapping[str, Sequence[Any]]) -> dict[str, Any]:
    """The columns of a sweep's file: `value`, `low` and `high` in the claim's unit."""
    import polars as pl

    return {
        "number": pl.Int64,
        "specification": pl.String,
        "vintage": pl.String,
        "reading": pl.String,
        **{f"{CHOICE}{name}": _kind(options) for name, options in factors.items()},
        "value": pl.Float64,
        "low": pl.Float64,
        "high": pl.Float64,
        "unit": pl.String,
        "n": pl.Int64,
        "outcome": pl.String,
        "families": pl.String,
        "sources": pl.String,
    }


def _kind(options: Sequence[Any]) -> Any:
    """Numbers stay numbers; everything else, and a mixture such as 2020 and `all`, is text."""
    import polars as pl

    kinds = {type(option) for option in options}
    if kinds == {bool}:
        return pl.Boolean
    if kinds == {int}:
        return pl.Int64
    return pl.Float64 if kinds <= {int, float} else pl.String


def plain(option: Any, kind: Any) -> Any:
    """An option as a column of this kind holds it: in one of text, what is no text as JSON."""
    import polars as pl

    return json.dumps(option) if kind == pl.String and not isinstance(option, str) else option


@dataclass(frozen=True, slots=True, kw_only=True)
class _SweepContext:
    """The state that a worker keeps between chunks."""

    grid: Grid
    evidence: Evidence
    vintage: str
    columns: Mapping[str, Any]
    kinds: Mapping[str, Any]  # of each factor's column
    names: Names


@lru_cache(maxsize=1)
def _context(root: str, name: str, reading: str, vintage: str, factors: str) -> _SweepContext:
    """The grid and its evidence, read once in each worker."""
    project = Project(Path(root) if root else _worker_root())
    claim = registered(name, project=project)
    wanted = expanded_grid(claim, reading, json.loads(factors))
    columns = schema(wanted.factors)
    return _SweepContext(
        grid=wanted,
        evidence=load(claim, vintage, project=project),
        vintage=vintage,
        columns=columns,
        kinds={factor: columns[f"{CHOICE}{factor}"] for factor in wanted.factors},
        names=Names(),
    )


def _worker_root() -> Path:
    from analysis.execution.cluster import worker_root

    return worker_root()


def _row(number: int, specification: Specification, context: _SweepContext) -> tuple[Any, ...]:
    trial = _attempt(specification, context)
    estimate = trial.estimate
    return (
        number,
        context.names(specification),
        context.vintage,
        specification.reading,
        *(plain(specification.choices[name], kind) for name, kind in context.kinds.items()),
        estimate.value,
        estimate.low,
        estimate.high,
        estimate.unit,
        estimate.n,
        NO_EVIDENCE if trial.outcome is None else trial.outcome.name.lower(),
        "; ".join(estimate.families),
        "; ".join(estimate.sources),
    )


def _attempt(specification: Specification, context: _SweepContext) -> Trial:
    try:
        return attempt(specification, context.evidence, context.vintage)
    except (TypeError, ValueError) as error:
        chosen = {name: specification.choices[name] for name in context.kinds}
        raise ParameterError(
            f"{specification.method} cannot be tried with {chosen}: {error}"
        ) from error
