"""Parse written numbers by the separators of a layout, and find the codes for "none"."""

import re
from decimal import Decimal, InvalidOperation
from functools import cache
from math import isfinite
from numbers import Real
from typing import Any

GROUPING = ",.'’_ \u00a0\u202f"  # ornaments that may stand between groups of three digits only
SIGNS = "+-−()"  # they decide whether a number is above nought, so no ornament
_REPEATED_DIGITS = re.compile(r"-(?:9{2,}|([1-8])\1{2,})(?:\.9+)?|9{4,}(?:\.9+)?")
_TYPE_LIMITS = {
    limit for bits in (16, 32, 64) for limit in (-(2 ** (bits - 1)), 1 - 2 ** (bits - 1))
} | {2**31 - 1, 2**63 - 1}
_MIN_FILL_VALUE = 10**30  # netCDF, Stata and the largest floats


def parse(value: Any, *, decimal: str = ".", ornaments: str = "") -> Decimal:
    """The number in a cell. Raises decimal.InvalidOperation for what is none, or is ambiguous.

    >>> parse(" $1,204.5 ", ornaments="$,"), parse("1.204,5", decimal=",", ornaments=".")
    (Decimal('1204.5'), Decimal('1204.5'))
    >>> parse("53,2", ornaments=",")
    Traceback (most recent call last):
    decimal.InvalidOperation: 53,2
    """
    if isinstance(value, (Real, Decimal)) and not isinstance(value, bool):
        found = Decimal(str(value))
    else:
        found = Decimal(_normalized(str(value), decimal, ornaments))
    if not isfinite(found):  # as a float, too
        raise InvalidOperation(str(value))
    return found


def _normalized(written: str, decimal: str, ornaments: str) -> str:
    match = _pattern(decimal, ornaments).fullmatch(written)
    if match is None or not (match["whole"] or match["fraction"]):
        raise InvalidOperation(written)
    whole = re.sub("[^0-9]", "", match["whole"] or "0")
    sign = (match["sign"] or "").replace("−", "-")
    return f"{sign}{whole}.{match['fraction'] or '0'}{match['power'] or ''}"


@cache
def _pattern(decimal: str, ornaments: str) -> re.Pattern[str]:
    marks = "".join(each for each in ornaments if each in GROUPING)
    edge = rf"[\s{re.escape(''.join(each for each in ornaments if each not in GROUPING))}]*"
    grouped = (
        rf"|[0-9]{{1,3}}(?P<mark>[{re.escape(marks)}])[0-9]{{3}}(?:(?P=mark)[0-9]{{3}})*"
        if marks
        else ""
    )
    return re.compile(
        rf"{edge}(?P<sign>[-+−])?{edge}(?P<whole>[0-9]+{grouped})?"
        rf"(?:{re.escape(decimal)}(?P<fraction>[0-9]*))?(?P<power>[eE][-+]?[0-9]+)?{edge}"
    )


def example(decimal: str, ornaments: str) -> str:
    """A number as the options say that it is written.

    >>> example(".", ""), example(",", "."), example(".", "$,")
    ('a number', 'a number like 1.234,5', 'a number like 1,234.5')
    """
    mark = next((each for each in ornaments if each in GROUPING), "")
    return f"a number like 1{mark}234{decimal}5" if mark or decimal != "." else "a number"


def is_sentinel(value: Decimal) -> bool:
    """Whether programs write this number for "none": -999, -666666666, the end of a type's range.

    >>> [is_sentinel(Decimal(each)) for each in ("-999", "-666666666", "-99.9", "1E+36")]
    [True, True, True, True]
    >>> [is_sentinel(Decimal(each)) for each in ("-9", "999", "-66")]
    [False, False, False]
    """
    if abs(value) >= _MIN_FILL_VALUE or value in _TYPE_LIMITS:
        return True
    return bool(_REPEATED_DIGITS.fullmatch(f"{value.normalize():f}"))
