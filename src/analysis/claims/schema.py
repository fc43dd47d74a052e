"""The grammar of claims.yaml and claims/ as JSON Schema, made of the types that check them."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator, Mapping
from itertools import pairwise
from types import ModuleType
from typing import Any

from analysis.claims.checks import ALWAYS, NEEDED
from analysis.data.type_check import DIALECT, json_schema
from analysis.methods import METHODS, composition_recipes, recipe_keys, recipes

FREE_CHOICE = {"type": "array", "items": {"type": ["string", "number"]}, "minItems": 1}


def schema() -> dict[str, Any]:
    """The JSON Schema of a file of the register; a key may be in another, so none is required."""
    from analysis.claims import forms, short_keys

    kinds: dict[str, Any] = {"file": forms.ClaimsFile}
    kinds |= {name: forms.parameters_of(name) for name in METHODS}
    kinds |= {_grid(name): forms.grid_of(name) for name in METHODS}
    kinds = json_schema(**kinds)["$defs"]
    for name in METHODS:  # a grid may have choices of its own
        kinds[_grid(name)]["additionalProperties"] = FREE_CHOICE
    for module in (forms, short_keys):
        for kind, key, meaning in _meanings(module):
            own = "ClaimForm" if kind == "ShortKeys" else kind  # which has them as its own
            kinds[own]["properties"][key]["description"] = meaning
    for name in recipe_names(kinds):
        for key, own in kinds[name]["properties"].items():
            own["description"] = recipe_keys.meaning(name, key)
    file = kinds.pop("ClaimsFile")
    del file["required"]
    kinds["ClaimForm"]["allOf"] = _conditions()
    kinds["SideAssertionForm"]["allOf"] = [
        {"if": _has("method", name), "then": _own_parameters(name)} for name in METHODS
    ]
    return {"$schema": DIALECT, **file, "title": "Register of claims", "$defs": kinds}


def recipe_names(kinds: Mapping[str, Any]) -> list[str]:
    """Which of these kinds are recipes of the methods, by `recipes` and `composition_recipes`."""
    known = {**vars(recipes), **vars(composition_recipes)}
    return [name for name in kinds if name in known]


def _meanings(module: ModuleType) -> Iterator[tuple[str, str, str]]:
    """The text below each key of each type, as Sphinx reads it; nothing has it at run time."""
    for kind in ast.parse(inspect.getsource(module)).body:
        for key, text in pairwise(getattr(kind, "body", ())):
            match kind, key, text:
                case (
                    ast.ClassDef(name=name),
                    ast.AnnAssign(target=ast.Name(id=of)),
                    ast.Expr(value=ast.Constant(value=str(words))),
                ):
                    yield name, of, " ".join(words.split())


def _conditions() -> list[dict[str, Any]]:
    """What a claim needs because of what it says elsewhere."""
    from analysis.claims.short_keys import Defaults

    untestable = {"anyOf": [_has("checkable", "no"), {"required": ["reason"]}]}
    idle = {"anyOf": [untestable, {"required": ["pending"]}]}
    always = [key for key in ALWAYS if key not in Defaults.__annotations__]  # else there
    short = {"anyOf": [{"required": [key]} for key in ("says", "like")]}
    long_and_runs = {"not": {"anyOf": [idle, short]}}
    return [
        {"if": short, "else": {"required": always}},
        {
            "if": untestable,
            "then": {"required": list(NEEDED["no"])},
            "else": {"if": short, "else": {"required": list(NEEDED["yes"])}},
        },
        {
            "if": long_and_runs,
            "then": {"required": ["parameters"], "properties": {"method": {"enum": list(METHODS)}}},
        },
        *({"if": _has("method", name), "then": _typed(name)} for name in METHODS),
    ]


def _has(key: str, value: str) -> dict[str, Any]:
    """Holds of a mapping that has this value."""
    return {"required": [key], "properties": {key: {"const": value}}}


def _typed(name: str) -> dict[str, Any]:
    """Parameters, grid, readings and side assertions of a claim of the method called `name`."""
    own = _own_parameters(name)
    unless = {"if": {"not": {"required": ["method"]}}, "then": own}
    parts = {"readings": own, "side_assertions": unless}
    others = {part: {"additionalProperties": kind} for part, kind in parts.items()}
    return {"properties": {**own["properties"], "grid": _ref(_grid(name)), **others}}


def _own_parameters(name: str) -> dict[str, Any]:
    return {"properties": {"parameters": _ref(name)}}


def _grid(name: str) -> str:
    return f"{name}_grid"


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/$defs/{name}"}
