"""Tidy frames: what is documented is what figures draw, and a slip is an error that helps."""

from __future__ import annotations

import pandas as pd
import pytest
from matplotlib.figure import Figure

from analysis import figures
from analysis.errors import ParameterError
from analysis.figures import frames
from analysis.methods import METHODS

PLACES = [
    {"mark": "claimed", "label": "rank 1 to 3", "value": 3, "high": 3, "unit": "rank"},
    {"mark": "member", "label": "cars", "value": 2, "low": 1, "high": 4, "unit": "rank",
     "outcome": "unclear", "text": "1 to 4", "share": None},
]  # fmt: skip
SERIES = [
    {"mark": "observed", "label": str(year), "value": year % 7, "unit": "tonnes", "year": year}
    for year in range(2000, 2012)
]
DAYS = [
    {"mark": "observed", "label": f"2024-01-{day:02}", "value": day % 5} for day in range(5, 26)
]
BODIES = [
    {"mark": "standing", "group": "member", "label": "club", "outcome": "counts", "family": "f",
     "text": "2001 member"},
    {"mark": "standing", "group": "guest", "label": "union", "outcome": "does not count",
     "family": "f", "text": "2002 guest"},
]  # fmt: skip
STRAIT = [
    {"mark": "claimed", "label": "12 to 24 nautical miles", "low": 12, "high": 24},
    {"mark": "gap", "value": 42.0, "unit": "nautical miles", "lon": 130.0, "lat": 30.0,
     "end_lon": 130.8, "end_lat": 30.0},
    {"mark": "approach", "group": "preferred", "label": "chart", "value": 18, "low": 12,
     "high": 21, "outcome": "passes"},
]  # fmt: skip
OWN = {
    "ranking": (PLACES, {}),
    "breaks": (SERIES, {}),
    "event_study": (DAYS, {"event": "2024-01-15", "window": 10}),
    "membership": (BODIES, {}),
    "distance": (STRAIT, {}),
}


def test_every_method_has_a_frame_of_documented_columns():
    assert set(frames.FRAMES) == set(METHODS)
    rows = [each for kinds in frames.FRAMES.values() for each in kinds.values()]
    used = {name for each in rows for name in f"{each.columns} {each.optional}".split()}
    assert used | {"mark"} == set(frames.FRAME_COLUMNS)
    assert set(frames.FRAME_COLUMNS) >= frames.NUMBERS


@pytest.mark.parametrize("name", OWN)
def test_a_frame_of_ones_own_is_drawn(name):
    rows, keywords = OWN[name]
    made = getattr(figures, name)(pd.DataFrame(rows), **keywords)
    assert isinstance(made, Figure)
    assert made.axes


@pytest.mark.parametrize("name", OWN)
def test_any_missing_column_is_named_with_the_expected_ones(name):
    rows, keywords = OWN[name]
    data = pd.DataFrame(rows)
    marks = set(data["mark"])
    needed = {c for mark in marks for c in frames.FRAMES[name][mark].columns.split()} - {"mark"}
    for column in needed:
        with pytest.raises(ParameterError, match=f"no column '{column}'.*Expected columns"):
            getattr(figures, name)(data.drop(columns=column), **keywords)


def test_every_other_slip_is_named():
    data = pd.DataFrame(PLACES)
    for slip, fault in (
        (data.drop(columns="mark"), "no column 'mark'"),
        (data.assign(mark=["claimed", "membr"]), "unknown mark 'membr'.*member"),
        (data[data["mark"] != "claimed"], "no row is marked 'claimed'"),
        (data.assign(value="many"), "column 'value' of the rows marked 'member' has text"),
    ):
        with pytest.raises(ParameterError, match=fault):
            figures.ranking(slip)
    with pytest.raises(ParameterError, match=r"unknown outcome 'passed' .*passes, unclear, fails"):
        figures.distance(pd.DataFrame(STRAIT).assign(outcome="passed"))
