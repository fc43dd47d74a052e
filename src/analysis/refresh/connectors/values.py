"""One cell at a time: text, numbers and dates as a pinned table spells them."""

from datetime import datetime
from decimal import Decimal, InvalidOperation
from math import isfinite
from typing import Any, Literal

from analysis.refresh.connectors.faults import fault

_FORMS = (("%d", "%Y-%m-%d"), ("%m", "%Y-%m"), ("%Y", "%Y"))


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
    value: Any, *, ornaments: str = "", factor: float = 1, digits: int | None = None
) -> Decimal | None:
    """A cell's number, scaled in decimals: no cent is lost to binary fractions.

    Raises decimal.DecimalException for what is no finite number.

    >>> number("$1,204.5 ", ornaments="$,", factor=1000)
    Decimal('1204500.0')
    """
    if is_empty(value):
        return None
    plain = str(value).strip()
    for ornament in ornaments:
        plain = plain.replace(ornament, "")
    result = Decimal(plain) * Decimal(str(factor))
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

    >>> date("199102", "%Y%m"), date("3/4/2024", "%d/%m/%Y")
    ('1991-02', '2024-04-03')
    """
    if is_empty(value):
        return None
    moment = datetime.strptime(str(value).strip(), form)  # noqa: DTZ007  a date has no zone
    return moment.strftime(next(iso for sign, iso in _FORMS if sign in form))


def whole_text(value: Any) -> Any:
    """A whole float as an int: formats without integers keep codes and years as floats.

    >>> whole_text(1816.0), whole_text(0.5), whole_text("a")
    (1816, 0.5, 'a')
    """
    return int(value) if isinstance(value, float) and value.is_integer() else value
