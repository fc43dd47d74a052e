"""Conditions on rows: values, lists, bounds and their opposites, on text and on numbers."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import ParameterError
from analysis.methods.query import from_source, matching, matching_of, select, select_of

FRAME = pd.DataFrame(
    {
        "who": pd.Series(["a", "b", None, "c"], dtype="str"),
        "year": [2020, 2021, 2022, 2023],
        "sure": pd.Series([True, None, False, True], dtype="boolean"),
    }
)

WHERES = st.fixed_dictionaries(
    {},
    optional={
        "who": st.sampled_from(["a", ["a", "c"], {"not": "a"}]),
        "year": st.sampled_from([2021, "2021", {"min": 2021}]),
        "sure": st.booleans(),
    },
)


@pytest.mark.parametrize(
    ("where", "rows"),
    [
        ({}, [0, 1, 2, 3]),
        ({"who": "a"}, [0]),
        ({"who": ["a", "c", "z"]}, [0, 3]),
        ({"who": {"not": "a"}}, [1, 3]),
        ({"who": {"not": ["a", "b"]}}, [3]),
        ({"who": {"min": "b"}}, [1, 3]),
        ({"year": "2021"}, [1]),
        ({"year": ["2021", 2022]}, [1, 2]),
        ({"year": {"min": 2021, "max": 2022}}, [1, 2]),
        ({"year": {"not": 2021}}, [0, 2, 3]),
        ({"sure": True}, [0, 3]),
        ({"sure": True, "year": {"min": 2021}}, [3]),
    ],
)
def test_conditions(where, rows):
    assert select(FRAME, where).index.tolist() == rows
    assert matching(FRAME, where).tolist() == [i in rows for i in range(4)]


@pytest.mark.parametrize(
    ("where", "message"),
    [
        ({"whom": "a"}, r"t/t has no column 'whom' \(did you mean 'who'"),
        ({"year": "soon"}, "column 'year' holds numbers, not 'soon'"),
        ({"year": {"over": 3}}, "unknown condition 'over' on 'year'; known: min, max, not"),
    ],
)
def test_what_cannot_be_met(where, message):
    with pytest.raises(ParameterError, match=message):
        select(FRAME, where, "t/t")


class Kept(dict):
    """One table by its name, with a hash: what was looked at before is remembered."""

    __hash__ = object.__hash__

    def table(self, _):
        return self


@given(st.lists(st.tuples(WHERES, st.sampled_from(["all", "f", "s2", "none"])), max_size=6))
def test_what_is_remembered_is_what_would_be_selected(asked):
    frame = FRAME.assign(family=["f", "f", "g", None], source_id=["s1", "s2", "s2", "s1"])
    evidence = Kept({"t/t": frame})
    for where, source in asked * 2:
        found = select_of(evidence, "t/t", where, source)
        pd.testing.assert_frame_equal(found, from_source(select(frame, where), source))
        rows = matching_of(evidence, "t/t", where, source)
        assert found.index.tolist() == frame.index[rows].tolist()
