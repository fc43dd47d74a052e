"""From the plain entries of claims.yaml to claims."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analysis.claims.admissible import Constraint
from analysis.claims.declarations import Certainty, Search
from analysis.claims.model import Claim, Reading, SideAssertion

STRUCTURED = (
    "readings", "side_assertions", "constraints", "certainty", "tables", "tags", "fixed",
    "searches",
)  # fmt: skip


def claim_of(name: str, entry: Mapping[str, Any]) -> Claim:
    """The claim of a checked entry."""
    plain = {key: entry[key] for key in entry if key not in STRUCTURED}
    return Claim(
        id=name,
        readings=tuple(
            Reading(name=key, **{**reading, "changes": tuple(reading.get("changes", ()))})
            for key, reading in entry.get("readings", {}).items()
        ),
        side_assertions=tuple(
            SideAssertion(name=key, **item)
            for key, item in entry.get("side_assertions", {}).items()
        ),
        constraints=tuple(
            Constraint(when=item["when"], only=item["only"])
            for item in entry.get("constraints", ())
        ),
        certainty=Certainty(**entry.get("certainty", {})),
        tables=tuple(entry.get("tables", ())),
        tags=tuple(entry.get("tags", ())),
        fixed=tuple(entry.get("fixed", ())),
        searches=tuple(map(search_of, entry.get("searches", ()))),
        **plain,
    )


def search_of(entry: Mapping[str, Any]) -> Search:
    """The logged search of a checked entry."""
    return Search(**{**entry, "claims": tuple(entry["claims"])})
