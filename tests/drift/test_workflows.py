"""The files for continuous integration: valid, careful, and with commands that exist."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import click
import pytest
import yaml

from analysis.cli import main

ROOT = Path(__file__).parents[2]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
GITLAB = ROOT / ".gitlab-ci.yml"

each_workflow = pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
each_file = pytest.mark.parametrize("path", [*WORKFLOWS, GITLAB], ids=lambda path: path.name)


def read(path):
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def steps(path):
    return [step for job in read(path)["jobs"].values() for step in job["steps"]]


def lint(path, schema):
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}"]
    return subprocess.run([*command, str(path)], capture_output=True, text=True, check=False)


@each_workflow
def test_a_workflow_fits_the_schema_of_its_service(path):
    done = lint(path, "github-workflows")
    assert done.returncode == 0, done.stdout


def test_the_gitlab_file_fits_the_schema_of_its_service():
    done = lint(GITLAB, "gitlab-ci")
    assert done.returncode == 0, done.stdout


def test_a_fault_is_found(tmp_path):
    path = tmp_path / "audit.yml"
    path.write_text(WORKFLOWS[0].read_text().replace("runs-on:", "run-on:"))
    assert lint(path, "github-workflows").returncode == 1


@each_workflow
def test_a_job_may_only_what_it_needs(path):
    content = read(path)
    assert content["permissions"] == {"contents": "read"}
    for job in content["jobs"].values():
        assert job["timeout-minutes"] <= 60
        if "write" in job.get("permissions", {}).values():
            gh = [step for step in job["steps"] if "GH_TOKEN" in step.get("env", {})]
            assert len(gh) == 1


def test_what_may_write_to_a_pull_request_runs_no_code_of_it():
    comment = read(ROOT / ".github" / "workflows" / "audit.yml")["jobs"]["comment"]
    assert [step.get("uses", "").partition("@")[0] for step in comment["steps"]] == [
        "actions/download-artifact",
        "",
    ]
    script = comment["steps"][1]["run"].replace("claims drift -->", "")
    assert not re.search(r"make |claims|\.venv|python|git ", script)


@each_workflow
def test_actions_are_the_services_own_by_major_version(path):
    used = [step["uses"] for step in steps(path) if "uses" in step]
    assert used
    assert [name for name in used if not re.fullmatch(r"actions/[a-z-]+@v\d+", name)] == []


@each_workflow
def test_no_expression_stands_inside_a_script(path):
    """What others write, as the title of a pull request, would be run."""
    scripts = [step["run"] for step in steps(path) if "run" in step]
    allowed = "${{ matrix.python }}"
    assert [text for text in scripts if "${{" in text.replace(allowed, "")] == []


def test_every_python_that_the_project_supports_is_tested():
    audit = read(ROOT / ".github" / "workflows" / "audit.yml")
    told = ["3.11", "3.12", "3.13"]
    assert audit["jobs"]["test"]["strategy"]["matrix"]["python"] == told
    (axis,) = read(GITLAB)["test"]["parallel"]["matrix"]
    assert axis["PYTHON_VERSION"] == told
    assert 'requires-python = ">=3.11,<3.14"' in (ROOT / "pyproject.toml").read_text()


@pytest.mark.parametrize("path", [ROOT / ".github/workflows/audit.yml", GITLAB])
def test_slow_tests_run_once_and_with_all_that_they_need(path):
    text = path.read_text(encoding="utf-8")
    assert (text.count("make test-slow"), text.count("make test-all")) == (1, 0)
    assert text.count("CLAIMS_VALIDATORS: required") == 1
    assert "CLAIMS_BROWSER: required" in text


def missing(text):
    """The targets and commands in a text that do not exist."""
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for name in re.findall(r"\bmake ([a-z]+)", text):
        if name not in targets:
            yield f"make {name}"
    for line in re.findall(r"\.venv/bin/(claims [^\n>|]*)", text):
        if not understood(line.split()[1:]):
            yield line.strip()


def understood(words):
    """Whether `claims` has this command with these options; nothing is run."""
    command, context = main, click.Context(main)
    while isinstance(command, click.Group):
        try:
            command = command.get_command(context, words.pop(0))
        except click.exceptions.NoSuchCommand:
            return False
        if command is None:
            return False
    try:
        command.make_context("claims", words)
    except click.ClickException:
        return False
    return True


@each_file
def test_every_target_and_every_command_exists(path):
    assert list(missing(path.read_text(encoding="utf-8"))) == []


def test_a_command_that_does_not_exist_is_found():
    text = "make nothing\n.venv/bin/claims drift --nothing\n.venv/bin/claims nothing\n"
    assert list(missing(text)) == ["make nothing", "claims drift --nothing", "claims nothing"]
