"""Level: sums, mirrors, conversions and ratios, and what each change of the claim does."""

from __future__ import annotations

from dataclasses import replace

import pytest
from frames import Frames, frame
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import ParameterError
from analysis.methods.estimate import Outcome
from analysis.methods.level import Level


def term(reporter: str, flow: str, **more) -> dict:
    where = {"reporter": reporter, "flow": flow, "year": "{period}"}
    return {
        "part": f"{reporter} {flow}",
        "table": "t/flows",
        "value": "usd",
        "where": where,
        "scale": 1e-9,
        **more,
    }


def flows(**values: float) -> Frames:
    """Frames with a row per flow: north_export=31e9 and so on."""
    rows = []
    for name, value in values.items():
        reporter, flow = name.split("_")
        rows.append(
            {
                "reporter": reporter,
                "flow": flow,
                "year": 2023,
                "usd": value,
                "source_id": f"{reporter}_customs",
            }
        )
    return Frames({"t/flows": frame(rows)})


ALL = flows(north_export=31.4e9, north_import=44.4e9, south_export=42.8e9, south_import=30.9e9)
MEASURES = [
    {"reporter": "north", "terms": [term("north", "export"), term("north", "import")]},
    {
        "reporter": "mirror",
        "valuation": "fob_fob",
        "terms": [term("north", "export"), term("south", "export")],
    },
    {
        "reporter": "mirror",
        "valuation": "midpoint",
        "scale": 0.5,
        "terms": [term(r, f) for r in ("north", "south") for f in ("export", "import")],
    },
]
TRADE = Level(measures=MEASURES, claimed=75, unit="USD billion", reporter="north", period="2023")


def outcome(method: Level, evidence: Frames) -> Outcome | None:
    return method.pass_criterion.outcome(method.estimate(evidence))


def test_a_sum_of_two_flows_cites_both_rows():
    estimate = TRADE.estimate(ALL)
    assert estimate.value == pytest.approx(75.8)
    assert [str(citation) for citation in estimate.citations] == ["t/flows:2", "t/flows:3"]
    assert estimate.families == ("north_customs",)


def test_mirror_statistics_mix_reporters():
    fob = replace(TRADE, reporter="mirror", valuation="fob_fob")
    assert fob.estimate(ALL).value == pytest.approx(74.2)
    assert fob.estimate(ALL).families == ("north_customs", "south_customs")
    midpoint = replace(TRADE, reporter="mirror", valuation="midpoint")
    assert midpoint.estimate(ALL).value == pytest.approx((31.4 + 44.4 + 42.8 + 30.9) / 2)


@pytest.mark.parametrize(("claimed", "expected"), [(75, 1), (57, 1), (76, -1)])
def test_the_claimed_number_decides(claimed, expected):
    assert outcome(replace(TRADE, claimed=claimed), ALL) == expected


def test_a_missing_flow_is_no_evidence_and_says_which():
    estimate = TRADE.estimate(flows(north_export=31.4e9))
    assert estimate.value is None
    assert "north import" in estimate.note


def test_sources_that_disagree_make_an_interval():
    rows = [
        {"reporter": "north", "flow": "total", "year": 2023, "usd": usd, "source_id": source}
        for usd, source in ((74e9, "customs"), (77e9, "agency"), (77e9, "agency"))
    ]
    measure = {"reporter": "north", "terms": [term("north", "total")]}
    method = replace(TRADE, measures=[measure])
    estimate = method.estimate(Frames({"t/flows": frame(rows)}))
    assert (estimate.low, estimate.value, estimate.high) == pytest.approx((74, 75.5, 77))
    assert estimate.disagreement == pytest.approx(3)
    assert method.pass_criterion.outcome(estimate) is Outcome.UNCLEAR
    assert replace(method, source="agency").estimate(
        Frames({"t/flows": frame(rows)})
    ).value == pytest.approx(77)


def test_yen_are_converted_with_the_rate_of_the_year():
    rate = {"part": "rate", "table": "t/rates", "value": "per_usd", "where": {"year": "{period}"}}
    jpy = {
        "part": "export",
        "table": "t/jpy",
        "value": "jpy",
        "where": {"year": "{period}"},
        "scale": 1e-9,
        "rate": rate,
        "rounding": 1e11,
    }
    evidence = Frames(
        {
            "t/jpy": frame([{"year": 2023, "jpy": 6.0e12}]),
            "t/rates": frame([{"year": 2023, "per_usd": 140.0, "source_id": "fx"}]),
        }
    )
    estimate = replace(TRADE, measures=[{"terms": [jpy]}]).estimate(evidence)
    assert estimate.value == pytest.approx(6000 / 140)
    assert estimate.high - estimate.low == pytest.approx(100 / 140)
    assert {citation.part for citation in estimate.citations} == {"export", "rate"}
    assert estimate.families == ("s",)  # the rate converts, it does not measure


@given(st.floats(1, 1e3), st.floats(1, 1e3), st.floats(0, 0.9), st.floats(0, 0.9))
def test_a_ratio_contains_every_quotient_of_its_ends(top, bottom, spread_top, spread_bottom):
    def rows(value, spread):
        return [{"v": value * (1 - spread), "source_id": "a"}, {"v": value, "source_id": "b"}]

    evidence = Frames(
        {"t/a": frame(rows(top, spread_top)), "t/b": frame(rows(bottom, spread_bottom))}
    )
    measure = {
        "terms": [{"table": "t/a", "value": "v", "where": {}}],
        "over": [{"table": "t/b", "value": "v", "where": {}}],
    }
    estimate = Level(measures=[measure], claimed=1, unit="ratio").estimate(evidence)
    for above in (top * (1 - spread_top), top):
        for beneath in (bottom * (1 - spread_bottom), bottom):
            assert estimate.low <= above / beneath * (1 + 1e-9)
            assert estimate.high >= above / beneath * (1 - 1e-9)


@given(st.permutations(range(4)))
def test_the_order_of_rows_does_not_matter(order):
    shuffled = Frames({"t/flows": ALL["t/flows"].iloc[list(order)]})
    assert TRADE.estimate(shuffled).value == TRADE.estimate(ALL).value


@pytest.mark.parametrize("factor", [1e-3, 1.0, 1e3])
def test_the_unit_does_not_matter(factor):
    measures = [
        {
            **MEASURES[0],
            "terms": [{**t, "scale": t["scale"] * factor} for t in MEASURES[0]["terms"]],
        }
    ]
    assert outcome(replace(TRADE, measures=measures, claimed=75 * factor), ALL) == outcome(
        TRADE, ALL
    )


def test_a_denominator_that_reaches_zero_is_refused():
    evidence = Frames({"t/a": frame([{"v": 1.0}]), "t/b": frame([{"v": 0.0}])})
    measure = {
        "terms": [{"table": "t/a", "value": "v", "where": {}}],
        "over": [{"table": "t/b", "value": "v", "where": {}}],
    }
    with pytest.raises(ParameterError, match="must be positive"):
        Level(measures=[measure], claimed=1, unit="ratio").estimate(evidence)


def test_a_combination_without_a_recipe_is_an_error():
    with pytest.raises(ParameterError, match="no measure is defined for reporter=west"):
        replace(TRADE, reporter="west").estimate(ALL)


def test_an_unknown_column_is_an_error_with_a_suggestion():
    measures = [{"terms": [{**term("north", "export"), "where": {"repoter": "north"}}]}]
    with pytest.raises(ParameterError, match="did you mean 'reporter'"):
        replace(TRADE, measures=measures).estimate(ALL)


def test_a_change_below_zero_is_a_fall():
    change = [{"scale": 100, "terms": [term("north", "export", rounding=1e9),
                                       term("south", "export", scale=-1e-9, rounding=1e9)],
               "over": [term("south", "export", rounding=1e9)]}]  # fmt: skip
    method = Level(measures=change, claimed=0, unit="percent", comparison="below", period="2023")
    estimate = method.estimate(ALL)
    assert estimate.value == pytest.approx(100 * (31.4 - 42.8) / 42.8)
    assert (estimate.low, estimate.high) == pytest.approx((-100 * 12.4 / 42.3, -100 * 10.4 / 43.3))
    assert method.pass_criterion.outcome(estimate) is Outcome.PASS
    upward = replace(method, comparison="exceeds")
    assert upward.pass_criterion.outcome(estimate) is Outcome.FAIL


AREAS = ("ESP", "FRA", "DEU")


def shares(**values: float | None) -> Frames:
    """A share in percent by area; None is an area without a row."""
    return Frames(
        {"t/s": frame([{"area": a, "pct": v} for a, v in values.items() if v is not None])}
    )


def across(needed: int = 0, areas=AREAS) -> Level:
    recipe = {"table": "t/s", "value": "pct", "where": {"area": "{area}"}}
    return Level(measures=[{"terms": [recipe]}], claimed=50, unit="percent",
                 across={"area": areas}, needed=needed)  # fmt: skip


@given(st.lists(st.one_of(st.none(), st.integers(0, 100)), min_size=3, max_size=3),
       st.integers(0, 3))  # fmt: skip
def test_one_recipe_for_several_areas_is_as_several_claims(values, needed):
    known = shares(**dict(zip(AREAS, values, strict=True)), other=0)
    sure = sum(v is not None and v > 50 for v in values)
    possible = sure + values.count(None)
    wanted = needed or 3
    method = across(needed)
    estimate = method.estimate(known)
    found = method.pass_criterion.outcome(estimate)
    if values.count(None) == 3:
        assert found is None
        return
    expected = (Outcome.PASS if sure >= wanted else
                Outcome.FAIL if possible < wanted else Outcome.UNCLEAR)  # fmt: skip
    assert (found, estimate.low, estimate.high) == (expected, sure, possible)
    assert [point.label for point in estimate.points] == [
        area for area, v in zip(AREAS, values, strict=True) if v is not None
    ]


def test_each_area_is_reported_with_its_value_and_rows():
    estimate = across().estimate(shares(ESP=60, FRA=70, DEU=40))
    assert [point.text for point in estimate.points] == [
        "60 percent: passes", "70 percent: passes", "40 percent: fails",
    ]  # fmt: skip
    assert [point.row for point in estimate.points] == ["t/s:2", "t/s:3", "t/s:4"]
    assert (estimate.value, estimate.unit) == (2, "of 3 by area")


def test_values_across_are_one_name_with_different_values():
    for wrong in ({"area": []}, {"area": ["ESP", "ESP"]}, {"a": ["x"], "b": ["y"]}):
        with pytest.raises(ParameterError, match="one name to its values"):
            _ = replace(across(), across=wrong).pass_criterion
    with pytest.raises(ParameterError, match="has 3 values"):
        _ = across(4).pass_criterion
