"""Event studies: holes stay holes, placebo dates decide, and how often they err."""

from __future__ import annotations

import importlib.util
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from frames import Frames, frame

from analysis.errors import ParameterError
from analysis.methods.estimate import Outcome
from analysis.methods.event_study import EventStudy
from analysis.stats import placebo

FIRST, EVENT = date(2023, 1, 1), date(2024, 9, 1)
N = 800
OUTCOMES = {"n": {"table": "t/d", "time": "day", "value": "n", "lead": 1, "block": "n"}}
METHOD = EventStudy(outcomes=OUTCOMES, outcome="n", event=EVENT.isoformat(), window=14)
AT = (EVENT - FIRST).days + 1  # the first bulletin after


def counts(seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).negative_binomial(4, 0.25, N).astype(float)


def known(values: np.ndarray, blocks=()) -> Frames:
    rows = [{"day": (FIRST + timedelta(days=i)).isoformat(), "n": v} for i, v in enumerate(values)]
    totals = [{"first": a.isoformat(), "last": b.isoformat(), "n": t} for a, b, t in blocks]
    empty = [{"first": "1900-01-01", "last": "1900-01-02", "n": 0}]
    return Frames({"t/d": frame(rows), "t/b": frame(totals or empty)})


def risen(factor: float) -> np.ndarray:
    y = counts()
    y[AT : AT + 14] = np.round(y[AT : AT + 14] * factor)
    return y


def outcome(method: EventStudy, evidence: Frames) -> Outcome | None:
    return method.pass_criterion.outcome(method.estimate(evidence))


def test_a_rise_passes_a_fall_fails_and_nothing_is_unclear():
    assert outcome(METHOD, known(risen(4))) is Outcome.PASS
    assert outcome(METHOD, known(risen(0.1))) is Outcome.FAIL
    assert outcome(METHOD, known(counts())) is Outcome.UNCLEAR
    assert outcome(replace(METHOD, form="log"), known(risen(4))) is Outcome.PASS


def test_it_passes_exactly_where_the_placebo_test_rejects():
    for factor in np.linspace(1, 3, 12):
        estimate = METHOD.estimate(known(risen(factor)))
        p = float(next(p.text for p in estimate.points if p.label == "ratio")[2:])
        assert (estimate.low > 1) == (p < 0.05)


def test_the_effect_is_the_ratio_of_sums_and_every_day_is_cited():
    y = np.full(N, 10.0)
    y[AT : AT + 14] = 20.0
    estimate = METHOD.estimate(known(y + np.tile([1, -1], N // 2)))
    assert estimate.value == pytest.approx(2, rel=0.05)
    assert estimate.n == len(estimate.citations) == 28


def test_the_day_of_the_event_is_before_a_bulletin_that_looks_back():
    y = np.full(N, 10.0) + np.tile([1, -1], N // 2)
    y[AT - 1] = 500  # the bulletin of the event's own day: still the day before
    assert METHOD.estimate(known(y)).value < 1
    assert replace(METHOD, day_shift=-1).estimate(known(y)).value > 1


def test_missing_days_are_never_filled_and_too_few_are_thin():
    y = risen(4)
    y[AT + 2 : AT + 12] = np.nan
    estimate = METHOD.estimate(known(y))
    assert estimate.flags == ("thin",)
    assert "14 of 14 days before and 4 of 14 days after" in estimate.note
    assert sum(point.label == "missing" for point in estimate.points) == 10
    assert replace(METHOD, coverage=0.2).estimate(known(y)).n == 18


def test_what_lies_in_the_holes_does_not_matter():
    y, z = risen(2), risen(2)
    for values in (y, z):
        values[AT + 3 : AT + 8] = np.nan
    evidence = known(z)
    evidence["t/d"] = evidence["t/d"][evidence["t/d"]["n"].notna()]  # no row or an empty one
    assert METHOD.estimate(known(y)).value == METHOD.estimate(evidence).value


def test_placebo_dates_get_the_holes_of_the_event():
    """A few wild days after the event are ranked among as few days elsewhere, not among means."""
    y = np.tile([0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 70.0], N // 7 + 1)[:N]
    rng = np.random.default_rng(1)
    rng.shuffle(y)
    y[AT : AT + 14] = np.nan
    y[AT : AT + 2] = 70.0
    method = replace(METHOD, coverage=0.1, window=14)
    assert outcome(method, known(y)) is Outcome.UNCLEAR


def hole(total: float, *, cut: int = 0) -> tuple[EventStudy, Frames, float]:
    """Ten missing days before the event, of which a block of days gives the total."""
    y = counts()
    y[AT - 12 - cut : AT - 2] = np.nan
    first, last = FIRST + timedelta(days=AT - 15 - cut), FIRST + timedelta(days=AT - 2)
    rest = float(np.nansum(y[AT - 15 - cut : AT - 1]))
    method = replace(METHOD, gaps="bounded", blocks={"table": "t/b", "from": "first", "to": "last"})
    return method, known(y, [(first, last, rest + total)]), float(np.nansum(y[AT - 14 : AT]))


def test_a_total_bounds_a_hole_as_a_whole():
    method, evidence, _ = hole(100)
    sure = method.estimate(evidence)
    more = method.estimate(hole(400)[1])
    assert sure.value > more.value  # more before, so less of a rise
    (ratio,) = [p for p in sure.points if p.label == "ratio"]
    assert ratio.low == ratio.high
    assert replace(method, gaps="left").estimate(evidence).flags == ("thin",)


@pytest.mark.parametrize("turned", [False, True])
def test_blocks_that_miss_the_hole_or_contradict_its_days_are_passed_over(turned):
    method, evidence, _ = hole(100)
    blocks = evidence["t/b"][["first", "last", "n"]].to_dict("records")
    others = [
        {"first": "2024-01-01", "last": "2024-01-05", "n": 900},
        {**blocks[0], "n": 0},  # less than its known days have
    ]
    rows = [others[0], *blocks, others[1]]
    more = Frames({**evidence, "t/b": frame(rows[::-1] if turned else rows)})
    assert method.estimate(more).value == method.estimate(evidence).value


def test_a_block_that_the_window_cuts_bounds_from_nothing_to_all():
    method, evidence, _ = hole(100, cut=6)
    (ratio,) = [p for p in method.estimate(evidence).points if p.label == "ratio"]
    assert ratio.low < ratio.high


def test_the_donut_is_cut_from_the_window_and_exercises_from_placebos():
    y = counts()
    y[AT + 3] = 900
    day = (FIRST + timedelta(days=AT + 3)).isoformat()
    inside = METHOD.estimate(known(y))
    without = replace(METHOD, donut=[day, day], shut=[day, day]).estimate(known(y))
    assert inside.value > 3 > without.value
    assert without.n == inside.n - 1
    with pytest.raises(ParameterError, match="in pairs"):
        replace(METHOD, donut=[day]).estimate(known(y))


def test_too_few_placebo_dates_or_events_decide_nothing():
    late = replace(METHOD, placebo_from="2024-10-20", placebo_to="2024-12-01")
    assert "placebo dates" in late.estimate(known(counts())).note
    quiet = counts()
    quiet[AT - 14 : AT + 14] = 0
    assert "0 events" in METHOD.estimate(known(quiet)).note
    assert METHOD.estimate(known(quiet)).flags == ("thin",)


def test_rows_are_counted_where_there_is_no_value():
    rows = [{"day": (FIRST + timedelta(days=int(i))).isoformat()} for i in
            np.sort(np.random.default_rng(0).integers(0, N, 900))]  # fmt: skip
    recipe = {"table": "t/e", "time": "day", "complete": ["2023-01-01", "2026-01-01"]}
    method = replace(METHOD, outcomes={"e": recipe}, outcome="e")
    estimate = method.estimate(Frames({"t/e": frame(rows)}))
    assert estimate.n == 28
    assert outcome(method, Frames({"t/e": frame(rows)})) is Outcome.UNCLEAR
    no_evidence = Frames({"t/e": frame(rows).iloc[:0]})
    assert "no day of t/e" in method.estimate(no_evidence).note


def test_a_rise_before_the_event_fails_the_gate():
    early, late = counts(), counts()
    early[AT - 6 : AT + 14] *= 6
    late[AT : AT + 14] *= 6
    gate = replace(METHOD, asks="onset")
    assert gate.estimate(known(late)).value == 0
    assert outcome(gate, known(late)) in (Outcome.PASS, Outcome.UNCLEAR)
    assert gate.estimate(known(early)).value == -6
    assert outcome(gate, known(early)) is Outcome.FAIL
    assert gate.estimate(known(counts())).value is None


def test_a_fall_passes_a_claim_of_a_fall_and_begins_on_its_day():
    fall = replace(METHOD, direction="fall")
    assert outcome(fall, known(risen(0.1))) is Outcome.PASS
    assert outcome(fall, known(risen(4))) is Outcome.FAIL
    assert outcome(fall, known(counts())) is Outcome.UNCLEAR
    ((name, p),) = fall.estimate(known(risen(0.1))).tests
    assert (name, p < 0.05) == ("a fall of n", True)
    early = counts()
    early[AT - 6 : AT + 14] *= 0.05
    gate = replace(fall, asks="onset")
    assert gate.estimate(known(early)).value == pytest.approx(-6, abs=2)
    assert outcome(gate, known(early)) is Outcome.FAIL
    assert gate.estimate(known(risen(4))).value is None


@pytest.mark.parametrize("factor", [0.2, 0.5, 0.7, 0.9, 1.0, 2.0])
def test_a_fall_passes_exactly_where_the_placebo_test_rejects(factor):
    estimate = replace(METHOD, direction="fall").estimate(known(risen(factor)))
    assert (estimate.high < 1) == (estimate.tests[0][1] < 0.05)


def test_an_unknown_outcome_is_an_error_with_a_suggestion():
    with pytest.raises(ParameterError, match="did you mean 'n'"):
        replace(METHOD, outcome="nn").estimate(known(counts()))


def test_the_season_is_taken_out():
    days = np.arange(738000, 738000 + N)
    season = 10 * np.exp(np.sin(2 * np.pi * days / 365.25))
    y = np.random.default_rng(0).poisson(season).astype(float)
    mean = placebo.expected(days, y, np.ones(N, dtype=bool))
    assert np.corrcoef(mean, season)[0, 1] > 0.95
    assert mean.mean() == pytest.approx(y.mean(), rel=0.02)


def test_p_is_exact_where_dates_are_exchangeable():
    """Each of the ranks is as likely as any other: every rotation of the dates, counted."""
    values = np.random.default_rng(0).normal(size=40)
    ps = [placebo.p_value(values[i], np.delete(values, i)) for i in range(40)]
    assert np.allclose(np.sort(ps), np.arange(1, 41) / 40)
    assert placebo.p_value(1.0, np.array([])) == 1.0


def bench():
    path = Path(__file__).parents[2] / "bench" / "validate_event_study.py"
    spec = importlib.util.spec_from_file_location("validate_event_study", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_size_with_memory_overdispersion_and_holes():
    rows = [row for row in bench().size(150, windows=(14, 60)) if row["test"] == "placebo size"]
    assert len(rows) == 12
    for row in rows:
        assert row["observed"] <= 0.05 + 3 * (0.05 * 0.95 / 150) ** 0.5, row


def test_power_and_coverage():
    power = {row["scenario"]: row["observed"] for row in bench().power(60)}
    assert power["window 60, times 2.0"] > 0.7
    assert power["window 7, times 1.5"] < power["window 30, times 2.0"]
    for row in bench().coverage(60):
        assert row["observed"] >= 0.9 - 3 * (0.09 / 60) ** 0.5, row
