"""The audit's documents as pages: those that `docs/README.md` lists, with their pictures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from analysis.site import prose
from analysis.site.context import Material
from analysis.site.page import Page

INDEX = "docs/README.md"
ELSEWHERE = {  # documents that have a page of the site for themselves
    "README.md": "index.html",
    "method.md": "../method.html",
    "glossary.md": "../glossary.html",
}
_COMMENT = re.compile(r"<!--.*?-->\n?", re.DOTALL)
_PAGE = re.compile(r"([\w-]+\.md)(#[\w-]+)?")
_LINKED = re.compile(r"\]\(([\w-]+\.md)")
_PICTURE = re.compile(r"\]\((images/[\w-]+\.(?:png|svg))\)")
_TITLE = re.compile(r"^# (.+)$", re.MULTILINE)


def pages(material: Material) -> Iterator[Page]:
    """The index, then each document that it lists; none where the audit has no `docs/README.md`."""
    names = _names(material)
    if not names:
        return

    def address(url: str) -> str:
        found = _PAGE.fullmatch(url)
        if not found:
            return url if url.startswith(("#", "images/")) else ""
        if found[1] not in names and found[1] not in ELSEWHERE:
            return ""
        return ELSEWHERE.get(found[1], f"{found[1][:-3]}.html") + (found[2] or "")

    for name in ("README.md", *names):
        text = _COMMENT.sub("", material.document(f"docs/{name}"))
        title = _TITLE.search(text)
        yield Page(
            path=f"docs/{ELSEWHERE.get(name, f'{name[:-3]}.html')}",
            template="prose.html",
            title=title[1] if title else name[:-3],
            context={"body": prose.rendered(text, address)},
        )


def pictures(material: Material) -> Iterator[tuple[str, Path]]:
    """The address in the site and the file of each picture that a document shows."""
    texts = [material.document(f"docs/{name}") for name in _names(material)]
    for name in sorted({each for text in texts for each in _PICTURE.findall(text)}):
        yield f"docs/{name}", material.project.root / "docs" / name


def _names(material: Material) -> list[str]:
    """The files of the documents that get a page here, in the order of the index."""
    index = material.project.root / INDEX
    if not index.exists():
        return []
    listed = dict.fromkeys(_LINKED.findall(index.read_text(encoding="utf-8")))
    return [name for name in listed if name not in ELSEWHERE and (index.parent / name).exists()]
