"""Round fitted numbers, so that every machine goes on with the same ones.

Linear algebra adds up in another order on another processor, and an iterative fit carries the
difference along: the last two or three of a double's sixteen digits are not decided by the data.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

SIGNIFICANT_DIGITS = 13


def significant(value: float) -> float:
    """The value to thirteen significant digits.

    >>> significant(0.1 + 0.2), significant(1 / 3)
    (0.3, 0.3333333333333)
    """
    return float(f"{value:.{SIGNIFICANT_DIGITS}g}")


def significant_array(values: Iterable[float]) -> np.ndarray:
    """An array of the values, each to thirteen significant digits.

    >>> significant_array([1 / 3, 2.0]).tolist()
    [0.3333333333333, 2.0]
    """
    return np.array([significant(value) for value in values], dtype=float)
