"""The code that reproduces a state without any control. Pure."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from analysis.notebook.explore.controls import written
from analysis.notebook.explore.state import effective
from analysis.verdicts.sweep import PUBLICATION

if TYPE_CHECKING:
    from analysis.claims.model import Claim
    from analysis.notebook.explore.state import State


def script(claim: Claim, state: State) -> str:
    """Python for a cell: estimate, outcome and verdict as the panel shows them, and the figure."""
    return "\n".join(
        [
            "import analysis",
            "",
            f"claim = analysis.claim({_arguments(claim, state)})",
            f"vintage = {state.vintage!r}",
            "estimate = claim.build().estimate(analysis.load(claim, vintage))",
            "curve = analysis.sweep(claim, analysis.load(claim))",
            "judgement = analysis.judge(claim, curve)",
            "print(estimate.value, estimate.unit, claim.build().pass_criterion.outcome(estimate))",
            "print(getattr(judgement, vintage).code)",
            f"analysis.figures.{claim.method}(claim, estimate, curve, vintage)",
        ]
    )


def command(claim: Claim, state: State) -> str:
    """The same on the command line."""
    words = ["claims", "run", claim.id]
    if state.reading != claim.literal.name:
        words += ["--reading", shlex.quote(state.reading)]
    for name, value in effective(claim, state).items():
        words += ["-p", shlex.quote(f"{name}={written(value)}")]
    if state.vintage != PUBLICATION:
        words += ["--vintage", state.vintage]
    return " ".join(words)


def _arguments(claim: Claim, state: State) -> str:
    parts = [repr(claim.id)]
    if changes := dict(effective(claim, state)):
        parts.append(repr(changes))
    if state.reading != claim.literal.name:
        parts.append(f"reading={state.reading!r}")
    return ", ".join(parts)
