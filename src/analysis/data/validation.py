"""A pandera schema per table, made from its catalog entry, and the checks of a whole audit's data.

Slow to import (pandera) and run only by `claims data check` and by tests, never when a table is
loaded.
"""

import inspect
from collections.abc import Mapping
from itertools import chain
from typing import Any

import pandas as pd
import pandera.pandas as pa

from analysis.data import checks, total_checks
from analysis.data.catalog import ColumnInfo, LayerInfo, TableInfo
from analysis.data.editions import original
from analysis.data.sources import Sources
from analysis.data.tables import Archive, Table, dtype_of
from analysis.data.violations import (
    CHECKS,
    Check,
    Form,
    Load,
    Violation,
    Violations,
    listed,
    repeated,
    vacuous,
)
from analysis.errors import DataError, suggest
from analysis.project import Project

__all__ = ["Violation", "check", "check_all", "schema"]
CHECK_MODULES = (checks, total_checks)  # each names its checks when it is imported


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
    if allowed := info.values:  # noqa: PD011  a tuple of ours
        checks.append(pa.Check.isin(allowed, error=f"one of {', '.join(allowed)}"))
    return pa.Column(dtype_of(info), checks, nullable=info.nullable)


def _alone(name: str) -> pd.DataFrame:
    raise DataError(f"a check looks into table '{name}': check all tables together")


def check(table: Table, sources: Sources, load: Load = _alone) -> list[Violation]:
    """Every fault of a loaded table: schema, unique key, known sources, the entry's own checks.

    `load` gives the rows of another table, for checks that compare two. Violations are in order of
    rows. DataError if the entry itself asks for a check that cannot be run.
    """
    info, frame = table.info, table.frame.sort_values("row")
    violations = [
        *_schema_violations(info, frame),
        *repeated(info, frame, info.key, "the key must be unique, and an earlier row has it"),
        *_unknown_sources(info, frame, sources),
        *_named_violations(info, frame, load),
    ]
    return sorted(
        violations,
        key=lambda violation: (violation.row or 0, violation.column or "", violation.rule),
    )


def check_all(project: Project) -> list[Violation]:
    """Every fault of an audit's data; a table or layer that cannot be loaded is one too.

    Raises DataError only where catalog, sources or corrections cannot be read at all.
    """
    archive = Archive.read(project)

    def rows(name: str) -> pd.DataFrame:
        return archive.load(name).frame

    violations = list(_strays(archive))
    for name in archive.catalog.tables:
        try:
            violations += check(archive.load(name), archive.sources, rows)
        except DataError as error:
            violations += [_as_violation(fault, name) for fault in error.failures]
    for layer in archive.catalog.layers.values():
        violations += _layer_violations(layer, archive)
    return violations


def _layer_violations(info: LayerInfo, archive: Archive) -> Violations:
    try:
        if not archive.layer(info.name).get("features"):
            yield Violation(table=info.name, form="geojson", rule="has no features")
    except DataError as fault:
        yield _as_violation(fault, info.name, "geojson")
    for source_id in info.source_ids:
        if source_id not in archive.sources:
            rule = f"{source_id} is not in data/sources.csv{suggest(source_id, archive.sources)}"
            yield Violation(table=info.name, form="geojson", rule=rule)


def _named_violations(info: TableInfo, frame: pd.DataFrame, load: Load) -> Violations:
    """Every check that the entry names. DataError for an unknown check, argument or column.

    Beside its own arguments each check takes `where`, a mapping of columns to values: it then sees
    only the rows that have them.
    """
    frame = _joined(frame)

    def joined(name: str) -> pd.DataFrame:
        return _joined(load(name))

    for entry in info.checks:
        for name, given in entry.items():
            where, arguments = _apart(given)
            if "load" in _signature(name, info).parameters:
                arguments = {**arguments, "load": joined}
            check = _bound(name, where, arguments, info)
            rows = frame
            for column, value in where.items():
                rows = rows[rows[column] == value]
            if rows.empty and where:
                yield vacuous(info, f"{name}: no row has {dict(where)}")
            else:
                yield from check(info, rows, **arguments)


def _joined(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows with each edition under the name of its source: what they tell is one series."""
    if "source_id" not in frame.columns:
        return frame
    return frame.assign(source_id=frame["source_id"].map(original))


def _apart(given: Mapping[str, Any]) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    return given.get("where", {}), {key: given[key] for key in given if key != "where"}


def _signature(name: str, info: TableInfo) -> inspect.Signature:
    if name not in CHECKS:
        raise _fault(info, f"unknown check '{name}'{suggest(name, CHECKS)}")
    return inspect.signature(CHECKS[name][0])


def _bound(
    name: str, where: Mapping[str, Any], arguments: Mapping[str, Any], info: TableInfo
) -> Check:
    """The check, if it takes these arguments and their columns exist."""
    check, naming = CHECKS[name]
    try:
        _signature(name, info).bind(info, None, **arguments)
    except TypeError as fault:
        raise _fault(info, f"check '{name}': {fault}") from None
    for column in chain(where, *(listed(arguments.get(key)) for key in naming)):
        if column not in info.columns:
            hint = suggest(column, info.columns)
            raise _fault(info, f"check '{name}': no column '{column}'{hint}")
    return check


def _fault(info: TableInfo, message: str) -> DataError:
    return DataError(f"table '{info.name}', {message}", file="data/catalog.yaml", line=info.line)


def _schema_violations(info: TableInfo, frame: pd.DataFrame) -> Violations:
    try:
        schema(info).validate(frame[list(info.columns)], lazy=True)
    except pa.errors.SchemaErrors as errors:
        for _, case in errors.failure_cases.iterrows():
            row = None if pd.isna(case["index"]) else int(frame.loc[case["index"], "row"])
            yield Violation(
                table=info.name,
                row=row,
                column=str(case["column"]),
                value=case["failure_case"],
                rule=str(case["check"]).replace("_", " "),
            )


def _unknown_sources(info: TableInfo, frame: pd.DataFrame, sources: Sources) -> Violations:
    """Citations in any column of type source that data/sources.csv does not have."""
    for name, column in info.columns.items():
        if column.type != "source":
            continue
        cited = frame[frame[name].notna() & ~frame[name].isin(list(sources))]
        for row, value in zip(cited["row"], cited[name], strict=True):
            rule = f"not in data/sources.csv{suggest(value, sources)}"
            yield Violation(table=info.name, row=int(row), column=name, value=value, rule=rule)
    for number, change in enumerate(info.breaks):
        if change.source_id is not None and change.source_id not in sources:
            place, value = f"breaks[{number}].source_id", change.source_id
            rule = f"not in data/sources.csv{suggest(value, sources)}"
            yield Violation(table=info.name, column=place, value=value, rule=rule)


def _strays(archive: Archive) -> Violations:
    """Files in the folder that the catalog does not know."""
    data, catalog = archive.project.data, archive.catalog
    known = {info.file for info in catalog.entries}
    forms: tuple[Form, ...] = ("csv", "geojson")
    for form in forms:
        for path in sorted(data.glob(f"*/*.{form}")):
            if archive.project.show(path) not in known:
                name = path.relative_to(data).with_suffix("").as_posix()
                yield Violation(table=name, form=form, rule="is not in the catalog")


def _as_violation(fault: DataError, name: str, form: Form = "csv") -> Violation:
    """A DataError as a violation; a place that is not in the file itself goes into the rule."""
    if fault.file == f"data/{name}.{form}":
        return Violation(table=name, form=form, row=fault.line, rule=fault.message)
    return Violation(table=name, form=form, rule=str(fault))
