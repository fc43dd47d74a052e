"""The glossary: words of the method, of verdicts and of errors, in one page."""

from __future__ import annotations

import re
from collections.abc import Iterator

from analysis.site import prose
from analysis.site.context import Material
from analysis.site.page import Page
from analysis.site.words import TAGS, told
from analysis.verdicts.wording import SENTENCES, WORDS

_DEFINED = re.compile(r"^- (?:A|An|The) \*\*(?P<word>[^*]+)\*\*", re.MULTILINE)


def page(material: Material) -> Page:
    """The words of the method with its definitions, of verdicts, of errors, and all others."""
    return Page(
        path="glossary.html",
        template="glossary.html",
        title="Glossary",
        description="What the words of this audit mean.",
        context={
            "defined": list(defined(told(material.document("docs/method.md")))),
            "verdicts": [(WORDS[code], text) for code, text in SENTENCES.items()],
            "tags": [tuple(each) for each in TAGS.values()],
            "body": prose.rendered(told(_body(material.document("docs/glossary.md")))),
        },
    )


def defined(method: str) -> Iterator[tuple[str, str]]:
    """The words that the method defines, each with the HTML of its definition.

    >>> list(defined("- A **claim** is one assertion."))
    [('claim', '<p>A <strong>claim</strong> is one assertion.</p>')]
    """
    for item in re.split(r"\n(?=- |\n)", method):
        found = _DEFINED.match(item)
        if found:
            yield found["word"], prose.rendered(re.sub(r"\n +", " ", item[2:])).strip()


def _body(text: str) -> str:
    """The glossary without its own title and introduction, which are about files."""
    return "".join(re.split(r"(?m)(?=^## )", text)[1:])
