"""What a reader has chosen, and the claim under these assumptions. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from analysis.claims.model import defaults
from analysis.notebook.explore.controls import written
from analysis.verdicts.sweep import PUBLICATION

if TYPE_CHECKING:
    from analysis.claims.model import Claim, Reading, Specification
    from analysis.notebook.explore.controls import Control


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A vintage, a reading, and the parameters that are not as registered."""

    reading: str
    vintage: str = PUBLICATION
    changes: Mapping[str, Any] = field(default_factory=dict)

    def with_(self, control: Control, value: Any) -> State:
        """The state after a control was set; one set back to its registered value is no change."""
        changes = {name: each for name, each in self.changes.items() if name != control.name}
        if written(value) != written(control.registered):
            changes[control.name] = value
        return replace(self, changes=changes)


def registered(claim: Claim) -> State:
    """The state in which everything is as it was registered."""
    return State(reading=claim.literal.name)


def assumed(claim: Claim, state: State) -> Claim:
    """The claim as it would be if these assumptions were its preferred ones."""
    return claim.assume(state.reading, effective(claim, state))


def effective(claim: Claim, state: State) -> dict[str, Any]:
    """The changes that have an effect inside the state's reading."""
    own = fixed(claim, state.reading)
    return {name: value for name, value in state.changes.items() if name not in own}


def fixed(claim: Claim, reading: str) -> Mapping[str, Any]:
    """The parameters that a reading sets itself: no change of them has an effect inside it."""
    return claim.reading(reading).parameters


def is_registered(claim: Claim, reading: Reading, specification: Specification) -> bool:
    """Whether the specification is one of those that decide the claim's verdict."""
    wanted = resolved(specification)
    return any(wanted == resolved(each) for each in claim.specifications(reading))


def resolved(specification: Specification) -> dict[str, Any]:
    """All parameters of a specification, those of the method's defaults too."""
    return {**defaults(specification.method), **specification.parameters}


def agreeing(outcomes: Iterable[Any], outcome: Any) -> tuple[int, int]:
    """How many of the outcomes are this one, and how many there are; without evidence is none.

    >>> agreeing([1, 1, -1, None], 1)
    (2, 3)
    """
    tried = [each for each in outcomes if each is not None]
    return sum(each == outcome for each in tried), len(tried)
