"""What each source family says by itself of the value that they make together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from analysis.formatting import interval
from analysis.stats.intervals import Bounds


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyRange:
    """The range that one source family gives, in the unit of the estimate, and its words."""

    family: str
    low: float
    high: float
    text: str


def family_ranges(families: Mapping[str, Bounds], unit: str) -> tuple[FamilyRange, ...]:
    """What each family says, in the unit: a number with its interval."""
    return tuple(
        FamilyRange(
            family=name, low=each.low, high=each.high, text=f"{interval(each)} {unit}".strip()
        )
        for name, each in families.items()
    )
