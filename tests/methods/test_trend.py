"""Trend: what makes an index rise or fall, what keeps it from voting, and how votes add up."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest
from frames import INFO, Frames, frame
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import ParameterError
from analysis.methods.estimate import Outcome
from analysis.methods.trend import Trend
from analysis.methods.trend_test import AT_CEILING, COPY, DOWN, FLAT, OPEN, STALE, UP

UPWARD, DOWNWARD = list(range(10, 22)), list(range(30, 18, -1))
FLATTISH = [3, 9, 1, 8, 2, 7, 7, 2, 8, 1, 9, 3]


class Broken(Frames):
    """Frames of which one table has a declared break."""

    at_year: int | str = 0

    def table(self, _name):
        breaks = (SimpleNamespace(at=self.at_year),)
        return SimpleNamespace(info=SimpleNamespace(**{**INFO, "breaks": breaks}))


def yearly(*, start: int = 0, **series) -> Frames:
    """A table of yearly values by place, each place counted by a source of its own.

    All end in 2023, the year before they became public, unless all begin at `start`.
    """
    return Frames(
        {
            "t/t": frame(
                [
                    {
                        "year": (start or 2024 - len(values)) + i,
                        "place": name,
                        "v": float(v),
                        "source_id": f"s_{name}",
                    }
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


def outcome(method: Trend, evidence: Frames) -> Outcome | None:
    return method.pass_criterion.outcome(method.estimate(evidence))


def votes(*names: str, **more) -> Trend:
    return Trend(indices=[index(name) for name in names], **more)


# --- one series


def test_growth_is_both_ends_and_the_slope():
    method = votes("a", verb="has_grown")
    assert states(method, yearly(a=[1, 3, 2, 4])) == {"a": UP}
    assert states(method, yearly(a=[3, 4, 5, 6, 2])) == {"a": FLAT}  # the ends fall
    assert states(method, yearly(a=[2, 9, 7, 5, 4, 3])) == {"a": FLAT}  # the slope falls
    assert states(method, yearly(a=[5, 4, 4, 2])) == {"a": DOWN}
    assert outcome(method, yearly(a=[1, 3, 2, 4])) is Outcome.PASS  # no test, however short
    assert method.estimate(yearly(a=UPWARD)).tests == ()


def test_going_on_is_tested():
    method = votes("a")
    assert outcome(method, yearly(a=UPWARD)) is Outcome.PASS
    assert outcome(method, yearly(a=DOWNWARD)) is Outcome.FAIL
    noise = yearly(a=[3, 9, 1, 8, 2, 7, 4, 6, 5, 9, 1, 10])
    assert states(method, noise) == {"a": UP}
    assert outcome(method, noise) is Outcome.UNCLEAR


def test_an_exponential_rise_is_a_rise():
    assert outcome(votes("a"), yearly(a=[100 * 1.25**t for t in range(8)])) is Outcome.PASS


def test_a_series_too_short_for_a_test_is_open_both_ways():
    for values in ([1, 2, 3, 4], [4, 3, 2, 1]):
        estimate = votes("a").estimate(yearly(a=values))
        assert (estimate.points[0].state, estimate.points[0].p) == (OPEN, None)
        assert (estimate.low, estimate.high) == (0, 1)


def test_a_fall_is_a_rise_of_the_negative():
    assert outcome(votes("a", direction="fall"), yearly(a=DOWNWARD)) is Outcome.PASS
    assert outcome(votes("a", direction="fall"), yearly(a=UPWARD)) is Outcome.FAIL
    method = votes("a", direction="fall", near_maximum=0.9)
    assert states(method, yearly(a=[*DOWNWARD, 25])) == {"a": FLAT}


def test_two_points_are_no_series():
    estimate = votes("a").estimate(yearly(a=[1, 9]))
    assert (estimate.value, estimate.flags, estimate.note) == (None, (), "no series for a")


def test_a_share_of_the_maximum_is_asked_besides():
    evidence = yearly(a=[*UPWARD, 15])
    assert states(votes("a"), evidence) == {"a": UP}
    assert states(votes("a", near_maximum=0.9), evidence) == {"a": FLAT}


def test_no_fall_in_any_year():
    method = votes("a", "b", verb="never_falls")
    assert states(method, yearly(a=UPWARD, b=[*UPWARD, 20])) == {"a": UP, "b": FLAT}


def test_what_ended_long_ago_does_not_vote():
    estimate = votes("a", "b").estimate(yearly(start=2012, a=UPWARD, b=DOWNWARD[:9]))
    assert [(point.state, point.weight) for point in estimate.points] == [(UP, 1), (STALE, 0)]
    early = votes("a", "b", last_year=2022)  # the present is that of the claim
    assert states(early, yearly(start=2012, a=UPWARD, b=DOWNWARD[:9])) == {"a": UP, "b": DOWN}


def test_part_of_a_year_is_no_year():
    rows = [{"month": f"{year}-{m:02d}", "v": 10.0} for year in range(2018, 2024)
            for m in range(1, 13) if (2018, 8) <= (year, m) <= (2023, 10)]  # fmt: skip
    recipe = {"index": "x", "table": "t/t", "value": "v", "time": "month", "reduce": "sum"}
    evidence = Frames({"t/t": frame(rows)})
    (point,) = Trend(indices=[recipe]).estimate(evidence).points
    assert point.series == tuple((year, 120) for year in range(2019, 2023))
    (point,) = Trend(indices=[{**recipe, "sampled": True}]).estimate(evidence).points
    assert [year for year, _ in point.series] == list(range(2018, 2024))


def test_a_single_whole_year_is_not_compared_with_itself():
    months = [f"{year}-{m:02d}" for year in (2022, 2023, 2024) for m in range(1, 13)][11:32]
    rows = [{"month": month, "v": 6.5 - 0.2 * i} for i, month in enumerate(months)]
    recipe = {"index": "x", "table": "t/t", "value": "v", "time": "month"}
    method = Trend(indices=[recipe], verb="has_grown", frequency="month", direction="fall")
    (point,) = method.estimate(Frames({"t/t": frame(rows)})).points
    assert (point.state, point.note) == (DOWN, "2022-12 to 2024-08; from 6.5 to 2.5")


def test_a_stock_is_the_sum_of_its_flow():
    rows = [{"day": f"{year}-06-01", "v": v} for year, v in ((2019, 5.0), (2020, 3.0), (2022, 1.0))]
    rows += [{"day": "2023-12-30", "v": 0.0}]
    recipe = {"index": "x", "table": "t/t", "value": "v", "time": "day", "reduce": "sum",
              "zeros": True, "cumulative": True}  # fmt: skip
    (point,) = Trend(indices=[recipe]).estimate(Frames({"t/t": frame(rows)})).points
    assert point.series == ((2019, 5), (2020, 8), (2021, 8), (2022, 9), (2023, 9))


# --- several


def test_signs_first_then_the_vote():
    method = votes("a", "b", "c")
    estimate = method.estimate(yearly(a=UPWARD, b=[v**2 for v in UPWARD], c=FLATTISH))
    assert [point.state for point in estimate.points] == [UP, UP, FLAT]
    assert (estimate.value, estimate.low, estimate.high) == (0.6667, 0.6667, 0.6667)
    assert method.pass_criterion.outcome(estimate) is Outcome.PASS  # two thirds are enough
    assert estimate.flags == ("series", "vote")
    assert estimate.note.startswith("2 of 3 up, mean tau 0.67 (")
    assert [name for name, _ in estimate.tests] == ["a", "b", "c", "all indices together"]


def test_what_each_shows_weakly_all_show_together():
    rows = {name: [3 * t % 7 + 0.45 * (k + 4) * t for t in range(k, k + 9)]
            for k, name in enumerate("abcde")}  # fmt: skip
    method = votes(*rows)
    estimate = method.estimate(yearly(start=2014, **rows))
    assert method.pass_criterion.outcome(estimate) is Outcome.PASS
    assert estimate.tests[-1][1] < min(p for _, p in estimate.tests[:-1])


def test_a_fall_by_a_test_of_its_own_is_flagged():
    evidence = yearly(a=UPWARD, b=[v + 1 for v in UPWARD], c=DOWNWARD)
    estimate = votes("a", "b", "c").estimate(evidence)
    assert "index_falls" in estimate.flags
    assert "index_falls" in votes("a", "c", verb="has_grown").estimate(evidence).flags
    assert "index_falls" not in votes("a", "b").estimate(evidence).flags


def test_indices_that_disagree_are_mixed():
    method = votes("a", "b")
    estimate = method.estimate(yearly(a=UPWARD, b=DOWNWARD))
    assert {"mixed", "index_falls"} <= set(estimate.flags)
    assert method.pass_criterion.outcome(estimate) is Outcome.UNCLEAR
    assert "mixed" not in votes("a", "c").estimate(yearly(a=UPWARD, c=[1, 2, 3])).flags


def test_less_than_a_third_fails():
    up_down = {"a": UPWARD, "b": DOWNWARD, "c": [v + 1 for v in DOWNWARD], "d": [*DOWNWARD[1:], 2]}
    for verb in ("has_grown", "keeps_growing"):
        assert outcome(votes(*up_down, verb=verb), yearly(**up_down)) is Outcome.FAIL


def test_all_of_them_is_all_of_them():
    method = votes("a", "b", verb="never_falls", least=1)
    assert outcome(method, yearly(a=UPWARD, b=[*UPWARD[:-1], 1])) is Outcome.FAIL


def test_too_few_indices_decide_nothing():
    estimate = votes("a", "b", quorum=2).estimate(yearly(a=UPWARD))
    assert (estimate.value, estimate.flags) == (None, ("thin",))


# --- laws

series = st.lists(st.integers(1, 60), min_size=5, max_size=11)
several = st.integers(5, 9).flatmap(
    lambda n: st.lists(
        st.lists(st.integers(1, 60), min_size=n, max_size=n),
        min_size=1,
        max_size=4,
        unique_by=tuple,
    )
)
VERBS = st.sampled_from(["has_grown", "keeps_growing"])


def of(rows, verb: str) -> Outcome:
    named = dict(zip("abcdef", rows, strict=False))
    return outcome(votes(*named, verb=verb), yearly(**named))


@given(st.integers(3, 15), st.floats(0.05, 4), VERBS, st.booleans())
def test_a_longer_series_of_the_same_line_never_weakens(n, slope, verb, curved):
    line = [100 + slope * (t**2 if curved else t) for t in range(n + 1)]
    assert of([line], verb) >= of([line[:-1]], verb)


@given(series, VERBS)
def test_a_new_maximum_never_weakens_a_single_series(values, verb):
    assert of([[*values, 61]], verb) >= of([values], verb)


@given(several, VERBS)
def test_another_index_that_rises_all_the_way_never_weakens(rows, verb):
    rising = [10 * t for t in range(len(rows[0]))]
    assert of([*rows, rising], verb) >= of(rows, verb)


@given(several, VERBS)
def test_a_copy_of_an_index_changes_nothing(rows, verb):
    named = dict(zip("abcdef", rows, strict=False))
    method, evidence = votes(*named, verb=verb), yearly(start=2015, **named, z=rows[0])
    one = method.estimate(evidence)
    other = replace(method, indices=[*method.indices, index("z")]).estimate(evidence)
    assert (one.value, one.low, one.high, one.flags) == (
        other.value, other.low, other.high, other.flags
    )  # fmt: skip
    assert len(set(rows[0])) == 1 or other.points[-1].state == COPY


@given(series, VERBS)
def test_a_copy_of_a_source_changes_nothing(values, verb):
    rows = [{"year": 2024 - len(values) + i, "v": float(v), "family": "f"}
            for i, v in enumerate(values)]  # fmt: skip
    recipe = {"index": "x", "table": "t/t", "value": "v", "time": "year"}
    method = Trend(indices=[recipe], verb=verb)
    one, other = (
        method.estimate(Frames({"t/t": frame(found)}))
        for found in (rows, [*rows, *({**row, "source_id": "copy"} for row in rows)])
    )
    assert (one.value, one.low, one.high, one.tests) == (
        other.value, other.low, other.high, other.tests
    )  # fmt: skip


@given(several, VERBS)
def test_an_increasing_function_changes_nothing(rows, verb):
    assert of(rows, verb) == of([[v**3 for v in row] for row in rows], verb)


@given(several, VERBS)
def test_a_claim_and_its_contrary_never_both_pass(rows, verb):
    named = dict(zip("abcdef", rows, strict=False))
    method, evidence = votes(*named, verb=verb), yearly(start=2015, **named)
    found = {outcome(replace(method, direction=way), evidence) for way in ("rise", "fall")}
    assert found != {Outcome.PASS}


# --- which values


@given(several, VERBS)
def test_a_fall_is_a_rise_of_the_negative_series(rows, verb):
    down = {name: [100 - v for v in row] for name, row in zip("abcdef", rows, strict=False)}
    fall = votes(*down, verb=verb, direction="fall")
    assert outcome(fall, yearly(**down)) == of(rows, verb)


def test_a_ceiling_hides_no_fall_and_floors_show_none():
    falling = yearly(a=[360, 350, 340, 330])
    fall = Trend(indices=[index("a", ceiling=366)], verb="has_grown", direction="fall")
    assert outcome(fall, falling) is Outcome.PASS
    floors = replace(fall, indices=[index("a", floor=2022)])
    assert states(floors, falling) == {"a": OPEN}  # the rest may not have been counted
    assert outcome(floors, yearly(a=[330, 340, 350, 360])) is Outcome.FAIL


def test_an_index_at_its_ceiling_does_not_vote():
    method = Trend(indices=[index("a", ceiling=366), index("b")], verb="has_grown")
    estimate = method.estimate(yearly(a=[335, 340, 352, 355], b=[1, 2, 3, 4]))
    assert [(p.state, p.weight) for p in estimate.points] == [(AT_CEILING, 0), (UP, 1)]
    assert estimate.value == 1
    assert states(method, yearly(a=[100, 200, 300], b=[1, 2, 3])) == {"a": UP, "b": UP}


def test_a_series_ends_at_a_declared_break():
    evidence = Broken(yearly(start=2010, a=[9, 8, 7, 6, 5, 20, 21, 22, 23]))
    evidence.at_year = 2015
    (point,) = Trend(indices=[index("a")]).estimate(evidence).points
    assert [int(time) for time, _ in point.series] == [2015, 2016, 2017, 2018]
    exempt = Trend(indices=[index("a", unbroken={2015: "of another index"})])
    assert len(exempt.estimate(evidence).points[0].series) == 9
    early = Trend(indices=[index("a")], last_year=2014)
    assert len(early.estimate(evidence).points[0].series) == 5


def test_a_break_inside_a_year_takes_the_year():
    evidence = Broken(yearly(a=UPWARD))
    evidence.at_year = "2012-09"
    (point,) = Trend(indices=[index("a")]).estimate(evidence).points
    assert point.series[0][0] == 2013


def test_after_a_floor_no_rise_is_open():
    evidence = Broken(yearly(a=DOWNWARD, b=UPWARD))
    evidence.at_year = 2018
    method = Trend(indices=[index("a", floor=2018), index("b", floor=2018)])
    assert states(method, evidence) == {"a": OPEN, "b": UP}


def test_parts_share_the_weight_of_their_index():
    evidence = yearly(a=UPWARD, b=DOWNWARD, c=[v**2 for v in UPWARD])
    both = {"index": "two", "table": "t/t", "value": "v", "time": "year", "by": "place",
            "where": {"place": ["a", "b"]}}  # fmt: skip
    estimate = Trend(indices=[both, index("c")]).estimate(evidence)
    assert [point.weight for point in estimate.points] == [0.5, 0.5, 1.0]
    assert estimate.value == 0.75
    summed = Trend(indices=[{**both, "sum": True}]).estimate(evidence)
    assert {value for _, value in summed.points[0].series} == {40.0}


def test_a_sum_needs_all_its_parts():
    evidence = yearly(a=UPWARD, b=[1, 1, 1])
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
        {"day": f"{year}-{'01' if year == 2015 else '12'}-0{i + 1}"}
        for year in (2015, 2018, 2019)
        for i in range(year - 2014)
    ]
    recipe = {"index": "x", "table": "t/t", "time": "day"}
    evidence = Frames({"t/t": frame(rows)})
    (point,) = Trend(indices=[recipe]).estimate(evidence).points
    assert point.series == ((2015, 1), (2018, 4), (2019, 5))
    (point,) = Trend(indices=[{**recipe, "zeros": True}]).estimate(evidence).points
    assert [value for _, value in point.series] == [1, 0, 0, 4, 5]


def test_an_actor_without_any_event_is_a_series_of_zeros():
    rows = [{"day": f"{year}-03-01", "who": "b"} for year in range(2015, 2020)]
    recipe = {"index": "x", "table": "t/t", "time": "day", "zeros": True, "where": {"who": "a"}}
    method = Trend(indices=[recipe], verb="has_grown", last_year=2019)
    estimate = method.estimate(Frames({"t/t": frame(rows)}))
    assert (estimate.value, estimate.citations) == (0, ())
    assert [year for year, _ in estimate.points[0].series] == [2016, 2017, 2018]  # whole years


def test_twelve_months_count_for_the_year_of_their_middle():
    rows = [
        {"p": p, "v": float(i)}
        for i, p in enumerate(["2019-12/2020-11", "2021", "2022", "2022-03"])
    ]
    recipe = {"index": "x", "table": "t/t", "value": "v", "time": "p"}
    (point,) = Trend(indices=[recipe]).estimate(Frames({"t/t": frame(rows)})).points
    assert [time for time, _ in point.series] == [2020, 2021, 2022]


def test_the_p_of_each_index_is_kept():
    found = Trend(indices=[index("up"), index("short")]).estimate(
        yearly(up=UPWARD, short=[1, 2, 3])
    )
    ((name, p),) = found.tests
    assert name == "up"
    assert p == found.points[0].p < 0.05


def test_prices_are_taken_out():
    evidence = yearly(a=[100, 110, 121, 133.1], p=[100, 110, 121, 133.1])
    over = {"table": "t/t", "value": "v", "where": {"place": "p"}}
    (point,) = Trend(indices=[index("a", over=over)]).estimate(evidence).points
    assert [value for _, value in point.series] == pytest.approx([100] * 4)


def test_facets_choose_recipes_and_fill_conditions():
    recipe = index("x", edition=["a", "b"], where={"place": "{edition}"})
    method = Trend(indices=[recipe], edition="a")
    assert states(method, yearly(a=UPWARD, b=DOWNWARD)) == {"x": UP}
    assert states(replace(method, edition="b"), yearly(a=UPWARD, b=DOWNWARD)) == {"x": DOWN}
    with pytest.raises(ParameterError, match="no index is defined for edition=c"):
        replace(method, edition="c").pass_criterion  # noqa: B018


def test_q_is_beside_p():
    estimate = Trend(indices=[index("a"), index("z")]).estimate(yearly(a=UPWARD, z=FLATTISH))
    for point in estimate.points:
        assert point.q >= point.p


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"named": ["b"]}, "no index is called 'b'"),
        ({"verb": "has_grown", "near_maximum": 0.9}, "near_maximum is for keeps_growing"),
    ],
)
def test_wrong_parameters(changes, message):
    with pytest.raises(ParameterError, match=message):
        replace(Trend(indices=[index("a")]), **changes).pass_criterion  # noqa: B018


def test_an_unknown_column():
    with pytest.raises(ParameterError, match="t/t has no column 'w'"):
        Trend(indices=[index("a", value="w")]).estimate(yearly(a=UPWARD))


@given(st.lists(st.lists(st.integers(0, 50), min_size=3, max_size=12), min_size=1, max_size=5))
def test_the_share_lies_in_its_bounds(series):
    names = "abcde"[: len(series)]
    evidence = yearly(**dict(zip(names, series, strict=True)))
    estimate = Trend(indices=[index(name) for name in names]).estimate(evidence)
    assert 0 <= estimate.low <= estimate.value <= estimate.high <= 1
    falling = {name: values[::-1] for name, values in zip(names, series, strict=True)}
    other = Trend(indices=[index(name) for name in names]).estimate(yearly(**falling))
    assert estimate.value + other.value <= 1 + 1e-3
