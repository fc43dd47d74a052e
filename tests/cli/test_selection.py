"""Which claims a command is about: patterns, capitals, wrong words, and what the Tab key offers."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.shell_completion import ShellComplete

from analysis.claims import registry
from analysis.cli import main, selection
from analysis.errors import ClaimsError
from analysis.project import Project

ROOT = Path(__file__).parents[2]
REGISTER = registry.read(Project(ROOT))
IDS = list(REGISTER.claims)


def test_every_claim_is_found_in_any_case():
    assert [name for name in IDS if name not in selection.matching(REGISTER, name.lower())] == []
    assert [name for name in IDS if selection.matching(REGISTER, name) != [name]] == []


def test_a_pattern_names_all_that_fit_in_the_registers_order():
    assert selection.matching(REGISTER, "c*") == [name for name in IDS if name.startswith("C")]
    assert selection.matching(REGISTER, "*") == IDS


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("C", "'C' is no claim but a section: use `--section C`"),
        ("Level", "'Level' is no claim but a method: use `--method level`"),
        ("supported", "'supported' is no claim but a verdict: use `--verdict SUPPORTED`"),
        ("high", "'high' is no claim but a certainty: use `--certainty HIGH`"),
        ("Z*", "no claim is called like 'Z*'"),
        ("C22", "(did you mean 'C2'?)"),
        (str(ROOT / "README.md"), "is a file and no claim: put a pattern into quotes"),
    ],
)
def test_a_wrong_word_is_answered_with_the_right_one(word, told):
    with pytest.raises(ClaimsError) as error:
        selection.matching(REGISTER, word)
    assert told in str(error.value)


def test_a_command_for_one_claim_lists_those_that_a_pattern_names():
    assert selection.one(REGISTER, "c2") == "C2"
    with pytest.raises(ClaimsError, match=r"'E\*' names \d+ claims \(E"):
        selection.one(REGISTER, "E*")


def offered(monkeypatch, *words: str) -> list[str]:
    monkeypatch.setenv("CLAIMS_PROJECT", str(ROOT))
    complete = ShellComplete(main, {}, "claims", "_CLAIMS_COMPLETE")
    return [item.value for item in complete.get_completions(list(words[:-1]), words[-1])]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (("run", "c2"), ["C2"]),
        (("show", "F2"), [name for name in IDS if name.startswith("F2")]),
        (("list", "--section", ""), list(REGISTER.sections)),
        (("run", "--verdict", "MOSTLY_S"), ["MOSTLY_SUPPORTED"]),
        (("plan", "--method", "ev"), ["event_study"]),
        (("data", "show", "trade/gd"), ["trade/gdp"]),
        (("data", "show", "visit"), []),  # two tables have that last part
        (("data", "show", "exchange"), ["exchange_rates"]),
        (("data", "vintages", "trade/gd"), ["trade/gdp"]),
        (("run", "C2", "-p", "rep"), ["reporter="]),
        (("run", "C2", "-p", "reporter=J"), ["reporter=Japan"]),
        (("run", "C2", "-p", "reporter", "=", "J"), ["Japan"]),  # as bash takes words apart
        (("run", "C2", "--reading", "j"), ["just_over"]),
        (("va",), ["variants"]),
    ],
)
def test_the_tab_key_offers_what_the_audit_has(monkeypatch, words, found):
    assert offered(monkeypatch, *words) == found


def test_without_an_audit_the_tab_key_offers_nothing_and_says_nothing(monkeypatch, tmp_path):
    monkeypatch.setenv("CLAIMS_PROJECT", str(tmp_path))
    complete = ShellComplete(main, {}, "claims", "_CLAIMS_COMPLETE")
    assert complete.get_completions(["run"], "C") == []


def _in_shell(shell, script):
    """What a script prints in a shell that finds the command and this audit."""
    folder = str(Path(sys.executable).parent)
    environ = {**os.environ, "CLAIMS_PROJECT": str(ROOT), "PATH": f"{folder}:{os.environ['PATH']}"}
    done = subprocess.run(
        [shell, "-c", script], env=environ, capture_output=True, text=True, check=True
    )
    return done.stdout


@pytest.mark.skipif(not shutil.which("fish"), reason="needs fish")
def test_the_documented_line_completes_in_fish():
    """A description with a comma is shown whole."""
    script = "_CLAIMS_COMPLETE=fish_source claims | source; complete -C 'claims run C2 --reading n'"
    printed = _in_shell("fish", script)
    statement = REGISTER.claims["C2"].reading("next_round_number").statement.replace(",", ";")
    assert printed.split("\t") == ["next_round_number", f"{statement}\n"]


@pytest.mark.skipif(not shutil.which("bash"), reason="needs bash")
def test_the_documented_line_completes_in_bash():
    """As `source <(...)` and the Tab key do it."""
    script = """
    eval "$(_CLAIMS_COMPLETE=bash_source claims)"
    COMP_WORDS=(claims run c2) COMP_CWORD=2
    _claims_completion claims c2 run
    echo "${COMPREPLY[@]}"
    """
    printed = _in_shell("bash", script)
    assert printed.split() == ["C2"]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("data vintages nosuch", "no table 'nosuch'"),
        ("data show gdpp", "no table 'gdpp' (did you mean 'gdp'?)"),
        ("data rollback gdpp", "no table 'gdpp' (did you mean 'gdp'?)"),
        ("data list gdpp", "no table has 'gdpp' in its name or title"),
        ("show C99", "unknown claim 'C99' (did you mean 'C9'?)"),
        ("list --section x", "the sections are H (Header); A (Introduction)"),
    ],
)
def test_an_unknown_name_is_wrong_use_and_told(claims, line, told):
    answer = claims(ROOT, line)
    assert (answer.code, answer.out) == (2, "")
    assert told in answer.err


def test_short_names_are_understood(claims):
    assert "trade/japan_customs_taiwan" in claims(ROOT, "data vintages japan_customs_taiwan").out
    assert claims(ROOT, "list --section trade").out == claims(ROOT, "list --section C").out
