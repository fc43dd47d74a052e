"""The command `claims`: what it teaches, what it prints, how it fails and how fast it starts."""

from __future__ import annotations

import hashlib
import json
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from click import Context, Group
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from analysis import __version__
from analysis.claims import registry
from analysis.cli import main
from analysis.cli.listing import DATA_FILES
from analysis.cli.run import planned
from analysis.cli.run_options import Another
from analysis.data import catalog
from analysis.data.tables import Archive
from analysis.errors import DataError
from analysis.execution import manifests
from analysis.execution.inputs import InputHashes
from analysis.execution.plan import notebooks, plan, plan_overviews
from analysis.execution.stale import find_stale
from analysis.project import Project
from analysis.verdicts import results
from analysis.verdicts.code_table import NEARLY_ALL_PASS
from analysis.yamlfile import read as read_yaml

ROOT = Path(__file__).parents[2]
BASH = shutil.which("bash") or "bash"
CLAIMS = [sys.executable, "-m", "analysis"]


VALUES = {"value": 12.0, "low": 12.0, "high": 12.0}


WHY = {"rule": "nearly_all_pass", "reasons": ["all of it passes"]}


def state(root: Path, **verdicts: str) -> dict:
    """A results file in which some claims have a verdict."""
    known = registry.read(Project(root))
    made = results.published(known, {}, {"trade/flows": "a" * 64})
    for item in made["claims"]:
        if code := verdicts.get(item["id"]):
            brief = {"code": code, "certainty": "HIGH"}
            item["verdict"] = {"publication": brief, "latest": dict(brief)}
            item["finding"] = dict.fromkeys(("publication", "latest"), "It is 12 t.")
            item["detail"] = {"publication": {**VALUES, **WHY}}
            item["claimed"] = "more than 10"
            item["estimate"] = {"value": 12.0, "low": 12.0, "high": 12.0, "unit": "t"}
            item["figure"] = {"svg_sha256": "b" * 64, "data_sha256": "c" * 64}
    return made


def publish(root: Path, made: dict) -> None:
    results.write(root / "results" / "published.json", made)


def build(root: Path, made: dict) -> None:
    results.write(root / "build" / "results.json", made)


def run_to_the_end(root: Path, made: dict) -> None:
    """As if every notebook had run and left the record that this results file has of its claim."""
    project = Project(root)
    known = registry.read(project)
    for job in find_stale(plan(project, known), InputHashes(project, known)).jobs:
        record = root / "build" / "records" / f"{job.claim}.json"
        results.write(record, next(item for item in made["claims"] if item["id"] == job.claim))
        products = {f"records/{record.name}": manifests.sha256(record)}
        manifests.write(job, job.inputs, products)


# ---------------------------------------------------------------------------------- help


def commands(group=main, path=()):
    """Every command with the words that call it, except former names."""
    yield path, group
    if isinstance(group, Group):
        for name in group.list_commands(Context(group)):
            command = group.get_command(Context(group), name)
            if not command.hidden:
                yield from commands(command, (*path, name))


COMMANDS = {" ".join(path): command for path, command in commands()}


def test_the_commands_are_those_that_the_documents_promise():
    assert set(COMMANDS) == {
        "",
        "new",
        "new audit",
        "new claim",
        "new notebook",
        "list",
        "show",
        "run",
        "plan",
        "why",
        "variants",
        "graph",
        "sweep",
        "check",
        "drift",
        "publish",
        "replay",
        "export",
        "bundle",
        "verify",
        "report",
        "schema",
        "data",
        "data add",
        "data list",
        "data show",
        "data check",
        "data pin",
        "data refresh",
        "data rollback",
        "data vintages",
        "doctor",
    }


def test_help_teaches_with_an_example_that_fits_a_terminal(claims, subtests):
    for command in COMMANDS:
        with subtests.test(command=command):
            answer = claims(ROOT, f"{command} --help")
            assert answer.code == 0
            lines = answer.out.splitlines()
            examples = [line for line in lines if line.startswith("  claims ")]
            assert any(f"claims {command}".rstrip() in line for line in examples), answer.out
            assert max(map(len, lines)) <= 80


def test_every_option_says_what_it_does():
    options = [
        (name, each)
        for name, command in COMMANDS.items()
        for each in command.params
        if each.param_type_name != "argument"
    ]
    assert len(options) > 50
    assert [(name, each.name) for name, each in options if not each.help] == []


def test_the_version(claims):
    assert claims(ROOT, "--version").out == f"{__version__}\n"


def test_an_unknown_command_is_told_with_the_nearest(claims):
    answer = claims(ROOT, "lst")
    assert answer.code == 2
    assert "Did you mean 'list'?" in answer.err


# ---------------------------------------------------------------------------------- list


def test_list_shows_each_claim_on_a_line(claims, made_up):
    publish(made_up, state(made_up, T1="SUPPORTED"))
    answer = claims(made_up, "list")
    lines = answer.out.splitlines()
    assert [line.split()[:4] for line in lines] == [
        ["ID", "verdict", "certainty", "method"],
        ["T1", "SUPPORTED", "HIGH", "level"],
        ["T2", "PENDING", "-", "level"],
        ["U1", "NOT_TESTABLE", "-", "-"],
        ["U2", "PENDING", "-", "trend"],
    ]
    assert answer.err == "4 of 4 claims\n"


def test_before_a_publication_there_is_no_verdict(claims, made_up):
    assert claims(made_up, "list").out.splitlines()[1].split()[:3] == ["T1", "-", "-"]


def test_a_claim_of_which_the_last_run_failed_is_said_to_have_failed(claims, made_up):
    publish(made_up, state(made_up, T1="SUPPORTED"))
    failure = made_up / "build" / "failures" / "T1.json"
    failure.parent.mkdir(parents=True)
    failure.write_text("{}")
    answer = claims(made_up, "list")
    assert answer.out.splitlines()[1].split()[:3] == ["T1", "FAILED", "-"]
    assert "the last run failed (T1)" in answer.err
    listed = json.loads(claims(made_up, "list --json").out)
    assert [each["failed"] for each in listed] == [True, False, False, False]


def test_before_a_publication_the_verdicts_of_the_last_run_bear_a_mark(claims, made_up):
    publish(made_up, state(made_up, T1="SUPPORTED"))
    (made_up / "build").mkdir(exist_ok=True)
    (made_up / "results" / "published.json").rename(made_up / "build" / "results.json")
    answer = claims(made_up, "list")
    assert answer.out.splitlines()[1].split()[:3] == ["T1", "SUPPORTED*", "HIGH"]
    assert answer.err.endswith("\n* verdicts of the last run: nothing is published yet\n")
    listed = json.loads(claims(made_up, "list --json").out)
    assert [each["published"] for each in listed] == [False] * 4


@pytest.mark.parametrize(
    ("options", "ids"),
    [
        ("--section U", ["U1", "U2"]),
        ("--method trend", ["U2"]),
        ("--verdict supported", ["T1"]),
        ("--verdict NOT_TESTABLE --section U", ["U1"]),
        ("--verdict CONTRADICTED", []),
        ("--certainty high", ["T1"]),
        ("t1 'U*'", ["T1", "U1", "U2"]),
        ("'*1' --section U", ["U1"]),
    ],
)
def test_list_filters(claims, made_up, options, ids):
    publish(made_up, state(made_up, T1="SUPPORTED"))
    rows = json.loads(claims(made_up, f"list {options} --json").out)
    assert [row["id"] for row in rows] == ids


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ("--section V", "--section: no 'V'; the sections are T (Things); U (Others)"),
        ("--method lvel", "--method: no 'lvel' (did you mean 'level'?); one of: level, trend"),
        ("--verdict SUPORTED", "--verdict: no 'SUPORTED' (did you mean 'SUPPORTED'?); one of: SUP"),
    ],
)
def test_a_filter_that_can_match_nothing_is_an_error(claims, made_up, options, told):
    answer = claims(made_up, f"list {options}")
    assert answer.code == 2
    assert told in answer.err


def test_list_as_json_has_the_verdict_and_its_certainty(claims, made_up):
    publish(made_up, state(made_up, T1="SUPPORTED"))
    first = json.loads(claims(made_up, "list --json").out)[0]
    assert first == {
        "id": "T1",
        "section": "T",
        "method": "level",
        "verdict": {"code": "SUPPORTED", "certainty": "HIGH"},
        "statement": "Something is more than 10.",
        "finding": "It is 12 t.",
        "published": True,
        "failed": False,
        "moved": False,
    }


def test_show_tells_choices_in_readers_words_and_what_goes_together(claims):
    shown = claims(ROOT, "show C2").out
    assert "  reporter (Whose count): Taiwan, Japan, mirror = mirror flows\n" in shown
    assert "What goes together\n  48 combinations, 12 make sense:\n" in shown
    assert "\n  reporter=Japan only with valuation=as_reported\n" in shown
    assert "definition:" not in shown  # which is empty
    assert "\n  C2, " not in shown  # each search begins with what was looked for


def test_a_published_verdict_that_the_last_run_does_not_give_bears_a_mark(claims, made_up):
    publish(made_up, state(made_up, T1="SUPPORTED", T2="SUPPORTED"))
    run_to_the_end(made_up, state(made_up, T1="CONTRADICTED", T2="SUPPORTED"))
    answer = claims(made_up, "list")
    assert [line.split()[1] for line in answer.out.splitlines()[1:3]] == ["SUPPORTED!", "SUPPORTED"]
    assert "! the last run differs from what is published: `claims show T1`" in answer.err
    shown = claims(made_up, "show T1").out
    assert "Last run, not published\n  publication: CONTRADICTED, certainty HIGH. It is" in shown
    assert "Last run" not in claims(made_up, "show T2").out


def test_the_article_has_88_claims(claims):
    assert claims(ROOT, "list").err == "88 of 88 claims\n"


# ---------------------------------------------------------------------------------- show


def test_show_a_testable_claim(claims, made_up):
    publish(made_up, state(made_up, T1="SUPPORTED"))
    answer = claims(made_up, "show T1")
    assert answer.out.startswith("T1  Things, p1\nSomething is more than 10.\n")
    for part in ("Core\n  It is more.", "Rule\n  More than 10.", "literal (literal): more than 10"):
        assert part in answer.out
    found = "It is 12 t.\n  measured: 12 t\n  criterion: more than 10\n"
    verdict = f"Verdict, publication\n  SUPPORTED, certainty HIGH\n  {found}"
    assert verdict in answer.out
    assert f"decided by: {NEARLY_ALL_PASS.words}; all of it passes" in answer.out
    assert "Registered choice\n  none" in answer.out
    for parameter in ("claimed: 10", "unit: t", "summary: median", "comparison: exceeds"):
        assert f"\n  {parameter}\n" in answer.out


def test_show_an_untestable_claim(claims, made_up):
    answer = claims(made_up, "show U1")
    assert "Not testable\n  N1: It is a matter of taste." in answer.out
    assert "Testable if\n  A measure of goodness." in answer.out


def test_show_as_json_is_the_published_entry(claims, made_up):
    made = state(made_up, T1="SUPPORTED")
    publish(made_up, made)
    assert json.loads(claims(made_up, "show T1 --json").out) == made["claims"][0]


def test_every_claim_of_the_article_can_be_shown(claims):
    for name, claim in registry.read(Project(ROOT)).claims.items():
        answer = claims(ROOT, f"show {name}")
        assert answer.code == 0
        assert claim.statement in answer.out


@pytest.mark.parametrize(
    "command", ["show T11", "run T11", "plan T11", "run T11 -p claimed=3", "list T11"]
)
def test_an_unknown_claim_is_told_with_the_nearest(claims, made_up, command):
    answer = claims(made_up, command)
    assert answer.code == 2
    assert answer.err == (
        "error: unknown claim 'T11' (did you mean 'T1'?); run `claims list` to see them all\n"
    )


# ------------------------------------------------------------------------ run's parameters


@pytest.mark.parametrize(
    ("parameter", "told"),
    [
        ("claimed=abc", "claimed=abc: expected a number, e.g. 75.5"),
        ("claimed=true", "claimed=true: expected a number"),
        ("claimed=", "claimed=: expected a number"),
        ("claimed=NaN", "claimed=NaN: expected a number"),
        ("claimed=1e999", "claimed=1e999: expected a number"),
        ("claimed=-1e101", "claimed=-1e101: expected a number"),
        (f"claimed={10**400}", f"claimed={'1' + '0' * 79}... (401 characters): expected a number"),
        (f"claimed={'9' * 5000}", f"claimed={'9' * 80}... (5000 characters): expected a number"),
        (f"{'x' * 5000}=1", f"unknown parameter '{'x' * 80}... (5000 characters)' of method"),
        ("measures=" + "[" * 33 + "]" * 33, f"measures={'[' * 33}{']' * 33}: is nested more than"),
        (f"measures={'[' * 50_000}{']' * 50_000}", f"measures={'[' * 80}... (100000 characters)"),
        ("claimed", "'claimed' is not of the form name=value"),
        ("measures=3", 'measures=3: expected JSON, e.g. ["a", "b"]'),
        (
            "repoter=x",
            "unknown parameter 'repoter' of method 'level' in claim T1 (did you mean 'reporter'?)",
        ),
        (
            "comparison=exceds",
            "comparison=exceds: (did you mean 'exceeds'?); expected one of: exceeds, at_least,",
        ),
        ("summary=zzz", "summary=zzz: no such option; expected one of: median, mean, lowest"),
    ],
)
def test_a_parameter_that_does_not_fit_is_told_with_what_does(claims, made_up, parameter, told):
    answer = claims(made_up, f"run T1 -p '{parameter}'")
    assert answer.code == 2
    assert answer.err.startswith(f"error: {told}")
    assert not (made_up / "build" / "variants").exists()


def test_a_parameter_that_the_reading_fixes_is_refused(claims, made_up):
    text = (made_up / "claims.yaml").read_text()
    fixed = "literal: {kind: literal, parameters: {claimed: 10}, statement: more than 10}"
    told = text.replace("literal: {kind: literal, statement: more than 10}", fixed)
    (made_up / "claims.yaml").write_text(told)
    answer = claims(made_up, "run T1 -p claimed=3")
    assert answer.code == 2
    assert "the reading 'literal' of claim T1 fixes claimed at 10: leave claimed out" in answer.err


def test_an_unknown_reading_is_told_with_those_that_there_are(claims, made_up):
    answer = claims(made_up, "run T1 --reading wide")
    assert answer.code == 2
    assert "claim T1 has no reading 'wide'; it has: literal" in answer.err


@pytest.mark.parametrize("names", ["", "T1 T2"])
def test_parameters_are_for_one_claim(claims, made_up, names):
    answer = claims(made_up, f"run {names} -p claimed=3")
    assert answer.code == 2
    assert "-p changes the parameters of one claim: name exactly one ID" in answer.err


@pytest.mark.parametrize(
    ("name", "why"), [("U1", "not testable"), ("U2", "method trend is still to come")]
)
def test_what_has_no_notebook_has_no_parameters(claims, made_up, name, why):
    answer = claims(made_up, f"run {name} -p claimed=3")
    assert answer.code == 2
    assert answer.err == f"error: claim {name} has no parameters to change: {why}\n"


def test_the_latest_vintage_is_for_one_claim(claims, made_up):
    answer = claims(made_up, "run --vintage latest")
    assert answer.code == 2
    assert "one claim at a time, not for 4" in answer.err


def test_the_command_line_goes_before_a_file_of_parameters(made_up):
    (made_up / "choices.yaml").write_text("claimed: 11\nunit: kg\n")
    project = Project(made_up)
    another = Another(changes=("claimed=3",), file=made_up / "choices.yaml")
    (job,) = planned(project, registry.read(project), ("T1",), another).jobs
    assert job.changes == {"claimed": 3, "unit": "kg"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("- claimed", "choices.yaml:1:1: expected parameters as `name: value`"),
        ("unit: t\nclaimed: abc", "choices.yaml:2:1: claimed='abc': expected a number"),
        ("clamed: 3", "choices.yaml:1:1: unknown parameter 'clamed' of method 'level' in claim T1"),
    ],
)
def test_a_file_of_parameters_that_do_not_fit_is_told_with_the_line(claims, made_up, text, told):
    (made_up / "choices.yaml").write_text(text)
    answer = claims(made_up, f"run T1 -f {shlex.quote(str(made_up / 'choices.yaml'))}")
    assert answer.code == 2
    assert told in answer.err


def test_a_dry_run_prints_what_plan_prints_and_runs_nothing(claims, made_up):
    for words in ("", "T2 U1", "--section T", "'U*'"):
        assert claims(made_up, f"run {words} --dry-run") == claims(made_up, f"plan {words}")
    assert not (made_up / "build" / "records").exists()


def test_a_selection_that_leaves_nothing_runs_nothing(claims, made_up):
    publish(made_up, state(made_up, T1="SUPPORTED"))
    answer = claims(made_up, "run T2 --verdict SUPPORTED")
    assert answer.code == 2
    assert "no claim has all of: T2 --verdict SUPPORTED" in answer.err


@pytest.mark.parametrize("options", ["--jobs 0", "--timeout 0", "--vintage yesterday"])
def test_an_option_out_of_its_range_is_told(claims, made_up, options):
    assert claims(made_up, f"run T1 {options}").code == 2


# ---------------------------------------------------------------------------------- plan


NOT_RUN = "has not run to its end yet"


def test_plan_says_what_runs_and_what_does_not(claims, made_up):
    answer = claims(made_up, "plan")
    lines = answer.out.splitlines()
    assert lines[0].split()[:3] == ["run", "T1", "notebooks/level.ipynb"]
    assert lines[2].split() == ["then", "notebooks/overview.ipynb", *NOT_RUN.split()]
    assert lines[3:] == ["idle U1   not testable", "idle U2   method trend is still to come"]
    assert lines[0].endswith(f"?  {NOT_RUN}")
    assert answer.err == "2 to run, 0 up to date, 2 idle\n"
    assert not (made_up / "build" / "records").exists()


@pytest.mark.parametrize(("tags", "named"), [([], False), (["parameters"], True)])
def test_a_notebook_joins_the_audit_by_the_tag_of_its_parameters(claims, made_up, tags, named):
    book = nbformat.v4.new_notebook()
    book.cells = [nbformat.v4.new_code_cell("1 / 0", metadata={"tags": tags})]
    nbformat.write(book, made_up / "notebooks" / "Untitled.ipynb")
    assert ("notebooks/Untitled.ipynb" in claims(made_up, "plan").out) == named
    assert ("Untitled" in {job.claim for job in plan_overviews(Project(made_up)).jobs}) == named
    assert ("notebooks/Untitled.ipynb" in notebooks(Project(made_up))) == named


def test_plan_as_json(claims, made_up):
    made = json.loads(claims(made_up, "plan T2 U1 --json").out)
    assert made == {
        "jobs": [
            {
                "claim": "T2",
                "notebook": "notebooks/level.ipynb",
                "parameters": {
                    "claim_id": "T2",
                    "vintage": "publication",
                    "reading": "",
                    "parameters": {},
                },
                "reason": NOT_RUN,
                "seconds": None,
            }
        ],
        "after": {},
        "idle": {"U1": "not testable"},
        "seconds": None,
    }


def test_every_notebook_of_the_articles_plan_exists(claims):
    made = json.loads(claims(ROOT, "plan --json").out)
    assert made["jobs"]
    assert {
        job["notebook"] for job in made["jobs"] if not (ROOT / job["notebook"]).exists()
    } == set()
    assert len(made["jobs"]) + len(made["idle"]) == 88


# -------------------------------------------------------------------------------- schema


def test_the_schema_is_one_and_the_articles_register_meets_it(claims):
    schema = json.loads(claims(ROOT, "schema").out)
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    for path in Project(ROOT).claims_files:
        value, _ = read_yaml(path)
        assert list(validator.iter_errors(value)) == []
    assert not validator.is_valid({"article": {}})


@pytest.mark.parametrize("file", DATA_FILES)
def test_each_file_of_data_meets_its_schema_and_no_other(claims, file):
    schema = json.loads(claims(ROOT, f"schema {file}").out)
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    fits = {
        other: validator.is_valid(read_yaml(ROOT / "data" / f"{other}.yaml")[0])
        for other in DATA_FILES
    }
    assert fits == {other: other == file for other in DATA_FILES}


# ----------------------------------------------------------------------- check and publish


def changed(made: dict, kind: str) -> dict:
    first = made["claims"][0]
    if kind == "input":
        made["inputs"]["trade/flows"] = "f" * 64
    elif kind == "figure":
        first["figure"]["data_sha256"] = "f" * 64
    elif kind == "number":
        first["estimate"]["value"] = 12.5
    elif kind == "verdict":
        first["verdict"]["publication"]["code"] = "CONTRADICTED"
    return made


@pytest.mark.parametrize(
    ("kind", "code"), [("input", 3), ("figure", 4), ("number", 5), ("verdict", 6)]
)
def test_check_says_what_moved_and_ends_with_its_code(claims, made_up, kind, code):
    publish(made_up, state(made_up, T1="SUPPORTED"))
    build(made_up, changed(state(made_up, T1="SUPPORTED"), kind))
    answer = claims(made_up, "check --no-run")
    assert answer.code == code
    lines = answer.out.splitlines()
    assert lines[0].split()[0] == kind
    assert lines[-1] == f"moved: 1 {kind}"
    assert "claims publish" in answer.err


def test_check_names_the_gravest_first(claims, made_up):
    publish(made_up, state(made_up, T1="SUPPORTED"))
    build(made_up, changed(changed(state(made_up, T1="SUPPORTED"), "input"), "verdict"))
    answer = claims(made_up, "check --no-run")
    assert answer.code == 6
    assert answer.out.splitlines() == [
        "verdict  T1: verdict.publication.code: SUPPORTED -> CONTRADICTED",
        f"input    inputs: trade/flows: {'a' * 64} -> {'f' * 64}",
        "moved: 1 input, 1 verdict",
    ]


def test_check_of_what_is_as_published(claims, made_up):
    for put in (publish, build):
        put(made_up, state(made_up, T1="SUPPORTED"))
    answer = claims(made_up, "check --no-run")
    assert answer.code == 0
    assert answer.out == "nothing moved: the results are as published\n"
    assert answer.err == ""


def test_check_before_a_publication_says_so_before_it_runs(claims, made_up):
    answer = claims(made_up, "check")
    assert answer.code == 2
    assert answer.err.startswith("error: results/published.json: nothing is published yet: `claims")
    assert not (made_up / "build" / "log").exists()


def test_check_without_a_run_says_what_to_do(claims, made_up):
    publish(made_up, state(made_up))
    answer = claims(made_up, "check --no-run")
    assert answer.code == 2
    assert "build/results.json: no such file; run `claims run` first" in answer.err


def test_a_damaged_results_file_is_told(claims, made_up):
    publish(made_up, state(made_up))
    (made_up / "results" / "published.json").write_text('{"claims": [')
    for command in ("list", "show T1", "check --no-run"):
        answer = claims(made_up, command)
        assert answer.code == 2
        assert "published.json:1: not a results file" in answer.err


def test_publish_accepts_what_stands_in_build(claims, made_up):
    run_to_the_end(made_up, state(made_up, T1="SUPPORTED", T2="CONTRADICTED"))
    answer = claims(made_up, "publish")
    assert answer.out == "published 4 claims to results/published.json\n"
    built = (made_up / "build" / "results.json").read_bytes()
    assert (made_up / "results" / "published.json").read_bytes() == built
    assert "| T1 | SUPPORTED | HIGH |" in (made_up / "results" / "README.md").read_text()
    assert claims(made_up, "check --no-run").code == 0


def test_publish_without_a_run_publishes_nothing(claims, made_up):
    answer = claims(made_up, "publish")
    assert answer.code == 1
    assert "2 of 2 claims are not up to date; run `claims run`" in answer.err
    assert not (made_up / "results").exists()


def test_publish_is_refused_when_a_claim_failed_or_has_changed_since(claims, made_up):
    """Else a verdict that nobody has computed would be published, or none in silence."""
    run_to_the_end(made_up, state(made_up, T1="SUPPORTED", T2="CONTRADICTED"))
    (made_up / "build" / "manifest" / "T1.json").unlink()
    (made_up / "build" / "failures").mkdir()
    (made_up / "build" / "failures" / "T1.json").write_text("{}")
    text = (made_up / "claims.yaml").read_text()
    (made_up / "claims.yaml").write_text(text.replace("rule: More than 10.", "rule: More than 9."))
    answer = claims(made_up, "publish")
    assert answer.code == 1
    assert "T1: failed the last time" in answer.err
    assert "T2: changed: claim rule" in answer.err
    assert not (made_up / "results").exists()


# ---------------------------------------------------------------------------------- data


def test_data_list_names_each_table(claims, project):
    head, *lines = claims(project.root, "data list").out.splitlines()
    assert head.split() == ["table", "rows", "title"]
    assert {line.split()[0] for line in lines} == {"trade/flows", "security/sightings"}
    found = claims(project.root, "data list GOODS").out.splitlines()[1:]
    assert [line.split()[0] for line in found] == ["trade/flows"]


def test_data_show_describes_a_table(claims, project):
    answer = claims(project.root, "data show trade/flows --head 2")
    assert answer.out.startswith("trade/flows: Goods trade of two countries\n")
    assert "value                    number [USD million]: current prices" in answer.out
    assert "the first 2:" in answer.out


def test_data_show_lists_the_values_of_a_category_and_a_sample_of_the_rows(claims, project):
    table = Archive.read(project).load("trade/flows")
    out = claims(project.root, "data show flows --sample 3").out
    name = next(name for name, each in table.info.columns.items() if each.type == "category")
    for value, count in table.frame[name].value_counts().items():
        assert f"{value} ({count})" in out
    shown = out.partition(f"{len(table.frame)} rows; 3 of them, evenly spread:\n")[2].splitlines()
    assert len(shown) == 4
    for row in (table.frame["row"].iloc[0], table.frame["row"].iloc[-1]):
        assert any(f" {row} " in line for line in shown[1:])


def test_a_part_of_many_names_is_told_with_the_tables(claims):
    answer = claims(ROOT, "data show trade")
    assert answer.code == 2
    assert "no table 'trade'; tables like it: trade/" in answer.err


def test_an_unknown_table_is_told_with_the_nearest(claims, project):
    answer = claims(project.root, "data show trade/flow")
    assert answer.code == 2
    assert "no table 'trade/flow' (did you mean 'trade/flows'?)" in answer.err


def test_data_check_of_whole_tables(claims, project):
    answer = claims(project.root, "data check")
    assert answer.code == 0
    assert answer.out == "all tables are valid\n"


def test_data_check_names_the_line_of_a_broken_rule(claims, workshop):
    workshop.edit("data/trade/flows.csv", "total,15,", "total,16,")
    workshop.pin()
    answer = claims(workshop.project.root, "data check")
    assert answer.code == 1
    assert "data/trade/flows.csv:" in answer.out
    assert answer.out.endswith("1 violation\n")


def test_data_check_of_a_table_that_was_changed_without_a_pin(claims, workshop):
    workshop.edit("data/trade/flows.csv", "total,15,", "total,16,")
    answer = claims(workshop.project.root, "data check")
    assert answer.code == 1
    assert "has changed since it was pinned" in answer.out + answer.err


def test_data_pin_accepts_a_change(claims, workshop):
    workshop.edit("data/trade/flows.csv", "total,15,", "total,15.0,")
    assert claims(workshop.project.root, "data pin").code == 0
    assert claims(workshop.project.root, "data check").code == 0


def test_the_former_name_of_data_pin_works_and_says_so_once(claims, workshop):
    answer = claims(workshop.project.root, "data seal")
    assert answer.code == 0
    assert answer.err.count("is now called `claims data pin`") == 1
    assert "no checksum has changed" in answer.out


# -------------------------------------------------------------------- how a command ends


def in_a_shell(root: Path, line: str, **environ: str) -> subprocess.CompletedProcess:
    """Run a shell line with `claims` for the command, on an audit of its own."""
    command = f'claims() {{ {shlex.join(CLAIMS)} "$@"; }}; set -o pipefail; {line}'
    told = {**os.environ, "CLAIMS_PROJECT": str(root), **environ}
    return subprocess.run(
        [BASH, "-c", command], env=told, capture_output=True, text=True, check=False
    )


def test_a_reader_who_leaves_is_no_fault():
    done = in_a_shell(ROOT, "claims schema | head -1 && claims list | head -1")
    assert done.returncode == 0
    assert done.stdout.startswith("{\nID ")
    assert "Traceback" not in done.stderr
    assert "BrokenPipe" not in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs Linux's always full device")
def test_a_full_disk_is_told_on_one_line():
    done = in_a_shell(ROOT, "claims schema >/dev/full")
    assert done.returncode == 1
    assert (
        done.stderr
        == "error: No space left on device; free some space on that disk and run again\n"
    )


def test_an_error_is_one_line_and_a_traceback_only_on_demand(made_up):
    done = in_a_shell(made_up, "claims show T11")
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("error: unknown claim 'T11'")
    assert done.stderr.count("\n") == 1
    debug = in_a_shell(made_up, "claims show T11", CLAIMS_DEBUG="1")
    assert debug.returncode == 1
    assert debug.stderr.startswith("Traceback")
    assert "ClaimsError: unknown claim 'T11'" in debug.stderr


def test_a_fault_in_the_register_is_told_with_its_line(made_up):
    text = (made_up / "claims.yaml").read_text()
    (made_up / "claims.yaml").write_text(text.replace("type: trend", "type: trnd"))
    done = in_a_shell(made_up, "claims list")
    assert done.returncode == 2
    assert "claims.yaml:" in done.stderr
    assert "(did you mean 'trend'?)" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("name", ["analysis.py", "notebooks/analysis.py", "analysis/__init__.py"])
def test_a_file_that_notebooks_would_import_in_place_of_the_library_is_told(claims, made_up, name):
    assert claims(made_up, "list").err == "4 of 4 claims\n"
    (made_up / name).parent.mkdir(exist_ok=True)
    (made_up / name).write_text("")
    told = f"warning: {name} hides this library from the notebooks beside it: rename it\n"
    assert claims(made_up, "list").err.startswith(told)


def test_a_folder_without_an_audit_is_told(tmp_path):
    done = in_a_shell(tmp_path, "claims list")
    assert done.returncode == 1
    assert done.stderr.startswith(f"error: CLAIMS_PROJECT says {tmp_path}")


def test_no_command_takes_the_librarys_own_checkout(tmp_path):
    """Pinning in a forgotten folder wrote into another audit, and said so nowhere."""
    for line in ("claims list", "claims data pin", "claims run C2"):
        done = in_a_shell(tmp_path, f"cd {shlex.quote(str(tmp_path))} && {line}", CLAIMS_PROJECT="")
        assert done.returncode == 1
        assert done.stdout == ""
        assert f"there is no claims.yaml in {tmp_path}" in done.stderr


READING = {"", "new", "list", "show", "plan", "why", "variants", "drift", "verify", "schema"} | {
    "data", "data list", "data show", "data check", "data vintages",
}  # fmt: skip


@pytest.mark.parametrize("command", sorted(set(COMMANDS) - READING - {"new audit"}))
def test_a_command_that_writes_names_the_audit(monkeypatch, made_up, command):
    monkeypatch.setenv("CLAIMS_PROJECT", str(made_up))
    monkeypatch.setattr(registry, "read", stop)
    monkeypatch.setattr(catalog, "read_plain", stop)
    words = {
        "sweep": "T1",
        "data rollback": "trade/flows",
        "data add": __file__,
        "new claim": "T9 level",
        "new notebook": "level",
    }.get(command, "")
    result = CliRunner().invoke(main, shlex.split(f"{command} {words}"), prog_name="claims")
    assert result.stderr.startswith(f"audit: {made_up}\n")


def stop(*_, **__):
    raise DataError("far enough")


# -------------------------------------------------------------------- what a command loads

HEAVY = {
    "pandas",
    "numpy",
    "papermill",
    "nbformat",
    "matplotlib",
    "seaborn",
    "jsonschema",
    "IPython",
    "scipy",
}
LOADED = """
import sys
from analysis.cli import main
code = main(sys.argv[1:], prog_name="claims")
print(*sorted({name.partition(".")[0] for name in sys.modules}), file=sys.stderr)
sys.exit(code)
"""


def loaded(root: Path, *words: str) -> set[str]:
    """The packages that a command imports."""
    done = subprocess.run(
        [sys.executable, "-c", LOADED, *words],
        env={**os.environ, "CLAIMS_PROJECT": str(root)},
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stderr.splitlines()[-1].split())


@pytest.mark.parametrize("command", ["--help", "list", "show T1", "plan", "data list"])
def test_a_light_command_loads_nothing_heavy(made_up, command):
    registry.read(Project(made_up))  # checked once; from then on the cache is read
    found = loaded(made_up, *command.split())
    assert "click" in found
    assert found & HEAVY == set()


def test_help_does_not_even_read_yaml(made_up):
    assert "yaml" not in loaded(made_up, "--help")


# ------------------------------------------------------------------------- a run, for real


def test_a_run_reports_each_claim_on_one_line_and_keeps_the_rest(made_up):
    done = in_a_shell(made_up, "claims run --jobs 2 --cold", COLUMNS="60")
    assert done.returncode == 1  # T2 fails
    lines = done.stdout.splitlines()
    told = [line for line in lines if line.startswith("[")]
    assert len(told) == 3  # the last one is the overview
    assert any(line.split("] ")[1].startswith("T1   SUPPORTED") for line in told)
    failed = "T2   FAILED T2: cell error in cell behave: ValueError: the sum does not add up"
    assert any(failed in line for line in told), done.stdout
    assert "1 of 2 claims ran to a verdict" in done.stdout
    assert "figures: build/figures   notebooks: build/notebooks   records: build/records" in lines
    made = results.read_results(made_up / "build" / "results.json")
    assert made["inputs"] == {"trade/flows": "0" * 64}
    codes = [item["verdict"]["publication"]["code"] for item in made["claims"]]
    assert codes == ["SUPPORTED", "PENDING", "NOT_TESTABLE", "PENDING"]
    log = (made_up / "build" / "log" / "run.jsonl").read_text().splitlines()
    assert {json.loads(line)["outcome"] for line in log} == {"recorded", "cell_error"}


def test_a_run_of_one_claim_renews_its_result_and_the_site_names_older_ones(made_up):
    in_a_shell(made_up, "claims run --cold")
    file = made_up / "claims.yaml"
    file.write_text(file.read_text().replace("title: Made-up claim T1", "title: Another title"))
    assert "not up to date (T1" in in_a_shell(made_up, "claims report").stderr
    in_a_shell(made_up, "claims run T1 --cold")
    made_of = json.loads((made_up / "build/manifest/results.json").read_text())["of"]
    assert made_of["claims.yaml"] == hashlib.sha256(file.read_bytes()).hexdigest()
    assert "T1" not in in_a_shell(made_up, "claims report").stderr.partition("warning")[2]
