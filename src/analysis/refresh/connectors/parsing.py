"""One cell at a time: text, numbers and dates as a pinned table spells them."""

import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from math import isfinite
from typing import Any, Literal

import numpy as np

from analysis.refresh.connectors.errors import fault
from analysis.refresh.connectors.numerals import parse

_ISO_FORMS = (("djxcD", "%Y-%m-%d"), ("mbB", "%Y-%m"), ("Yy", "%Y"))


@dataclass(frozen=True, slots=True)
class Uncalculated:
    """A formula of a workbook that was saved without its value."""

    formula: str

    def __str__(self) -> str:
        return self.formula


class Single(float):
    """A float of four bytes: its text has the fewest digits that are it, its value all of them."""

    __slots__ = ()

    def __str__(self) -> str:
        return str(np.float32(self))


def is_empty(value: Any) -> bool:
    """Whether a cell says nothing: empty text, None or not a number.

    >>> [is_empty(value) for value in ("", " ", None, float("nan"), 0, "0")]
    [True, True, True, True, False, False]
    """
    return value is None or value != value or (isinstance(value, str) and not value.strip())  # noqa: PLR0124  nan


def text(value: Any) -> str | None:
    """A cell's text without the blanks around it.

    >>> text(" a "), text(""), text(7)
    ('a', None, '7')
    """
    return None if is_empty(value) else str(value).strip()


def number(
    value: Any, *, decimal: str = ".", ornaments: str = "", factor: float = 1,
    digits: int | None = None,
) -> Decimal | None:  # fmt: skip
    """A cell's number, scaled in decimals: no cent is lost to binary fractions.

    Raises decimal.DecimalException for what is no finite number, or is not written as declared.

    >>> number("$1,204.5 ", ornaments="$,", factor=1000)
    Decimal('1204500.0')
    """
    if is_empty(value):
        return None
    written = parse(value, decimal=decimal, ornaments=ornaments)
    if digits is not None and isinstance(value, Single):  # else it would be rounded twice
        written = Decimal(value)
    result = written * Decimal(str(factor))
    if not isfinite(result):  # as a float, too
        raise InvalidOperation
    return result if digits is None else round(result, digits)


def typed(
    value: Decimal | None, kind: Literal["whole", "decimal"], place: str
) -> int | float | None:
    """An int or a float; raises DataError for a fraction where only wholes are meant."""
    if value is None or kind == "decimal":
        return None if value is None else float(value)
    if value != value.to_integral_value():
        raise fault(place, expected="a whole number", found=value)
    return int(value)


def date(value: Any, form: str) -> str | None:
    """A date, a month or a year in ISO form; raises ValueError where `form` does not fit.

    >>> date("199102", "%Y%m"), date("3/4/2024", "%d/%m/%Y"), date("Feb 1991", "%b %Y")
    ('1991-02', '2024-04-03', '1991-02')
    """
    if is_empty(value):
        return None
    # a workbook knows its dates, however they are shown
    moment = value if isinstance(value, datetime) else _moment(str(value).strip(), form)
    asked = {each[1] for each in re.findall("%.", form)}
    return moment.strftime(next(iso for signs, iso in _ISO_FORMS if asked & set(signs)))


def _moment(written: str, form: str) -> datetime:
    return datetime.strptime(written, form)  # noqa: DTZ007  a date has no zone


def whole_text(value: Any) -> Any:
    """A whole float as an int: formats without integers keep codes and years as floats.

    >>> whole_text(1816.0), whole_text(0.5), whole_text("a")
    (1816, 0.5, 'a')
    """
    return int(value) if isinstance(value, float) and value.is_integer() else value
