"""A number is read as its layout says that it is written, or refused at its cell."""

import datetime as dt
import io
import json
import zipfile

import numpy as np
import openpyxl
import pandas as pd
import pyreadr
import pytest

from analysis.errors import DataError
from analysis.refresh.connectors.registry import connector

COLUMNS = {"columns": {"code": "code", "v": "v"}, "numbers": {"v": "decimal"}}


def options(**changed):
    return {"layouts": [COLUMNS | changed]}


def cell(written, **changed):
    raw = f"code;v\nA;{written}\n".encode()
    return connector("delimited").read(raw, options(**changed) | {"separator": ";"})["v"][0]


@pytest.mark.parametrize(
    ("written", "how", "number"),
    [
        ("1,234.56", {"ornaments": ","}, 1234.56),
        ("1.234,56", {"ornaments": ".", "decimal": ","}, 1234.56),
        ("53,2", {"decimal": ","}, 53.2),
        ("1 234 567,5", {"ornaments": " ", "decimal": ","}, 1234567.5),
        ("1\u202f234", {"ornaments": "\u202f"}, 1234),
        ("1'234.5", {"ornaments": "'"}, 1234.5),
        ("US$ 1,234", {"ornaments": "US$,"}, 1234),
        ("-$5", {"ornaments": "$"}, -5),
        ("53%", {"ornaments": "%"}, 53),
        ("−4.5", {}, -4.5),
        ("1e3", {}, 1000),
        (".5", {}, 0.5),
        ("-999", {"genuine": ["-999"]}, -999),
    ],
)
def test_a_number_is_read_as_it_is_declared(written, how, number):
    assert cell(written, **how) == number


@pytest.mark.parametrize(
    ("written", "how"),
    [
        ("1.234,56", {"ornaments": ","}),
        ("53,2", {"ornaments": ","}),
        ("1,2,3,4", {"ornaments": ","}),
        ("1234,567", {"ornaments": ","}),
        ("1,234.567,8", {"ornaments": ","}),
        ("1.5", {"ornaments": ".", "decimal": ","}),
        ("1,234 567", {"ornaments": ", "}),
        ("12%3", {"ornaments": "%"}),
        ("1_000", {}),
        ("٤٥", {}),
        ("(5)", {}),
        ("5-", {}),
        (".", {}),
    ],
)
def test_an_ambiguous_number_is_refused_at_its_cell(written, how):
    with pytest.raises(DataError, match=r"row 2, column 'v': expected a number.*found"):
        cell(written, **how)


@pytest.mark.parametrize("ornaments", ["()", "-", ".", "0"])
def test_an_ornament_that_says_something(ornaments):
    with pytest.raises(DataError, match="expected thousands marks and currencies"):
        cell("1", ornaments=ornaments)


SENTINELS = ["-666666666", "-999", "-999.0", "-99.9", "-9999", "99999", "-2147483648", "1e36"]


@pytest.mark.parametrize("written", SENTINELS)
def test_a_number_that_stands_for_none_is_named_or_refused(written):
    with pytest.raises(DataError, match=r"row 2, column 'v': .*which often means none"):
        cell(written)
    assert pd.isna(cell(written, absent=[written]))
    assert cell(written, genuine=[written]) == float(written)


def test_such_a_number_is_not_taken_as_text_either():
    with pytest.raises(DataError, match="often means none"):
        cell("-999", numbers={})


def test_the_census_bureaus_word_for_none():
    raw = json.dumps([["code", "v"], ["A", "-666666666"]]).encode()
    with pytest.raises(DataError, match=r"row 2, column 'v': .*-666666666, which often"):
        connector("census").read(raw, options())


@pytest.mark.parametrize("raw", [b'[["code","v"],["A",NaN]]', b"[" * 100_000, b'[["code"]] x'])
def test_what_is_no_json(raw):
    with pytest.raises(DataError, match="the file: expected"):
        connector("census").read(raw, options())


def stata(values, version=118):
    out = io.BytesIO()
    frame = pd.DataFrame({"code": ["A"] * len(values), "v": np.array(values, "float32")})
    frame.to_stata(out, write_index=False, version=version)
    return out.getvalue()


def test_a_float_of_four_bytes_is_read_as_written_and_rounded_once():
    written = [0.1, 33.3, 12.7, 2001]
    assert list(connector("stata").read(stata(written), options())["v"]) == written
    rounded = options(digits={"v": 6})
    assert connector("stata").read(stata([0.6896265]), rounded)["v"][0] == 0.689627


@pytest.mark.parametrize("cut", [1, 3, 12, 30])
@pytest.mark.parametrize("version", [114, 117, 118])
def test_a_stata_data_set_without_its_end(cut, version):
    with pytest.raises(DataError, match="expected a whole Stata data set"):
        connector("stata").read(stata([1, 2], version)[:-cut], options())


def rdata(tmp_path, write, *named, **how):
    path = tmp_path / "file"
    write(str(path), pd.DataFrame({"code": ["A"], "v": [4.5]}), *named, **how)
    return path.read_bytes()


@pytest.mark.parametrize("packing", [{}, {"compress": "gzip"}])
def test_an_rds_file_has_one_object_without_a_name(tmp_path, packing):
    raw = rdata(tmp_path, pyreadr.write_rds, **packing)
    assert connector("rdata").read(raw, options())["v"][0] == 4.5
    with pytest.raises(DataError, match=r"it is an \.rds file: leave the option 'frame' out"):
        connector("rdata").read(raw, options() | {"frame": "single"})
    for cut in (1, 3, 8, 12):
        with pytest.raises(DataError, match="expected whole R data"):
            connector("rdata").read(raw[:-cut], options())


def test_an_object_with_a_name_has_to_be_named(tmp_path):
    raw = rdata(tmp_path, pyreadr.write_rdata)
    assert connector("rdata").read(raw, options() | {"frame": "dataset"})["v"][0] == 4.5
    with pytest.raises(DataError, match=r"one object without a name, as in an \.rds file, found"):
        connector("rdata").read(raw, options())


def workbook(value):
    book = openpyxl.Workbook()
    for line in (["code", "v"], ["A", value], ["B", 2]):
        book.active.append(line)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_formula_that_was_never_calculated_is_not_empty():
    with pytest.raises(DataError, match=r"row 2, column 'v': .*never calculated, '=B3\*2'"):
        connector("workbook").read(workbook("=B3*2"), options() | {"sheet": "Sheet"})


def test_an_empty_text_of_a_formula_is_empty():
    out, packed = io.BytesIO(), zipfile.ZipFile(io.BytesIO(workbook(1)))
    with zipfile.ZipFile(out, "w") as book:
        for name in packed.namelist():
            plain, empty = (
                b'<c r="B2" t="n"><v>1</v></c>',
                b'<c r="B2" t="str"><f>T(1)</f><v></v></c>',
            )
            book.writestr(name, packed.read(name).replace(plain, empty))
    frame = connector("workbook").read(out.getvalue(), options() | {"sheet": "Sheet"})
    assert list(frame["v"].isna()) == [True, False]


def test_a_date_of_a_workbook_is_one_however_it_is_shown():
    given = options(numbers={}, dates={"v": "%Y-%m-%d"}) | {"sheet": "Sheet"}
    book = openpyxl.load_workbook(io.BytesIO(workbook(dt.date(2024, 1, 31))))
    book.active.delete_rows(3)
    out = io.BytesIO()
    book.save(out)
    assert connector("workbook").read(out.getvalue(), given)["v"][0] == "2024-01-31"


@pytest.mark.parametrize("encoding", ["shiftjis2", "hex", ""])
@pytest.mark.parametrize("name", ["delimited", "grid", "bulletins"])
def test_an_encoding_that_does_not_exist(encoding, name):
    more = {
        "delimited": {},
        "grid": {"heading": 1, "labels": ["code"]},
        "bulletins": {"item": "p", "patterns": {}},
    }[name]
    with pytest.raises(DataError, match="options of the connector: encoding: expected an enc"):
        connector(name).read(b"code,v\nA,1\n", options() | {"encoding": encoding} | more)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"separator": ""}, "expected one character"),
        ({"separator": "||"}, "expected one character"),
        ({"heading": 0}, "rows are counted from 1"),
        (options(factor={"w": 1000}), "'w' is no column of this layout"),
        (options(observed=["value"]), "'value' is no column of this layout"),
        (options(dates={"v": "%H"}), "expected a form with a year"),
        (options(first={"v": 0}), "expected a count of characters"),
        (options(total=["value"]), "'value' is no column of this layout"),
    ],
)
def test_options_that_cannot_be_meant(changed, message):
    with pytest.raises(DataError, match=f"options of the connector: .*{message}"):
        connector("delimited").read(b"code,v\nA,1\n", options() | changed)


BANK = {
    "indicator": "X",
    "layouts": [{"columns": {"iso3": "iso3", "v": "value"}, "numbers": {"v": "decimal"}}],
}
GOOD = {"indicator": {"id": "X"}, "countryiso3code": "JPN", "date": "2023", "value": 1.0}
HEAD = {"page": 1, "pages": 1, "total": 1}


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ({"statusCode": 429}, "found the status 429: the service may be busy: refresh again la"),
        ({"statusCode": 429, "message": "Rate limit"}, "status 429 and the message 'Rate limit'"),
        ([{"message": "no"}], "found the message 'no'"),
        ([{"message": ["no"]}], "found the message 'no'"),
        ([HEAD, [GOOD | {"country": None}]], "observation 1: expected 'country' as an object"),
        ([HEAD, [GOOD | {"country": {}, "indicator": None}]], "expected 'indicator' as an obj"),
        ([HEAD, [None]], "observation 1: expected an object, found None"),
        ([HEAD, "rows"], "page 1: expected a list of observations, found rows"),
        ([HEAD | {"page": None}, []], "page 1, 'page': expected a number, found None"),
        ([HEAD | {"pages": 10**11}, []], "page 1: expected at most 1000 pages, found 10000000"),
        ([HEAD | {"total": 0}, None], "the file: expected rows, found none"),
    ],
)
def test_an_answer_of_the_world_bank_without_data(answer, message):
    with pytest.raises(DataError) as caught:
        connector("worldbank").read(json.dumps(answer).encode(), BANK)
    assert message in str(caught.value)


URN = "urn:sdmx:org.sdmx.infomodel.datastructure.Dataflow=OFF:FLOW(1.0)"
SCHEMAS = "http://www.sdmx.org/resources/sdmxml/schemas/v3_0"
MESSAGE = f"""<?xml version="1.0"?>
<m:StructureSpecificData xmlns:m="{SCHEMAS}/message" xmlns:c="{SCHEMAS}/common"
 xmlns:s="{SCHEMAS}/data/structurespecific" xmlns:x="http://www.w3.org/2001/XMLSchema-instance"
 xmlns:n="{URN}:ObsLevelDim:TIME_PERIOD"><m:Header><m:ID>A1</m:ID><m:Test>false</m:Test>
<m:Prepared>2026-01-01T00:00:00</m:Prepared><m:Sender id="OFF"/><m:Structure structureID="S1"
 namespace="{URN}:ObsLevelDim:TIME_PERIOD" dimensionAtObservation="TIME_PERIOD">
<c:Structure>{URN}</c:Structure></m:Structure></m:Header><m:DataSet x:type="n:DataSetType"
 s:structureRef="S1" s:dataScope="DataStructure" action="Replace"><Series code="JPN">
<Obs TIME_PERIOD="2023" OBS_VALUE="1.5"/></Series></m:DataSet></m:StructureSpecificData>"""


def test_a_message_of_sdmx_3_that_names_a_dataflow():
    layout = COLUMNS | {"columns": {"code": "code", "v": "value"}}
    frame = connector("sdmx").read(MESSAGE.encode(), {"layouts": [layout]})
    assert frame.to_dict("records") == [{"code": "JPN", "v": 1.5}]
    with pytest.raises(DataError, match="expected an SDMX data message"):
        connector("sdmx").read(MESSAGE.encode()[:-3], {"layouts": [layout]})


def test_a_page_of_bulletins_without_its_end():
    raw = b"<html><p>12 aircraft and 3 sh"
    given = {"item": "p", "patterns": {"code": r"(\d+) air", "v": r"(\d+) ships"}}
    with pytest.raises(DataError, match="the page: expected </html> at its end"):
        connector("bulletins").read(raw, options() | given | {"optional": ["v"]})
