"""The ways to hold a value against a number: a row each, for criteria, figures and texts."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

Bound = Literal["exceeds", "at_least", "below", "at_most"]
Comparison = Literal[Bound, "equals", "rounds_to", "within"]  # the last two need a precision
Region = tuple[float, float, bool, bool]  # low, high, low included, high included


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonRule:
    """One way to compare: its words before a number, and the values that it admits.

    `region` takes the number and the precision. `template` is a criterion as text, `noun` what a
    value is that it admits. `rank` are its words around a rank, of which a larger number is a worse
    one.
    """

    words: str
    region: Callable[[float, float], Region]
    template: str = "{words} {threshold:g}"
    noun: str = "{words}"
    rank: str = ""
    precise: bool = False  # needs a precision

    @property
    def open_end(self) -> Literal["above", "below", ""]:
        """The side of the number on which all values are admitted, if there is one.

        >>> COMPARISONS["at_least"].open_end, COMPARISONS["equals"].open_end
        ('above', '')
        """
        low, high, *_ = self.region(0.0, 1.0)
        return "above" if math.isinf(high) else "below" if math.isinf(low) else ""


COMPARISONS: Mapping[str, ComparisonRule] = {
    "exceeds": ComparisonRule(
        words="more than", rank="worse than {}", region=lambda t, _: (t, math.inf, False, False)
    ),
    "at_least": ComparisonRule(
        words="at least", rank="{} or worse", region=lambda t, _: (t, math.inf, True, False)
    ),
    "below": ComparisonRule(
        words="less than", rank="better than {}", region=lambda t, _: (-math.inf, t, False, False)
    ),
    "at_most": ComparisonRule(
        words="at most", rank="{} or better", region=lambda t, _: (-math.inf, t, False, True)
    ),
    "equals": ComparisonRule(
        words="exactly", rank="exactly {}", region=lambda t, _: (t, t, True, True)
    ),
    "rounds_to": ComparisonRule(
        words="rounds to",
        noun="a value that {words}",
        precise=True,
        region=lambda t, p: (t - p / 2, t + p / 2, True, False),
    ),
    "within": ComparisonRule(
        words="within",
        noun="a value {words}",
        template="{words} {precision:g} of {threshold:g}",
        precise=True,
        region=lambda t, p: (t - p, t + p, True, True),
    ),
}


def rank_asserted(comparison: str, rank: float) -> str:
    """The ranks that a claim admits, in words.

    >>> rank_asserted("at_most", 2), rank_asserted("equals", 2)
    ('2 or better', 'exactly 2')
    """
    return COMPARISONS[comparison].rank.format(f"{rank:g}")
