"""All sources as BibTeX."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from analysis.data.sources import Source, Sources
from analysis.formatting import MONTHS

if TYPE_CHECKING:
    from analysis.exports.citation import Publisher
    from analysis.project import Project

FILE = "sources.bib"
# What TeX reads as an instruction. A brace alone would end the field for every parser of BibTeX.
ESCAPES = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{sign: f"\\{sign}" for sign in "&%$#_"},
}
_TABLE = str.maketrans(ESCAPES)
_URL = str.maketrans({"{": "%7B", "}": "%7D", "\\": "%5C", " ": "%20"})


def files(project: Project) -> dict[str, bytes]:
    """One file, sources in the order of their names."""
    return {FILE: bibliography(Sources.read(project)).encode()}


def bibliography(sources: Mapping[str, Source]) -> str:
    """An entry a source; the key is its `source_id`."""
    return "\n".join(entry(sources[name]) for name in sorted(sources))


def entry(source: Source) -> str:
    """One source as `@misc`, which every style knows; unknown fields are left out."""
    year, month, _ = [*(source.published or "").split("-"), "", ""][:3]
    fields = {
        "author": f"{{{escape(source.publisher)}}}",  # a second pair: it is no person's name
        "title": f"{{{escape(source.title)}}}",
        "year": year,
        "url": (source.url or "").translate(_URL),
        "urldate": source.retrieved or "",
        "note": escape(_note(source)),
    }
    lines = _lines(fields)
    if month:
        lines.insert(
            3, f"  month = {MONTHS[int(month) - 1].lower()},\n"
        )  # a macro that styles translate
    return f"@misc{{{source.source_id},\n{''.join(lines)}}}\n"


def audit(by: Publisher) -> str:
    """The audit itself as `@misc`."""
    fields = {
        "author": " and ".join(f"{{{escape(author.name)}}}" for author in by.authors),
        "title": f"{{{escape(by.title)}}}",
        "url": by.url.translate(_URL),
        "note": f"version {escape(by.version)}" if by.version else "",
    }
    return f"@misc{{audit,\n{''.join(_lines(fields))}}}\n"


def _lines(fields: Mapping[str, str]) -> list[str]:
    return [f"  {name} = {{{value}}},\n" for name, value in fields.items() if value.strip("{}")]


def escape(text: str) -> str:
    r"""Text as TeX prints it.

    >>> escape("Trade & {more} in %")
    'Trade \\& \\textbraceleft{}more\\textbraceright{} in \\%'
    """
    return " ".join(text.translate(_TABLE).split())


def _note(source: Source) -> str:
    parts = (source.note, source.licence and f"terms: {source.licence}", f"kind: {source.quality}")
    return "; ".join(part for part in parts if part)
