"""Formats of which no file was recorded: pinned numbers put into the form that is documented."""

import io
import json
from functools import partial

import openpyxl
import pytest
from recordings import pinned, spelled, spelled_pins

from analysis.errors import DataError
from analysis.refresh.connectors.registry import connector
from analysis.refresh.connectors.worldbank import missing_pages

COUNTRIES = {"JPN": "Japan", "KOR": "Korea, Rep."}


def pins(table, **where):
    rows = pinned(table, where)
    assert rows
    return rows


# The World Bank's API


WORLD_BANK = {
    "indicator": "NY.GDP.MKTP.CD",
    "layouts": [
        {
            "columns": {"country_iso3": "iso3", "year": "period", "value": "value"},
            "numbers": {"year": "whole", "value": "whole"},
            "observed": ["value"],
            "constants": {
                "indicator": "gdp_current_usd",
                "unit": "USD",
                "derived": "false",
                "is_projection": "false",
                "source_id": "wb_gdp",
            },
        }
    ],
}


def bank_rows():
    rows = pins("context/macro", source_id=["wb_gdp"], country_iso3=list(COUNTRIES))
    return [row for row in rows if row["year"] >= "2015"]


def bank_page(number, *, pages=2, total=None, **changed):
    rows = bank_rows()
    half = len(rows) // 2
    shown = rows[:half] if number == 1 else rows[half:]
    observations = [
        {
            "indicator": {"id": "NY.GDP.MKTP.CD", "value": "GDP (current US$)"},
            "country": {"id": row["country_iso3"][:2], "value": COUNTRIES[row["country_iso3"]]},
            "countryiso3code": row["country_iso3"],
            "date": row["year"],
            "value": int(row["value"]),
            "unit": "",
            "obs_status": "",
            "decimal": 0,
            **changed,
        }
        for row in shown
    ]
    head = {"page": number, "pages": pages, "per_page": half, "total": total or len(rows)}
    return json.dumps([head, observations]).encode()


def bank(raw):
    return connector("worldbank").read(raw, WORLD_BANK)


def test_the_world_banks_pages_give_the_pinned_rows():
    rows = bank_rows()
    frame = bank(bank_page(1) + b"\n" + bank_page(2))
    assert spelled(frame, rows[0]) == spelled_pins(rows)


def test_a_year_that_the_world_bank_does_not_know_yet_is_no_observation():
    first = bank_page(1).replace(bank_rows()[0]["value"].encode(), b"null", 1)
    assert len(bank(first + bank_page(2))) == len(bank_rows()) - 1


def test_the_pages_that_are_still_to_be_fetched():
    assert missing_pages(bank_page(1)) == (2,)
    assert missing_pages(bank_page(2) + bank_page(1)) == ()


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"", "the file: expected a page of JSON, found nothing"),
        (bank_page(1), "the file: expected 2 pages, found none of (2,)"),
        (bank_page(1)[:-9], "page 1: expected JSON, found "),
        (bank_page(1) + bank_page(2)[:-9], "page 2: expected JSON, found "),
        (bank_page(1, pages=1), "the file: expected 18 observations, found 9"),
        (
            b'[{"message":[{"id":"120","key":"Invalid value","value":"not valid"}]}]',
            "page 1: expected observations, found the message 'not valid'",
        ),
        (b'{"data": 1}', "page 1: expected a head and observations, found {'data': 1}"),
        (
            bank_page(1, pages=1, total=9, indicator={"id": "NY.GDP.MKTP.KD"}),
            "observation 1: expected the indicator NY.GDP.MKTP.CD, found NY.GDP.MKTP.KD",
        ),
        (
            bank_page(1, pages=1, total=9).replace(b'"value": ', b'"amount": '),
            "observation 1: expected the keys 'value', found 'indicator', ",
        ),
        (
            bank_page(1, pages=1, total=9, value="4.2 trillion"),
            "row 1, column 'value': expected a number, found '4.2 trillion'",
        ),
    ],
)
def test_what_the_world_bank_must_not_answer(raw, message):
    with pytest.raises(DataError) as caught:
        bank(raw)
    assert str(caught.value).startswith(message)


# Charts of Our World in Data: a CSV


CHART = {
    "layouts": [
        {
            "columns": {
                "iso3": "Code",
                "country": "Entity",
                "year": "Year",
                "milex_share_gdp_pct": "Military expenditure (% of GDP)",
            },
            "keep": {"Code": ["JPN"]},
            "numbers": {"year": "whole", "milex_share_gdp_pct": "decimal"},
            "digits": {"milex_share_gdp_pct": 4},
            "constants": {
                "dataset": "SIPRI via Our World in Data",
                "edition": "OWID download, repo of May 2026",
                "period_basis": "calendar_year",
                "source_id": "owid_sipri_share_gdp",
            },
        }
    ]
}


def chart_rows():
    return pins("defence/milex_gdp_share", source_id=["owid_sipri_share_gdp"], iso3=["JPN"])


def chart(heading="Entity,Code,Year,Military expenditure (% of GDP)", world="World,OWID_WRL,2024,"):
    lines = [f"Japan,JPN,{row['year']},{row['milex_share_gdp_pct']}" for row in chart_rows()]
    return "\n".join([heading, *lines, f"{world}2.5", ""]).encode()


def test_a_chart_of_our_world_in_data_gives_the_pinned_rows():
    frame = connector("delimited").read(chart(), CHART)
    assert spelled(frame, chart_rows()[0]) == spelled_pins(chart_rows())


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (
            chart("Entity,Code,Year,Military expenditure (share of GDP)"),
            "the heading: expected a column 'Military expenditure (% of GDP)', found 'Entity'",
        ),
        (chart()[:-10], "line 75: expected a line end after the last line, found none after 'Wor"),
        (chart()[:-10] + b"\n", "the file, row 75: expected 4 cells, found 2"),
        (chart(world='"World,OWID_WRL,2024,'), "the file: expected whole quoted cells, found "),
        (chart().replace(b"JPN", b"JP"), "column 'Code': expected rows with 'JPN', found 'JP'"),
        (chart().split(b"\n")[0] + b"\n", "the file: expected rows, found none"),
        (b"", "the file, row 1: expected a heading, found nothing"),
        (chart() + b"\xff", "byte "),
        (
            chart().replace(b"JPN,1960,", b"JPN,1960.5,"),
            "row 10, column 'Year': expected a whole number, found 1960.5",
        ),
        (b"<!DOCTYPE html>\n<p>Sign in</p>\n", "the heading: expected a column 'Code', found "),
    ],
)
def test_what_is_no_such_chart(raw, message):
    with pytest.raises(DataError) as caught:
        connector("delimited").read(raw, CHART)
    assert str(caught.value).startswith(message)


# SIPRI's workbook: years across, regions between the countries


SPENDING = {
    "sheet": "Constant (2023) US$",
    "heading": 6,
    "labels": ["Country"],
    "expect": {"A2": "in millions of US$ at constant (2023) prices"},
    "layouts": [
        {
            "columns": {"country": "Country", "year": "period", "value_usd_million": "value"},
            "keep": {"Country": ["Japan"]},
            "numbers": {"year": "whole", "value_usd_million": "decimal"},
            "digits": {"value_usd_million": 3},
            "absent": ["...", "xxx"],
            "observed": ["value_usd_million"],
            "constants": {
                "iso3": "JPN",
                "price_basis": "constant_usd",
                "base_year": 2023,
                "edition": "1949-2024 edition",
                "source_id": "sipri_milex_2025ed",
            },
        }
    ],
}


def spending_rows():
    where = {"source_id": ["sipri_milex_2025ed"], "iso3": ["JPN"], "price_basis": ["constant_usd"]}
    return pins("defence/milex_usd", **where)


def spending(**cells):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Constant (2023) US$"
    sheet["A1"] = "Military expenditure by country"
    sheet["A2"] = "Figures are in millions of US$ at constant (2023) prices"
    years = [str(year) for year in range(1949, 2025)]
    values = {row["year"]: float(row["value_usd_million"]) for row in spending_rows()}
    lines = [
        ["Country", "Notes", *map(int, years)],
        ["Asia & Oceania"],
        ["Japan", None, *(values.get(year, "...") for year in years)],
        ["Nowhere", None, *("xxx" for _ in years)],
    ]
    for number, line in enumerate(lines, start=6):
        for column, value in enumerate(line, start=1):
            sheet.cell(number, column, value)
    for place, value in cells.items():
        sheet[place] = value
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


def test_sipris_workbook_gives_the_pinned_rows():
    frame = connector("grid").read(spending(), SPENDING)
    assert spelled(frame, spending_rows()[0]) == spelled_pins(spending_rows())


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (
            partial(spending, A2="Figures are in US$ thousand"),
            "sheet 'Constant (2023) US$', cell A2: expected the text 'in millions of US$ at con",
        ),
        (
            partial(spending, A6="State"),
            "sheet 'Constant (2023) US$', row 6: expected a column 'Country', found 'State'",
        ),
        (
            partial(spending, D6=1949),
            "sheet 'Constant (2023) US$', row 6: expected years, each once",
        ),
        (partial(spending, A8="Nippon"), "column 'Country': expected rows with 'Japan', found "),
        (partial(spending, BZ8="n/a"), "row 8, column 'value': expected a number, found 'n/a'"),
        (lambda: spending()[:-400], "the file: expected an xlsx workbook, found "),
        (bytes, "the file: expected an xlsx workbook, found 0 bytes"),
    ],
)
def test_what_is_no_such_workbook(raw, message):
    with pytest.raises(DataError) as caught:
        connector("grid").read(raw(), SPENDING)
    assert str(caught.value).startswith(message)


def test_an_edition_with_another_base_year_has_another_sheet():
    with pytest.raises(DataError, match=r"expected a sheet 'Constant \(2024\) US\$', found"):
        connector("grid").read(spending(), {**SPENDING, "sheet": "Constant (2024) US$"})


# The World Economic Outlook: tabs, UTF-16, estimates after a year that each row names


OUTLOOK = {
    "heading": 1,
    "labels": ["ISO", "WEO Subject Code", "Units"],
    "last_known": "Estimates Start After",
    "encoding": "utf-16",
    "separator": "\t",
    "layouts": [
        {
            "columns": {
                "country_iso3": "ISO",
                "year": "period",
                "indicator": "WEO Subject Code",
                "value": "value",
                "unit": "Units",
                "is_projection": "after",
            },
            "keep": {"WEO Subject Code": ["NGDP_RPCH"], "ISO": ["JPN"]},
            "translate": {
                "indicator": {"NGDP_RPCH": "gdp_real_growth"},
                "unit": {"Percent change": "percent a year"},
            },
            "numbers": {"year": "whole", "value": "decimal"},
            "ornaments": ",",
            "absent": ["n/a", "--"],
            "observed": ["value"],
            "constants": {"derived": "false", "source_id": "imf_weo_2025_10"},
        }
    ],
}


def outlook_rows():
    where = {"indicator": ["gdp_real_growth"], "country_iso3": ["JPN"]}
    return pins("context/macro", source_id=["imf_weo_2025_10"], **where)


def outlook(units="Percent change", after="2024", encoding="utf-16"):
    rows = outlook_rows()
    heading = ["ISO", "WEO Subject Code", "Country", "Units", "Scale"]
    heading += [row["year"] for row in rows] + ["2099", "Estimates Start After"]
    japan = ["JPN", "NGDP_RPCH", "Japan", units, ""]
    japan += [row["value"] for row in rows] + ["n/a", after]
    other = ["JPN", "NGDPD", "Japan", "U.S. dollars", "Billions"]
    other += ["1,234.5" for _ in rows] + ["n/a", "2024"]
    return "\n".join("\t".join(line) for line in (heading, japan, other, [""])).encode(encoding)


def test_the_outlook_gives_the_pinned_rows_with_its_estimates_marked():
    frame = connector("grid").read(outlook(), OUTLOOK)
    assert spelled(frame, outlook_rows()[0]) == spelled_pins(outlook_rows())


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (outlook(units="Index"), "row 2, column 'Units': expected a word that the options"),
        (outlook(after="last year"), "row 2, column 'Estimates Start After': expected a year"),
        (outlook(encoding="latin-1"), "line 1: expected a line end"),
        (outlook()[:81], "byte "),
    ],
)
def test_what_is_no_such_outlook(raw, message):
    with pytest.raises(DataError) as caught:
        connector("grid").read(raw, OUTLOOK)
    assert str(caught.value).startswith(message)


# The Census Bureau's API


IMPORTS = {
    "layouts": [
        {
            "columns": {
                "month": "time",
                "partner": "CTY_NAME",
                "naics": "NAICS",
                "naics_label": "NAICS_LDESC",
                "imports_usd": "CON_VAL_MO",
                "duties_usd": "CAL_DUT_MO",
            },
            "translate": {
                "partner": {"CANADA": "Canada"},
                "naics_label": {"MACHINERY, EXCEPT ELECTRICAL": "machinery (non-electrical)"},
            },
            "numbers": {"imports_usd": "decimal", "duties_usd": "decimal"},
            "constants": {"basis": "imports for consumption", "source_id": "census_naics_2025"},
        }
    ]
}
NAMES = ["CTY_NAME", "NAICS_LDESC", "CON_VAL_MO", "CAL_DUT_MO", "time", "NAICS", "time"]


def import_rows():
    where = {"source_id": ["census_naics_2025"], "partner": ["Canada"], "naics": ["333"]}
    return pins("trade/us_imports_by_partner_monthly", **where)


def imports(names=NAMES):
    lines = [
        [
            "CANADA",
            "MACHINERY, EXCEPT ELECTRICAL",
            row["imports_usd"],
            row["duties_usd"],
            row["month"],
            row["naics"],
            row["month"],
        ]
        for row in import_rows()
    ]
    return json.dumps([names, *lines]).encode()


def test_the_census_bureaus_answer_gives_the_pinned_rows():
    frame = connector("census").read(imports(), IMPORTS)
    assert spelled(frame, import_rows()[0]) == spelled_pins(import_rows())


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"error: unknown variable 'CON_VAL_MO'", 'the file: expected JSON, found b"error: '),
        (b"", "the file: expected JSON, found b''"),
        (imports()[:-20], "the file: expected JSON, found "),
        (b'{"rows": []}', "the file: expected a list of rows, found {'rows': []}"),
        (b"[]", "the file, row 1: expected a heading, found nothing"),
        (imports([*NAMES[:2], "GEN_VAL_MO", *NAMES[3:]]), "the heading: expected a column 'CON_"),
        (imports(NAMES[:-1]), "the file, row 2: expected 6 cells, found 7"),
    ],
)
def test_what_the_census_bureau_must_not_answer(raw, message):
    with pytest.raises(DataError) as caught:
        connector("census").read(raw, IMPORTS)
    assert str(caught.value).startswith(message)
