"""A grid of specifications of any size: the registered choices, and others."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from analysis.claims.model import defaults
from analysis.errors import ParameterError, suggest

if TYPE_CHECKING:
    from analysis.claims.model import Claim, Reading, Specification


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Every combination of the factors inside one reading of a claim, numbered from 0.

    The last factor varies fastest. A specification is made from its number alone.
    """

    claim: Claim
    reading: Reading
    factors: Mapping[str, Sequence[Any]]

    def __len__(self) -> int:
        return math.prod(len(options) for options in self.factors.values())

    def choices(self, number: int) -> dict[str, Any]:
        """The combination with this number.

        >>> from types import SimpleNamespace
        >>> grid = Grid(claim=None, reading=None, factors={"a": [1, 2], "b": "xyz"})
        >>> grid.choices(0), grid.choices(5)
        ({'a': 1, 'b': 'x'}, {'a': 2, 'b': 'z'})
        """
        found = dict.fromkeys(self.factors)  # in their order
        for name, options in reversed(tuple(self.factors.items())):
            number, place = divmod(number, len(options))
            found[name] = options[place]
        return found

    def specifications(self, start: int, stop: int) -> Iterator[tuple[int, Specification]]:
        """The specifications of these numbers that make sense, with their numbers."""
        first = self.claim.preferred(self.reading)
        for number in range(start, min(stop, len(self))):
            choices = {**first.choices, **self.choices(number)}
            if all(constraint.allows(choices) for constraint in self.claim.constraints):
                parameters = {**first.parameters, **choices}
                yield number, replace(first, choices=choices, parameters=parameters)

    def preferred(self) -> dict[str, Any]:
        """The registered choice of every factor."""
        usual = replace(self.claim, grid=dict.fromkeys(self.factors, ()))
        return dict(usual.preferred(self.reading).choices)


def expanded_grid(claim: Claim, reading: str, factors: Mapping[str, Sequence[Any]]) -> Grid:
    """The claim's registered grid inside a reading, with these factors in its place or beside it.

    Raises ParameterError for a reading that is none, and for a factor that the reading fixes.
    """
    known = {each.name: each for each in claim.readings}
    if reading not in known:
        message = f"claim {claim.id} has no reading {reading!r}{suggest(reading, known)}"
        raise ParameterError(f"{message}; one of: {', '.join(known)}")
    fixed = known[reading].parameters
    for name in factors:
        if name in fixed:
            message = f"the reading {reading!r} fixes {name} at {fixed[name]!r}"
            raise ParameterError(f"{message}: vary another one, or choose another --reading")
    registered = {name: tuple(options) for name, options in claim.grid.items() if name not in fixed}
    return Grid(claim=claim, reading=known[reading], factors={**registered, **factors})


class Names:
    """Short names of specifications, by the method and all its parameters, given or default.

    Each parameter is hashed once, however many specifications share it.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[str, type, Any], tuple[bytes, Any]] = {}

    def __call__(self, specification: Specification) -> str:
        """The name: 16 hexadecimal digits."""
        parameters = {**defaults(specification.method), **specification.parameters}
        digests = [self._digest(name, parameters[name]) for name in sorted(parameters)]
        whole = b"".join([specification.method.encode(), *digests])
        return hashlib.sha256(whole).hexdigest()[:16]

    def _digest(self, name: str, value: Any) -> bytes:
        plain = isinstance(value, str | int | float | bool | None)
        key = (name, type(value), value if plain else id(value))
        if key not in self._known:
            text = json.dumps([name, value], sort_keys=True, ensure_ascii=False)
            # The value is kept as well: else another one might get its id.
            self._known[key] = hashlib.sha256(text.encode()).digest(), value
        return self._known[key][0]


def identity(specification: Specification) -> str:
    """The name of one specification."""
    return Names()(specification)
