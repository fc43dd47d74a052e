"""The tidy frame of a figure of dated records, and what it says, for each kind of question."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis import formatting
from analysis.figures import captions, dotplot
from analysis.figures import timeline_words as words
from analysis.figures.palette import NEUTRAL, OUTCOMES, Style
from analysis.methods.estimate import Estimate, Outcome, interval_of
from analysis.methods.other_cases import OtherCase
from analysis.methods.timeline import interval

if TYPE_CHECKING:
    from analysis.methods.timeline import Timeline

EXTRA_COLUMNS = ("text", "first", "last")  # columns of the plotted numbers beside the usual ones
OTHER = Style(NEUTRAL, "o", "others")
TIMELINE_WORDS = {  # of the outcomes: as claimed, perhaps, otherwise
    "date": ("on the article's day", "perhaps on it", "on another day"),
    "lag": ("as the article says", "perhaps so", "otherwise"),
    "rung": ("needed stage or later", "perhaps by then", "earlier stage"),
    "count": ("needed stage or later", "perhaps by then", "earlier stage"),
    "none_before": ("not earlier", "perhaps earlier", "earlier"),
}
Styles = Mapping[Outcome | None, Style]


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineLayout:
    """The tidy frame, what the claim needs, and the finding, before anything is drawn.

    The first row is marked `claimed`; its `group` is the kind of question, `first` and `last` are
    the days that the claim names.
    """

    data: pd.DataFrame
    what: str
    claimed: str
    finding: str


def styles(asks: str) -> Styles:
    """The marks of outcomes under the words of a kind of question."""
    outcomes = (Outcome.PASS, Outcome.UNCLEAR, Outcome.FAIL)
    return {
        outcome: replace(OUTCOMES[outcome], word=word)
        for outcome, word in zip(outcomes, TIMELINE_WORDS[asks], strict=True)
    }


def record_days(estimate: Estimate) -> list[tuple[date, date]]:
    """The first and last day of each record that has any."""
    return [interval(point.text) for point in estimate.points if point.text]


def window(method: Timeline) -> tuple[date, date]:
    """The first and the last day that the claim names."""
    return interval(method.claimed_from)[0], interval(method.claimed_to or method.claimed_from)[1]


def _events(estimate: Estimate) -> pd.DataFrame:
    """A row for each record with a day: its first and last day and what the method measured."""
    rows = []
    for point in estimate.points:
        if not point.text:
            continue
        first, last = interval(point.text)
        rows.append(
            {
                "mark": "other" if isinstance(point, OtherCase) else "record",
                "group": formatting.plain(point.label),
                "label": point.family,
                "value": point.value,
                "low": point.low,
                "high": point.high,
                "unit": estimate.unit,
                "family": point.family,
                "source_id": point.source_id,
                "row": point.row,
                "text": formatting.days((first, last)),
                "first": first.isoformat(),
                "last": last.isoformat(),
            }
        )
    return dotplot.table(rows, more=EXTRA_COLUMNS)


def _layout(
    method: Timeline, found: pd.DataFrame, *, what: str, claimed: str, finding: str
) -> TimelineLayout:
    """The layout with the claim as the first row of its numbers, then its stages."""
    row = dotplot.claimed_row(claimed, method.pass_criterion, method.unit)
    row["group"] = method.asks
    if method.claimed_from:
        first, last = window(method)
        around = int(method.tolerance) if method.asks == "date" else 0
        row |= {"first": first.isoformat(), "last": last.isoformat(), "text": str(around)}
    elif method.as_of:
        row |= {"last": interval(method.as_of)[1].isoformat()}
    head = dotplot.table([row, *_stages(method)], more=EXTRA_COLUMNS)
    parts = [part for part in (head, found) if len(part)]
    data = pd.concat(parts, ignore_index=True).reindex(columns=[*dotplot.COLUMNS, *EXTRA_COLUMNS])
    return TimelineLayout(data=data, what=what, claimed=claimed, finding=finding)


def _stages(method: Timeline) -> list[dict[str, Any]]:
    """A row for each stage of the ladder; the one that the claim needs is `claimed`."""
    return [
        {
            "mark": "stage",
            "label": formatting.plain(rung),
            "value": place,
            "unit": "stage",
            "outcome": "claimed" if rung == method.claimed_rung else None,
        }
        for place, rung in enumerate(method.ladder)
        if method.asks in ("rung", "count")
    ]


def _dated(method: Timeline, estimate: Estimate) -> TimelineLayout:
    """A row for each record, by source family: the day that it gives, against the claimed one."""
    found = _judged(method, _events(estimate))
    tolerance = (
        f", {formatting.count(int(method.tolerance), 'day')} either way" if method.tolerance else ""
    )
    finding = words.missing(estimate)
    if estimate.value is not None:
        families = formatting.count(found["label"].nunique(), "source")
        finding = f"Recorded by {families}: {words.offset(estimate)}."
    claimed = formatting.days(window(method)) + tolerance
    return _layout(method, found, what="Timeline", claimed=claimed, finding=finding)


def _lagged(method: Timeline, estimate: Estimate) -> TimelineLayout:
    """A row for each record, by source family: the days to the other event."""
    found = _judged(method, _events(estimate))
    finding = words.missing(estimate)
    if estimate.value is not None:
        families = formatting.count(found["label"].nunique(), "source")
        finding = f"The lag by {families}: {formatting.interval(estimate)} days."
    claimed = captions.asserted(method.pass_criterion, "days")
    return _layout(method, found, what="Chart of lags in days", claimed=claimed, finding=finding)


def _laddered(method: Timeline, estimate: Estimate) -> TimelineLayout:
    """A row for each record of a stage."""
    found = _by_then(method, _judged(method, _events(estimate)))
    stages = [formatting.plain(rung) for rung in method.ladder]
    found = found.assign(group=[stages[int(value)] for value in found["value"]])
    finding = words.missing(estimate)
    if estimate.value is not None:
        low, high = (formatting.plain(method.ladder[int(end)]) for end in interval_of(estimate))
        finding = f"Highest stage on record{words.by(method)}: {low}"
        finding += "." if low == high else f", perhaps {high}."
    claimed = formatting.plain(method.claimed_rung)
    return _layout(method, found, what="Ladder of stages", claimed=claimed, finding=finding)


def _counted(method: Timeline, estimate: Estimate) -> TimelineLayout:
    """A row for each record of a case."""
    rung = formatting.plain(method.claimed_rung)
    events = _by_object(_events(estimate))
    reached = list(method.ladder).index(method.claimed_rung)
    good, _, bad = TIMELINE_WORDS["count"]
    judged = [good if value >= reached else bad for value in events["value"]]
    found = _by_then(method, events.assign(outcome=judged))
    finding = words.missing(estimate)
    if estimate.value is not None:
        cases = formatting.count(found["label"].nunique(), "case")
        perhaps = words.perhaps(estimate)
        finding = (
            f"On record{words.by(method)}: {int(estimate.value)}{perhaps} of {cases} at the stage "
            f"“{rung}” or later."
        )
    claimed = f"at least {formatting.number(method.claimed)}"
    return _layout(method, found, what="Tracks of stages", claimed=claimed, finding=finding)


def _before(method: Timeline, estimate: Estimate) -> TimelineLayout:
    """A row for each case, the earliest first, and one for each that is not meant."""
    first_day = interval(method.claimed_from)[0]
    edge, day = first_day.isoformat(), formatting.day(first_day)
    good, perhaps, bad = TIMELINE_WORDS["none_before"]
    events = _by_object(_events(estimate)).sort_values(["first", "last", "label"], kind="stable")
    outcomes = [
        OTHER.word if mark == "other" else bad if last < edge else perhaps if first < edge else good
        for mark, first, last in zip(events["mark"], events["first"], events["last"], strict=True)
    ]
    found = events.assign(outcome=outcomes)
    if (found["mark"] == "other").any():  # a row for each actor, not for each case
        own = str(next(iter(method.where.values())))
        found.loc[found["mark"] == "record", "label"] = own
    finding = words.missing(estimate)
    if estimate.value is not None:
        sure, also = int(estimate.value), words.perhaps(estimate)
        cases = formatting.count(sure, "case") if sure or also else "No case"
        searched = formatting.count(estimate.n, "record")
        finding = f"{cases}{also} before {day}, in {searched} searched."
    return _layout(
        method, found, what="Timeline of cases", claimed=f"none before {day}", finding=finding
    )


LAYOUTS: Mapping[str, Callable[[Timeline, Estimate], TimelineLayout]] = {
    "date": _dated,
    "lag": _lagged,
    "rung": _laddered,
    "count": _counted,
    "none_before": _before,
}


def _judged(method: Timeline, found: pd.DataFrame) -> pd.DataFrame:
    """The records, each with its own outcome."""
    kinds = styles(method.asks)
    outcomes = [
        method.pass_criterion.outcome(Estimate(value=row.value, low=row.low, high=row.high))
        for row in found.itertuples()
    ]
    return found.assign(outcome=[kinds[outcome].word for outcome in outcomes])


def _by_then(method: Timeline, found: pd.DataFrame) -> pd.DataFrame:
    """The records; one whose range goes beyond the day that counts is only perhaps for it."""
    if not method.as_of:
        return found
    good, unclear, _ = TIMELINE_WORDS[method.asks]
    beyond = found["last"] > interval(method.as_of)[1].isoformat()
    perhaps = beyond & (found["outcome"] == good)
    return found.assign(outcome=found["outcome"].mask(perhaps, unclear))


def _by_object(found: pd.DataFrame) -> pd.DataFrame:
    """The records under the name of what is counted, not of who recorded it."""
    return found.rename(columns={"label": "group", "group": "label"})[list(found.columns)]


def order(found: pd.DataFrame, limit: int) -> tuple[dict[str, int], Sequence[str]]:
    """The place of each row of a strip and the names of the rows.

    Those that are meant come first; names beyond `limit` share the last row.
    """
    own = found[found["mark"] == "record"]
    others = found.loc[found["mark"] == "other", "label"].value_counts()
    names = [*dict.fromkeys(own["label"]), *(name for name in others.index)]
    names = list(dict.fromkeys(names))
    rows = names
    if len(names) > limit:
        rows = [*names[: limit - 1], f"{len(names) - limit + 1} more"]
    return {name: min(i, len(rows) - 1) for i, name in enumerate(names)}, rows
