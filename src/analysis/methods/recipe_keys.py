"""What the keys of recipes mean: for the JSON Schema of editors, and for the reference.

Most keys mean the same in every recipe (`COMMON`); `OF_TYPE` has the others, by the type of
`recipes` or `composition_recipes` that has the key. A test holds that none is missing or left over.
"""

from collections.abc import Mapping

_CHOICES = {  # parameters for some of whose values a recipe is meant
    "reporter": "who states the numbers, e.g. `[ESP, FRA]`",
    "valuation": "how goods are valued, e.g. `fob`",
    "definition": "what counts as the quantity, e.g. `annual`",
    "denominator": "what it is divided by, e.g. `gdp`",
    "edition": "which state of the numbers is read",
    "period": "the time, e.g. `2023`, or years as `2019/2023`",
    "mapping": "one of the names under `mappings`",
    "metric": "what is measured, e.g. `capacity`",
    "rival": "with whom a member is compared",
    "compiler": "who put the numbers together",
    "flow": "which flow, e.g. `export`",
    "region": "one of the names under `regions`",
    "lost": "the member whose share must have fallen",
    "base": "the period from which a gain is measured, e.g. `2010`",
    "classification": "the scheme of the codes, e.g. `HS4`",
    "basis": "by what the list ranks, e.g. `current_usd`",
    "grouping": "how members are put together, e.g. `merged`",
    "scope": "which series take part, e.g. `all`",
}
_PAIR = ("basis", "grouping", "reporter", "flow", "period")
_DIVISION = {  # of shares and of counted lists
    "part": "What is divided, in a few words, e.g. `Exports`: for notes and cited rows.",
    "value": "The column of a member's amount, in any one unit.",
    "time": "The column of the period; each source and period is a division of its own.",
    "period": "With `time`: the year, whose quarters and months count too, or years as "
    "`2019/2023`; mostly `{period}`.",
}
_AT_TIME = "Conditions on its rows, as for any `where`; `{time}` is the period of the row divided."

COMMON: Mapping[str, str] = {
    **{
        key: f"Only for this value of the parameter `{key}`, or a list of them: {what}."
        for key, what in _CHOICES.items()
    },
    "table": "The table that is read, as `<topic>/<table>`.",
    "value": "The column of the number that is read; the catalog has its unit.",
    "where": "Conditions on its rows, by column, e.g. `{iso3: ESP, year: {min: 2000}}`.",
    "editions": "`newest`: of each observation the newest edition known on the day counts; only "
    "for a table whose `vintage` declares no `editions`.",
    "name": "A name by which a condition (`division`) or a pair (`list`) picks it; one without "
    "a name is read where none is asked for.",
    "time": "A column whose text begins with the year, e.g. `2023` or `2023-05-01`.",
    "reduce": "What of several rows of one source counts: their `median`, or their `sum`, for "
    "which a source must have every value that `where` lists.",
    "for": "The choices for which it is meant, e.g. `{flow: export}`; the first that fits is read.",
    "from": "The first year that counts, e.g. 1990; if left out, the first there is.",
    "to": "The last year that counts, e.g. 2020; if left out, the last there is.",
    "min": "The least value that is meant, itself included.",
    "max": "The largest value that is meant, itself included.",
    "not": "The value, or the list of values, that is left out.",
    # levels
    "terms": "The quantities that are added up; without a row of one there is no evidence.",
    "over": "The quantities whose sum divides that of `terms`; it must be above 0.",
    "rounding": "The size of the last digit that the source prints, in the unit of the column, "
    "e.g. 0.1: the value is known to half of it.",
    "rate": "A quantity that divides this one, e.g. an exchange rate; its source does not count as "
    "one that measured.",
    # shares and rankings
    "homes": "Rows that are added to a member, by its name, e.g. `{Spain: [Madrid, Seville]}`.",
    "leave_out": "Names of rows that are not read as members, e.g. an aggregate of others.",
    "groups": "Names of rows of unnamed members, e.g. `Other Europe`: each is a piece of the whole "
    "apart from the unnamed rest.",
    "floors": "Members under `homes` whose sum is only a lower bound: the rest may belong to them.",
    "adds": "The columns whose different values are added up in a member, e.g. `flow` for exports "
    "and imports; of rows that agree in them the median counts.",
    "most": "A printed list of the largest members: what an unnamed member may have at most.",
    "percent": "`true` if the values are percent of the whole; or a column of percentages, which "
    "comes first where it is filled. If left out, the unit in the catalog says it.",
    "whole": "What is 100 %: `sum` (all rows), the name of the row of the total, or rows of "
    "another table; left out for percentages and with `members`.",
    "members": "The names of a closed set, which is the whole; other rows do not count.",
    "absent": "Values in conditions, and names, that no row of the table has on purpose: they are "
    "no error.",
    "ceiling": "The most that a member of the closed set without a row may have; if left out, "
    "there is no bound.",
    "pooled": "`true`: rows of all sources make one division; else each source has its own.",
    "nested": "`true`: names end in codes, of which a longer one is a part of the shorter one, as "
    "`HS4 8542` is of `HS2 85`.",
    "by": "The column that names the members, or several whose texts are joined with a space.",
    "printed": "`true`: the column contains ranks; `false` or left out: they are counted.",
    "rank": "The column of the rank, 1 for the largest.",
    "at": "The rank whose value is the most that an unnamed member has: from it on, entries are "
    "not split into named members. `last` if the list is of the members themselves.",
    "division": "The `name` of the division in which the member is.",
    "list": "The `name` of the list that is meant; if left out, the one without a name.",
    "group": "Conditions of one group count once, if one of them is met; if left out, `part`.",
    "bar": "A share in percent, or a rank; if left out, the method's `bar`.",
    "comparison": "How it compares with `bar`; if left out, `exceeds` for a share, `at_most` for a "
    "rank.",
    # trends
    "index": "The name of the series, in figures and texts.",
    "among": "A word that a column must contain, between slashes if there are several: `{roles: "
    "host}` is met by `host/guest`.",
    "sum": "`true`: the values of `by` are added up, in the periods that all of them have.",
    "exposure": "A column that divides the value of a period, added up over its rows, e.g. days at "
    "sea: the index is a rate.",
    "zeros": "`true`: from the first to the last row of the table, a period without a row is 0. "
    "Conditions instead say which rows of the table set the first and the last.",
    "sampled": "`true`: the rows are samples (speeches), no record: no period need be whole.",
    "cumulative": "`true`: running totals are read, a stock from its flow; no period need be "
    "whole.",
    "floor": "The break of the table, e.g. 2015, from which counts are lower bounds: the series "
    "goes on, and shows nothing unless it rises.",
    "unbroken": "Breaks of the table that are none for this series, with the reason: `{2015: not "
    "in this column}`.",
    "weight": "The weight of its vote, which its series share; 1 if left out.",
    "frequency": "The length of its periods; if left out, the method's `frequency`.",
    # series with breaks
    "unit": "The unit of the values, for the figure.",
    "silent": "The first and the last year, e.g. `[1970, 1989]`, in which years without a row are "
    "0, since a source says so.",
    "hold": "`true`: a year without a row has the value of the year before.",
    "balance": "The column that says on which side a row is.",
    "more": "The value of `balance` whose cases count up.",
    "less": "The value of `balance` whose cases are taken away.",
    "counted": "The column that names a case; a name counts once on each side.",
    # event studies
    "lead": "Days from an event to the first count that can show it: 1 for a bulletin of the past "
    "24 hours; 0 if left out.",
    "complete": "The first and the last day, as `2020-01-31`, between which a day without a row is "
    "0; the last row ends it in any case.",
    "block": "The column of the total in the table under `blocks`; read with `gaps: bounded`.",
    # distances
    "entered": "The column of true and false that says whether the contiguous zone was entered.",
    "ends": "The columns of longitude and latitude (degrees) of either end: `[[lon, lat], [to_lon, "
    "to_lat]]`.",
    "measure": "The word that stands for `{measure}` in the conditions of `gap`.",
    "sides": "The names of the outlines in the map layer: a list for either side of the gap.",
}
OF_TYPE: Mapping[str, Mapping[str, str]] = {
    "AllOf": {"of": "Names under `all_series`; the one with the lowest result counts."},
    "Blocks": {
        "from": "The column of the first day of a block.",
        "to": "The column of the last day of a block.",
        "table": "The table of the totals, as `<topic>/<table>`; a row is a block of days.",
    },
    "Ceiling": {
        "by": "The column that names the member; of several rows the largest counts.",
        "scale": "The factor from that value to the most that the member may have, e.g. 0.5.",
    },
    "CountedList": _DIVISION,
    "DailyCount": {
        "time": "The column of the day, as `2020-01-31`.",
        "value": "The column of the day's count; if left out, rows are counted.",
    },
    "Deflator": {"value": "The column of the price index, 100 in the base year."},
    "IndexSeries": {
        "time": "The column of the period: `2023`, `2023-05`, or a range as `2019-12/2020-11`.",
        "value": "The column of the number that is read; if left out, rows are counted.",
        "by": "A column whose values are series of their own, or with `sum` parts of one.",
        "reduce": "What the rows of a period make: the `median` over source families (usual with a "
        "`value`), the `sum`, the `count` of rows (usual without), or of `distinct` values.",
        "over": "A price index that divides by year: values in constant prices.",
        "scale": "A factor of the value or rate, e.g. 1000; 1 if left out.",
        "ceiling": "The largest value there can be, e.g. 100: a series that begins at 90 % of it "
        "cannot show a rise, and has no vote on one.",
    },
    "Largest": {
        "value": "The column of the amount, in the unit of the division.",
        "where": _AT_TIME,
    },
    "Measure": {"scale": "A factor of the result, e.g. 100 for percent; 1 if left out."},
    "MeasuredGap": {
        "where": "Conditions on its rows; `{coastline}` and `{measure}` are filled in. Of "
        "several rows the first is measured.",
    },
    "Pair": {
        "part": "Its name in figures, notes and cited rows.",
        "of": "The member whose rank counts; in the texts of the list it is `{of}`.",
        **{
            key: f"What stands for `{{{key}}}` in the list; if left out, the method's `{key}`."
            for key in _PAIR
        },
    },
    "PriceIndex": {
        "time": "The column of the year; `year` if left out.",
        "value": "The column of the price index, 100 in the base year.",
    },
    "PrintedList": {
        "part": "What is listed, in a few words, e.g. `Exports`; rows are cited by the pair's.",
        "value": "The column of the rank, 1 for the first.",
    },
    "ShareCondition": {
        "part": "Its name in figures and cited rows.",
        "of": "The member whose share or rank counts; if left out, the method's `of`.",
    },
    "ShareDivision": {
        **_DIVISION,
        "members": "The names of a closed set, which is the whole; other rows do not count. "
        "`{region}` takes those of the chosen name under `regions`.",
    },
    "Term": {
        "part": "What it is, in a few words, e.g. `Exports`; if left out, the name of the column.",
        "scale": "A factor, e.g. 1e-9 from dollars to billions, or -1 for what is taken away; 1 if "
        "left out.",
    },
    "WholeRows": {
        "where": _AT_TIME,
        "reduce": "`sum`: the rows of each source are added up, if it has every value that `where` "
        "lists; else the median of the rows counts.",
    },
    "YearlySeries": {
        "reduce": "What several rows of one year and source family make; `median` if left out. The "
        "median over the families counts.",
    },
}


def meaning(kind: str, key: str) -> str:
    """What the key of a recipe means, by the name of the recipe's type.

    >>> meaning("PriceIndex", "time"), meaning("Balance", "table")
    ('The column of the year; `year` if left out.', 'The table that is read, as `<topic>/<table>`.')
    """
    return OF_TYPE.get(kind, {}).get(key) or COMMON[key]
