"""claims.json: every claim with what it rests on, in one file that is described by a schema."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from analysis.claims import registry
from analysis.claims.model import REASONS
from analysis.data.sources import Sources
from analysis.exports.claims_json_schema import schema
from analysis.verdicts import results as results_file
from analysis.verdicts import wording

if TYPE_CHECKING:
    from analysis.claims.model import Claim
    from analysis.claims.registry import Register
    from analysis.project import Project

FILE, SCHEMA = "claims.json", "claims-export.schema.json"
VERSION = 2


def files(project: Project) -> dict[str, bytes]:
    """The claims and their schema."""
    found = results_file.read_results(project.fresh)
    listed = claims(found, registry.read(project), Sources.read(project))
    return {FILE: results_file.dump(listed).encode(), SCHEMA: results_file.dump(schema()).encode()}


def claims(
    results: Mapping[str, Any], found: Register, sources: Mapping[str, Any]
) -> dict[str, Any]:
    """All claims of the results, and once each source that any of them names."""
    listed = [_claim(entry, found.claim(entry["id"]), found) for entry in results["claims"]]
    named = sorted({name for each in listed for name in _named(each)})
    return {
        "$schema": SCHEMA,
        "version": VERSION,
        "article": results["article"],
        "inputs": results["inputs"],
        "claims": listed,
        "sources": {name: _source(sources[name]) for name in named},
    }


def _claim(entry: Mapping[str, Any], claim: Claim, found: Register) -> dict[str, Any]:
    return {
        **{name: entry[name] for name in ("id", "section", "statement", "type", "method")},
        "section_title": found.sections[claim.section],
        "locator": claim.locator,
        "title": claim.title,
        "core": claim.core,
        "rule": claim.rule,
        "readings": [
            {
                "name": reading.name,
                "kind": reading.kind,
                "statement": reading.statement,
                "votes": reading.votes,
            }
            for reading in claim.readings
        ],
        "untestable": _untestable(claim),
        "finding": {vintage: wording.finding(entry, vintage) for vintage in entry["verdict"]},
        **{name: entry[name] for name in ("verdict", "vintage_flag", "tags")},
        **{name: entry[name] for name in ("claimed", "estimate", "robustness", "sources", "rows")},
        # results from before the rule was kept have none
        "detail": {name: {"rule": None, **found} for name, found in entry["detail"].items()},
    }


def _untestable(claim: Claim) -> dict[str, str] | None:
    if claim.testable:
        return None
    return {
        "reason": claim.reason,
        "meaning": REASONS[claim.reason],
        "why": claim.why,
        "remedy": claim.remedy,
    }


def _named(listed: Mapping[str, Any]) -> set[str]:
    """The sources that a claim rests on, at either vintage."""
    return {
        *listed["sources"],
        *(name for detail in listed["detail"].values() for name in detail["sources"]),
    }


def _source(source: Any) -> dict[str, Any]:
    return {name: value for name, value in asdict(source).items() if name != "source_id"}
