"""The tidy frames that figures draw: what a row is, which columns it needs, and their units.

`figures.ranking(frame)` draws any frame of this form: that of a drawing (`drawing.data`), part of
it, or one of your own. A frame that comes from a drawing knows the keywords it was drawn with.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from analysis.errors import ParameterError, suggest
from analysis.methods.estimate import Point

if TYPE_CHECKING:
    from pandas import DataFrame

KEYWORDS = "drawn with"  # the key in a frame's `attrs`
FRAME_COLUMNS = {
    "mark": "what the row is",
    "group": "the kind of row or question; `preferred` is drawn in bold",
    "label": "the name of the row; of a day, the day as 2024-01-15",
    "value": "the estimate, in `unit`",
    "low": "the lower end of its interval, in `unit`; missing if open",
    "high": "the upper end of its interval, in `unit`; missing if open",
    "unit": "the unit of the three numbers, as text",
    "outcome": "how the row came out: the word that chooses its colour and mark",
    "family": "the source family",
    "row": "the cited row, `<table>:<row>`",
    "text": "words beside the row",
    "expected": "what the season of a day lets expect, in `unit`",
    "share": "of a named item: percent of all",
    "year": "the year",
    "time": "the time in years, with a fraction within a year",
    "period": "the same time as text: 2024 or 2024-03",
    "stance": "`for`, `against`, `open` or `silent`",
    "weight": "the weight of the vote of a series; 0 for no vote",
    "n": "number of observations",
    "note": "why a series has no vote",
    "first": "the first day that the record allows, as 2024-01-15",
    "last": "the last day that it allows",
    "day": "the day of a document: 2024, 2024-01 or 2024-01-15",
    "issuer": "who issued the document",
    "question": "what the document was asked",
    "says": "the words that answer",
    "shown": "whether the answer is drawn",
    "lon": "longitude of one end, degrees east",
    "lat": "latitude of one end, degrees north",
    "end_lon": "longitude of the other end, degrees east",
    "end_lat": "latitude of the other end, degrees north",
}
NUMBERS = {
    "value", "low", "high", "expected", "share", "year", "time", "weight", "n", "lon", "lat",
    "end_lon", "end_lat",
}  # fmt: skip
TRIED = ("passes", "unclear", "fails", "no evidence")


@dataclass(frozen=True, slots=True)
class Mark:
    """The rows of one mark: what they are, their columns, and the outcomes they may have.

    A frame must have `needed` ones; those without columns are not drawn.
    """

    meaning: str
    columns: str = ""
    outcomes: tuple[str, ...] = ()
    needed: bool = False
    optional: str = ""  # more columns, which may be left out


CLAIMED = Mark("what the claim states or needs", "label value low high unit", needed=True)
FRAMES: Mapping[str, Mapping[str, Mark]] = {
    "level": {
        "claimed": CLAIMED,
        "measure": Mark("a measured value", "group label value low high unit outcome", TRIED),
        "context": Mark("the value in another reading", "label value low high unit"),
    },
    "timeline": {
        "claimed": Mark("what is claimed; `group` is the kind of question: date, lag, rung, ...",
                        "group label value low high first last text", needed=True),
        "record": Mark("a record of the event",
                       "group label value low high outcome first last text"),
        "other": Mark("a record of another case", "label value low high outcome first last text"),
        "stage": Mark("a stage that a case may reach, by its number", "label value outcome text"),
    },
    "documents": {
        "claimed": Mark("the rule"),
        "answer": Mark("the answer of a document to a question",
                       "day issuer question says outcome stance shown family row"),
    },
    "membership": {
        "claimed": Mark("what the claim needs"),
        "standing": Mark("a body, by the statement that decides; `group` is its column",
                         "group label outcome family text",
                         ("counts", "does not count", "left open")),
        "also": Mark("another statement on a body", "group label"),
        "share": Mark("what counts by one list and definition, in percent",
                      "group label value low high unit outcome text", TRIED),
    },
    "distance": {
        "claimed": Mark("the needed range, nautical miles", "label low high"),
        "approach": Mark("the closest approach that a coastline allows, nautical miles",
                         "group label value low high outcome", TRIED),
        "gap": Mark("the shortest line between the two sides: its length and its ends",
                    "value unit lon lat end_lon end_lat"),
        "corridor": Mark("the width outside of both zones"),
        "zone": Mark("the width of a zone"),
        "land": Mark("an outline on the map"),
    },
    "share": {
        "claimed": Mark("what the claim states", "label value"),
        "part": Mark("a part of the whole, or its change",
                     "label value low high unit outcome text"),
        "total": Mark("several parts together", "label value low high unit outcome text"),
    },
    "ranking": {
        "claimed": Mark("what the claim states; by its `unit` (`rank`, `members`, or another one) "
                        "the rows are places, a checklist, or named items by their share",
                        "label value low high unit", needed=True),
        "member": Mark("a place, a member or an item: its rank, or 1, 0.5 and 0 for yes, unclear "
                       "and none found", "label value low high outcome text", optional="share"),
    },
    "trend": {
        "index": Mark("a series: its median change in percent a year",
                      "label value outcome stance weight n note"),
        "observation": Mark("a value of the series of that label", "label time period value unit"),
        "claimed": Mark("what the claim needs"),
    },
    "breaks": {
        "claimed": Mark("the needed years", "low high"),
        "observed": Mark("a value of the series", "value unit year"),
        "filled": Mark("a value that a source states to be none", "value unit year"),
        "fitted": Mark("the value of the fitted segment", "value year"),
        "break": Mark("the first year of a new segment, with its interval", "label value low high"),
        "article": Mark("the years that the article gives", "label low high"),
        "case": Mark("a case of a balance; the mark is `case: ` and its side", "text year"),
        "p": Mark("the p value of the permutation test"),
    },
    "event_study": {
        "claimed": Mark("the ratio that the claim needs", "value low high unit"),
        "observed": Mark("a day and its count",
                         "label value", optional="expected"),
        "missing": Mark("a day without a count", "label"),
        "measure": Mark("the ratio of one outcome and window",
                        "group label value low high outcome text", TRIED),
        "regression": Mark("the ratio of a regression"),
    },
}  # fmt: skip


def checked(name: str, data: DataFrame) -> DataFrame:
    """The frame with an empty column for each that none of its rows needs.

    Raises ParameterError with every fault of a frame that `figures.<name>` cannot draw.

    Example: `checked("breaks", pd.DataFrame({"mark": ["observed"], "year": [2020]}))`
    """
    faults = list(_faults(FRAMES[name], data))
    if faults:
        marks = "; ".join(
            f"{mark}: {', '.join(rows.columns.split())}"
            for mark, rows in FRAMES[name].items()
            if rows.columns
        )
        message = f"figures.{name} cannot draw this frame: {'; '.join(faults)}"
        raise ParameterError(f"{message}. Expected columns by `mark`: {marks}")
    kinds = FRAMES[name].values()
    columns = {c for rows in kinds for c in f"{rows.columns} {rows.optional}".split()}
    empty = dict.fromkeys(sorted(columns - set(data.columns)), math.nan)
    return data.reset_index(drop=True).assign(**empty)


def point_columns(point: Point) -> dict[str, Any]:
    """The columns of a piece of evidence: label, value, low, high, family, source_id, row, text."""
    return {each.name: getattr(point, each.name) for each in fields(Point)}


def with_keywords(data: DataFrame, **keywords: Any) -> DataFrame:
    """The same frame, which `figures` draws with these keywords where a call names no others."""
    data.attrs[KEYWORDS] = keywords
    return data


def keywords_of(data: DataFrame) -> dict[str, Any]:
    """The keywords with which a frame was drawn."""
    return dict(data.attrs.get(KEYWORDS, {}))


def _faults(kinds: Mapping[str, Mark], data: DataFrame) -> Iterator[str]:
    if "mark" not in data.columns:
        yield f"no column 'mark' ({', '.join(kinds)})"
        return
    marks = data["mark"].astype(str).str.split(":").str[0]
    for mark in dict.fromkeys(marks):
        if mark not in kinds:
            yield f"unknown mark {mark!r}{suggest(mark, kinds)}"
    for mark, rows in kinds.items():
        own = data[marks == mark]
        if rows.needed and own.empty:
            yield f"no row is marked {mark!r}"
        if len(own):
            yield from _row_faults(mark, rows, own)


def _row_faults(mark: str, rows: Mark, own: DataFrame) -> Iterator[str]:
    """The faults of the rows of one mark."""
    for column in f"{rows.columns} {rows.optional}".split():
        if column not in own.columns:
            if column in rows.optional.split():
                continue
            yield f"no column {column!r} for the rows marked {mark!r}"
        elif column in NUMBERS and not _numeric(own[column]):
            yield f"column {column!r} of the rows marked {mark!r} has text in place of numbers"
    if rows.outcomes and "outcome" in own.columns:
        for word in dict.fromkeys(own["outcome"].astype(str)):
            if word not in rows.outcomes:
                known = ", ".join(rows.outcomes)
                yield f"unknown outcome {word!r} of the rows marked {mark!r} (one of {known})"


def _numeric(column: Any) -> bool:
    """Whether a column has nothing but numbers and gaps."""
    import pandas as pd

    given = column.dropna()
    return bool(pd.to_numeric(given, errors="coerce").notna().all())
