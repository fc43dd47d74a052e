"""Write the short form of a claim out: `says`, `measure`, `where` and a verb become the long form.

What is generated takes the place of the key that it is generated from, so that an error in it
names the line that a person wrote.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from analysis.claims.inherit import SHORT_VERBS, InheritanceError, inherited
from analysis.claims.measures import ColumnMeasure
from analysis.claims.sentence import (
    Entry,
    Sentence,
    ShortFormError,
    named_measure,
    subject,
    title,
)
from analysis.claims.short_cases import draft_of_cases

if TYPE_CHECKING:
    from analysis.claims.files import Places
    from analysis.claims.measures import Measures
    from analysis.yamlfile import Path_

Fault = tuple["Path_", str]
FIXED = ("claimed", "claimed_from", "comparison", "direction")  # by a verb, without `fixed`
QUALIFIERS = (
    "measure",
    "where",
    "editions",
    "reduce",
    "rounding",
    "unit",
    "per",
    "minus",
    "among",
    "pooled",
    "cases",
)  # of a verb, and nothing without one


def written_out(
    value: Mapping[str, Any], places: Places, measures: Measures
) -> tuple[dict[str, Any], list[Fault]]:
    """The register without short keys, and the faults of those; its form is right."""
    try:
        whole = inherited(value, places)
    except InheritanceError as error:
        return dict(value), [(error.path, error.message)]
    claims, faults = {}, []
    for name, entry in whole["claims"].items():
        where = ("claims", name)
        try:
            claims[name] = _claim(entry, where, places, measures)
        except ShortFormError as error:
            faults.append(((*where, *error.key), error.message))
    return {**whole, "claims": claims}, faults


def _claim(entry: Entry, where: Path_, places: Places, measures: Measures) -> dict[str, Any]:
    """The long form of an entry; one without short keys stays as it is."""
    verbs = [key for key in SHORT_VERBS if key in entry]
    if not verbs:
        for key in QUALIFIERS:
            if key in entry:
                known = ", ".join(SHORT_VERBS)
                raise ShortFormError((key,), f"{key!r} needs a verb: one of {known}")
        return _said(entry, where, places)
    if len(verbs) > 1:
        both = f"{verbs[1]!r} is a second verb, after {verbs[0]!r}"
        raise ShortFormError((verbs[1],), f"{both}: a claim has one; make a claim of each")
    if "method" in entry:
        message = f"the verb {verbs[0]!r} says the method: leave it out, or write the long form"
        raise ShortFormError(("method",), message)
    return _tested(entry, verbs[0], where, places, measures)


def _said(entry: Entry, where: Path_, places: Places) -> dict[str, Any]:
    """The entry with statement and title in the place of `says`."""
    if "says" not in entry:
        return dict(entry)
    if "statement" in entry:
        raise ShortFormError(("says",), "'says' is the statement: keep one of the two")
    statement: str = entry["says"]
    made = {"title": title(statement), "statement": statement}
    for key in made:
        places.derive((*where, key), (*where, key if key in entry else "says"))
    return {**made, **{key: own for key, own in entry.items() if key != "says"}}


def _tested(
    entry: Entry, verb: str, where: Path_, places: Places, measures: Measures
) -> dict[str, Any]:
    """The long form of an entry with a verb."""
    stated = entry[verb]
    sentence = Sentence(
        entry=entry,
        verb=verb,
        stated=stated,
        digits=places.decimal((*where, verb)) or str(stated),
        measures=measures,
        measure=_measure(entry, verb, measures),
    )
    meant = draft_of_cases(sentence)
    whole = {"sum": "the sum of", "median": "the median of"}.get(entry.get("reduce", ""))
    words = (whole, subject(sentence.measure, sentence.where), meant.divisor, meant.predicate)
    reading = " ".join(filter(None, words))
    made: dict[str, Any] = {
        "type": meant.type,
        "rule": f"Supported if {reading}.",
        "method": meant.method,
        "fixed": [key for key in FIXED if key in meant.parameters],
    }
    if "rule" not in entry:  # who says the rule in words means the statement, as in the long form
        made["readings"] = {"literal": f"{reading}."}
    long = {key: own for key, own in entry.items() if key not in (*QUALIFIERS, verb)}
    full = {**made, **_said(long, where, places)}
    full["parameters"] = {**meant.parameters, **entry.get("parameters", {})}
    origins: dict[Path_, Path_] = {(key,): (verb,) for key in made if key not in entry}
    if "parameters" not in entry:
        origins["parameters",] = (verb,)
    if "measure" in entry:
        origins["tables",] = ("measure",)
    for key, origin in meant.origins.items():
        if key[0] not in entry.get("parameters", {}):
            origins["parameters", *key] = origin
    for key, origin in origins.items():
        places.derive((*where, *key), (*where, *origin))
    return full


def _measure(entry: Entry, verb: str, measures: Measures) -> ColumnMeasure:
    if "measure" in entry:
        return named_measure(entry["measure"], ("measure",), measures)
    if verb != "happened":
        message = "missing key 'measure': <topic>/<table>.<column>, the column that is meant"
        raise ShortFormError((verb,), message)
    return ColumnMeasure(table="documents/events", column="date_start")
