"""A condition on the records of a CSV file means what it means on the table that is loaded."""

from __future__ import annotations

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from analysis.claims.conditions import meets
from analysis.methods.query import matching

RECORDS = [
    {"who": "a", "year": "2020", "sure": "true", "source_id": "s"},
    {"who": "b", "year": "2021", "sure": "", "source_id": "s@2024"},
    {"who": "", "year": "2022", "sure": "false", "source_id": "t"},
    {"who": "c", "year": "2023", "sure": "true", "source_id": "t"},
]
LOADED = pd.DataFrame(RECORDS).assign(
    who=pd.Series(["a", "b", None, "c"], dtype="str"),
    year=[2020, 2021, 2022, 2023],
    sure=pd.Series([True, None, False, True], dtype="boolean"),
)
names = st.sampled_from(["a", "b", "c", "z"])
years = st.sampled_from([2020, 2021, "2022", 2024])
conditions = {
    "who": names,
    "year": years,
    "sure": st.booleans(),
    "source_id": st.sampled_from(["s", "t", "u"]),
}


def wanted(plain):
    several = plain | st.lists(plain, min_size=1, max_size=3)
    return several | st.fixed_dictionaries(
        {}, optional={"min": plain, "max": plain, "not": several}
    )


@given(
    st.sampled_from(sorted(conditions)).flatmap(
        lambda name: st.tuples(
            st.just(name),
            wanted(conditions[name]) if name in ("who", "year") else conditions[name],
        )
    )
)
def test_records_and_rows_meet_the_same_conditions(condition):
    column, asked = condition
    found = [meets(record, column, asked) for record in RECORDS]
    assert found == matching(LOADED, {column: asked}).tolist()


def test_a_column_that_loading_adds_excludes_no_record():
    assert meets(RECORDS[0], "family", "anything") is True
