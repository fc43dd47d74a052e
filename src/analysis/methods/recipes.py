"""The recipes of all methods: which rows of which table a parameter of claims.yaml means.

A recipe is a plain mapping, as it was read from YAML or JSON. Its type here lists every key; an
unknown or a missing one is an error before anything runs (see `data.type_check`). What each key
means stands in `recipe_keys`.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal, NotRequired, final

from typing_extensions import TypedDict  # pydantic reads that of `typing` from Python 3.12 on only

from analysis.data.type_check import closed

Table = Annotated[str, "table"]  # `<topic>/<table>`
Column = Annotated[str, "column"]  # of the nearest table around it
Day = Annotated[str, "day"]  # as far as known: YYYY, YYYY-MM or YYYY-MM-DD
Scalar = str | bool | int | float
Several = Sequence[Scalar]
Texts = Sequence[str]


@closed
class Range(
    TypedDict("_Range", {"min": Scalar, "max": Scalar, "not": Scalar | Several}, total=False)
):
    """A condition with bounds, both included, or with what is left out."""


Editions = Literal["newest"]  # of each observation the newest edition known on the day
Where = Mapping[Column, Scalar | Several | Range]


@closed
class Rows(TypedDict):
    """A column of the rows of a table that meet all conditions; see `Editions`."""

    table: Table
    value: Column
    where: Where
    editions: NotRequired[Editions]


@closed
class Facets(TypedDict, total=False):
    """The choices of `level` for which a measure is meant."""

    reporter: str | Texts
    valuation: str | Texts
    definition: str | Texts
    denominator: str | Texts
    edition: str | Texts
    period: str | Texts


@closed
class Term(Rows):
    """A quantity; `rate` divides it, `rounding` is the size of the source's last digit.

    `reduce` says that several rows of one source family are meant, and what of them counts: the
    median, or their sum, for which a source must have all values that `where` lists.
    """

    part: NotRequired[str]
    scale: NotRequired[float]
    rounding: NotRequired[float]
    rate: NotRequired["Term"]
    reduce: NotRequired[Literal["sum", "median"]]


@closed
class Measure(Facets):
    """The sum of `terms`, over that of `over`, times `scale`."""

    terms: Sequence[Term]
    over: NotRequired[Sequence[Term]]
    scale: NotRequired[float]


@closed
class Deflator(TypedDict):
    """A price index by year."""

    table: Table
    time: Column
    value: Column
    where: NotRequired[Where]
    editions: NotRequired[Editions]


@closed
@final
class YearlySeries(Deflator):
    """One value a year, of which `breaks` looks for breaks."""

    unit: NotRequired[str]
    reduce: NotRequired[Literal["median", "sum", "highest"]]
    silent: NotRequired[Sequence[int]]
    hold: NotRequired[bool]


@closed
@final
class Balance(
    TypedDict("_Years", {"from": NotRequired[int], "to": NotRequired[int]}),
):
    """Distinct `counted` values on one side of the column `balance` less those on the other."""

    table: Table
    time: Column
    balance: Column
    more: str
    less: str
    counted: Column
    where: NotRequired[Where]


@closed
@final
class AllOf(TypedDict):
    """Names of series that must all hold."""

    of: Texts


@closed
class PriceIndex(Rows):
    """A deflator by year of an index; `time` is `year` if left out."""

    time: NotRequired[Column]


@closed
class IndexSeries(TypedDict):
    """A series of `trend`; `absent` are values in conditions that no row has, on purpose."""

    index: str
    table: Table
    time: Column
    value: NotRequired[Column]
    where: NotRequired[Where]
    editions: NotRequired[Editions]
    absent: NotRequired[Texts]
    among: NotRequired[Mapping[Column, str]]
    by: NotRequired[Column]
    sum: NotRequired[bool]
    reduce: NotRequired[Literal["median", "sum", "count", "distinct"]]
    exposure: NotRequired[Column]
    scale: NotRequired[float]
    over: NotRequired[PriceIndex]
    zeros: NotRequired[bool | Where]
    sampled: NotRequired[bool]
    cumulative: NotRequired[bool]
    ceiling: NotRequired[float]
    floor: NotRequired[str | int]
    unbroken: NotRequired[Mapping[str | int, str]]
    weight: NotRequired[float]
    frequency: NotRequired[Literal["year", "half_year", "month"]]
    edition: NotRequired[str | Texts]
    scope: NotRequired[str | Texts]
    definition: NotRequired[str | Texts]


@closed
class DailyCount(TypedDict):
    """Counts by day, as `event_study` compares them before and after an event."""

    table: Table
    time: Column
    value: NotRequired[Column]
    where: NotRequired[Where]
    editions: NotRequired[Editions]
    lead: NotRequired[int]
    complete: NotRequired[Texts]
    block: NotRequired[str]


@closed
class Blocks(TypedDict("_Days", {"from": Column, "to": Column})):
    """The table of totals over blocks of days, and the columns of their first and last day."""

    table: Table


@closed
class Passage(TypedDict):
    """The reports of a passage; `entered` is the column that says whether a zone was entered."""

    table: Table
    where: Where
    entered: Column


@closed
class MeasuredGap(TypedDict):
    """The measured shortest line between two lands; `ends` are the columns of its two ends."""

    table: Table
    where: Where
    ends: Sequence[Sequence[Column]]


@closed
class Land(TypedDict):
    """Which `measure` a choice of islets is, and the outlines on the two sides of the gap."""

    measure: str
    sides: Sequence[Texts]
