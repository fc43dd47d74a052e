"""Markdown as HTML, its formulas as MathML, without a script and without foreign HTML."""

from __future__ import annotations

import html
import re
from typing import Any

import mistune
from latex2mathml.converter import convert
from markupsafe import Markup, escape

from analysis.site.sanitize import web

CODE = re.compile(r"`([^`]+)`")


class Renderer(mistune.HTMLRenderer):
    """Links that lead out of the site's own pages are kept only if they are web addresses."""

    def link(self, text: str, url: str, title: str | None = None) -> str:
        """A link, or its plain text where the target is a file of the repository."""
        return super().link(text, url, title) if web(url) else text

    def image(self, text: str, url: str, title: str | None = None) -> str:  # noqa: ARG002
        """What an image shows, in words: the site has no pictures of others."""
        return text

    def block_math(self, text: str) -> str:
        """A formula on a line of its own."""
        return f"<p>{convert(text, display='block')}</p>\n"

    def inline_math(self, text: str) -> str:
        """A formula inside a sentence."""
        return convert(text)

    def block_code(self, code: str, info: str | None = None) -> str:  # noqa: ARG002
        """Code that can be scrolled by keyboard."""
        return f'<pre tabindex="0"><code>{html.escape(code)}</code></pre>\n'


def rendered(markdown: str) -> str:
    """The HTML of a Markdown text."""
    return str(mistune.Markdown(Renderer(escape=True), plugins=_plugins())(markdown))


def coded(text: str) -> Markup:
    """A text without any Markdown but its code.

    >>> coded("`a < b` & c")
    Markup('<code>a &lt; b</code> &amp; c')
    """
    return Markup(CODE.sub(r"<code>\1</code>", str(escape(text))))  # noqa: S704 - escaped before


def _plugins() -> list[Any]:
    return [mistune.plugins.import_plugin(name) for name in ("table", "math")]
