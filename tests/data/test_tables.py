import re
from datetime import date

import numpy as np
import pytest

from analysis.errors import DataError

FLOWS = "data/trade/flows.csv"


def test_rows_know_their_line_even_behind_quoted_line_feeds(workshop):
    flows = workshop.load("trade/flows").frame
    lines = (workshop.project.root / FLOWS).read_text().splitlines()
    assert flows["row"].tolist() == [2, 3, 5, 6, 7, 8, 9]
    assert flows.loc[flows["row"] == 3, "note"].item() == "two\nlines"
    for row in flows.itertuples():
        assert lines[row.row - 1].startswith(f"{row.year},{row.reporter},{row.flow}")


def test_types(workshop):
    flows, sightings = (workshop.load(name).frame for name in ("trade/flows", "security/sightings"))
    assert flows.dtypes[["year", "value", "reporter", "grade"]].astype(str).tolist() == [
        "int64",
        "float64",
        "str",
        "int64",
    ]
    assert sightings.dtypes[["day", "ships", "confirmed", "suspect"]].astype(str).tolist() == [
        "str",
        "float64",
        "bool",
        "bool",
    ]
    assert np.isnan(sightings["ships"][1])
    assert flows["note"].isna().sum() == 5


def test_provenance_is_added(workshop):
    flows = workshop.load("trade/flows").frame
    assert flows["grade"].tolist() == [4, 4, 4, 4, 4, 2, 4]
    assert flows["public_on"].tolist()[-3:] == ["2026-06", "2024-05-02", "2024-12"]
    sightings = workshop.load("security/sightings").frame
    assert sightings["public_on"].tolist()[:3] == ["2024-01-02", "2024-01", "2024-05-02"]
    assert sightings["public_on"].isna().tolist() == [False, False, False, True]


def test_the_family_is_the_rows_own_then_the_catalogs_then_the_sources(workshop):
    assert workshop.load("trade/flows").frame["family"].tolist() == [
        "nor_customs",
        "nor_customs",
        "nor_customs",
        "nor_customs",
        "nor_customs",
        "sud_customs",  # the catalog's, for a row of world_db
        "sud_customs",  # the source's
    ]
    workshop.edit("data/security/sightings.csv", "told_on,source_id", "told_on,source_id,family")
    text = (workshop.project.root / "data/security/sightings.csv").read_text()
    own = text.replace("nor_2024\n", "nor_2024,wire\n").replace("press_1\n", "press_1,\n")
    (workshop.project.root / "data/security/sightings.csv").write_text(
        own.replace("world_db\n", "world_db,\n")
    )
    workshop.edit(
        "data/catalog.yaml",
        "      told_on:",
        "      family: {type: string, nullable: true, meaning: whose it is}\n      told_on:",
    )
    workshop.pin()
    families = workshop.load("security/sightings").frame["family"].tolist()
    assert families == ["wire", "courier", "world_desk", "courier"]


def test_nullable_booleans_keep_the_unknown(workshop):
    workshop.edit("data/catalog.yaml", "{type: boolean, ", "{type: boolean, nullable: true, ")
    workshop.edit("data/security/sightings.csv", "2024-01-03,4,true,", "2024-01-03,4,,")
    workshop.pin()
    confirmed = workshop.load("security/sightings").frame["confirmed"]
    assert str(confirmed.dtype) == "boolean"
    assert confirmed.isna().tolist() == [False, False, True, False]


def test_a_tampered_byte_is_noticed(workshop):
    workshop.edit(FLOWS, "2022,Norland,export,10.5", "2022,Norland,export,10.6")
    told = r"^data/trade/flows\.csv: has changed since it was pinned: expected sha256 [0-9a-f]{64}"
    with pytest.raises(
        DataError, match=told + r".*if you meant to change it run `claims data pin`$"
    ):
        workshop.load("trade/flows")
    assert workshop.pin() == ("trade/flows",)
    assert workshop.load("trade/flows").frame["value"][0] == 10.6


def test_a_table_that_was_never_pinned(workshop):
    catalog = workshop.project.catalog
    catalog.write_text(re.sub("    sha256: .*\n", "", catalog.read_text()))
    with pytest.raises(DataError, match="is not pinned: look at it, then run `claims data pin`"):
        workshop.load("trade/flows")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("year,rep", "\ufeffyear,rep", ":1: starts with a byte order mark"),
        ("10.5,,nor_2024\n", "10.5,,nor_2024\r\n", ":2: carriage return: save with LF line ends"),
        (
            "2023,Norland,import,7,said in passing,press_1\n",
            "2023,Norland,imp",
            ":10: the last line has no end: is the file cut off?",
        ),
        ('lines",nor_2024\n2022', "lines,nor_2024\n2022", ":3: a quote is opened and never closed"),
        (
            "2024,Norland,export,12,,nor",
            "2024,Norland,export,12,nor",
            ":7: expected 6 fields, found 5",
        ),
        (
            "2024,Norland,export,12,,nor",
            "2024,Norland,export,1,200,,nor",
            ":7: expected 6 fields, found 7",
        ),
        ("2024,Norland", "\n2024,Norland", ":7: expected 6 fields, found 0"),
        ("two\nlines", 'two "lines', ":3: not CSV:"),
        ("value,note", "note", ":1: the columns are not the catalog's: missing value"),
        (
            "value,note",
            "valeu,note",
            ":1: the columns are not the catalog's: missing value; not in the catalog valeu",
        ),
        (
            "value,note",
            "note,note",
            ":1: the columns are not the catalog's: missing value; twice note",
        ),
        ("15,,nor", "15.,,nor", ":5: value = '15.': expected a number in plain digits"),
        ("15,,nor", '"1,500",,nor', ":5: value = '1,500': expected a number in plain digits"),
        ("15,,nor", "nan,,nor", ":5: value = 'nan': expected a number"),
        ("15,,nor", "1e999,,nor", ":5: value = '1e999': expected a number of at most 1e+100"),
        ("15,,nor", "-1e101,,nor", ":5: value = '-1e101': expected a number of at most 1e+100"),
        ("2024,Norland", "24,Norland", ":7: year = '24': expected a year, YYYY"),
        (
            "2024,Norland",
            ",Norland",
            ":7: year = '': empty, and the column is not declared nullable",
        ),
        (
            "2024,Norland",
            "2024,Norlnd",
            ":7: reporter = 'Norlnd': expected one of Norland, Sudland (did you mean 'Norland'?)",
        ),
        ("not stated", "not stated ", ":8: note = 'not stated ': spaces at its ends"),
    ],
)
def test_a_broken_file_names_its_line(workshop, old, new, message):
    workshop.edit(FLOWS, old, new)
    for act in (lambda: workshop.load("trade/flows"), workshop.pin):
        with pytest.raises(DataError) as caught:
            act()
        assert str(caught.value).startswith(f"data/trade/flows.csv{message}")


def test_bytes_that_are_no_utf8(workshop):
    path = workshop.project.root / FLOWS
    path.write_bytes(path.read_bytes().replace(b"not stated", b"caf\xe9"))
    with pytest.raises(DataError, match=r"^data/trade/flows\.csv:8: not UTF-8"):
        workshop.load("trade/flows")


def test_every_bad_cell_is_listed(workshop):
    workshop.edit(FLOWS, "15,,nor", "x,,nor")
    workshop.edit(FLOWS, "2022,Norland,export", "22,Norland,export")
    with pytest.raises(DataError, match="2 faults") as caught:
        workshop.load("trade/flows")
    assert [fault.line for fault in caught.value.failures] == [2, 5]


@pytest.mark.parametrize(
    ("column", "good", "bad"),
    [
        ("ships", "1", "1.0"),
        ("ships", "1", "01"),
        ("ships", "1", "1_0"),
        ("ships", "1", "+1"),
        ("confirmed", "false", "False"),
        ("day", "2024-01-06", "2024-01-32"),
        ("day", "2024-01-06", "2024-1-6"),
    ],
)
def test_strict_cells(workshop, column, good, bad):
    line = "2024-01-06,1,false,,press_1"
    workshop.edit(
        "data/security/sightings.csv",
        line,
        line.replace(f"{good}", bad, 1)
        if column == "day"
        else line.replace(f",{good},", f",{bad},"),
    )
    with pytest.raises(DataError, match=rf":5: {column} = '{re.escape(bad)}': expected"):
        workshop.load("security/sightings")


def test_an_unknown_source_is_named_with_a_near_one(workshop):
    workshop.edit(FLOWS, ",12,,nor_2026", ",12,,nor_2025")
    workshop.pin()
    told = r":7: source_id = 'nor_2025' is not in data/sources\.csv \(did you mean 'nor_202\d'\?\)"
    with pytest.raises(DataError, match=told):
        workshop.load("trade/flows")


def test_a_missing_file_and_an_unknown_table(workshop):
    with pytest.raises(DataError, match=r"no table 'trade/flow' \(did you mean 'trade/flows'\?\)"):
        workshop.load("trade/flow")
    (workshop.project.root / FLOWS).unlink()
    with pytest.raises(DataError, match=r"^data/trade/flows\.csv: cannot be read: No such file"):
        workshop.load("trade/flows")


def test_an_empty_file_and_a_header_alone(workshop):
    path = workshop.project.root / FLOWS
    header = path.read_text().split("\n")[0] + "\n"
    workshop.project.corrections.unlink()
    path.write_text("")
    with pytest.raises(DataError, match=":1: the file is empty: expected a header"):
        workshop.pin()
    path.write_text(header)
    workshop.pin()
    assert len(workshop.load("trade/flows").as_of(date(2024, 12, 10)).frame) == 0
