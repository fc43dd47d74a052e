"""Which columns of a publisher's file become which columns of a pinned table."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

from analysis.data.loading import Checked, Misfit, load
from analysis.errors import DataError, suggest
from analysis.refresh.connectors.numerals import SIGNS
from analysis.yamlfile import Marks

T = TypeVar("T")
_YEAR_DIRECTIVE = re.compile("%[YyxcG]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout(Checked):
    """One way to read a file's rows; several give several rows a row. Keys are pinned names."""

    columns: Mapping[str, str]  # to the publisher's column
    keep: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # by publisher's column
    since: Mapping[str, str] = field(default_factory=dict)  # the same; years or ISO dates
    translate: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    numbers: Mapping[str, Literal["whole", "decimal"]] = field(default_factory=dict)
    dates: Mapping[str, str] = field(default_factory=dict)  # strptime's format
    first: Mapping[str, int] = field(default_factory=dict)  # how many characters count
    factor: Mapping[str, float] = field(default_factory=dict)
    digits: Mapping[str, int] = field(default_factory=dict)
    constants: Mapping[str, Any] = field(default_factory=dict)
    absent: tuple[str, ...] = ()  # the publisher's words for "no number"
    genuine: tuple[str, ...] = ()  # numbers that look like such a word (-999) and are none
    decimal: Literal[".", ","] = "."  # the mark before the fraction of a number
    ornaments: str = ""  # characters of a number that say nothing: thousands marks, currencies
    observed: tuple[str, ...] = ()  # a row with nothing here is no observation
    total: tuple[str, ...] = ()  # added over rows that are alike in all other columns

    def _unknown_columns(self) -> Iterator[Misfit]:
        known = {*self.columns, *self.constants}
        for part in ("translate", "numbers", "dates", "first", "factor", "digits", "total"):
            for name in getattr(self, part):
                if name not in known:
                    hint = suggest(name, known)
                    yield Misfit(f"'{name}' is no column of this layout{hint}", part)
        for name in self.observed:
            if name not in self.columns:
                hint = suggest(name, self.columns)
                yield Misfit(f"'{name}' is no column of this layout{hint}", "observed")

    def _misfits(self) -> Iterator[Misfit]:
        yield from self._unknown_columns()
        for name, form in self.dates.items():
            if not _YEAR_DIRECTIVE.search(form):
                yield Misfit("expected a form with a year, such as %Y-%m-%d", "dates", name)
        for name, count in self.first.items():
            if count < 1:
                yield Misfit("expected a count of characters", "first", name)
        for each in self.ornaments:
            if each.isdigit() or each in SIGNS or each == self.decimal:
                message = f"'{each}' is part of the number: expected thousands marks and currencies"
                yield Misfit(message, "ornaments")


def check_place(separator: str, heading: int) -> None:
    """Raise Misfit for a separator or a heading's row that no text has."""
    if len(separator) != 1 or separator in '"\r\n':
        raise Misfit("expected one character that is no quote and no line end", "separator")
    if heading < 1:
        raise Misfit("rows are counted from 1", "heading")


def read_options(cls: type[T], options: Mapping[str, Any]) -> T:
    """The options of a connector, checked; raises DataError that names the option."""
    try:
        return load(cls, dict(options), Marks("options of the connector"))
    except DataError as error:
        found = "; ".join(each.message for each in error.failures)
        raise DataError(f"options of the connector: {found}") from None
