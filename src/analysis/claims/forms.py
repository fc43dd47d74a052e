"""The form of claims.yaml as types: its keys, what each means, and what its value may be.

The checks, the JSON Schema for editors and the reference are made of them.

Imported only where a file is checked or described, since it needs pydantic.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal, NotRequired

from pydantic import Field, StringConstraints
from typing_extensions import TypedDict

from analysis.claims import finding_texts
from analysis.claims.model import ELEMENTS, REASONS, TAGS
from analysis.claims.short_keys import Defaults, ShortKeys
from analysis.data.type_check import DAY, NAME, TABLE, WEB, closed, typed_dict
from analysis.methods import METHODS
from analysis.methods.parameters import hints
from analysis.methods.verbs import DIFFERENCES, QUANTITIES, VERBS

Text = Annotated[str, StringConstraints(min_length=1)]
Day = Annotated[str, StringConstraints(pattern=DAY)]
Tag = Literal[TAGS]  # type: ignore[valid-type]
Choices = Mapping[str, Annotated[Sequence[Any], Field(min_length=1)]]
Parameters = Mapping[str, Any]
Name = str | int  # 2023 is a name as well
Declared = Text | Annotated[Mapping[str, Text], Field(min_length=1)]


@closed
class ArticleForm(TypedDict):
    """The text under audit."""

    title: Text
    publisher: Text
    author: NotRequired[Text]
    published: Day
    url: NotRequired[Annotated[str, StringConstraints(pattern=WEB)]]


@closed
class Deviation(TypedDict):
    """A change after the rules were fixed."""

    date: Day
    claims: Sequence[Text]
    what: Text
    why: Text


@closed
class Choice(TypedDict):
    """A choice of the grids in words."""

    word: Text
    meaning: NotRequired[Text]
    """What is chosen, in a sentence."""


@closed
class SearchForm(TypedDict):
    """A logged search."""

    claims: Annotated[Sequence[Text], Field(min_length=1)]
    """The claims for which it was searched."""
    looked_for: Text
    """What was looked for."""
    where: Text
    """Where: sites, registers, archives, and with which words."""
    day: Day
    """The day of the search."""
    found: Text
    """What was found."""
    grade: Annotated[int, Field(ge=1, le=4)]
    """The grade of the best source that was searched, 1 to 4."""


@closed
class ReadingForm(TypedDict):
    """An admissible meaning of a claim."""

    kind: NotRequired[Literal["literal", "charitable", "alternative"]]
    """What was said, what a kind reader takes it for, or another meaning. If left out, `literal`
    for the reading of that name, else `alternative`."""
    statement: Text
    """The claim, so read."""
    parameters: NotRequired[Parameters]
    """Parameters that this reading sets; no choice moves them."""
    changes: NotRequired[Annotated[Sequence[Literal[ELEMENTS]], Field(min_length=1)]]  # type: ignore[valid-type]
    """What of the sentence it changes: subject, verb, object. One that changes none has a vote;
    another is reported beside the verdict."""
    tag: NotRequired[Tag]
    """The error that is explained if only this reading passes; it must not vote."""


@closed
class SideAssertionForm(TypedDict):
    """What a sentence asserts beside its core."""

    statement: Text
    """What is asserted beside the core."""
    tag: Tag
    """What the claim earns if this fails."""
    method: NotRequired[Literal[tuple(METHODS)]]  # type: ignore[valid-type]
    """How it is tested, if not as the claim is."""
    parameters: Parameters
    """The parameters of that test."""
    needed: NotRequired[bool]
    """Whether it fails too when nothing admissible is found."""


@closed
class ConstraintForm(TypedDict):
    """A combination of choices without sense."""

    when: Choices
    only: Choices


@closed
class CertaintyForm(TypedDict, total=False):
    """Declared reasons to move the certainty of the evidence."""

    proxy: Declared
    stake: Declared
    practice: Declared
    admission: Text
    cap: Text


Finding = typed_dict(
    "Finding", dict.fromkeys((*finding_texts.GROUPS, *finding_texts.ROWS), Text), total=False
)


@closed
class ClaimForm(ShortKeys):
    """One claim of the article: in full, in the short form, or with keys of both."""

    section: NotRequired[Text]
    """The section of the article, one of those under `sections`; if left out, the letters of the
    claim's name."""
    locator: NotRequired[Text]
    """Where in the article: page or paragraph, and sentence; or under `defaults`."""
    title: NotRequired[Text]
    """A few words that head figures; if left out, the beginning of what `says` says."""
    statement: NotRequired[Text]
    """What the article says, in our words; in the short form, `says`."""
    type: NotRequired[
        Literal[
            "attribution", "causal", "comparison", "composition", "event", "forecast", "level",
            "normative", "ranking", "trend",
        ]
    ]  # fmt: skip
    """What kind of sentence it is; in the short form it follows from the verb."""
    checkable: NotRequired[Literal["yes", "partly", "no"]]
    """Whether public data can decide it: yes, partly (its core), or no. If left out, no where there
    is a `reason`, else yes."""
    rule: NotRequired[Text]
    """What decides it, fixed before the data were read."""
    finding: NotRequired[Finding]  # type: ignore[valid-type]
    """What is true, a sentence for each outcome: `pass`, `fail`, `mixed` (it depends on the
    definition), `open`, or the name of one row of the table of codes, which goes first. A run fills
    the placeholders, as in `{value:.1f}`. If left out, a sentence is made of the measured value."""
    reason: NotRequired[Literal[tuple(REASONS)]]  # type: ignore[valid-type]
    """Why it is not testable: N1 a value judgement, N2 a forecast or a possibility, N3 a private
    intention, N4 no public data, N5 an undefined term."""
    why: NotRequired[Text]
    """The reason in a sentence."""
    remedy: NotRequired[Text]
    """What would make it testable; needed, as is `why`, where there is a `reason`."""
    core: NotRequired[Text]
    """The part without which the sentence would not be worth saying; if left out, the statement."""
    side_assertions: NotRequired[Mapping[Name, SideAssertionForm]]
    """What else the sentence asserts, by name."""
    readings: NotRequired[
        Annotated[Mapping[Name, Text | ReadingForm], Field(min_length=1, max_length=5)]
    ]
    """Admissible meanings by name, exactly one of them literal; if left out, the statement, read
    literally. A meaning that sets nothing may be its statement alone, as in `literal: It is so.`"""
    method: NotRequired[Text]
    """How it is tested."""
    parameters: NotRequired[Parameters]
    """The registered parameters of the method. One that is left out has the first value of the
    grid, or else the method's default."""
    grid: NotRequired[Choices]
    """The analyst's choices: a parameter, and all its admissible values. Any other name is a choice
    of the audit's own: its value takes the place of `{name}` in the texts of `parameters`."""
    constraints: NotRequired[Sequence[ConstraintForm]]
    """Combinations without sense: `when` holds, `only` these are left."""
    tables: NotRequired[Sequence[Annotated[str, StringConstraints(pattern=TABLE)]]]
    """All that the claim may read; if left out, the tables that its recipes name."""
    tags: NotRequired[Sequence[Tag]]
    """The tags that the plan expected; those that are earned stand with the verdict."""
    causal: NotRequired[Literal["none", "sign", "identified"]]
    """Of a causal sentence: whether a design identifies the effect; if none does, whether the
    effect is tested (none) or only a sign of its cause (sign)."""
    certainty: NotRequired[CertaintyForm]
    """Declared reasons to move the certainty of the evidence, a sentence each; proxy, stake and
    practice may name the parts that they touch."""
    untested: NotRequired[Text]
    """The part of the core that nothing tests: certainty is at most LOW."""
    decided_by: NotRequired[Text]
    """The data that would decide it, where the evidence does not."""
    verb: NotRequired[Literal[tuple(VERBS)]]  # type: ignore[valid-type]
    """What the sentence asserts of its quantity; the method must test that."""
    quantity: NotRequired[Literal[QUANTITIES]]  # type: ignore[valid-type]
    """The kind of quantity of which it asserts it."""
    difference: NotRequired[Literal[DIFFERENCES]]  # type: ignore[valid-type]
    """The order of difference that it asserts: level, first (growth), second."""
    fixed: NotRequired[Sequence[Text]]
    """Parameters that the rule fixes: no grid may vary them; if left out, what a verb states."""
    pending: NotRequired[Text]
    """Why the claim cannot be run yet."""


@closed
class ClaimsFile(TypedDict):
    """A claims file."""

    article: ArticleForm
    """The text under audit: title, publisher, day, and address."""
    sections: Mapping[Name, Text]
    """Its sections: a letter, and a name."""
    names: NotRequired[Mapping[Name, Text]]
    """How figures and texts call the words of the tables: a slug, and its name."""
    choices: NotRequired[Mapping[Name, Choice]]
    """What the site calls a name of a `grid` and says of it: where its meaning is this audit's."""
    deviations: NotRequired[Sequence[Deviation]]
    """What was changed after the rules were fixed: day, claims, what, and why."""
    searches: NotRequired[Sequence[SearchForm]]
    """What was looked for and where: the log that an UNSUPPORTED verdict needs."""
    defaults: NotRequired[Defaults]
    """What the claims of this file have where they do not say otherwise."""
    claims: Mapping[Annotated[str, StringConstraints(pattern=NAME)], ClaimForm]
    """The claims by name: the letter of the section and a number."""


def parameters_of(method: str) -> Any:
    """The form of some parameters of a method."""
    return typed_dict(method, hints(method), total=False)


def grid_of(method: str) -> Any:
    """The form of the choices of a method: for each parameter a list of values."""
    options = {name: Sequence[kind] for name, kind in hints(method).items()}  # type: ignore[valid-type]
    return typed_dict(f"{method}_grid", options, total=False)
