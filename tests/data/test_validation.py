import shutil
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.data.catalog import ColumnInfo, Gap, Licence, TableInfo
from analysis.data.tables import Table
from analysis.data.validation import check, check_all
from analysis.data.violations import CHECKS, Violation
from analysis.errors import DataError

TEXT = ColumnInfo(type="string", nullable=True, meaning="any")
NUMBER = ColumnInfo(type="number", unit="percent", nullable=True, meaning="any")
FEBRUARY = Gap(start="2024-02-01", end="2024-02-29", why="no bulletin")
OTHER = pd.DataFrame({"k": ["x", "y"]})
NO_ROWS = np.array([], dtype="int64")


def made(rows, *checks, gaps=(), **columns):
    """A table from rows of values, for checks alone; columns are text or numbers by them."""
    frame = pd.DataFrame(rows).assign(row=range(2, len(rows) + 2))
    found = {
        name: NUMBER if frame[name].dtype.kind in "if" else TEXT for name in frame if name != "row"
    } | columns
    info = TableInfo(
        name="a/b",
        line=7,
        title="T",
        description="D",
        row="R",
        key=("id",),
        gaps=gaps,
        checks=checks,
        licence=Licence(terms="open", commercial=True),
        columns={**found, "id": TEXT, "source_id": ColumnInfo(type="source", meaning="s")},
    )
    frame = frame.assign(id=[f"{row}" for row in frame["row"]], source_id="s")
    texts = {name: "str" for name in frame if frame[name].dtype == object}
    frame = frame.astype({**texts, "id": "str", "source_id": "str"})
    return Table(
        name="a/b",
        info=info,
        frame=frame,
        dropped=frame.iloc[:0],
        published=NO_ROWS,
        released=NO_ROWS,
        replaced=NO_ROWS,
    )


def checked(table):
    return check(table, {"s": None}, {"a/other": OTHER}.__getitem__)


def rows_failing(rows, name, where=None, gaps=(FEBRUARY,), **arguments):
    given_arguments = {**arguments, **({"where": where} if where else {})}
    table = made(rows, {name: given_arguments}, gaps=gaps)
    return [violation.row for violation in checked(table)]


# --- the named checks: each with an example that passes and one that fails --------------------


def rows_of(text):
    """Rows out of "a b | 1 x | - y": names first, then cells; a dash is an empty one."""
    names, *lines = (line.split() for line in text.split("|"))
    columns = {name: cells(column) for name, *column in zip(names, *lines, strict=True)}
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def cells(texts):
    """Numbers if all are numbers, else text."""
    found = [None if text == "-" else text for text in texts]
    try:
        return [None if text is None else float(text) for text in found]
    except ValueError:
        return found


SUMS = {"column": "k", "parts": ["a", "b"], "total": "t", "value": "v"}
SHARES = {"by": ["y"], "column": "k", "value": "v"}
MONTHS = "".join(f"| 2024-{month:02d} a {month}" for month in range(1, 13))
PASSING_AND_FAILING = [
    (
        "one_value_a_day",
        {"date": "d"},
        "d | 2024-01-01 | 2024-01-02",
        "d | 2024-01-01 | 2024-01-01",
        [3],
    ),
    (
        "one_value_a_day",
        {"date": "d", "by": ["z"]},
        "d z | 2024-01-01 a | 2024-01-01 b | - b | - b",
        "d z | 2024-01-01 a | 2024-01-02 a | 2024-01-01 a",
        [4],
    ),
    ("share_within", {"column": "v"}, "v | 0 | 100 | -", "v | -0.1 | 50 | 100.1", [2, 4]),
    ("share_within", {"column": "v", "high": 1}, "v | 0.5", "v | 1.5", [2]),
    (
        "range_where",
        {"column": "v", "low": 1, "high": 31, "where": {"k": "days"}},
        "v k | 31 days | 400 trips",
        "v k | 32 days | 400 trips",
        [2],
    ),
    ("non_negative", {"column": "v"}, "v | 0 | -", "v | 1 | -1", [3]),
    (
        "totals_reconcile",
        {"by": ["y"], "tolerance": 0.01, **SUMS},
        "y k v | 1 a 1 | 1 b 2 | 1 t 3.02 | 2 a 9 | 2 t 3 | 1 other 7",
        "y k v | 1 a 1 | 1 b 2 | 1 t 3.04",
        [4],
    ),
    (
        "totals_reconcile",
        {"by": [], "tolerance": 0, **SUMS},
        "k v | a 0.1 | b 0.2 | t 0.3",
        "k v | a 1 | a 1 | b 1 | t 3",
        [None, 3],
    ),
    (
        "row_reconciles",
        {"parts": ["a", "b"], "total": "t", "tolerance": 0},
        "a b t | 0.1 0.2 0.3 | - 1 9",
        "a b t | 1 1 3",
        [2],
    ),
    (
        "share_of_whole",
        {"by": ["y"], "column": "k", "whole": "t", "value": "v", "share": "s", "tolerance": 0.1},
        "y k v s | 1 a 2 20.1 | 1 b 3 - | 1 t 10 100 | 2 a 7 99",
        "y k v s | 1 a 2 20.2 | 1 t 10 100",
        [2],
    ),
    (
        "running_total",
        {"by": ["k"], "order": "d", "value": "v", "stated": "t", "tolerance": 0},
        "k d v t | a 2024-01 1 - | b 2024-02 9 - | a 2024-03 2 3 | a 2024-03-05 1 4",
        "k d v t | a 2024-01 1 1 | a 2024-03 2 4",
        [3],
    ),
    (
        "row_ratio",
        {"numerator": "a", "denominator": "b", "ratio": "r", "scale": 100, "tolerance": 0.01},
        "a b r | 1 2 50.4 | 1 - 9",
        "a b r | 1 2 51",
        [2],
    ),
    (
        "row_ratio",
        {"numerator": "km", "ratio": "nm", "scale": 0.5, "tolerance": 0},
        "km nm | 2 1",
        "km nm | 2 2",
        [2],
    ),
    (
        "year_of_months",
        {"by": ["k"], "time": "p", "value": "v", "tolerance": 0.01},
        f"p k v | 2024 a 6.5 {MONTHS} | 2023 a 9",
        f"p k v {MONTHS} | 2024 a 7",
        [14],
    ),
    (
        "constant_within",
        {"by": ["k"], "column": "u"},
        "k u | a km | b t | a km | c -",
        "k u | a km | a t | a -",
        [3, 4],
    ),
    (
        "parts_at_most_whole",
        SHARES,
        "y k v | 1 a 60 | 1 b 40 | 2 a 90",
        "y k v | 1 a 60 | 1 b 41",
        [3],
    ),
    (
        "parts_at_most_whole",
        {**SHARES, "parts": ["a", "b"], "whole_column": "w"},
        "y k v w | 1 a 6 10 | 1 other 9 10",
        "y k v w | 1 a 6 10 | 1 b 5 10",
        [3],
    ),
    ("both_ends", {"columns": ["a", "b"]}, "a b | x y", "a b | x x | - y | x -", [2, 3, 4]),
    (
        "ordered",
        {"columns": ["a", "b", "c"]},
        "a b c | 1 1 2 | 9 - 1",
        "a b c | 1 3 2 | 4 3 3",
        [2, 3],
    ),
    (
        "ordered",
        {"columns": ["a", "b"]},
        "a b | 2024-05 2024-05-01 | 2024-Q1 2024-Q2",
        "a b | 2024-05 2024-04-30",
        [2],
    ),
    (
        "ranks_from_one",
        {"by": ["y"], "column": "r"},
        "y r | 1 2 | 1 1 | 1 2 | 1 4 | 2 1",
        "y r | 1 1 | 1 3 | 2 2",
        [3, 4],
    ),
    ("refers_to", {"column": "k", "table": "a/other"}, "k | x | -", "k | x | z", [3]),
    (
        "empty_only_in_gaps",
        {"time": "d", "column": "v"},
        "d v | 2024-01-01 1 | 2024-02-02 - | - -",
        "d v | 2024-01-01 1 | 2024-03-01 -",
        [3],
    ),
    (
        "no_silent_hole",
        {"time": "m", "frequency": "month"},
        "m | 2024-12 | 2025-01 | -",
        "m | 2025-02 | 2024-12",
        [2],
    ),
    (
        "no_silent_hole",
        {"time": "y", "frequency": "year", "by": ["k"]},
        "y k | 2000 a | 2002 b | 2001 a",
        "y k | 2000 a | 2001 b | 2002 a",
        [4],
    ),
    (
        "no_silent_hole",
        {"time": "q", "frequency": "quarter"},
        "q | 2023-Q4 | 2024-Q1",
        "q | 2023-Q4 | 2024-Q2",
        [3],
    ),
]


@pytest.mark.parametrize(("name", "arguments", "good", "bad", "rows"), PASSING_AND_FAILING)
def test_named_checks(name, arguments, good, bad, rows):
    assert rows_failing(rows_of(good), name, **arguments) == []
    assert rows_failing(rows_of(bad), name, **arguments) == rows


def test_every_named_check_has_examples():
    assert {name for name, *_ in PASSING_AND_FAILING} == set(CHECKS)


def test_a_check_of_two_tables_says_so_when_it_stands_alone():
    table = made([{"k": "x"}], {"refers_to": {"column": "k", "table": "a/other"}})
    with pytest.raises(DataError, match="a check looks into table 'a/other': check all tables"):
        check(table, {"s": None})


def test_a_declared_gap_is_no_hole_but_its_neighbour_is():
    days = [{"d": "2024-01-01"}, {"d": "2024-01-05"}]
    gap = Gap(start="2024-01-02", end="2024-01-04", why="none")
    assert rows_failing(days, "no_silent_hole", time="d", frequency="day", gaps=[gap]) == []
    short = replace(gap, end="2024-01-03")
    table = made(days, {"no_silent_hole": {"time": "d", "frequency": "day"}}, gaps=[short])
    assert str(checked(table)[0]) == (
        "data/a/b.csv:3: d = 2024-01-05: missing before it, and not declared as a gap:"
        " 2024-01-02 to 2024-01-04 (row 3)"
    )


@given(st.sampled_from(PASSING_AND_FAILING), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(example, random):
    name, arguments, _, bad, _ = example
    table = made(rows_of(bad), {name: arguments})
    order = list(range(len(table.frame)))
    random.shuffle(order)
    shuffled = replace(table, frame=table.frame.iloc[order])
    assert list(map(str, checked(shuffled))) == list(map(str, checked(table)))


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (
            {"non_negativ": {"column": "v"}},
            "unknown check 'non_negativ' (did you mean 'non_negative'?)",
        ),
        ({"non_negative": {}}, "check 'non_negative': missing a required"),
        (
            {"non_negative": {"column": "v", "low": 0}},
            "check 'non_negative': got an unexpected keyword",
        ),
        ({"non_negative": {"column": "w"}}, "check 'non_negative': no column 'w'"),
        ({"both_ends": {"columns": ["v", "w"]}}, "check 'both_ends': no column 'w'"),
        (
            {"non_negative": {"column": "v", "where": {"w": 1}}},
            "check 'non_negative': no column 'w'",
        ),
        (
            {"row_reconciles": {"parts": ["w"], "total": "v", "tolerance": 0}},
            "check 'row_reconciles': no column 'w'",
        ),
    ],
)
def test_a_check_that_cannot_be_run_names_the_entry(asked, told):
    with pytest.raises(DataError) as caught:
        checked(made([{"v": 1.0}], asked))
    assert str(caught.value).startswith(f"data/catalog.yaml:7: table 'a/b', {told}")


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        (
            "totals_reconcile",
            {
                "by": [],
                "column": "k",
                "parts": ["a"],
                "total": "totl",
                "value": "v",
                "tolerance": 0,
            },
        ),
        ("row_reconciles", {"parts": ["v"], "total": "u", "tolerance": 0}),
        ("non_negative", {"column": "v", "where": {"k": "x"}}),
    ],
)
def test_a_check_that_compares_nothing_fails(name, arguments):
    rows = [{"k": "a", "v": 1.0, "u": None}, {"k": "total", "v": 1.0, "u": None}]
    table = made(rows, {name: arguments}, u=NUMBER)
    table = replace(table, frame=table.frame.astype({"u": "float64"}))
    (violation,) = checked(table)
    assert str(violation).startswith(f"data/a/b.csv: a check that tests nothing, {name}: no ")


# --- the schema ------------------------------------------------------------------------------


def test_a_failure_reads_place_value_rule():
    violation = Violation(
        table="trade/gdp", row=41, column="value_usd", value=-3.0, rule="minimum 0"
    )
    assert str(violation) == "data/trade/gdp.csv:41: value_usd = -3.0: minimum 0 (row 41)"
    whole = Violation(table="trade/gdp", rule="is not in the catalog")
    assert str(whole) == "data/trade/gdp.csv: is not in the catalog"


def test_the_made_up_audit_is_sound(project):
    assert check_all(project) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("trade/flows", "export,12,", "export,-12,", ":7: value = -12.0: minimum 0 (row 7)"),
        ("trade/flows", "total,15,", "total,16,", ":5: value = 16.0: export, import add up to 15"),
        (
            "trade/flows",
            "2024,Norland,export,12,,nor_2026",
            "2023,Norland,export,12,,nor_2026",
            ":7: year + reporter + flow + source_id = 2023, Norland, export, nor_2026: the key",
        ),
        (
            "trade/flows",
            ",12,,nor_2026",
            ",12,,nor_2027",
            ":7: source_id = 'nor_2027' is not in data/sources.csv",
        ),
        ("trade/flows", "export,12,", "export,x,", ":7: value = 'x': expected a number"),
        (
            "security/sightings",
            "2024-01-03,4",
            "2024-01-02,4",
            ":4: day = 2024-01-02: one value a day",
        ),
        (
            "security/sightings",
            "2024-01-03,4",
            "2024-01-02,4",
            ":5: day = 2024-01-06: missing before it, and not declared as a gap: 2024-01-03",
        ),
    ],
)
def test_a_fault_in_a_table_is_found_with_its_line(workshop, file, old, new, told):
    workshop.edit(f"data/{file}.csv", old, new)
    if new != "export,x,":  # a table that does not parse cannot be pinned
        workshop.pin()
    violations = list(map(str, check_all(workshop.project)))
    assert any(violation.startswith(f"data/{file}.csv{told}") for violation in violations), (
        violations
    )


def test_lines_are_those_of_the_file_when_rows_were_dropped(workshop):
    workshop.edit("data/corrections.yaml", "source_id: press_1", "row_of: press_1")
    workshop.edit("data/corrections.yaml", "row_of: press_1", "year: 2022, flow: import")
    workshop.edit("data/trade/flows.csv", "import,7,", "import,-7,")
    workshop.pin()
    assert str(check_all(workshop.project)[0]).startswith(
        "data/trade/flows.csv: a check that tests nothing"
    )
    assert check_all(workshop.project)[1].row == 10


@pytest.mark.parametrize(
    ("column", "value", "rule"),
    [
        (ColumnInfo(type="number", unit="km", meaning="m", maximum=2), 2.5, "maximum 2"),
        (ColumnInfo(type="number", unit="km", meaning="m"), None, "not nullable"),
        (ColumnInfo(type="category", values=("x", "y"), meaning="m"), "z", "one of x, y"),
        (ColumnInfo(type="integer", unit="count", meaning="m"), 0.5, "dtype('int64')"),
    ],
)
def test_the_schema_knows_the_catalogs_rules(column, value, rule):
    frame_value = float("nan") if value is None else value
    violations = checked(made([{"v": frame_value}], v=column))
    assert [(violation.column, violation.rule) for violation in violations] == [("v", rule)]


def test_strangers_are_found(workshop):
    data = workshop.project.data
    shutil.copy(data / "trade/flows.csv", data / "trade/flows_old.csv")
    (violation,) = check_all(workshop.project)
    assert str(violation) == "data/trade/flows_old.csv: is not in the catalog"


def test_a_break_cites_a_known_source(workshop):
    workshop.edit(
        "data/catalog.yaml",
        "    gaps:",
        "    breaks: [{at: 2024, what: recount, source_id: nor_2023}]\n    gaps:",
    )
    (violation,) = check_all(workshop.project)
    assert violation.column == "breaks[0].source_id"


def test_a_correction_that_misses_is_a_failure_of_its_table(workshop):
    workshop.edit("data/corrections.yaml", "matches: 1", "matches: 3")
    (violation,) = check_all(workshop.project)
    assert violation.table == "trade/flows"
    assert "data/corrections.yaml:1: correction 'no_hearsay': expected to touch 3" in str(violation)
