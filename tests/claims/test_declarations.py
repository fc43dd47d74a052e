"""What a claim declares: its verb, what its rule fixes, what readings change, parts, searches."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, get_args, get_origin

import pytest
import yaml
from registers import MINIMAL

from analysis import yamlfile
from analysis.claims import registry, search_log
from analysis.errors import ClaimsError
from analysis.methods import METHODS, verbs
from analysis.methods.parameters import hints
from analysis.methods.verbs import DIFFERENCES, QUANTITIES, TESTS, VERBS
from analysis.project import Project

ROOT = Path(__file__).parents[2]


def read(folder: Path, **changes) -> registry.Register:
    content, _ = yamlfile.parse(MINIMAL.encode(), shown="x", error=ClaimsError)
    content["claims"]["T1"] |= changes.pop("claim", {})
    content["claims"]["T1"]["readings"] |= changes.pop("readings", {})
    (folder / "claims.yaml").write_text(yaml.safe_dump(content | changes, sort_keys=False))
    return registry.read(Project(folder))


OTHER = {"kind": "alternative", "statement": "another"}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"claim": {"fixed": ["reporter"]}}, "the rule fixes 'reporter' (`fixed`)"),
        ({"claim": {"fixed": ["reportr"]}}, "'reportr' is no parameter of level"),
        (
            {
                "claim": {"fixed": ["claimed"]},
                "readings": {"more": {**OTHER, "parameters": {"claimed": 1}}},
            },
            "the rule fixes 'claimed' (`fixed`): say what the reading `changes`",
        ),
        ({"claim": {"verb": "keeps_growing"}}, "is tested by: trend; the method 'level'"),
        ({"claim": {"verb": "is", "difference": "first"}}, "asserts the difference: level"),
        ({"readings": {"more": {**OTHER, "tag": "OVERSTATED"}}}, "votes earns no tag"),
        ({"readings": {"more": {**OTHER, "changes": ["adverb"]}}}, "adverb"),
        ({"claim": {"certainty": {"proxy": {"nothing": "x"}}}}, "'nothing' is no table"),
        (
            {
                "searches": [
                    {
                        "claims": ["T9"], "looked_for": "x", "where": "y",
                        "day": "2024-01-02", "found": "no", "grade": 4,
                    }
                ]
            },
            "unknown claim 'T9'",
        ),
    ],
)  # fmt: skip
def test_a_declaration_that_does_not_fit_is_an_error_with_its_line(tmp_path, changes, message):
    with pytest.raises(ClaimsError) as caught:
        read(tmp_path, **changes)
    (line,) = str(caught.value).splitlines()
    assert line.startswith("claims.yaml:")
    assert message in line


def test_a_reading_that_changes_a_word_may_set_what_the_rule_fixes(tmp_path):
    more = {**OTHER, "changes": ["object"], "tag": "OVERSTATED", "parameters": {"claimed": 1}}
    claim = read(tmp_path, claim={"fixed": ["claimed"]}, readings={"more": more}).claim("T1")
    assert not claim.reading("more").votes
    assert claim.literal.votes
    assert claim.read_as("more").literal.votes


def test_a_search_belongs_to_its_claims(tmp_path):
    search = {
        "claims": ["T1"], "looked_for": "a count", "where": "the office", "day": "2024-01-02",
        "found": "nothing", "grade": 4,
    }  # fmt: skip
    register = read(tmp_path, searches=[search])
    assert register.claim("T1").searches == register.searches
    line = "- T1, a count (the office; 2024-01-02): nothing"
    assert search_log.markdown(register).splitlines()[-1] == line


def test_every_test_that_a_method_makes_answers_a_verb():
    answered = set().union(*(verb.tests for verb in VERBS.values()))
    for name, test in TESTS.items():
        made = {test} if isinstance(test, str) else set(test[1].values())
        assert name in METHODS
        assert made <= answered


def test_every_way_of_a_method_has_a_test():
    for name, test in TESTS.items():
        if not isinstance(test, str):
            kind = hints(name)[test[0]]
            assert get_origin(kind) is Literal
            assert set(get_args(kind)) <= set(test[1])


def test_the_quantitative_claims_of_this_audit_state_verb_quantity_and_difference():
    claims = registry.read(Project(ROOT)).claims.values()
    quantitative = [each for each in claims if verbs.tested(each.method, each.parameters)]
    assert [each.id for each in quantitative if not each.verb] == []
    for claim in quantitative:
        assert claim.quantity in QUANTITIES
        assert claim.difference in DIFFERENCES


def test_the_page_of_searches_is_that_of_the_register():
    page = (ROOT / "docs" / "searched.md").read_text(encoding="utf-8")
    assert page == f"{search_log.markdown(registry.read(Project(ROOT)))}\n"
