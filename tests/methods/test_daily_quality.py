"""A made-up daily series with holes: a naive study finds a rise, the careful one refuses."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from frames import Frames, frame

from analysis.methods import daily_quality

DAYS = pd.date_range("2022-01-01", "2024-12-31").strftime("%Y-%m-%d")
EVENT = "2024-09-25"
# After the event, only the days worth printing are known.
PRINTED = {"2024-09-26": 38, "2024-09-28": 43, "2024-10-01": 40}
DAILY = daily_quality.Daily(
    tables={"raw": "t/raw", "resolved": "t/resolved", "totals": "t/totals"},
    columns={
        "day": "date", "label": "label", "value": "n", "source": "source_id", "flag": "flag",
        "from": "first", "to": "last",
    },
    quoted=["quote"],
    collection="collection",
)  # fmt: skip


@pytest.fixture(scope="module")
def evidence():
    counts = np.random.default_rng(1).poisson(10, len(DAYS))
    known = {day: int(n) for day, n in zip(DAYS, counts, strict=True)}
    hole = [day for day in DAYS if "2024-09-26" <= day <= "2024-10-20" and day not in PRINTED]
    labels = [
        {"date": day, "label": day, "n": n, "source_id": "collection", "flag": ""}
        for day, n in known.items()
    ]
    quotes = [
        {"date": day, "label": day, "n": n, "source_id": "press", "flag": "quote"}
        for day, n in PRINTED.items()
    ]
    resolved = [
        {"date": day, "n": np.nan if day in hole else PRINTED.get(day, n)}
        for day, n in known.items()
    ]
    totals = [{"first": "2024-09-01", "last": "2024-09-10", "n": 100}]
    return Frames(
        {"t/raw": frame(labels + quotes), "t/resolved": frame(resolved), "t/totals": frame(totals)}
    )


def concluded(evidence) -> pd.DataFrame:
    return daily_quality.studies(
        evidence, DAILY, day=EVENT, lead=1, lengths=[14], cut=[],
        placebos=("2022-06-01", "2024-06-30"),
    ).set_index("study")  # fmt: skip


def test_the_versions_stand_side_by_side(evidence):
    sides = daily_quality.days(DAILY.versions(evidence), ("2024-09-24", "2024-09-29"))
    assert list(sides) == ["as labelled", "quoted", "resolved"]
    assert sides.notna().sum().to_dict() == {"as labelled": 6, "quoted": 2, "resolved": 4}


def test_a_naive_study_takes_the_printed_days_for_all(evidence):
    found = concluded(evidence)
    assert found.loc["naive, resolved", "says"] == "a rise"
    assert found.loc["naive, as labelled", "says"] == "no significant rise"


def test_a_careful_study_says_that_it_cannot_say(evidence):
    careful = concluded(evidence).loc["careful"]
    assert careful["says"] == daily_quality.UNDECIDED
    assert careful["why"]


def test_labels_that_are_a_day_late_agree_a_day_away(evidence):
    versions = DAILY.versions(evidence)
    versions["quoted"] = versions["as labelled"].shift(1)
    month = daily_quality.agreement(versions, ("2024-03-01", "2024-03-31")).iloc[0]
    assert month["a day before"] == month["quoted"]
    assert month["same day"] < month["quoted"]


def test_totals_stand_against_sums(evidence):
    (row,) = daily_quality.block_totals(
        DAILY.versions(evidence), evidence["t/totals"], DAILY.columns
    ).to_dict("records")
    assert (row["days"], row["known days"]) == (10, 10)
    assert row["left for the missing days"] == 100 - row["their sum"]


@pytest.mark.parametrize("after", [[], [40.0], [10.0, 10.0]])
def test_a_naive_study_without_a_test_says_so(after):
    labels = pd.date_range("2024-09-20", periods=5 + len(after)).strftime("%Y-%m-%d")
    series = pd.Series([10.0] * 5 + after, index=labels, name="resolved")
    row = daily_quality._naive(series, "2024-09-24", lead=1, length=7, alpha=0.05)
    assert row["says"] == daily_quality.UNDECIDED
    assert np.isnan(row["p"])
