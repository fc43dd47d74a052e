"""From a frame with the publisher's columns to one with the pinned columns."""

import re
from collections.abc import Callable, Iterable, Sequence
from decimal import DecimalException
from typing import Any

import pandas as pd

from analysis.errors import suggest
from analysis.refresh.connectors import numerals, parsing
from analysis.refresh.connectors.errors import fault, listed
from analysis.refresh.connectors.layout import Layout

_NEGATIVE_NUMBER = re.compile(r"-[0-9]+(?:\.[0-9]+)?")


def tidy(frame: pd.DataFrame, layouts: Sequence[Layout]) -> pd.DataFrame:
    """The rows that the layouts make of `frame`, whose index is the row in the file."""
    if frame.empty:
        raise fault("the file", expected="rows", found="none")
    return pd.concat([_apply(frame, layout) for layout in layouts], ignore_index=True)


def _apply(frame: pd.DataFrame, layout: Layout) -> pd.DataFrame:
    needed = [*layout.columns.values(), *layout.keep, *layout.since]
    _check_columns(frame, needed)
    _check_calculated(frame, dict.fromkeys(needed))
    kept = _observed(_kept(frame, layout), layout)
    columns = {
        name: pd.Series(_column(kept[raw], name, layout), index=kept.index, dtype=object)
        for name, raw in layout.columns.items()
    }
    whole = pd.DataFrame({**columns, **layout.constants}, index=kept.index)
    return _totalled(whole, layout).infer_objects()


def _check_columns(frame: pd.DataFrame, names: Sequence[str]) -> None:
    for name in names:
        if name not in frame.columns:
            raise fault(
                "the heading",
                expected=f"a column '{name}'",
                found=f"{listed(frame.columns)}{suggest(name, frame.columns)}",
            )


def _check_calculated(frame: pd.DataFrame, names: Iterable[str]) -> None:
    for name in names:
        for row, cell in zip(frame.index, frame[name], strict=True):
            if isinstance(cell, parsing.Uncalculated):
                raise fault(
                    f"row {row}, column '{name}'",
                    expected="a value",
                    found=f"a formula that was never calculated, '{cell}'",
                    remedy="save the workbook in a spreadsheet program and give it with --from",
                )


def _kept(frame: pd.DataFrame, layout: Layout) -> pd.DataFrame:
    """The rows that are asked for; each word that is asked for must occur."""
    for column, words in layout.keep.items():
        cells = frame[column].map(parsing.text)
        if missing := [word for word in words if word not in set(cells)]:
            raise fault(
                f"column '{column}'",
                expected=f"rows with {listed(missing)}",
                found=listed(sorted(set(cells.dropna()))),
            )
        frame = frame[cells.isin(words)]
    for column, first in layout.since.items():
        frame = frame[[(parsing.text(cell) or "") >= first for cell in frame[column]]]
    return frame


def _observed(frame: pd.DataFrame, layout: Layout) -> pd.DataFrame:
    for name in layout.observed:
        cells = frame[layout.columns[name]]
        frame = frame[[not _absent(cell, layout) for cell in cells]]
    if frame.empty:
        raise fault("the file", expected="rows with numbers", found="none")
    return frame


def _absent(cell: Any, layout: Layout) -> bool:
    return parsing.is_empty(cell) or str(cell).strip() in layout.absent


def _column(cells: pd.Series, name: str, layout: Layout) -> list[Any]:
    """The cells of one pinned column, each read as the layout says of that column."""
    read = _reader(name, layout)
    return [
        read(cell, f"row {row}, column '{cells.name}'")
        for row, cell in zip(cells.index, cells, strict=True)
    ]


def _reader(name: str, layout: Layout) -> Callable[[Any, str], Any]:
    if name in layout.numbers:
        return lambda cell, place: _number(cell, name, layout, place)
    if name in layout.dates:
        return lambda cell, place: _date(cell, layout.dates[name], place)
    return lambda cell, place: _word(cell, name, layout, place)


def _number(cell: Any, name: str, layout: Layout, place: str) -> Any:
    if _absent(cell, layout):
        return None
    try:
        _check_genuine(cell, layout, place)
        value = parsing.number(
            cell,
            decimal=layout.decimal,
            ornaments=layout.ornaments,
            factor=layout.factor.get(name, 1),
            digits=layout.digits.get(name),
        )
    except DecimalException:
        expected = numerals.example(layout.decimal, layout.ornaments)
        raise fault(place, expected=expected, found=repr(cell)) from None
    return parsing.typed(value, layout.numbers[name], place)


def _check_genuine(cell: Any, layout: Layout, place: str) -> None:
    """Raise DataError for a number that means "none" in many files, unless it is declared."""
    value = numerals.parse(cell, decimal=layout.decimal, ornaments=layout.ornaments)
    if numerals.is_sentinel(value) and str(cell).strip() not in layout.genuine:
        raise fault(
            place,
            expected="a number",
            found=f"{cell}, which often means none",
            remedy=f"name '{cell}' in the connector's options: under 'absent' if there is no number"
            " here, under 'genuine' if it is one",
        )


def _date(cell: Any, form: str, place: str) -> str | None:
    try:
        return parsing.date(cell, form)
    except ValueError:
        raise fault(place, expected=f"a date like {form}", found=repr(cell)) from None


def _word(cell: Any, name: str, layout: Layout, place: str) -> str | None:
    word = parsing.text(cell)
    if word is not None and _NEGATIVE_NUMBER.fullmatch(word):  # not declared as a number
        _check_genuine(word, layout, place)
    if word is not None and name in layout.first:
        word = word[: layout.first[name]]
    words = layout.translate.get(name)
    if words is None or word is None:
        return word
    if word not in words:
        raise fault(
            place, expected="a word that the options translate or do not keep", found=repr(word)
        )
    return words[word]


def _totalled(frame: pd.DataFrame, layout: Layout) -> pd.DataFrame:
    if not layout.total:
        return frame
    alike = [name for name in frame if name not in layout.total]
    groups = frame.groupby(alike, sort=False, dropna=False, as_index=False)
    return groups[list(layout.total)].sum(min_count=1)[list(frame.columns)]
