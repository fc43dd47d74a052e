"""Which choices go together: what is offered beside the others, and what follows a choice. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from analysis.claims.model import Claim, Constraint

Choices = Mapping[str, Any]


def offered(claim: Claim, choices: Choices, name: str, value: Any) -> bool:
    """Whether a value of the choice `name` may be chosen beside the others.

    One that binds the others, instead of being bound by them, is always offered: they follow it.
    """
    others = {other: each for other, each in choices.items() if other != name}
    return not any(
        name in constraint.only and value not in constraint.only[name]
        for constraint in claim.constraints
        if name not in constraint.when and _holds(constraint, others)
    )


def followed(
    claim: Claim, choices: Choices, name: str, fixed: Collection[str] = ()
) -> dict[str, Any]:
    """The choices after `name` was set: what it binds gets the first value that goes with it.

    What is `fixed` stays as it is, so the result may be a combination that makes no sense.
    """
    found, still = dict(choices), {name, *fixed}
    for _ in claim.constraints:  # each may bind what the next one asks for
        for other, values in _broken(claim, found):
            if other not in still:
                found[other] = values[0]
    return found


def _broken(claim: Claim, choices: Choices) -> Iterator[tuple[str, list[Any]]]:
    """Each choice that a constraint forbids, with the values that it admits."""
    for constraint in claim.constraints:
        if _holds(constraint, choices):
            for name, values in constraint.only.items():
                if choices[name] not in values:
                    yield name, list(values)


def _holds(constraint: Constraint, choices: Choices) -> bool:
    """Whether the condition of a constraint is met."""
    return all(choices.get(name) in values for name, values in constraint.when.items())
