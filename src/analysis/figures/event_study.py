"""Daily counts around a day, missing days shown as missing, above the ratio in every window."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis import formatting
from analysis.figures import alt_text, captions, dotplot, event_days, style
from analysis.figures.figure import Drawing, build_method, headline
from analysis.figures.frames import keywords_of, with_keywords
from analysis.figures.palette import CLAIMED, OUTCOMES
from analysis.figures.style import AXIS, MARGIN, ROW, SMALL, breadth
from analysis.methods.event_study import EventStudy
from analysis.verdicts.sweep import changes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from analysis.claims.model import Claim
    from analysis.methods.estimate import Estimate
    from analysis.verdicts.sweep import Curve, Trial

DAYS_HEIGHT = 1.55  # inches of the daily plot
GAP_HEIGHT = 0.4  # inches between the plots, with the labels of the days
MAX_MEASURES = 12  # measures that are drawn
MAX_NOTE_WIDTH = 2.3  # inches, at most, for the words at the right
MAX_RATIO = 50.0  # a ratio, or its inverse, at which the axis ends


def draw(claim: Claim, estimate: Estimate, curve: Curve, vintage: str = "publication") -> Drawing:
    """The days of the preferred window, and the literal reading's ratio in every other one."""
    method = build_method(claim, EventStudy)
    shown = _select_trials(claim, curve.select(vintage, claim.literal.name))
    asserted = captions.asserted(method.pass_criterion)
    data = with_keywords(
        _table(method, estimate, shown),
        event=method.event,
        window=method.window,
        cut_out=tuple(method.donut),
        counted=formatting.plain(method.outcome),
        needed=asserted,
    )
    finding = _finding(estimate, shown)
    event = formatting.day(date.fromisoformat(method.event))
    claimed = f"{asserted} after {event}"
    title = headline(claim, curve, vintage)
    families = {family for trial in shown for family in trial.estimate.families}
    families |= {point.family for point in estimate.points}
    heading = style.Heading(
        title=title,
        claim=claim.statement,
        subtitle=f"{finding} Needed: a ratio of {claimed}.",
        source=captions.sources(families, vintage, call=claim.called),
    )
    return Drawing(
        figure=plot(data, heading, **keywords_of(data)),
        data=data,
        title=title,
        summary=heading.subtitle,
        alt=alt_text.event_study(data, f"ratio of {claimed}", finding),
    )


def plot(
    data: pd.DataFrame,
    heading: style.Heading = style.NO_HEADING,
    *,
    event: str,
    window: int,
    cut_out: Sequence[str] = (),
    counted: str = "count",
    needed: str = "",
) -> Figure:
    """The daily counts of a tidy frame around `event`, over the ratio that each measure gives.

    `event` is a day (2024-01-15), `window` the number of days on either side that are drawn,
    `cut_out` the first and the last day of each stretch that is left out, one after the other.
    `counted` names what is counted, `needed` the ratio that would do, in words.

    Example: `figures.event_study(days, event="2024-01-15", window=30, counted="incidents")`
    """
    with style.styled():
        around = event_days.Around(date.fromisoformat(event), window, tuple(cut_out), counted)
        return _drawn(heading, data, around, needed)


def _select_trials(claim: Claim, trials: Sequence[Trial]) -> list[Trial]:
    """One trial for each outcome and window, the nearest to the preferred choice.

    Those of the preferred outcome come first; of the others, those with evidence.
    """
    first = claim.preferred()
    own = build_method(claim, EventStudy).outcome
    nearest: dict[tuple[str, Any], Trial] = {}
    for trial in sorted(trials, key=lambda t: len(changes(first.choices, t.choices))):
        name = trial.choices.get("outcome", own)
        nearest.setdefault((name, trial.choices.get("window")), trial)
    mine = [trial for (name, _), trial in nearest.items() if name == own]
    others = [t for (name, _), t in nearest.items() if name != own and t.outcome is not None]
    mine.sort(key=lambda trial: trial.choices.get("window") or 0)
    others.sort(key=lambda trial: (trial.choices["outcome"], trial.choices.get("window") or 0))
    return [*mine, *others][:MAX_MEASURES]


def _table(method: EventStudy, estimate: Estimate, shown: Sequence[Trial]) -> pd.DataFrame:
    """The claimed ratio, the days around the event and the measures, a row each."""
    rows: list[Mapping[str, Any]] = [
        dotplot.claimed_row("claimed", method.pass_criterion, method.unit)
    ]
    for point in estimate.points:
        if point.label in ("observed", "missing"):
            known = point.label == "observed"
            rows.append(
                {
                    "mark": point.label,
                    "label": point.text,
                    "value": point.value if known else None,
                    "unit": f"{formatting.plain(method.outcome)} a day",
                    "family": point.family,
                    "source_id": point.source_id,
                    "row": point.row,
                    "expected": point.low,
                }
            )
    rows += [_measure(trial, method) for trial in shown]
    rows += [
        {
            "mark": "regression",
            "label": formatting.plain(point.label),
            "value": point.value,
            "low": point.low,
            "high": point.high,
            "unit": method.unit,
            "text": point.text,
        }
        for trial in shown
        for point in trial.estimate.points
        if point.label == "negative binomial" and trial.preferred
    ]
    return dotplot.table(rows, more=("expected", "text"))


def _measure(trial: Trial, method: EventStudy) -> Mapping[str, Any]:
    found = trial.estimate
    what = formatting.plain(trial.choices.get("outcome", method.outcome))
    window = trial.choices.get("window", method.window)
    return {
        "mark": "measure",
        "group": "preferred" if trial.preferred else "",
        "label": f"{what}, {window} days",
        **dotplot.trial_columns(trial),
        "unit": method.unit,
        "text": _short_note(found, OUTCOMES[trial.outcome].word),
    }


def _short_note(found: Estimate, word: str) -> str:
    """The note of a measure, short enough for the column beside it."""
    if found.value is not None:
        return f"{found.value:.2f} ({found.low:.2f} to {found.high:.2f}): {word}"
    note = found.note
    if " is known for " in note:
        days = note.split(" is known for ")[1].split(";")[0]
        before, after = days.split(" and ")
        return f"days: {_share(before)} before, {_share(after)} after"
    if "placebo dates" in note:
        return f"{note.split(' ')[0]} placebo dates: too few"
    return captions.searched(note)


def _share(text: str) -> str:
    """`12 of 27 days after` as 12/27."""
    parts = text.split(" ")
    return f"{parts[0]}/{parts[2]}"


def _finding(estimate: Estimate, shown: Sequence[Trial]) -> str:
    tried = [trial for trial in shown if trial.outcome is not None]
    passing = sum(trial.outcome == 1 for trial in tried)
    rest = (
        f"Of {formatting.count(len(shown), 'window')} drawn, {len(tried)} can be tested and "
        f"{passing} {'passes' if passing == 1 else 'pass'}."
    )
    if estimate.value is None:
        note = captions.searched(estimate.note)
        return f"Not to be decided: {note}. {rest}"
    return f"Ratio {formatting.interval(estimate)}, {captions.searched(estimate.note)}. {rest}"


def _drawn(
    heading: style.Heading, data: pd.DataFrame, around: event_days.Around, needed: str
) -> Figure:
    measured = data[data["mark"] == "measure"].reset_index(drop=True)
    labels = measured["label"].tolist()
    left = max((breadth(label, SMALL, "bold") for label in labels), default=0.5) + 0.25
    left = max(left, 0.7)
    noted = max((breadth(text, SMALL, "bold") for text in measured["text"]), default=0.1)
    right = MARGIN + 0.15 + min(noted, MAX_NOTE_WIDTH)
    rows = max(len(labels), 2) * ROW
    page = style.sheet(
        heading,
        DAYS_HEIGHT + GAP_HEIGHT + rows,
        left=left,
        right=right,
        above=0.42,
        axis=AXIS,
        width=style.WIDE,
    )
    height = page.top - page.bottom
    width = page.right - page.left
    days = page.axes(
        left=0.7,
        bottom=page.bottom + height - DAYS_HEIGHT,
        width=style.WIDE - 0.95,
        height=DAYS_HEIGHT,
    )
    handles = event_days.draw(days, data, around)
    axes = page.axes(left=page.left, bottom=page.bottom, width=width, height=rows)
    _measures_drawn(axes, measured, data[data["mark"] == "claimed"], needed, left)
    dotplot.key(page, (), more=handles, lift=0.12)
    return page.figure


def _measures_drawn(
    axes: Axes, measured: pd.DataFrame, claimed: pd.DataFrame, needed: str, left: float
) -> None:
    """A row a measure: its ratio with the range that placebo dates allow, or why there is none."""
    found = measured.assign(y=range(len(measured)))
    bold = found.index[found["group"] == "preferred"].tolist()
    dotplot.logarithmic(axes.xaxis)
    ends = [*found["low"].dropna(), *found["high"].dropna(), 0.5, 2.0]
    low, high = max(min(ends), 1 / MAX_RATIO), min(max(ends), MAX_RATIO)
    axes.set_xlim(low / 1.15, high * 1.15)
    dotplot.rows(axes, found["label"].tolist(), width=left - 0.2, bold=bold)
    first, last = axes.get_xlim()
    for row in claimed.itertuples():
        dotplot.admitted_span(axes, (row.low, row.high))
        axes.axvline(row.value, color=CLAIMED, linewidth=1.6, zorder=2)
    given = found[found["value"].notna()].assign(
        low=lambda f: f["low"].clip(lower=first), high=lambda f: f["high"].clip(upper=last)
    )
    dotplot.intervals(axes, given, OUTCOMES)
    dotplot.scatter(axes, given, OUTCOMES, x="value")
    dotplot.beside(axes, found["text"].tolist(), width=MAX_NOTE_WIDTH, bold=bold)
    ticks = [tick for tick in (0.1, 0.25, 0.5, 1, 2, 4, 10) if first <= tick <= last]
    axes.set_xticks(ticks, [formatting.number(tick) for tick in ticks])
    axes.minorticks_off()
    unit = str(pd.concat([claimed, measured])["unit"].iloc[0]) if len(claimed) + len(found) else ""
    scale = f"logarithmic; needed: {needed}" if needed else "logarithmic"
    axes.set_xlabel(f"{unit} ({scale})", size=SMALL)
