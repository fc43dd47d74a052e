"""Share: sums with bounds, conditions that hold together, and a shift-share table that adds up."""

from __future__ import annotations

from dataclasses import replace

import pytest
from frames import Frames, frame
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import ParameterError
from analysis.methods.estimate import Outcome
from analysis.methods.share import Share

GOODS = [
    {"year": 2023, "scheme": "HS4", "code": "8486", "pct": 30.0},
    {"year": 2023, "scheme": "HS4", "code": "8542", "pct": 25.0},
    {"year": 2022, "scheme": "HS4", "code": "8542", "pct": 17.0},
]
RECIPE = {
    "part": "goods",
    "table": "t/goods",
    "value": "pct",
    "percent": True,
    "by": ["scheme", "code"],
    "nested": True,
    "time": "year",
    "period": "{period}",
    "where": {},
}
MAPPINGS = {
    "narrow": {"machines": ["HS4 8486"], "chips": ["HS4 8542"]},
    "wide": {"machines": ["HS4 8486"], "chips": ["HS4 8542"], "cars": ["HS4 8703"]},
}
SUM = Share(divisions=[RECIPE], claimed=50, mappings=MAPPINGS, mapping="narrow", period="2023")
TABLE = Frames({"t/goods": frame(GOODS)})


def outcome(method: Share, table: Frames = TABLE) -> Outcome | None:
    return method.pass_criterion.outcome(method.estimate(table))


def test_groups_add_up_and_cite_their_rows():
    estimate = SUM.estimate(TABLE)
    assert (estimate.value, estimate.low, estimate.high) == (55, 55, 55)
    assert [str(citation) for citation in estimate.citations] == ["t/goods:2", "t/goods:3"]
    assert [(p.label, p.value) for p in estimate.points] == [("machines", 30), ("chips", 25)]
    assert outcome(SUM) is Outcome.PASS


def test_the_mapping_is_a_choice_and_an_unknown_one_an_error():
    wide = SUM.estimate(TABLE), replace(SUM, mapping="wide").estimate(TABLE)
    assert (wide[1].low, wide[1].high) == (55, 100)
    with pytest.raises(ParameterError, match="unknown mapping 'wid'; known: narrow, wide"):
        replace(SUM, mapping="wid").estimate(TABLE)


def test_a_part_that_is_not_named_bounds_and_too_wide_a_span_says_nothing():
    old = replace(SUM, period="2022")
    estimate = old.estimate(TABLE)
    assert estimate.value is None
    assert estimate.flags == ("thin",)
    assert estimate.note == "what is known allows 17 to 100 percent: too wide to say"
    assert [point.text for point in estimate.points] == ["no row", "asked"]
    assert outcome(replace(old, widest=90)) is Outcome.UNCLEAR
    assert outcome(replace(old, claimed=10)) is Outcome.PASS


def test_no_named_group_is_no_evidence():
    missing = replace(SUM, mappings={"narrow": {"cars": ["HS4 8703"]}})
    assert missing.estimate(TABLE).note == "none of HS4 8703 is named in t/goods"
    assert replace(SUM, period="1999").estimate(TABLE).value is None


def test_years_together_are_a_widened_range_around_their_median():
    rows = [
        {"year": 2019 + i, "scheme": "HS4", "code": "8542", "pct": pct}
        for i, pct in enumerate((60.0, 64.0, 62.0, 70.0, 61.0))
    ]
    chips = {"narrow": {"chips": ["HS4 8542"]}}
    both = replace(SUM, mappings=chips, period="2019/2023")
    estimate = both.estimate(Frames({"t/goods": frame(rows)}))
    assert (estimate.low, estimate.value, estimate.high) == (54, 62, 76)
    assert estimate.flags == ("series",)
    assert estimate.n == 5
    few = both.estimate(Frames({"t/goods": frame(rows[1:])}))
    assert (few.value, few.note, few.flags) == (None, "4 years of 5 that are needed", ("thin",))


REGION = Frames(
    {
        "t/gdp": frame([{"who": who, "usd": usd} for who, usd in [("x", 60.0), ("y", 30.0)]]),
        "t/arms": frame([{"who": who, "usd": usd} for who, usd in [("x", 40.0), ("z", 50.0)]]),
    }
)
HOLDS = Share(
    asks="holds",
    of="x",
    claimed=2,
    comparison="at_least",
    unit="of 2 proxies",
    region="all",
    regions={"all": ["x", "y", "z"]},
    conditions=[{"part": "output", "division": "gdp"}, {"part": "arms", "division": "arms"}],
    divisions=[
        {
            "name": name,
            "part": name,
            "table": f"t/{name}",
            "value": "usd",
            "by": "who",
            "where": {},
            "members": "{region}",
            "ceiling": {"table": "t/gdp", "by": "who", "value": "usd", "where": {}, "scale": 0.5},
        }
        for name in ("gdp", "arms")
    ],
)


def test_conditions_count_and_a_missing_member_leaves_them_open():
    estimate = HOLDS.estimate(REGION)  # z has no output on record and no ceiling: open
    assert (estimate.low, estimate.high) == (0, 1)
    assert [point.text.partition(":")[0] for point in estimate.points] == ["unclear", "fails"]
    small = replace(HOLDS, regions={"all": ["x", "y"]})
    assert small.estimate(REGION).value == 2
    first = replace(HOLDS, criterion="rank", bar=1, regions={"all": ["x", "y"]})
    assert first.estimate(REGION).value == 2
    assert first.estimate(REGION).points[0].text == "holds: rank 1 of 2 named (needed: 1 or better)"


def test_one_condition_of_a_group_is_enough():
    either = [{**item, "group": "either"} for item in HOLDS.conditions]
    small = replace(HOLDS, conditions=either, regions={"all": ["x", "z"]}, claimed=1)
    assert outcome(small, REGION) is Outcome.UNCLEAR
    # without arms on record, output alone decides
    known = Frames({**REGION, "t/arms": REGION["t/arms"].iloc[:0]})
    alone = replace(small, regions={"all": ["x", "y"]})
    assert (alone.estimate(known).low, alone.estimate(known).high) == (1, 1)


def test_unknown_regions_and_members():
    with pytest.raises(ParameterError, match="unknown region 'al'; known: all"):
        replace(HOLDS, region="al").estimate(REGION)
    absent = replace(HOLDS, of="q", conditions=HOLDS.conditions[:1])
    assert absent.estimate(REGION).note == "q is not named in t/gdp"


def trade(before: dict[str, float], after: dict[str, float]) -> Frames:
    rows = [
        {"year": year, "partner": name, "usd": usd}
        for year, values in ((2016, before), (2023, after))
        for name, usd in {**values, "World": sum(values.values()) + 10}.items()
    ]
    return Frames({"t/trade": frame(rows)})


GAIN = Share(
    asks="gain",
    of="helper",
    lost="giant",
    base="2016",
    period="2023",
    claimed=0.5,
    unit="percentage points",
    divisions=[
        {
            "part": "trade",
            "table": "t/trade",
            "value": "usd",
            "by": "partner",
            "where": {"year": "{period}"},
            "whole": "World",
        }
    ],
)


def test_a_gain_is_counted_in_points_and_the_table_adds_up_to_nothing():
    table = trade({"giant": 50, "helper": 10, "rest": 30}, {"giant": 30, "helper": 25, "rest": 35})
    estimate = GAIN.estimate(table)
    assert estimate.value == pytest.approx(15)
    assert sum(point.value for point in estimate.points) == pytest.approx(0)
    assert estimate.points[1].text == "asked: 10.0 to 25.0 percent, log-ratio +0.92"


@given(st.lists(st.floats(1, 1e6), min_size=6, max_size=6))
def test_shifts_always_add_up_to_nothing(sizes):
    names = ("giant", "helper", "rest")
    table = trade(
        dict(zip(names, sizes[:3], strict=True)), dict(zip(names, sizes[3:], strict=True))
    )
    points = GAIN.estimate(table).points
    assert sum(point.value for point in points) == pytest.approx(0, abs=1e-9)
    assert all(point.low <= point.value <= point.high for point in points)


def test_a_flat_share_fails():
    table = trade({"giant": 50, "helper": 10, "rest": 30}, {"giant": 30, "helper": 10, "rest": 50})
    assert outcome(GAIN, table) is Outcome.FAIL


def test_nothing_lost_is_nothing_gained():
    table = trade({"giant": 40, "helper": 10, "rest": 40}, {"giant": 50, "helper": 20, "rest": 20})
    assert GAIN.estimate(table).note.endswith("nothing was lost")
    assert GAIN.estimate(table).flags == ("thin",)
    assert replace(GAIN, lost="nobody").estimate(table).note == (
        "no share of nobody in 2016 and 2023"
    )


@pytest.mark.parametrize("years", [("helper", "other"), ("other", "helper")])
def test_a_member_that_is_named_at_one_end_only_has_no_change(years):
    before, after = ({"giant": 50, name: 10} for name in years)
    assert GAIN.estimate(trade(before, after)).note == "no share of helper in 2016 and 2023"


MOVED = trade({"giant": 50, "helper": 10, "rest": 30}, {"giant": 30, "helper": 25, "rest": 35})


def test_a_share_falls_by_its_points_whoever_gained_them():
    fall = replace(GAIN, of=GAIN.lost, lost="", claimed=0, comparison="below")
    lost = GAIN.estimate(MOVED).points
    assert fall.estimate(MOVED).value == next(p.value for p in lost if p.label == GAIN.lost) < 0
    assert outcome(fall, MOVED) is Outcome.PASS
    assert outcome(replace(fall, of=GAIN.of), MOVED) is Outcome.FAIL


@pytest.mark.parametrize(
    ("comparison", "at", "above"),
    [
        ("exceeds", Outcome.FAIL, Outcome.PASS),
        ("at_least", Outcome.PASS, Outcome.PASS),
        ("below", Outcome.FAIL, Outcome.FAIL),
        ("at_most", Outcome.PASS, Outcome.FAIL),
        ("equals", Outcome.PASS, Outcome.FAIL),
        ("rounds_to", Outcome.PASS, Outcome.PASS),
        ("within", Outcome.PASS, Outcome.PASS),
    ],
)
def test_the_boundary_is_the_stated_number_and_no_noise_of_arithmetic(comparison, at, above):
    precision = 0.1 if comparison in ("rounds_to", "within") else 0
    method = replace(SUM, claimed=30, comparison=comparison, precision=precision)
    for parts, wanted in (((10.1, 19.9), at), ((10.1, 19.92), above)):
        rows = [{"year": 2023, "scheme": "HS4", "code": code, "pct": pct}
                for code, pct in zip(("8486", "8542"), parts, strict=True)]  # fmt: skip
        assert outcome(method, Frames({"t/goods": frame(rows)})) is wanted


def test_about_a_number_is_a_margin_in_percent_of_it():
    about = replace(SUM, claimed=50, comparison="within", precision_pct=10)
    assert outcome(about) is Outcome.PASS
    assert outcome(replace(about, precision_pct=9)) is Outcome.FAIL
    with pytest.raises(ParameterError, match="needs a `precision`"):
        outcome(replace(about, precision_pct=0))
    with pytest.raises(ParameterError, match="not both"):
        outcome(replace(about, precision=1))


def test_a_condition_may_ask_for_less_than_a_share():
    few = [{"part": "chips", "division": "", "of": "HS4 8542", "bar": 26, "comparison": "below"}]
    method = replace(SUM, asks="holds", conditions=few, claimed=1, comparison="at_least", unit="")
    assert outcome(method) is Outcome.PASS
    assert method.estimate(TABLE).points[0].text.endswith("(needed: less than 26 %)")
    assert outcome(replace(method, conditions=[{**few[0], "bar": 25}])) is Outcome.FAIL
