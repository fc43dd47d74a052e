"""The controls themselves, with real widgets and without a page: the page is in tests/lab."""

from __future__ import annotations

import base64
import html
import re
import subprocess
import sys
from pathlib import Path

import pytest

from analysis.errors import ParameterError
from analysis.formatting import interval
from analysis.notebook import api
from analysis.notebook.explore.evaluator import draw
from analysis.notebook.explore.panel import explore
from analysis.project import Project

PROJECT = Project(Path(__file__).parents[3])


@pytest.fixture(scope="module")
def opened():
    return explore("C2", project=PROJECT)


@pytest.fixture
def panel(opened):
    opened.reset()
    return opened


def words(panel, name):
    text = re.sub(r"<[^>]+>", " ", panel._outputs[name].value)
    return html.unescape(" ".join(text.split()))


def test_it_opens_as_registered(panel):
    assert panel.state.changes == {}
    published = api.read_results("published", PROJECT)["claims"]
    (entry,) = [each for each in published if each["id"] == "C2"]
    assert panel.finding.verdict.code == entry["verdict"]["publication"]["code"]
    assert "is one of the registered ones" in words(panel, "finding")


def test_it_says_why_the_verdict_is_what_it_is(panel):
    panel.fields["reporter"].widget.value = 1
    for reason in panel.finding.verdict.certainty.reasons:
        assert reason in words(panel, "finding")


def test_a_choice_moves_number_figure_and_code(panel):
    before = {name: panel._outputs[name].value for name in panel._outputs}
    panel.fields["reporter"].widget.value = 1
    assert panel.state.changes == {"reporter": "Japan"}
    assert all(panel._outputs[name].value != before[name] for name in before)
    assert "analysis.claim('C2', {'reporter': 'Japan'})" in words(panel, "code")


def test_a_wrong_structure_is_told_beside_its_control_and_nothing_moves(panel):
    finding, field = panel.finding, panel.fields["measures"]
    field.widget.value = '[{"terms": ['
    assert "expected JSON" in field.complaint.value
    assert panel.finding is finding
    assert words(panel, "finding").startswith("Not computed: measures=")
    field.widget.value = "[{}]"
    assert "missing key" in field.complaint.value
    assert panel.state.changes == {}


def test_no_result_stands_beside_a_fault_and_it_comes_back_when_the_fault_is_mended(panel):
    before = {name: each.value for name, each in panel._outputs.items()}
    field = panel.fields["measures"]
    right = field.widget.value
    field.widget.value = "["
    assert interval(panel.finding.trial.estimate) not in panel._outputs["finding"].value
    assert panel._outputs["figure"].value == panel._outputs["code"].value == ""
    field.widget.value = right
    assert {name: each.value for name, each in panel._outputs.items()} == before


def test_the_numbers_of_the_figure_can_be_saved(panel):
    found = re.search(r'download="C2.csv" href="data:text/csv;base64,([^"]+)"', shown(panel))
    assert base64.b64decode(found[1]) == draw(panel.finding).csv()


def shown(panel):
    return panel._outputs["figure"].value


def test_a_choice_shows_the_readers_words(panel):
    claim = panel.evaluator.claim
    field = panel.fields["edition"]
    assert [label for label, _ in field.widget.options] == [
        claim.called(field.control.options[at]) for _, at in field.widget.options
    ]
    assert any(label != field.control.options[at] for label, at in field.widget.options)


def test_what_makes_no_sense_together_is_not_offered_and_follows_what_binds_it(panel):
    reporter, valuation = panel.fields["reporter"], panel.fields["valuation"]
    offered = [valuation.control.options[at] for _, at in valuation.widget.options]
    assert offered == ["as_reported"]  # Taiwan's own count has one valuation
    reporter.widget.value = reporter.control.options.index("mirror")
    assert panel.state.changes == {"reporter": "mirror", "valuation": "fob_fob"}
    assert panel.finding.registered
    assert "follows reporter" in valuation.complaint.value
    assert len(valuation.widget.options) == 3
    panel.reset()
    assert len(valuation.widget.options) == 1


def test_a_choice_that_another_binds_says_that_there_is_more(panel):
    valuation = panel.fields["valuation"]
    assert len(valuation.widget.options) == 1
    assert "more with another reporter" in valuation.complaint.value
    panel.fields["reporter"].widget.value = panel.fields["reporter"].control.options.index("mirror")
    assert len(valuation.widget.options) == 3


def test_another_stated_number_is_held_against_combinations_under_the_same_number(panel):
    panel.fields["claimed"].widget.value = 77
    assert "none of the registered ones" in words(panel, "finding")
    assert "of the combinations of choices under your parameters" in words(panel, "finding")
    tried = [each for each in panel.finding.curve.select("publication", "literal") if each.outcome]
    assert {str(each.pass_criterion) for each in tried} == {"more than 77"}
    same = [each for each in tried if each.outcome is panel.finding.trial.outcome]
    assert panel.finding.agree == len(same)


def test_a_complaint_stays_while_another_control_is_changed_and_goes_when_it_is_mended(panel):
    field = panel.fields["measures"]
    right = field.widget.value
    field.widget.value = "["
    panel.fields["reporter"].widget.value = 1
    assert field.complaint.value
    assert panel.state.changes == {}
    field.widget.value = right
    assert not field.complaint.value
    assert panel.state.changes == {"reporter": "Japan"}


def test_a_choice_that_fits_only_with_another_is_tried_when_both_are_made(panel):
    panel.fields["period"].widget.value = "1066"
    assert panel.finding.trial.estimate.value is None
    assert "no evidence" in words(panel, "finding")


def test_a_reading_fixes_what_it_sets(panel):
    panel.fields["claimed"].widget.value = 60
    reading = next(each for each in panel.evaluator.claim.readings if "claimed" in each.parameters)
    panel.reading.value = reading.name
    field = panel.fields["claimed"]
    assert field.widget.disabled
    assert field.widget.value == reading.parameters["claimed"]
    assert "set by this reading" in field.complaint.value
    assert panel.state.changes == {}
    panel.reading.value = "literal"
    assert not field.widget.disabled
    assert field.widget.value == panel.evaluator.claim.parameters["claimed"]


def test_it_goes_back_to_what_is_registered(panel):
    before = panel.finding
    panel.fields["reporter"].widget.value = 1
    panel.vintage.value = "latest"
    panel.reset()
    assert panel.state.changes == {}
    assert panel.finding.trial == before.trial


def test_it_is_a_widget_for_the_notebook(panel):
    shown = panel._repr_mimebundle_(include=None, exclude=None)
    shown = shown[0] if isinstance(shown, tuple) else shown
    assert "application/vnd.jupyter.widget-view+json" in shown


def test_every_control_has_its_name_as_label(panel):
    assert {name: each.widget.description for name, each in panel.fields.items()} == {
        name: panel.evaluator.claim.called(name) for name in panel.fields
    }


@pytest.mark.parametrize(
    "name", ["B5", "H1", "A1", pytest.param("B14", marks=pytest.mark.slow), "B4"]
)
def test_it_opens_for_other_methods(name):
    assert explore(name, project=PROJECT).finding.registered


def test_a_claim_without_assumptions_says_so():
    with pytest.raises(ParameterError, match="A5 has no assumptions to choose: not testable"):
        explore("A5", project=PROJECT)


def test_widgets_are_imported_only_when_asked():
    code = "import sys, analysis; analysis.claim; sys.exit('ipywidgets' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
