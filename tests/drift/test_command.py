"""`claims drift`, `publish` with its history, `run --as-of`, as a person runs them."""

from __future__ import annotations

import json

import jsonschema
import pytest
from audits import audit
from click.testing import CliRunner
from tallies import entry, results

from analysis.claims.registry import read
from analysis.cli import main
from analysis.drift import history
from analysis.drift.publish import publish
from analysis.drift.report import SCHEMA
from analysis.project import VARIABLE, Project
from analysis.verdicts import results as results_file


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.setenv(VARIABLE, str(audit(tmp_path / "audit", ["T1"])))
    return Project(tmp_path / "audit")


def claims(*words):
    done = CliRunner().invoke(main, words)
    return done.exit_code or done.return_value or 0, done.output


def put(project, published, build):
    results_file.write(project.published, results(entry("T1", published)))
    results_file.write(project.build / "results.json", results(entry("T1", build)))


def test_without_a_word_the_build_is_held_against_what_is_published(project):
    put(project, "SUPPORTED", "CONTRADICTED")
    code, out = claims("drift")
    assert code == 0
    assert out.startswith("From published to build: 2 flipped verdicts.\n")


def test_the_exit_code_is_given_when_it_is_asked_for(project):
    put(project, "SUPPORTED", "CONTRADICTED")
    assert claims("drift", "--exit-code")[0] == 6
    put(project, "SUPPORTED", "SUPPORTED")
    assert claims("drift", "--exit-code") == (0, "Nothing differs between published and build.\n")


def test_json_fits_the_schema_that_it_prints(project):
    put(project, "SUPPORTED", "CONTRADICTED")
    schema = json.loads(claims("drift", "--schema")[1])
    assert schema == SCHEMA
    jsonschema.validate(json.loads(claims("drift", "--json")[1]), schema)


def test_a_page_and_markdown_in_one_call(project, tmp_path):
    put(project, "SUPPORTED", "CONTRADICTED")
    page = tmp_path / "deep" / "drift.html"
    _, out = claims("drift", "--html", str(page), "--markdown")
    assert out.startswith("<!-- claims drift -->")
    assert "Verdicts that flipped" in page.read_text()


@pytest.mark.usefixtures("project")
def test_what_is_missing_is_told():
    code, out = claims("drift")
    assert code == 2
    assert "no results in this folder" in out


def accept(project, day):
    from datetime import date

    return publish(project, read(project), date.fromisoformat(day))


def test_a_publication_tells_its_changes_once(project):
    put(project, "SUPPORTED", "CONTRADICTED")
    (told,) = accept(project, "2026-01-02")
    assert (told.claim, told.date) == ("T1", "2026-01-02")
    assert accept(project, "2026-01-03") == ()
    assert len(history.read(project)) == 1
    assert results_file.read_results(project.published) == results(entry("T1", "CONTRADICTED"))


def test_the_first_publication_has_no_history(project):
    results_file.write(project.build / "results.json", results(entry("T1", "SUPPORTED")))
    assert accept(project, "2026-01-02") == ()
    assert history.read(project) == ()


STEPS = ("inputs.json", "published.json", "README.md")


@pytest.mark.parametrize("step", STEPS)
def test_a_publication_that_was_cut_short_can_be_repeated(project, monkeypatch, step):
    from analysis import project as files

    put(project, "SUPPORTED", "CONTRADICTED")
    write = files._write_through

    def stop(path, content):
        if step in path.name:
            raise KeyboardInterrupt
        write(path, content)

    with monkeypatch.context() as during:
        during.setattr(files, "_write_through", stop)
        with pytest.raises(KeyboardInterrupt):
            accept(project, "2026-01-02")
    assert len(history.read(project)) == 1
    accept(project, "2026-01-02")
    assert len(history.read(project)) == 1
    assert results_file.read_results(project.published) == results(entry("T1", "CONTRADICTED"))


def test_another_days_verdicts_are_listed_with_what_differs():
    code, out = claims("run", "C9", "--as-of", "2022-03-31", "-j", "1")
    lines = out.splitlines()
    assert code == 0
    assert lines.pop(0).startswith("audit: ")
    assert lines[0] == "With what was public by 2022-03-31:"
    assert lines[1].startswith("C9   ")
    assert "  on 2024-12-10 " in lines[1]
    assert lines[2].startswith("1 of 1 differ from the published verdicts")


def test_another_day_takes_no_other_parameters():
    code, out = claims("run", "C9", "--as-of", "2022-03-31", "-p", "claimed=1")
    assert code == 2
    assert "leave out -p" in out
