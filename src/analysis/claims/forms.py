"""The form of claims.yaml as types: what its keys mean, and what may stand there.

Imported only where a file is checked or described, since it needs pydantic.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal, NotRequired

from pydantic import Field, StringConstraints
from typing_extensions import TypedDict

from analysis.claims.model import ELEMENTS, REASONS, TAGS
from analysis.claims.schema import DAY, NAME, TABLE, WEB
from analysis.data.type_check import closed, typed_dict
from analysis.methods import METHODS
from analysis.methods.parameters import hints
from analysis.methods.verbs import DIFFERENCES, QUANTITIES, VERBS

Text = Annotated[str, StringConstraints(min_length=1)]
Day = Annotated[str, StringConstraints(pattern=DAY["pattern"])]
Tag = Literal[TAGS]  # type: ignore[valid-type]
Choices = Mapping[str, Annotated[Sequence[Any], Field(min_length=1)]]
Parameters = Mapping[str, Any]
Name = str | int  # 2023 is a name as well
Declared = Text | Annotated[Mapping[str, Text], Field(min_length=1)]


@closed
class Article(TypedDict):
    """The text under audit."""

    title: Text
    publisher: Text
    published: Day
    url: NotRequired[Annotated[str, StringConstraints(pattern=WEB["pattern"])]]


@closed
class Deviation(TypedDict):
    """A change after the rules were fixed."""

    date: Day
    claims: Sequence[Text]
    what: Text
    why: Text


@closed
class Search(TypedDict):
    """A logged search."""

    claims: Annotated[Sequence[Text], Field(min_length=1)]
    looked_for: Text
    where: Text
    day: Day
    found: Text
    grade: Annotated[int, Field(ge=1, le=4)]


@closed
class Reading(TypedDict):
    """An admissible meaning of a claim."""

    kind: NotRequired[Literal["literal", "charitable", "alternative"]]
    statement: Text
    parameters: NotRequired[Parameters]
    changes: NotRequired[Annotated[Sequence[Literal[ELEMENTS]], Field(min_length=1)]]  # type: ignore[valid-type]
    tag: NotRequired[Tag]


@closed
class Periphery(TypedDict):
    """What a sentence asserts beside its core."""

    statement: Text
    tag: Tag
    method: NotRequired[Literal[tuple(METHODS)]]  # type: ignore[valid-type]
    parameters: Parameters
    needed: NotRequired[bool]


@closed
class Constraint(TypedDict):
    """A combination of choices without sense."""

    when: Choices
    only: Choices


@closed
class Certainty(TypedDict, total=False):
    """Declared reasons to move the certainty of the evidence."""

    proxy: Declared
    stake: Declared
    practice: Declared
    admission: Text
    cap: Text


@closed
class Claim(TypedDict):
    """One claim of the article."""

    section: NotRequired[Text]
    locator: Text
    title: Text
    statement: Text
    type: Literal[
        "attribution", "causal", "comparison", "composition", "event", "forecast", "level",
        "normative", "ranking", "trend",
    ]  # fmt: skip
    checkable: NotRequired[Literal["yes", "partly", "no"]]
    rule: NotRequired[Text]
    reason: NotRequired[Literal[tuple(REASONS)]]  # type: ignore[valid-type]
    why: NotRequired[Text]
    remedy: NotRequired[Text]
    core: NotRequired[Text]
    periphery: NotRequired[Mapping[Name, Periphery]]
    readings: NotRequired[
        Annotated[Mapping[Name, Text | Reading], Field(min_length=1, max_length=5)]
    ]
    method: NotRequired[Text]
    parameters: NotRequired[Parameters]
    grid: NotRequired[Choices]
    constraints: NotRequired[Sequence[Constraint]]
    tables: NotRequired[Sequence[Annotated[str, StringConstraints(pattern=TABLE["pattern"])]]]
    tags: NotRequired[Sequence[Tag]]
    causal: NotRequired[Literal["none", "identified"]]
    certainty: NotRequired[Certainty]
    untested: NotRequired[Text]
    decided_by: NotRequired[Text]
    verb: NotRequired[Literal[tuple(VERBS)]]  # type: ignore[valid-type]
    quantity: NotRequired[Literal[QUANTITIES]]  # type: ignore[valid-type]
    difference: NotRequired[Literal[DIFFERENCES]]  # type: ignore[valid-type]
    fixed: NotRequired[Sequence[Text]]
    pending: NotRequired[Text]


@closed
class ClaimsFile(TypedDict):
    """A claims file."""

    article: Article
    sections: Mapping[Name, Text]
    names: NotRequired[Mapping[Name, Text]]
    deviations: NotRequired[Sequence[Deviation]]
    searches: NotRequired[Sequence[Search]]
    claims: Mapping[Annotated[str, StringConstraints(pattern=NAME["pattern"])], Claim]


def parameters_of(method: str) -> Any:
    """The form of some parameters of a method."""
    return typed_dict(method, hints(method), total=False)


def grid_of(method: str) -> Any:
    """The form of the choices of a method: for each parameter a list of values."""
    options = {name: Sequence[kind] for name, kind in hints(method).items()}  # type: ignore[valid-type]
    return typed_dict(f"{method} grid", options, total=False)
