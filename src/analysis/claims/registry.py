"""Read and check claims.yaml: every error names its line, what was expected and what to do."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.claims.entries import claim_of
from analysis.claims.model import Claim
from analysis.errors import AnalysisError, ClaimsError, shortened, suggest
from analysis.project import write_atomically

if TYPE_CHECKING:
    from analysis.project import Project
    from analysis.yamlfile import Marks, Path_


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
    packages = Path(__file__).parents[1]
    checkers = [
        path for name in ("claims", "data", "methods") for path in (packages / name).glob("*.py")
    ]
    parts = [content, *(path.read_bytes() for path in sorted(checkers))]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:16]


def check_recipes(project: Project) -> None:
    """Raise one ClaimsError for all recipes that do not fit the tables.

    What was checked once is not checked again: an empty file under build/cache/ bears the checksum
    of claims, tables and code.
    """
    cache = project.build / "cache" / f"recipes-{_recipes_stamp(project)}"
    if cache.exists():
        return
    from analysis import yamlfile
    from analysis.claims import family_checks, table_checks

    value, marks = yamlfile.read(project.claims, error=ClaimsError)
    tables = table_checks.Tables(project)
    _raise(table_checks.faults(value, tables), marks)
    _raise(family_checks.faults(value, tables), marks)
    with suppress(AnalysisError):
        write_atomically(cache, "")


def _recipes_stamp(project: Project) -> str:
    """A name for the claims, the tables and the code that checks them."""
    digest = hashlib.sha256(_stamp(project.claims.read_bytes()).encode())
    for path in (project.corrections, *sorted(project.data.glob("*/*.csv"))):
        digest.update(f"\0{path.parent.name}/{path.name}\0".encode())
        with suppress(FileNotFoundError):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def check(path: Path) -> dict[str, Any]:
    """The checked content of a claims file; raises one error that lists every fault."""
    return _checked(path.read_bytes(), path.name)


def _checked(content: bytes, file: str) -> dict[str, Any]:
    from analysis import yamlfile
    from analysis.claims import checks

    value: dict[str, Any]
    value, places = yamlfile.parse(content, shown=file, error=ClaimsError)
    _raise(checks.faults(value), places)
    return value


def _raise(faults: Sequence[tuple[Path_, str]], places: Marks) -> None:
    """Raise one error that lists all faults in the order of the file, if there are any."""
    found = [ClaimsError(text, **places.at(where)) for where, text in faults]
    if found:
        found.sort(key=lambda fault: (fault.line, fault.column))
        raise ClaimsError("\n".join(shortened(found)))


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
        claims={name: claim_of(name, entry) for name, entry in entries.items()},
        deviations=tuple(value.get("deviations", ())),
        names=names,
        entries=entries,
        sha256=sha256,
    )
