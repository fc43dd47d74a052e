"""A named list compared with the true order of all members."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, cast

from analysis.errors import ParameterError
from analysis.methods.composition import point
from analysis.methods.estimate import Citation, Point
from analysis.stats.composition_bounds import Composition
from analysis.stats.intervals import Bounds

if TYPE_CHECKING:
    from analysis.methods.composition import Compositions

WHOLE_PERCENT_FROM = 10.0  # percent from which a share is written without decimals


def items(
    named: Mapping[str, Mapping[str, Sequence[str]]], classification: str, *, once: bool
) -> dict[str, tuple[str, ...]]:
    """Each named item with its codes; with `once`, those of the same codes are one item."""
    found: dict[str, tuple[str, ...]] = {}
    for label, codes in named.items():
        if classification not in codes:
            message = f"{label!r} has no codes in {classification!r}"
            raise ParameterError(f"{message}; known: {', '.join(codes)}")
        found[label] = tuple(codes[classification])
    if not once:
        return found
    merged: dict[tuple[str, ...], list[str]] = {}
    for label, same in found.items():
        merged.setdefault(same, []).append(label)
    return {", ".join(labels): codes for codes, labels in merged.items()}


def merge_sources(compositions: Compositions) -> Composition:
    """One composition from several sources of one flow: the median share of each code."""
    seen: dict[str, list[float]] = {}
    for each in compositions:
        for code, value in each.composition.values.items():
            seen.setdefault(code, []).append(value / _total(each.composition))
    values = {code: 100 * median(found) for code, found in seen.items()}
    printed = [each.composition.largest_unnamed / _total(each.composition) for each in compositions]
    rest = max(100 - sum(values.values()), 0.0)
    most = 100 * min(printed)
    return Composition(values=values, remainders=(rest,), total=100.0, largest_unnamed=most)


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedList:
    """The `items` that a claim names, compared with the true order of all members."""

    composition: Composition
    items: Mapping[str, Sequence[str]]
    k: int
    top: int
    least: float

    @property
    def codes(self) -> set[str]:
        """All codes that are named."""
        return {code for codes in self.items.values() for code in codes}

    @property
    def ranked(self) -> list[tuple[str, Sequence[str], Bounds]]:
        """Each item with its codes and the best place that any of them has."""
        return [(label, codes, self._best(codes)) for label, codes in self.items.items()]

    def _best(self, codes: Sequence[str]) -> Bounds:
        places = [self.composition.rank(code) for code in codes]
        return Bounds(*(min(getattr(p, end) for p in places) for end in ("low", "value", "high")))

    def hits(self) -> tuple[int, int]:
        """The number of items surely, and possibly, among the first `k`.

        Items that are only possible share the places that no surely leading code has.
        """
        sure = sum(place.high <= self.k for *_, place in self.ranked)
        taken = sum(
            (self.composition.rank(code) or Bounds(0, 0, math.inf)).high <= self.k
            for code in self.composition.values
        )
        open_codes: dict[tuple[str, ...], int] = {}
        for _, codes, place in self.ranked:
            if place.low <= self.k < place.high:
                open_codes[tuple(codes)] = open_codes.get(tuple(codes), 0) + 1
        # labels that mean one code share its place
        free = sorted(open_codes.values(), reverse=True)[: max(self.k - taken, 0)]
        return sure, sure + sum(free)

    def marginal(self) -> tuple[int, int]:
        """The number of items surely, and possibly, below the first `top` or too small."""
        sure = possible = 0
        for _, codes, place in self.ranked:
            share = self.composition.share(codes) or Bounds(0.0, 0.0, 100.0)
            sure += place.low > self.top or share.high < self.least
            possible += place.high > self.top or share.low < self.least
        return sure, possible

    def points(self, citations: Sequence[Citation]) -> Iterator[Point]:
        """Each named item with its rank, then each leading code that was left out."""
        for label, codes, place in self.ranked:
            yield point(label, place, citations, text=f"named: {_part(self.composition, codes)}")
        named = self.codes
        for code in sorted(self.composition.values, key=lambda c: -self.composition.values[c]):
            place = _rank(self.composition, code)
            share = cast("Bounds", self.composition.share([code]))  # a code with a value has one
            large = place.low <= self.k and share.high >= self.least
            if code not in named and large:
                yield point(
                    f"code {code}",
                    place,
                    citations,
                    text=f"left out: {_part(self.composition, [code])}",
                )

    def leads(self) -> tuple[bool, bool]:
        """Whether the largest item of all is surely, and whether it is possibly, a named one."""
        named, values = self.codes, self.composition.values
        first = max(values, key=lambda code: values[code])
        sure = _rank(self.composition, first).high == 1
        unknown = any(code not in values for code in named)
        return sure and first in named, first in named or (not sure and unknown)

    def recall(self) -> list[str]:
        """Recall, the share covered, and the marginal items."""
        composition, named = self.composition, self.codes
        leading = [code for code in composition.values if _rank(composition, code).high <= self.k]
        found = sum(code in named for code in leading)
        named_total = sum(composition.values.get(code, 0.0) for code in sorted(named))
        covered = 100 * named_total / _total(composition)
        return [
            f"{found} of the {len(leading)} codes that are surely in the top {self.k} are named",
            f"the named codes with a row cover {covered:.1f} percent",
            f"{_many(*self.marginal())} named items are marginal",
        ]

    def tau(self) -> float | None:
        """Kendall's tau-b of the order of naming and the true one; None unless all are known."""
        places = [place for *_, place in self.ranked]
        if len(places) == 1 or any(place.low != place.high for place in places):
            return None
        from scipy.stats import kendalltau

        found = kendalltau(range(len(places)), [place.value for place in places]).statistic
        return None if math.isnan(found) else float(found)


def _part(composition: Composition, codes: Sequence[str]) -> str:
    known = [code for code in codes if code in composition.values]
    if not known:
        return "no row"
    share = sum(composition.values[code] for code in known)
    return f"{share:.2g} percent" if share < WHOLE_PERCENT_FROM else f"{share:.0f} percent"


def _total(composition: Composition) -> float:
    return cast("float", composition.total)  # only a closed set, which is no list, has none


def _rank(composition: Composition, code: str) -> Bounds:
    return cast("Bounds", composition.rank(code))  # a code with a value has one


def _many(low: int, high: int) -> str:
    return f"{low}" if low == high else f"{low} to {high}"
