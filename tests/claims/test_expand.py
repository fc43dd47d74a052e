"""What a claim leaves out is filled in: the short and the full form are one claim."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from registers import MINIMAL, READING, UNTESTABLE

from analysis import yamlfile
from analysis.claims import expand, registry
from analysis.claims.model import Claim, defaults
from analysis.cli import main
from analysis.project import Project

ROOT = Path(__file__).parents[2]
OWN = registry.check(Project(ROOT))["claims"]
HEAD = "{title: A text, publisher: A press, published: 2024-12-10}"
SHORT = (
    f"article: {HEAD}"
    """
sections: {K: Coal}
claims:
  K1:
    locator: p1
    title: Coal
    statement: Coal has a share of more than 3 percent.
    type: level
    rule: More than 3.
    method: level
    parameters:
      {claimed: 3, unit: percent,
       measures: [{terms: [{table: power/shares, value: pct, where: {}}]}]}
"""
)


def read(folder: Path, text: str) -> dict[str, Claim]:
    (folder / "claims.yaml").write_text(text)
    return registry.read(Project(folder)).claims


def test_a_claim_of_nine_lines_has_everything_that_decides_it(tmp_path):
    claim = read(tmp_path, SHORT)["K1"]
    assert (claim.section, claim.checkable, claim.tables) == ("K", "yes", ("power/shares",))
    assert claim.core == claim.statement == claim.literal.statement
    assert (claim.literal.kind, claim.literal.votes) == ("literal", True)
    assert claim.parameters == {**claim.parameters, **defaults("level")}


def test_a_reason_says_that_a_claim_is_not_checkable(tmp_path):
    text = (MINIMAL + UNTESTABLE).replace("    checkable: no\n", "")
    assert not read(tmp_path, text)["T2"].testable


@pytest.mark.parametrize(
    ("written", "kind", "votes"),
    [
        ("other: more than 9", "alternative", True),
        ("other: {statement: s}", "alternative", True),
        ("other: {statement: s, changes: [object]}", "alternative", False),
        ("other: {statement: s, kind: charitable}", "charitable", True),
        ("other: {statement: s, kind: charitable, changes: [verb]}", "charitable", False),
    ],
)
def test_which_readings_vote(tmp_path, written, kind, votes):
    text = MINIMAL.replace(READING, f"      literal: more than 10\n      {written}\n")
    literal, other = read(tmp_path, text)["T1"].readings
    assert (literal.kind, literal.votes) == ("literal", True)
    assert (other.kind, other.votes) == (kind, votes)


def test_the_registered_choice_is_the_first_of_the_grid_unless_another_is_named(tmp_path):
    assert read(tmp_path, MINIMAL)["T1"].preferred().choices == {"reporter": "a"}
    text = MINIMAL.replace("      unit: t\n", "      unit: t\n      reporter: b\n")
    assert read(tmp_path, text)["T1"].preferred().choices == {"reporter": "b"}


def test_a_full_claim_stays_as_it_is():
    assert {name: expand.in_full(name, entry) for name, entry in OWN.items()} == OWN


LEFT_OUT = ("section", "checkable", "core", "readings")


@given(st.sampled_from(sorted(OWN)), st.data())
def test_whatever_is_as_the_default_may_be_left_out(name, data):
    full = OWN[name]
    short = dict(full)
    for key in data.draw(st.sets(st.sampled_from(LEFT_OUT))):
        without = {each: value for each, value in short.items() if each != key}
        if expand.in_full(name, without) == full:
            short = without
    usual = defaults(full["method"]) if full.get("parameters") else {}
    unset = data.draw(st.sets(st.sampled_from(sorted(usual)))) if usual else set()
    kept = {
        key: value
        for key, value in full.get("parameters", {}).items()
        if not (key in unset and value == usual[key] and key not in full.get("grid", {}))
    }
    if "parameters" in full:
        short["parameters"] = kept
    assert expand.in_full(name, short) == full


@pytest.mark.parametrize("name", ["C2", "C4", "A5"])
def test_show_full_prints_a_claim_that_reads_back_as_itself(name, monkeypatch):
    monkeypatch.setenv("CLAIMS_PROJECT", str(ROOT))
    done = CliRunner().invoke(main, ["show", name, "--full"], prog_name="claims")
    value, _ = yamlfile.parse(done.stdout.encode(), shown="stdout")
    assert value == {name: OWN[name]}
