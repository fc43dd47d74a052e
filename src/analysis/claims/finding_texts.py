"""The texts of findings: one an outcome, with placeholders that a run fills."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from string import Formatter
from typing import TYPE_CHECKING, Any, NamedTuple

from analysis.claims.declaration_checks import texts
from analysis.errors import suggest
from analysis.formatting import Number

if TYPE_CHECKING:
    from analysis.yamlfile import Path_

Fault = tuple["Path_", str]
Entry = Mapping[str, Any]
GROUPS = ("pass", "fail", "mixed", "open")  # of verdict codes: `verdicts.findings.GROUP_OF`
ROWS = (  # of the table of codes: a text for one of them goes before that of its group
    "nothing_found", "no_text_says_so", "no_design", "sign_fails", "readings_disagree",
    "specifications_disagree", "preferred_disagrees", "nearly_all_pass", "majority_passes",
    "most_pass", "nearly_all_fail", "majority_fails", "most_fail", "too_little", "sources_disagree",
    "thin",
    "no_search", "side_assertion_fails", "index_falls", "cause_not_identified",
    "effect_before_cause",
)  # fmt: skip
LONGEST = 140  # characters of a finding
COMMON = {
    "value": "the measured value",
    "low": "its lower bound",
    "high": "its upper bound",
    "claimed": "the number that the criterion names",
    "margin": "how far the value is from that number, without a sign",
    "measured": "value, bounds and unit as text",
    "criterion": "the criterion as text",
    "specifications": "how many specifications of the reading have evidence",
    "passing": "how many of them pass",
    "failing": "how many of them fail",
    "unclear": "how many of them are unclear",
    "least": "the lowest value of any of them",
    "most": "the highest value of any of them",
    "part": "the value of one piece of evidence, which the brackets name: {part[Imports]}",
}
OF_METHOD = {
    "documents": {
        "documents": "how many documents were read",
        "families": "how many source families they come from",
        "yes": "how many documents answer yes",
        "no": "how many answer no",
        "silent": "how many are silent on the question",
        "ambiguous": "how many can be read either way",
    },
    "timeline": {
        "day": "the day on record: of the event, of the highest stage, of the first case",
        "claimed_day": "the claimed day or days",
        "as_of": "the day up to which the record was read",
        "stage": "the highest stage on record",
        "claimed_stage": "the stage that the claim needs",
        "cases": "how many cases were looked at",
        "searched": "how many rows were searched for an earlier case",
    },
    "trend": {
        "series": "how many series vote",
        "up": "how many of them go up",
        "down": "how many go down",
        "flat": "how many are flat",
        "open": "how many are open",
        "direction": "the claimed direction: up or down",
        "agreeing": "how many of them go in that direction",
        "course": "where a single series votes: its ends, and what its verb is tested by",
        "change": "the change of the first series in percent a year",
        "first": "its first value",
        "last": "its last value",
        "since": "the period of its first value",
        "until": "the period of its last value",
        "p": "the p of all series together, or of the only one",
    },
    "breaks": {"year": "the year of the largest break", "p": "the p of the breaks"},
    "event_study": {"p": "the p of the placebo test"},
    "membership": {"bodies": "how many bodies are on the list"},
}
NUMBERS = re.compile(r"\d+(?:[.,]\d+)*")
FIELD = re.compile(r"(?P<name>\w+)(?:\[(?P<of>[^\]]+)\])?")


class Placeholder(NamedTuple):
    """A placeholder: its name, what the brackets name, and how the number is written."""

    name: str
    of: str = ""
    format: str = ""


def pieces(text: str) -> Iterator[tuple[str, Placeholder | None]]:
    """Each stretch of words with the placeholder behind it; ValueError for braces that do not fit.

    >>> list(pieces("{yes:text} of {documents}"))[1]
    (' of ', Placeholder(name='documents', of='', format=''))
    """
    for words, field, form, conversion in Formatter().parse(text):
        if field is None:
            yield words, None
        elif conversion or not (found := FIELD.fullmatch(field)):
            raise ValueError(f"{{{field}}} is no placeholder")
        else:
            yield words, Placeholder(found["name"], found["of"] or "", form or "")


def placeholders(method: str) -> dict[str, str]:
    """The names that a text of a claim of this method may ask for, each with its meaning."""
    return {**COMMON, **OF_METHOD.get(method, {})}


def finding_faults(entry: Entry, where: Path_) -> Iterator[Fault]:
    """What is wrong with the texts of one claim, which is given in full."""
    for key, text in entry.get("finding", {}).items():
        for message in _faults(text, entry):
            yield (*where, "finding", key), message


def _faults(text: str, entry: Entry) -> Iterator[str]:
    try:
        found = list(pieces(text))
    except ValueError as error:
        yield f"{error}; write a placeholder as {{value}} or {{value[a reading]}}"
        return
    words = "".join(each for each, _ in found)
    if len(words) > LONGEST:
        yield f"a finding has at most {LONGEST} characters, this one {len(words)}"
    stated = set(NUMBERS.findall(entry["statement"]))
    for number in NUMBERS.findall(words):
        if number not in stated:
            known = ", ".join(placeholders(entry["method"]))
            yield f"{number} is typed: a number comes from the record, by a placeholder: {known}"
    for _, each in found:
        if each is not None:
            yield from _misnamed(each, entry)


def _misnamed(each: Placeholder, entry: Entry) -> Iterator[str]:
    """A name that no record has, brackets that name nothing, a form that no number takes."""
    method = entry["method"]
    beside = entry.get("side_assertions", {}).get(each.of, {})
    known = placeholders(beside.get("method", method))
    if each.name not in known:
        message = f"unknown placeholder {each.name!r}{suggest(each.name, known)}"
        yield f"{message}; {method} has: {', '.join(known)}"
        return
    named = list(texts(entry) if each.name == "part" else _others(entry))
    if each.name == "part" and not each.of:
        yield "say which part: {part[NAME]}"
    elif each.of and each.of not in named:
        what = "part" if each.name == "part" else "reading, side assertion or choice=option"
        shown = ", ".join(dict.fromkeys(named)) if len(named) <= len(ROWS) else "many"
        yield f"no {what} is called {each.of!r}{suggest(each.of, named)}; there are: {shown}"
    try:
        format(Number(1), each.format)
    except ValueError as error:
        yield f"{error}: {each.format!r}; use a format of Python, as in {{value:.1f}}, or a noun"


def _others(entry: Entry) -> Iterator[str]:
    """What else of a claim is measured: readings, side assertions, other options of a choice."""
    yield from map(str, entry.get("readings", {}))
    yield from map(str, entry.get("side_assertions", {}))
    for choice, options in entry.get("grid", {}).items():
        yield from (f"{choice}={option}" for option in options)
