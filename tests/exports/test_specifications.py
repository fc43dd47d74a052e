import csv
import io
import json

import polars as pl
import pytest

from analysis.errors import AnalysisError
from analysis.exports import specifications
from analysis.verdicts import results

CONTENT = {
    "id": "T1",
    "evidence": [{}, {"trade/flows": "2-5, 9"}],
    "trials": [
        {
            "vintage": "latest",
            "left_out": "",
            "reading": "literal",
            "choices": {"reporter": "Norland", "all": [1, 2]},
            "preferred": True,
            "value": 0.1,
            "low": None,
            "high": 1e-12,
            "unit": "t",
            "n": 3,
            "test": "more than 10",
            "outcome": "pass",
            "note": 'said "so", twice',
            "sources": ["nor_2024", "world_db"],
            "rows": 1,
        },
    ],
}


def test_a_row_carries_its_evidence_and_its_choices():
    (row,) = specifications.rows(CONTENT)
    assert list(specifications.COLUMNS) == [name for name in specifications.COLUMNS if name in row]
    assert json.loads(row["choices"]) == CONTENT["trials"][0]["choices"]
    assert json.loads(row["evidence"]) == {"trade/flows": "2-5, 9"}
    assert row["sources"] == "nor_2024 world_db"


def test_both_forms_say_the_same(ran):
    text = specifications.csv_files(ran)[specifications.CSV].decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    frame = pl.read_parquet(io.BytesIO(specifications.parquet_files(ran)[specifications.PARQUET]))
    assert frame.columns == list(rows[0])
    assert len(frame) == len(rows) > 0
    for one, other in zip(rows, frame.iter_rows(named=True), strict=True):
        assert one == {name: _cell(value) for name, value in other.items()}


def _cell(value):
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


def test_no_trial_is_lost(ran):
    trials = results.read(ran.build / "trials" / "C2.json")["trials"]
    assert len(list(specifications.read(ran))) == len(trials)


def test_the_same_rows_give_the_same_bytes(ran):
    assert specifications.parquet_files(ran) == specifications.parquet_files(ran)
    assert specifications.as_csv(specifications.rows(CONTENT)) == specifications.as_csv(
        specifications.rows(CONTENT)
    )


def test_a_result_without_its_trials_says_what_to_run(ran):
    path = ran.build / "trials" / "C2.json"
    content = path.read_bytes()
    path.unlink()
    try:
        with pytest.raises(AnalysisError, match=r"trials/C2.json: claim C2 .* `claims run C2`"):
            list(specifications.read(ran))
    finally:
        path.write_bytes(content)
