"""Which choices a claim admits, and which go together. Pure.

One place for the grid, for controls that offer choices, and for parameters that somebody gives.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis.errors import ParameterError, clip, suggest

if TYPE_CHECKING:
    from analysis.claims.model import Claim

Choices = Mapping[str, Any]
_NUMBER_OR_DATE = re.compile(r"[-+]?[0-9][0-9.\-]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Constraint:
    """A combination of choices that makes no sense: `when` holds, so only `only` is left."""

    when: Mapping[str, Sequence[Any]]
    only: Mapping[str, Sequence[Any]]

    def holds(self, choices: Choices) -> bool:
        """Whether its condition is met."""
        return all(choices.get(name) in values for name, values in self.when.items())

    def allows(self, choices: Choices) -> bool:
        """Whether the combination makes sense."""
        return not self.holds(choices) or all(
            choices.get(name) in values for name, values in self.only.items()
        )


def check(claim: Claim, changed: Claim, given: Choices) -> None:
    """Raise ParameterError for what is `given`, and made `changed` of `claim`, to no purpose.

    That is a text that no recipe and no option of the grid has, which would pick nothing or be
    passed over, and a choice that makes no sense beside the others.
    """
    for name, value in given.items():
        check_text(claim, name, value)
    choices = changed.preferred().choices
    for constraint in claim.constraints:
        if not constraint.allows(choices):
            raise ParameterError(_together(changed, constraint, choices, given))


def known(claim: Claim, name: str) -> list[Any]:
    """The options of a choice: those of the grid, of the readings and of the recipes."""
    found = list(claim.options(name, claim.preferred()))
    found += [each.parameters[name] for each in claim.readings if name in each.parameters]
    found += _labels(claim.parameters, name)
    return [each for at, each in enumerate(found) if each not in found[:at]]


def check_text(claim: Claim, name: str, value: Any) -> None:
    """Raise ParameterError for a text that no option of a choice is; a year may be another one."""
    if name not in claim.grid or claim.types[name] is not str:
        return  # a type that lists its options is checked where a value is fitted to it
    options = known(claim, name)
    if value in options:
        return
    said = [each for each in options if each]
    if said and all(_NUMBER_OR_DATE.fullmatch(str(each)) for each in (*said, value)):
        return
    listed = ", ".join(map(str, said))
    near = _near(value, said)
    raise ParameterError(f"claim {claim.id}: {name}={clip(value)}{near}; one of: {listed}")


def _near(value: str, options: Sequence[Any]) -> str:
    """The option that was meant: in other capitals, or nearly spelled so."""
    folded = {str(each).casefold(): str(each) for each in options}
    meant = folded.get(value.casefold())
    return f" (did you mean '{meant}'?)" if meant else suggest(value, options)


def _labels(recipe: Any, name: str) -> Iterator[str]:
    """The texts under a key, anywhere in recipes."""
    if isinstance(recipe, Mapping):
        for key, inner in recipe.items():
            if key == "where":  # a condition on rows, which is no label
                continue
            if key == name and isinstance(inner, str) and "{" not in inner:
                yield inner
            yield from _labels(inner, name)
    elif isinstance(recipe, list | tuple):
        for inner in recipe:
            yield from _labels(inner, name)


def _together(claim: Claim, constraint: Constraint, choices: Choices, given: Choices) -> str:
    """Which choice does not go with which, what the constraint is, and what would go."""
    condition = {name: choices[name] for name in constraint.when}
    broken = {
        name: choices[name]
        for name, values in constraint.only.items()
        if choices[name] not in values
    }
    alone = {name: values for name, values in constraint.only.items() if name in broken}
    message = (
        f"claim {claim.id}: {_listed(broken)} does not go with {_listed(condition)},"
        f" which goes only with {_options(alone)}"
    )
    asked = {name: value for name, value in given.items() if name in claim.grid}
    others = [
        {name: value for name, value in each.choices.items() if value != choices[name]}
        for each in claim.specifications(claim.literal)
        if all(each.choices[name] == value for name, value in asked.items())
    ]
    others = [each for each in others if each]
    if not asked or not others:
        return message
    return f"{message}; {_listed(asked)} goes with {_listed(min(others, key=len))}"


def _listed(choices: Choices) -> str:
    return ", ".join(f"{name}={value}" for name, value in choices.items())


def _options(choices: Mapping[str, Sequence[Any]]) -> str:
    return ", ".join(f"{name}={' or '.join(map(str, own))}" for name, own in choices.items())


def offered(claim: Claim, choices: Choices, name: str, value: Any) -> bool:
    """Whether a value of the choice `name` may be chosen beside the others.

    One that binds the others, instead of being bound by them, is always offered: they follow it.
    """
    others = {other: each for other, each in choices.items() if other != name}
    return not any(
        name in constraint.only and value not in constraint.only[name]
        for constraint in claim.constraints
        if name not in constraint.when and constraint.holds(others)
    )


def bound_by(claim: Claim, choices: Choices, name: str) -> list[str]:
    """The choices whose present values leave out options of the choice `name`."""
    bound = (
        constraint.when
        for constraint in claim.constraints
        if name in constraint.only and constraint.holds(choices)
    )
    return list(dict.fromkeys(itertools.chain.from_iterable(bound)))


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
        if constraint.holds(choices):
            for name, values in constraint.only.items():
                if choices[name] not in values:
                    yield name, list(values)
