import re
from datetime import date

import pytest

from analysis.data.evidence import load_evidence
from analysis.errors import DataError

PUBLICATION = date(2024, 12, 10)


def correct(workshop, text):
    workshop.project.corrections.write_text(text)


SET = """\
- id: slip
  table: trade/flows
  where: {year: 2023, reporter: Sudland, value: null}
  action: set
  column: value
  value: 6
  matches: 1
  reason: printed elsewhere
  authority: the printed yearbook
"""


def test_dropped_rows_are_kept_apart_with_the_reason(workshop):
    table = workshop.load("trade/flows")
    assert table.dropped["row"].tolist() == [10]
    assert table.dropped[["correction", "reason"]].to_numpy().tolist() == [
        ["no_hearsay", "a figure said in passing"]
    ]
    assert 10 not in table.frame["row"].tolist()


def test_set_and_flag(workshop):
    flag = (
        SET.replace("slip", "weak")
        .replace("value: null", "value: 6")
        .replace("action: set", "action: flag")
    )
    flag = re.sub("  column: value\n  value: 6\n", "", flag)
    correct(workshop, SET + flag)
    frame = workshop.load("trade/flows").frame
    assert frame.loc[frame["row"] == 8, ["value", "suspect"]].to_numpy().tolist() == [[6.0, True]]
    assert frame["suspect"].sum() == 1


def test_a_corrected_date_decides_when_the_row_was_public(workshop):
    correct(
        workshop,
        "- {id: d, table: security/sightings, where: {day: 2024-01-01}, action: set,"
        " column: told_on, value: 2025-03, reason: r, authority: a}",
    )
    evidence = load_evidence(workshop.project, ["security/sightings"])
    assert 2 not in evidence.as_of(PUBLICATION)["security/sightings"]["row"].tolist()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "matches: 1",
            "matches: 2",
            ":1: correction 'slip': expected to touch 2 row(s) of trade/flows, touches 1",
        ),
        (
            "year: 2023",
            "year: 2021",
            ":1: correction 'slip': expected to touch 1 row(s) of trade/flows, touches 0",
        ),
        ("year: 2023", "year: last", ":1: correction 'slip': year = 'last': expected a year"),
        ("value: 6", "value: much", ":1: correction 'slip': value = 'much': expected a number"),
        (
            "column: value\n  value: 6",
            "column: year\n  value: null",
            ":1: correction 'slip': column 'year' is not nullable: give a value",
        ),
        ("year: 2023", "yaer: 2023", ":3:11: no column 'yaer' (did you mean 'year'?)"),
        ("column: value", "column: valeu", ":5:3: no column 'valeu' (did you mean 'value'?)"),
        ("trade/flows", "trade/flow", ":2:3: no table 'trade/flow' (did you mean 'trade/flows'?)"),
        ("action: set", "action: drop", ":4:3: 'column' and 'value' go with the action 'set'"),
        (
            "where: {year: 2023, reporter: Sudland, value: null}",
            "where: {}",
            ":3:3: say which rows",
        ),
        ("  reason: printed elsewhere\n", "", ":1:3: missing key 'reason'"),
    ],
)
def test_a_correction_that_cannot_be_meant(workshop, old, new, message):
    assert SET.count(old) == 1
    correct(workshop, SET.replace(old, new))
    with pytest.raises(DataError) as caught:
        workshop.load("trade/flows")
    assert str(caught.value).startswith(f"data/corrections.yaml{message}")


def test_corrections_have_ids_of_their_own(workshop):
    correct(workshop, SET + SET)
    with pytest.raises(DataError, match=r"corrections\.yaml:10:3: the id 'slip' occurs twice"):
        workshop.load("trade/flows")
    correct(workshop, "slip: {}\n")
    with pytest.raises(DataError, match=r"corrections\.yaml:1:1: expected a list"):
        workshop.load("trade/flows")
