"""Lists: a member's place, how well a named list meets the true one, a checklist of members."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from statistics import median, median_low
from typing import TYPE_CHECKING, Any, Literal

from analysis.errors import ParameterError
from analysis.estimates import Citation, Estimate, Outcome, Point, Test, nothing
from analysis.methods.divisions import Division
from analysis.methods.selection import cite, from_source, select
from analysis.methods.spans import Span, agreed
from analysis.methods.told import Fill, Told, chosen, divisions, filled

if TYPE_CHECKING:
    from analysis.evidence import Evidence

FACETS = ("classification", "basis", "grouping", "reporter", "flow", "period")
Shown = Sequence[tuple[str, Sequence[str], Span]]  # label, codes, place of a named item
TEN = 10.0  # percent from which a share is written without decimals
TICKS = {"yes": 1.0, "unclear": 0.5, "no": 0.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """Hold a claim about an order, a list of leading items or a set of members against tables.

    `lists` are recipes (see `told.divisions`), each for the choices under its `for`; in them
    "{period}" stands for the parameter of that name. By `asks`:

    - `place`: the worst rank that any of `pairs` has ({part, reporter, of}); at most `claimed`. A
      list that is `printed` holds ranks, else they are counted from values.
    - `precision`: the share of the `named` items (label to codes, by classification) of which a
      code is among the first `k`; at least `claimed`. It counts as 0 where the largest item of all
      is not named (`largest`), or where `marginal` or more named items are surely below the first
      `top` or under `least` percent of the whole. With `same_code="once"`, labels that mean the
      same codes are one item.
    - `marginal`: how many of the named items are marginal in that sense; at most `claimed`.
    - `listed`: how many of `members` have a row in `table` that meets `where` and whose `status`
      is "yes"; at least `claimed`, and 0 where one of `must` has none. Rows that are "unclear"
      count under `unclear="in"`. `kinds` and `after` (earliest day of `signed`) narrow the rows.

    The value is what the named rows give; low and high are all that they allow (unnamed items may
    be as large as what is left of the whole). A span wider than `widest` that decides nothing is
    flagged `thin`.
    """

    claimed: float
    asks: Literal["place", "precision", "marginal", "listed"] = "place"
    lists: Sequence[Mapping[str, Any]] = ()
    pairs: Sequence[Mapping[str, str]] = ()
    named: Mapping[str, Mapping[str, Sequence[str]]] = field(default_factory=dict)
    k: int = 0
    largest: bool = True
    marginal: int = 0
    top: int = 20
    least: float = 1.0
    same_code: Literal["apart", "once"] = "apart"
    members: Sequence[str] = ()
    must: Sequence[str] = ()
    table: str = ""
    by: str = ""
    where: Mapping[str, Any] = field(default_factory=dict)
    status: str = ""
    kind: str = "kind"
    signed: str = "signed_on"
    kinds: Sequence[str] = ()
    after: str = ""
    unclear: Literal["out", "in"] = "out"
    classification: str = ""
    basis: str = ""
    grouping: str = ""
    reporter: str = ""
    flow: str = ""
    period: str = ""
    widest: float = math.inf
    source: str = "all"

    @property
    def test(self) -> Test:
        """A rank or number of marginal items at most, a precision or number of members at least."""
        comparison = "at_most" if self.asks in ("place", "marginal") else "at_least"
        return Test(comparison=comparison, threshold=self.claimed)

    @property
    def unit(self) -> str:
        """A rank, a share of the named items from 0 to 1, or a number of members."""
        if self.asks == "precision":
            return f"share of the named items in the top {self.k}"
        return {"place": "rank", "marginal": "marginal items", "listed": "members"}[self.asks]

    def estimate(self, evidence: Evidence) -> Estimate:
        """The worst rank, the precision or the number of members, with bounds."""
        ask = {
            "place": self._placed,
            "precision": self._named,
            "marginal": self._named,
            "listed": self._listed,
        }
        found = ask[self.asks](evidence)
        if found.value is None or self.test.outcome(found) is not Outcome.UNCLEAR:
            return found
        if found.high - found.low <= self.widest:
            return found
        note = f"what is known allows {found.low:.3g} to {found.high:.3g} {self.unit}"
        return replace(
            found, value=None, low=None, high=None, flags=("thin",), note=f"{note}: too wide to say"
        )

    # --- the worst place of several pairs

    def _placed(self, evidence: Evidence) -> Estimate:
        spans: list[Span] = []
        points: list[Point] = []
        citations: list[Citation] = []
        for pair in self.pairs:
            words = {facet: getattr(self, facet, "") for facet in FACETS}
            recipe = chosen(self.lists, words, pair.get("list", ""))
            fill = _filler({**words, **pair})
            found = self._ranks(recipe, pair, evidence, fill)
            if isinstance(found, str):
                return nothing(found, self.unit)
            span, cited = found
            spans.append(span)
            citations += cited
            points.append(_point(pair["part"], span, cited, text=_told(span)))
        worst = Span(*(max(getattr(s, end) for s in spans) for end in ("low", "value", "high")))
        return Estimate(
            value=worst.value,
            low=worst.low,
            high=worst.high,
            unit=self.unit,
            n=len(citations),
            citations=tuple(citations),
            points=tuple(points),
        )

    def _ranks(
        self, recipe: Mapping[str, Any], pair: Mapping[str, str], evidence: Evidence, fill: Fill
    ) -> tuple[Span, tuple[Citation, ...]] | str:
        if not recipe.get("printed"):
            told = divisions(recipe, evidence, fill, self.source)
            if isinstance(told, str):
                return told
            placed = [(item, item.division.place(pair["of"])) for item in told]
            spans = [(item.family, item.period, span) for item, span in placed if span is not None]
            if not spans:
                return f"{pair['of']} is not among the members of {recipe['table']}"
            used = [item for item, span in placed if span is not None]
            return agreed(spans), tuple(c for item in used for c in item.citations)
        where = filled(recipe["where"], fill)
        rows = from_source(select(evidence[recipe["table"]], where), self.source)
        rows = rows[rows[recipe["value"]].notna()]
        if rows.empty:
            return f"no row for {pair['part']}: {recipe['table']} where {where}"
        ranks = [float(rank) for rank in rows[recipe["value"]].tolist()]
        cited = cite(rows, recipe["table"], pair["part"])
        return Span(min(ranks), median_low(ranks), max(ranks)), cited

    # --- a named list against the true one

    def _named(self, evidence: Evidence) -> Estimate:
        words = {facet: getattr(self, facet, "") for facet in FACETS}
        recipe = chosen(self.lists, words)
        told = divisions(recipe, evidence, _filler(words), self.source)
        if isinstance(told, str):
            return nothing(told, self.unit)
        whole = _joined(told)
        items = self._items()
        shown = [(label, codes, _best(whole, codes)) for label, codes in items.items()]
        if not any(code in whole.values for codes in items.values() for code in codes):
            return nothing(f"no named item has a row in {recipe['table']}", self.unit)
        marginal = self._marginal(whole, shown)
        scored = self._precision(whole, shown, marginal)
        low, high = scored if self.asks == "precision" else marginal
        citations = tuple(dict.fromkeys(c for item in told for c in item.citations))
        return Estimate(
            value=low,
            low=low,
            high=high,
            unit=self.unit,
            n=len(whole.values),
            citations=citations,
            points=tuple(self._goods(whole, shown, citations)),
            note=self._beside(whole, shown, marginal),
        )

    def _precision(
        self, whole: Division, shown: Shown, marginal: tuple[int, int]
    ) -> tuple[float, float]:
        """The share of named items among the first `k`, 0 where the claim fails otherwise."""
        low, high = self._hits(whole, shown)
        leads, may_lead = _leads(whole, {code for _, codes, _ in shown for code in codes})
        if self.marginal and marginal[0] >= self.marginal:
            return 0.0, 0.0
        if self.largest and not leads:
            low, high = 0, high if may_lead else 0
        return low / len(shown), high / len(shown)

    def _items(self) -> dict[str, tuple[str, ...]]:
        """Each named item with its codes in this classification."""
        items: dict[str, tuple[str, ...]] = {}
        for label, codes in self.named.items():
            if self.classification not in codes:
                message = f"{label!r} has no codes in {self.classification!r}"
                raise ParameterError(f"{message}; known: {', '.join(codes)}")
            items[label] = tuple(codes[self.classification])
        if self.same_code == "apart":
            return items
        merged: dict[tuple[str, ...], list[str]] = {}
        for label, codes in items.items():
            merged.setdefault(codes, []).append(label)
        return {", ".join(labels): codes for codes, labels in merged.items()}

    def _hits(self, whole: Division, shown: Shown) -> tuple[int, int]:
        """How many items are surely, and how many possibly, among the first `k`.

        Items that are only possible share the places that no surely leading code has.
        """
        sure = sum(place.high <= self.k for *_, place in shown)
        taken = sum(
            (whole.place(code) or Span(0, 0, math.inf)).high <= self.k for code in whole.values
        )
        open_codes: dict[tuple[str, ...], int] = {}
        for _, codes, place in shown:
            if place.low <= self.k < place.high:
                open_codes[tuple(codes)] = open_codes.get(tuple(codes), 0) + 1
        # labels that mean one code share its place
        free = sorted(open_codes.values(), reverse=True)[: max(self.k - taken, 0)]
        return sure, sure + sum(free)

    def _marginal(self, whole: Division, shown: Shown) -> tuple[int, int]:
        """How many items are surely, and how many possibly, below the first `top` or too small."""
        sure = possible = 0
        for _, codes, place in shown:
            share = whole.portion(codes) or Span(0.0, 0.0, 100.0)
            sure += place.low > self.top or share.high < self.least
            possible += place.high > self.top or share.low < self.least
        return sure, possible

    def _goods(
        self, whole: Division, shown: Shown, citations: Sequence[Citation]
    ) -> Iterator[Point]:
        """Each named item with its rank, then each leading code that was left out."""
        for label, codes, place in shown:
            yield _point(label, place, citations, text=f"named: {_part(whole, codes)}")
        named = {code for _, codes, _ in shown for code in codes}
        for code in sorted(whole.values, key=lambda c: -whole.values[c]):
            place = whole.place(code)
            large = place.low <= self.k and whole.portion([code]).high >= self.least
            if code not in named and large:
                yield _point(
                    f"code {code}", place, citations, text=f"left out: {_part(whole, [code])}"
                )

    def _beside(self, whole: Division, shown: Shown, marginal: tuple[int, int]) -> str:
        """What is reported beside: recall, the share covered, marginal items, Kendall's tau."""
        named = {code for _, codes, _ in shown for code in codes}
        leading = [code for code in whole.values if whole.place(code).high <= self.k]
        found = sum(code in named for code in leading)
        held = sum(whole.values.get(code, 0.0) for code in named)
        covered = 100 * held / whole.whole
        why = []
        if self.asks == "precision" and self.marginal and marginal[0] >= self.marginal:
            why = [f"counted as 0 for {marginal[0]} items that are surely marginal"]
        elif self.asks == "precision" and self.largest and not any(_leads(whole, named)):
            why = ["counted as 0 for the largest item, which is not named"]
        told = [
            *why,
            f"{found} of the {len(leading)} codes that are surely in the top {self.k} are named",
            f"the named codes with a row cover {covered:.1f} percent",
            f"{_many(*marginal)} named items are marginal",
        ]
        tau = _tau([place for *_, place in shown])
        return "; ".join([*told, f"Kendall's tau {tau:+.2f}"] if tau is not None else told)

    # --- a checklist

    def _listed(self, evidence: Evidence) -> Estimate:
        rows = from_source(select(evidence[self.table], self.where, self.table), self.source)
        if rows.empty:
            return nothing(f"no row of {self.table} where {dict(self.where)}", self.unit)
        kept = []
        columns = (self.by, self.status, self.kind, self.signed)
        for index, (member, status, kind, signed) in enumerate(
            zip(*(rows[column].tolist() for column in columns), strict=True)
        ):
            dated = not self.after or (isinstance(signed, str) and signed >= self.after)
            if (not self.kinds or kind in self.kinds) and dated:
                kept.append((index, member, status))
        cited = cite(rows, self.table)
        ticks: dict[str, str] = {}
        for _, member, status in kept:
            if TICKS.get(status, -1.0) > TICKS.get(ticks.get(member, ""), -1.0):
                ticks[member] = status
        counted = ("yes", "unclear") if self.unclear == "in" else ("yes",)
        ticked = [member for member in self.members if ticks.get(member) in counted]
        lacking = [member for member in self.must if ticks.get(member) not in counted]
        value = 0 if lacking else len(ticked)
        wanted = (*self.must, *self.members)
        used = tuple(
            cited[i] for i, member, status in kept if member in wanted and status in counted
        )
        points = []
        for member in wanted:
            own = tuple(
                cited[i]
                for i, name, status in kept
                if name == member and status == ticks.get(member)
            )
            status = ticks.get(member, "none found")
            tick = TICKS.get(status, 0.0)
            role = "must be listed" if member in self.must else "counts"
            points.append(_point(member, Span(tick, tick, tick), own, text=f"{status}: {role}"))
        return Estimate(
            value=value,
            low=value,
            high=value,
            unit=self.unit,
            n=len(used),
            citations=used or cited,
            points=tuple(points),
            note=f"without {', '.join(lacking)}" if lacking else "",
        )


def _filler(words: Mapping[str, Any]) -> Fill:
    def fill(value: Any) -> Any:
        return value.format(**words) if isinstance(value, str) and "{" in value else value

    return fill


def _joined(told: Sequence[Told]) -> Division:
    """One division from several sources of one flow: for each code the middle of what they say."""
    seen: dict[str, list[float]] = {}
    for item in told:
        for code, value in item.division.values.items():
            seen.setdefault(code, []).append(value / item.division.whole)
    values = {code: 100 * median(found) for code, found in seen.items()}
    printed = [item.division.most / item.division.whole for item in told]
    rest = max(100 - sum(values.values()), 0.0)
    most = 100 * min(printed)
    return Division(values=values, rests=(rest,), whole=100.0, most=most)


def _best(whole: Division, codes: Sequence[str]) -> Span:
    """The best place that any of the codes has."""
    places = [whole.place(code) for code in codes]
    return Span(*(min(getattr(p, end) for p in places) for end in ("low", "value", "high")))


def _leads(whole: Division, named: set[str]) -> tuple[bool, bool]:
    """Whether the largest item of all is surely, and whether it is possibly, a named one."""
    first = max(whole.values, key=lambda code: whole.values[code])
    sure = whole.place(first).high == 1
    unknown = any(code not in whole.values for code in named)
    return sure and first in named, first in named or (not sure and unknown)


def _part(whole: Division, codes: Sequence[str]) -> str:
    known = [code for code in codes if code in whole.values]
    if not known:
        return "no row"
    share = sum(whole.values[code] for code in known)
    return f"{share:.2g} percent" if share < TEN else f"{share:.0f} percent"


def _many(low: int, high: int) -> str:
    return f"{low}" if low == high else f"{low} to {high}"


def _tau(places: Sequence[Span]) -> float | None:
    """Kendall's tau-b between the order of naming and the true one; None unless all are known."""
    if len(places) == 1 or any(place.low != place.high for place in places):
        return None
    from scipy.stats import kendalltau

    tau = kendalltau(range(len(places)), [place.value for place in places]).statistic
    return None if math.isnan(tau) else float(tau)


def _told(span: Span) -> str:
    if span.low == span.high:
        return f"rank {span.low:g}"
    return (
        f"rank {span.low:g} or lower"
        if math.isinf(span.high)
        else f"rank {span.low:g} to {span.high:g}"
    )


def _point(label: str, span: Span, cited: Sequence[Citation], *, text: str) -> Point:
    return Point(
        label=label,
        value=span.value,
        low=span.low,
        high=span.high,
        family=";".join(sorted({citation.family for citation in cited})),
        source_id=";".join(sorted({citation.source_id for citation in cited})),
        row=";".join(str(citation) for citation in cited[:1]),
        text=text,
    )
