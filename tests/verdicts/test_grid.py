"""Laws of a grid: every combination has one number, and the registered grid is one such grid."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from builders import claim as made_up
from hypothesis import given
from hypothesis import strategies as st

from analysis.claims import parameter_grid, registry
from analysis.errors import ParameterError
from analysis.project import Project
from analysis.verdicts.grid import expanded_grid, identity

CLAIMS = registry.read(Project(Path(__file__).parents[2])).claims
TESTABLE = [name for name, claim in CLAIMS.items() if claim.testable]
OPTIONS = st.lists(st.integers(0, 9), min_size=1, max_size=4, unique=True)


def level(**changes):
    return made_up("level", {"measures": [{"terms": []}], "claimed": 10, "unit": "t"}, **changes)


@given(st.dictionaries(st.sampled_from(["reporter", "period", "edition", "source"]), OPTIONS))
def test_numbers_and_combinations_are_one_to_one(factors):
    whole = expanded_grid(level(), "literal", factors)
    found = [tuple(whole.choices(number).items()) for number in range(len(whole))]
    assert len(set(found)) == len(whole)
    assert found == sorted(found, key=lambda each: [factors[n].index(v) for n, v in each])


@given(OPTIONS, OPTIONS, st.integers(0, 16), st.integers(0, 16))
def test_a_space_may_be_cut_anywhere(one, other, first, second):
    whole = expanded_grid(level(), "literal", {"reporter": one, "period": other})
    cuts = sorted([0, min(first, len(whole)), min(second, len(whole)), len(whole)])
    parts = [item for start, stop in pairwise(cuts) for item in whole.specifications(start, stop)]
    assert parts == list(whole.specifications(0, len(whole)))


def test_the_registered_grid_is_a_space(subtests):
    """Sweep and large sweep try the same specifications of every reading of every claim."""
    for claim in (CLAIMS[name] for name in TESTABLE):
        for reading in claim.readings:
            with subtests.test(claim=claim.id, reading=reading.name):
                _is_a_space(claim, reading)


def _is_a_space(claim, reading):
    whole = expanded_grid(claim, reading.name, {})
    numbered = {identity(found) for _, found in whole.specifications(0, len(whole))}
    registered = {identity(found): found for found in claim.specifications(reading)}
    assert numbered <= registered.keys()
    for found in (registered[each] for each in registered.keys() - numbered):
        # A sweep begins with the preferred choice, and varies it, wherever it lies.
        outside = {n for n, v in found.choices.items() if v not in claim.grid[n]}
        assert outside or found == claim.preferred(reading)


@pytest.mark.parametrize(
    ("told", "options"),
    [
        ("claimed=1,2.5,1", (1, 2.5)),
        ("claimed=0:1:5", (0, 0.25, 0.5, 0.75, 1)),
        ("reporter=Japan,mirror", ("Japan", "mirror")),
        ("period=10:30", ("10:30",)),
        ("summary=median,lowest", ("median", "lowest")),
    ],
)
def test_options_are_read_as_the_methods_types(told, options):
    ((_, found),) = parameter_grid.parse(level(), [told]).items()
    assert found == options


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ("claimed", "not of the form name=a,b,c"),
        ("claimd=1", "did you mean 'claimed'"),
        ("claimed=1,b", "claimed=b: expected a number"),
        ("claimed=2:1:5", "expected low < high"),
        ("claimed=1:2:1", "a count from 2 to 10,000,000"),
        ("claimed=1:2:99999999999", "a count from 2 to 10,000,000"),
        ("claimed=1:inf:3", "expected low < high"),
        ("summary=mode", "expected one of: median"),
    ],
)
def test_options_that_are_none_are_told(told, words):
    with pytest.raises(ParameterError, match=words):
        parameter_grid.parse(level(), [told])


def test_a_reading_that_is_none_and_a_factor_that_it_fixes_are_told():
    claim = level(readings={"other": {"claimed": 12}})
    with pytest.raises(ParameterError, match=r"no reading 'othr' \(did you mean 'other'\?\)"):
        expanded_grid(claim, "othr", {})
    with pytest.raises(ParameterError, match="the reading 'other' fixes claimed at 12"):
        expanded_grid(claim, "other", {"claimed": (1, 2)})


def test_a_file_gives_lists_and_ranges_and_the_command_line_wins(tmp_path):
    file = tmp_path / "wide.yaml"
    file.write_text("claimed: {from: 0, to: 1, count: 3}\nsummary: [median, lowest, median]\n")
    assert parameter_grid.options(level(), [], file) == {
        "claimed": (0, 0.5, 1),
        "summary": ("median", "lowest"),
    }
    assert parameter_grid.options(level(), ["claimed=4,5"], file)["claimed"] == (4, 5)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "expected factors with their options"),
        ("- 1", "expected factors with their options"),
        ("claimed: [", ":2:1: did not find expected"),
        ("claimed: 3", "expected a list, or from, to and count; found 3"),
        ("claimed: []", "expected a list"),
        ("claimed: {from: 2, to: 1, count: 3}", "expected low < high"),
        ("claimd: [1]", "did you mean 'claimed'"),
    ],
)
def test_a_file_that_is_no_grid_is_told_with_its_name(tmp_path, text, words):
    file = tmp_path / "wide.yaml"
    file.write_text(text)
    with pytest.raises(ParameterError, match=words) as told:
        parameter_grid.options(level(), [], file)
    assert str(told.value).startswith(str(file))
