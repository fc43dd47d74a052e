"""The keys of the short form of a claim as types; `short_form` writes them out.

The last sentence of each text is an example of the key: the reference prints it, a test reads it.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal, NotRequired

from pydantic import Field, StringConstraints
from typing_extensions import TypedDict

from analysis.data.type_check import MEASURE, NAME, closed
from analysis.methods.recipes import Editions, Range, Scalar, Several, Where

Text = Annotated[str, StringConstraints(min_length=1)]
Measure = Annotated[str, StringConstraints(pattern=MEASURE)]
Place = Annotated[int, Field(ge=1)]


@closed
class YearRange(TypedDict):
    """All years from the first to the last."""

    min: int
    """The first year."""
    max: int
    """The last year, itself included."""


Among = Annotated[
    Mapping[str, Annotated[Sequence[str | int], Field(min_length=2)] | YearRange],
    Field(min_length=1, max_length=1),
]


Reduce = Literal["sum", "median"]


@closed
class Other(TypedDict, total=False):
    """What a quantity is divided by, or what is subtracted; the rest is as in the claim itself.

    Of another table only the conditions on columns that it has; `COLUMN: null` takes one away.
    """

    measure: Measure
    """Its column, as `<topic>/<table>.<column>`; if left out, that of the claim."""
    where: Mapping[str, Scalar | Several | Range | None]
    """Conditions that differ from those of the claim, by column, e.g. `{iso3: FRA}`."""
    reduce: Reduce
    """What of several rows of one source counts; if left out, as in the claim."""


_FOR = Field(min_length=1, description="The options for which it holds, e.g. `{period: '2021'}`.")
_Choices = TypedDict("_Choices", {"for": Annotated[Mapping[str, Any], _FOR]})


@closed
class Case(_Choices):
    """Keys that take the place of those of the claim for the choices under `for`."""

    measure: NotRequired[Measure]
    """The column that is read, as `<topic>/<table>.<column>`."""
    where: NotRequired[Where]
    """Conditions on the rows, merged with those of the claim by column."""
    rounding: NotRequired[float]
    """The size of the last digit that the source prints, e.g. 0.1."""
    per: NotRequired[Measure | Other]
    """What the quantity is divided by."""
    minus: NotRequired[Measure | Other]
    """What is subtracted from the quantity."""
    among: NotRequired[Among]
    """The values of a column that are ranked."""


@closed
class Span(TypedDict):
    """The first and the last year of a change; `sampled`: no year need be whole."""

    since: int
    """The first year that is read."""
    until: NotRequired[int]
    """The last year that is read; if left out, the last there is."""
    sampled: NotRequired[bool]
    """`true`: the rows are samples (speeches), no record: no year need be whole."""


class ShortKeys(TypedDict, total=False):
    """The keys of the short form: what is said, what is measured, and one verb."""

    says: Text
    """What the article says, in our words: statement, title and core.
    Example: `says: In Spain coal had a share of three percent in 2022.`"""
    like: Annotated[str, StringConstraints(pattern=NAME)]
    """A claim from which every key is taken that is not given here, except its own words (`says`,
    `statement`, `title`, `core`, `rule`, `readings`, `finding`) and a verb where another one is
    given; `where` and `parameters` are merged key by key.
    Example: `like: K3`"""
    measure: Measure
    """The column that contains the quantity, as `<topic>/<table>.<column>`; its unit is that of the
    catalog.
    Example: `measure: power/shares.share_pct`"""
    where: Where
    """The rows that are meant: a value, a list of values, or `min`, `max`, `not` for each column.
    Example: `where: {iso3: ESP, fuel: coal, year: 2022}`"""
    editions: Editions
    """Of each observation the newest edition that was known on the day counts; to be said only of a
    table whose `vintage` in the catalog declares no `editions`.
    Example: `editions: newest`"""
    reduce: Reduce
    """What of several rows of one source counts, as for a list in `where`: their sum, for which
    each listed value must have a row, or their median. `per` and `minus` take it over, or say
    `reduce` themselves; for the verbs of a number.
    Example: `reduce: sum`"""
    unit: Text
    """The unit in which the sentence states the number, if it differs from that of the catalog by
    thousands, millions, billions or trillions; `percent` of a ratio.
    Example: `unit: USD billion`"""
    at: int
    """The quantity is exactly this whole number, as a count.
    Example: `at: 27`"""
    exceeds: float
    """The quantity is more than this.
    Example: `exceeds: 2.5`"""
    at_least: float
    """The quantity is this or more.
    Example: `at_least: 2.5`"""
    below: float
    """The quantity is less than this.
    Example: `below: 4`"""
    at_most: float
    """The quantity is this or less.
    Example: `at_most: 4`"""
    rounds_to: float
    """The quantity rounds to this number, to the last digit as written: 3 admits 2.5 to under 3.5,
    3.0 admits 2.95 to under 3.05, 1.0e3 admits 950 to under 1,050.
    Example: `rounds_to: 3`"""
    about: Text
    """The quantity lies within a margin of this number, absolute or in percent of it.
    Example: `about: 3 +- 20%`"""
    per: Measure | Other
    """The quantity is divided by another one: of another column with the same conditions, or with
    other conditions; for the verbs of a number.
    Example: `per: {where: {iso3: FRA}}`"""
    minus: Measure | Other
    """Another quantity in the same unit is subtracted: of another column with the same conditions,
    or with other conditions. Percent less percent is in
    percentage points; for the verbs of a number.
    Example: `minus: {where: {year: 2021}}`"""
    rounding: Annotated[float, Field(gt=0)]
    """The size of the last digit that the source prints: the quantity is known to half of it.
    Example: `rounding: 0.1`"""
    rank: Place
    """The quantity is exactly the so many largest of those under `among`; equal ones share the
    better rank, so that a tie is first, too.
    Example: `rank: 2`"""
    rank_at_most: Place
    """The quantity is one of the so many largest of those under `among`.
    Example: `rank_at_most: 3`"""
    among: Among
    """The values of a column that are ranked; `where` says which of them is meant. Years may be
    given by the first and the last, `{year: {min: 1975, max: 2024}}`.
    Example: `among: {iso3: [ESP, FRA, DEU]}`"""
    pooled: bool
    """The members under `among` are ranked in one list, though different sources state them.
    Example: `pooled: true`"""
    cases: Annotated[Sequence[Case], Field(min_length=1)]
    """Which rows are read for some options of the grid or of a reading: the keys `measure`, `where`
    (merged by column), `rounding`, `per`, `minus`, `among` take the place of those of the claim.
    Example: `cases: [{for: {period: "2021"}, where: {year: 2021}}]`"""
    rose: Span
    """The quantity rose: its last year is above the first, and its slope is upward.
    Example: `rose: {since: 2000}`"""
    fell: Span
    """The quantity fell: its last year is below the first, and its slope is downward.
    Example: `fell: {since: 2000, until: 2022}`"""
    happened: Text | int
    """The event that `where` picks took place then: a year, month, day, or a range of two with `/`.
    `measure` is the column of the day; if left out, that of the table documents/events.
    Example: `happened: 1978/1980`"""


@closed
class Defaults(TypedDict, total=False):
    """What the claims of a file have where they do not say otherwise."""

    section: Text
    """The section of the article.
    Example: `section: K`"""
    locator: Text
    """Where in the article.
    Example: `locator: p1`"""
    type: Text
    """The kind of sentence.
    Example: `type: level`"""
    measure: Measure
    """The column of claims in the short form.
    Example: `measure: power/shares.share_pct`"""
    where: Where
    """Conditions of claims in the short form, merged key by key.
    Example: `where: {year: 2022}`"""
    editions: Editions
    """The editions of claims in the short form, except for the verb `happened`.
    Example: `editions: newest`"""
