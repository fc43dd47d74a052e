"""False discovery rates of many tests."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache


def q_values(p_values: Sequence[float | None]) -> list[float | None]:
    """Benjamini-Hochberg q for each p, in the same order; tests that were not made stay None.

    The share of false ones among all rejections at q or below is at most q, for tests that are
    independent or positively dependent (Y. Benjamini and Y. Hochberg, J. R. Stat. Soc. B 57, 1995).

    >>> [q and round(q, 3) for q in q_values([0.01, None, 0.04, 0.03])]
    [0.03, None, 0.04, 0.04]
    """
    made = tuple(p for p in p_values if p is not None)
    if not made:
        return list(p_values)
    found = iter(_adjusted(made))
    return [None if p is None else next(found) for p in p_values]


@lru_cache(maxsize=1024)  # most trials of a sweep have the same tests
def _adjusted(p_values: tuple[float, ...]) -> tuple[float, ...]:
    from scipy.stats import false_discovery_control

    return tuple(false_discovery_control(p_values, method="bh").tolist())
