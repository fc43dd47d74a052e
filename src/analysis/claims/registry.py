"""Read and check the claims: every error names its line, what was expected and what to do."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.claims import files
from analysis.claims.declarations import Search
from analysis.claims.entries import claim_of, search_of
from analysis.claims.model import Claim
from analysis.errors import AnalysisError, ClaimsError, shortened, suggest
from analysis.project import write_atomically

if TYPE_CHECKING:
    from analysis.project import Project
    from analysis.yamlfile import Path_


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """The text under audit."""

    title: str
    publisher: str
    published: date
    author: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """The claims of one article, in its order."""

    article: Article
    sections: Mapping[str, str]
    claims: Mapping[str, Claim]
    deviations: tuple[Mapping[str, str], ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    choices: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # their words
    searches: tuple[Search, ...] = ()
    entries: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  # what they say
    sha256: str = ""  # of the files that they were read from

    def __repr__(self) -> str:
        return f"Register({self.article.title!r}, {len(self.claims)} claims)"

    def claim(self, name: str) -> Claim:
        """The claim called `name`, in any case; an unknown one is an error with a suggestion."""
        if name not in self.claims:
            folded = {each.casefold(): each for each in self.claims}
            if found := folded.get(str(name).casefold()):
                return self.claims[found]
            message = f"unknown claim {name!r}{suggest(name, self.claims)}"
            raise ClaimsError(f"{message}; run `claims list` to see them all")
        return self.claims[name]


def read(project: Project) -> Register:
    """The register, checked. Texts that were checked before are not checked again."""
    texts = files.read(project)
    sha256 = files.digest(texts)
    cache = project.build / "cache" / f"claims-{_stamp(project, sha256)}.json"
    # A cache that is missing or damaged is made again below.
    with suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
        return _parsed(cache.read_text(encoding="utf-8"), sha256)
    text = json.dumps(_checked(project, texts))
    # A tree that cannot be written to is read all the same, only slower.
    with suppress(AnalysisError):
        write_atomically(cache, text)
    return _parsed(text, sha256)  # the same whether it comes from the cache or not


@lru_cache(maxsize=1)  # a notebook asks four times in a row
def _parsed(text: str, sha256: str) -> Register:
    return _register(json.loads(text), sha256)


def _stamp(project: Project, sha256: str) -> str:
    """A name for these texts as this code checks them; made without loading a single method.

    The catalog is among them, for it gives the units of the short form.
    """
    packages = Path(__file__).parents[1]
    checkers = [
        path for name in ("claims", "data", "methods") for path in (packages / name).glob("*.py")
    ]
    parts = [sha256.encode(), *(path.read_bytes() for path in sorted(checkers))]
    with suppress(OSError):
        parts.append(project.catalog.read_bytes())
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:16]


def check_recipes(project: Project) -> list[str]:
    """Raise one ClaimsError for all faults of the claims, or for all recipes that fit no table.

    What is likely a slip and may be meant is returned, a line for each. What was checked once is
    not checked again: a file of these lines under build/cache/ bears the checksum of claims, tables
    and code.
    """
    texts = files.read(project)
    cache = project.build / "cache" / f"recipes-{_recipes_stamp(project, texts)}"
    if cache.exists():
        return cache.read_text(encoding="utf-8").splitlines()
    from analysis.claims import (
        choice_checks,
        composition_checks,
        expand,
        family_checks,
        plain_tables,
        row_checks,
        size_checks,
        table_checks,
        unit_checks,
    )

    long_form, places = _long_form(project, texts)
    value = expand.expanded(long_form)
    named = {table for entry in value["claims"].values() for table in entry.get("tables", ())}
    tables = plain_tables.Tables(project, named)
    _raise(table_checks.faults(value, tables), places)
    found = [*choice_checks.faults(value, tables), *composition_checks.faults(value, tables)]
    _raise(found, places)
    found = [*family_checks.faults(value, tables), *unit_checks.faults(value, tables)]
    _raise(found, places)
    errors, older = row_checks.faults(value, tables)
    _raise(errors, places)
    doubtful = [*older, *size_checks.faults(value, tables)]
    warnings = [str(ClaimsError(text, **places.at(where))) for where, text in doubtful]
    with suppress(AnalysisError):
        write_atomically(cache, "".join(f"{line}\n" for line in warnings))
    return warnings


def _recipes_stamp(project: Project, texts: files.Texts) -> str:
    """A name for the claims, the tables and the code that checks them."""
    digest = hashlib.sha256(_stamp(project, files.digest(texts)).encode())
    for path in (project.corrections, *sorted(project.data.glob("*/*.csv"))):
        digest.update(f"\0{path.parent.name}/{path.name}\0".encode())
        with suppress(FileNotFoundError):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def check(project: Project) -> dict[str, Any]:
    """The checked content of the register in full; raises one error that lists every fault."""
    return _checked(project, files.read(project))


def _checked(project: Project, texts: files.Texts) -> dict[str, Any]:
    from analysis.claims import expand

    return files.in_order(expand.expanded(_long_form(project, texts)[0]))


def _long_form(project: Project, texts: files.Texts) -> tuple[dict[str, Any], files.Places]:
    return _written_out(project, tuple(texts.items()), _stamp(project, files.digest(texts)))


@lru_cache(maxsize=1)  # without a cache on disk, a command asks twice
def _written_out(
    project: Project,
    texts: tuple[tuple[str, bytes], ...],
    stamp: str,  # noqa: ARG001 - the catalog is in it
) -> tuple[dict[str, Any], files.Places]:
    """The checked register without short keys, and where each part of it is written."""
    from analysis.claims import checks, measures, short_form

    written, places = files.parse(dict(texts))
    _raise(checks.written_faults(written), places)
    value, faults = short_form.written_out(written, places, measures.Measures(project))
    _raise(faults, places)
    _raise(checks.faults(value), places)
    return value, places


def _raise(faults: Sequence[tuple[Path_, str]], places: files.Places) -> None:
    """Raise one error that lists all faults in the order of the files, if there are any."""
    found = [ClaimsError(text, **places.at(where)) for where, text in faults]
    if found:
        found.sort(
            key=lambda fault: (places.order.get(fault.file or "", 0), fault.line, fault.column)
        )
        raise ClaimsError("\n".join(shortened(found)))


def _register(value: Mapping[str, Any], sha256: str = "") -> Register:
    article, names = value["article"], value.get("names", {})
    # What a slug is called is drawn in every figure, so each claim depends on all names.
    searches = value.get("searches", ())
    entries = {
        name: {
            **entry,
            "names": names,
            "searches": [search for search in searches if name in search["claims"]],
        }
        for name, entry in value["claims"].items()
    }
    return Register(
        article=Article(
            title=article["title"],
            publisher=article["publisher"],
            published=date.fromisoformat(article["published"]),
            author=article.get("author", ""),
            url=article.get("url", ""),
        ),
        sections=dict(value["sections"]),
        claims={name: claim_of(name, entry) for name, entry in entries.items()},
        deviations=tuple(value.get("deviations", ())),
        searches=tuple(map(search_of, searches)),
        names=names,
        choices=value.get("choices", {}),
        entries=entries,
        sha256=sha256,
    )
