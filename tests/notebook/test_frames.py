"""The audit as DataFrames, on the data of this audit."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import pytest

import analysis
from analysis.data.tables import Archive
from analysis.errors import DataError, ParameterError
from analysis.methods import METHODS
from analysis.methods.estimate import no_evidence
from analysis.project import Project


@pytest.fixture(scope="module")
def found():
    """The evidence of a claim, its preferred estimate and its curve."""
    claim = analysis.claim("C2")
    evidence = analysis.load(claim)
    return evidence, claim.build().estimate(evidence), analysis.sweep(claim, evidence)


def test_tab_shows_the_public_names_alone_and_each_has_an_example():
    assert dir(analysis) == sorted(analysis.__all__)
    assert len(analysis.__all__) <= 14
    for name in set(analysis.__all__) - {"figures"}:
        assert "Example" in getattr(analysis, name).__doc__, name


def test_evidence_is_a_mapping_of_frames(found):
    evidence = found[0]
    assert isinstance(evidence, Mapping)
    assert set(evidence) == set(analysis.claim("C2").tables)
    assert all(isinstance(frame, pd.DataFrame) for frame in dict(evidence).values())


def test_the_rows_of_an_estimate_are_those_that_it_cites(found):
    evidence, estimate, _ = found
    rows = analysis.rows(estimate, evidence)
    assert {f"{table}:{row}" for table, row in rows.index} == set(map(str, estimate.citations))
    assert rows["part"].notna().all()
    assert analysis.rows(no_evidence("no row"), evidence).empty


def test_what_a_console_shows_takes_three_lines_at_most(found):
    evidence, estimate, curve = found
    claim = analysis.claim("C2")
    table = Archive.read(Project.find(), ["trade/gdp"]).load("trade/gdp")
    shown = (evidence, estimate, curve, curve.trials[0], claim, claim.preferred(), table)
    for value in (*shown, claim.build(), *map(build_first, METHODS)):
        assert len(repr(value)) <= 240
        assert "\n" not in repr(value)
    assert repr(claim.preferred()).startswith("Specification(reading='literal', method='level'")


def build_first(method):
    """The method of the first claim that it tests, with the claim's own long recipes."""
    claims = analysis.list_claims()
    own = claims[(claims["method"] == method) & (claims["waits"] == "")]
    return analysis.claim(own.index[0]).build()


def test_an_earlier_edition_is_a_table_of_its_own():
    name, edition = "trade/japan_customs_taiwan", "2026-11-30-4b14aa59"
    new, old = analysis.table(name), analysis.table(name, edition=edition)
    assert len(old) < len(new)
    assert list(old.columns) == list(new.columns)
    with pytest.raises(DataError, match=edition):
        analysis.table(name, edition="2026")


def test_a_curve_has_a_row_for_each_trial(found):
    curve = found[2]
    frame = curve.to_frame()
    assert len(frame) == len(curve.trials)
    values = [trial.estimate.value for trial in curve.trials]
    assert frame["value"].astype(object).where(frame["value"].notna(), None).tolist() == values
    assert list(frame.columns)[-4:] == list(curve.trials[0].choices)
    assert set(frame["outcome"]) == {"pass", "fail", "no evidence"}


def test_an_estimate_has_a_row_for_each_piece_of_evidence(found):
    estimate = found[1]
    frame = estimate.to_frame()
    assert frame["row"].tolist() == [point.row for point in estimate.points]
    assert no_evidence("no row").to_frame().empty


def test_a_table_has_units_and_corrected_rows():
    frame = analysis.table("trade/bilateral_trade_annual")
    assert frame.attrs["units"] == {"value_usd": "USD"}
    assert set(frame.columns) <= set(frame.attrs["meanings"])
    assert len(analysis.table("trade/bilateral_trade_annual", "publication")) < len(frame)
    assert frame.attrs["table"] in analysis.tables().index


def test_a_table_and_a_claim_are_found_by_the_words_of_the_command_line():
    assert analysis.table("exchange_rates").attrs["table"] == "trade/exchange_rates"
    assert analysis.claim("c2").id == "C2"
    with pytest.raises(DataError, match=r"tables like it: .*trade/gdp"):
        analysis.table("gd")


def test_a_misspelled_function_is_told_with_the_right_one():
    with pytest.raises(AttributeError, match=r"no attribute 'tabel' \(did you mean 'table'\?\)"):
        _ = analysis.tabel


def test_an_unknown_table_or_vintage_is_refused():
    with pytest.raises(DataError, match=r"no table 'trade/gpd' .did you mean 'trade/gdp'"):
        analysis.table("trade/gpd")
    with pytest.raises(ParameterError, match="expected one of: publication, latest"):
        analysis.table("trade/gdp", "now")


def test_claims_and_results_have_one_row_each():
    claims, results = analysis.list_claims(), analysis.results("published")
    assert claims.index.equals(results.index)
    assert (results.loc[claims["waits"] == "not testable", "verdict"] == "NOT_TESTABLE").all()
