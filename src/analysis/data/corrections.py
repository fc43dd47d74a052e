"""Declared departures from the tables as collected: data/corrections.yaml, read and applied.

A known fault of a source is never mended in the table itself. It is declared here, with a reason
and an authority, so that a reader can take the correction away again.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from analysis.data.catalog import Catalog, Scalar, TableInfo
from analysis.data.csvfile import convert
from analysis.data.loading import LINE, Checked, Misfit, load, report
from analysis.data.type_check import Fault
from analysis.errors import DataError, suggest
from analysis.project import Project
from analysis.yamlfile import read

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction(Checked):
    """What is done to the rows of one table that `where` describes; None there means an empty cell.

    `drop` leaves the rows out of every computation, `set` replaces the cell in `column`, `flag`
    marks the rows as suspect. `line` is where the declaration stands.
    """

    line: int = field(metadata=LINE)
    id: str
    table: str
    where: Mapping[str, Scalar | None]
    action: Literal["drop", "set", "flag"]
    reason: str
    authority: str
    column: str | None = None
    value: Scalar | None = None
    matches: int | None = None

    def _misfits(self) -> Iterator[Misfit]:
        if not self.where:
            yield Misfit("say which rows: an empty 'where' would touch all", "where")
        if (self.action == "set") != (self.column is not None):
            yield Misfit(
                "'column' and 'value' go with the action 'set', and only with it", "action"
            )


Corrections = tuple[Correction, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """A table after its corrections: the rows kept, which of them are suspect, those left out."""

    frame: "pd.DataFrame"
    dropped: "pd.DataFrame"
    suspect: "pd.Series[bool]"


def read_corrections(
    project: Project, catalog: Catalog, only: Collection[str] | None = None
) -> Corrections:
    """All corrections of this audit, in the order in which they apply; none if there is no file.

    Those of tables in `only` are held against the catalog, by default all. Raises one DataError for
    all that cannot be meant.
    """
    if not project.corrections.exists():
        return ()
    file = project.show(project.corrections)
    value, marks = read(project.corrections, shown=file, error=DataError)
    corrections = load(Corrections, [] if value is None else value, marks)
    report(_undeclared(corrections, catalog, only), marks)
    return corrections


def _undeclared(
    corrections: Sequence[Correction], catalog: Catalog, only: Collection[str] | None
) -> Iterator[Fault]:
    """Ids that occur twice, and tables and columns that are not in the catalog."""
    seen: set[str] = set()
    for index, correction in enumerate(corrections):
        if correction.id in seen:
            yield (index, "id"), f"the id '{correction.id}' occurs twice"
        seen.add(correction.id)
        if only is not None and correction.table not in only:
            continue
        if correction.table not in catalog.tables:
            hint = suggest(correction.table, catalog.tables)
            yield (index, "table"), f"no table '{correction.table}'{hint}"
            continue
        known = catalog[correction.table].columns
        named = [(("where", name), name) for name in correction.where] + [
            (("column",), correction.column)
        ]
        for path, name in named:
            if name is not None and name not in known:
                hint = suggest(name, known)
                yield (index, *path), f"no column '{name}'{hint}"


def apply(corrections: Sequence[Correction], frame: "pd.DataFrame", info: TableInfo) -> Corrected:
    """The table's corrections one after the other, each seeing what those before it left.

    Raises DataError if one touches another number of rows than it declares, or none.
    """
    reasons = frame["source_id"].map(lambda _: "").astype("str")
    ids, suspect = reasons.copy(), reasons.ne("")
    for correction in corrections:
        touched = _touched(correction, frame, info) & ids.eq("")
        _verify(correction, int(touched.sum()))
        if correction.action == "drop":
            ids = ids.mask(touched, correction.id)
            reasons = reasons.mask(touched, correction.reason)
        elif correction.action == "flag":
            suspect |= touched
        else:
            value = _value(correction, str(correction.column), correction.value, info)
            frame = frame.copy()
            frame.loc[touched, correction.column] = value
    out = ids.ne("")
    dropped = frame[out].assign(correction=ids[out], reason=reasons[out])
    return Corrected(frame=frame[~out], dropped=dropped, suspect=suspect[~out])


def _touched(correction: Correction, frame: "pd.DataFrame", info: TableInfo) -> "pd.Series[bool]":
    touched = frame["source_id"].notna()
    for column, raw in correction.where.items():
        value = _value(correction, column, raw, info)
        cells = frame[column]
        touched &= (
            cells.isna() if value is None else cells.eq(value).fillna(value=False).astype(bool)
        )
    return touched


def _verify(correction: Correction, touched: int) -> None:
    if touched != correction.matches if correction.matches is not None else not touched:
        expected = "some row" if correction.matches is None else f"{correction.matches} row(s)"
        raise _fault(
            correction,
            f"expected to touch {expected} of {correction.table}, touches {touched}:"
            " mend 'where' or 'matches', or take the correction out",
        )


def _value(correction: Correction, column: str, raw: Scalar | None, info: TableInfo) -> Any:
    """What the YAML value would mean as a cell of this column."""
    if raw is None:
        if (
            correction.action == "set"
            and column == correction.column
            and not info.columns[column].nullable
        ):
            raise _fault(correction, f"column '{column}' is not nullable: give a value")
        return None
    text = str(raw).lower() if isinstance(raw, bool) else str(raw)
    try:
        return convert(text, info.columns[column])
    except ValueError as fault:
        raise _fault(correction, f"{column} = {text!r}: {fault}") from None


def _fault(correction: Correction, message: str) -> DataError:
    message = f"correction '{correction.id}': {message}"
    return DataError(message, file="data/corrections.yaml", line=correction.line)
