"""Give each entry what it takes from another claim (`like`) and from its file (`defaults`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from analysis.claims.files import DEFAULTS
from analysis.errors import suggest

if TYPE_CHECKING:
    from analysis.claims.files import Places
    from analysis.yamlfile import Path_

Entry = Mapping[str, Any]
SHORT_VERBS = (
    "at", "exceeds", "at_least", "below", "at_most", "rounds_to", "about",
    "rank", "rank_at_most", "rose", "fell", "happened",
)  # fmt: skip
OWN_WORDS = ("like", "says", "statement", "title", "core", "rule", "readings", "finding")
MERGED = ("where", "parameters")
SHORT_ONLY = ("measure", "where", "editions")  # defaults for claims in the short form


class InheritanceError(Exception):
    """An entry that refers to a claim from which it cannot take anything."""

    def __init__(self, path: Path_, message: str) -> None:
        super().__init__(message)
        self.path = path
        self.message = message


def inherited(value: Mapping[str, Any], places: Places) -> dict[str, Any]:
    """The register with entries that no longer refer to others; its form is right.

    Raises InheritanceError for a claim that is like an unknown one, or like itself.
    """
    claims, usual = value["claims"], value.get(DEFAULTS, {})
    if not usual and not any("like" in entry for entry in claims.values()):
        return dict(value)
    found = {name: _whole(name, value, places, ()) for name in claims}
    return {**{key: own for key, own in value.items() if key != DEFAULTS}, "claims": found}


def _whole(
    name: str, value: Mapping[str, Any], places: Places, before: tuple[str, ...]
) -> dict[str, Any]:
    """The entry with what it takes from the claim that it is like, then from its file."""
    claims, where = value["claims"], ("claims", name)
    entry = dict(claims[name])
    if other := entry.pop("like", ""):
        if other not in claims:
            message = f"unknown claim {other!r}{suggest(other, claims)}"
            raise InheritanceError((*where, "like"), message)
        if other in (name, *before):
            chain = " like ".join((*before, name, other))
            raise InheritanceError((*where, "like"), f"{chain}: a claim cannot be like itself")
        given = _lent(_whole(other, value, places, (*before, name)), entry)
        entry = _merged(entry, given, where, ("claims", other), places)
    file = places.at(where)["file"]
    usual = value.get(DEFAULTS, {}).get(file, {})
    if not _is_short(entry):
        usual = {key: own for key, own in usual.items() if key not in SHORT_ONLY}
    if "happened" in entry:  # an event has no editions
        usual = {key: own for key, own in usual.items() if key != "editions"}
    return _merged(entry, usual, where, (DEFAULTS, file), places)


def _is_short(entry: Entry) -> bool:
    return any(key in entry for key in SHORT_VERBS)


def _lent(other: Entry, entry: Entry) -> Entry:
    """What one claim gives to another: not its own words, and no second verb."""
    kept = (*OWN_WORDS, *(SHORT_VERBS if _is_short(entry) else ()))
    return {key: own for key, own in other.items() if key not in kept}


def _merged(
    entry: Entry, given: Entry, where: Path_, origin: Path_, places: Places
) -> dict[str, Any]:
    """The entry with the given keys that it lacks, which are in the place of their origin."""
    found = dict(entry)
    for key, own in given.items():
        if key not in entry:
            found[key] = own
            places.derive((*where, key), (*origin, key))
        elif key in MERGED:
            found[key] = {**own, **entry[key]}
            for word in own:
                if word not in entry[key]:
                    places.derive((*where, key, word), (*origin, key, word))
    return found
