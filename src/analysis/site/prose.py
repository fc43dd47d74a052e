"""Markdown as HTML, its formulas as MathML, without a script and without foreign HTML."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Callable
from typing import Any

import mistune
from latex2mathml.converter import convert
from markupsafe import Markup, escape

from analysis.site.sanitize import web

CODE = re.compile(r"`([^`]+)`")
TAG = re.compile(r"<[^>]+>")


class Renderer(mistune.HTMLRenderer):
    """Links that lead out of the site's own pages are kept only if they are web addresses.

    `address` says where a file of the repository is on the site; empty if it is not.
    """

    def __init__(self, address: Callable[[str], str]) -> None:
        super().__init__(escape=True)
        self.address = address
        self._headings: Counter[str] = Counter()

    def link(self, text: str, url: str, title: str | None = None) -> str:
        """A link, or its plain text where the target is only a file of the repository."""
        target = web(url) or self.address(url)
        return super().link(text, target, title) if target else text

    def image(self, text: str, url: str, title: str | None = None) -> str:  # noqa: ARG002
        """A picture of the site, or in words what it shows: the site has no pictures of others."""
        target = self.address(url)
        return str(Markup('<img src="{}" alt="{}">').format(target, text)) if target else text

    def heading(self, text: str, level: int, **attributes: Any) -> str:
        """A heading that can be linked to by its words."""
        name = anchor(text)
        earlier = self._headings[name]
        self._headings[name] += 1
        return super().heading(
            text, level, id=f"{name}-{earlier}" if earlier else name, **attributes
        )

    def block_math(self, text: str) -> str:
        """A formula on a line of its own."""
        return f"<p>{convert(text, display='block')}</p>\n"

    def inline_math(self, text: str) -> str:
        """A formula inside a sentence."""
        return convert(text)

    def block_code(self, code: str, info: str | None = None) -> str:  # noqa: ARG002
        """Code that can be scrolled by keyboard."""
        return f'<pre tabindex="0"><code>{html.escape(code)}</code></pre>\n'


def anchor(heading: str) -> str:
    """The name of a heading in an address, as GitHub makes it.

    >>> anchor("The day of <code>an</code> edition, again")
    'the-day-of-an-edition-again'
    """
    words = html.unescape(TAG.sub("", heading)).lower()
    return re.sub(r"[^\w -]", "", words).strip().replace(" ", "-")


def _nowhere(_: str) -> str:
    return ""


def rendered(markdown: str, address: Callable[[str], str] = _nowhere) -> str:
    """The HTML of a Markdown text; `address` says where on the site a file of the repository is."""
    return str(mistune.Markdown(Renderer(address), plugins=_plugins())(markdown))


def coded(text: str) -> Markup:
    """A text without any Markdown but its code.

    >>> coded("`a < b` & c")
    Markup('<code>a &lt; b</code> &amp; c')
    """
    return Markup(CODE.sub(r"<code>\1</code>", str(escape(text))))  # noqa: S704 - escaped before


def with_term(text: str, term: str, root: str) -> Markup:
    """A text in which the first use of a term leads to the glossary.

    >>> with_term("Two specifications", "specification", "../")
    Markup('Two <a href="../glossary.html#specification">specification</a>s')
    """
    link = f'<a href="{root}glossary.html#{term}">{term}</a>'
    return Markup(str(escape(text)).replace(term, link, 1))  # noqa: S704 - escaped before


def _plugins() -> list[Any]:
    return [mistune.plugins.import_plugin(name) for name in ("table", "math")]
