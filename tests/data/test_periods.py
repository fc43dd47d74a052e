from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.data.periods import at_ordinal, first_day, is_form, last_day, ordinal

FREQUENCIES = ("day", "month", "quarter", "year")


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("date", "2024-02-29", "2023-02-29"),
        ("month", "2024-12", "2024-00"),
        ("quarter", "2024-Q4", "2024-Q5"),
        ("year", "1972", "72"),
        ("year", "1972", "1972 "),
        ("year", "1972", "\u0661\u0669\u0667\u0662"),  # other scripts' digits
        ("partial_date", "2024-12", "2024-12-"),
        ("partial_date", "2024", "FY2024"),
        ("period", "FY2024", "FY24"),
        ("period", "2018-09-21/2018-10", "2018-10/2018-09-21"),
        ("period", "2024-Q1/2024-Q3", "2024-Q1/2024-Q3/2024-Q4"),
    ],
)
def test_forms(kind, good, bad):
    assert is_form(kind, good)
    assert not is_form(kind, bad)


def test_a_range_of_fiscal_years_ends_with_the_last():
    assert last_day("FY2019/2021") == date(2021, 12, 31)
    assert last_day("2019/FY2021") == date(2022, 3, 31)


def test_irregular_series_have_no_next_period():
    with pytest.raises(ValueError, match="irregular"):
        ordinal("2024", "irregular")


LAST = date(9998, 12, 31)  # the fiscal year of the last year ends after the calendar does


@given(st.dates(date(1000, 1, 1), LAST), st.sampled_from(FREQUENCIES))
def test_ordinals_come_back_and_hold_their_day(day, frequency):
    period = at_ordinal(ordinal(day.isoformat(), frequency), frequency)
    assert first_day(period) <= day <= last_day(period)
    assert ordinal(period, frequency) == ordinal(day.isoformat(), frequency)


@given(st.dates(date(1000, 1, 1), LAST))
def test_a_coarser_date_ends_no_earlier(day):
    text = day.isoformat()
    assert (
        last_day(text)
        <= last_day(text[:7])
        <= last_day(text[:4])
        <= last_day(text[:4], "fiscal_year")
    )
