"""What is kept of a run, and how two states of the results are compared."""

from __future__ import annotations

import copy
import json
import math
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import tallies
from hypothesis import given
from hypothesis import strategies as st
from strategies import claim, curve, trial, trials

from analysis.claims import registry
from analysis.claims.registry import Article, Register
from analysis.drift.diff import CHANGE_KINDS, EXIT_CODES, compare, exit_code
from analysis.errors import AnalysisError
from analysis.methods.estimate import Outcome
from analysis.project import Project
from analysis.verdicts import results as results_file
from analysis.verdicts.results import (
    dump,
    published,
    read,
    read_results,
    record,
    rounded,
    unrun,
    write,
)
from analysis.verdicts.results_table import write as write_table
from analysis.verdicts.rules import judge
from analysis.verdicts.sweep import VINTAGES, Curve

FIGURE = {"svg_sha256": "a" * 64, "data_sha256": "b" * 64}
FOUND = [
    trial(Outcome.PASS, preferred=True, reporter="a"),
    trial(Outcome.FAIL, family="customs_b", reporter="b"),
]


def entry(found=None, **changes):
    made = claim(**changes)
    return record(made, judge(made, curve(FOUND if found is None else found)), FIGURE)


def register(*claims) -> Register:
    article = Article(title="A text", publisher="A press", published=date(2024, 12, 10))
    return Register(
        article=article,
        sections={"T": "Things", "U": "Nothing yet"},
        claims={made.id: made for made in claims},
    )


def results(*records, inputs=None):
    claims = [claim(id=item["id"]) for item in records]
    known = {item["id"]: item for item in records}
    return published(register(*claims), known, inputs or {"trade/flows": "c" * 64})


# ------------------------------------------------------------------------------ a record


def test_a_record_tells_the_verdict_and_what_it_rests_on():
    made = entry()
    assert made["id"] == "T1"
    assert made["verdict"]["publication"]["code"] == "DEFINITION_DEPENDENT"
    assert set(made["verdict"]) == {"publication", "latest"}
    assert made["estimate"] == {"value": 12.0, "low": 12.0, "high": 12.0, "unit": ""}
    assert made["claimed"] == "more than 10"
    assert made["robustness"] == {"pass_share": 0.5, "fail_share": 0.5, "specifications": 2}
    assert made["sources"] == ["s_customs_a"]
    assert made["rows"] == ["t/t:2"]
    assert made["figure"] == FIGURE
    counterexample = made["detail"]["publication"]["nearest_counterexample"]
    assert counterexample == {"changes": {"reporter": ["a", "b"]}, "outcome": "fail", "value": 8.0}


def test_a_record_without_evidence_has_no_numbers():
    made = entry([trial(None, preferred=True)])
    assert made["verdict"]["publication"] == {"code": "INSUFFICIENT", "certainty": "VERY_LOW"}
    assert made["detail"]["publication"]["rule"] == "no_search"
    assert made["estimate"]["value"] is None
    assert made["robustness"]["specifications"] == 0
    assert made["rows"] == []


def test_a_claim_that_was_not_run_is_pending_or_not_testable():
    pending = unrun(claim(pending="to come"))
    assert {verdict["code"] for verdict in pending["verdict"].values()} == {"PENDING"}
    never = unrun(claim(checkable="no", reason="N1"))
    assert {verdict["code"] for verdict in never["verdict"].values()} == {"NOT_TESTABLE"}
    assert never["reason"] == "N1"


def test_every_entry_has_the_same_keys():
    assert list(entry()) == list(unrun(claim()))


@given(trials())
def test_any_record_is_strict_json_and_comes_back_as_it_was(found):
    made = entry(found)
    text = dump(made)
    assert "NaN" not in text
    assert "Infinity" not in text
    assert json.loads(text) == made


def test_a_number_that_is_none_cannot_be_written():
    with pytest.raises(ValueError, match="JSON"):
        dump({"value": math.nan})


@given(st.floats())
def test_rounding_keeps_what_is_a_number(value):
    kept = rounded(value)
    if not math.isfinite(value):
        assert kept is None
    else:
        assert math.isclose(kept, value, rel_tol=1e-11)
        assert rounded(kept) == kept


def test_rounding_drops_the_noise_of_the_last_bits():
    assert rounded(0.1 + 0.2) == 0.3
    assert rounded(1 / 3) == 0.333333333333
    assert rounded(None) is None


# ------------------------------------------------------------------------ the results file


def test_results_follow_the_register_and_fill_in_what_was_not_run():
    claims = [claim(id="T3"), claim(id="T1"), claim(id="T2", checkable="no", reason="N2")]
    made = published(register(*claims), {"T1": entry()}, {"b/b": "2", "a/a": "1"})
    assert [item["id"] for item in made["claims"]] == ["T3", "T1", "T2"]
    codes = [item["verdict"]["publication"]["code"] for item in made["claims"]]
    assert codes == ["PENDING", "DEFINITION_DEPENDENT", "NOT_TESTABLE"]
    assert list(made["inputs"]) == ["a/a", "b/b"]
    assert made["article"]["published"] == "2024-12-10"
    assert made["schema_version"] == 2


def test_the_table_has_a_line_a_claim_under_its_section(tmp_path):
    claims = [
        claim(statement="More | than 10."),
        claim(id="T2", checkable="no", reason="N2"),
    ]
    own = register(*claims)
    made = published(own, {"T1": entry(statement="More | than 10.")}, {})
    path = tmp_path / "new" / "README.md"
    write_table(path, made, own)
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "# Verdicts"
    assert [line for line in lines if line.startswith("## ")] == ["## Things", "## Nothing yet"]
    certainty = made["claims"][0]["verdict"]["publication"]["certainty"]
    told = made["claims"][0]["finding"]["publication"]
    said = f"same |  | More / than 10. | {told} |"
    assert f"| T1 | DEFINITION_DEPENDENT | {certainty} | {said}" in lines
    why = "Cannot be tested: a forecast or a possibility."
    assert f"| T2 | NOT_TESTABLE (N2) |  | same |  | Something is more than 10. | {why} |" in lines
    table = [line for line in lines if line.startswith("|")]
    assert {line.count("|") for line in table} == {8}


def test_the_table_is_the_same_twice(tmp_path):
    own, made = register(claim()), results(entry())
    texts = []
    for name in ("a.md", "b.md"):
        write_table(tmp_path / name, made, own)
        texts.append((tmp_path / name).read_bytes())
    assert texts[0] == texts[1]
    assert texts[0].endswith(b"|\n")


def test_what_is_told_beside_the_table_stands_below_it(tmp_path):
    write_table(tmp_path / "a.md", results(entry()), register(claim()), {"Beside": "More."})
    assert (tmp_path / "a.md").read_text(encoding="utf-8").endswith("## Beside\n\nMore.\n")


def test_a_record_keeps_the_p_of_each_test_behind_the_verdict():
    found = [replace(each, estimate=replace(each.estimate, tests=(("a rise", 0.1 + 0.2),)))
             for each in FOUND]  # fmt: skip
    assert entry(found)["detail"]["latest"]["tests"] == [["a rise", 0.3]]
    moved = [str(each) for each in compare(results(entry()), results(entry(found)))]
    assert any("tests" in each for each in moved)


# --------------------------------------------------------------------------------- files


def test_what_is_written_is_read(tmp_path):
    path, made = tmp_path / "results.json", results(entry())
    write(path, made)
    assert read_results(path) == made
    assert path.read_text(encoding="utf-8").endswith("}\n")


DAMAGES = {
    "": r"results.json:1: not a results file: .*; delete it and run `claims run` again",
    '{"claims": [\n': r"results.json:2: not a results file",
    "[]": r"not a results file: expected keys and values",
    "{}": r"expected schema_version 2 and a list of claims, found schema_version None",
    '{"schema_version": 2}': r"expected schema_version 2 and a list of claims",
    '{"schema_version": 3, "claims": []}': r"found schema_version 3",
    "\xff\xfe": r"not a results file",
}


def test_results_of_version_1_are_read_under_the_keys_of_this_version(tmp_path):
    path = tmp_path / "results.json"
    entry = tallies.entry("A1", "SUPPORTED", pivotal_sources=["wire"])
    new = {**tallies.results(entry), "claims": [{**entry, "summary": "Measured: 2."}]}
    text = results_file.dump({**new, "schema_version": 1})
    for before, now in results_file.RENAMED.items():
        text = text.replace(f'"{now}"', f'"{before}"')
    path.write_text(text, encoding="utf-8")
    assert read_results(path) == new


@pytest.mark.parametrize("content", DAMAGES)
def test_a_damaged_file_is_told_with_its_place(tmp_path, content):
    path = tmp_path / "results.json"
    path.write_bytes(content.encode("latin-1"))
    with pytest.raises(AnalysisError, match=DAMAGES[content]):
        read_results(path)


def test_a_missing_file_says_what_makes_it(tmp_path):
    with pytest.raises(AnalysisError, match=r"T1.json: no such file; run `claims run` first"):
        read(tmp_path / "T1.json")


def test_a_folder_in_the_place_of_a_file_is_told(tmp_path):
    with pytest.raises(AnalysisError, match="cannot be read: Is a directory"):
        read(tmp_path)


# ------------------------------------------------------------------------------ compare


@given(trials(), trials())
def test_nothing_moves_between_a_state_and_itself(one, other):
    state = results(entry(one), entry(other, id="T2"))
    assert compare(state, copy.deepcopy(state)) == []
    assert exit_code([]) == 0


@given(trials(), trials())
def test_what_moved_one_way_moved_the_other_way(one, other):
    before, after = results(entry(one)), results(entry(other))
    there, back = compare(before, after), compare(after, before)
    assert [(c.kind, c.what) for c in there] == [(c.kind, c.what) for c in back]
    assert [(c.before, c.after) for c in there] == [(c.after, c.before) for c in back]


def test_another_finding_is_a_change_of_the_figure_whose_title_it_is():
    before, after = entry(), entry()
    before["finding"], after["finding"] = {"latest": "It was 2 t."}, {"latest": "It was 3 t."}
    (found,) = compare(results(before), results(after))
    assert (found.kind, found.what) == ("figure", "finding.latest")


def moved(change):
    """The changes after `change` was made to a state with one claim."""
    before = results(entry())
    after = copy.deepcopy(before)
    change(after, after["claims"][0])
    return compare(before, after)


def set_to(value, *path):
    def change(state, item):
        place = state if path[0] == "inputs" else item
        for key in path[:-1]:
            place = place[key]
        place[path[-1]] = value

    return change


CHANGES = {
    "a table": ("input", set_to("d" * 64, "inputs", "trade/flows")),
    "a new table": ("input", set_to("d" * 64, "inputs", "trade/more")),
    "figure data": ("figure", set_to("d" * 64, "figure", "data_sha256")),
    "a figure drawn otherwise": ("figure", set_to("d" * 64, "figure", "svg_sha256")),
    "a figure that is gone": ("figure", set_to(None, "figure")),
    "a value": ("number", set_to(12.5, "estimate", "value")),
    "a value that is gone": ("number", set_to(None, "estimate")),
    "a share": ("number", set_to(0.6, "robustness", "pass_share")),
    "rows": ("number", set_to(["t/t:3"], "rows")),
    "the claimed number": ("number", set_to("more than 11", "claimed")),
    "the latest value": ("number", set_to(13.0, "detail", "latest", "value")),
    "the nearest counterexample": (
        "number",
        set_to(None, "detail", "publication", "nearest_counterexample"),
    ),
    "another threshold": ("number", set_to("SUPPORTED", "detail", "latest", "alternatives", "a")),
    "a verdict": ("verdict", set_to("SUPPORTED", "verdict", "publication", "code")),
    "the latest verdict": ("verdict", set_to("SUPPORTED", "verdict", "latest", "code")),
    "a certainty": ("certainty", set_to("LOW", "verdict", "publication", "certainty")),
    "a flag": ("verdict", set_to("FLIPPED", "vintage_flag")),
    "a tag": ("verdict", set_to(["OUTDATED"], "tags")),
    "a statement": ("verdict", set_to("Less.", "statement")),
    "a method": ("verdict", set_to("timeline", "method")),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_has_its_kind_and_its_code(name):
    kind, change = CHANGES[name]
    found = moved(change)
    assert [item.kind for item in found] == [kind]
    assert exit_code(found) == EXIT_CODES[kind]


def test_the_codes_are_those_that_check_documents():
    assert EXIT_CODES == {"input": 3, "figure": 4, "number": 5, "certainty": 6, "verdict": 6}
    assert tuple(EXIT_CODES) == CHANGE_KINDS


@given(st.lists(st.sampled_from(sorted(CHANGES)), unique=True))
def test_the_gravest_change_wins_and_stands_first(names):
    def change(state, item):
        # what replaces a whole part goes last
        for name in sorted(names, key=lambda name: "gone" in name):
            CHANGES[name][1](state, item)

    # a part that is gone takes the change inside it along, so the order above matters
    found = moved(change)
    expected = max((CHANGE_KINDS.index(CHANGES[name][0]) for name in names), default=None)
    if expected is None:
        assert found == []
        return
    assert found[0].kind == CHANGE_KINDS[expected]
    assert exit_code(found) == EXIT_CODES[CHANGE_KINDS[expected]]
    ranks = [CHANGE_KINDS.index(item.kind) for item in found]
    assert ranks == sorted(ranks, reverse=True)


@pytest.mark.parametrize("value", [12, 12.0 + 1e-10, 12.0 * (1 + 9e-10)])
def test_numbers_within_the_noise_are_equal(value):
    assert moved(set_to(value, "estimate", "value")) == []
    assert moved(set_to(value, "detail", "latest", "value")) == []


@pytest.mark.parametrize("value", [12.0 * (1 + 1e-8), None, True, "12"])
def test_other_numbers_are_not(value):
    assert exit_code(moved(set_to(value, "estimate", "value"))) == EXIT_CODES["number"]


def test_a_claim_that_appears_or_is_gone_moves_a_verdict():
    one, two = results(entry()), results(entry(), entry(id="T2"))
    for before, after in ((one, two), (two, one)):
        (found,) = compare(before, after)
        assert (found.kind, found.claim, found.what) == ("verdict", "T2", "listed")


def test_a_change_is_told_on_one_line_that_is_not_too_long():
    (found,) = moved(set_to("x" * 500, "statement"))
    assert str(found).startswith("T1: statement: Something is more than 10. -> xxx")
    assert len(str(found)) < 200
    (table,) = moved(set_to(None, "inputs", "trade/flows"))
    assert str(table) == f"inputs: trade/flows: {'c' * 64} -> null"


def test_an_empty_sweep_is_a_record_too():
    made = claim(checkable="no", reason="N3")
    assert record(made, judge(made, Curve(())), FIGURE)["estimate"]["value"] is None


def test_the_published_results_of_this_audit_are_whole():
    path = Path(__file__).parents[2] / "results" / "published.json"
    if not path.exists():
        pytest.skip("nothing is published yet")
    state = read_results(path)
    assert compare(state, state) == []
    assert path.read_text(encoding="utf-8") == dump(state)


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        (3, "expected keys and values in entry 1"),
        ({}, "expected an `id` in entry 1"),
        ({"id": "T1"}, "expected `verdict` of T1 to have a `code` for publication in entry 1"),
        ({"id": "T1", "verdict": {"publication": {"code": "SUPPORTED"}}}, "a `code` for latest"),
        (
            {"id": "T1", "verdict": {name: {"code": "PENDING"} for name in VINTAGES}},
            r"expected section, statement, type, .* of T1",
        ),
    ],
)
def test_an_entry_that_lacks_something_is_told(tmp_path, entry, told):
    path = tmp_path / "results" / "published.json"
    results_file.write(path, {"schema_version": 2, "claims": [entry]})
    with pytest.raises(AnalysisError, match=told) as error:
        results_file.read_results(path)
    assert "restore the published file: `git checkout -- results/published.json`" in str(
        error.value
    )


@pytest.mark.parametrize("text", [f'{{"a": {"9" * 5000}}}', '{"a":' * 90_000])
def test_a_file_that_no_parser_holds_is_damaged(tmp_path, text):
    (tmp_path / "results.json").write_text(text)
    with pytest.raises(AnalysisError, match="not a results file"):
        results_file.read(tmp_path / "results.json")


def test_a_claim_that_too_little_evidence_decides_says_what_would_and_where_it_was_sought():
    """On this audit's published results and claims."""
    root = Path(__file__).parents[2]
    claims = registry.read(Project(root)).claims
    kept = json.loads((root / "results" / "published.json").read_text())["claims"]
    codes = {each["id"]: {v["code"] for v in (each["verdict"] or {}).values()} for each in kept}
    short = [name for name, found in codes.items() if "INSUFFICIENT" in found]
    assert short  # or this test says nothing
    assert [name for name in short if not claims[name].decided_by] == []
    assert [name for name in short if not claims[name].searches] == []
