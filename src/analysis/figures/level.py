"""A stated quantity: the claimed value as a line, every measured alternative as a mark."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from analysis import formatting
from analysis.figures import alt_text, captions, dotplot, forest_plot, style
from analysis.figures.figure import Drawing, build_method, headline
from analysis.figures.forest_plot import Scale
from analysis.figures.palette import OUTCOMES
from analysis.methods import each_value
from analysis.methods.level import Level
from analysis.verdicts.sweep import changes

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from analysis.claims.model import Claim
    from analysis.methods.estimate import Criterion, Estimate
    from analysis.verdicts.sweep import Curve, Trial

MAX_MEASURES = 12  # measures that are drawn one by one; the specification curve has them all
MIN_LOG_RATIO = 200  # a range of measures this many times its least is drawn on a logarithmic axis


def draw(claim: Claim, estimate: Estimate, curve: Curve, vintage: str = "publication") -> Drawing:
    """The distinct measures of the literal reading; `estimate` is the preferred one."""
    method = build_method(claim, Level)
    if method.across:
        return _each(claim, method, estimate, vintage)
    criterion, unit = method.pass_criterion, estimate.unit or method.unit
    trials = curve.select(vintage, claim.literal.name)
    shown, left = _picked(estimate, trials)
    options = _mattering(claim, shown)
    data = dotplot.table(
        [
            dotplot.claimed_row(captions.asserted(criterion, unit), criterion, unit),
            *(_row(trial, options, unit, claim.called) for trial in shown),
        ]
    )
    title = headline(claim, curve, vintage)
    heading = style.Heading(
        title=title,
        subtitle=_subtitle(estimate, criterion, unit, shown, left),
        source=captions.sources(_families(shown), vintage, call=claim.called),
    )
    with style.styled():
        figure = _drawn(heading, data, criterion, estimate.unit)
    return Drawing(
        figure=figure,
        data=data,
        title=title,
        summary=heading.subtitle,
        alt=alt_text.level(data, captions.asserted(criterion, unit)),
    )


def _each(claim: Claim, method: Level, estimate: Estimate, vintage: str) -> Drawing:
    """A row for each value that the preferred measure was made for, against the stated number."""
    criterion, unit = method.each_criterion, method.unit
    kinds = {name: OUTCOMES[outcome].word for outcome, name in each_value.OUTCOMES.items()}
    rows = [
        {
            "mark": "measure",
            "group": "alternative",
            "label": claim.called(point.label),
            "value": point.value,
            "low": point.low,
            "high": point.high,
            "unit": unit,
            "outcome": kinds[point.text.rpartition(": ")[2]],
            "family": point.family,
            "source_id": point.source_id,
            "row": point.row,
        }
        for point in sorted(estimate.points, key=lambda point: -point.value)
    ]
    claimed = captions.asserted(criterion, unit)
    how_many = captions.asserted(method.pass_criterion, estimate.unit)
    data = dotplot.table([dotplot.claimed_row(claimed, criterion, unit), *rows])
    found = f"No admissible evidence: {captions.searched(estimate.note)}."
    if estimate.value is not None:
        found = f"Measured: {formatting.interval(estimate)} {estimate.unit}."
        note = captions.searched(estimate.note)
        found += f" {note[:1].upper()}{note[1:]}." if note else ""
    title = f"{claim.id}. {claim.title}"
    heading = style.Heading(
        title=title,
        subtitle=f"{found} Claimed: {how_many}, each {claimed}.",
        source=captions.sources(estimate.families, vintage, call=claim.called),
    )
    with style.styled():
        figure = _drawn(heading, data, criterion, unit)
    alt = alt_text.level(data, f"{claimed}, {how_many}")
    return Drawing(figure=figure, data=data, title=title, summary=heading.subtitle, alt=alt)


def _picked(estimate: Estimate, trials: Sequence[Trial]) -> tuple[list[Trial], int]:
    """The trials to draw, the preferred one first, then by value; and how many are left out.

    Trials with one result are one measure. Where there are more than fit, those that differ from
    the preferred one in the fewest choices are drawn.
    """
    start = next((trial for trial in trials if trial.preferred), None)
    if start is None or estimate.value is None:
        found: list[Trial] = []
    else:
        outcome = start.pass_criterion.outcome(estimate)
        found = [replace(start, estimate=estimate, outcome=outcome)]
    base = start.choices if start else {}
    near = sorted(trials, key=lambda trial: len(changes(base, trial.choices)))
    seen = {_result(trial.estimate) for trial in found}
    for trial in near:
        if trial.outcome is not None and _result(trial.estimate) not in seen:
            seen.add(_result(trial.estimate))
            found.append(trial)
    drawn = found[:MAX_MEASURES]
    first = 1 if drawn and drawn[0].preferred else 0
    rest = sorted(drawn[first:], key=_value, reverse=True)
    return [*drawn[:first], *rest], len(found) - len(drawn)


def _value(trial: Trial) -> float:
    value = trial.estimate.value
    return -math.inf if value is None else value


def _result(estimate: Estimate) -> tuple[float | None, ...]:
    return estimate.value, estimate.low, estimate.high


def _mattering(claim: Claim, shown: Sequence[Trial]) -> dict[str, Sequence[Any]]:
    """The choices in which the drawn trials differ, with their alternatives."""
    return {
        name: options
        for name, options in claim.grid.items()
        if len({str(trial.choices.get(name)) for trial in shown}) > 1
    }


def _row(
    trial: Trial, options: Mapping[str, Sequence[Any]], unit: str, call: captions.Namer
) -> dict[str, Any]:
    return {
        "mark": "measure",
        "group": "preferred" if trial.preferred else "alternative",
        "label": captions.choices(trial.choices, options, call) or "measured",
        **dotplot.trial_columns(trial),
        "unit": unit,
    }


def _families(shown: Sequence[Trial]) -> set[str]:
    return {family for trial in shown for family in trial.estimate.families}


def _subtitle(
    estimate: Estimate, criterion: Criterion, unit: str, shown: Sequence[Trial], left: int
) -> str:
    if estimate.value is None:
        whose = "for the preferred measure" if shown else ""
        text = f"No admissible evidence {whose}".strip() + f": {captions.searched(estimate.note)}."
    else:
        distance = _distance(estimate.value, criterion)
        text = f"Measured: {formatting.interval(estimate)} {unit}{distance}."
    passing = sum(trial.outcome == 1 for trial in shown)
    text += f" Claimed: {captions.asserted(criterion, unit)}."
    if len(shown) > 1:
        text += f" {passing} of {len(shown)} measures{' drawn' if left else ''} pass"
        text += f"; {left} more are in the specification curve." if left else "."
    return text


def _distance(value: float, criterion: Criterion) -> str:
    """The distance of the value from the claimed one, in percent of the latter."""
    if not criterion.threshold:
        return ""
    percent = 100 * (value - criterion.threshold) / abs(criterion.threshold)
    if round(percent, 1) == 0:
        return ""
    return f", {abs(percent):.3g}% {'above' if percent > 0 else 'below'} the claimed number"


def _drawn(heading: style.Heading, data: pd.DataFrame, criterion: Criterion, unit: str) -> Figure:
    measured = data[data["mark"] == "measure"]
    texts = {row.Index: formatting.interval(row) for row in measured.itertuples()}
    return forest_plot.draw_rows(
        heading,
        data.assign(text=data.index.map(texts)),
        OUTCOMES,
        _scale(measured, criterion, unit),
        bold=[i for i, group in enumerate(measured["group"]) if group == "preferred"],
        criterion=criterion,
        line=(criterion.threshold, f"claimed: {captions.asserted(criterion)}"),
    )


def _scale(measured: pd.DataFrame, criterion: Criterion, unit: str) -> Scale:
    """An axis around all marks and the claimed value; logarithmic for a wide range."""
    low, high, *_ = criterion.region()
    ends = [criterion.threshold, *(end for end in (low, high) if math.isfinite(end))]
    ends += [*measured["low"], *measured["high"]]
    least, most = min(ends), max(ends)
    if least > 0 and most / least > MIN_LOG_RATIO:
        name = f"{unit}, logarithmic"
        return Scale(name=name, low=least / 1.6, high=most * 1.6, logarithmic=True)
    pad = 0.08 * (most - least) or abs(most) * 0.5 or 1
    return Scale(name=unit, low=least - pad, high=most + pad)
