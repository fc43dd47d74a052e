"""The reference is what the code says, and all that is public says what it does."""

from __future__ import annotations

import inspect
import io
import pydoc
from pathlib import Path

import pytest

import analysis
from analysis.claims.model import Claim, Reading
from analysis.claims.schema import recipe_names, schema
from analysis.cli import data_reference, reference
from analysis.data.evidence import Evidence
from analysis.data.tables import Table
from analysis.methods.estimate import Citation, Criterion, Estimate
from analysis.methods.recipe_keys import COMMON, OF_TYPE
from analysis.notebook.explore.panel import Panel
from analysis.verdicts.rules import Judgement, Verdict
from analysis.verdicts.sweep import Curve, Shares, Trial

ROOT = Path(__file__).parents[2]
PAGE = reference.page()
MET = (Claim, Reading, Estimate, Citation, Evidence, Table, Curve, Trial, Shares, Judgement)
MET = (*MET, Verdict, Panel, Criterion)


def test_the_page_is_current():
    """If it is not: python -m analysis.cli.reference > docs/reference.md."""
    assert (ROOT / "docs" / "reference.md").read_text(encoding="utf-8") == PAGE


def test_every_key_says_what_it_means():
    grammar = schema()
    for kind in (grammar, *(grammar["$defs"][name] for _, name in reference.PARTS)):
        for key, own in kind["properties"].items():
            assert own.get("description", "").endswith((".", "`")), key


def test_every_key_of_a_recipe_says_what_it_means_and_no_meaning_is_left_over():
    grammar = schema()["$defs"]
    recipes = {name: set(grammar[name]["properties"]) for name in recipe_names(grammar)}
    assert all(keys <= recipes[name] for name, keys in _keys(OF_TYPE).items())
    usual = {key for name, keys in recipes.items() for key in keys - set(OF_TYPE.get(name, ()))}
    assert usual == COMMON.keys()
    for name in data_reference.recipes(grammar):  # those of the short form as well
        for key, own in grammar[name]["properties"].items():
            assert own.get("description", "").endswith("."), (name, key)


def _keys(meanings):
    return {name: set(own) for name, own in meanings.items()}


def test_every_command_is_in_it():
    for words in ("claims list", "claims run", "claims data pin"):
        assert f"### {words}\n" in PAGE


def test_what_is_public_is_completed_and_explained(subtests):
    for name in analysis.__all__:
        with subtests.test(name=name):
            assert name in dir(analysis)
            text = inspect.getdoc(getattr(analysis, name)) or ""
            assert text.partition("\n")[0].rstrip().endswith((".", ","))
            told = io.StringIO()
            pydoc.Helper(output=told).help(getattr(analysis, name))
            assert name.lower() in told.getvalue().lower()


def test_what_is_public_has_parameters_with_names_and_types():
    found = {name: getattr(analysis, name) for name in analysis.__all__}
    for name, each in found.items():
        for taken in inspect.signature(each).parameters.values() if callable(each) else ():
            assert taken.annotation is not taken.empty, (name, taken)
            assert taken.kind is not taken.POSITIONAL_ONLY, (name, taken)


def test_what_a_reader_meets_is_documented_to_the_last_method():
    for kind in MET:
        assert inspect.getdoc(kind), kind
        for name, member in vars(kind).items():
            own = member.fget if isinstance(member, property) else member
            if not name.startswith("_") and inspect.isfunction(inspect.unwrap(own)):
                assert inspect.getdoc(own), (kind, name)


@pytest.mark.parametrize(("typed", "meant"), [("analysis.ex", "explore"), ("analysis.cl", "claim")])
def test_a_name_is_completed_before_it_was_ever_used(typed, meant):
    from IPython.core.completer import provisionalcompleter
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell()
    shell.run_cell("import analysis")
    with provisionalcompleter():
        found = [each.text for each in shell.Completer.completions(typed, len(typed))]
    assert any(each.endswith(meant) for each in found)


def test_a_signature_is_as_it_was_written():
    written = (
        "(name: str, parameters: Mapping[str, Any] | None = None, *, method: str = '',"
        " reading: str = '', project: Project | None = None) -> Claim"
    )
    assert reference.signature(analysis.claim) == written
