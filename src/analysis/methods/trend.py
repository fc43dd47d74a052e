"""Do several measures rise: a table of signs first, then a weighted vote."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from statistics import fmean, median
from typing import TYPE_CHECKING, Any, Literal

from analysis.errors import ParameterError, suggest
from analysis.estimates import Citation, Estimate, Point, Test
from analysis.methods.discovery import q_values
from analysis.methods.selection import from_source, matching, select
from analysis.periods import first_day, last_day

if TYPE_CHECKING:
    import numpy as np
    from pandas import DataFrame

    from analysis.evidence import Evidence

CITED = ("row", "source_id", "family", "grade", "later_edition")
FACETS = ("edition", "scope", "definition")
MONTHS = {"year": 12, "half_year": 6, "month": 1}
KEYS = {
    "index", "table", "value", "time", "where", "among", "by", "sum", "reduce", "exposure", "scale",
    "over", "zeros", "ceiling", "floor", "unbroken", "weight", "frequency", *FACETS,
}  # fmt: skip
REDUCTIONS = ("median", "sum", "count", "distinct")
LEAST_POINTS = 3  # two points have a difference, not a trend
NEAR_CEILING = 0.9  # of the ceiling, from which an index cannot show a rise
DIGITS = 4  # of a share of indices: two thirds are 0.6667
RISES, OPEN, NOT, CEILING = "rises", "open", "does not rise", "at its ceiling"
SCORES = {RISES: 1.0, OPEN: 0.5, NOT: 0.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Index(Point):
    """One index as the table of signs shows it: its series, its change, how it came out.

    The value with its interval is the change in percent: a year, or later over earlier. `series`
    has a number of each period, as `period` names it, and a value.
    """

    state: str
    weight: float
    n: int
    p: float | None = None
    q: float | None = None
    months: int = 12
    series: tuple[tuple[float, float], ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """The weighted share of `indices` that rise; `least` is the share that the claim needs.

    `indices` are recipes, each a mapping: `index` (name), `table`, `value` (a column; without one
    rows are counted), `time` (a column), `where`, and optionally

    - `reduce`: how rows of one period make one value: `median` over source families (of rows that
      last the whole period), `sum`, `count`, or `distinct` (values of `value`);
    - `by`: a column whose values are series of their own that share the weight of the index, or
      with `sum` are added up in the periods that all of them have;
    - `exposure`: a column that divides (a rate), times `scale`; `over`: a mapping with `table`,
      `value`, `where`, `time`, for a deflator by year;
    - `among`: column to text, for columns that hold several words with slashes between them;
    - `zeros`: true, or conditions like `where`: periods without a row are zeros, from the first
      year of the table, or of the rows that meet the conditions, to the last;
    - `frequency`: of this index, whatever `frequency` says; `weight`: 1 by default;
    - `ceiling`: an index that begins at nine tenths of it cannot show a rise, and does not vote;
    - `unbroken`: break to reason, for breaks of the table that are none for this index;
    - `floor`: the break from which counts are floors: the series goes on, no rise is then open;
    - `edition`, `scope`, `definition`: the parameters of the method for which the recipe holds; in
      `where`, "{edition}" stands for the parameter.

    Series end at the declared breaks of their table: only what follows the last one is used.

    What makes an index rise, by `rule`: `trend`, a slope upward that the test at `alpha` tells from
    none (open if it cannot); `slope`, a slope upward and `later` at least `ratio` times `earlier`;
    `ratio`, a rate in `later` more than `ratio` times that in `earlier`, its lower bound above 1,
    over the months of both; `no_fall`, no period below the one before. `near_maximum` asks
    besides that the last period has this share of the largest. `form` is how the slope is measured:
    Mann-Kendall and Sen, or a negative binomial rate.

    Fewer than eight points make a slope without a test: `short` says whether its sign counts, is
    open if upward, or is left out. Open indices bound the share. Votes of less than `quorum`
    indices decide nothing.
    """

    indices: Sequence[Mapping[str, Any]]
    least: float = 0.6667
    rule: Literal["trend", "slope", "ratio", "no_fall"] = "trend"
    form: Literal["mann_kendall", "counts"] = "mann_kendall"
    correction: Literal["none", "ar1"] = "none"
    alpha: float = 0.05
    near_maximum: float = 0.0
    ratio: float = 1.0
    later: int = 0
    earlier: int = 0
    start: int = 0
    last_year: int = 9999
    frequency: Literal["year", "half_year", "month"] = "year"
    short: Literal["slope", "open", "out"] = "slope"
    quorum: float = 1
    named: Sequence[str] = ()
    edition: str = ""
    scope: str = ""
    definition: str = ""
    resamples: int = 199
    source: str = "all"

    @property
    def test(self) -> Test:
        """The share that the claim needs."""
        self._check()
        return Test(comparison="at_least", threshold=self.least)

    @property
    def unit(self) -> str:
        """A share from 0 to 1."""
        return "share of indices"

    def estimate(self, evidence: Evidence) -> Estimate:
        """The weighted share of indices that rise, with those that are open as bounds."""
        recipes = self._recipes()
        found: list[_Found] = []
        missing = []
        for recipe in recipes:
            strands = [self._judged(strand, recipe) for strand in self._strands(recipe, evidence)]
            strands = [strand for strand in strands if strand is not None]
            voting = [strand for strand in strands if strand.index.state in SCORES]
            weight = recipe.get("weight", 1.0) / len(voting) if voting else 0.0
            found += [strand.weighing(weight) for strand in strands]
            if not strands:
                missing.append(recipe["index"])
        return self._voted(_with_q(found), missing)

    def _voted(self, found: Sequence[_Found], missing: Sequence[str]) -> Estimate:
        points = tuple(strand.index for strand in found)
        votes = [strand for strand in found if strand.index.state in SCORES]
        total = sum(strand.index.weight for strand in votes)
        note = f"no series for {', '.join(missing)}" if missing else ""
        if not votes or total < self.quorum:
            flags = ("thin",) if found else ()
            return Estimate(
                value=None, unit=self.unit, points=points, flags=flags, note=note or "no series"
            )
        rising = _share(votes, total, RISES)
        possible = _share(votes, total, RISES, OPEN)
        return Estimate(
            value=rising,
            low=rising,
            high=max(rising, possible),
            unit=self.unit,
            n=int(median(strand.index.n for strand in votes)),
            disagreement=_disagreement(votes),
            citations=tuple(citation for strand in votes for citation in strand.citations),
            points=points,
            flags=("series", "vote"),
            note=note,
        )

    def _check(self) -> None:
        for recipe in self.indices:
            for key in recipe:
                if key not in KEYS:
                    message = f"unknown key {key!r} of index {recipe.get('index')!r}"
                    raise ParameterError(f"{message}{suggest(key, KEYS)}")
            if recipe.get("reduce", "median") not in REDUCTIONS:
                message = f"index {recipe['index']!r}: reduce is one of {', '.join(REDUCTIONS)}"
                raise ParameterError(message)
        known = {recipe["index"] for recipe in self.indices}
        for name in self.named:
            if name not in known:
                raise ParameterError(f"no index is called {name!r}{suggest(name, known)}")
        if self.rule in ("slope", "ratio") and not (self.later and self.earlier):
            raise ParameterError(f"the rule {self.rule!r} needs `later` and `earlier`")
        self._recipes()

    def _recipes(self) -> list[Mapping[str, Any]]:
        chosen = [
            recipe
            for recipe in self.indices
            if all(
                getattr(self, name) in _listed(recipe[name]) for name in FACETS if name in recipe
            )
            and (not self.named or recipe["index"] in self.named)
        ]
        if not chosen:
            asked = ", ".join(f"{n}={getattr(self, n)}" for n in FACETS if getattr(self, n))
            raise ParameterError(f"no index is defined for {asked or 'these parameters'}")
        return chosen

    def _strands(self, recipe: Mapping[str, Any], evidence: Evidence) -> Iterator[_Strand]:
        """The series of an index: one, or one for each value of `by`."""
        rows, edges = self._rows(recipe, evidence)
        months = MONTHS[recipe.get("frequency", self.frequency)]
        deflator = self._deflator(recipe, evidence)
        cited = _cited(rows, recipe)
        for name, entries in _entries(rows, recipe).items():
            cells = _cells(entries, recipe, months, deflator)
            cells = self._unbroken(cells, recipe, evidence)
            cells = [cell for cell in cells if self.start <= cell.year <= self.last_year]
            if recipe.get("zeros"):
                cells = _with_zeros(cells, months, self._window(edges))
            if cells:
                yield _Strand(
                    label=f"{recipe['index']}: {name}" if name else recipe["index"],
                    cells=cells,
                    periods=_periods(cells, months),
                    months=months,
                    citations=tuple(cited[row] for cell in cells for row in cell.rows),
                )

    def _window(self, edges: tuple[int, int] | None) -> tuple[int, int]:
        """The first and last year in which the table could have had a row."""
        first, last = edges or (1, 0)
        return max(first, self.start), min(last, self.last_year)

    def _rows(
        self, recipe: Mapping[str, Any], evidence: Evidence
    ) -> tuple[dict[str, list], tuple[int, int] | None]:
        """The columns of an index, and the first and last year of its table if zeros count.

        Plain lists: a sweep comes here a thousand times, and frames would cost ten times as much.
        """
        import numpy as np

        table, time, value = recipe["table"], recipe["time"], recipe.get("value")
        frame = from_source(evidence[table], self.source)
        edges = None
        if zeros := recipe.get("zeros"):
            covered = matching(frame, zeros if isinstance(zeros, Mapping) else {}, table)
            spans = map(_span, map(str, _picked(frame, time, covered)))
            years = [span[0] // 12 for span in spans if span]
            edges = (min(years), max(years)) if years else None
        where = {column: self._filled(wanted) for column, wanted in recipe.get("where", {}).items()}
        mask = matching(frame, where, table)
        for column, word in recipe.get("among", {}).items():
            held = [word in str(text).split("/") for text in frame[column].to_numpy().tolist()]
            mask &= np.array(held, dtype=bool)
        for column in (time, value, recipe.get("exposure"), recipe.get("by")):
            if column and column not in frame.columns:
                known = list(frame.columns)
                raise ParameterError(f"{table} has no column {column!r}{suggest(column, known)}")
        if value and frame[value].dtype.kind == "f":
            mask &= ~np.isnan(frame[value].to_numpy())
        wanted = [time, value, recipe.get("exposure"), recipe.get("by"), *CITED]
        return {name: _picked(frame, name, mask) for name in wanted if name}, edges

    def _filled(self, wanted: Any) -> Any:
        if isinstance(wanted, str) and "{" in wanted:
            return wanted.format(**{name: getattr(self, name) for name in FACETS})
        return wanted

    def _deflator(self, recipe: Mapping[str, Any], evidence: Evidence) -> dict[int, float] | None:
        if "over" not in recipe:
            return None
        over = recipe["over"]
        rows = select(evidence[over["table"]], over["where"], over["table"])
        years = rows[over.get("time", "year")].tolist()
        return {int(year): float(v) for year, v in zip(years, rows[over["value"]], strict=True)}

    def _unbroken(
        self, cells: Sequence[_Cell], recipe: Mapping[str, Any], evidence: Evidence
    ) -> list[_Cell]:
        """What follows the last declared break of the table inside the window."""
        exempt = {str(at) for at in recipe.get("unbroken", {})} | {str(recipe.get("floor", ""))}
        kept = [cell for cell in cells if cell.year <= self.last_year]
        for change in evidence.table(recipe["table"]).info.breaks:
            at = _span(str(change.at))
            if str(change.at) in exempt or at is None:
                continue
            after = [cell for cell in kept if cell.start >= at[0]]
            kept = after or kept
        return kept

    def _judged(self, strand: _Strand, recipe: Mapping[str, Any]) -> _Found | None:
        """How a series came out, or None if it is none."""
        outcome = self._compared(strand) if self.rule == "ratio" else self._sloped(strand)
        if outcome is None:
            return None
        state = outcome.state
        if "ceiling" in recipe and self._at_ceiling(strand, recipe["ceiling"]):
            state = CEILING
        elif state == NOT and "floor" in recipe and self._ends_after(strand, recipe["floor"]):
            state = OPEN
        index = Index(
            label=strand.label,
            value=outcome.change,
            low=min(outcome.low, outcome.change),
            high=max(outcome.high, outcome.change),
            family=";".join(sorted({citation.family for citation in strand.citations})),
            source_id=";".join(sorted({citation.source_id for citation in strand.citations})),
            row=str(strand.citations[0]) if strand.citations else "",
            text=state,
            state=state,
            weight=0.0,
            n=outcome.n,
            p=outcome.p,
            months=strand.months,
            series=tuple(zip(strand.times, strand.rates, strict=True)),
            note=outcome.note,
        )
        return _Found(index=index, citations=strand.citations)

    def _at_ceiling(self, strand: _Strand, ceiling: float) -> bool:
        values = strand.at(self.earlier) if self.rule == "ratio" else strand.rates[:1]
        return bool(values) and min(values) >= NEAR_CEILING * ceiling

    def _ends_after(self, strand: _Strand, floor: Any) -> bool:
        at = _span(str(floor))
        return at is not None and max(cell.start + cell.months for cell in strand.cells) > at[0]

    def _compared(self, strand: _Strand) -> _Outcome | None:
        """The rate of `later` over that of `earlier`, over the months that both have."""
        from analysis.methods import rates

        late, early = strand.of(self.later), strand.of(self.earlier)
        shared = {cell.slot for cell in late} & {cell.slot for cell in early}
        late = [cell for cell in late if cell.slot in shared]
        early = [cell for cell in early if cell.slot in shared]
        if not late or sum(cell.value for cell in early) <= 0:
            return None
        cells = [*early, *late]
        found = None
        if len(shared) > 1 and strand.months == 1:
            steps = [0.0] * len(early) + [1.0] * len(late)
            counts = [cell.value for cell in cells]
            found = rates.loglinear(counts, [cell.exposure for cell in cells], steps)
        if found is None:
            found = rates.ratio(_summed(late), _summed(early))
        state = OPEN
        if found.ratio > self.ratio and found.low > 1:
            state = RISES
        elif found.ratio <= self.ratio and (found.high <= self.ratio or found.low > 1):
            state = NOT
        note = f"{self.later} over {self.earlier}"
        return _Outcome(
            state=state,
            change=100 * (found.ratio - 1),
            low=100 * (found.low - 1),
            high=100 * (min(found.high, 1e6) - 1),
            p=found.p,
            n=len(cells) if len(shared) > 1 and strand.months == 1 else len(strand.rates),
            note=f"{note}, {len(shared)} months of each" if len(shared) > 1 else note,
        )

    def _sloped(self, strand: _Strand) -> _Outcome | None:
        """The slope of the series in percent a year, and how it came out."""
        times, values = strand.times, strand.rates
        if len(values) < LEAST_POINTS:
            return None
        if self.rule == "no_fall":
            falls = sum(b < a for a, b in pairwise(values))
            note = f"{falls} falls in {len(values) - 1} steps"
        else:
            note = ""
        change, low, high, p = self._change(strand)
        upward = change > 0
        if self.rule == "no_fall":
            state = NOT if falls else RISES
        elif self.rule == "slope":
            late, early = strand.at(self.later), strand.at(self.earlier)
            if not late or not early:
                return None
            state = RISES if upward and fmean(late) >= self.ratio * fmean(early) else NOT
            note = f"{self.later} against {self.earlier}: {fmean(late):.4g} and {fmean(early):.4g}"
        elif p is None:
            if self.short == "out":
                return None
            state = (OPEN if self.short == "open" else RISES) if upward else NOT
            note = "too short for a test"
        else:
            state = OPEN if p >= self.alpha or change == 0 else RISES if upward else NOT
        if self.near_maximum and values[-1] < self.near_maximum * max(values):
            state = NOT
            note = f"the last is {values[-1] / max(values):.0%} of the largest"
        first, last = (period(time, strand.months) for time in (times[0], times[-1]))
        return _Outcome(
            state=state,
            change=change,
            low=low,
            high=high,
            p=p,
            n=len(values),
            note=f"{first} to {last}{'; ' if note else ''}{note}",
        )

    def _change(self, strand: _Strand) -> tuple[float, float, float, float | None]:
        """The slope with its interval, in percent a year, and the p of the test if there is one."""
        from analysis.methods import monotone, rates

        a_year = 12 / strand.months
        if self.form == "counts" and strand.countable:
            cells = strand.periods
            start = strand.times[0]
            found = rates.loglinear(
                [cell.value for cell in cells],
                [cell.exposure for cell in cells],
                [time - start for time in strand.times],
            )
            if found is not None:
                p = found.p if len(cells) >= monotone.SHORTEST else None
                bounds = (
                    (found.ratio, found.low, found.high) if p is not None else (found.ratio,) * 3
                )
                change, low, high = (100 * (min(b, 1e6) ** a_year - 1) for b in bounds)
                return change, low, high, p
        correct = self.correction == "ar1"
        if strand.months == 1:
            found = monotone.seasonal(strand.times, strand.rates, resamples=self.resamples)
        else:
            found = monotone.trend(strand.times, strand.rates, correct=correct)
        base = abs(median(strand.rates)) or abs(fmean(strand.rates)) or 1.0
        scale = 100 * a_year / base
        return found.slope * scale, found.low * scale, found.high * scale, found.p


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cell:
    """The value of a stretch of months: what was counted and what it is divided by."""

    start: int
    months: int
    value: float
    exposure: float = 1.0
    scale: float = 1.0
    rows: tuple[int, ...] = ()

    @property
    def middle(self) -> int:
        return self.start + (self.months - 1) // 2

    @property
    def year(self) -> int:
        return self.middle // 12

    @property
    def slot(self) -> tuple[int, int]:
        """Which part of its year it is; whole years are alike, wherever they begin."""
        return (0, 12) if self.months >= MONTHS["year"] else (self.start % 12, self.months)

    @property
    def rate(self) -> float:
        return self.scale * self.value / self.exposure


@dataclass(frozen=True, slots=True, kw_only=True)
class _Strand:
    """One series of an index: cells in order, and the rows behind them."""

    label: str
    cells: Sequence[_Cell]
    periods: Sequence[_Cell]
    months: int
    citations: tuple[Citation, ...]

    @property
    def times(self) -> list[int]:
        return [cell.start // self.months for cell in self.periods]

    @property
    def rates(self) -> list[float]:
        return [cell.rate for cell in self.periods]

    @property
    def countable(self) -> bool:
        """Whether the values are counts: whole numbers, none below zero."""
        return all(cell.value >= 0 and float(cell.value).is_integer() for cell in self.cells)

    def of(self, year: int) -> list[_Cell]:
        return [cell for cell in self.cells if cell.year == year]

    def at(self, year: int) -> list[float]:
        """The values of the periods of a year."""
        pairs = zip(self.periods, self.rates, strict=True)
        return [value for cell, value in pairs if cell.year == year]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Outcome:
    """How a series came out, before it has its place in the vote."""

    state: str
    change: float
    low: float
    high: float
    p: float | None
    n: int
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """An index with the rows that it came from."""

    index: Index
    citations: tuple[Citation, ...]

    def weighing(self, weight: float) -> _Found:
        own = weight if self.index.state in SCORES else 0.0
        return replace(self, index=replace(self.index, weight=own))


def _with_q(found: Sequence[_Found]) -> list[_Found]:
    adjusted = q_values([strand.index.p for strand in found])
    return [
        replace(strand, index=replace(strand.index, q=q))
        for strand, q in zip(found, adjusted, strict=True)
    ]


def _share(votes: Iterable[_Found], total: float, *states: str) -> float:
    weight = sum(strand.index.weight for strand in votes if strand.index.state in states)
    return round(weight / total, DIGITS)


def _disagreement(votes: Sequence[_Found]) -> float:
    """How far the shares that rise differ between source families; an open index is half a rise."""
    scores: dict[str, list[float]] = {}
    for strand in votes:
        for family in filter(None, strand.index.family.split(";")):
            scores.setdefault(family, []).append(SCORES[strand.index.state])
    means = [fmean(values) for values in scores.values()]
    return max(means) - min(means) if means else 0.0


def _picked(frame: DataFrame, column: str, mask: np.ndarray) -> list:
    return frame[column].to_numpy()[mask].tolist()


def _cited(rows: Mapping[str, list], recipe: Mapping[str, Any]) -> dict[int, Citation]:
    """A citation for each row, by its line."""
    table, part = recipe["table"], recipe["index"]
    return {
        row: Citation(
            table=table,
            row=row,
            source_id=source,
            family=family,
            grade=grade,
            part=part,
            later_edition=later,
        )
        for row, source, family, grade, later in zip(*(rows[name] for name in CITED), strict=True)
    }


def _entries(rows: Mapping[str, list], recipe: Mapping[str, Any]) -> dict[str, list[tuple]]:
    """Rows as (when, value, exposure, group, family, row), by the series that they belong to."""
    named = [recipe["time"], *(recipe.get(key) or "row" for key in ("value", "exposure", "by"))]
    apart = bool(recipe.get("by")) and not recipe.get("sum")
    found: dict[str, list[tuple]] = {} if apart else {"": []}
    for entry in zip(*(rows[name] for name in (*named, "family", "row")), strict=True):
        found.setdefault(str(entry[3]) if apart else "", []).append(entry)
    return dict(sorted(found.items()))


def _cells(
    entries: Sequence[tuple],
    recipe: Mapping[str, Any],
    months: int,
    deflator: Mapping[int, float] | None,
) -> list[_Cell]:
    """The rows of a series as cells in order, one for each stretch of time that they name."""
    reduction = recipe.get("reduce", "median" if recipe.get("value") else "count")
    exposure = recipe.get("exposure")
    grouped: dict[tuple[int, int], list[tuple]] = {}
    for entry in entries:
        span = _span(str(entry[0]))
        if span is not None and reduction == "distinct":  # one a period, in however many months
            span = (span[0] // months * months, months)
        if span is not None and _fits(span, months, reduction, exposed=exposure is not None):
            grouped.setdefault(span, []).append(entry[1:])
    groups = {entry[2] for members in grouped.values() for entry in members}
    cells = []
    for (start, length), members in sorted(grouped.items()):
        if recipe.get("sum") and len({entry[2] for entry in members}) < len(groups):
            continue
        amount = _reduced(members, reduction, summed=bool(recipe.get("sum")))
        divisor = float(sum(entry[1] for entry in members)) if exposure else 1.0
        cell = _Cell(
            start=start,
            months=length,
            value=amount,
            exposure=divisor,
            scale=recipe.get("scale", 1.0),
            rows=tuple(entry[4] for entry in members),
        )
        if deflator is not None:
            if cell.year not in deflator:
                continue
            cell = replace(cell, value=100 * amount / deflator[cell.year])
        if divisor > 0:
            cells.append(cell)
    return cells


def _fits(span: tuple[int, int], months: int, reduction: str, *, exposed: bool) -> bool:
    """Whether a stretch can stand in a series of this many months: whole, or as a part."""
    whole = abs(span[1] - months) <= (1 if months == MONTHS["year"] else 0)
    return whole or (span[1] < months and (reduction != "median" or exposed))


def _reduced(entries: Sequence[tuple], reduction: str, *, summed: bool) -> float:
    if reduction == "count":
        return float(len(entries))
    if reduction == "distinct":
        return float(len({entry[0] for entry in entries}))
    if reduction == "sum":
        return float(sum(entry[0] for entry in entries))
    if len(entries) == 1:
        return float(entries[0][0])
    parts: dict[Any, dict[str, list[float]]] = {}
    for value, _, group, family, _row in entries:
        parts.setdefault(group if summed else "", {}).setdefault(family, []).append(float(value))
    return sum(
        median(median(values) for values in families.values()) for families in parts.values()
    )


def _periods(cells: Sequence[_Cell], months: int) -> list[_Cell]:
    """One cell a period: shorter ones are added up."""
    grouped: dict[int, list[_Cell]] = {}
    for cell in cells:
        grouped.setdefault(cell.middle // months, []).append(cell)
    return [
        _merged(time * months, months, members)
        if len(members) > 1
        else replace(members[0], start=time * months, months=months)
        for time, members in sorted(grouped.items())
    ]


def _merged(start: int, months: int, cells: Sequence[_Cell]) -> _Cell:
    exposed = any(cell.exposure != 1.0 for cell in cells)
    return _Cell(
        start=start,
        months=months,
        value=sum(cell.value for cell in cells),
        exposure=sum(cell.exposure for cell in cells) if exposed else 1.0,
        scale=cells[0].scale,
        rows=tuple(row for cell in cells for row in cell.rows),
    )


def _summed(cells: Sequence[_Cell]) -> tuple[float, float]:
    return sum(cell.value for cell in cells), sum(cell.exposure for cell in cells)


def _with_zeros(cells: Sequence[_Cell], months: int, years: tuple[int, int]) -> list[_Cell]:
    """The cells, and a zero for each period of the years that has none."""
    have = {cell.middle // months for cell in cells}
    each = 12 // months
    wanted = range(years[0] * each, (years[1] + 1) * each)
    empty = [
        _Cell(start=time * months, months=months, value=0.0) for time in wanted if time not in have
    ]
    return sorted([*cells, *empty], key=lambda cell: cell.start)


@lru_cache(maxsize=65536)
def _span(text: str) -> tuple[int, int] | None:
    """The first month of a period, counted from year 0, and how many months it takes.

    >>> _span("2024"), _span("2019-12/2020-11"), _span("2024-03-05")
    ((24288, 12), (24239, 12), (24290, 1))
    """
    text = text.removesuffix(".0")
    try:
        first, last = first_day(text), last_day(text.replace("FY", ""))
    except ValueError:
        return None
    start = 12 * first.year + first.month - 1
    if text.startswith("FY"):
        return 12 * first.year, 12
    return start, 12 * last.year + last.month - start


def period(time: int, months: int) -> str:
    """A period in words.

    >>> period(2024, 12), period(24290, 1), period(4049, 6)
    ('2024', '2024-03', '2024, second half')
    """
    if months == MONTHS["year"]:
        return str(time)
    if months == MONTHS["month"]:
        return f"{time // 12}-{time % 12 + 1:02d}"
    return f"{time // 2}, {('first', 'second')[time % 2]} half"


def _listed(value: Any) -> Sequence[Any]:
    return value if isinstance(value, Sequence) and not isinstance(value, str) else [value]
