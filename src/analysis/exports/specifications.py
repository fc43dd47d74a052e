"""Every specification of every claim, as CSV and as Parquet.

One row a trial. Choices are a column of JSON: claims have different choices, so columns of their
own would be mostly empty, and a row a choice would repeat each value as often as it has choices.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from analysis.claims import registry
from analysis.errors import AnalysisError, ProjectError, missing_package
from analysis.verdicts import results

if TYPE_CHECKING:
    from analysis.project import Project

CSV, PARQUET = "sweeps.csv", "sweeps.parquet"
COLUMNS = {
    "id": "String",
    "vintage": "String",
    "left_out": "String",
    "reading": "String",
    "choices": "String",
    "preferred": "Boolean",
    "value": "Float64",
    "low": "Float64",
    "high": "Float64",
    "unit": "String",
    "n": "Int64",
    "test": "String",
    "outcome": "String",
    "note": "String",
    "sources": "String",
    "evidence": "String",
}  # and their types in Parquet, by their names in polars


def csv_files(project: Project) -> dict[str, bytes]:
    """The sweeps as CSV."""
    return {CSV: as_csv(read(project)).encode()}


def parquet_files(project: Project) -> dict[str, bytes]:
    """The sweeps as Parquet."""
    return {PARQUET: as_parquet(read(project))}


def read(project: Project) -> Iterator[dict[str, Any]]:
    """The rows of all claims that ran, in the register's order.

    Raises AnalysisError for a claim that has a result and no trials.
    """
    found = results.read_results(project.fresh)
    ran = {entry["id"] for entry in found["claims"] if entry["figure"]}
    for name in registry.read(project).claims:
        if name in ran:
            yield from rows(_trials(project, name))


def _trials(project: Project, name: str) -> dict[str, Any]:
    path = project.build / "trials" / f"{name}.json"
    if not path.exists():
        message = f"claim {name} has a result but no trials: run `claims run {name}` again"
        raise AnalysisError(message, file=project.show(path))
    found: dict[str, Any] = results.read(path)
    return found


def rows(content: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """One claim's trials, each with its evidence in place of the number of its set."""
    for trial in content["trials"]:
        kept = {name: trial[name] for name in COLUMNS if name in trial}
        yield kept | {
            "id": content["id"],
            "choices": _json(trial["choices"]),
            "sources": " ".join(trial["sources"]),
            "evidence": _json(content["evidence"][trial["rows"]]),
        }


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def as_csv(found: Iterable[Mapping[str, Any]]) -> str:
    """The rows as text; a missing value is an empty cell."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(COLUMNS), lineterminator="\n")
    writer.writeheader()
    writer.writerows({**row, "preferred": str(row["preferred"]).lower()} for row in found)
    return text.getvalue()


def as_parquet(found: Iterable[Mapping[str, Any]]) -> bytes:
    """The rows as Parquet. ProjectError where polars is not installed."""
    try:
        import polars as pl  # heavy, and nothing else needs it
    except ImportError as fault:
        message = f"{missing_package(fault)}; or export the kind 'sweeps-csv'"
        raise ProjectError(message) from None
    schema = {name: getattr(pl, kind) for name, kind in COLUMNS.items()}
    target = io.BytesIO()
    frame = pl.DataFrame([dict(row) for row in found], schema=schema, orient="row")
    frame.write_parquet(target, compression="zstd", statistics=False)
    return target.getvalue()
