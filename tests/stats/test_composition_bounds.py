"""Divisions: bounds that hold for every whole that agrees with a table, and are reached by one."""

from __future__ import annotations

import math
import random

import pytest
from frames import Frames, frame
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import ParameterError
from analysis.methods.composition import choose_recipe, read_compositions
from analysis.stats.composition_bounds import Composition
from analysis.stats.intervals import Bounds, combine, disagreement

NAMES = "abcdefgh"


@st.composite
def partly_named(draw) -> tuple[dict[str, float], set[str]]:
    """A whole of 100 among some members, and the members that a table names, one at least."""
    sizes = draw(st.lists(st.integers(1, 1000), min_size=2, max_size=len(NAMES)))
    whole = {name: 100 * size / sum(sizes) for name, size in zip(NAMES, sizes, strict=False)}
    named = draw(st.sets(st.sampled_from(sorted(whole)), min_size=1))
    return whole, named


def partial(whole: dict[str, float], named: set[str]) -> Composition:
    values = {name: whole[name] for name in named}
    return Composition(values=values, remainders=(max(100 - sum(values.values()), 0.0),), total=100)


@given(partly_named(), st.sets(st.sampled_from(NAMES), min_size=1))
def test_a_share_lies_within_its_bounds(case, asked):
    whole, named = case
    bounds = partial(whole, named).share(sorted(asked))
    if not asked & named:
        assert bounds is None
        return
    truth = sum(whole.get(name, 0.0) for name in asked)
    assert bounds.low - 1e-9 <= truth <= bounds.high + 1e-9


@given(partly_named())
def test_a_rank_lies_within_its_bounds(case):
    whole, named = case
    composition = partial(whole, named)
    for name in whole:
        bounds = composition.rank(name)
        truth = 1 + sum(value > whole[name] + 1e-6 for value in whole.values())
        assert bounds.low <= truth <= bounds.high


@given(partly_named())
def test_the_worst_rank_is_reached_by_some_whole(case):
    """Splitting the rest into members just above one gives the high bound."""
    whole, named = case
    composition = partial(whole, named)
    for name in named:
        bounds, own = composition.rank(name), whole[name]
        hidden = int(bounds.high - bounds.low)
        above = [value for other, value in composition.values.items() if value > own]
        extra = [composition.remainder / hidden] * hidden if hidden else []
        assert sum(extra) <= composition.remainder + 1e-9
        assert all(value > own - 1e-9 for value in extra)
        assert 1 + len(above) + len(extra) == bounds.high


@given(partly_named(), st.floats(1, 3))
def test_a_closed_set_bounds_its_members(case, slack):
    """Members of a set without a row have at most their ceiling; the whole is not known either."""
    whole, named = case
    missing = {name: slack * value for name, value in whole.items() if name not in named}
    composition = Composition(values={name: whole[name] for name in named}, missing=missing)
    for name in named:
        bounds = composition.share([name])
        assert bounds.low - 1e-9 <= whole[name] <= bounds.high + 1e-9
        truth = 1 + sum(value > whole[name] for value in whole.values())
        rank = composition.rank(name)
        assert rank.low <= truth <= rank.high


def test_no_ceiling_leaves_a_member_open():
    composition = Composition(values={"a": 60.0, "b": 20.0}, missing={"c": math.inf})
    assert composition.share(["a"]) == Bounds(0.0, 75.0, 75.0)
    assert composition.rank("a") == Bounds(1, 1, 2)
    assert composition.rank("c") == Bounds(1, 1, 3)


def test_floors_and_a_cap_on_unnamed_ones():
    firms = Composition(
        values={"home": 57, "x": 20}, remainders=(23,), total=100, lower_bounds={"home"}
    )
    assert firms.share(["home"]) == Bounds(57, 57, 80)
    capped = Composition(values={"x": 20, "y": 10}, remainders=(70,), total=100, largest_unnamed=5)
    assert capped.rank("y") == Bounds(2, 2, 2)
    assert capped.share(["x", "z"]) == Bounds(20, 20, 25)


def test_groups_hold_unnamed_members():
    """Each piece of the rest is split on its own: two of 15 cannot hide one of 25."""
    assert (
        Composition(values={"a": 25, "b": 45}, remainders=(15, 15), total=100).rank("a").high == 2
    )
    assert Composition(values={"a": 25, "b": 45}, remainders=(30,), total=100).rank("a").high == 3


def test_codes_lie_inside_codes():
    nested = Composition(
        values={"HS2 84": 30, "HS4 8486": 12, "HS4 8542": 20, "HS6 854231": 5},
        remainders=(50,),
        total=100,
        nested=True,
    )
    assert nested.share(["HS4 8486", "HS4 8542"]) == Bounds(32, 32, 32)
    assert nested.share(["HS4 8486", "HS4 8479"]) == Bounds(12, 12, 30)
    assert nested.share(["HS4 8703"]) is None
    assert nested.share(["HS4 8542", "HS4 8703"]) == Bounds(20, 20, 70)
    assert nested.share(["HS2 85"]) == Bounds(20, 20, 70)
    assert nested.rank("HS4 8542").low == 1


BOUNDS = st.tuples(st.integers(0, 20), st.integers(0, 20)).map(
    lambda ends: Bounds(min(ends), min(ends), max(ends))
)


@given(st.lists(BOUNDS, min_size=1, max_size=4))
def test_families_intersect_and_widen_only_where_they_exclude_each_other(found):
    allowed = [x for x in range(21) if all(each.low <= x <= each.high for each in found)]
    joined = combine([(str(i), "2023", each) for i, each in enumerate(found)])
    least, most = min(each.low for each in found), max(each.high for each in found)
    ends = (min(allowed), max(allowed)) if allowed else (least, most)
    assert (joined.low, joined.high) == ends
    assert joined.low <= joined.value <= joined.high
    copied = [(str(i), "2023", each) for i, each in enumerate(found)] + [("0", "2023", found[0])]
    assert combine(copied) == joined


def test_intervals_of_sampled_years_exclude_nothing_and_give_their_hull():
    one = [("f", str(year), Bounds(v, v, v)) for year, v in enumerate((1, 2, 3, 4, 5))]
    two = [("g", str(year), Bounds(v, v, v)) for year, v in enumerate((4, 5, 6, 7, 8))]
    both = combine([*one, *two], years=True)
    assert (both.low, both.high) == (combine(one, years=True).low, combine(two, years=True).high)


def test_sources_of_a_family_narrow_a_span():
    one, two = ("f", "2023", Bounds(40, 40, 90)), ("f", "2023", Bounds(60, 60, 95))
    assert combine([one, two]) == Bounds(60, 60, 90)
    assert combine([one, ("g", "2023", Bounds(10, 10, 12))]) == Bounds(10, 25, 90)
    assert combine([("f", "2023", Bounds(1, 1, 2)), ("f", "2023", Bounds(5, 5, 6))]) == Bounds(
        1, 3, 6
    )
    assert combine(
        [("f", "2023-Q1", Bounds(1, 1, 1)), ("f", "2023-Q2", Bounds(3, 3, 5))]
    ) == Bounds(2, 2, 3)
    assert disagreement([one, ("g", "2023", Bounds(10, 10, 12))]) == 30


def years(draws: random.Random, n: int, correlation: float, median: float) -> list[float]:
    """Yearly shares around a median, each with a part of the year before."""
    scale = math.sqrt(1 - correlation**2)
    state = draws.gauss(0, 1)
    found = []
    for _ in range(n):
        found.append(median + 3 * state)
        state = correlation * state + scale * draws.gauss(0, 1)
    return found


def over(values: list[float]) -> Bounds:
    return combine([("f", str(i), Bounds(v, v, v)) for i, v in enumerate(values)], years=True)


@pytest.mark.parametrize("correlation", [0.0, 0.6])
@pytest.mark.parametrize("n", [5, 8])
def test_coverage_and_size_of_the_range_of_years(n, correlation):
    """At the threshold a decision is wrong in at most 2**(1 - n) of all cases."""
    draws, trials, nominal = random.Random(n), 3000, 2 ** (1 - n)
    spans = [over(years(draws, n, correlation, 50)) for _ in range(trials)]
    wrong = sum(not bounds.low <= 50 <= bounds.high for bounds in spans) / trials
    assert wrong < nominal + 3 * math.sqrt(nominal * (1 - nominal) / trials)


def test_power_of_the_range_of_years():
    draws, trials = random.Random(1), 1000
    right = sum(over(years(draws, 5, 0.0, 70)).low > 50 for _ in range(trials))
    assert right / trials > 0.95


TABLE = Frames(
    {
        "t/firms": frame(
            [
                {"quarter": "2023-Q1", "firm": "a", "pct": 50.0},
                {"quarter": "2023-Q1", "firm": "b", "pct": 10.0},
                {"quarter": "2023-Q2", "firm": "a", "pct": 60.0},
                {"quarter": "2022-Q4", "firm": "a", "pct": 1.0},
                {"quarter": "2023-Q1", "firm": "other", "pct": None},
            ]
        )
    }
)
RECIPE = {
    "part": "firms",
    "table": "t/firms",
    "value": "pct",
    "percent": True,
    "by": "firm",
    "time": "quarter",
    "period": "{year}",
    "where": {},
    "homes": {"home": ["a", "b"]},
    "floors": ["home"],
}


def fill(value):
    return value.replace("{year}", "2023") if isinstance(value, str) else value


def test_a_recipe_makes_one_division_a_source_and_period():
    found = read_compositions(RECIPE, TABLE, fill)
    assert [(item.period, item.composition.values) for item in found] == [
        ("2023-Q1", {"home": 60.0}),
        ("2023-Q2", {"home": 60.0}),
    ]
    assert [str(citation) for citation in found[0].citations] == ["t/firms:2", "t/firms:3"]
    assert found[0].composition.share(["home"]) == Bounds(60, 60, 100)


def test_a_recipe_without_rows_says_what_it_looked_for():
    nothing = read_compositions({**RECIPE, "where": {"firm": "z"}}, TABLE, fill)
    assert nothing == "no row for firms: t/firms where {'firm': 'z'}"


def test_values_add_up_over_flows_and_are_held_against_the_row_of_the_whole():
    rows = [
        {"year": 2023, "partner": name, "flow": flow, "usd": usd}
        for name, flow, usd in [
            ("World", "export", 60.0),
            ("World", "import", 40.0),
            ("north", "export", 10.0),
            ("north", "import", 20.0),
            ("union", "export", 25.0),
            ("south", "export", 15.0),
        ]
    ]
    recipe = {
        "part": "trade",
        "table": "t/trade",
        "value": "usd",
        "by": "partner",
        "adds": "flow",
        "where": {"year": "2023"},
        "whole": "World",
        "groups": ["union"],
    }
    (found,) = read_compositions(recipe, Frames({"t/trade": frame(rows)}), fill)
    assert found.composition.values == {"north": 30.0, "south": 15.0}
    assert sorted(found.composition.remainders) == [25.0, 30.0]
    assert found.composition.rank("north").high == 1
    assert found.composition.rank("south").high == 4


def test_the_recipe_for_a_choice():
    recipes = [{"for": {"flow": ["a", "b"]}, "part": "1"}, {"name": "x", "part": "2"}]
    assert choose_recipe(recipes, {"flow": "b"})["part"] == "1"
    assert choose_recipe(recipes, {"flow": "c"}, "x")["part"] == "2"
    with pytest.raises(ParameterError, match="no division is defined for flow=c; add one"):
        choose_recipe(recipes, {"flow": "c"})
