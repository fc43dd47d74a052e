"""The grammar of claims.yaml and claims/ as a JSON Schema, made from the methods' own fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any, Literal, get_args, get_origin, get_type_hints

from analysis.claims.declarations import Certainty
from analysis.claims.descriptions import MEANINGS
from analysis.claims.model import ELEMENTS, REASONS, TAGS
from analysis.methods import METHODS, method
from analysis.methods.verbs import DIFFERENCES, QUANTITIES, VERBS

TYPES = (
    "attribution",
    "causal",
    "comparison",
    "composition",
    "event",
    "forecast",
    "level",
    "normative",
    "ranking",
    "trend",
)
JSON_TYPES = {str: "string", float: "number", int: "integer", bool: "boolean"}
TEXT = {"type": "string", "minLength": 1}
DECLARED = {"anyOf": [TEXT, {"type": "object", "minProperties": 1, "additionalProperties": TEXT}]}
DAY = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
NAME = {"type": "string", "pattern": "^[A-Z][A-Za-z]*[0-9]+[a-z]?$"}
WEB = {"type": "string", "pattern": "^https?://"}
TABLE = {"type": "string", "pattern": "^[a-z_]+/[a-z0-9_]+$"}


def schema() -> dict[str, Any]:
    """The JSON Schema of a file of the register; a key may be in another, so none is required."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Register of claims",
        "type": "object",
        "additionalProperties": False,
        "properties": _told(
            "file",
            {
                "article": _object(
                    {"title": TEXT, "publisher": TEXT, "published": DAY, "url": WEB},
                    required=["title", "publisher", "published"],
                ),
                "sections": {"type": "object", "additionalProperties": TEXT},
                "names": {"type": "object", "additionalProperties": TEXT},
                "deviations": {
                    "type": "array",
                    "items": _object(
                        {
                            "date": DAY,
                            "claims": {"type": "array", "items": TEXT},
                            "what": TEXT,
                            "why": TEXT,
                        },
                        required=["date", "claims", "what", "why"],
                    ),
                },
                "searches": {"type": "array", "items": _search_schema()},
                "claims": {
                    "type": "object",
                    "propertyNames": NAME,
                    "additionalProperties": {"$ref": "#/$defs/claim"},
                },
            },
        ),
        "$defs": {"claim": _claim_schema(), **{name: _parameters(name) for name in METHODS}},
    }


def _told(of: str, properties: dict[str, Any]) -> dict[str, Any]:
    """The keys with their meanings, which editors show."""
    meanings = MEANINGS[of]
    return {key: {**own, "description": meanings[key]} for key, own in properties.items()}


def _object(properties: dict[str, Any], required: Sequence[str] = ()) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(required),
        "properties": properties,
    }


def _search_schema() -> dict[str, Any]:
    texts = dict.fromkeys(("looked_for", "where", "found"), TEXT)
    grade = {"type": "integer", "minimum": 1, "maximum": 4}
    claims = {"type": "array", "minItems": 1, "items": TEXT}
    properties = {"claims": claims, **texts, "day": DAY, "grade": grade}
    return _object(_told("search", properties), required=list(properties))


def _claim_schema() -> dict[str, Any]:
    free = {"type": "object"}
    choices = {"type": "object", "additionalProperties": {"type": "array", "minItems": 1}}
    reading = _object(
        _told(
            "reading",
            {
                "kind": {"enum": ["literal", "charitable", "alternative"]},
                "statement": TEXT,
                "parameters": free,
                "changes": {
                    "type": "array",
                    "minItems": 1,
                    "items": {"enum": list(ELEMENTS)},
                },
                "tag": {"enum": list(TAGS)},
            },
        ),
        required=["statement"],
    )
    periphery = _object(
        _told(
            "periphery",
            {
                "statement": TEXT,
                "tag": {"enum": list(TAGS)},
                "method": {"enum": list(METHODS)},
                "parameters": free,
                "needed": {"type": "boolean"},
            },
        ),
        required=["statement", "tag", "parameters"],
    )
    periphery["allOf"] = [
        {
            "if": _has("method", {"const": name}),
            "then": {"properties": {"parameters": {"$ref": f"#/$defs/{name}"}}},
        }
        for name in METHODS
    ]
    properties = {
        "section": TEXT,
        "locator": TEXT,
        "title": TEXT,
        "statement": TEXT,
        "type": {"enum": list(TYPES)},
        "checkable": {"enum": ["yes", "partly", "no"]},
        "rule": TEXT,
        "reason": {"enum": list(REASONS)},
        "why": TEXT,
        "remedy": TEXT,
        "core": TEXT,
        "periphery": {"type": "object", "additionalProperties": periphery},
        "readings": {
            "type": "object",
            "minProperties": 1,
            "maxProperties": 5,
            "additionalProperties": {"anyOf": [TEXT, reading]},
        },
        "method": TEXT,
        "parameters": free,
        "grid": choices,
        "constraints": {
            "type": "array",
            "items": _object({"when": choices, "only": choices}, ["when", "only"]),
        },
        "tables": {"type": "array", "items": TABLE},
        "tags": {"type": "array", "items": {"enum": list(TAGS)}},
        "causal": {"enum": ["none", "sign", "identified"]},
        "certainty": _object(
            {
                item.name: DECLARED if item.name in ("proxy", "stake", "practice") else TEXT
                for item in fields(Certainty)
            }
        ),
        "untested": TEXT,
        "decided_by": TEXT,
        "verb": {"enum": list(VERBS)},
        "quantity": {"enum": list(QUANTITIES)},
        "difference": {"enum": list(DIFFERENCES)},
        "fixed": {"type": "array", "items": TEXT},
        "pending": TEXT,
    }
    claim = _object(
        _told("claim", properties),
        ["locator", "title", "statement", "type"],
    )
    untestable = {"anyOf": [_has("checkable", {"const": "no"}), {"required": ["reason"]}]}
    claim["allOf"] = [
        {
            "if": untestable,
            "then": {"required": ["reason", "why", "remedy"]},
            "else": {"required": ["rule", "method"]},
        },
        {
            "if": {"not": {"anyOf": [untestable, {"required": ["pending"]}]}},
            "then": {"required": ["parameters"], "properties": {"method": {"enum": list(METHODS)}}},
        },
        *(_typed(name) for name in METHODS),
    ]
    return claim


def _has(key: str, value: dict[str, Any]) -> dict[str, Any]:
    """Holds of a mapping that has the key with such a value."""
    return {"required": [key], "properties": {key: value}}


def _typed(name: str) -> dict[str, Any]:
    """Parameters, grid, readings and periphery of a claim that uses method `name`."""
    own = _parameters(name)["properties"]
    grid = {key: {"type": "array", "items": kind} for key, kind in own.items()}
    partial = {"$ref": f"#/$defs/{name}"}
    return {
        "if": _has("method", {"const": name}),
        "then": {
            "properties": {
                "parameters": partial,
                "grid": {"type": "object", "additionalProperties": False, "properties": grid},
                "readings": {"additionalProperties": {"properties": {"parameters": partial}}},
                "periphery": {
                    "additionalProperties": {
                        "if": {"not": {"required": ["method"]}},
                        "then": {"properties": {"parameters": partial}},
                    }
                },
            }
        },
    }


def _parameters(name: str) -> dict[str, Any]:
    kind = method(name)
    hints = get_type_hints(kind)
    return _object({item.name: _json_type(hints[item.name]) for item in fields(kind)})


def _json_type(hint: Any) -> dict[str, Any]:
    if get_origin(hint) is Literal:
        return {"enum": list(get_args(hint))}
    origin = get_origin(hint) or hint
    if origin in JSON_TYPES:
        return {"type": JSON_TYPES[origin]}
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {"type": "object"}
    if isinstance(origin, type) and issubclass(origin, Sequence):
        (item,) = get_args(hint)
        return {"type": "array", "items": _json_type(item)}
    return {}
