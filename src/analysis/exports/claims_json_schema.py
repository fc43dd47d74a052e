"""The JSON Schema of claims.json."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analysis.claims.model import REASONS, TAGS
from analysis.data.sources import GRADES
from analysis.verdicts.certainty import LEVELS
from analysis.verdicts.code_table import CODES, RULE_WORDS
from analysis.verdicts.sweep import VINTAGES

TEXT = {"type": "string"}
MAYBE = {"type": ["string", "null"]}
NUMBER = {"type": ["number", "null"]}
SHARE = {"type": ["number", "null"], "minimum": 0, "maximum": 1}
LIST = {"type": "array", "items": TEXT, "uniqueItems": True}
HASH = {"type": "string", "pattern": "^[0-9a-f]{64}$"}


def _object(properties: Mapping[str, Any], optional: tuple[str, ...] = ()) -> dict[str, Any]:
    """An object of exactly these properties."""
    return {
        "type": "object",
        "properties": dict(properties),
        "required": [name for name in properties if name not in optional],
        "additionalProperties": False,
    }


def _named(values: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": values}


def _array(items: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


def _or_null(shape: Mapping[str, Any]) -> dict[str, Any]:
    return {"anyOf": [shape, {"type": "null"}]}


def schema() -> dict[str, Any]:
    """The schema, by JSON Schema 2020-12."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Claims of an article with their verdicts",
        **_object(
            {
                "$schema": TEXT,
                "version": {"const": 2},
                "article": _object({"title": TEXT, "publisher": TEXT, "published": TEXT}),
                "inputs": _named(HASH),
                "claims": _array({"$ref": "#/$defs/claim"}),
                "sources": _named(_source()),
            }
        ),
        "$defs": {"claim": _claim(), "verdict": _verdict(), "detail": _detail()},
    }


def _claim() -> dict[str, Any]:
    texts = ("id", "section", "statement", "type", "section_title", "locator", "title")
    return _object(
        {
            **dict.fromkeys(texts, TEXT),
            "method": MAYBE,
            "core": TEXT,
            "rule": TEXT,
            "readings": _array(_reading()),
            "untestable": _or_null(_untestable()),
            "finding": _object(dict.fromkeys(VINTAGES, TEXT)),
            "verdict": _object({name: {"$ref": "#/$defs/verdict"} for name in VINTAGES}),
            "vintage_flag": TEXT,
            "tags": _array({"enum": list(TAGS)}),
            "claimed": MAYBE,
            "estimate": _or_null(_object({**_interval(), "unit": TEXT})),
            "robustness": _object(
                {"pass_share": SHARE, "fail_share": SHARE, "specifications": {"type": "integer"}}
            ),
            "sources": LIST,
            "rows": LIST,
            "detail": _named({"$ref": "#/$defs/detail"}),
        }
    )


def _reading() -> dict[str, Any]:
    return _object({"name": TEXT, "kind": TEXT, "statement": TEXT, "votes": {"type": "boolean"}})


def _untestable() -> dict[str, Any]:
    return _object(
        {"reason": {"enum": list(REASONS)}, "meaning": TEXT, "why": TEXT, "remedy": TEXT}
    )


def _verdict() -> dict[str, Any]:
    return _object({"code": {"enum": list(CODES)}, "certainty": {"enum": [*LEVELS.values(), None]}})


def _detail() -> dict[str, Any]:
    grade = _object(
        {"code": {"enum": list(LEVELS.values())}, "start": {"type": "integer"}} | _why()
    )
    counterexample = {"changes": _named({"type": "array"}), "outcome": TEXT, "value": NUMBER}
    return _object(
        {
            "rule": {"enum": [*RULE_WORDS, None]},
            "tags": _array({"enum": list(TAGS)}),
            **_why(),
            "certainty": _or_null(grade),
            "alternatives": _named({"enum": list(CODES)}),
            "pivotal_sources": LIST,
            "sensitivity": _named(NUMBER),
            "nearest_counterexample": _or_null(_object(counterexample)),
            **_interval(),
            "sources": LIST,
            "tests": _array({"type": "array", "prefixItems": [TEXT, NUMBER], "items": False}),
        }
    )


def _why() -> dict[str, Any]:
    return {"reasons": _array(TEXT)}


def _interval() -> dict[str, Any]:
    return dict.fromkeys(("value", "low", "high"), NUMBER)


def _source() -> dict[str, Any]:
    maybe = ("url", "published", "retrieved", "licence", "note")
    return _object(
        {
            **dict.fromkeys(("publisher", "title", "family"), TEXT),
            **dict.fromkeys(maybe, MAYBE),
            "quality": {"enum": list(GRADES)},
        }
    )
