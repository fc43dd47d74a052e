"""A pandera schema per table, made from its catalog entry, and the checks of a whole audit's data.

Slow to import (pandera) and run only by `claims data check` and by tests, never when a table is
loaded.
"""

from collections.abc import Iterator
from typing import Any

import pandas as pd
import pandera.pandas as pa

from analysis.catalog import ColumnInfo, TableInfo
from analysis.checks import Failure, repeated, run_checks
from analysis.errors import DataError, suggest
from analysis.project import Project
from analysis.sources import Sources
from analysis.tables import Archive, Table, dtype_of

__all__ = ["Failure", "check", "check_all", "schema"]


def schema(info: TableInfo) -> pa.DataFrameSchema:
    """Types, ranges, allowed values and empty cells of the file's columns, and no other column."""
    columns = {name: _column(column) for name, column in info.columns.items()}
    return pa.DataFrameSchema(columns, strict=True)


def _column(info: ColumnInfo) -> pa.Column:
    checks = []
    if info.minimum is not None:
        checks.append(pa.Check.ge(info.minimum, error=f"minimum {info.minimum:g}"))
    if info.maximum is not None:
        checks.append(pa.Check.le(info.maximum, error=f"maximum {info.maximum:g}"))
    if info.values:
        checks.append(pa.Check.isin(info.values, error=f"one of {', '.join(info.values)}"))
    return pa.Column(dtype_of(info), checks, nullable=info.nullable)


def check(table: Table, sources: Sources) -> list[Failure]:
    """Every fault of a loaded table: schema, unique key, known sources, the entry's own checks.

    In order of rows. DataError if the entry itself asks for a check that cannot be run.
    """
    info, frame = table.info, table.frame
    failures = [
        *_schema_failures(info, frame),
        *repeated(info, frame, info.key, "the key must be unique, and an earlier row has it"),
        *_unknown_sources(info, frame, sources),
        *run_checks(info, frame),
    ]
    return sorted(
        failures, key=lambda failure: (failure.row or 0, failure.column or "", failure.rule)
    )


def check_all(project: Project) -> list[Failure]:
    """Every fault of an audit's data; a table that cannot be loaded is one too.

    Raises DataError only where catalog, sources or corrections cannot be read at all.
    """
    archive = Archive.read(project)
    failures = list(_strays(archive))
    for name in archive.catalog.tables:
        try:
            failures += check(archive.load(name), archive.sources)
        except DataError as error:
            failures += [_as_failure(name, fault) for fault in error.failures]
    return failures


def _schema_failures(info: TableInfo, frame: pd.DataFrame) -> Iterator[Failure]:
    try:
        schema(info).validate(frame[list(info.columns)], lazy=True)
    except pa.errors.SchemaErrors as errors:
        for _, case in errors.failure_cases.iterrows():
            row = None if pd.isna(case["index"]) else int(frame.loc[case["index"], "row"])
            yield Failure(
                table=info.name,
                row=row,
                column=str(case["column"]),
                value=case["failure_case"],
                rule=str(case["check"]).replace("_", " "),
            )


def _unknown_sources(info: TableInfo, frame: pd.DataFrame, sources: Sources) -> Iterator[Failure]:
    """Citations in any column of type source that data/sources.csv does not have."""
    for name, column in info.columns.items():
        if column.type != "source":
            continue
        cited = frame[frame[name].notna() & ~frame[name].isin(list(sources))]
        for row, value in zip(cited["row"], cited[name], strict=True):
            rule = f"not in data/sources.csv{suggest(value, sources)}"
            yield Failure(table=info.name, row=int(row), column=name, value=value, rule=rule)
    for number, change in enumerate(info.breaks):
        if change.source_id is not None and change.source_id not in sources:
            rule = f"not in data/sources.csv{suggest(change.source_id, sources)}"
            place = f"breaks[{number}].source_id"
            yield Failure(
                table=info.name, row=None, column=place, value=change.source_id, rule=rule
            )


def _strays(archive: Archive) -> Iterator[Failure]:
    """Tables in the folder that the catalog does not know."""
    data = archive.project.data
    for path in sorted(data.glob("*/*.csv")):
        name = path.relative_to(data).with_suffix("").as_posix()
        if name not in archive.catalog.tables:
            yield Failure(
                table=name, row=None, column=None, value=None, rule="is not in the catalog"
            )


def _as_failure(name: str, fault: Any) -> Failure:
    """A DataError as a Failure; its place, if it is not in the table's file, goes into the rule."""
    if fault.file == f"data/{name}.csv":
        return Failure(table=name, row=fault.line, column=None, value=None, rule=fault.message)
    return Failure(table=name, row=None, column=None, value=None, rule=str(fault))
