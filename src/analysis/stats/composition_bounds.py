"""Bounds of the shares and ranks of members of a total that a table names only in part.

Tables seldom name every member of a total. The named ones bound the others, and the bounds below
are sharp: each end is reached by some composition that agrees with the table (C. F. Manski, Partial
Identification of Probability Distributions, 2003, chapters 1 and 2). They say nothing about which
point between them is likely.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from analysis.stats.intervals import Bounds

PERCENT = 100.0
RELATIVE_TOLERANCE = 1e-9  # relative difference up to which two sums are equal


@dataclass(frozen=True, slots=True, kw_only=True)
class Composition:
    """The members that one source names, in the unit of the total, and the unnamed remainder.

    `remainders` are disjoint pieces of the total in which unnamed members may lie; no unnamed
    member exceeds `largest_unnamed`. `missing` are members of a closed set that have no row, each
    with the most that it may have: then the total is the sum of the set and not known either.
    Unnamed members may belong to the members whose value is only a lower bound (`lower_bounds`:
    firms of unknown nationality may belong to any economy). Names of a `nested` composition end in
    codes of which a longer one is a part of the shorter one that it begins with.
    """

    values: Mapping[str, float]
    remainders: Sequence[float] = ()
    missing: Mapping[str, float] = field(default_factory=dict)
    total: float | None = None
    largest_unnamed: float = math.inf
    lower_bounds: Collection[str] = ()
    nested: bool = False

    @property
    def remainder(self) -> float:
        """The part of the total that no named member has."""
        return sum(self.remainders)

    def share(self, names: Collection[str]) -> Bounds | None:
        """The share of `names` in percent; None if none of them is named.

        >>> Composition(values={"a": 40, "b": 30}, remainders=(30,), total=100).share(["a"])
        Bounds(low=40.0, value=40.0, high=40.0)
        >>> Composition(values={"a": 40, "b": 30}, remainders=(30,), total=100).share(["a", "c"])
        Bounds(low=40.0, value=40.0, high=70.0)
        """
        if self.nested:
            return self._nested(names)
        known = [self.values[name] for name in names if name in self.values]
        if not known:
            return None
        named_total = sum(known)
        others = sum(self.values.values()) - named_total
        if self.total is not None:
            unnamed = sum(name not in self.values for name in names)
            possible = min(self.remainder, self.largest_unnamed * unnamed) if unnamed else 0.0
            if any(name in self.lower_bounds for name in names):
                possible = self.remainder
            low = PERCENT * named_total / self.total
            return Bounds(low, low, min(PERCENT * (named_total + possible) / self.total, PERCENT))
        possible = sum(bound for name, bound in self.missing.items() if name in names)
        elsewhere = sum(bound for name, bound in self.missing.items() if name not in names)
        value = PERCENT * named_total / (named_total + others)
        high = (
            PERCENT
            if math.isinf(possible)
            else PERCENT * (named_total + possible) / (named_total + possible + others)
        )
        return Bounds(PERCENT * named_total / (named_total + others + elsewhere), value, high)

    def _nested(self, names: Collection[str]) -> Bounds | None:
        """The same where names are codes: parts of a code bound it, and it bounds its parts."""
        named_total = possible = 0.0
        open_above: set[str] = set()
        found = False
        for name in names:
            if name in self.values:
                named_total += self.values[name]
                found = True
                continue
            parts = [part for part in self.values if _is_part(part, name)]
            named_total += sum(self.values[part] for part in outermost(parts))
            found = found or bool(parts)
            above = [code for code in self.values if _is_part(name, code)]
            open_above.add(max(above, key=len, default=""))
        for code in open_above:
            taken = [part for part in self.values if code and _is_part(part, code)]
            available = self.values[code] if code else self.remainder
            possible += available - sum(self.values[part] for part in outermost(taken))
        if not found:
            return None
        total = cast("float", self.total)  # only a closed set, never nested, has none
        low = PERCENT * named_total / total
        return Bounds(low, low, min(PERCENT * (named_total + max(possible, 0.0)) / total, PERCENT))

    def rank(self, name: str) -> Bounds | None:
        """The rank of a member, 1 for the largest; ties share the better rank.

        At most ceil(r / v) - 1 unnamed members of a piece r exceed a member of size v.

        >>> Composition(values={"a": 40, "b": 25}, remainders=(35,), total=100).rank("b")
        Bounds(low=2, value=2, high=3)
        """
        bound = min(self.largest_unnamed, max(self.remainders, default=0.0))
        values = self.values
        if self.nested:  # codes of one length are an order
            scheme = name.rpartition(" ")[0]
            values = {key: v for key, v in values.items() if key.rpartition(" ")[0] == scheme}
            bound = min(self.largest_unnamed, self._outside(values))
        if name not in values:
            if name not in self.missing and self.total is None:
                return None
            cap = self.missing.get(name, bound)
            low = 1 + sum(_is_larger(value, cap) for value in values.values())
            high = len(values) + len(self.missing) if self.missing else math.inf
            return Bounds(low, low, high)
        own = values[name]
        low = 1 + sum(_is_larger(value, own) for value in values.values())
        above: float = sum(_is_larger(cap, own) for cap in self.missing.values())
        if _is_larger(bound, own):
            remainders = [self._outside(values)] if self.nested else self.remainders
            above += sum(_max_larger(rest, own) for rest in remainders)
        return Bounds(low, low, low + above)

    def _outside(self, values: Mapping[str, float]) -> float:
        """The part of the total outside these values."""
        total = cast("float", self.total)  # only a closed set, never nested, has none
        return max(total - sum(values.values()), 0.0)


def _is_larger(one: float, other: float) -> bool:
    """Whether one is the larger by more than rounding: a remainder is a difference of sums."""
    return one > other * (1 + RELATIVE_TOLERANCE) + RELATIVE_TOLERANCE


def _max_larger(rest: float, own: float) -> float:
    """The most members larger than `own` that a remainder can consist of.

    >>> _max_larger(35, 25), _max_larger(50, 25), _max_larger(50.1, 25), _max_larger(3, 0)
    (1, 1, 2, inf)
    """
    return max(math.ceil(rest / own - RELATIVE_TOLERANCE) - 1, 0) if own else math.inf


def _is_part(part: str, whole: str) -> bool:
    """Whether a code is a part of another: "HS6 854231" of "HS4 8542", not of "HS4 8541"."""
    return part != whole and part.rpartition(" ")[2].startswith(whole.rpartition(" ")[2])


def outermost(names: Collection[str]) -> list[str]:
    """The codes that are no part of another one."""
    return [name for name in names if not any(_is_part(name, other) for other in names)]
