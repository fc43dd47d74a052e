"""Partial ISO dates and periods: where they end, and how far apart they are.

A period is written as a date, a month (2024-09), a quarter (2024-Q3), a year (2024), a fiscal year
(FY2024), or a range of any of these (2018-09/2019-08).
"""

import re
from calendar import monthrange
from datetime import date
from typing import Literal

Frequency = Literal["day", "month", "quarter", "year", "fiscal_year", "irregular"]

_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_MONTH = "[0-9]{4}-[0-9]{2}"
_QUARTER = "[0-9]{4}-Q[1-4]"
_YEAR = "[0-9]{4}"
_ONE = f"(?:{_DAY}|{_MONTH}|{_QUARTER}|(?:FY)?{_YEAR})"
FORMS = {
    "date": (re.compile(_DAY), "a date, YYYY-MM-DD"),
    "month": (re.compile(_MONTH), "a month, YYYY-MM"),
    "quarter": (re.compile(_QUARTER), "a quarter, YYYY-Qn"),
    "year": (re.compile(_YEAR), "a year, YYYY"),
    "partial_date": (
        re.compile(f"{_DAY}|{_MONTH}|{_YEAR}"),
        "a date as far as known, YYYY[-MM[-DD]]",
    ),
    "period": (
        re.compile(f"{_ONE}(?:/{_ONE})?"),
        "a date, month, quarter, year, FYYYYY or a range of two with '/'",
    ),
}


def is_form(kind: str, text: str) -> bool:
    """Whether the text has the form of this kind and exists in the calendar.

    >>> is_form("month", "2024-02"), is_form("month", "2024-13"), is_form("date", "2023-02-29")
    (True, False, False)
    >>> is_form("period", "2018-09/2019-08"), is_form("period", "2019-09/2018")
    (True, False)
    """
    if not FORMS[kind][0].fullmatch(text):
        return False
    try:
        return first_day(text) <= last_day(text)
    except ValueError:
        return False


def last_day(period: str, frequency: Frequency = "irregular") -> date:
    """The day with which a period is over.

    Fiscal years are taken to end with March of the next year, as some do: that is the latest of
    the ends in use, so no figure counts as known too early. ValueError if there is no such day.

    >>> last_day("2024"), last_day("2024-02"), last_day("2024-Q3")
    (datetime.date(2024, 12, 31), datetime.date(2024, 2, 29), datetime.date(2024, 9, 30))
    >>> last_day("FY2024"), last_day("2024", "fiscal_year"), last_day("2018-09/2019-08")
    (datetime.date(2025, 3, 31), datetime.date(2025, 3, 31), datetime.date(2019, 8, 31))
    """
    last = period.rsplit("/", 1)[-1]
    match last.removeprefix("FY").split("-"):
        case [year] if frequency == "fiscal_year" or last.startswith("FY"):
            return date(int(year) + 1, 3, 31)
        case [year]:
            return date(int(year), 12, 31)
        case [year, quarter] if quarter.startswith("Q"):
            return _month_end(int(year), 3 * int(quarter[1:]))
        case [year, month]:
            return _month_end(int(year), int(month))
        case _:
            return date.fromisoformat(last)


def first_day(period: str) -> date:
    """The day with which a period begins.

    >>> first_day("2024-Q3"), first_day("FY2024"), first_day("2018-09/2019-08")
    (datetime.date(2024, 7, 1), datetime.date(2024, 4, 1), datetime.date(2018, 9, 1))
    """
    first = period.split("/", 1)[0]
    match first.removeprefix("FY").split("-"):
        case [year]:
            return date(int(year), 4 if first.startswith("FY") else 1, 1)
        case [year, quarter] if quarter.startswith("Q"):
            return date(int(year), 3 * int(quarter[1:]) - 2, 1)
        case [year, month]:
            return date(int(year), int(month), 1)
        case _:
            return date.fromisoformat(first)


def ordinal(period: str, frequency: Frequency) -> int:
    """A number that grows by one from each period of this frequency to the next.

    >>> ordinal("2025-01", "month") - ordinal("2024-12", "month")
    1
    >>> ordinal("2025-Q1", "quarter") - ordinal("2024-Q4", "quarter")
    1
    """
    day = first_day(period)
    match frequency:
        case "day":
            return day.toordinal()
        case "month":
            return 12 * day.year + day.month - 1
        case "quarter":
            return 4 * day.year + (day.month - 1) // 3
        case "year" | "fiscal_year":
            return day.year
    raise ValueError("an irregular series has no next period")


def at_ordinal(number: int, frequency: Frequency) -> str:
    """The period that `ordinal` gives this number.

    >>> at_ordinal(ordinal("2024-Q4", "quarter"), "quarter"), at_ordinal(24299, "month")
    ('2024-Q4', '2024-12')
    """
    match frequency:
        case "day":
            return date.fromordinal(number).isoformat()
        case "month":
            return f"{number // 12:04d}-{number % 12 + 1:02d}"
        case "quarter":
            return f"{number // 4:04d}-Q{number % 4 + 1}"
    return f"{number:04d}"


def _month_end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])
