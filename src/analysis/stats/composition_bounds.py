"""How a whole is divided among members, and what is left open.

Tables seldom name every member of a whole. What they do name bounds the rest, and the bounds below
are sharp: each end is reached by some division that agrees with the table (C. F. Manski, Partial
Identification of Probability Distributions, 2003, chapters 1 and 2). They say nothing about which
point between them is likely.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from analysis.stats.intervals import Span

HUNDRED = 100.0
TIE = 1e-9  # relative difference up to which two sums are equal


@dataclass(frozen=True, slots=True, kw_only=True)
class Division:
    """The members that one source names, in the unit of the whole, and what it leaves unnamed.

    `rests` are disjoint pieces of the whole in which unnamed members may lie; no unnamed member
    exceeds `most`. `missing` are members of a closed set that have no row, each with the most that
    it may have: then the whole is the sum of the set and not known either. Unnamed members may
    belong to the `floors` (firms to an economy, say). Names of a `nested` division end in codes
    of which a longer one is a part of the shorter one that it begins with.
    """

    values: Mapping[str, float]
    rests: Sequence[float] = ()
    missing: Mapping[str, float] = field(default_factory=dict)
    whole: float | None = None
    most: float = math.inf
    floors: Collection[str] = ()
    nested: bool = False

    @property
    def rest(self) -> float:
        """What no named member has."""
        return sum(self.rests)

    def portion(self, names: Collection[str]) -> Span | None:
        """The share of `names` in percent; None if none of them is named.

        >>> Division(values={"a": 40, "b": 30}, rests=(30,), whole=100).portion(["a"])
        Span(low=40.0, value=40.0, high=40.0)
        >>> Division(values={"a": 40, "b": 30}, rests=(30,), whole=100).portion(["a", "c"])
        Span(low=40.0, value=40.0, high=70.0)
        """
        if self.nested:
            return self._nested(names)
        known = [self.values[name] for name in names if name in self.values]
        if not known:
            return None
        held = sum(known)
        others = sum(self.values.values()) - held
        if self.whole is not None:
            unnamed = sum(name not in self.values for name in names)
            more = min(self.rest, self.most * unnamed) if unnamed else 0.0
            if any(name in self.floors for name in names):
                more = self.rest
            low = HUNDRED * held / self.whole
            return Span(low, low, min(HUNDRED * (held + more) / self.whole, HUNDRED))
        more = sum(bound for name, bound in self.missing.items() if name in names)
        apart = sum(bound for name, bound in self.missing.items() if name not in names)
        value = HUNDRED * held / (held + others)
        high = HUNDRED if math.isinf(more) else HUNDRED * (held + more) / (held + more + others)
        return Span(HUNDRED * held / (held + others + apart), value, high)

    def _nested(self, names: Collection[str]) -> Span | None:
        """The same where names are codes: parts of a code bound it, and it bounds its parts."""
        held = more = 0.0
        open_above: set[str] = set()
        found = False
        for name in names:
            if name in self.values:
                held += self.values[name]
                found = True
                continue
            parts = [part for part in self.values if _inside(part, name)]
            held += sum(self.values[part] for part in outermost(parts))
            found = found or bool(parts)
            above = [code for code in self.values if _inside(name, code)]
            open_above.add(max(above, key=len, default=""))
        for code in open_above:
            taken = [part for part in self.values if code and _inside(part, code)]
            room = self.values[code] if code else self.rest
            more += room - sum(self.values[part] for part in outermost(taken))
        if not found:
            return None
        low = HUNDRED * held / self.whole
        return Span(low, low, min(HUNDRED * (held + max(more, 0.0)) / self.whole, HUNDRED))

    def place(self, name: str) -> Span | None:
        """The rank of a member, 1 for the largest; ties share the better rank.

        At most ceil(r / v) - 1 unnamed members of a piece r exceed a member of size v.

        >>> Division(values={"a": 40, "b": 25}, rests=(35,), whole=100).place("b")
        Span(low=2, value=2, high=3)
        """
        bound = min(self.most, max(self.rests, default=0.0))
        values = self.values
        if self.nested:  # codes of one length are an order
            scheme = name.rpartition(" ")[0]
            values = {key: v for key, v in values.items() if key.rpartition(" ")[0] == scheme}
            bound = min(self.most, self._apart(values))
        if name not in values:
            if name not in self.missing and self.whole is None:
                return None
            cap = self.missing.get(name, bound)
            low = 1 + sum(_exceeds(value, cap) for value in values.values())
            high = len(values) + len(self.missing) if self.missing else math.inf
            return Span(low, low, high)
        own = values[name]
        low = 1 + sum(_exceeds(value, own) for value in values.values())
        above = sum(_exceeds(cap, own) for cap in self.missing.values())
        if _exceeds(bound, own):
            rests = [self._apart(values)] if self.nested else self.rests
            above += sum(_hidden(rest, own) for rest in rests)
        return Span(low, low, low + above)

    def _apart(self, values: Mapping[str, float]) -> float:
        """What the whole has outside these values."""
        return max(self.whole - sum(values.values()), 0.0)


def _exceeds(one: float, other: float) -> bool:
    """Whether one is the larger by more than rounding: a rest is a difference of sums."""
    return one > other * (1 + TIE) + TIE


def _hidden(rest: float, own: float) -> float:
    """How many members larger than `own` a rest can hold.

    >>> _hidden(35, 25), _hidden(50, 25), _hidden(50.1, 25), _hidden(3, 0)
    (1, 1, 2, inf)
    """
    return max(math.ceil(rest / own - TIE) - 1, 0) if own else math.inf


def _inside(part: str, whole: str) -> bool:
    """Whether a code is a part of another: "HS6 854231" of "HS4 8542", not of "HS4 8541"."""
    return part != whole and part.rpartition(" ")[2].startswith(whole.rpartition(" ")[2])


def outermost(names: Collection[str]) -> list[str]:
    """The codes that are no part of another one."""
    return [name for name in names if not any(_inside(name, other) for other in names)]
