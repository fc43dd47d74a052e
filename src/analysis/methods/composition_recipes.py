"""The recipes of shares and rankings: how the rows of a table divide a whole."""

from collections.abc import Mapping, Sequence
from typing import Literal, NotRequired

from typing_extensions import TypedDict

from analysis.data.type_check import closed
from analysis.methods.recipes import Column, Editions, Rows, Table, Texts, Where


@closed
class Largest(Rows):
    """A printed list of the largest members, which bounds the unnamed ones."""

    rank: Column
    at: Literal["last"] | int


@closed
class Ceiling(Rows):
    """The most that a member without a row may have: `scale` times the value of its row."""

    by: Column
    scale: float


@closed
class WholeRows(Rows):
    """The whole in another table: one row, or with `reduce: sum` all rows together."""

    reduce: NotRequired[Literal["sum", "median"]]


@closed
class CompositionRecipe(TypedDict):
    """How the rows of a table divide a whole; `recipe_keys` says what each key means."""

    part: str
    table: Table
    value: Column
    where: NotRequired[Where]
    editions: NotRequired[Editions]
    name: NotRequired[str]
    time: NotRequired[Column]
    period: NotRequired[str]
    homes: NotRequired[Mapping[str, Texts]]
    leave_out: NotRequired[Texts]
    groups: NotRequired[Texts]
    floors: NotRequired[Texts]
    adds: NotRequired[Column | Sequence[Column]]
    most: NotRequired[Largest]
    percent: NotRequired[bool | Column]
    whole: NotRequired[str | WholeRows]
    members: NotRequired[str | Texts]
    absent: NotRequired[Texts]
    ceiling: NotRequired[Ceiling]
    pooled: NotRequired[bool]
    nested: NotRequired[bool]


@closed
class ShareChoices(TypedDict, total=False):
    """The choices of `share` for which a division is meant."""

    mapping: str | Texts
    metric: str | Texts
    rival: str | Texts
    compiler: str | Texts
    reporter: str | Texts
    flow: str | Texts
    region: str | Texts
    lost: str | Texts
    base: str | Texts
    period: str | Texts


_ForShare = TypedDict("_ForShare", {"for": NotRequired[ShareChoices]})


@closed
class ShareDivision(CompositionRecipe, _ForShare):
    """A division of `share`, for the choices under `for`.

    It says what the whole is: `whole`, `members`, or that its values are percentages (`percent`, or
    the unit of the column in the catalog); otherwise it is an error, never a percentage. The sum of
    the rows is no default, for many tables have rows of totals and groups beside their parts, which
    would count twice, and no check can tell a total from a part: `whole: sum` says it.
    """

    by: Column | Sequence[Column]


@closed
class ShareCondition(TypedDict):
    """A condition of `share`: how a member's share or rank in the division of that name compares.

    `bar` and `comparison` are those of the method where they are left out: more than this share, at
    most this rank.
    """

    part: str
    division: str
    group: NotRequired[str]
    of: NotRequired[str]
    bar: NotRequired[float]
    comparison: NotRequired[Literal["exceeds", "at_least", "below", "at_most", "equals"]]


@closed
class RankingChoices(TypedDict, total=False):
    """The choices of `ranking` for which a list is meant."""

    classification: str | Texts
    basis: str | Texts
    grouping: str | Texts
    reporter: str | Texts
    flow: str | Texts
    period: str | Texts


_ForRanking = TypedDict("_ForRanking", {"for": NotRequired[RankingChoices]})


@closed
class CountedList(CompositionRecipe, _ForRanking):
    """A list of `ranking` whose ranks are counted from values."""

    by: Column | Sequence[Column]
    printed: NotRequired[Literal[False]]


@closed
class PrintedList(Rows, _ForRanking):
    """A list of `ranking` that prints its ranks."""

    part: str
    printed: Literal[True]
    name: NotRequired[str]


class _InList(TypedDict):
    list: NotRequired[str]


@closed
class Pair(_InList):
    """A member whose place in a list counts; its own words come before the method's."""

    part: str
    of: str
    basis: NotRequired[str]
    grouping: NotRequired[str]
    reporter: NotRequired[str]
    flow: NotRequired[str]
    period: NotRequired[str]
