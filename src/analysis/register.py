"""Read and check claims.yaml: every error names its line, what was expected and what to do."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from analysis import marks
from analysis.claims import Certainty, Claim, Constraint, Periphery, Reading
from analysis.errors import AnalysisError, ClaimsError, ParameterError, suggest
from analysis.grammar import schema
from analysis.project import write_atomically

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.project import Project


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """The text under audit."""

    title: str
    publisher: str
    published: date
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """The claims of one article, in its order."""

    article: Article
    sections: Mapping[str, str]
    claims: Mapping[str, Claim]
    deviations: tuple[Mapping[str, str], ...] = ()

    def claim(self, name: str) -> Claim:
        """The claim called `name`; an unknown one is an error with a suggestion."""
        if name not in self.claims:
            message = f"unknown claim {name!r}{suggest(name, self.claims)}"
            raise ClaimsError(f"{message}; run `claims list` to see them all")
        return self.claims[name]


def read(project: Project) -> Register:
    """The register, checked. A text that was checked before is not checked again."""
    path = project.claims
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise ClaimsError("no such file; an audit needs one", file=str(path)) from None
    stamp = hashlib.sha256(content + json.dumps(schema(), sort_keys=True).encode()).hexdigest()
    cache = project.build / "cache" / f"claims-{stamp[:16]}.json"
    if cache.exists():
        try:
            return _register(json.loads(cache.read_text()))
        except (ValueError, KeyError, TypeError, OSError):
            pass  # a damaged cache is made again below
    value = check(path)
    register = _register(value)
    _remember(cache, value)
    return register


def _remember(cache: Path, value: Any) -> None:
    try:
        cache.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(cache, json.dumps(value))
    except (OSError, AnalysisError):
        pass  # a tree that cannot be written to is read all the same, only slower


def check(path: Path) -> dict[str, Any]:
    """The checked content of a claims file; raises one error that lists every fault."""
    from jsonschema import Draft202012Validator

    value, places = marks.read(path, error=ClaimsError)
    faults = list(_faults(Draft202012Validator(schema()), value))
    if not faults:
        faults = list(_contradictions(value))
    if faults:
        told = [ClaimsError(text, **places.at(where)) for where, text in faults]
        told.sort(key=lambda fault: (fault.line, fault.column))
        raise ClaimsError("\n".join(str(fault) for fault in told))
    return value


Fault = tuple[tuple, str]


def _faults(validator: Any, value: Any) -> Iterator[Fault]:
    for error in validator.iter_errors(value):
        where = tuple(error.absolute_path)
        if error.validator == "additionalProperties":
            known = list(error.schema.get("properties", {}))
            for key in error.instance:
                if key not in known:
                    yield (*where, key), _unknown(key, known, where, value)
        else:
            yield where, _explain(error)


def _unknown(key: str, known: Sequence[str], where: tuple, value: Any) -> str:
    noun = "key"
    owner = ""
    if len(where) >= 2 and where[0] == "claims":
        claim = value["claims"][where[1]]
        owner = f" in claim {where[1]}"
        if where[-1] in ("parameters", "grid"):
            noun = "parameter"
            owner = f" of method {claim.get('method')!r}{owner}"
    return (
        f"unknown {noun} {key!r}{owner}{suggest(key, known)}; expected one of: {', '.join(known)}"
    )


def _explain(error: Any) -> str:
    found = json.dumps(error.instance, ensure_ascii=False)
    found = found if len(found) <= 60 else f"{found[:57]}..."
    if error.validator == "enum":
        options = [str(option) for option in error.validator_value]
        hint = suggest(str(error.instance), options)
        return f"{found} is not allowed{hint}; expected one of: {', '.join(options)}"
    if error.validator == "required":
        return f"missing key {error.message.removesuffix(' is a required property')}"
    if error.validator == "type":
        return f"expected {error.validator_value}, found {found}"
    if error.validator == "pattern":
        return f"{found} does not look right; expected {error.validator_value}"
    return error.message


def _contradictions(value: Mapping[str, Any]) -> Iterator[Fault]:
    """What a schema cannot say: one literal reading, a known section, parameters that fit."""
    for name, entry in value["claims"].items():
        where = ("claims", name)
        if entry["section"] not in value["sections"]:
            text = f"unknown section {entry['section']!r}{suggest(entry['section'], value['sections'])}"
            yield (*where, "section"), text
        if entry["checkable"] == "no":
            continue
        kinds = [reading["kind"] for reading in entry["readings"].values()]
        if kinds.count("literal") != 1:
            found = kinds.count("literal")
            yield (
                (*where, "readings"),
                f"claim {name} has {found} literal readings; exactly one is needed",
            )
            continue
        if not entry.get("pending"):
            yield from _misfits(_claim(name, entry), where)


def _misfits(claim: Claim, where: tuple) -> Iterator[Fault]:
    for reading in claim.readings:
        try:
            for specification in claim.specifications(reading):
                built = specification.build()
                built.test  # noqa: B018 - the property raises if the parameters contradict
        except ParameterError as error:
            at = (*where, "readings", reading.name, "parameters")
            yield (
                (at if reading.parameters else (*where, "parameters")),
                f"claim {claim.id}: {error}",
            )
    for item in claim.periphery:
        try:
            claim.examine(item).build()
        except ParameterError as error:
            yield (*where, "periphery"), f"claim {claim.id}: {error}"


def _register(value: Mapping[str, Any]) -> Register:
    article = value["article"]
    return Register(
        article=Article(
            title=article["title"],
            publisher=article["publisher"],
            published=date.fromisoformat(article["published"]),
            url=article.get("url", ""),
        ),
        sections=dict(value["sections"]),
        claims={name: _claim(name, entry) for name, entry in value["claims"].items()},
        deviations=tuple(value.get("deviations", ())),
    )


def _claim(name: str, entry: Mapping[str, Any]) -> Claim:
    plain = {key: entry[key] for key in entry if key not in STRUCTURED}
    return Claim(
        id=name,
        readings=tuple(
            Reading(name=key, **reading) for key, reading in entry.get("readings", {}).items()
        ),
        periphery=tuple(
            Periphery(name=key, **item) for key, item in entry.get("periphery", {}).items()
        ),
        constraints=tuple(
            Constraint(when=item["when"], only=item["only"])
            for item in entry.get("constraints", ())
        ),
        certainty=Certainty(**entry.get("certainty", {})),
        tables=tuple(entry.get("tables", ())),
        tags=tuple(entry.get("tags", ())),
        **plain,
    )


STRUCTURED = ("readings", "periphery", "constraints", "certainty", "tables", "tags")
