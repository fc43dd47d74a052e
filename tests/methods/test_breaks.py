"""Breaks: what counts as one, when it is, and how often the tests err on simulated series."""

from __future__ import annotations

import importlib.util
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from frames import Frames, frame
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.errors import ParameterError
from analysis.methods.breaks import Breaks
from analysis.methods.estimate import Outcome
from analysis.stats import changepoint

RECIPE = {"table": "t/v", "time": "year", "value": "v", "where": {}}
METHOD = Breaks(all_series={"v": RECIPE}, series="v", draws=199)
STEP = [10, 11, 10, 9, 10, 11, 9, 10, 10, 11, 9, 10, 30, 31, 29, 30]


def known(values, first: int = 2000, **more) -> Frames:
    rows = [{"year": first + i, "v": float(v), **more} for i, v in enumerate(values)]
    return Frames({"t/v": frame(rows)})


def outcome(method: Breaks, evidence: Frames) -> Outcome | None:
    return method.pass_criterion.outcome(method.estimate(evidence))


def drawn(estimate, label: str):
    return [point for point in estimate.points if point.label == label]


def test_a_step_is_one_sure_break_in_its_year():
    estimate = METHOD.estimate(known(STEP))
    assert (estimate.low, estimate.value, estimate.high) == (1, 1, 1)
    (found,) = drawn(estimate, "break")
    assert (found.low, found.value, found.high) == (2012, 2012, 2012)
    assert estimate.n == len(estimate.citations) == 16
    assert estimate.flags == ("series",)


def test_the_same_values_without_a_step_have_none():
    assert outcome(METHOD, known(STEP[:12])) is Outcome.FAIL
    assert outcome(METHOD, known([5] * 12)) is Outcome.FAIL


def test_direction():
    falling = known([-v for v in STEP])
    assert outcome(METHOD, falling) is Outcome.FAIL
    assert outcome(replace(METHOD, direction="down"), falling) is Outcome.PASS
    assert outcome(replace(METHOD, direction="any"), falling) is Outcome.PASS


@pytest.mark.parametrize(
    ("years", "expected"),
    [((2012, 2012), 1), ((2013, 2014), -1), ((2000, 2011), -1), ((2010, 9999), 1)],
)
def test_the_claimed_years_decide(years, expected):
    method = replace(METHOD, claimed_from=years[0], claimed_to=years[1])
    assert outcome(method, known(STEP)) == expected


@pytest.mark.parametrize(("claimed", "value"), [(2012, 0), (2014, -2), (2010, 2)])
def test_the_date_is_judged_apart(claimed, value):
    method = replace(METHOD, asks="date", claimed_from=claimed, claimed_to=claimed)
    estimate = method.estimate(known(STEP))
    assert estimate.value == value
    assert outcome(method, known(STEP)) == (1 if value == 0 else -1)
    assert method.estimate(known(STEP[:12])).value is None  # nothing to date


def test_years_in_which_no_break_could_be_seen_are_no_contradiction():
    estimate = replace(METHOD, claimed_from=2014).estimate(known(STEP))
    assert estimate.value is None
    assert estimate.flags == ("thin", "series")
    assert "from 2003 to 2013" in estimate.note


def test_a_short_series_is_thin_and_none_is_no_evidence():
    assert METHOD.estimate(known(STEP[-7:])).flags == ("thin", "series")
    no_evidence = replace(METHOD, all_series={"v": {**RECIPE, "where": {"year": 1900}}})
    assert no_evidence.estimate(known(STEP)).flags == ()


def test_a_steady_rise_breaks_its_mean_but_not_its_line():
    rise = known(np.arange(20.0) + np.tile([0.3, -0.2, 0.1, -0.3], 5))
    assert METHOD.estimate(rise).value >= 1
    assert replace(METHOD, drift=True).estimate(rise).value == 0
    assert replace(METHOD, form="growth").estimate(known(1.03 ** np.arange(20))).value == 0


def test_growth_breaks_where_the_slope_does():
    noise = np.tile([0.002, -0.001, 0.001, -0.002], 5)
    growth = np.where(np.arange(20) < 14, 0.01, 0.15) + noise
    values = np.exp(np.concatenate([[0.0], np.cumsum(growth)]))
    estimate = replace(METHOD, form="growth").estimate(known(values))
    assert (estimate.value, drawn(estimate, "break")[0].value) == (1, 2015)


def test_growth_over_a_hole_is_per_year():
    rows = [{"year": y, "v": 2.0 ** (y - 2000)} for y in range(2000, 2016) if y != 2007]
    estimate = replace(METHOD, form="growth").estimate(Frames({"t/v": frame(rows)}))
    assert np.allclose([point.value for point in drawn(estimate, "observed")], np.log(2))


def test_a_year_without_a_row_is_unknown_unless_silence_is_stated():
    rows = [
        {"year": "2021-04", "v": 1.0},
        {"year": "2022", "v": 1.0},
        {"year": "2022-05", "v": 1.0},
    ]
    evidence = Frames({"t/v": frame(rows)})
    assert METHOD.estimate(evidence).flags == ("thin", "series")
    silent = {**RECIPE, "silent": [1990, 2020], "reduce": "sum"}
    estimate = replace(METHOD, all_series={"v": silent}, least_segment=2).estimate(evidence)
    assert len(drawn(estimate, "filled")) == 31
    assert [point.value for point in drawn(estimate, "observed")] == [1, 2]
    assert drawn(estimate, "break")[0].value == 2021
    held = replace(METHOD, all_series={"v": {**RECIPE, "hold": True}})
    steps = Frames({"t/v": frame([{"year": 2010, "v": 1.0}, {"year": 2019, "v": 2.0}])})
    shown = [
        point for point in held.estimate(steps).points if point.label in ("observed", "filled")
    ]
    assert [point.value for point in shown] == [1.0] * 9 + [2.0]


def test_families_count_once_and_real_prices_are_deflated():
    rows = [
        {"year": 2000 + i, "v": v, "source_id": s} for i, v in enumerate(STEP) for s in ("a", "a2")
    ]
    rows += [{"year": 2000, "v": 40.0, "source_id": "a"}]
    estimate = METHOD.estimate(Frames({"t/v": frame(rows)}))
    assert drawn(estimate, "observed")[0].value == pytest.approx((10 + 25) / 2)
    prices = frame([{"year": 2000 + i, "index": 200.0} for i in range(15)])
    deflator = {"table": "t/p", "time": "year", "value": "index"}
    real = replace(METHOD, prices="real", deflator=deflator)
    estimate = real.estimate(Frames({**known(STEP), "t/p": prices}))
    assert (estimate.n, drawn(estimate, "observed")[0].value) == (15, 5.0)
    with pytest.raises(ParameterError, match="need a `deflator`"):
        replace(METHOD, prices="real").estimate(known(STEP))


def cases(*ways: str) -> Frames:
    rows = [{"day": f"20{10 + i}-03", "way": w, "what": f"act {i}"} for i, w in enumerate(ways)]
    return Frames({**known(STEP), "t/c": frame([*rows, rows[0]])})


def test_a_balance_counts_each_case_once_and_a_conjunction_needs_all():
    balance = {"table": "t/c", "time": "day", "balance": "way", "more": "up", "less": "down",
               "counted": "what", "from": 2010, "to": 2012}  # fmt: skip
    series = {"v": RECIPE, "c": balance, "both": {"of": ["c", "v"]}}
    method = replace(METHOD, all_series=series, series="c")
    assert method.estimate(cases("up", "up", "down", "down", "down")).value == 1
    assert outcome(method, cases("up", "down")) is Outcome.FAIL
    both = replace(method, series="both")
    assert outcome(both, cases("up", "up", "up")) is Outcome.PASS
    assert outcome(both, cases("down")) is Outcome.FAIL
    assert both.estimate(cases("up")).n == 16  # the series', not the cases'
    assert outcome(replace(both, start=2010), cases("up")) is None


def test_an_unknown_series_is_an_error_with_a_suggestion():
    with pytest.raises(ParameterError, match="did you mean 'v'"):
        replace(METHOD, series="vv").estimate(known(STEP))
    with pytest.raises(ParameterError, match="growth needs values above zero"):
        replace(METHOD, form="growth").estimate(known([0, *STEP]))


@given(st.permutations(range(16)))
@settings(max_examples=10)
def test_the_order_of_rows_does_not_matter(order):
    shuffled = Frames({"t/v": known(STEP)["t/v"].iloc[list(order)]})
    one, other = METHOD.estimate(shuffled), METHOD.estimate(known(STEP))
    assert replace(one, citations=()) == replace(other, citations=())
    assert set(one.citations) == set(other.citations)


@given(
    st.lists(st.integers(-50, 50), min_size=10, max_size=20), st.floats(0.1, 9), st.floats(-9, 9)
)
@settings(max_examples=20)
def test_neither_scale_nor_origin_matters(values, scale, origin):
    before = changepoint.splits(np.array(values, float), 2)
    after = changepoint.splits(scale * np.array(values, float) + origin, 2)
    assert np.allclose(before.gain, after.gain, atol=1e-6)
    assert np.allclose(scale * before.shift, after.shift, atol=1e-6)


@pytest.mark.parametrize("drift", [False, True])
def test_splits_are_those_of_least_squares(drift):
    y = np.random.default_rng(0).normal(size=15)
    found = changepoint.splits(y, 3, drift=drift)
    x = np.column_stack([np.ones(15), np.arange(15)])[:, : 1 + drift]

    def squares(part):
        fit = np.linalg.lstsq(x[part], y[part], rcond=None)[0]
        return ((y[part] - x[part] @ fit) ** 2).sum(), fit

    whole, _ = squares(slice(None))
    for place, gain, shift in zip(found.places, found.gain[0], found.shift[0], strict=True):
        (left, fit), (right, _) = squares(slice(None, place)), squares(slice(place, None))
        assert gain == pytest.approx(1 - (left + right) / whole)
        assert shift == pytest.approx(y[place:].mean() - (x[place:] @ fit).mean())


@pytest.mark.parametrize("drift", [False, True])
def test_both_searches_find_two_clear_steps(drift):
    y = np.repeat([0.0, 5.0, 12.0], 10) + np.tile([0.1, -0.1], 15)
    for algorithm in ("dynamic_programming", "pelt"):
        assert changepoint.select_breaks(y, 3, algorithm=algorithm, drift=drift)[:2] == [10, 20]


def test_permuted_blocks_keep_every_value():
    rng = np.random.default_rng(0)
    for n, block in ((13, 1), (13, 2), (14, 4), (30, 7)):
        moved = changepoint._permute_blocks(np.arange(n), block, 50, rng)
        assert (np.sort(moved, axis=1) == np.arange(n)).all()


def bench():
    path = Path(__file__).parents[2] / "bench" / "validate_breaks.py"
    spec = importlib.util.spec_from_file_location("validate_breaks", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def within(row: dict) -> bool:
    """At most the nominal share, but for three standard errors of so many repeats."""
    error = (row["nominal"] * (1 - row["nominal"]) / row["repeats"]) ** 0.5
    return row["observed"] <= row["nominal"] + 3 * error


def test_size_with_memory_and_overdispersion():
    rows = list(bench().size(120, lengths=(12, 30), draws=99))
    assert len(rows) == 18
    assert [row for row in rows if not within(row)] == []


def test_power_grows_with_the_step_and_the_length():
    rows = {(row["n"], row["scenario"][:9]): row["observed"] for row in bench().power(60, draws=99)}
    assert rows[50, "step of 4"] > 0.9
    assert rows[50, "step of 1"] < rows[50, "step of 2"] < rows[50, "step of 4"]
    assert rows[12, "step of 4"] < rows[25, "step of 4"]


def test_the_interval_holds_the_date_about_as_often_as_it_says():
    for row in bench().coverage(60, draws=99):
        assert row["observed"] >= 0.9 - 0.2, row  # memory of 0.3 costs a tenth, see the bench
