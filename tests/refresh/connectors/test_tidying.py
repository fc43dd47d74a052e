"""The laws of columns, cells and grids, on made-up files."""

import io
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import DataError
from analysis.refresh.connectors import parsing
from analysis.refresh.connectors.registry import CONNECTORS, MODULES, connector

DECIMALS = st.decimals(
    allow_nan=False, allow_infinity=False, places=3, min_value=-(10**9), max_value=10**9
)
YEARS = st.lists(st.integers(1900, 2099), min_size=1, max_size=5, unique=True).map(sorted)
COLUMNS = {"place": "Place", "value": "Value"}


def layout(**changed):
    return {"layouts": [{"columns": COLUMNS, "numbers": {"value": "decimal"}, **changed}]}


def table(*lines):
    return "\n".join(("Place,Value", *lines, "")).encode()


def read(raw, **changed):
    return connector("delimited").read(raw, layout(**changed))


@given(DECIMALS, st.sampled_from([1, 1e3, 1e6, 1e9]))
def test_scaling_loses_nothing(number, factor):
    assert parsing.number(f"{number:,}", ornaments=",", factor=factor) == number * Decimal(factor)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(-98, 99)), min_size=1))
def test_a_total_keeps_the_sum_of_each_group(rows):
    frame = read(table(*(f"{place},{value}" for place, value in rows)), total=["value"])
    assert list(frame["place"]) == list(dict.fromkeys(place for place, _ in rows))
    for place, value in frame.itertuples(index=False):
        assert value == sum(v for p, v in rows if p == place)


@given(st.lists(st.sampled_from("abc"), min_size=1), st.data())
def test_no_row_is_lost_and_none_is_kept_unasked(places, data):
    kept = data.draw(st.lists(st.sampled_from(sorted(set(places))), min_size=1, unique=True))
    raw = table(*(f"{place},{i}" for i, place in enumerate(places)))
    frame = read(raw, keep={"Place": kept})
    assert list(frame["value"]) == [i for i, place in enumerate(places) if place in kept]


@given(YEARS, st.lists(st.text("xyz", min_size=1), min_size=1, max_size=4, unique=True), st.data())
def test_a_grid_unfolds_to_a_row_a_cell(years, names, data):
    cells = {name: [data.draw(st.integers(0, 99)) for _ in years] for name in names}
    book = openpyxl.Workbook()
    book.active.append(["Name", *years])
    for name in names:
        book.active.append([name, *cells[name]])
    packed = io.BytesIO()
    book.save(packed)
    options = {
        "sheet": "Sheet",
        "heading": 1,
        "labels": ["Name"],
        "layouts": [
            {
                "columns": {"name": "Name", "year": "period", "value": "value"},
                "numbers": {"year": "whole", "value": "whole"},
            }
        ],
    }
    frame = connector("grid").read(packed.getvalue(), options)
    expected = [(n, y, v) for n in names for y, v in zip(years, cells[n], strict=True)]
    assert list(frame.itertuples(index=False, name=None)) == expected


def test_an_empty_cell_is_nothing_and_never_nought():
    frame = read(table("a,", "b,0"))
    assert list(frame["value"].isna()) == [True, False]
    assert list(read(table("a,", "b,0"), observed=["value"])["place"]) == ["b"]


def test_each_layout_gives_its_rows():
    options = layout()
    options["layouts"] = [
        {"columns": {"place": "Place"}, "constants": {"kind": kind}} for kind in ("x", "y")
    ]
    frame = connector("delimited").read(table("a,1", "b,2"), options)
    assert list(frame.itertuples(index=False, name=None)) == [
        ("a", "x"),
        ("b", "x"),
        ("a", "y"),
        ("b", "y"),
    ]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"keep": {"Place": ["c"]}}, "column 'Place': expected rows with 'c', found 'a', 'b'"),
        ({"keep": {"Plaice": ["a"]}}, "the heading: expected a column 'Plaice', found 'Place'"),
        ({"since": {"Place": "x"}}, "the file: expected rows with numbers, found none"),
        ({"translate": {"place": {"a": "A"}}}, "row 3, column 'Place': expected a word that"),
        ({"dates": {"place": "%Y"}}, "row 2, column 'Place': expected a date like %Y, found 'a'"),
        ({"numbers": {"place": "whole"}}, "row 2, column 'Place': expected a number, found 'a'"),
        ({"number": {}}, "options of the connector: unknown key 'number' (did you mean 'num"),
        ({"keep": {"Place": "a"}}, 'options of the connector: expected a list, found "a"'),
    ],
)
def test_what_the_options_cannot_mean(changed, message):
    with pytest.raises(DataError) as caught:
        read(table("a,1", "b,2"), **changed)
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize("cell", ["NaN", "Infinity", "1e999999999", "1e400"])
def test_what_is_no_finite_number_is_no_number(cell):
    with pytest.raises(DataError, match="expected a number"):
        read(table(f"a,{cell}"))


def test_a_heading_that_names_two_columns_alike():
    with pytest.raises(DataError, match="row 1: expected a heading, found 'Value' more than once"):
        read(b"Place,Value,Value\na,1,2\n")


def test_a_sheet_of_any_workbook():
    book = openpyxl.Workbook()
    for line in (["Tonnes"], ["Place", "Value"], ["a", 1.5], ["b", None]):
        book.active.append(line)
    packed = io.BytesIO()
    book.save(packed)
    options = {**layout(), "sheet": "Sheet", "heading": 2, "expect": {"A1": "Tonnes"}}
    frame = connector("workbook").read(packed.getvalue(), options)
    assert list(frame["place"]) == ["a", "b"]
    assert frame["value"][0] == 1.5
    with pytest.raises(DataError, match="sheet 'Sheet', cell A1: expected the text 'Kilogrammes'"):
        connector("workbook").read(packed.getvalue(), {**options, "expect": {"A1": "Kilogrammes"}})


def test_every_connector_can_be_had_by_name():
    assert sorted(CONNECTORS) == list(MODULES)
    assert all(callable(connector(name).read) for name in MODULES)
    assert len(CONNECTORS) == len(MODULES)


def test_an_unknown_connector():
    assert "gird" not in CONNECTORS
    with pytest.raises(DataError, match=r"no connector 'gird' \(did you mean 'grid'\?\)"):
        connector("gird")
