"""What the article says: claims, readings, specifications, read from claims.yaml."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any

from analysis.claims.admissible import Constraint, check
from analysis.claims.declarations import Certainty, Search
from analysis.claims.free_choices import filled, free_names
from analysis.display_hook import as_html, brief
from analysis.errors import ParameterError, suggest
from analysis.methods import METHODS, method
from analysis.methods.parameters import fit, hints, known

if TYPE_CHECKING:
    from analysis.methods import Method

LITERAL = "literal"
REASONS = {
    "N1": "a value judgement",
    "N2": "a forecast or a possibility",
    "N3": "a private intention",
    "N4": "no public data",
    "N5": "an undefined term",
}
TAGS = (
    "WRONG-DATE",
    "WRONG-ACTOR",
    "WRONG-UNIT",
    "WRONG-STATUS",
    "WRONG-TERM",
    "WRONG-PLACE",
    "CONFLATION",
    "OMISSION",
    "OVERSTATED",
    "UNDERSTATED",
    "IMPRECISE",
    "UNSOURCED",
    "OUTDATED",
    "CHRONOLOGY",
)
Parameters = Mapping[str, Any]
ELEMENTS = ("subject", "verb", "object")  # of a sentence, which a reading may change


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """An admissible meaning of the claim.

    `changes` says what of the sentence it changes: its subject, verb or object. One that changes
    any is another assertion: it has no vote, and may explain an error by its `tag`.
    """

    name: str
    kind: str
    statement: str
    parameters: Parameters = field(default_factory=dict)
    changes: tuple[str, ...] = ()
    tag: str = ""

    @property
    def votes(self) -> bool:
        """Whether it keeps subject, verb and object."""
        return not self.changes


@dataclass(frozen=True, slots=True, kw_only=True)
class SideAssertion:
    """What else the sentence asserts: if it fails, the claim keeps its core and earns `tag`.

    One that is `needed` fails as well when nothing admissible is found on it.
    """

    name: str
    statement: str
    tag: str
    parameters: Parameters = field(default_factory=dict)
    method: str = ""
    needed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Specification:
    """One combination of the analyst's choices inside one reading."""

    reading: str
    method: str
    choices: Parameters
    parameters: Parameters

    __repr__ = brief

    def build(self) -> Method:
        """The method with this specification's parameters, in which free choices are filled in."""
        return build(self.method, filled(self.method, self.parameters, self.choices))


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One atomic assertion of the article, with the rule that decides it."""

    id: str
    section: str
    locator: str
    title: str
    statement: str
    type: str
    checkable: str
    rule: str = ""
    finding: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""
    why: str = ""
    remedy: str = ""
    core: str = ""
    side_assertions: tuple[SideAssertion, ...] = ()
    readings: tuple[Reading, ...] = ()
    method: str = ""
    parameters: Parameters = field(default_factory=dict)
    grid: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    constraints: tuple[Constraint, ...] = ()
    tables: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    causal: str = ""
    certainty: Certainty = field(default_factory=Certainty)
    untested: str = ""
    decided_by: str = ""
    verb: str = ""
    quantity: str = ""
    difference: str = ""
    fixed: tuple[str, ...] = ()
    searches: tuple[Search, ...] = ()
    pending: str = ""
    names: Mapping[str, str] = field(default_factory=dict)

    def called(self, slug: str) -> str:
        """What a reader is shown for a slug: the audit's name for it, or its words."""
        return self.names.get(slug) or slug.replace("_", " ")

    _repr_html_ = as_html

    def __repr__(self) -> str:
        return f"Claim({self.id}: {self.title!r}, method {self.method or None!r})"

    @property
    def testable(self) -> bool:
        """Whether the claim has any checkable part."""
        return self.checkable != "no"

    @property
    def types(self) -> dict[str, Any]:
        """The type of each parameter of its method, and of each free choice of its grid."""
        free = {name: type(self.grid[name][0]) for name in free_names(self.method, self.grid)}
        return {**hints(self.method), **free}

    @property
    def literal(self) -> Reading:
        """The one literal reading; a claim that is not testable has none, which is an error."""
        for reading in self.readings:
            if reading.kind == LITERAL:
                return reading
        raise ParameterError(f"claim {self.id} has nothing to run: {waits(self)}")

    def reading(self, name: str) -> Reading:
        """The reading called `name`; an unknown one is an error with a suggestion."""
        known = {each.name: each for each in self.readings}
        if name not in known:
            message = f"claim {self.id} has no reading {name!r}{suggest(name, known)}"
            raise ParameterError(f"{message}; it has: {', '.join(known)}")
        return known[name]

    def read_as(self, name: str) -> Claim:
        """The same claim as it would be if its reading `name` were the literal one."""
        chosen = self.reading(name)
        if chosen.kind == LITERAL:
            return self
        as_literal = {
            chosen.name: replace(chosen, kind=LITERAL, changes=(), tag=""),
            self.literal.name: replace(self.literal, kind="alternative"),
        }
        readings = tuple(as_literal.get(each.name, each) for each in self.readings)
        return replace(self, readings=readings, finding={})

    def prefer(self, parameters: Parameters) -> Claim:
        """The same claim with other preferred parameters.

        An unknown name, a value of another type, a choice that is not registered or that does not
        go with the others, and a parameter that the literal reading fixes, and that would change
        nothing, are errors. The written finding is of the registered ones, and is left out.
        """
        types, own = self.types, self.literal.parameters
        known(parameters, self.method, f"claim {self.id}", types)
        for name, value in parameters.items():
            fit(name, value, types[name])
            if name in own and value != own[name]:
                free = [each.name for each in self.readings if name not in each.parameters]
                raise ParameterError(
                    f"the reading {self.literal.name!r} of claim {self.id} fixes {name} at"
                    f" {own[name]!r}: leave {name} out, or choose a reading that leaves it open"
                    f" (--reading, reading=): {', '.join(free) or 'there is none'}"
                )
        changed = {**self.parameters, **parameters}
        kept = self.finding if changed == self.parameters else {}
        claim = replace(self, parameters=changed, finding=kept)
        check(self, claim, parameters)
        return claim

    def assume(self, reading: str, parameters: Parameters) -> Claim:
        """The same claim under a reading, if one is named, and other preferred parameters."""
        claim = self.read_as(reading) if reading else self
        return claim.prefer(parameters) if parameters else claim

    def preferred(self, reading: Reading | None = None) -> Specification:
        """The specification that is looked at first in a reading (the literal one by default)."""
        reading = reading or self.literal
        parameters = {**self.parameters, **reading.parameters}
        usual = defaults(self.method)
        choices = {name: parameters.get(name, usual.get(name)) for name in self.grid}
        return Specification(
            reading=reading.name, method=self.method, choices=choices, parameters=parameters
        )

    def build(self) -> Method:
        """The method with the preferred parameters of the literal reading."""
        return self.preferred().build()

    def specifications(
        self, reading: Reading, *, most: int | None = None
    ) -> Iterator[Specification]:
        """Every admissible combination of choices inside a reading, the preferred one first.

        With `most`, those among the first so many combinations of the grid.
        """
        first = self.preferred(reading)
        yield first
        free = [name for name in self.grid if name not in reading.parameters]
        factors = {name: self.options(name, first) for name in free}
        for combination in itertools.islice(itertools.product(*factors.values()), most):
            choices = {**first.choices, **dict(zip(factors, combination, strict=True))}
            if choices != first.choices and all(c.allows(choices) for c in self.constraints):
                yield replace(first, choices=choices, parameters={**first.parameters, **choices})

    def options(self, factor: str, first: Specification) -> list[Any]:
        """The alternatives of a factor: those of the grid, and the preferred one if it is new."""
        options = list(self.grid[factor])
        preferred = first.choices[factor]
        return options if preferred in options else [preferred, *options]

    def examine(self, item: SideAssertion) -> Specification:
        """The specification that tests a side assertion."""
        own = {} if item.method else filled(self.method, self.parameters, self.grid)
        return Specification(
            reading=f"side assertion: {item.name}",
            method=item.method or self.method,
            choices={},
            parameters={**own, **item.parameters},
        )


def waits(claim: Claim) -> str:
    """Why a claim has nothing to run; empty if it has."""
    if not claim.testable:
        return "not testable"
    if claim.pending or claim.method not in METHODS:
        return f"method {claim.method} is still to come"
    return ""


def defaults(name: str) -> dict[str, Any]:
    """The parameters of a method that have a default, with it."""
    return {item.name: item.default for item in fields(method(name)) if item.default is not MISSING}


def build(name: str, parameters: Parameters) -> Method:
    """A method from its name and parameters, with an error that names what is wrong."""
    kind = method(name)
    known = {item.name: item for item in fields(kind)}
    for word in parameters:
        if word not in known:
            message = f"unknown parameter {word!r} of method {name!r}{suggest(word, known)}"
            raise ParameterError(f"{message}; known: {', '.join(known)}")
    try:
        return kind(**parameters)
    except TypeError as error:
        message = f"method {name!r} cannot be built: {error}".replace(".__init__()", "")
        raise ParameterError(message) from error
