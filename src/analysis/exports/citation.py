"""Authors, title and version of the audit, from CITATION.cff."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from analysis.data.type_check import WEB
from analysis.errors import ProjectError
from analysis.formatting import day
from analysis.yamlfile import read as read_yaml

if TYPE_CHECKING:
    from analysis.project import Project

FILE = "CITATION.cff"


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """A name to credit; `kind` is schema.org's Person or Organization."""

    name: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Publisher:
    """The names to credit, in order, with what they call the audit.

    `url` leads to the audit; `site` is the address of its site, the key `url` of CITATION.cff.
    """

    authors: tuple[Author, ...]
    title: str
    version: str
    licence: str
    url: str = ""
    site: str = ""
    released: str = ""


def read(project: Project) -> Publisher | None:
    """The publisher, or None for an audit without a CITATION.cff. ProjectError if it is none."""
    path = project.root / FILE
    if not path.exists():
        return None
    content, _ = read_yaml(path, shown=FILE, error=ProjectError)
    try:
        url = content.get("url") or content.get("repository-code") or ""
        if url and not re.match(WEB, url):
            raise ProjectError(f"expected the url to be one of the web, found {url}", file=FILE)
        return Publisher(
            authors=tuple(_author(author) for author in content["authors"]),
            title=content["title"].strip(),
            version=str(content.get("version", "")),
            licence=content.get("license", ""),
            url=url,
            site=content.get("url") or "",
            released=str(content.get("date-released") or ""),
        )
    except (KeyError, TypeError, AttributeError) as fault:
        message = f"expected a citation with 'title' and 'authors': {fault!r}; correct or remove it"
        raise ProjectError(message, file=FILE) from None


def _author(entry: dict[str, Any]) -> Author:
    """Organisations have a name, people a family name and mostly a given one."""
    if "name" in entry:
        return Author(name=entry["name"], kind="Organization")
    name = f"{entry.get('given-names', '')} {entry['family-names']}".strip()
    return Author(name=name, kind="Person")


def reference(audit: Publisher | None) -> str:
    """The audit as an entry of a list of references; empty for an audit that names no author.

    >>> authors = (Author(name="Ada Lovelace", kind="Person"),)
    >>> reference(Publisher(authors=authors, title="An audit", version="1.0", licence="MIT"))
    'Ada Lovelace. An audit. Version 1.0.'

    The day of the release follows where it is known.
    """
    if audit is None:
        return ""
    known = [f"Version {audit.version}"] if audit.version else []
    known += [day(date.fromisoformat(audit.released))] if audit.released else []
    version = f" {', '.join(known)}." if known else ""
    url = f" {audit.url}" if audit.url else ""
    return f"{', '.join(each.name for each in audit.authors)}. {audit.title}.{version}{url}"
