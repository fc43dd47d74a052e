"""The article as a whole: counts, what the verdicts hang on, what other thresholds would do."""

from __future__ import annotations

from datetime import date

import pytest
from tallies import entry, results

from analysis.claims.registry import Article, Register
from analysis.errors import AnalysisError, ParameterError
from analysis.notebook import api
from analysis.project import Project
from analysis.verdicts import summary
from analysis.verdicts.results import write

SOME = results(
    entry("A1", "SUPPORTED", latest="MOSTLY_SUPPORTED", share=0.95, flag="WEAKENED",
          others={"0.95/0.75": "MOSTLY_SUPPORTED"}),
    entry("A2", "CONTRADICTED", share=0.0, pivotal_sources=["wire", "customs"], kind="trend"),
    entry("A3", "DEFINITION_DEPENDENT", share=0.5),
    entry("B1", "NOT_TESTABLE", kind="normative"),
    entry("B2", "PENDING", kind="trend"),
)  # fmt: skip


def test_totals_count_both_vintages_and_give_no_score():
    told = str(summary.totals(SOME))
    assert "| SUPPORTED: supported | 1 | 0 |" in told
    assert "| MOSTLY_SUPPORTED: mostly supported | 0 | 1 |" in told
    assert "with a verdict: STABLE 2, WEAKENED 1." in told
    assert "%" not in told


def test_types_are_counted_by_verdict():
    lines = str(summary.by_type(SOME)).splitlines()
    assert lines[0] == (
        "| type | supported | depends on the definition | contradicted | cannot be tested "
        "| still to be tested | all |"
    )
    assert "| trend |  |  | 1 |  | 1 | 2 |" in lines
    assert sum(int(line.split("|")[-2]) for line in lines[2:]) == 5


def test_pass_shares_fall_into_bands():
    told = str(summary.robustness(SOME))
    assert "| 0% | 1 | A2 |" in told
    assert "| over 33%, up to 67% | 1 | A3 |" in told
    assert "| over 90%, up to 100% | 1 | A1 |" in told
    assert told.endswith("evidence: 3.")


@pytest.mark.parametrize("share", [0.0, 1e-9, 0.33, 0.67, 0.9, 1.0])
def test_every_share_is_in_one_band(share):
    told = str(summary.robustness(results(entry("A1", "SUPPORTED", share=share))))
    assert told.count("A1") == 1


def test_verdicts_that_hang_on_one_family():
    assert "| A2 | CONTRADICTED | wire, customs |" in str(summary.single_source(SOME))
    none = summary.single_source(results(entry("A1", "SUPPORTED")))
    assert str(none) == "No verdict depends on a single source family."


def test_verdicts_that_move_under_other_thresholds():
    told = str(summary.moved(SOME))
    assert "| claim | at 0.90/0.67 | at 0.80/0.60 | at 0.95/0.75 |" in told
    assert "| A1 | SUPPORTED | same | **MOSTLY_SUPPORTED** |" in told
    assert "A2" not in told
    assert "No verdict moves" in str(summary.moved(results(entry("A1", "SUPPORTED"))))


def test_q_is_that_of_the_tests_of_all_claims_together():
    some = results(
        entry("A1", "SUPPORTED", tests=[("one", 0.01), ("two", 0.03)]),
        entry("B1", "CONTRADICTED", tests=[("three", 0.04)]),
        entry("B2", "NOT_TESTABLE"),
    )
    told = str(summary.tests(some))
    assert "| A1 | one | 0.01 | 0.03 |" in told
    assert "| B1 | three | 0.04 | 0.04 |" in told
    assert "3 tests of 2 claims" in told
    none = summary.tests(results(entry("A1", "SUPPORTED")))
    assert str(none) == "No verdict rests on a statistical test."


def test_deviations_are_a_table_even_if_their_text_has_bars_and_lines():
    article = Article(title="T", publisher="P", published=date(2024, 12, 10))
    each = {"date": "2026-01-01", "claims": ["A1", "A2"], "what": "a\nb | c", "why": "d"}
    register = Register(article=article, sections={}, claims={}, deviations=(each,))
    assert "| 2026-01-01 | A1, A2 | a b / c | d |" in str(summary.deviations(register))
    none = Register(article=article, sections={}, claims={})
    assert str(summary.deviations(none)).startswith("Nothing was changed")


def test_results_are_those_of_the_last_run_or_the_published_ones(tmp_path):
    project = Project(tmp_path)
    write(project.build / "results.json", SOME)
    assert api.read_results(project=project) == SOME
    with pytest.raises(AnalysisError, match="run `claims run` first"):
        api.read_results("published", project=project)
    with pytest.raises(ParameterError, match=r"unknown results 'publishd' \(did you mean"):
        api.read_results("publishd", project=project)
