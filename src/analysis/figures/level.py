"""A stated quantity: the number that it is held against, and every measured alternative."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from analysis import formatting
from analysis.figures import alt_text, captions, dotplot, forest_plot, numbers, style, threshold
from analysis.figures.figure import Drawing, build_method, headline
from analysis.figures.forest_plot import Scale
from analysis.figures.frames import point_columns
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
MAX_CONTEXT = 3  # other readings whose numbers stand beside a single one
Group = Sequence["Trial"]  # trials with the same result, to its rounding


def draw(claim: Claim, estimate: Estimate, curve: Curve, vintage: str = "publication") -> Drawing:
    """The distinct measures of the literal reading; `estimate` is the preferred one."""
    method = build_method(claim, Level)
    if method.across:
        return _each(claim, method, estimate, headline(claim, curve, vintage), vintage)
    criterion, unit = method.pass_criterion, estimate.unit or method.unit
    trials = curve.select(vintage, claim.literal.name)
    shown, left = _picked(estimate, trials)
    options = _mattering(claim, shown)
    claimed = dotplot.claimed_row(threshold.labelled(claim, criterion), criterion, unit)
    data = dotplot.table(
        [
            {**claimed, "group": threshold.whose(claim, criterion)},
            *(_row(group, options, unit, claim.called) for group in shown),
            *(_context(claim, curve, vintage) if len(shown) == 1 else ()),
        ]
    )
    heading = style.Heading(
        title=headline(claim, curve, vintage),
        claim=claim.statement,
        subtitle=_subtitle(claim, estimate, (criterion, unit), shown, left),
        source=captions.sources(_families(shown), vintage, call=claim.called),
    )
    return Drawing(
        figure=plot(data, heading),
        data=data,
        title=heading.title,
        summary=heading.subtitle,
        alt=alt_text.level(data[data["mark"] != "context"], captions.asserted(criterion, unit)),
    )


def plot(data: pd.DataFrame, heading: style.Heading = style.NO_HEADING) -> Figure:
    """The rows of `data` marked `measure` against the one marked `claimed`.

    A measure has `label`, `value`, `low`, `high`, `outcome` and, in bold, the `group` preferred; a
    single one is written as a number, with the rows marked `context` below it.

    Example: `figures.level(drawing.data.query("outcome != 'fails'"))`
    """
    claimed = data[data["mark"] == "claimed"].iloc[0]
    measured = data[data["mark"] == "measure"]
    with style.styled():
        if measured.empty:
            return style.sheet(heading, 0.1, left=style.MARGIN, axis=0, above=0).figure
        if len(measured) == 1:
            context = data[data["mark"] == "context"]
            return _two_numbers(claimed, measured.iloc[0], context, heading)
        texts = [formatting.interval(row) for row in measured.itertuples()]
        return forest_plot.draw_rows(
            heading,
            measured.assign(text=texts),
            OUTCOMES,
            _scale(measured, claimed),
            bold=[i for i, group in enumerate(measured["group"]) if group == "preferred"],
            region=(claimed["low"], claimed["high"]),
            line=(claimed["value"], str(claimed["label"])),
        )


def _each(claim: Claim, method: Level, estimate: Estimate, title: str, vintage: str) -> Drawing:
    """A row for each value that the preferred measure was made for, against the stated number."""
    criterion, unit = method.each_criterion, method.unit
    kinds = {name: OUTCOMES[outcome].word for outcome, name in each_value.EACH_WORDS.items()}
    rows = [
        {
            **point_columns(point),
            "mark": "measure",
            "group": "alternative",
            "label": claim.called(point.label),
            "unit": unit,
            "outcome": kinds[point.text.rpartition(": ")[2]],
        }
        for point in sorted(estimate.points, key=lambda point: -point.value)
    ]
    claimed = captions.asserted(criterion, unit)
    how_many = captions.asserted(method.pass_criterion, estimate.unit)
    row = dotplot.claimed_row(f"{threshold.NEEDED}: {claimed}", criterion, unit)
    data = dotplot.table([row, *rows])
    found = f"No admissible evidence: {captions.searched(estimate.note)}."
    if estimate.value is not None:
        found = f"Measured: {formatting.interval(estimate)} {estimate.unit}."
        note = captions.searched(estimate.note)
        found += f" {note[:1].upper()}{note[1:]}." if note else ""
    heading = style.Heading(
        title=title,
        claim=claim.statement,
        subtitle=f"{found} Needed: {how_many}, each {claimed}.",
        source=captions.sources(estimate.families, vintage, call=claim.called),
    )
    alt = alt_text.level(data, f"{claimed}, {how_many}")
    return Drawing(
        figure=plot(data, heading), data=data, title=title, summary=heading.subtitle, alt=alt
    )


def _two_numbers(
    claimed: pd.Series, measured: pd.Series, context: pd.DataFrame, heading: style.Heading
) -> Figure:
    """The article's or the needed number beside the measured one."""
    colours = {kind.word: kind.colour for kind in OUTCOMES.values()}
    named, _, words = str(claimed["label"]).partition(": ")
    whole = formatting.number(claimed["value"])
    text, bounds = formatting.interval(measured), formatting.number(measured["value"])
    return numbers.beside(
        heading,
        numbers.Labelled(label="The article says" if named == threshold.ARTICLE else "Needed",
                         value=whole, unit=str(measured["unit"]),
                         note="" if words == whole else words),
        numbers.Labelled(label="Measured", value=bounds, unit=str(measured["unit"]),
                         note="" if text == bounds else text,
                         colour=colours[measured["outcome"]]),
        context=[f"{formatting.interval(each)} {each.unit}: {each.label}"
                 for each in context.itertuples()],
    )  # fmt: skip


def _context(claim: Claim, curve: Curve, vintage: str) -> list[dict[str, Any]]:
    """The number of the preferred specification of each other reading."""
    rows = []
    for reading in claim.readings:
        trials = curve.select(vintage, reading.name)
        trial = next((trial for trial in trials if trial.preferred), None)
        if reading.name == claim.literal.name or trial is None or trial.estimate.value is None:
            continue
        rows.append({"mark": "context", "label": reading.statement,
                     **dotplot.trial_columns(trial)})  # fmt: skip
    return rows[:MAX_CONTEXT]


def _picked(estimate: Estimate, trials: Sequence[Trial]) -> tuple[list[Group], int]:
    """The trials to draw, the preferred one first, then by value; and how many are left out.

    Trials with one result, to three digits, are one measure. Where there are more than fit, those
    that differ from the preferred one in the fewest choices are drawn.
    """
    start = next((trial for trial in trials if trial.preferred), None)
    base = start.choices if start else {}
    near = sorted(trials, key=lambda trial: len(changes(base, trial.choices)))
    groups: dict[tuple[Any, ...], list[Trial]] = {}
    preferred = start is not None and estimate.value is not None
    if start is not None and preferred:
        outcome = start.pass_criterion.outcome(estimate)
        groups[_result(estimate, outcome)] = [replace(start, estimate=estimate, outcome=outcome)]
    for trial in near:
        if trial.outcome is not None and not (preferred and trial is start):
            groups.setdefault(_result(trial.estimate, trial.outcome), []).append(trial)
    found = list(groups.values())
    drawn = found[:MAX_MEASURES]
    first = 1 if drawn and drawn[0][0].preferred else 0
    rest = sorted(drawn[first:], key=_value, reverse=True)
    return [*drawn[:first], *rest], len(found) - len(drawn)


def _value(group: Group) -> float:
    value = group[0].estimate.value
    return -math.inf if value is None else value


def _result(estimate: Estimate, outcome: Any) -> tuple[Any, ...]:
    """What a reader can tell apart: three significant digits, and how it came out."""
    found = (estimate.value, estimate.low, estimate.high)
    return (outcome, *("" if end is None else f"{end:.3g}" for end in found))


def _mattering(claim: Claim, shown: Sequence[Group]) -> dict[str, Sequence[Any]]:
    """The choices in which the drawn trials differ, with their alternatives."""
    return {
        name: options
        for name, options in claim.grid.items()
        if len({str(group[0].choices.get(name)) for group in shown}) > 1
    }


def _row(
    group: Group, options: Mapping[str, Sequence[Any]], unit: str, call: captions.Namer
) -> dict[str, Any]:
    """The measure of trials with one result, under the choices that they share."""
    first = group[0]
    shared = {
        name: alternatives
        for name, alternatives in options.items()
        if len({str(trial.choices.get(name)) for trial in group}) == 1
    }
    label = captions.choices(first.choices, shared or options, call)
    return {
        "mark": "measure",
        "group": "preferred" if first.preferred else "alternative",
        "label": label or "measured",
        **dotplot.trial_columns(first),
        "unit": unit,
    }


def _families(shown: Sequence[Group]) -> set[str]:
    return {family for group in shown for trial in group for family in trial.estimate.families}


def _subtitle(
    claim: Claim,
    estimate: Estimate,
    needed: tuple[Criterion, str],
    shown: Sequence[Group],
    left: int,
) -> str:
    criterion, unit = needed
    if estimate.value is None:
        whose = "for the preferred measure" if shown else ""
        text = f"No admissible evidence {whose}".strip() + f": {captions.searched(estimate.note)}."
    else:
        article = threshold.whose(claim, criterion) == threshold.ARTICLE
        distance = _distance(estimate.value, criterion) if article else ""
        text = f"Measured: {formatting.interval(estimate)} {unit}{distance}."
    said = threshold.labelled(claim, criterion, unit)
    text += f" {said[0].upper()}{said[1:]}."
    passing = sum(len(group) for group in shown if group[0].outcome == 1)
    counted = sum(map(len, shown))
    if len(shown) > 1:
        text += f" {passing} of {counted} ways of counting{' drawn' if left else ''} pass"
        text += "; ways with the same result share a row" if counted > len(shown) else ""
        text += f"; {left} more are in the specification curve." if left else "."
    return text


def _distance(value: float, criterion: Criterion) -> str:
    """The distance of the value from the article's number, in percent of the latter.

    Empty where the value is inside a bound: then it is no distance from what is claimed.
    """
    if not criterion.threshold or (criterion.rule.open_end and criterion.admits(value)):
        return ""
    percent = 100 * (value - criterion.threshold) / abs(criterion.threshold)
    if round(percent, 1) == 0:
        return ""
    return f", {abs(percent):.3g}% {'above' if percent > 0 else 'below'} the article's number"


def _scale(measured: pd.DataFrame, claimed: pd.Series) -> Scale:
    """An axis around all marks and the claimed value; logarithmic for a wide range."""
    ends = [end for end in (claimed["value"], claimed["low"], claimed["high"]) if end == end]  # noqa: PLR0124 - NaN
    ends += [*measured["low"], *measured["high"]]
    least, most = min(ends), max(ends)
    unit = str(measured["unit"].iloc[0])
    if least > 0 and most / least > MIN_LOG_RATIO:
        name = f"{unit}, logarithmic"
        return Scale(name=name, low=least / 1.6, high=most * 1.6, logarithmic=True)
    pad = 0.08 * (most - least) or abs(most) * 0.5 or 1
    return Scale(name=unit, low=least - pad, high=most + pad)
