"""Read and check claims.yaml: every error names its line, what was expected and what to do."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.claims import typeface
from analysis.claims.model import Certainty, Claim, Constraint, Periphery, Reading, Specification
from analysis.claims.schema import DAY, NAME, TABLE, WEB, schema
from analysis.errors import AnalysisError, ClaimsError, ParameterError, shortened, suggest
from analysis.project import write_atomically

if TYPE_CHECKING:
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
    names: Mapping[str, str] = field(default_factory=dict)
    entries: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  # what they say
    sha256: str = ""  # of the file that they were read from

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
    except OSError as fault:
        raise ClaimsError(f"cannot be read: {fault.strerror}", file=str(path)) from fault
    sha256 = hashlib.sha256(content).hexdigest()
    cache = project.build / "cache" / f"claims-{_stamp(content)}.json"
    # A cache that is missing or damaged is made again below.
    with suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
        return _register(json.loads(cache.read_text(encoding="utf-8")), sha256)
    text = json.dumps(_checked(content, path.name))
    # A tree that cannot be written to is read all the same, only slower.
    with suppress(AnalysisError):
        write_atomically(cache, text)
    return _register(json.loads(text), sha256)  # the same whether it comes from the cache or not


def _stamp(content: bytes) -> str:
    """A name for this text as this code checks it; made without loading a single method."""
    rooms = Path(__file__).parent
    checkers = [*rooms.glob("*.py"), *(rooms / "methods").glob("*.py")]
    parts = [content, *(path.read_bytes() for path in sorted(checkers))]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:16]


def check(path: Path) -> dict[str, Any]:
    """The checked content of a claims file; raises one error that lists every fault."""
    return _checked(path.read_bytes(), path.name)


def _checked(content: bytes, file: str) -> dict[str, Any]:
    from analysis import yamlfile

    value, places = yamlfile.parse(content, shown=file, error=ClaimsError)
    faults = list(_faults(_validator(), value))
    if not faults:
        faults = list(_contradictions(value))
    if faults:
        told = [ClaimsError(text, **places.at(where)) for where, text in faults]
        told.sort(key=lambda fault: (fault.line, fault.column))
        raise ClaimsError("\n".join(shortened(told)))
    return value


def _validator() -> Any:
    """The schema's validator, to which a pattern is for the whole text.

    Python's `$` also stands before a line break at the end, that of JSON Schema does not.
    """
    from jsonschema import Draft202012Validator, ValidationError
    from jsonschema.validators import extend

    def whole(_: Any, pattern: str, text: object, __: Any) -> Iterator[Any]:
        if isinstance(text, str) and not re.fullmatch(pattern, text):
            yield ValidationError(f"{text!r} does not match {pattern!r}")

    return extend(Draft202012Validator, {"pattern": whole})(schema())


Fault = tuple[tuple, str]


def _faults(validator: Any, value: Any) -> Iterator[Fault]:
    for error in validator.iter_errors(value):
        where = tuple(error.absolute_path)
        if "propertyNames" in error.absolute_schema_path:
            where = (*where, error.instance)  # the key itself is wrong, not what it stands for
        if error.validator == "additionalProperties":
            known = list(error.schema.get("properties", {}))
            for key in error.instance:
                if key not in known:
                    yield (*where, key), _unknown(key, known, where, value)
        else:
            yield where, _explain(error)


def _unknown(key: str, known: Sequence[str], where: tuple, value: Any) -> str:
    noun = "key"
    owner = f" in claim {where[1]}" if where[:1] == ("claims",) else ""
    if where[-1:] in (("parameters",), ("grid",)):
        noun = "parameter"
        owner = f" of method {_method(where, value)!r}{owner}"
    return (
        f"unknown {noun} {key!r}{owner}{suggest(key, known)}; expected one of: {', '.join(known)}"
    )


def _method(where: tuple, value: Any) -> str:
    """The method that the parameters at `where` are for: the nearest one that is named above."""
    named = ""
    for key in where:
        value = value[key]
        if isinstance(value, Mapping):
            named = value.get("method", named)
    return named


SHOWN = 60  # characters of a wrong value that a message repeats
FORMS = {
    DAY["pattern"]: "a day, e.g. 2024-01-31",
    NAME["pattern"]: "capital letters and a number, e.g. X1",
    WEB["pattern"]: "an address of the web, e.g. https://example.org",
    TABLE["pattern"]: "<topic>/<table>, e.g. trade/gdp",
}
COUNTS = {
    "minLength": "expected some text",
    "minItems": "expected at least {} in the list",
    "minProperties": "expected at least {} key",
    "maxProperties": "expected at most {} keys",
}


def _explain(error: Any) -> str:
    found = json.dumps(error.instance, ensure_ascii=False)
    found = found if len(found) <= SHOWN else f"{found[: SHOWN - 3]}..."
    if error.validator == "enum":
        options = [str(option) for option in error.validator_value]
        hint = suggest(str(error.instance), options)
        return f"{found} is not allowed{hint}; expected one of: {', '.join(options)}"
    if error.validator == "required":
        return f"missing key {error.message.removesuffix(' is a required property')}"
    if error.validator == "type":
        return f"expected {error.validator_value}, found {found}"
    if error.validator == "pattern":
        return f"{found} does not look right; expected {FORMS[error.validator_value]}"
    if error.validator in COUNTS:
        return f"{COUNTS[error.validator].format(error.validator_value)}, found {found}"
    return error.message


def _contradictions(value: Mapping[str, Any]) -> Iterator[Fault]:
    """What a schema cannot say: one literal reading, a known section, parameters that fit."""
    yield from _impossible_days(value)
    yield from _undrawable(value)
    for name, entry in value["claims"].items():
        where = ("claims", name)
        section, sections = entry["section"], value["sections"]
        if section not in sections:
            hint = suggest(section, sections)
            told = f"unknown section {section!r}{hint}; expected one of: {', '.join(sections)}"
            yield (*where, "section"), told
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
        yield from _idle_constraints(entry, where)
        if not entry.get("pending"):
            yield from dict.fromkeys(_misfits(_claim(name, entry), where))


def _impossible_days(value: Mapping[str, Any]) -> Iterator[Fault]:
    places = [("article", "published")]
    places += [("deviations", index, "date") for index in range(len(value.get("deviations", ())))]
    for where in places:
        day = value
        for key in where:
            day = day[key]
        try:
            date.fromisoformat(day)
        except ValueError:
            yield where, f"{day} is no day of the calendar"


DRAWN = ("title", "parameters", "grid", "readings")  # of a claim, what its figures show


def _undrawable(value: Mapping[str, Any]) -> Iterator[Fault]:
    """Characters in the texts of figures for which the typeface has no sign."""
    parts: dict[tuple, Any] = {("names",): value.get("names", {})}
    for name, entry in value["claims"].items():
        parts |= {("claims", name, key): entry[key] for key in DRAWN if key in entry}
    for where, part in parts.items():
        for place, character in typeface.undrawable(part, where):
            if place[-1] != "statement":
                yield place, f"no figure can draw {character}: write it in words"


def _idle_constraints(entry: Mapping[str, Any], where: tuple) -> Iterator[Fault]:
    """Constraints on choices that the grid does not offer: they would forbid all or nothing."""
    grid = entry.get("grid", {})
    for index, constraint in enumerate(entry.get("constraints", ())):
        for side in ("when", "only"):
            for factor in constraint[side]:
                if factor not in grid:
                    told = f"{factor!r} is no factor of the grid{suggest(factor, grid)}"
                    yield (*where, "constraints", index, side, factor), told


CHECKED = 2000  # combinations of choices that are built when a register is read; a run builds all


def _misfits(claim: Claim, where: tuple) -> Iterator[Fault]:
    for reading in claim.readings:
        try:
            for specification in _some(claim, reading):
                built = specification.build()
                built.pass_criterion  # noqa: B018 - the property raises if the parameters contradict
        except ParameterError as error:
            own = ("readings", reading.name) if reading.parameters else ()
            yield (*where, *own, "parameters"), f"claim {claim.id}: {error}"
    for item in claim.periphery:
        try:
            claim.examine(item).build().pass_criterion  # noqa: B018 - as above
        except ParameterError as error:
            told = f"claim {claim.id}: {error}"
            yield (*where, "periphery", item.name, "parameters"), told


def _some(claim: Claim, reading: Reading) -> Iterator[Specification]:
    """The first combinations of a grid, and each option beside the preferred other choices."""
    yield from claim.specifications(reading, most=CHECKED)
    preferred = dict.fromkeys(claim.grid, ())
    for factor, options in claim.grid.items():
        alone = replace(claim, grid={**preferred, factor: options})
        yield from alone.specifications(reading)


def _register(value: Mapping[str, Any], sha256: str = "") -> Register:
    article, names = value["article"], value.get("names", {})
    # What a slug is called is drawn in every figure, so each claim depends on all names.
    entries = {name: {**entry, "names": names} for name, entry in value["claims"].items()}
    return Register(
        article=Article(
            title=article["title"],
            publisher=article["publisher"],
            published=date.fromisoformat(article["published"]),
            url=article.get("url", ""),
        ),
        sections=dict(value["sections"]),
        claims={name: _claim(name, entry) for name, entry in entries.items()},
        deviations=tuple(value.get("deviations", ())),
        names=names,
        entries=entries,
        sha256=sha256,
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
