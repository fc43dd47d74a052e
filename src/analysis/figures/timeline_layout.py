"""Rows, marks and words of a figure of dated records, one layout for each kind of question."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd
from matplotlib.dates import date2num

from analysis import formatting
from analysis.figures import captions, dotplot
from analysis.figures import timeline_words as words
from analysis.figures.palette import OUTCOMES, Style
from analysis.methods.estimate import Estimate, Outcome, interval_of
from analysis.methods.timeline import interval

if TYPE_CHECKING:
    from analysis.methods.timeline import Timeline

MAX_ROWS = 14  # rows; what is left shares the last one
EXTRA_COLUMNS = ("text", "first", "last")  # columns of the plotted numbers beside the usual ones
PLACEMENT = ("start", "end", "x", "y")  # positions on the page, not part of the plotted numbers
ISO_DATE = re.compile(r"\d{4}(-\d\d){0,2}")
Styles = Mapping[Outcome | None, Style]


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineLayout:
    """Rows with marks, the claim and the finding, before anything is drawn."""

    data: pd.DataFrame
    labels: Sequence[str]
    notes: Sequence[str]
    kinds: Styles
    what: str
    claimed: str
    finding: str
    axis: str = ""
    bold: Sequence[int] = ()


def record_days(estimate: Estimate) -> list[tuple[date, date]]:
    """The first and last day of each record that has any."""
    return [interval(point.text) for point in estimate.points if point.text]


def _events(estimate: Estimate) -> pd.DataFrame:
    """A row for each record with a day: its first and last day and what the method measured."""
    rows = []
    for point in estimate.points:
        if not point.text:
            continue
        first, last = interval(point.text)
        rows.append(
            {
                "mark": "record",
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


def _placed(found: pd.DataFrame, by: str, order: Sequence[str]) -> tuple[pd.DataFrame, list[str]]:
    """The records with their rows (`y`); rows that do not fit are one row, the last."""
    labels = list(order)
    if len(labels) > MAX_ROWS:
        labels = [*labels[: MAX_ROWS - 1], f"{len(labels) - MAX_ROWS + 1} more"]
    places = {name: min(i, len(labels) - 1) for i, name in enumerate(order)}
    return found.assign(y=found[by].map(places)), labels


def _in_time(found: pd.DataFrame) -> pd.DataFrame:
    """The records with their ends and their middle on an axis of days."""
    start, end = (date2num(pd.to_datetime(found[name])) for name in ("first", "last"))
    return found.assign(start=start, end=end, x=(start + end) / 2)


def _in_days(found: pd.DataFrame) -> pd.DataFrame:
    """The records with their ends and their middle on an axis of numbers of days."""
    return found.assign(start=found["low"], end=found["high"], x=found["value"])


def _layout(method: Timeline, found: pd.DataFrame, **parts: Any) -> TimelineLayout:
    """The plan with the claimed value as the first row of its numbers."""
    claimed = pd.DataFrame(
        [dotplot.claimed_row(parts["claimed"], method.pass_criterion, method.unit)]
    )
    data = pd.concat([claimed, found]) if len(found) else claimed
    if len(parts["notes"]) > len(parts["labels"]):  # the last row combines several
        parts["notes"] = [*parts["notes"][: len(parts["labels"]) - 1], ""]
    data = data.reindex(columns=[*dotplot.COLUMNS, *EXTRA_COLUMNS, *PLACEMENT])
    return TimelineLayout(data=data.reset_index(drop=True), **parts)


def _dated(method: Timeline, estimate: Estimate) -> TimelineLayout:
    """A row for each source family: the day that it gives, against the claimed window."""
    kinds = _styles("on the claimed day", "perhaps on it", "on another day")
    found = _judged(method, _events(estimate), kinds)
    order, notes = _by_family(found)
    found, labels = _placed(_in_time(found), "label", order)
    tolerance = (
        f", {formatting.count(int(method.tolerance), 'day')} either way" if method.tolerance else ""
    )
    finding = words.missing(estimate)
    if estimate.value is not None:
        families = formatting.count(len(order), "source family", "source families")
        finding = f"Recorded by {families}: {words.offset(estimate)}."
    return _layout(
        method, found, labels=labels, notes=notes, kinds=kinds, what="Timeline",
        claimed=formatting.days(window(method)) + tolerance, finding=finding,
    )  # fmt: skip


def window(method: Timeline) -> tuple[date, date]:
    """The first and the last day that the claim names."""
    return interval(method.claimed_from)[0], interval(method.claimed_to or method.claimed_from)[1]


def _lagged(method: Timeline, estimate: Estimate) -> TimelineLayout:
    """A row for each source family: the days to the other event, against the claimed number."""
    kinds = _styles("as claimed", "perhaps as claimed", "otherwise")
    found = _judged(method, _events(estimate), kinds)
    order, notes = _by_family(found)
    found, labels = _placed(_in_days(found), "label", order)
    finding = words.missing(estimate)
    if estimate.value is not None:
        families = formatting.count(len(order), "source family", "source families")
        finding = f"The lag by {families}: {formatting.interval(estimate)} days."
    return _layout(
        method, found, labels=labels, notes=notes, kinds=kinds,
        what="Chart of lags in days", claimed=captions.asserted(method.pass_criterion, "days"),
        finding=finding, axis="days from the event to the one it is counted to",
    )  # fmt: skip


def _laddered(method: Timeline, estimate: Estimate) -> TimelineLayout:
    """A row for each rung, the highest first: when it is recorded as reached."""
    rungs = list(reversed(method.ladder))
    claimed = rungs.index(method.claimed_rung)
    kinds = _styles("claimed stage or higher", "perhaps by then", "lower stage")
    found = _by_then(method, _judged(method, _events(estimate), kinds), kinds)
    found = _in_time(found.assign(y=len(rungs) - 1 - found["value"]))
    stages = [formatting.plain(rung) for rung in rungs]
    notes = [_since(found[found["y"] == i]) for i in range(len(rungs))]
    texts = [f"{stages[int(row.y)]}, {row.text}" for row in found.itertuples()]
    found = found.assign(text=texts)
    finding = words.missing(estimate)
    if estimate.value is not None:
        low, high = (formatting.plain(method.ladder[int(end)]) for end in interval_of(estimate))
        finding = f"Highest stage on record{words.by(method)}: {low}"
        finding += "." if low == high else f", perhaps {high}."
    return _layout(
        method, found, labels=stages, notes=notes, kinds=kinds,
        what="Ladder of stages in time", claimed=formatting.plain(method.claimed_rung),
        finding=finding, bold=[claimed],
    )  # fmt: skip


def _counted(method: Timeline, estimate: Estimate) -> TimelineLayout:
    """A row for each object: its records in time, and whether it reached the claimed stage."""
    rung = formatting.plain(method.claimed_rung)
    kinds = _styles(f"{rung} or higher", "perhaps by then", "lower stage")
    reached = list(method.ladder).index(method.claimed_rung)
    events = _by_object(_events(estimate))
    word = {True: kinds[Outcome.PASS].word, False: kinds[Outcome.FAIL].word}
    found = events.assign(outcome=[word[value >= reached] for value in events["value"]])
    found = _by_then(method, found, kinds)
    tops = found.groupby("label")["value"].max()
    order = sorted(tops.index, key=lambda name: (-tops[name], name))
    found, labels = _placed(_in_time(found), "label", order)
    notes = [formatting.plain(method.ladder[int(tops[name])]) for name in order]
    finding = words.missing(estimate)
    if estimate.value is not None:
        n, perhaps = int(estimate.value), words.perhaps(estimate)
        finding = (
            f"On record{words.by(method)}: {n}{perhaps} of {formatting.count(len(order), 'case')}"
            f" at the stage “{rung}” or higher."
        )
    return _layout(
        method, found, labels=labels, notes=notes, kinds=kinds,
        what="Chart of cases in time", claimed=f"at least {formatting.number(method.claimed)}",
        finding=finding,
    )  # fmt: skip


def _before(method: Timeline, estimate: Estimate) -> TimelineLayout:
    """A row for each case, the earliest first, against the day before which there is none."""
    start = interval(method.claimed_from)[0]
    kinds = _styles("not earlier", "perhaps earlier", "earlier")
    events = _by_object(_events(estimate)).sort_values(["first", "last", "label"], kind="stable")
    edge = start.isoformat()
    outcomes = [
        kinds[
            Outcome.FAIL if last < edge else Outcome.UNCLEAR if first < edge else Outcome.PASS
        ].word
        for first, last in zip(events["first"], events["last"], strict=True)
    ]
    found = _in_time(events.assign(outcome=outcomes))
    order = list(dict.fromkeys(found["label"]))
    notes = [found[found["label"] == name]["text"].iloc[0] for name in order]
    found, labels = _placed(found, "label", order)
    labels = [
        formatting.days(interval(name)) if ISO_DATE.fullmatch(name) else name for name in labels
    ]
    notes = ["" if note in labels else note for note in notes]
    finding = words.missing(estimate)
    if estimate.value is not None:
        sure, more = int(estimate.value), words.perhaps(estimate)
        cases = formatting.count(sure, "earlier case") if sure or more else "No earlier case"
        finding = f"{cases}{more} found in {formatting.count(estimate.n, 'row')} searched."
    return _layout(
        method, found, labels=labels, notes=notes, kinds=kinds,
        what="Timeline of cases", claimed=f"none before {formatting.day(start)}", finding=finding,
    )  # fmt: skip


LAYOUTS: Mapping[str, Callable[[Timeline, Estimate], TimelineLayout]] = {
    "date": _dated,
    "lag": _lagged,
    "rung": _laddered,
    "count": _counted,
    "none_before": _before,
}


def _styles(good: str, unclear: str, bad: str) -> Styles:
    """The marks of outcomes under the words of this figure."""
    named = {Outcome.PASS: good, Outcome.UNCLEAR: unclear, Outcome.FAIL: bad}
    return {outcome: replace(OUTCOMES[outcome], word=word) for outcome, word in named.items()}


def _judged(method: Timeline, found: pd.DataFrame, kinds: Styles) -> pd.DataFrame:
    """The records, each with its own outcome."""
    outcomes = [
        method.pass_criterion.outcome(Estimate(value=row.value, low=row.low, high=row.high))
        for row in found.itertuples()
    ]
    return found.assign(outcome=[kinds[outcome].word for outcome in outcomes])


def _by_then(method: Timeline, found: pd.DataFrame, kinds: Styles) -> pd.DataFrame:
    """The records; one whose range goes beyond the day that counts is only perhaps for it."""
    if not method.as_of:
        return found
    beyond = found["last"] > interval(method.as_of)[1].isoformat()
    perhaps = beyond & (found["outcome"] == kinds[Outcome.PASS].word)
    return found.assign(outcome=found["outcome"].mask(perhaps, kinds[Outcome.UNCLEAR].word))


def _by_family(found: pd.DataFrame) -> tuple[list[str], list[str]]:
    """The families by their day, with the day and how many records give it."""
    parts = dict(list(found.groupby("label", sort=False)))
    order = sorted(parts, key=lambda name: (min(parts[name]["last"]), name))
    notes = []
    for name in order:
        days = interval(f"{min(parts[name]['first'])}/{max(parts[name]['last'])}")
        times = f" ×{len(parts[name])}" if len(parts[name]) > 1 else ""
        notes.append(formatting.days(days) + times)
    return order, notes


def _by_object(found: pd.DataFrame) -> pd.DataFrame:
    """The records under the name of what is counted, not of who recorded it."""
    return found.rename(columns={"label": "group", "group": "label"})[list(found.columns)]


def _since(found: pd.DataFrame) -> str:
    """The first day on which a rung was reached, and the number of records."""
    if found.empty:
        return "not on record"
    times = f" ×{len(found)}" if len(found) > 1 else ""
    return f"{found.sort_values(['last', 'first'])['text'].iloc[0]}{times}"
