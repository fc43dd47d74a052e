"""Let a method's figure draw the trial on which the verdict rests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache, wraps
from typing import TYPE_CHECKING, Any, cast

from analysis.figures import captions, frames, threshold
from analysis.verdicts.sweep import Curve, Trial, baseline, changes

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from pandas import DataFrame

    from analysis.claims.model import Claim
    from analysis.figures.figure import Drawing
    from analysis.methods.estimate import Estimate

Draw = Callable[["Claim", "Estimate", Curve, str], "Drawing"]


@cache
def on_baseline(draw: Draw) -> Draw:
    """The same drawing, of the nearest specification with evidence where `estimate` has none.

    The summary then names the choices in which that one differs from the preferred one.
    """

    @wraps(draw)
    def drawn(
        claim: Claim, estimate: Estimate, curve: Curve, vintage: str = "publication"
    ) -> Drawing:
        trials = curve.select(vintage, claim.literal.name)
        trial = baseline(trials)
        if estimate.value is not None or trial is None or trial.outcome is None:
            return draw(claim, estimate, curve, vintage)
        moved = _changes(claim, trial)
        if not moved:
            return draw(claim, trial.estimate, _moved(curve, trial), vintage)
        label = captions.choices(moved, {name: claim.grid[name] for name in moved}, claim.called)
        note = f"Drawn is the nearest specification with evidence: {label}."
        said = f"{claim.statement}{threshold.NOTE}{note}]"
        other = replace(claim, parameters={**claim.parameters, **moved}, statement=said)
        drawing = draw(other, trial.estimate, _moved(curve, trial), vintage)
        return replace(drawing, summary=f"{drawing.summary} {note}")

    return drawn


@cache
def of_frames(draw: Draw, plot: Callable[..., Figure], name: str) -> Callable[..., Any]:
    """The same function, which given a tidy frame returns the matplotlib figure of that frame.

    It raises ParameterError for a frame that `frames.FRAMES[name]` does not describe.
    """

    @wraps(draw)
    def drawn(first: Claim | DataFrame, *more: Any, **named: Any) -> Drawing | Figure:
        if hasattr(first, "columns"):
            known = frames.keywords_of(first)
            return plot(frames.checked(name, first), *more, **{**known, **named})
        return draw(cast("Claim", first), *more, **named)

    return drawn


def _changes(claim: Claim, trial: Trial) -> dict[str, Any]:
    """The choices in which a trial differs from the preferred specification."""
    found = changes(claim.preferred().choices, trial.choices)
    return {name: new for name, (_, new) in found.items()}


def _moved(curve: Curve, trial: Trial) -> Curve:
    """The curve with this trial as the preferred one of its reading and vintage."""
    group = set(map(id, curve.select(trial.vintage, trial.reading, trial.left_out)))
    return replace(
        curve,
        trials=tuple(
            replace(each, preferred=each is trial) if id(each) in group else each
            for each in curve.trials
        ),
    )
