"""Recipes in claims: every key of every recipe of every method is checked by its type."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, get_args, get_origin

import pytest
from click.testing import CliRunner

from analysis.claims import checks, files
from analysis.cli import main
from analysis.data.type_check import known_keys
from analysis.errors import ParameterError
from analysis.methods import METHODS
from analysis.methods.parameters import fit, hints
from analysis.project import Project

ROOT = Path(__file__).parents[2]
TEXTS = files.read(Project(ROOT))
CLAIMS, MARKS = files.parse(TEXTS)
FREE = {"timeline", "documents", "membership"}  # their only recipe is `where`


def keys(kind: Any, value: Any, path: tuple = ()) -> Iterator[tuple]:
    """The path of each key of a value that its type knows by name."""
    for option in [each for each in (get_args(kind) or [kind]) if known_keys(each)] or [kind]:
        if (known := known_keys(option)) and isinstance(value, Mapping) and set(value) <= {*known}:
            for key, item in value.items():
                yield (*path, key)
                yield from keys(_plain(known[key]), item, (*path, key))
            return
    parts = [each for each in (kind, *get_args(kind)) if isinstance(get_origin(each), type)]
    for part in parts:
        if isinstance(value, Mapping) and issubclass(get_origin(part), Mapping):
            for key, item in value.items():
                yield from keys(get_args(part)[1], item, (*path, key))
            return
        if isinstance(value, list) and issubclass(get_origin(part), Sequence):
            for index, item in enumerate(value):
                yield from keys(get_args(part)[0], item, (*path, index))
            return


def _plain(kind: Any) -> Any:
    return get_args(kind)[0] if "NotRequired" in str(get_origin(kind)) else kind


def places() -> dict[tuple, tuple]:
    """One key of each kind of recipe: (method, path without positions and names) to its path."""
    found: dict[tuple, tuple] = {}
    for where, name, parameters in checks.parameter_blocks(CLAIMS):
        types = hints(name)
        for parameter, value in parameters.items():
            for path in keys(types[parameter], value):
                pattern = (name, parameter, *(each for each in path if isinstance(each, str)))
                found.setdefault(pattern, (*where, parameter, *path))
    return found


PLACES = places()


def misspelt(path: tuple) -> tuple[dict[str, Any], tuple]:
    """The claims file with only the claim of a path, in which the path's last key has an x more."""
    value = {**CLAIMS, "claims": {path[1]: copy.deepcopy(CLAIMS["claims"][path[1]])}}
    owner: Any = value
    for step in path[:-1]:
        owner = owner[step]
    owner[f"{path[-1]}x"] = owner.pop(path[-1])
    return value, (*path[:-1], f"{path[-1]}x")


def test_recipes_of_every_method_are_walked():
    assert {pattern[0] for pattern in PLACES} >= set(METHODS) - FREE
    assert len(PLACES) > 150


def test_a_misspelt_key_of_any_recipe_is_an_error_with_a_suggestion():
    missed = []
    for pattern, place in PLACES.items():
        value, path = misspelt(place)
        told = dict(checks.parameter_faults(value)).get(path, "")
        if f"unknown key {path[-1]!r} (did you mean '{pattern[-1]}'?)" not in told:
            missed.append((pattern, told))
    assert missed == []


def test_claims_list_reports_a_misspelt_key_with_its_line(tmp_path, monkeypatch):
    path = next(iter(PLACES.values()))
    file, line, column = MARKS.at(path).values()
    (tmp_path / "claims").mkdir()
    for name, content in TEXTS.items():
        (tmp_path / name).write_bytes(content)
    text = TEXTS[file].decode().splitlines(keepends=True)
    before, after = text[line - 1][: column - 1], text[line - 1][column - 1 :]
    text[line - 1] = before + after.replace(path[-1], f"{path[-1]}x", 1)
    (tmp_path / file).write_text("".join(text), encoding="utf-8")
    monkeypatch.setenv("CLAIMS_PROJECT", str(tmp_path))
    done = CliRunner().invoke(main, ["list"], prog_name="claims")
    assert f"{file}:{line}:{column}: unknown key '{path[-1]}x'" in done.stderr


@pytest.mark.parametrize(
    ("recipe", "message"),
    [
        ({"terms": 1}, "expected a list, found 1"),
        ({}, "missing key 'terms'"),
        (
            {"terms": [{"table": "a/b", "value": "v", "where": {"year": None}}]},
            "or a list or keys and values, found null",
        ),
        (
            {"terms": [{"table": "a/b", "value": "v", "where": {"year": {"mn": 1}}}]},
            "unknown key 'mn' (did you mean 'min'?); expected one of: min, max, not",
        ),
    ],
)
def test_a_recipe_given_as_a_parameter_is_checked_as_well(recipe, message):
    with pytest.raises(ParameterError) as caught:
        fit("measures", [recipe], hints("level")["measures"])
    assert message in str(caught.value)


def test_of_several_forms_the_nearest_one_explains_the_fault():
    series = {"table": "a/b", "time": "year", "values": "v", "where": {}}
    with pytest.raises(ParameterError, match=r"all_series\.s\.value: missing key 'value'"):
        fit("all_series", {"s": series}, hints("breaks")["all_series"])
