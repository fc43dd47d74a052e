"""A claim in the short form: what is read of it, what it is written out to, and its words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from analysis.claims.measures import ColumnMeasure, MeasureError
from analysis.formatting import plain
from analysis.methods.placeholders import PATTERN

if TYPE_CHECKING:
    from analysis.claims.measures import Measures
    from analysis.yamlfile import Path_

Entry = Mapping[str, Any]
Parameters = dict[str, Any]
LONGEST = 60  # characters of a generated title


class ShortFormError(Exception):
    """A key of the short form that cannot be meant; `key` is the path from the entry."""

    def __init__(self, key: Path_, message: str) -> None:
        super().__init__(message)
        self.key = key
        self.message = message


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A short entry as it is read: its verb, what the verb says, its digits, and the measure."""

    entry: Entry
    verb: str
    stated: Any
    digits: str
    measures: Measures
    measure: ColumnMeasure

    @property
    def where(self) -> Mapping[str, Any]:
        """The conditions of the rows that are meant."""
        where: Mapping[str, Any] = self.entry.get("where", {})
        return where


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a verb means: a method, its parameters, and in words the predicate and a divisor.

    `origins` leads from parts of the parameters to the keys of the entry that they come from.
    """

    method: str
    type: str
    parameters: Parameters
    predicate: str
    divisor: str = ""
    origins: Mapping[Path_, Path_] = field(default_factory=dict)


def named_measure(text: str, key: Path_, measures: Measures) -> ColumnMeasure:
    """The measure of this name, which the key of the entry gives."""
    try:
        return measures[text]
    except MeasureError as error:
        raise ShortFormError(key, str(error)) from None


def subject(measure: ColumnMeasure, where: Mapping[str, Any]) -> str:
    """The quantity in words: its column and table, and the conditions of its rows.

    >>> gdp = ColumnMeasure(table="t/p", column="gdp_usd")
    >>> subject(gdp, {"area": "ESP", "year": "{base_year}"})
    'gdp usd in “t/p” (area ESP, year the chosen base year)'
    """
    shown = PATTERN.sub(lambda found: f"the chosen {plain(found[1])}", conditions(where))
    return f"{measure.words} ({shown})" if shown else measure.words


def recipe(sentence: Sentence, measure: ColumnMeasure, where: Mapping[str, Any]) -> Parameters:
    """The rows of a measure that meet the conditions, read as the sentence says."""
    how = {
        key: sentence.entry[key]
        for key in ("editions", "pooled", "reduce")
        if key in sentence.entry
    }
    return {"table": measure.table, "value": measure.column, "where": dict(where), **how}


def title(statement: str) -> str:
    """The beginning of a statement, as much of it as heads a figure.

    >>> title("In Spain coal had a share of three percent in 2022.")
    'In Spain coal had a share of three percent in 2022'
    """
    words = statement.rstrip(". ")
    if len(words) <= LONGEST:
        return words
    return f"{words[: LONGEST - 1].rpartition(' ')[0].rstrip(',;:')}…"


def conditions(where: Mapping[str, Any], *, names: bool = True) -> str:
    """Conditions in words.

    >>> conditions({"iso3": "ESP", "year": {"min": 2020}, "fuel": ["coal", "oil"]})
    'iso3 ESP, year from 2020, fuel coal or oil'
    """
    return ", ".join(
        " ".join(filter(None, (plain(key) if names else "", _condition(wanted))))
        for key, wanted in where.items()
    )


def _condition(wanted: Any) -> str:
    if isinstance(wanted, Mapping):
        return " ".join(_bounds(wanted))
    several = isinstance(wanted, Sequence) and not isinstance(wanted, str)
    return " or ".join(map(str, wanted)) if several else str(wanted)


def _bounds(wanted: Mapping[str, Any]) -> Iterator[str]:
    for word, shown in (("min", "from"), ("max", "to"), ("not", "not")):
        if word in wanted:
            yield f"{shown} {_condition(wanted[word])}"
