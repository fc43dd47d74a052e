"""How a whole is divided among members, as tables tell it, and what they leave open.

Tables seldom name every member of a whole. What they do name bounds the rest, and the bounds below
are sharp: each end is reached by some division that agrees with the table (C. F. Manski, Partial
Identification of Probability Distributions, 2003, chapters 1 and 2). They say nothing about which
point between them is likely.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean, median
from typing import TYPE_CHECKING, Any

from analysis.errors import ParameterError
from analysis.estimates import Citation
from analysis.methods.selection import cite, from_source, select

if TYPE_CHECKING:
    from pandas import DataFrame

    from analysis.evidence import Evidence

HUNDRED = 100.0
WIDER = 0.6  # of the range of years, at each end: see `agreed`
TIE = 1e-9  # relative difference up to which two sums are equal
LEAST_YEARS = 5  # from which the widened range says anything: 15/16
Fill = Callable[[Any], Any]
Recipe = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Span:
    """What is known of a number: the least, the most, and the value that the named rows give."""

    low: float
    value: float
    high: float

    def within(self, other: Span) -> Span:
        """What both allow; where they exclude each other, all that either allows.

        >>> Span(3, 3, 9).within(Span(4, 4, 12))
        Span(low=4, value=4, high=9)
        """
        low, high = max(self.low, other.low), min(self.high, other.high)
        if low > high:
            return self.hull(other)
        return Span(low, min(max(self.value, other.value, low), high), high)

    def hull(self, other: Span) -> Span:
        """All that either allows."""
        low, high = min(self.low, other.low), max(self.high, other.high)
        return Span(low, (self.value + other.value) / 2, high)


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
            held += sum(self.values[part] for part in _outermost(parts))
            found = found or bool(parts)
            above = [code for code in self.values if _inside(name, code)]
            open_above.add(max(above, key=len, default=""))
        for code in open_above:
            taken = [part for part in self.values if code and _inside(part, code)]
            room = self.values[code] if code else self.rest
            more += room - sum(self.values[part] for part in _outermost(taken))
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


def _outermost(names: Collection[str]) -> list[str]:
    """The codes that are no part of another one."""
    return [name for name in names if not any(_inside(name, other) for other in names)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One division with who tells it, when it holds, and the rows it was read from."""

    division: Division
    family: str
    period: str
    citations: tuple[Citation, ...]


def divisions(
    recipe: Recipe, evidence: Evidence, fill: Fill, source: str = "all"
) -> list[Told] | str:
    """Every division that the recipe finds: one per source and period, or what was missing.

    A recipe names `table`, `value`, `by` (a column, or several whose texts are joined by a space)
    and `where`; optionally `time` and `period` (rows whose time begins with the period; "a/b" spans
    years), `homes` (a member to the members it takes in), `leave_out` and `groups` (rows that are
    no members; groups hold unnamed ones), `floors` (members of `homes` that unnamed ones may belong
    to), `adds` (columns over which values are added), `most` (see `_most`),
    `percent` (the column, or true, that is in percent already), `whole` (see `_whole`), `members`
    (a closed set that is the whole) with `ceiling`, `pooled` (sources make one division) and
    `nested` (members are codes, the longer ones inside the shorter).
    """
    rows = _rows(recipe, evidence, fill, source)
    if rows.empty:
        where = {key: fill(value) for key, value in recipe.get("where", {}).items()}
        return f"no row for {recipe['part']}: {recipe['table']} where {where}"
    return list(_told(recipe, rows, evidence, fill))


def _rows(recipe: Recipe, evidence: Evidence, fill: Fill, source: str) -> DataFrame:
    where = {key: fill(value) for key, value in recipe.get("where", {}).items()}
    rows = from_source(_picked(evidence[recipe["table"]], where, recipe["table"]), source)
    if "time" in recipe and len(rows):
        wanted = fill(recipe["period"])
        rows = rows[[_falls(str(text), wanted) for text in rows[recipe["time"]].tolist()]]
    return rows


def _picked(frame: DataFrame, where: Mapping[str, Any], table: str) -> DataFrame:
    """`select`, but numbers first: they compare fast and leave few rows to compare as text."""
    numbers = {
        name: wanted
        for name, wanted in where.items()
        if name in frame.columns and frame[name].dtype.kind in "iuf"
    }
    if not numbers or len(numbers) == len(where):
        return select(frame, where, table)
    texts = {name: wanted for name, wanted in where.items() if name not in numbers}
    return select(select(frame, numbers, table), texts, table)


def _falls(text: str, period: str) -> bool:
    """Whether a year, or a quarter of it, lies in a period: a year, or "2019/2023".

    >>> _falls("2023-Q1", "2023"), _falls("2023-01/2023-06", "2023"), _falls("2020", "2019/2023")
    (True, False, True)
    """
    if "/" in text:
        return text == period
    if "/" in period:
        first, last = period.split("/", 1)
        return first <= text[:4] <= last
    return text.startswith(period)


def _told(recipe: Recipe, rows: DataFrame, evidence: Evidence, fill: Fill) -> Iterator[Told]:
    by = [recipe["by"]] if isinstance(recipe["by"], str) else recipe["by"]
    names = [" ".join(map(str, key)) for key in zip(*(rows[c].tolist() for c in by), strict=True)]
    times = rows[recipe["time"]].astype(str).tolist() if "time" in recipe else [""] * len(rows)
    added = [recipe["adds"]] if isinstance(recipe.get("adds", []), str) else recipe.get("adds", [])
    adds = list(zip(*(rows[c].tolist() for c in added), strict=True)) or [()] * len(rows)
    cells = zip(
        names,
        times,
        adds,
        rows["source_id"].tolist(),
        _amounts(recipe, rows),
        cite(rows, recipe["table"], recipe["part"]),
        strict=True,
    )
    grouped: dict[tuple[str, str], list] = {}
    for name, time, added, source, (amount, percent), citation in cells:
        if math.isnan(amount):
            continue
        who = "" if recipe.get("pooled") else source
        grouped.setdefault((who, time), []).append((name, added, amount, percent, citation))
    for (_, time), found in grouped.items():
        told = _division(recipe, found, evidence, fill, time)
        if told is not None:
            division, more = told
            citations = (*(citation for *_, citation in found), *more)
            families = sorted({citation.family for *_, citation in found})
            yield Told(
                division=division, family="+".join(families), period=time, citations=citations
            )


def _amounts(recipe: Recipe, rows: DataFrame) -> list[tuple[float, bool]]:
    """Each row's amount, and whether it is in percent of the whole already."""
    percent = recipe.get("percent", False)
    values = rows[recipe["value"]].astype(float).tolist()
    if not isinstance(percent, str):
        return [(value, bool(percent)) for value in values]
    shares = rows[percent].astype(float).tolist()
    return [
        (value, False) if math.isnan(share) else (share, True)
        for value, share in zip(values, shares, strict=True)
    ]


def _division(
    recipe: Recipe, found: Sequence, evidence: Evidence, fill: Fill, time: str
) -> tuple[Division, tuple[Citation, ...]] | None:
    """The division of one source and period, with the citations that the whole adds."""
    members = fill(recipe["members"]) if "members" in recipe else None
    amounts: dict[str, dict[tuple[str, bool], list[float]]] = {}
    for name, added, amount, percent, _ in found:
        amounts.setdefault(name, {}).setdefault((added, percent), []).append(amount)
    whole, more = _whole(recipe, amounts, evidence, fill, time)
    if members is None and whole is None:
        return None
    values: dict[str, float] = {}
    for name, parts in amounts.items():
        # a source that prints a row twice counts once; several flows add up
        in_percent = [key for key in parts if key[1]]
        used = in_percent or list(parts)
        total = sum(
            median(parts[key]) * (whole / HUNDRED if key[1] and whole else 1.0) for key in used
        )
        values[name] = total
    floors = set()
    for home, taken in recipe.get("homes", {}).items():
        inside = [values.pop(name) for name in taken if name in values]
        if inside:
            values[home] = values.get(home, 0.0) + sum(inside)
            floors |= {home} & set(recipe.get("floors", ()))
    if isinstance(recipe.get("whole"), str):
        values.pop(recipe["whole"], None)
    groups = [values.pop(name) for name in recipe.get("groups", ()) if name in values]
    for name in recipe.get("leave_out", ()):
        values.pop(name, None)
    if members is not None:
        inside = {name: value for name, value in values.items() if name in members}
        missing = _missing(recipe, [m for m in members if m not in inside], evidence, fill)
        return (Division(values=inside, missing=missing), more) if inside else None
    nested = bool(recipe.get("nested"))
    disjoint = _outermost(values) if nested else values
    rest = max(whole - sum(values[name] for name in disjoint) - sum(groups), 0.0)
    division = Division(
        values=values,
        rests=(*groups, rest),
        whole=whole,
        most=_most(recipe, evidence, fill, time),
        floors=floors,
        nested=nested,
    )
    return division, more


def _whole(
    recipe: Recipe, amounts: Mapping[str, Mapping], evidence: Evidence, fill: Fill, time: str
) -> tuple[float | None, tuple[Citation, ...]]:
    """The whole: 100 for percentages, the row of a member, or a row of another table.

    `whole` is left out (percentages), the name of the member that is the whole, or a mapping with
    `table`, `value` and `where`, in which "{time}" is the period of the row.
    """
    whole = recipe.get("whole")
    if whole is None:
        return (None if "members" in recipe else HUNDRED), ()
    if isinstance(whole, str):
        if whole not in amounts:
            return None, ()
        return sum(median(values) for values in amounts[whole].values()), ()
    if all(percent for parts in amounts.values() for _, percent in parts):
        return HUNDRED, ()
    where = {
        key: value.replace("{time}", time) if isinstance(value, str) else value
        for key, value in whole["where"].items()
    }
    where = {key: fill(value) for key, value in where.items()}
    rows = _picked(evidence[whole["table"]], where, whole["table"])
    rows = rows[rows[whole["value"]].notna()]
    if rows.empty:
        return None, ()
    return float(median(rows[whole["value"]].tolist())), cite(rows, whole["table"], "the whole")


def _most(recipe: Recipe, evidence: Evidence, fill: Fill, time: str) -> float:
    """The most that an unnamed member may have, by a printed list of the largest ones.

    `most` names `table`, `value`, `rank`, `where` and `at`: "last", where the list is of the
    members themselves, or the rank from which on its entries are not split into named members.
    """
    most = recipe.get("most")
    if most is None:
        return math.inf
    where = {
        key: fill(value.replace("{time}", time) if isinstance(value, str) else value)
        for key, value in most["where"].items()
    }
    rows = select(evidence[most["table"]], where, most["table"])
    rows = rows[rows[most["rank"]].notna() & rows[most["value"]].notna()]
    ranked = dict(zip(rows[most["rank"]].tolist(), rows[most["value"]].tolist(), strict=True))
    last = 0
    while last + 1 in ranked:
        last += 1
    at = last if most["at"] == "last" else int(most["at"])
    return float(ranked[at]) if 0 < at <= last else math.inf


def _missing(
    recipe: Recipe, names: Sequence[str], evidence: Evidence, fill: Fill
) -> dict[str, float]:
    """The most that each member without a row may have: `ceiling`, a multiple of another column."""
    if not names:
        return {}
    ceiling = recipe.get("ceiling")
    if ceiling is None:
        return dict.fromkeys(names, math.inf)
    where = {key: fill(value) for key, value in ceiling["where"].items()}
    rows = _picked(evidence[ceiling["table"]], where, ceiling["table"])
    found: dict[str, float] = {}
    for name, value in zip(
        rows[ceiling["by"]].tolist(), rows[ceiling["value"]].tolist(), strict=True
    ):
        found[name] = max(found.get(name, 0.0), float(value) * ceiling["scale"])
    return {name: found.get(name, math.inf) for name in names}


def agreed(spans: Sequence[tuple[str, str, Span]], *, years: bool = False) -> Span:
    """One span from several, each with its family and period.

    It is what the sources of a family all allow, then the mean over the periods, then all that any
    family allows.

    With `years`, the periods are a sample of years: the median year stands for them, and the
    interval is the range of the years, widened at both ends by `WIDER` of itself. The range alone
    covers the median of independent years with probability 1 - 2**(1 - n) whatever their
    distribution (W. R. Thompson, On confidence ranges for the median, Annals of Mathematical
    Statistics 7, 1936); widened, it covers it as often where each year is correlated with the one
    before by up to 0.6 (bench/validate_share.py).
    """
    by_family: dict[str, dict[str, Span]] = {}
    for family, period, span in spans:
        known = by_family.setdefault(family, {})
        known[period] = known[period].within(span) if period in known else span
    told = [_over(list(known.values()), years=years) for known in by_family.values()]
    return Span(
        min(span.low for span in told),
        median(span.value for span in told),
        max(span.high for span in told),
    )


def _over(spans: Sequence[Span], *, years: bool) -> Span:
    if years:
        low, high = min(span.low for span in spans), max(span.high for span in spans)
        more = WIDER * (high - low)
        return Span(low - more, median(span.value for span in spans), high + more)
    return Span(
        fmean(span.low for span in spans),
        fmean(span.value for span in spans),
        fmean(span.high for span in spans),
    )


def disagreement(spans: Sequence[tuple[str, str, Span]]) -> float:
    """How far the families' values lie apart."""
    by_family: dict[str, list[float]] = {}
    for family, _, span in spans:
        by_family.setdefault(family, []).append(span.value)
    means = [fmean(values) for values in by_family.values()]
    return max(means) - min(means)


def chosen(recipes: Sequence[Recipe], facets: Mapping[str, str], name: str = "") -> Recipe:
    """The first recipe of this name whose `for` (choice to value or values) these choices meet."""
    for recipe in recipes:
        wanted = recipe.get("for", {})
        if recipe.get("name", "") == name and all(
            _same(value, facets[key]) for key, value in wanted.items()
        ):
            return recipe
    asked = ", ".join(f"{key}={value}" for key, value in facets.items() if value)
    what = f"no division {name!r}" if name else "no division"
    raise ParameterError(f"{what} is defined for {asked or 'these parameters'}; add one")


def _same(wanted: Any, given: str) -> bool:
    return given in wanted if isinstance(wanted, list) else str(wanted) == given
