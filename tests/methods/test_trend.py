"""Trend: what makes an index rise, what keeps it from voting, and how the votes add up."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest
from frames import Frames, frame
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import ParameterError
from analysis.methods.estimate import Outcome
from analysis.methods.trend import Trend
from analysis.methods.trend_test import AT_CEILING, NO_RISE, OPEN, RISES, Rule
from analysis.stats.rates import Rate

UP, DOWN, ZIGZAG = range(10, 22), range(30, 18, -1), [3, 9, 1, 8, 2, 7, 4, 6, 5, 9, 1, 6]


class Broken(Frames):
    """Frames of which one table has a declared break."""

    at_year: int | str = 0

    def table(self, _name):
        return SimpleNamespace(info=SimpleNamespace(breaks=(SimpleNamespace(at=self.at_year),)))


def yearly(*, start: int = 2010, **series) -> Frames:
    """A table of yearly values by place, each place counted by a source of its own."""
    return Frames(
        {
            "t/t": frame(
                [
                    {"year": start + i, "place": name, "v": float(v), "source_id": f"s_{name}"}
                    for name, values in series.items()
                    for i, v in enumerate(values)
                ]
            )
        }
    )


def index(name: str, **more) -> dict:
    return {
        "index": name,
        "table": "t/t",
        "value": "v",
        "time": "year",
        "where": {"place": name},
        **more,
    }


def states(method: Trend, evidence: Frames) -> dict[str, str]:
    return {point.label: point.state for point in method.estimate(evidence).points}


def test_signs_first_then_the_vote():
    evidence = yearly(a=UP, b=UP, c=DOWN)
    estimate = Trend(indices=[index("a"), index("b"), index("c")]).estimate(evidence)
    assert [point.state for point in estimate.points] == [RISES, RISES, NO_RISE]
    assert (estimate.value, estimate.low, estimate.high) == (0.6667, 0.6667, 0.6667)
    assert (
        Trend(indices=[index("a")]).pass_criterion.outcome(estimate) is Outcome.PASS
    )  # two thirds are enough
    assert estimate.disagreement == 1
    assert estimate.flags == ("series", "vote")
    assert estimate.n == 12


def test_an_index_that_no_test_can_tell_bounds_the_share():
    estimate = Trend(indices=[index("a"), index("z")]).estimate(yearly(a=UP, z=ZIGZAG))
    assert (estimate.value, estimate.low, estimate.high) == (0.5, 0.5, 1.0)
    assert Trend(indices=[index("a")]).pass_criterion.outcome(estimate) is Outcome.UNCLEAR


@pytest.mark.parametrize(
    ("short", "expected"),
    [("slope", {"a": RISES, "b": NO_RISE}), ("open", {"a": OPEN, "b": NO_RISE}), ("out", {})],
)
def test_a_short_series(short, expected):
    method = Trend(indices=[index("a"), index("b")], short=short)
    estimate = method.estimate(yearly(a=[1, 2, 3, 4], b=[4, 3, 2, 1]))
    assert {point.label: point.state for point in estimate.points} == expected
    assert all(point.p is None and point.q is None for point in estimate.points)


def test_two_points_are_no_series():
    estimate = Trend(indices=[index("a")]).estimate(yearly(a=[1, 9]))
    assert (estimate.value, estimate.flags, estimate.note) == (None, (), "no series for a")


def test_open_thirds_add_up_to_two_thirds():
    """Rounded one by one they would not reach the threshold, and an open vote would be lost."""
    method = Trend(indices=[index(name) for name in "abz"])
    estimate = method.estimate(yearly(a=UP, b=DOWN, z=ZIGZAG))
    assert (estimate.value, estimate.high) == (0.3333, 0.6667)
    assert method.pass_criterion.outcome(estimate) is Outcome.UNCLEAR


def test_too_few_indices_decide_nothing():
    estimate = Trend(indices=[index("a"), index("b")], quorum=2).estimate(yearly(a=UP))
    assert (estimate.value, estimate.flags) == (None, ("thin",))


def test_a_share_of_the_maximum_is_asked_besides():
    evidence = yearly(a=[*UP, 15])
    assert states(Trend(indices=[index("a")]), evidence) == {"a": RISES}
    assert states(Trend(indices=[index("a")], near_maximum=0.9), evidence) == {"a": NO_RISE}


def test_no_fall_in_any_year():
    method = Trend(indices=[index("a"), index("b")], rule="no_fall")
    assert states(method, yearly(a=UP, b=[*UP, 20])) == {"a": RISES, "b": NO_RISE}


def test_an_index_at_its_ceiling_does_not_vote():
    evidence = yearly(a=[335, 340, 352, 355], b=[1, 2, 3, 4])
    estimate = Trend(indices=[index("a", ceiling=366), index("b")]).estimate(evidence)
    assert [(point.state, point.weight) for point in estimate.points] == [
        (AT_CEILING, 0),
        (RISES, 1),
    ]
    assert estimate.value == 1
    assert states(Trend(indices=[index("a", ceiling=366)]), yearly(a=[100, 200, 300])) == {
        "a": RISES
    }


def test_a_series_ends_at_a_declared_break():
    evidence = Broken(yearly(a=[9, 8, 7, 6, 5, 20, 21, 22, 23]))
    evidence.at_year = 2015
    (point,) = Trend(indices=[index("a")]).estimate(evidence).points
    assert [int(time) for time, _ in point.series] == [2015, 2016, 2017, 2018]
    exempt = Trend(indices=[index("a", unbroken={2015: "of another index"})])
    assert len(exempt.estimate(evidence).points[0].series) == 9
    early = Trend(indices=[index("a")], last_year=2014)
    assert len(early.estimate(evidence).points[0].series) == 5


def test_a_break_inside_a_year_takes_the_year():
    evidence = Broken(yearly(a=UP))
    evidence.at_year = "2012-09"
    (point,) = Trend(indices=[index("a")]).estimate(evidence).points
    assert point.series[0][0] == 2013


def test_after_a_floor_no_rise_is_open():
    evidence = Broken(yearly(a=DOWN, b=UP))
    evidence.at_year = 2018
    method = Trend(indices=[index("a", floor=2018), index("b", floor=2018)])
    assert states(method, evidence) == {"a": OPEN, "b": RISES}


def test_parts_share_the_weight_of_their_index():
    evidence = yearly(a=UP, b=DOWN, c=UP)
    both = {"index": "two", "table": "t/t", "value": "v", "time": "year", "by": "place",
            "where": {"place": ["a", "b"]}}  # fmt: skip
    estimate = Trend(indices=[both, index("c")]).estimate(evidence)
    assert [point.weight for point in estimate.points] == [0.5, 0.5, 1.0]
    assert estimate.value == 0.75
    summed = Trend(indices=[{**both, "sum": True}]).estimate(evidence)
    assert {value for _, value in summed.points[0].series} == {40.0}


def test_a_sum_needs_all_its_parts():
    evidence = yearly(a=UP, b=[1, 1, 1])
    recipe = {
        "index": "x",
        "table": "t/t",
        "value": "v",
        "time": "year",
        "by": "place",
        "sum": True,
    }
    assert len(Trend(indices=[recipe]).estimate(evidence).points[0].series) == 3


def test_two_sources_of_a_year_are_one_value():
    rows = [
        {"year": 2010 + i, "v": 10.0 * i + d, "source_id": f"s{d}"}
        for i in range(9)
        for d in (0, 2)
    ]
    recipe = {"index": "x", "table": "t/t", "value": "v", "time": "year"}
    (point,) = Trend(indices=[recipe]).estimate(Frames({"t/t": frame(rows)})).points
    assert (point.n, point.series[0][1]) == (9, 1)


def test_events_are_counted_and_quiet_years_are_zeros():
    rows = [
        {"day": f"{year}-03-0{i + 1}"} for year in (2015, 2018, 2019) for i in range(year - 2014)
    ]
    recipe = {"index": "x", "table": "t/t", "time": "day"}
    evidence = Frames({"t/t": frame(rows)})
    (point,) = Trend(indices=[recipe]).estimate(evidence).points
    assert point.series == ((2015, 1), (2018, 4), (2019, 5))
    (point,) = Trend(indices=[{**recipe, "zeros": True}], start=2014).estimate(evidence).points
    assert [value for _, value in point.series] == [1, 0, 0, 4, 5]


def test_an_actor_without_any_event_is_a_series_of_zeros():
    rows = [{"day": f"{year}-03-01", "who": "b"} for year in range(2015, 2020)]
    recipe = {"index": "x", "table": "t/t", "time": "day", "zeros": True, "where": {"who": "a"}}
    estimate = Trend(indices=[recipe]).estimate(Frames({"t/t": frame(rows)}))
    assert (estimate.value, estimate.citations) == (0, ())


def test_twelve_months_count_for_the_year_of_their_middle():
    rows = [
        {"p": p, "v": float(i)}
        for i, p in enumerate(["2019-12/2020-11", "2021", "2022", "2022-03"])
    ]
    recipe = {"index": "x", "table": "t/t", "value": "v", "time": "p"}
    (point,) = Trend(indices=[recipe]).estimate(Frames({"t/t": frame(rows)})).points
    assert [time for time, _ in point.series] == [2020, 2021, 2022]


def monthly(early: list[int], late: list[int], *, days: int = 30) -> Frames:
    rows = [
        {"month": f"{year}-{9 + i:02d}", "v": float(v), "days": days}
        for year, values in ((2022, early), (2024, late))
        for i, v in enumerate(values)
    ]
    rows += [{"month": f"2024-0{i}", "v": 900.0, "days": days} for i in range(1, 7)]
    return Frames({"t/t": frame(rows)})


MONTHLY = {
    "index": "x",
    "table": "t/t",
    "value": "v",
    "time": "month",
    "reduce": "sum",
    "exposure": "days",
}
RATIO = Trend(
    indices=[MONTHLY], rule="ratio", ratio=1.1, later=2024, earlier=2022, frequency="month"
)


@pytest.mark.parametrize(
    ("late", "state"),
    [([205, 195, 210, 190], RISES), ([60, 62, 58, 61], NO_RISE), ([300, 20, 150, 60], OPEN)],
)
def test_rates_are_compared_over_the_months_that_both_years_have(late, state):
    (point,) = RATIO.estimate(monthly([100, 98, 103, 99], late)).points
    assert point.state == state  # the first half of 2024, far higher, has no counterpart
    assert point.note == "2024 over 2022, 4 months of each"
    assert point.n == 8


def test_a_year_of_counts_is_a_poisson_ratio():
    evidence = yearly(start=2022, a=[100, 120, 150])
    method = Trend(indices=[index("a")], rule="ratio", ratio=1.1, later=2024, earlier=2022)
    (point,) = method.estimate(evidence).points
    assert point.value == pytest.approx(50)
    assert point.state == RISES
    assert method.estimate(yearly(start=2022, a=[100, 120])).value is None


@given(st.floats(0.2, 3), st.floats(0.2, 1), st.floats(1, 5), st.floats(0.5, 1), st.floats(1, 2))
def test_a_wider_interval_never_turns_an_open_index_into_a_decided_one(ratio, down, up, less, more):
    rule = RATIO._part(Rule)
    narrow = Rate(ratio=ratio, low=ratio * down, high=ratio * up, p=None)
    wide = replace(narrow, low=narrow.low * less, high=narrow.high * more)
    assert rule._state_of_ratio(wide) in (OPEN, rule._state_of_ratio(narrow))


def test_few_months_decide_nothing():
    (point,) = RATIO.estimate(monthly([100, 98, 103], [205, 195, 210])).points
    assert (point.state, point.n) == (OPEN, 6)


def test_a_ratio_of_two_values_that_are_no_counts_is_none():
    method = Trend(indices=[index("a")], rule="ratio", ratio=1.1, later=2024, earlier=2022)
    found = method.estimate(yearly(start=2022, a=[100.5, 120, 150]))
    assert (found.value, found.points, found.note) == (None, (), "no series for a")


def test_autocorrelation_is_allowed_for_unless_it_is_not_wanted():
    assert Trend(indices=[index("a")]).correction == "ar1"


def test_the_p_of_each_index_is_kept():
    found = Trend(indices=[index("up"), index("short")]).estimate(yearly(up=UP, short=[1, 2, 3]))
    ((name, p),) = found.tests
    assert name == "up"
    assert p == found.points[0].p < 0.05


def test_a_slope_and_two_years():
    method = Trend(indices=[index("a")], rule="slope", later=2013, earlier=2011)
    assert states(method, yearly(a=[1, 5, 6, 5])) == {"a": RISES}
    assert states(method, yearly(a=[1, 5, 6, 4])) == {"a": NO_RISE}
    counted = replace(method, form="counts")
    assert states(counted, yearly(a=[1, 5, 6, 5])) == {"a": RISES}


def test_prices_are_taken_out():
    evidence = yearly(a=[100, 110, 121, 133.1], p=[100, 110, 121, 133.1])
    over = {"table": "t/t", "value": "v", "where": {"place": "p"}}
    (point,) = Trend(indices=[index("a", over=over)]).estimate(evidence).points
    assert [value for _, value in point.series] == pytest.approx([100] * 4)


def test_facets_choose_recipes_and_fill_conditions():
    recipe = index("x", edition=["a", "b"], where={"place": "{edition}"})
    method = Trend(indices=[recipe], edition="a")
    assert states(method, yearly(a=UP, b=DOWN)) == {"x": RISES}
    assert states(replace(method, edition="b"), yearly(a=UP, b=DOWN)) == {"x": NO_RISE}
    with pytest.raises(ParameterError, match="no index is defined for edition=c"):
        replace(method, edition="c").pass_criterion  # noqa: B018


def test_q_is_beside_p():
    estimate = Trend(indices=[index("a"), index("z")]).estimate(yearly(a=UP, z=ZIGZAG))
    for point in estimate.points:
        assert point.q >= point.p


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"named": ["b"]}, "no index is called 'b'"),
        ({"rule": "ratio"}, "needs `later` and `earlier`"),
    ],
)
def test_wrong_parameters(changes, message):
    with pytest.raises(ParameterError, match=message):
        replace(Trend(indices=[index("a")]), **changes).pass_criterion  # noqa: B018


def test_an_unknown_column():
    with pytest.raises(ParameterError, match="t/t has no column 'w'"):
        Trend(indices=[index("a", value="w")]).estimate(yearly(a=UP))


@given(st.lists(st.lists(st.integers(0, 50), min_size=3, max_size=12), min_size=1, max_size=5))
def test_the_share_lies_in_its_bounds(series):
    names = "abcde"[: len(series)]
    evidence = yearly(**dict(zip(names, series, strict=True)))
    estimate = Trend(indices=[index(name) for name in names]).estimate(evidence)
    assert 0 <= estimate.low <= estimate.value <= estimate.high <= 1
    falling = {name: values[::-1] for name, values in zip(names, series, strict=True)}
    other = Trend(indices=[index(name) for name in names]).estimate(yearly(**falling))
    assert estimate.value + other.value <= 1 + 1e-3
