"""Pick rows of a table and cite them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

from analysis.data.editions import EDITION_MARK, original
from analysis.errors import ParameterError, suggest
from analysis.methods.estimate import Citation
from analysis.methods.recipes import Where
from analysis.stats.cache import cached

if TYPE_CHECKING:
    import numpy as np
    from pandas import DataFrame, Series

    from analysis.data.evidence import Evidence

SOURCE = "source_id"
CITATIONS = 65536  # citations that are kept: a sweep makes each hundreds of times


def select(frame: DataFrame, where: Where, table: str = "") -> DataFrame:
    """The rows of `frame` that meet every condition of `where`.

    A condition is a value, a list of admissible values, or a mapping with `min`, `max`, `not`
    (bounds included; dates compare as ISO text). A source includes its later editions.
    """
    return frame[matching(frame, where, table)] if where else frame


def select_of(evidence: Evidence, table: str, where: Where, source: str = "all") -> DataFrame:
    """The rows of a table that meet `where`, as in `select`, and that are of a source.

    The result must not be changed: each trial of a sweep that asks for these rows gets the same
    frame. Each condition is looked at once.
    """
    if not where and source == "all":
        return evidence[table]
    key = ("rows", table, repr(where), source)
    rows = lambda: evidence[table][matching_of(evidence, table, where, source)]  # noqa: E731
    return cached(evidence, key, rows, (table,))


def records_of(
    evidence: Evidence, table: str, where: Where, source: str = "all"
) -> tuple[Mapping[str, Any], ...]:
    """The rows of `select_of` as plain mappings by column, which must not be changed."""
    key = ("records", table, repr(where), source)
    rows = partial(select_of, evidence, table, where, source)
    return cached(evidence, key, lambda: tuple(rows().to_dict("records")), (table,))


def matching_of(evidence: Evidence, table: str, where: Where, source: str = "all") -> np.ndarray:
    """Which rows of a table meet every condition of `where` and are of a source."""
    import numpy as np

    frame = evidence[table]
    mask = np.ones(len(frame), dtype=bool)
    for column, wanted in where.items():
        key = ("met", table, column, repr(wanted))
        mask &= cached(evidence, key, partial(_met, frame, column, wanted, table), (table,))
    if source != "all":
        mask &= cached(evidence, ("from", source), partial(_from, frame, source), (table,))
    return mask


def column_of(evidence: Evidence, table: str, name: str) -> np.ndarray:
    """A column of a table as an array, which must not be changed."""
    return cached(evidence, ("column", name), partial(_values, evidence[table], name), (table,))


def _values(frame: DataFrame, name: str) -> np.ndarray:
    values: np.ndarray = frame[name].to_numpy()
    return values


def matching(frame: DataFrame, where: Where, table: str = "") -> np.ndarray:
    """Which rows of `frame` meet every condition of `where`, as in `select`."""
    import numpy as np

    mask = np.ones(len(frame), dtype=bool)
    for column, wanted in where.items():
        mask &= _met(frame, column, wanted, table)
    return mask


def _met(frame: DataFrame, column: str, wanted: Any, table: str) -> np.ndarray:
    import numpy as np

    if column not in frame.columns:
        known = list(frame.columns)
        message = f"{table or 'table'} has no column {column!r}{suggest(column, known)}"
        raise ParameterError(message)
    met = _meets(frame[column], wanted)
    return met if isinstance(met, np.ndarray) else met.fillna(value=False).to_numpy(dtype=bool)


def _meets(column: Series, wanted: Any) -> Series | np.ndarray:
    import numpy as np

    if isinstance(wanted, Mapping):
        return _bounded(column, wanted)
    several = isinstance(wanted, Sequence) and not isinstance(wanted, str)
    values = [_as(column, value) for value in wanted] if several else [_as(column, wanted)]
    if column.name == SOURCE:
        values += _editions(column.to_numpy().tolist(), values)
        several = len(values) > 1
    if column.dtype.kind == "O":  # text: numpy compares it several times faster than pandas
        texts = column.to_numpy()
        if len(values) == 1:
            return texts == values[0]
        among = set(values)
        return np.fromiter((text in among for text in texts.tolist()), dtype=bool, count=len(texts))
    return column.isin(values) if several else column == values[0]


def _editions(texts: Sequence[str], values: Sequence[Any]) -> list[str]:
    """The editions of these sources among the texts; mostly there are none, which is found fast."""
    if EDITION_MARK not in "".join(texts):
        return []
    return [text for text in set(texts) - set(values) if original(text) in values]


def _bounded(column: Series, wanted: Mapping[str, Any]) -> Series:
    import numpy as np

    met = column.notna()
    for word, bound in wanted.items():
        if word == "min":
            met &= column >= _as(column, bound)
        elif word == "max":
            met &= column <= _as(column, bound)
        elif word == "not":
            met &= ~np.asarray(_meets(column, bound), dtype=bool)
        else:
            message = f"unknown condition {word!r} on {column.name!r}; known: min, max, not"
            raise ParameterError(message)
    return met


def _as(column: Series, value: Any) -> Any:
    """`value` in the column's own type: parameters arrive as text, years are numbers."""
    if column.dtype.kind in "iuf" and isinstance(value, str):
        try:
            return float(value)
        except ValueError:
            message = f"column {column.name!r} holds numbers, not {value!r}"
            raise ParameterError(message) from None
    return str(value) if column.dtype.kind not in "iufb" and not isinstance(value, bool) else value


def cite(frame: DataFrame, table: str, part: str = "") -> tuple[Citation, ...]:
    """A citation for each row of `frame`."""
    columns = ["row", "source_id", "family", "grade", "later_edition"]
    return tuple(
        _citation(table, int(row), source, family, int(grade), part, bool(later))
        for row, source, family, grade, later in zip(
            *(frame[column].to_numpy().tolist() for column in columns), strict=True
        )
    )


def among(
    rows: Sequence[Mapping[str, Any]], found: Iterable[tuple[Mapping[str, Any], Any]]
) -> list[Mapping[str, Any]]:
    """The records that were found, each with something beside it, in the order of the rows."""
    lines = {row["row"] for row, _ in found}
    return [row for row in rows if row["row"] in lines]


def cite_records(
    records: Iterable[Mapping[str, Any]], table: str, part: str = ""
) -> tuple[Citation, ...]:
    """A citation for each record, as `cite` makes them of a frame."""
    return tuple(
        _citation(
            table,
            row["row"],
            row["source_id"],
            row["family"],
            row["grade"],
            part,
            row["later_edition"],
        )
        for row in records
    )


@lru_cache(maxsize=CITATIONS)
def _citation(  # noqa: PLR0917 - a cache finds positional arguments faster
    table: str,
    row: int,
    source: str,
    family: str,
    grade: int,
    part: str,
    later: bool,  # noqa: FBT001 - as above
) -> Citation:
    return Citation(
        table=table,
        row=row,
        source_id=source,
        family=family,
        grade=grade,
        part=part,
        later_edition=later,
    )


def from_source(frame: DataFrame, source: str) -> DataFrame:
    """The rows of one source or one source family; all of them for `all`."""
    if source == "all":
        return frame
    return frame[_from(frame, source)]


def _from(frame: DataFrame, source: str) -> np.ndarray:
    met = (frame["family"] == source) | (frame["source_id"] == source)
    mask: np.ndarray = met.fillna(value=False).to_numpy(dtype=bool)
    return mask
