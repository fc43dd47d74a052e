"""Parts of a whole: the shares asked for, the conditions on them, or who gained what one lost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from analysis import formatting
from analysis.figures import alt_text, captions, dotplot, forest_plot, style, threshold
from analysis.figures.figure import Drawing, headline
from analysis.figures.forest_plot import EXTRA_COLUMNS, Scale
from analysis.figures.frames import point_columns
from analysis.figures.palette import INK, LOSS, NEUTRAL, OUTCOMES, Style
from analysis.methods.estimate import Outcome
from analysis.methods.share import Share

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from analysis.claims.model import Claim
    from analysis.methods.estimate import Criterion, Estimate, Point
    from analysis.verdicts.sweep import Curve

MIN_WHOLE_AXIS = 60  # percent from which the axis shows the whole
MAX_OTHERS = 12  # members that are drawn beside those asked for
ROLES = {
    "asked": Style(INK, "s", "asked for"),
    "lost": Style(LOSS, "v", "lost"),
    "other": Style(NEUTRAL, "d", "other"),
    "no row": Style(NEUTRAL, "D", "no row: any share"),
}
OUTCOME_WORDS = {"holds": Outcome.PASS, "unclear": Outcome.UNCLEAR, "fails": Outcome.FAIL}


def draw(claim: Claim, estimate: Estimate, curve: Curve, vintage: str = "publication") -> Drawing:
    """The preferred specification's parts; the other ones are in the specification curve."""
    estimate, method = forest_plot.drawable_estimate(claim, Share, estimate, curve, vintage)
    asks = {"sum": _summed, "holds": _held, "gain": _gained}[method.asks]
    titled = replace(claim, title=headline(claim, curve, vintage))
    return asks(titled, method, estimate, vintage)


def plot(data: pd.DataFrame, heading: style.Heading = style.NO_HEADING) -> Figure:
    """The rows of a tidy frame of shares, or of their changes.

    Example: `figures.share(drawing.data.query("outcome != 'other'"))`
    """
    held = {name: replace(OUTCOMES[outcome], word=name) for name, outcome in OUTCOME_WORDS.items()}
    kinds: dict[Any, Style] = {**OUTCOMES, **ROLES, **held}
    return forest_plot.plot_frame(data, kinds, {ROLES["no row"].word}, heading)


def _summed(claim: Claim, method: Share, estimate: Estimate, vintage: str) -> Drawing:
    parts = [point for point in estimate.points if not point.text.startswith("other")]
    others = [point for point in estimate.points if point.text.startswith("other")]
    others.sort(key=lambda point: -point.value)
    rows = [_row(point, ROLES[point.text].word, "percent", _span(point)) for point in parts]
    if estimate.value is not None:
        together = {"label": "together" if len(parts) > 1 else parts[0].label, "unit": "percent"}
        outcome = OUTCOMES[method.pass_criterion.outcome(estimate)].word
        total = {**_numbers(estimate), **together, "mark": "total", "outcome": outcome}
        rows = [{**total, "text": formatting.interval(estimate)}, *(rows if len(parts) > 1 else [])]
    rows += [_row(p, ROLES["other"].word, "percent", _span(p)) for p in others[:MAX_OTHERS]]
    high = max([method.claimed, *(row["high"] for row in rows)], default=100)
    high = 100 if high > MIN_WHOLE_AXIS else high * 1.15
    scale = Scale(name="share of the whole, percent", low=0, high=high)
    return _drawing(
        claim,
        method,
        estimate,
        vintage,
        rows=rows,
        kinds={**OUTCOMES, **ROLES},
        scale=scale,
        bold=[0] if estimate.value is not None else [],
        what="Dot plot of shares",
        criterion=method.pass_criterion,
    )


def _held(claim: Claim, method: Share, estimate: Estimate, vintage: str) -> Drawing:
    kinds = {
        outcome: Style(OUTCOMES[outcome].colour, OUTCOMES[outcome].marker, word)
        for word, outcome in OUTCOME_WORDS.items()
    }
    rows = []
    for point in estimate.points:
        outcome_word, _, details = point.text.partition(":")
        text = f"{_span(point)} %, {details.strip()}" if details else f"{_span(point)} %"
        rows.append(_row(point, kinds[OUTCOME_WORDS[outcome_word]].word, "percent", text))
    needed = {method.condition_criterion(condition) for condition in method.conditions}
    one = next(iter(needed)) if method.criterion == "share" and len(needed) == 1 else None
    line = (one.threshold, f"needed: {one} %") if one else None
    return _drawing(
        claim,
        method,
        estimate,
        vintage,
        rows=rows,
        kinds=kinds,
        scale=Scale(name="share of the whole, percent", low=0, high=100),
        bold=[],
        what="Dot plot of the share in each whole",
        line=line,
    )


def _gained(claim: Claim, method: Share, estimate: Estimate, vintage: str) -> Drawing:
    points = sorted(estimate.points, key=lambda point: -point.value)
    rows, bold = [], []
    for i, point in enumerate(points):
        role, _, details = point.text.partition(": ")
        shares, _, _ = details.partition(", log-ratio")
        text = f"{point.value:+.1f} ({shares})" if "to" in shares else f"{point.value:+.1f}"
        rows.append(_row(point, ROLES[role].word, method.unit, text.replace(" percent", " %")))
        bold += [i] if role != "other" else []
    ends = [0.0, method.claimed, *(r["low"] for r in rows), *(r["high"] for r in rows)]
    pad = 0.12 * (max(ends) - min(ends)) or 1.0
    return _drawing(
        claim,
        method,
        estimate,
        vintage,
        rows=rows,
        kinds=ROLES,
        scale=Scale(
            name=f"change of the share, {method.base} to {method.period}, percentage points",
            low=min(ends) - pad,
            high=max(ends) + pad,
        ),
        bold=bold,
        what="Dot plot of the change of each member's share",
        line=(method.claimed, threshold.labelled(claim, method.pass_criterion)) if rows else None,
    )


def _drawing(
    claim: Claim,
    method: Share,
    estimate: Estimate,
    vintage: str,
    *,
    rows: list[dict[str, Any]],
    kinds: Mapping[Any, Style],
    scale: Scale,
    bold: list[int],
    what: str,
    criterion: Criterion | None = None,
    line: tuple[float, str] | None = None,
) -> Drawing:
    unit = estimate.unit or method.unit
    asserted = captions.asserted(method.pass_criterion, unit)
    data = dotplot.table(
        [dotplot.claimed_row(asserted, method.pass_criterion, unit), *rows], more=EXTRA_COLUMNS
    )
    finding = "".join(_finding(estimate, unit))
    said = threshold.labelled(claim, method.pass_criterion, unit)
    title = claim.title
    heading = style.Heading(
        title=title,
        claim=claim.statement,
        subtitle=f"{finding} {said[0].upper()}{said[1:]}.",
        source=captions.sources(estimate.families, vintage, call=claim.called),
    )
    if criterion is not None:
        line = (criterion.threshold, threshold.labelled(claim, criterion, unit))
    with style.styled():
        figure = forest_plot.draw_rows(
            heading,
            data,
            kinds,
            scale,
            bold=bold,
            region=criterion.region()[:2] if criterion else None,
            line=line,
            unknown={ROLES["no row"].word},
            filled=scale.low == 0,
        )
    alt = alt_text.timeline(data, what, f"the claimed {asserted}", finding)
    return Drawing(figure=figure, data=data, title=title, summary=heading.subtitle, alt=alt)


def _finding(estimate: Estimate, unit: str) -> Iterator[str]:
    if estimate.value is None:
        note = captions.searched(estimate.note)
        yield (
            f"{note[0].upper()}{note[1:]}."
            if estimate.points
            else f"No admissible evidence: {note}."
        )
        return
    yield f"Measured: {formatting.interval(estimate)} {unit}."
    if estimate.note:
        note = captions.searched(estimate.note)
        yield f" {note[0].upper()}{note[1:]}."


def _row(point: Point, outcome: str, unit: str, text: str) -> dict[str, Any]:
    return {
        **point_columns(point),
        "mark": "part",
        "unit": unit,
        "outcome": outcome,
        "text": text,
    }


def _numbers(found: Point | Estimate) -> dict[str, Any]:
    return {"value": found.value, "low": found.low, "high": found.high}


def _span(point: Point) -> str:
    """A share without more digits than anyone needs: to a tenth of a percent."""
    value, low, high = (f"{x:.1f}".removesuffix(".0") for x in (point.value, point.low, point.high))
    return value if low == high else f"{low} to {high}"
