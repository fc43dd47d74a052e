"""Figures of breaks: every value, break and claimed year is on the page and in the words."""

from __future__ import annotations

import pytest
from builders import claim, evidence, frame, run

from analysis import figures

STEP = [10, 11, 10, 9, 10, 11, 9, 10, 10, 11, 9, 10, 30, 31, 29, 30]
RECIPE = {"table": "x/v", "time": "year", "value": "v", "where": {}, "unit": "USD billion"}
CASES = {"table": "x/c", "time": "day", "balance": "way", "more": "loosen", "less": "tighten",
         "counted": "what"}  # fmt: skip


def drawing(values=STEP, parameters=None, cases=("loosen", "tighten"), **changes):
    known = evidence(
        {
            "x/v": frame({"year": 2000 + i, "v": float(v)} for i, v in enumerate(values)),
            "x/c": frame(
                {"day": f"20{10 + 3 * i}", "way": w, "what": f"a long law number {i}"}
                for i, w in enumerate(cases)
            ),
        }
    )
    series = {"v": RECIPE, "c": CASES, "all": {"of": ["c", "v"]}}
    own = {"all_series": series, "series": "v", "draws": 199, **(parameters or {})}
    return figures.breaks(*run(claim("breaks", own, **changes), known))


@pytest.mark.parametrize(
    "made",
    [
        {},
        {"parameters": {"claimed_from": 2012, "claimed_to": 2013}},
        {"parameters": {"claimed_to": 2013, "drift": True}},
        {"parameters": {"form": "flag"}},
        {"parameters": {"form": "growth"}},
        {"parameters": {"series": "c"}},
        {"parameters": {"series": "all"}},
        {"values": STEP[:5]},
        {"values": [v * 1e6 for v in STEP]},
        {"values": [7] * 20},
        {
            "parameters": {"series": "v", "claimed_from": 2015},
            "title": "A " + "long " * 20 + "name",
        },
    ],
)
def test_no_word_lies_over_another(made, misplaced):
    assert misplaced(drawing(**made)) == []


def test_the_numbers_and_the_words_are_those_of_the_series():
    made = drawing(parameters={"claimed_from": 2012})
    data = made.data
    assert data[data["mark"] == "observed"]["value"].tolist() == STEP
    (found,) = data[data["mark"] == "break"].to_dict("records")
    assert (found["low"], found["value"], found["high"]) == (2012, 2012, 2012)
    assert data[data["mark"] == "claimed"]["low"].tolist() == [2012]
    assert data[data["mark"] == "observed"]["row"].tolist()[0] == "x/v:2"
    assert "16 values in USD billion, 2000 to 2015" in made.alt
    assert "1 break found: 2012" in made.alt
    assert "a break upward from 2012 on" in made.alt


def test_a_series_that_says_nothing_gives_way_to_one_that_does():
    made = drawing(
        parameters={"least_segment": 9}, grid={"least_segment": [9, 3]},
    )  # fmt: skip
    assert "nearest specification with evidence: least segment 3" in made.summary
    assert (made.data["mark"] == "observed").sum() == 16


def test_nothing_at_all_is_said():
    assert "No admissible evidence" in drawing(values=STEP[:3]).alt
    assert drawing(parameters={"series": "c"}).data["mark"].tolist()[1:] == [
        "case: loosen",
        "case: tighten",
    ]


@pytest.mark.parametrize("series", ["v", "c", "all"])
def test_a_tidy_frame_is_drawn_again(series):
    made = drawing(parameters={"series": series, "claimed_from": 2011})
    again = figures.breaks(made.data)
    assert [len(axes.lines) for axes in again.axes] == [len(axes.lines) for axes in made.axes]
    without = figures.breaks(made.data.query("mark != 'fitted'"))
    points = [
        sum(len(line.get_xdata()) for line in each.axes[0].lines) for each in (again, without)
    ]
    assert points[0] - points[1] == (made.data["mark"] == "fitted").sum()
