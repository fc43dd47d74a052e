"""What follows from a reader's assumptions: estimate, outcome, verdict, company in the grid."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from analysis.notebook.explore.state import State, agreeing, assumed, is_registered, resolved
from analysis.verdicts import rules
from analysis.verdicts import sweep as sweeps

if TYPE_CHECKING:
    from datetime import date

    from analysis.claims.model import Claim, Specification
    from analysis.data.evidence import Evidence
    from analysis.figures.figure import Drawing
    from analysis.verdicts.rules import Verdict
    from analysis.verdicts.sweep import Curve, Trial


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a state yields.

    `verdict` is that of the claim if these assumptions were its preferred ones. `registered` says
    whether the specification is in the grid; of the combinations of the registered choices in this
    reading and vintage, under the same other parameters, `tried` have evidence, and `agree` of them
    come out as this one does.
    """

    claim: Claim
    trial: Trial
    curve: Curve
    verdict: Verdict
    registered: bool
    agree: int
    tried: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluator:
    """A claim on its evidence. Each specification is estimated once, however often it is asked."""

    claim: Claim
    evidence: Evidence
    cutoffs: Mapping[str, date | None]
    _known: dict[str, Evidence] = field(default_factory=dict, init=False)
    _tried: dict[str, Trial] = field(default_factory=dict, init=False)

    def examine(self, state: State) -> Finding:
        """Try the state. Raises ParameterError, or what the method raises on odd structures."""
        claim = assumed(self.claim, state)
        reading = self.claim.reading(state.reading)
        trial = self._attempt(claim.preferred(), state.vintage, preferred=True)
        curve = self.sweep(claim, state.vintage)
        company = curve.select(state.vintage, state.reading)
        agree, tried = agreeing([each.outcome for each in company], trial.outcome)
        return Finding(
            claim=claim,
            trial=trial,
            curve=curve,
            verdict=getattr(rules.judge(claim, curve), state.vintage),
            registered=is_registered(self.claim, reading, claim.preferred()),
            agree=agree,
            tried=tried,
        )

    def sweep(self, claim: Claim, vintage: str) -> Curve:
        """Every specification on one vintage, with all source families."""
        trials = (
            self._attempt(specification, vintage, preferred=preferred)
            for specification, preferred in sweeps.planned(claim)
        )
        revised = {table: self.evidence.revision(table) for table in self.evidence}
        return sweeps.Curve(tuple(trials), revised=revised)

    def _attempt(self, specification: Specification, vintage: str, *, preferred: bool) -> Trial:
        key = json.dumps(
            [vintage, specification.method, resolved(specification)], sort_keys=True, default=str
        )
        if key not in self._tried:
            self._tried[key] = sweeps.attempt(specification, self._at(vintage), vintage)
        return replace(
            self._tried[key],
            reading=specification.reading,
            choices=dict(specification.choices),
            preferred=preferred,
        )

    def _at(self, vintage: str) -> Evidence:
        if vintage not in self._known:
            self._known[vintage] = self.evidence.as_of(self.cutoffs[vintage])
        return self._known[vintage]


def draw(finding: Finding) -> Drawing:
    """The figure of the claim's method under these assumptions."""
    from analysis import figures

    draw: Callable[..., Drawing] = getattr(figures, finding.claim.method)
    return draw(finding.claim, finding.trial.estimate, finding.curve, finding.trial.vintage)
