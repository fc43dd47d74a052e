"""Which columns of a publisher's file become which columns of a pinned table."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

from analysis.errors import DataError
from analysis.marks import Marks
from analysis.shapes import shape

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
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
    ornaments: str = ""  # characters of a number that say nothing: thousands marks, signs
    observed: tuple[str, ...] = ()  # a row with nothing here is no observation
    total: tuple[str, ...] = ()  # added over rows that are alike in all other columns


def read_options(cls: type[T], options: Mapping[str, Any]) -> T:
    """The options of a connector, checked; raises DataError that names the option."""
    try:
        return shape(cls, dict(options), Marks("options of the connector"))
    except DataError as error:
        raise DataError(f"options of the connector: {error.message}") from None
