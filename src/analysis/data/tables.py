"""Tables with their provenance: load(name) -> a checked frame that knows who said what, and when.

Columns that loading adds to those of the file:

    row            line of the CSV file on which the row begins; "<table>:<row>" is a citation
    grade          4 to 1, how strong the source is to begin with
    family         who first produced the number: two copies of one story are one family
    public_on      partial ISO date on which the row became public, missing where unknown
    later_edition  admitted at a cutoff although only a later edition of the series is at hand
    suspect        flagged by a declared correction

Missing cells are NaN. Integers and years are int64, or float64 where the column is nullable;
booleans are bool, or pandas' boolean where nullable; numbers are float64; everything else is text,
dates too.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

import numpy as np
import pandas as pd

from analysis.data.catalog import Catalog, ColumnInfo, TableInfo
from analysis.data.checksums import features, read_file, verify
from analysis.data.corrections import Corrected, Correction, apply, read_corrections
from analysis.data.csvfile import ParsedCsv, parse
from analysis.data.periods import last_day
from analysis.data.sources import Sources
from analysis.data.vintages import find, read_ledger
from analysis.display_hook import as_html, brief
from analysis.errors import DataError, suggest
from analysis.project import Project

__all__ = [
    "Archive", "Catalog", "ColumnInfo", "Sources", "Table", "TableInfo",
    "dtype_of", "public_by",
]  # fmt: skip

_DTYPES = {"integer": "int64", "year": "int64", "number": "float64", "boolean": "bool"}
_NULLABLE_DTYPES = {
    "integer": "float64",
    "year": "float64",
    "number": "float64",
    "boolean": "boolean",
}
_NEVER = date.max.toordinal() + 1  # later than any cutoff
Days = np.ndarray[tuple[int], np.dtype[np.int64]]


def public_by(
    public_on: str | None, ended: date | None, lag_days: int | None, cutoff: date
) -> Literal["public", "later edition", "not yet"]:
    """Whether a row was public by the cutoff, as what it is or in an earlier edition.

    A partial date counts from its last day: what came out in "2024-12" is not public by the 10th.
    A row that came out later is admitted as a later edition if its series is one that appears
    `lag_days` after the period `ended`, and that day has passed. Without any date it is never
    public by a cutoff.

    >>> public_by("2024-11", None, None, date(2024, 12, 10))
    'public'
    >>> public_by("2024-12", None, None, date(2024, 12, 10))
    'not yet'
    >>> public_by("2025-08", date(2024, 9, 30), 60, date(2024, 12, 10))
    'later edition'
    """
    if public_on is not None and last_day(public_on) <= cutoff:
        return "public"
    if (
        ended is not None
        and lag_days is not None
        and ended.toordinal() + lag_days <= cutoff.toordinal()
    ):
        return "later edition"
    return "not yet"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, weakref_slot=True)
class Table:
    """A loaded table: its frame, its entry in the catalog, and what corrections left out.

    `dropped` has the columns of the file, `row`, and the `correction` and `reason` that took each
    row out. `published` and `released` are, row by row, the days (ordinals) from which the row and
    an earlier edition of it count as public, `replaced` those from which a later edition of its
    text holds. `whole` is what the latest was made from, replaced texts included.
    """

    name: str
    info: TableInfo
    frame: pd.DataFrame
    dropped: pd.DataFrame
    published: Days
    released: Days
    replaced: Days
    whole: "Table | None" = None
    __repr__ = brief
    _repr_html_ = as_html

    def as_of(self, cutoff: date | None) -> "Table":
        """The rows that were public by the cutoff, by the rule of `public_by`; None is the latest.

        A text that a later edition of the same text had replaced by then is left out; an earlier
        cutoff brings it back into the latest.
        """
        if cutoff is None:
            in_force = self.replaced == _NEVER
            return self if in_force.all() else replace(self._kept(in_force), whole=self)
        if self.whole is not None:
            return self.whole.as_of(cutoff)
        day = cutoff.toordinal()
        in_force = self.replaced > day
        public = in_force & (self.published <= day)
        later = in_force & ~public & (self.released <= day)
        if public.all() and not self.frame["later_edition"].any():
            return self
        table = self._kept(public | later)
        marked = table.frame.assign(later_edition=later[public | later])
        return replace(table, frame=marked)

    def drop_family(self, family: str) -> "Table":
        """The rows of every other family; the table itself if it has none of this one."""
        whole = self.whole and self.whole.drop_family(family)
        others = (self.frame["family"] != family).to_numpy()
        rest = self if others.all() else self._kept(others)
        return rest if whole is self.whole else replace(rest, whole=whole)

    def _kept(self, mask: np.ndarray[Any, np.dtype[np.bool_]]) -> "Table":
        return replace(
            self,
            frame=self.frame[mask],
            published=self.published[mask],
            released=self.released[mask],
            replaced=self.replaced[mask],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """All that an audit declares about its data, read once: from here tables are loaded."""

    project: Project
    catalog: Catalog
    sources: Sources
    corrections: Sequence[Correction]

    @classmethod
    def read(cls, project: Project, only: Collection[str] | None = None) -> "Archive":
        """Catalog, sources and corrections of this audit, each checked.

        With `only` the archive knows just these tables and layers and is read much faster.
        """
        catalog = Catalog.read(project, only)
        return cls(
            project=project,
            catalog=catalog,
            sources=Sources.read(project),
            corrections=read_corrections(project, catalog, only),
        )

    def load(self, name: str, *, vintage: str | None = None) -> Table:
        """One table, parsed by its entry, with its checksum verified and its corrections applied.

        `vintage` asks for an earlier state by its label; corrections apply to it alike.

        Columns and types are checked by parsing; ranges and domain checks are not run again, since
        a valid checksum says that these are the bytes that `claims data check` passed. Raises
        DataError.
        """
        info = self.catalog[name]
        if vintage is not None:
            kept = find(read_ledger(self.project), name, vintage)
            info = replace(info, name=kept.place(name), sha256=kept.sha256)
        data = read_file(self.project, info)
        cells = parse(
            data, info.columns, info.file
        )  # first: it can say on which line a file is broken
        verify(data, info)
        frame = _frame(cells, info)
        _check_sources(frame, info, self.sources)
        mine = [correction for correction in self.corrections if correction.table == name]
        return _derive(apply(mine, frame, info), info, self.sources)

    def layer(self, name: str) -> dict[str, Any]:
        """One map layer, a GeoJSON feature collection, verified by checksum. Raises DataError."""
        if name not in self.catalog.layers:
            hint = suggest(name, self.catalog.layers)
            raise DataError(f"no map layer '{name}'{hint}", file="data/catalog.yaml")
        info = self.catalog.layers[name]
        data = read_file(self.project, info)
        found = features(data, info)
        verify(data, info)
        return found


def _frame(cells: ParsedCsv, info: TableInfo) -> pd.DataFrame:
    columns = {
        name: pd.Series(values, dtype=dtype_of(info.columns[name]))
        for name, values in cells.columns.items()
    }
    return pd.DataFrame({**columns, "row": np.asarray(cells.lines, dtype="int64")})


def dtype_of(column: ColumnInfo) -> str:
    """The pandas type of a column's values."""
    dtypes = _NULLABLE_DTYPES if column.nullable else _DTYPES
    return dtypes.get(column.type, "str")


def _check_sources(frame: pd.DataFrame, info: TableInfo, sources: Sources) -> None:
    cited = frame["source_id"]
    faults = [
        DataError(
            f"source_id = {source_id!r} is not in data/sources.csv{suggest(source_id, sources)}",
            file=info.file,
            line=int(frame.loc[cited == source_id, "row"].iloc[0]),
        )
        for source_id in cited.unique()
        if source_id not in sources
    ]
    if faults:
        raise DataError.of(faults)


def _derive(corrected: Corrected, info: TableInfo, sources: Sources) -> Table:
    frame = corrected.frame.reset_index(drop=True)
    cited = frame["source_id"]
    public_on = _public_on(frame, info, _each(cited, lambda name: sources[name].published))
    derived = frame.assign(
        grade=_each(cited, lambda name: sources[name].grade).astype("int64"),
        family=_family(frame, info, _each(cited, lambda name: sources[name].family)),
        public_on=public_on,
        later_edition=False,
        suspect=corrected.suspect.to_numpy(),
    )
    return Table(
        name=info.name,
        info=info,
        frame=derived,
        dropped=corrected.dropped.reset_index(drop=True),
        published=_days(public_on, last_day),
        released=_released(frame, info),
        replaced=_replaced(frame, info),
    )


def _each(texts: "pd.Series[Any]", mean: Callable[[str], Any]) -> "pd.Series[Any]":
    """A column by way of its few distinct values; missing cells stay missing."""
    meanings = {text: mean(text) for text in texts.dropna().unique()}
    return texts.map(meanings)


def _public_on(
    frame: pd.DataFrame, info: TableInfo, published: "pd.Series[Any]"
) -> "pd.Series[Any]":
    """The row's own date where there is one, else that of its source."""
    if info.vintage.column is None:
        return published.astype("str")
    own = _as_text(frame[info.vintage.column])
    return own.where(own.notna(), published).astype("str")


def _released(frame: pd.DataFrame, info: TableInfo) -> Days:
    """The days by which an earlier edition of the series had the row's period."""
    if info.time is None or info.vintage.lag_days is None:
        return np.full(len(frame), _NEVER)
    frequency = info.time.frequency
    ended = _days(_as_text(frame[info.time.column]), lambda text: last_day(text, frequency))
    return np.minimum(ended + info.vintage.lag_days, _NEVER)


def _replaced(frame: pd.DataFrame, info: TableInfo) -> Days:
    """The days from which a later edition of the row's text holds."""
    if info.vintage.replaced is None:
        return np.full(len(frame), _NEVER)
    return _days(_as_text(frame[info.vintage.replaced]), last_day)


def _as_text(column: "pd.Series[Any]") -> "pd.Series[Any]":
    """Years are numbers in the frame and text to the calendar."""
    if column.dtype.kind in "if":
        return _each(column, lambda year: f"{int(year):04d}").astype("str")
    return column


def _family(frame: pd.DataFrame, info: TableInfo, of_source: "pd.Series[Any]") -> "pd.Series[Any]":
    """The row's own family, else what the catalog maps it to, else that of its source."""
    family = frame.get("family", pd.Series(np.nan, index=frame.index, dtype="str"))
    if info.family is not None:
        mapped = _each(frame[info.family.column].astype("str"), info.family.map.get)
        family = family.where(family.notna(), mapped)
    return family.where(family.notna(), of_source).astype("str")


def _days(periods: "pd.Series[Any]", end: Callable[[str], date]) -> Days:
    """Ordinals of the last days; a day that never comes where there is no period."""
    days = _each(periods, lambda text: end(text).toordinal())
    ordinals: Days = days.fillna(_NEVER).to_numpy(dtype="int64")
    return ordinals
