"""Numbers, dates and counts as text: the same on figures, pages, notebooks and the terminal."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any, Protocol

Days = tuple[date, date]
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
SIGNIFICANT_DIGITS = 4
EXACT_DIGITS = 12
SMALLEST_DECIMAL, SMALLEST_GROUPED, LARGEST_DECIMAL = 1e-4, 1e4, 1e15
SMALLEST_POWER_LABEL = 1e6  # from which an axis shows a power of ten
FRACTION = re.compile(r"[0-9.]+")
NOUN = re.compile(r"([A-Za-z][A-Za-z -]+)(?:\|([A-Za-z -]+))?")
INVARIANT = ("series", "species", "means", "us", "is", "ss")  # ends of nouns that are no plural
PERCENT = re.compile("(percent|%)( of .*)?$")
SHARE = "share of "  # how the unit of a number from 0 to 1 begins
SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


class Interval(Protocol):
    """A value between two bounds: an estimate, or a row of plotted data."""

    @property
    def value(self) -> Any:
        """The value; None without evidence."""

    @property
    def low(self) -> Any:
        """The lower bound; None without evidence."""

    @property
    def high(self) -> Any:
        """The upper bound; None without evidence."""


def number(value: float) -> str:
    """A number to four significant digits, all digits from 10,000 on, exponents only at extremes.

    >>> number(75.7791), number(1600), number(1234567), number(-0.5), number(9999.6)
    ('75.78', '1600', '1,234,567', '-0.5', '10,000')
    """
    if value and not SMALLEST_DECIMAL <= abs(value) < LARGEST_DECIMAL:
        return f"{value:.{SIGNIFICANT_DIGITS - 1}g}"
    return f"{value:,.0f}" if _grouped(value) else f"{value:.{SIGNIFICANT_DIGITS}g}"


def exact(value: float) -> str:
    """A number with all its digits, grouped like `number`.

    >>> exact(1600.25), exact(54218.0), exact(0.1 + 0.2)
    ('1600.25', '54,218', '0.3')
    """
    return f"{value:,.{EXACT_DIGITS}g}" if _grouped(value) else f"{value:.{EXACT_DIGITS}g}"


def _grouped(value: float) -> bool:
    """Whether a number has separators; one that rounds up to 10,000 has."""
    return abs(float(f"{value:.{SIGNIFICANT_DIGITS}g}")) >= SMALLEST_GROUPED


def compact(value: float) -> str:
    """A number to three significant digits, with mn for millions and bn for billions.

    >>> compact(12_345_678), compact(2.5e9), compact(1_234), compact(0.1234), compact(-1e12)
    ('12.3 mn', '2.5 bn', '1230', '0.123', '-1000 bn')
    """
    for size, word in ((1e9, " bn"), (1e6, " mn")):
        if size <= abs(value) < LARGEST_DECIMAL:
            return compact(value / size) + word
    return number(float(f"{value:.3g}"))


def magnitude(value: float) -> str:
    """A number for a logarithmic axis: a power of ten where many digits would not fit.

    >>> magnitude(0.01), magnitude(10000.0), magnitude(1e9), magnitude(2e-6), magnitude(0.0)
    ('0.01', '10,000', '10⁹', '2·10⁻⁶', '0')
    """
    if not value or SMALLEST_DECIMAL <= abs(value) < SMALLEST_POWER_LABEL:
        return number(value)
    digits, _, power = f"{value:e}".partition("e")
    times = "" if float(digits) == 1 else f"{float(digits):.3g}·"
    return f"{times}10{str(int(power)).translate(SUPERSCRIPT)}"


def interval(found: Interval) -> str:
    """A value with its bounds, unless they read the same.

    >>> from types import SimpleNamespace
    >>> interval(SimpleNamespace(value=75.779, low=75.779, high=76.1))
    '75.78 (75.78 to 76.1)'
    """
    return f"{number(found.value)}{bounds(found.low, found.high)}"


def bounds(low: float, high: float) -> str:
    """The bounds in brackets after a value; empty where they read the same.

    >>> bounds(1550, 1650), bounds(2, 2)
    (' (1550 to 1650)', '')
    """
    return "" if number(low) == number(high) else f" ({number(low)} to {number(high)})"


def count(n: float, noun: str, plural: str = "") -> str:
    """A number with its noun.

    >>> count(1, "family", "families"), count(2, "row")
    ('1 family', '2 rows')
    """
    return f"{number(n)} {noun if n == 1 else plural or noun + 's'}"


def plural(noun: str) -> str:
    """The plural of a regular English noun.

    >>> plural("body"), plural("month"), plural("survey"), plural("crisis_index")
    ('bodies', 'months', 'surveys', 'crisis_indexes')
    """
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return f"{noun[:-1]}ies"
    return f"{noun}es" if noun.endswith(("s", "x", "z", "ch", "sh")) else f"{noun}s"


def of_one(unit: str) -> str:
    """A unit as it stands beside the number one: the word that counts in the singular.

    >>> [of_one(unit) for unit in ("source families", "mentions per 10,000 characters", "times")]
    ['source family', 'mention per 10,000 characters', 'time']
    >>> [of_one(unit) for unit in ("kW", "series", "% of GDP", "of 3 groups")]
    ['kW', 'series', '% of GDP', 'of 3 groups']
    """
    counted, *rest = re.split(r"(?= per | of |^of )", unit, maxsplit=1)
    start, space, noun = counted.rpartition(" ")
    ends = {"ies": "y", "es": "", "s": ""}
    singulars = [noun.removesuffix(end) + new for end, new in ends.items() if noun.endswith(end)]
    known = [each for each in singulars if plural(each) == noun and not noun.endswith(INVARIANT)]
    return f"{start}{space}{known[0] if known else noun}{''.join(rest)}"


class Number(float):
    """A number that a format string writes like `number`; a noun as its format counts.

    >>> "{0} or {0:.1f}, {1:row}, {2:family|families}".format(*map(Number, (75.779, 0, 2)))
    '75.78 or 75.8, no rows, 2 families'
    """

    __slots__ = ()

    def __format__(self, form: str) -> str:
        if not form:
            return number(self)
        noun = NOUN.fullmatch(form)
        if not noun:
            return float(self).__format__(form)
        counted = count(self, noun[1], noun[2] or "")
        return counted if self else f"no{counted.removeprefix('0')}"


def quantity(value: float, low: float, high: float, unit: str) -> str:
    """A value with its unit and its bounds, as a person says it: shares in percent.

    >>> quantity(0.6667, 0.0, 0.6667, "share of indices"), quantity(4, 4, 4, "rank")
    ('67% of indices (0% to 67%)', 'rank 4')
    >>> quantity(75.779, 75.779, 76.1, "t"), quantity(3, 3, 3, "count")
    ('75.78 t (75.78 to 76.1)', '3')
    >>> quantity(1, 0, 2, "source families")
    '1 source family (0 to 2)'
    """
    if unit.startswith(SHARE):
        shares = [f"{each:.0%}" for each in (value, low, high)]
        within = "" if shares[1] == shares[2] else f" ({shares[1]} to {shares[2]})"
        return f"{shares[0]} of {unit.removeprefix(SHARE)}{within}"
    words = {"rank": f"rank {number(value)}", "count": number(value)}
    unit = of_one(unit) if value == 1 else unit
    return words.get(unit, f"{number(value)} {unit}".strip()) + bounds(low, high)


def extent(low: float, high: float, unit: str) -> str:
    """An interval with its unit, to three significant digits.

    >>> extent(1, 3, "rank"), extent(16.67, 100, "percent"), extent(0, 2 / 3, "share of indices")
    ('rank 1 to 3', '16.7 to 100 percent', '0% to 67% of indices')
    """
    if unit.startswith(SHARE):
        return f"{low:.0%} to {high:.0%} of {unit.removeprefix(SHARE)}"
    text = " to ".join(number(float(f"{each:.3g}")) for each in (low, high))
    return f"rank {text}" if unit == "rank" else f"{text} {'' if unit == 'count' else unit}".strip()


def is_percent(unit: str) -> bool:
    """Whether a unit is percent, of whatever.

    >>> is_percent("percent of GDP"), is_percent("%"), is_percent("percentage points")
    (True, True, False)
    """
    return PERCENT.match(unit) is not None


def in_percent(text: str, unit: str) -> str:
    """A criterion as text; in percent, where the unit is a share.

    >>> in_percent("at least 0.6667", "share of indices"), in_percent("at least 3", "rank")
    ('at least 66.7%', 'at least 3')
    """
    if not unit.startswith(SHARE):
        return text
    return FRACTION.sub(lambda found: f"{100 * float(found[0]):.3g}%", text)


def day(when: date) -> str:
    """A date.

    >>> day(date(2024, 9, 5))
    '5 Sep 2024'
    """
    return f"{when.day} {MONTHS[when.month - 1]} {when.year}"


def days(period: Days) -> str:
    """An interval of days in its shortest form: years, months, a day or two days.

    >>> days((date(2024, 9, 1), date(2024, 9, 30))), days((date(2024, 1, 1), date(2024, 12, 31)))
    ('Sep 2024', '2024')
    >>> days((date(1976, 1, 1), date(1979, 12, 31))), days((date(2023, 11, 1), date(2024, 2, 29)))
    ('1976 to 1979', 'Nov 2023 to Feb 2024')
    >>> days((date(2024, 9, 17), date(2024, 9, 18)))
    '17 Sep to 18 Sep 2024'
    """
    first, last = period
    if first == last:
        return day(first)
    if first.day == 1 and (last + timedelta(days=1)).day == 1:
        if (first.month, last.month) == (1, 12):
            return _range(f"{first.year}", f"{last.year}")
        return _range(_month(first, last), _month(last))
    start = day(first) if first.year != last.year else f"{first.day} {MONTHS[first.month - 1]}"
    return f"{start} to {day(last)}"


def _month(when: date, end: date | None = None) -> str:
    """A month with its year, unless a later month in the same year says it."""
    month = MONTHS[when.month - 1]
    within = end and end.year == when.year and end.month != when.month
    return month if within else f"{month} {when.year}"


def _range(first: str, last: str) -> str:
    return first if first == last else f"{first} to {last}"


def plain(name: str) -> str:
    """A slug as words.

    >>> plain("wire_story")
    'wire story'
    """
    return name.replace("_", " ")
