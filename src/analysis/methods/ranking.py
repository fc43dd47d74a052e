"""Lists: the rank of a member, the precision of a named list, a checklist of members."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median_low
from typing import TYPE_CHECKING, Any, Literal

from analysis.display_hook import brief
from analysis.errors import ParameterError
from analysis.methods import listed_items, toplist
from analysis.methods.comparisons import Comparison
from analysis.methods.composition import (
    Fill,
    choose_recipe,
    citations,
    filled,
    point,
    read_compositions,
)
from analysis.methods.composition_recipes import CountedList, Pair, PrintedList
from analysis.methods.editions import one_edition
from analysis.methods.estimate import (
    Citation,
    Criterion,
    Estimate,
    Outcome,
    Point,
    no_evidence,
    too_wide,
    width_of,
)
from analysis.methods.placeholders import fill
from analysis.methods.query import cite, select_of
from analysis.methods.recipes import Column, Day, Table, Where
from analysis.stats.intervals import Bounds, combine, conflict, rank_text

if TYPE_CHECKING:
    from pandas import DataFrame

    from analysis.data.evidence import Evidence

FACETS = ("classification", "basis", "grouping", "reporter", "flow", "period")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """Compare a claimed order, list of leading items or set of members with tables.

    `lists` are recipes (see `CountedList`), each for the choices under its `for`;
    in them "{period}" is replaced by the parameter of that name. By `asks`:

    - `place`: the rank of each of `pairs` ({part, reporter, of}), which must all be at most
      `claimed`, at least that or, with `comparison="equals"`, exactly that. The value is the rank
      that is the farthest from it. A list that is `printed` contains ranks, else they are counted.
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
    be as large as the remainder of the total). An interval wider than `widest` that decides nothing
    is flagged `thin`, and so is every rank that decides nothing, unless sources disagree on it.
    """

    claimed: float
    asks: Literal["place", "precision", "marginal", "listed"] = "place"
    comparison: Literal["", "at_most", "at_least", "equals"] = ""
    lists: Sequence[CountedList | PrintedList] = ()
    pairs: Sequence[Pair] = ()
    named: Mapping[str, Mapping[str, Sequence[str]]] = field(default_factory=dict)
    k: int = 0
    largest: bool = True
    marginal: int = 0
    top: int = 20
    least: float = 1.0
    same_code: Literal["apart", "once"] = "apart"
    members: Sequence[str] = ()
    must: Sequence[str] = ()
    table: Table = ""
    by: Column = ""
    where: Where = field(default_factory=dict)
    status: Column = ""
    kind: Column = "kind"
    signed: Column = "signed_on"
    kinds: Sequence[str] = ()
    after: Day = ""
    unclear: Literal["out", "in"] = "out"
    classification: str = ""
    basis: str = ""
    grouping: str = ""
    reporter: str = ""
    flow: str = ""
    period: str = ""
    widest: float = math.inf
    source: str = "all"
    __repr__ = brief

    @property
    def pass_criterion(self) -> Criterion:
        """By `comparison`; else a rank, marginal items at most, precision, members at least."""
        if self.comparison and (self.must or self.asks in {"precision", "marginal"}):
            raise ParameterError("`comparison` is for ranks, and for members without `must`")
        usual: Comparison = "at_most" if self.asks in {"place", "marginal"} else "at_least"
        return Criterion(comparison=self.comparison or usual, threshold=self.claimed)

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
        if self.pass_criterion.outcome(found) is not Outcome.UNCLEAR:
            return found
        # A rank that is only bounded decides nothing; one on which sources disagree is unclear.
        if found.disagreement or (self.asks != "place" and width_of(found) <= self.widest):
            return found
        return too_wide(found)

    # --- the worst place of several pairs

    def _placed(self, evidence: Evidence) -> Estimate:
        all_bounds: list[Bounds] = []
        points: list[Point] = []
        rows: list[Citation] = []
        conflicts: list[bool] = []
        for pair in self.pairs:
            words = {facet: getattr(self, facet, "") for facet in FACETS}
            recipe = choose_recipe(self.lists, words, pair.get("list", ""))
            found = self._ranks(recipe, pair, evidence, _filler({**words, **pair}))
            if isinstance(found, str):
                return no_evidence(found, self.unit)
            bounds, cited, disputed = found
            conflicts.append(disputed)
            all_bounds.append(bounds)
            rows += cited
            points.append(point(pair["part"], bounds, cited, text=f"rank {rank_text(bounds)}"))
        farthest = self._farthest(all_bounds)
        return Estimate(
            value=farthest.value,
            low=farthest.low,
            high=farthest.high,
            unit=self.unit,
            n=len(rows),
            disagreement=farthest.high - farthest.low if any(conflicts) else 0.0,
            citations=tuple(rows),
            points=tuple(points),
        )

    def _farthest(self, ranks: Sequence[Bounds]) -> Bounds:
        """The worst rank; the best if that bad is claimed; of an exact one the farthest from it."""
        open_end = self.pass_criterion.rule.open_end
        if not open_end:
            off = [each for each in ranks if not each.low <= self.claimed <= each.high]
            return max(off or ranks, key=lambda r: (abs(r.value - self.claimed), r.high - r.low))
        end_of = min if open_end == "above" else max
        return Bounds(*(end_of(getattr(s, end) for s in ranks) for end in ("low", "value", "high")))

    def _ranks(
        self, recipe: Mapping[str, Any], pair: Pair, evidence: Evidence, filler: Fill
    ) -> tuple[Bounds, tuple[Citation, ...], bool] | str:
        """The rank of a pair, its rows, and whether sources exclude each other's."""
        if not recipe.get("printed"):
            compositions = read_compositions(recipe, evidence, filler, self.source)
            if isinstance(compositions, str):
                return compositions
            ranks_by_source = [(each, each.composition.rank(pair["of"])) for each in compositions]
            ranked = [
                (each.family, each.period, rank)
                for each, rank in ranks_by_source
                if rank is not None
            ]
            if not ranked:
                return f"{pair['of']} is not among the members of {recipe['table']}"
            used = [each for each, rank in ranks_by_source if rank is not None]
            disputed = conflict([(rank.low, rank.high) for _, _, rank in ranked])
            return combine(ranked), tuple(c for each in used for c in each.citations), disputed
        where = filled(recipe["where"], filler)
        rows = select_of(evidence, recipe["table"], where, self.source)
        rows = one_edition(rows[rows[recipe["value"]].notna()], recipe, evidence)
        if rows.empty:
            return f"no row for {pair['part']}: {recipe['table']} where {where}"
        ranks = [float(rank) for rank in rows[recipe["value"]].tolist()]
        cited = cite(rows, recipe["table"], pair["part"])
        low, high = min(ranks), max(ranks)
        return Bounds(low, median_low(ranks), high), cited, low < high

    # --- a named list against the true one

    def _named(self, evidence: Evidence) -> Estimate:
        words = {facet: getattr(self, facet, "") for facet in FACETS}
        recipe = choose_recipe(self.lists, words)
        compositions = read_compositions(recipe, evidence, _filler(words), self.source)
        if isinstance(compositions, str):
            return no_evidence(compositions, self.unit)
        merge_same = self.same_code == "once"
        items = toplist.items(self.named, self.classification, once=merge_same)
        named = toplist.NamedList(
            composition=toplist.merge_sources(compositions),
            items=items,
            k=self.k,
            top=self.top,
            least=self.least,
        )
        if named.codes.isdisjoint(named.composition.values):
            return no_evidence(f"no named item has a row in {recipe['table']}", self.unit)
        precise = self.asks == "precision"
        low, high = self._precision(named) if precise else named.marginal()
        cited = citations(compositions)
        return Estimate(
            value=low,
            low=low,
            high=high,
            unit=self.unit,
            n=len(named.composition.values),
            citations=cited,
            points=tuple(named.points(cited)),
            note="; ".join(self._beside(named)),
        )

    def _precision(self, named: toplist.NamedList) -> tuple[float, float]:
        """The share of named items among the first `k`, 0 where the claim fails otherwise."""
        low, high = named.hits()
        leads, may_lead = named.leads()
        if self.marginal and named.marginal()[0] >= self.marginal:
            return 0.0, 0.0
        if self.largest and not leads:
            low, high = 0, high if may_lead else 0
        return low / len(named.items), high / len(named.items)

    def _beside(self, named: toplist.NamedList) -> Iterator[str]:
        """The reason for a precision of 0, then recall, coverage and Kendall's tau."""
        sure, _ = named.marginal()
        if self.asks == "precision" and self.marginal and sure >= self.marginal:
            yield f"counted as 0 for {sure} items that are surely marginal"
        elif self.asks == "precision" and self.largest and not any(named.leads()):
            yield "counted as 0 for the largest item, which is not named"
        yield from named.recall()
        if (tau := named.tau()) is not None:
            yield f"Kendall's tau {tau:+.2f}"

    # --- a checklist

    def _listed(self, evidence: Evidence) -> Estimate:
        rows = select_of(evidence, self.table, self.where, self.source)
        if rows.empty:
            return no_evidence(f"no row of {self.table} where {dict(self.where)}", self.unit)
        entries = self._entries(rows)
        counted = ("yes", "unclear") if self.unclear == "in" else ("yes",)
        ticks = listed_items.best(entries)
        lacking = [member for member in self.must if ticks.get(member) not in counted]
        value = 0 if lacking else sum(ticks.get(member) in counted for member in self.members)
        wanted = (*self.must, *self.members)
        used = tuple(e.citation for e in entries if e.member in wanted and e.status in counted)
        return Estimate(
            value=value,
            low=value,
            high=value,
            unit=self.unit,
            n=len(used),
            citations=used or cite(rows, self.table),
            points=listed_items.points(wanted, self.must, entries),
            note=f"without {', '.join(lacking)}" if lacking else "",
        )

    def _entries(self, rows: DataFrame) -> list[listed_items.Entry]:
        """The rows of the wanted kinds and days."""
        columns = (self.by, self.status, self.kind, self.signed)
        columns_as_lists = (rows[column].tolist() for column in columns)
        return [
            listed_items.Entry(member, status, citation)
            for citation, member, status, kind, signed in zip(
                cite(rows, self.table), *columns_as_lists, strict=True
            )
            if (not self.kinds or kind in self.kinds) and self._late(signed)
        ]

    def _late(self, signed: Any) -> bool:
        return not self.after or (isinstance(signed, str) and signed >= self.after)


def _filler(words: Mapping[str, Any]) -> Fill:
    return lambda value: fill(value, words)
