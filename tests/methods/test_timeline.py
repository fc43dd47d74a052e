"""Timeline: dates, lags, rungs, counts and firsts, and what each change of the claim does."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from frames import Frames, frame
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import ParameterError
from analysis.methods.estimate import Outcome
from analysis.methods.timeline import Timeline, interval

LADDER = ["announced", "shown", "trialled", "fielded"]


def event(day: str, source: str, *, event_id: str = "passage", **more) -> dict:
    return {
        "event_id": event_id,
        "date_start": day,
        "date_end": day,
        "reported_on": day,
        "status": "shown",
        "source_id": source,
        **more,
    }


def events(*rows: dict) -> Frames:
    return Frames({"documents/events": frame(list(rows))})


PASSAGE = Timeline(where={"event_id": "passage"}, claimed_from="2024-09-25")
TWO = events(event("2024-09-25", "wire"), event("2024-09-25", "paper"))


def outcome(method: Timeline, evidence: Frames) -> Outcome | None:
    return method.pass_criterion.outcome(method.estimate(evidence))


@pytest.mark.parametrize(
    ("claimed", "expected"),
    [("2024-09-25", 1), ("2024-08-25", -1), ("2024-09-26", -1), ("2024-09", 1)],
)
def test_the_claimed_date_decides(claimed, expected):
    assert outcome(replace(PASSAGE, claimed_from=claimed), TWO) == expected


@given(st.integers(-60, 60), st.integers(0, 30))
def test_an_offset_within_the_tolerance_passes_and_one_beyond_fails(days, tolerance):
    day = (interval("2024-09-25")[0] + timedelta(days=days)).isoformat()
    method = replace(PASSAGE, tolerance=tolerance)
    estimate = method.estimate(events(event(day, "wire")))
    assert estimate.value == days
    expected = Outcome.PASS if abs(days) <= tolerance else Outcome.FAIL
    assert method.pass_criterion.outcome(estimate) is expected


def test_a_month_is_an_interval_of_days():
    vague = events(event("2024-09", "wire"))
    estimate = PASSAGE.estimate(vague)
    assert (estimate.low, estimate.high) == (-24, 5)
    assert PASSAGE.pass_criterion.outcome(estimate) is Outcome.UNCLEAR


def test_rows_that_give_the_day_are_preferred():
    mixed = events(event("2024-09", "wire"), event("2024-09-25", "paper"))
    assert outcome(PASSAGE, mixed) is Outcome.PASS
    one_family = events(
        event("2024-09", "wire", family="x"), event("2024-09-25", "paper", family="x")
    )
    assert outcome(PASSAGE, one_family) is Outcome.PASS
    assert outcome(replace(PASSAGE, precise=False), one_family) is Outcome.UNCLEAR


def test_families_exclude_days_for_each_other():
    mixed = events(event("2024-09", "wire"), event("2024-09-25", "paper"))
    estimate = replace(PASSAGE, precise=False).estimate(mixed)
    assert (estimate.low, estimate.high) == (0, 0)
    apart = events(event("2024-09", "wire"), event("2024-10-25", "paper"))
    estimate = replace(PASSAGE, precise=False).estimate(apart)
    assert (estimate.low, estimate.high) == (-24, 30)


def test_copies_of_one_wire_are_one_source():
    copies = events(
        event("2024-09-25", "a", family="wire"), event("2024-09-25", "b", family="wire")
    )
    method = replace(PASSAGE, families=2)
    estimate = method.estimate(copies)
    assert estimate.value is None
    assert estimate.flags == ("thin",)
    assert outcome(method, TWO) is Outcome.PASS


@given(st.integers(0, 20), st.integers(0, 20))
def test_a_lone_range_has_its_middle_as_value_and_its_ends_as_bounds(begin, length):
    first = interval("2024-09-25")[0] + timedelta(days=begin)
    last = first + timedelta(days=length)
    ranged = events(event(first.isoformat(), "a", date_end=f"{first}/{last}"))
    estimate = replace(PASSAGE, day="end").estimate(ranged)
    assert (estimate.low, estimate.high) == (begin, begin + length)
    assert estimate.value == begin + length / 2
    assert [point.value for point in estimate.points] == [begin + length / 2]


def test_a_lag_is_counted_to_the_reference_with_the_exactest_day():
    method = Timeline(
        where={"event_id": "carrier"}, reference={"event_id": "passage"}, asks="lag", claimed=7
    )
    rows = (
        event("2024-09", "vague", date_end="2024-09"),
        event("2024-09-25", "exact"),
        event("2024-09-18", "x", event_id="carrier"),
    )
    for order in (rows, rows[::-1]):
        assert method.estimate(events(*order)).value == 7


def test_the_majority_outvotes_one_odd_report():
    odd = events(event("2024-09-25", "a"), event("2024-09-25", "b"), event("2024-10-02", "c"))
    assert outcome(PASSAGE, odd) is Outcome.UNCLEAR
    assert outcome(replace(PASSAGE, agreement="majority"), odd) is Outcome.PASS


def test_a_lag_is_counted_from_the_event_to_its_reference():
    both = events(event("2024-09-18", "x", event_id="carrier"), event("2024-09-25", "y"))
    method = Timeline(
        where={"event_id": "carrier"},
        reference={"event_id": "passage"},
        asks="lag",
        claimed=7,
        tolerance=1,
    )
    assert method.estimate(both).value == 7
    assert outcome(method, both) is Outcome.PASS
    assert outcome(replace(method, claimed=14), both) is Outcome.FAIL


def test_both_ends_of_an_overnight_event():
    night = events(event("2024-09-17", "x", date_end="2024-09-18"))
    method = replace(PASSAGE, claimed_from="2024-09-18")
    assert method.estimate(night).value == -1
    assert replace(method, day="end").estimate(night).value == 0


STATUS = Timeline(
    where={"event_id": "laser"},
    asks="rung",
    ladder=LADDER,
    claimed_rung="fielded",
    as_of="2024-11-10",
)


@pytest.mark.parametrize(
    ("status", "day", "expected"),
    [("shown", "2024-11-09", -1), ("fielded", "2024-11-09", 1), ("fielded", "2025-02-01", None)],
)
def test_the_rung_reached_by_the_day_decides(status, day, expected):
    record = events(event(day, "x", event_id="laser", status=status))
    assert outcome(STATUS, record) == expected


@given(st.sampled_from(LADDER), st.sampled_from(LADDER))
def test_a_higher_rung_is_never_worse(reached, claimed):
    record = events(event("2024-11-09", "x", event_id="laser", status=reached))
    method = replace(STATUS, claimed_rung=claimed)
    expected = LADDER.index(reached) >= LADDER.index(claimed)
    assert (outcome(method, record) is Outcome.PASS) == expected


def test_objects_are_counted_once_however_many_report_them():
    fabs = events(
        event("2023-09-01", "a", object="fab 1", status="fielded"),
        event("2023-09-01", "b", object="fab 1", status="fielded"),
        event("2023-09-01", "a", object="fab 2", status="announced"),
    )
    method = Timeline(
        where={"event_id": "passage"},
        asks="count",
        counted="object",
        ladder=LADDER,
        claimed_rung="fielded",
        as_of="2024-12-10",
        claimed=2,
    )
    assert method.estimate(fabs).value == 1
    assert outcome(method, fabs) is Outcome.FAIL
    assert outcome(replace(method, claimed_rung="announced"), fabs) is Outcome.PASS


FIRST = Timeline(where={"object": "Strait"}, asks="none_before", claimed_from="2024-09-25")


def test_a_first_has_nothing_before_it():
    record = events(
        event("2024-09-25", "x", object="Strait"), event("2020-01-01", "x", object="Elsewhere")
    )
    estimate = FIRST.estimate(record)
    assert (estimate.value, estimate.n) == (0, 2)
    assert FIRST.pass_criterion.outcome(estimate) is Outcome.PASS


def test_an_earlier_case_contradicts_a_first():
    record = events(event("2021-09-25", "x", object="Strait", event_id="earlier"))
    assert outcome(FIRST, record) is Outcome.FAIL


def test_a_case_that_may_be_earlier_is_unclear():
    record = events(event("2024", "x", object="Strait", event_id="vague"))
    assert outcome(FIRST, record) is Outcome.UNCLEAR


def test_nothing_found_says_what_was_looked_for():
    estimate = replace(PASSAGE, where={"event_id": "none"}).estimate(TWO)
    assert estimate.value is None
    assert "none" in estimate.note


@given(st.permutations(range(3)))
def test_the_order_of_rows_does_not_matter(order):
    rows = [event("2024-09-25", "a"), event("2024-09", "b"), event("2024-10-02", "c")]
    shuffled = events(*(rows[index] for index in order))
    for method in (
        PASSAGE,
        replace(PASSAGE, agreement="majority"),
        replace(PASSAGE, precise=False),
    ):
        assert method.estimate(shuffled).value == method.estimate(events(*rows)).value


@pytest.mark.parametrize("text", ["2024-13", "yesterday", "2024-02-30"])
def test_what_is_no_date_is_an_error(text):
    with pytest.raises(ParameterError, match="not a date"):
        interval(text)


def test_a_rung_that_is_not_on_the_ladder_is_an_error():
    with pytest.raises(ParameterError, match="no rung of the ladder"):
        replace(STATUS, claimed_rung="sold").pass_criterion  # noqa: B018


DAYS = st.tuples(st.integers(0, 400), st.integers(0, 60)).map(
    lambda of: tuple((interval("2023-06-01")[0] + timedelta(days=d)).isoformat()
                     for d in (of[0], of[0] + of[1]))
)  # fmt: skip


def of_days(first: str, last: str, **more) -> Frames:
    """The event on a day of this range, with its status in a range too."""
    return events(event(f"{first}/{last}", "wire", status="trialled", **more))


RANGED = [
    PASSAGE,
    replace(PASSAGE, asks="rung", ladder=LADDER, claimed_rung="trialled", as_of="2024-01-31"),
    replace(PASSAGE, asks="count", ladder=LADDER, claimed_rung="trialled", as_of="2024-01-31"),
    replace(PASSAGE, asks="none_before", claimed_from="2024-01-31"),
]


@given(DAYS, st.sampled_from(RANGED))
def test_a_range_is_decided_only_where_all_of_its_days_agree(days, method):
    ends = {outcome(method, of_days(day, day)) for day in days}
    found = outcome(method, of_days(*days))
    if found is not None and found is not Outcome.UNCLEAR:
        assert ends == {found}
    elif ends <= {Outcome.PASS, Outcome.FAIL} and len(ends) == 1:  # a window inside of the range
        assert method is PASSAGE


@pytest.mark.parametrize(
    ("first", "reference", "expected"),
    [
        ("1976/1979", "1980", Outcome.PASS),
        ("1981", "1980", Outcome.FAIL),
        ("1975/1980", "1980-Q2", Outcome.UNCLEAR),
        ("1980-Q1", "1980-Q2", Outcome.PASS),
        ("1980-Q2", "1980-Q2", Outcome.UNCLEAR),
    ],
)
def test_two_ranges_are_in_order_where_they_do_not_overlap(first, reference, expected):
    before = Timeline(where={"event_id": "first"}, reference={"event_id": "second"}, asks="lag",
                      claimed=0, comparison="at_least")  # fmt: skip
    known = events(
        event(first, "wire", event_id="first"), event(reference, "paper", event_id="second")
    )
    assert outcome(before, known) is expected


def test_a_status_in_a_range_around_the_day_is_possible():
    method = RANGED[1]
    shown = event("2024-01-05", "paper", status="shown")
    known = events(event("2024-Q1", "wire", status="trialled"), shown)
    estimate = method.estimate(known)
    assert (estimate.low, estimate.value, estimate.high) == (1, 1, 2)
    assert outcome(method, known) is Outcome.UNCLEAR
    assert method.estimate(of_days("2024-01-01", "2024-03-31")).flags == ("thin",)


@pytest.mark.parametrize("text", ["FY2024", "2024-13", "late 1970s", "2024/2023"])
def test_what_is_no_range_of_days_is_an_error(text):
    with pytest.raises(ParameterError, match="not a date"):
        interval(text)
