"""Let a method's figure draw the trial on which the verdict rests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache, wraps
from typing import TYPE_CHECKING, Any

from analysis.figures import captions
from analysis.verdicts.sweep import Curve, Trial, baseline, changes

if TYPE_CHECKING:
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
        other = replace(claim, parameters={**claim.parameters, **moved})
        drawing = draw(other, trial.estimate, _moved(curve, trial), vintage)
        if not moved:
            return drawing
        label = captions.choices(moved, {name: claim.grid[name] for name in moved}, claim.called)
        note = f"Drawn is the nearest specification with evidence: {label}."
        return replace(drawing, summary=f"{drawing.summary} {note}")

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
