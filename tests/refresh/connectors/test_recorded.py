"""What the pinned tables were made from gives their rows again, and damaged it gives none."""

import contextlib
import io
import zipfile

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from recordings import RECORDED, pinned, raw, read, spelled, spelled_pins

from analysis.errors import DataError


@pytest.mark.parametrize("name", RECORDED)
def test_a_recorded_file_gives_exactly_its_pinned_rows(name):
    rows = pinned(RECORDED[name]["table"], RECORDED[name]["where"])
    assert len(rows) >= 10
    assert spelled(read(name), rows[0]) == spelled_pins(rows)


# Contents that take long to make are made by the test that reads them.
def customs(**cells):
    return lambda: edited(raw("customs_exports"), "表8", cells)


def partners(**cells):
    return lambda: edited(raw("partners"), "Exports, FOB", cells)


def edited(content, sheet, cells):
    book = openpyxl.load_workbook(io.BytesIO(content))
    for place, value in cells.items():
        book[sheet][place] = value
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


def stata(change):
    def made():
        packed, frame = io.BytesIO(), pd.read_stata(io.BytesIO(raw("ideal_points")))
        change(frame).to_stata(packed, write_index=False, version=118)
        return packed.getvalue()

    return made


SALES = raw("arms_sales")
EVENTS = raw("events")
TRANSFERS = raw("transfers")
DAMAGE = [
    (
        "customs_exports",
        customs(R3="單位：千美元；％"),
        "sheet '表8', above row 4: expected the unit '單位：百萬美元', found ",
    ),
    ("customs_exports", customs(A4="期間"), "sheet '表8', column A: expected the heading"),
    ("customs_exports", customs(M4="英國"), "sheet '表8', row 4: expected '合計', '中國大陸與"),
    ("customs_exports", customs(A17="8月"), "sheet '表8', row 17: expected a year or its next"),
    ("customs_exports", customs(A17="13月"), "sheet '表8', row 17: expected a year or its next"),
    ("customs_exports", customs(A17="Sep"), "sheet '表8', row 17: expected a year or its next"),
    ("customs_exports", customs(B17="—"), "row 17, column 'value': expected a number, found '—'"),
    ("customs_exports", raw("customs_exports")[:9000], "the file: expected an xlsx workbook"),
    ("customs_exports", raw("customs_rates"), "the workbook: expected a sheet '表8', found '表16'"),
    ("partners", partners(B5="US Dollars, Thousands"), "sheet 'Exports, FOB', cell B5: expected"),
    ("partners", partners(B4="Germany"), "sheet 'Exports, FOB', cell B4: expected the text 'Jap"),
    ("partners", partners(C7="1961"), "sheet 'Exports, FOB', row 7: expected years, each once"),
    ("partners", partners(B9="Globe"), "sheet 'Exports, FOB': expected a partner 'World', found"),
    ("partners", partners(C8=1), "sheet 'Exports, FOB', 'Australia' in 1960: expected one value"),
    ("partners", b"<html>Sign in</html>", "the file: expected an xlsx workbook, found 20 bytes"),
    (
        "ideal_points",
        stata(lambda frame: frame.rename(columns={"q5all": "q05all"})),
        "the heading: expected a column 'q5all', found ",
    ),
    ("ideal_points", stata(lambda frame: frame.head(0)), "the file: expected rows, found none"),
    ("ideal_points", raw("ideal_points")[:5000], "the file: expected a whole Stata data set"),
    ("ideal_points", b"", "the file: expected a whole Stata data set, found "),
    ("memberships", raw("shared_memberships"), "the file: expected an object 'cow_igo_sy', found"),
    ("memberships", raw("memberships")[:6000], "the file: expected whole R data, found "),
    ("memberships", b"", "the file: expected whole R data, found "),
    ("transfers", TRANSFERS.replace(b"in millions", b"in thousands"), "the file, cell A2: expec"),
    ("transfers", TRANSFERS.replace(b"\nTaiwan,", b"\nFormosa,"), "column '1': expected rows wit"),
    ("transfers", TRANSFERS.replace(b",1951,", b",1950,"), "the file, row 11: expected years, e"),
    ("transfers", TRANSFERS[:200], "line 2: expected a line end after the last line, found none"),
    ("transfers", TRANSFERS[:200] + b"\n", "the file, row 11: expected years, each once"),
    ("arms_sales", SALES.replace(b"Authorizations", b"Licences"), "the heading: expected a column"),
    ("arms_sales", SALES[:100], "the file, row 3: expected 4 cells, found 2"),
    ("arms_sales", SALES.replace(b"$129,", "€129,".encode()), "row 2, column 'Authorizations': e"),
    ("events", EVENTS.replace(b",199102,", b",1991-02,"), "row 2, column 'date': expected a date"),
    ("events", EVENTS.replace(b",CHINA,", b",PRC,"), "column 'sourcename': expected rows with"),
    ("events", b"", "the file, row 1: expected a heading, found nothing"),
]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    DAMAGE,
    ids=[f"{name}-{i}" for i, (name, *_) in enumerate(DAMAGE)],
)
def test_a_damaged_file_gives_no_rows_but_says_where_and_what_to_do(name, content, message):
    with pytest.raises(DataError) as caught:
        read(name, content() if callable(content) else content)
    assert str(caught.value).startswith(message)
    assert "fetch again" in str(caught.value)


def test_a_bomb_is_not_unpacked():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as book:
        for part in range(4):
            book.writestr(f"xl/{part}.xml", bytes(100_000_000))
    with pytest.raises(DataError, match="at most 300,000,000 bytes when unpacked, found 400,000"):
        read("partners", packed.getvalue())


def test_a_mark_of_byte_order_has_to_be_announced():
    marked = b"\xef\xbb\xbf" + SALES
    with pytest.raises(DataError, match=r"found a byte order mark before it: .* utf-8-sig"):
        read("arms_sales", marked)
    assert read("arms_sales", marked, encoding="utf-8-sig").equals(read("arms_sales"))


def test_a_reporter_that_is_lacking_is_read_from_its_partners_workbook():
    where = {"source_id": ["dots_2022"], "reporter": ["Taiwan"], "partner": ["Japan"]}
    rows = pinned("trade/partner_trade_annual", where)
    columns = ("year", "reporter", "partner", "flow", "value_usd")
    mirror = {
        "columns": {
            "year": "period",
            "reporter": "partner",
            "partner": "reporter",
            "flow": "flow",
            "value_usd": "value",
        },
        "keep": {"partner": ["Taiwan Province of China"]},
        "translate": {
            "reporter": {"Taiwan Province of China": "Taiwan"},
            "flow": {"Exports, FOB": "import", "Imports, CIF": "export"},
        },
        "numbers": {"year": "whole", "value_usd": "decimal"},
        "factor": {"value_usd": 1e6},
    }
    expected = spelled_pins([{name: row[name] for name in columns} for row in rows])
    assert spelled(read("partners", layouts=[mirror]), columns) == expected


@settings(max_examples=50)
@given(st.sampled_from(sorted(RECORDED)), st.data())
def test_a_broken_file_is_read_or_told_of_but_never_surprises(name, data):
    content = bytearray(raw(name))
    places = st.integers(0, len(content) - 1)
    for place in data.draw(st.lists(places, max_size=5), label="changed"):
        content[place] ^= 0xFF
    end = data.draw(st.none() | places, label="cut")
    with contextlib.suppress(DataError):
        read(name, bytes(content[:end]))
