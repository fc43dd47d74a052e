"""Places in a list: those claimed, those of named items, or which members a checklist ticks."""

from __future__ import annotations

import math
import re
from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from analysis import formatting
from analysis.figures import alt_text, captions, dotplot, forest_plot, style
from analysis.figures.figure import Drawing, headline
from analysis.figures.forest_plot import EXTRA_COLUMNS, Scale
from analysis.figures.frames import keywords_of, point_columns, with_keywords
from analysis.figures.palette import ANSWERS, INK, NEUTRAL, OUTCOMES, Style
from analysis.methods.comparisons import rank_asserted
from analysis.methods.estimate import Criterion, Outcome
from analysis.methods.estimate import Estimate as Place
from analysis.methods.ranking import Ranking

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from analysis.claims.model import Claim
    from analysis.methods.estimate import Estimate, Point
    from analysis.verdicts.sweep import Curve

MAX_SHORT_AXIS = 15  # ranks, at most, that an axis numbers one by one
MAX_RANK = 100.0  # the rank at which the axis of a long list ends
NO_ROW = Style(NEUTRAL, "D", "not in the table")
LEFT_OUT = Style(INK, "s", "left out by the claim")
WHICH = {  # of two ranks, and of more; by the side on which all are admitted
    "below": ("worse", "worst"),
    "above": ("better", "best"),
    "": ("farther", "farthest"),
}
SHARE = re.compile(r"([\d.]+) percent")  # of an item that the table has
COUNTS = "counts"  # the role of a member that need not be listed
TICKS = {1.0: "yes", 0.5: "unclear", 0.0: "none found"}
TICK_STYLES = {
    "yes": ANSWERS["yes"],
    "unclear": OUTCOMES[Outcome.UNCLEAR],
    "none found": replace(ANSWERS["no"], word="none found"),
}
ITEMS = {  # of a list of named items, what the words for each outcome begin with
    Outcome.PASS: "in the top",
    Outcome.UNCLEAR: "open",
    Outcome.FAIL: "below the top",
}


def draw(claim: Claim, estimate: Estimate, curve: Curve, vintage: str = "publication") -> Drawing:
    """The preferred specification's list; the other ones are in the specification curve."""
    estimate, method = forest_plot.drawable_estimate(claim, Ranking, estimate, curve, vintage)
    asks = {"place": _placed, "precision": _named, "marginal": _named, "listed": _listed}
    rows = asks[method.asks](method, estimate)
    rows = [{**row, "label": claim.called(row["label"])} for row in rows]
    asserted = _asserted(method)
    data = dotplot.table(
        [dotplot.claimed_row(asserted, method.pass_criterion, method.unit), *rows],
        more=[*EXTRA_COLUMNS, "share"],
    )
    data = with_keywords(
        data, axis=claim.called(method.status) if method.asks == "listed" else "",
        unmarked=_unmarked(estimate),
    )  # fmt: skip
    title = headline(claim, curve, vintage)
    finding = _finding(estimate, method)
    heading = style.Heading(
        title=title,
        claim=claim.statement,
        subtitle=f"{finding} Needed: {asserted}.",
        source=captions.sources(estimate.families, vintage, call=claim.called),
    )
    figure = plot(data, heading, **keywords_of(data))
    alt = alt_text.timeline(data, "Dot plot of a list", f"the claimed {asserted}", finding)
    return Drawing(figure=figure, data=data, title=title, summary=heading.subtitle, alt=alt)


def plot(
    data: pd.DataFrame,
    heading: style.Heading = style.NO_HEADING,
    *,
    axis: str = "",
    unmarked: Collection[str] = (),
) -> Figure:
    """The rows of a tidy frame: places in lists, a checklist, or named items by their share.

    The unit of the row marked `claimed` says which: `rank`, `members`, or another one for items.
    `axis` names the axis of a checklist; places whose outcome is among `unmarked` have an interval
    and no mark.

    Example: `figures.ranking(drawing.data.query("mark == 'claimed' or value <= 10"))`
    """
    claimed = data[data["mark"] == "claimed"].iloc[0]
    rows = data[data["mark"] != "claimed"]
    with style.styled():
        if claimed["unit"] == "members":
            ticks = dict(sorted(TICKS.items()))
            scale = Scale(name=axis, low=-0.2, high=1.2, ticks=ticks)
            return forest_plot.draw_rows(heading, data, TICK_STYLES, scale, unknown=set(unmarked))
        if claimed["unit"] == "rank":
            line = (claimed["value"], f"needed: {claimed['label']}")
            region = (claimed["low"], claimed["high"])
            scale = _rank_scale(claimed["value"], rows)
            return forest_plot.draw_rows(heading, data, OUTCOMES, scale, line=line, region=region,
                                         unknown={NO_ROW.word, *unmarked})  # fmt: skip
        most = 1.0 if rows["share"].isna().all() else rows["share"].max()
        scale = Scale(name="share of all, percent", low=0, high=1.1 * most)
        return forest_plot.draw_rows(heading, _as_shares(data), _item_styles(rows), scale,
                                     unknown={NO_ROW.word, *unmarked}, filled=True)  # fmt: skip


def _unmarked(estimate: Estimate) -> tuple[str, ...]:
    """The outcomes without a mark; without a value no rank of what is open is the likely one."""
    return (OUTCOMES[Outcome.UNCLEAR].word,) if estimate.value is None else ()


def _asserted(method: Ranking) -> str:
    claimed = formatting.number(method.claimed)
    if method.asks == "place":
        return f"rank {rank_asserted(method.pass_criterion.comparison, method.claimed)}"
    if method.asks == "precision":
        return f"at least {claimed} of the named items in the top {method.k}"
    must = f", and {', '.join(method.must)}" if method.must else ""
    return captions.asserted(method.pass_criterion, method.unit) + must


def _finding(estimate: Estimate, method: Ranking) -> str:
    if estimate.value is None:
        note = captions.searched(estimate.note)
        text = (
            f"{note[0].upper()}{note[1:]}" if estimate.points else f"No admissible evidence: {note}"
        )
        return f"{text}."
    beside = f" {estimate.note[0].upper()}{estimate.note[1:]}." if estimate.note else ""
    text = formatting.interval(estimate)
    if method.asks == "place":
        return f"Measured: rank {text}{_which(method, len(estimate.points))}.{beside}"
    if method.asks == "precision":
        return f"Measured: {text} of the named items in the top {method.k}.{beside}"
    return f"Measured: {text} {method.unit}.{beside}"


def _which(method: Ranking, n: int) -> str:
    """Which of several ranks the estimate is."""
    of_two, of_more = WHICH[method.pass_criterion.rule.open_end]
    return ("", f", the {of_two} of the two", f", the {of_more} of {n}")[min(n, 3) - 1]


def _placed(method: Ranking, estimate: Estimate) -> list[dict[str, Any]]:
    return [
        _row(point, OUTCOMES[_outcome(method.pass_criterion, point)].word, point.text)
        for point in estimate.points
    ]


def _rank_scale(claimed: float, rows: pd.DataFrame) -> Scale:
    """Ranks from the first to twice the claimed one, or to the last that is possible."""
    high = max([claimed * 2, *rows["high"]])
    return Scale(
        name="rank, 1 is the first",
        low=0.5,
        high=high + 0.5,
        ticks={
            rank: f"{rank:g}"
            for rank in range(1, int(high) + 1, 1 if high <= MAX_SHORT_AXIS else 5)
        },
    )


def _named(method: Ranking, estimate: Estimate) -> list[dict[str, Any]]:
    criterion = Criterion(comparison="at_most", threshold=method.k)
    words: dict[Any, str] = {
        Outcome.PASS: f"{ITEMS[Outcome.PASS]} {method.k}",
        Outcome.UNCLEAR: ITEMS[Outcome.UNCLEAR],
        Outcome.FAIL: f"{ITEMS[Outcome.FAIL]} {method.k}",
        "left out": LEFT_OUT.word,
        "no row": NO_ROW.word,
    }
    rows = []
    for point in estimate.points:
        role, _, share = point.text.partition(": ")
        kind = "left out" if role == "left out" else _outcome(criterion, point)
        kind = "no row" if share == "no row" else kind
        text = "not in the table" if kind == "no row" else f"{share}, {_ranks(point)}"
        found = SHARE.match(share)
        row = _row(point, words[kind], text.replace(" percent", " %"))
        rows.append({**row, "share": float(found[1]) if found else math.nan})
    rows.sort(key=lambda row: (math.isnan(row["share"]), -row["share"]))
    return rows


def _item_styles(rows: pd.DataFrame) -> dict[Any, Style]:
    """The styles of named items; the words of those in and below the top have its length."""
    styles: dict[Any, Style] = {
        word: replace(OUTCOMES[outcome], word=word)
        for outcome, start in ITEMS.items()
        for word in dict.fromkeys(rows["outcome"])
        if word.startswith(start)
    }
    return {**styles, "left out": LEFT_OUT, "no row": NO_ROW}


def _as_shares(data: pd.DataFrame) -> pd.DataFrame:
    """The items by their share; one that is not in the table may have any up to the largest."""
    known, most = data["share"].fillna(0.0), data["share"].max()
    high = data["share"].fillna(1.0 if math.isnan(most) else most)
    return data.assign(value=known, low=known, high=high)


def _listed(_: Ranking, estimate: Estimate) -> list[dict[str, Any]]:
    rows = []
    for point in estimate.points:
        word = TICKS[point.value]
        role = point.text.partition(": ")[2]
        text = word if role == COUNTS else f"{word}, {role}"
        rows.append(_row(point, TICK_STYLES[word].word, text))
    return rows


def _outcome(criterion: Criterion, point: Point) -> Outcome | None:
    return criterion.outcome(Place(value=point.value, low=point.low, high=point.high))


def _ranks(point: Point) -> str:
    low, high = point.low, point.high
    if low == high:
        return f"rank {low:g}"
    return f"rank {low:g} or lower" if math.isinf(high) else f"rank {low:g} to {high:g}"


def _row(point: Point, outcome: str, text: str) -> dict[str, Any]:
    return {
        **point_columns(point),
        "mark": "member",
        "high": point.high if math.isfinite(point.high) else MAX_RANK,
        "unit": "rank",
        "outcome": outcome,
        "text": text,
    }
