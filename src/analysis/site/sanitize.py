"""Foreign HTML without what could run, lead astray or cover the page; addresses of the web."""

from __future__ import annotations

from functools import cache
from typing import Any

WEB = ("https://", "http://")
PICTURES = "data:image/"  # the only pictures of a notebook: those that it carries itself
NAMED = {f"h{level}": {"id"} for level in range(1, 7)}
ATTRIBUTES = {
    "*": {"style", "title", "lang", "dir", "role", "scope", "colspan", "rowspan", "tabindex"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start"},
    "details": {"open"},
    **NAMED,
}
CLASSES = {"div": {"input", "output"}}
# Of a style, what sets text and tables, and nothing that lays a piece over another.
STYLES = {
    "background", "background-color", "border", "border-bottom", "border-collapse",
    "border-radius", "border-top", "color", "display", "font-family", "font-size", "font-style",
    "font-weight", "height", "line-height", "max-width", "overflow-x", "padding", "text-align",
    "text-decoration", "vertical-align", "white-space", "width",
}  # fmt: skip


def web(url: str | None) -> str:
    """The address if it is one of the web, else nothing: a link to anything else may run.

    What a source says behind the address, such as a commit, is no part of it.

    >>> web("https://example.org/a"), web("javascript:alert(1)"), web("httpx:a"), web(None)
    ('https://example.org/a', '', '', '')
    >>> web("https://example.org/a (commit 1f, b.csv)")
    'https://example.org/a'
    """
    return url.split()[0] if url and url.lower().startswith(WEB) else ""


def aside(url: str | None) -> str:
    """What is said behind an address.

    >>> aside("https://example.org/a (commit 1f, b.csv)"), aside("https://example.org/a")
    ('(commit 1f, b.csv)', '')
    """
    return url.partition(" ")[2] if url else ""


def harmless(html: str) -> str:
    """A piece of HTML with nothing left but text, its form, pictures and links to the web.

    >>> harmless('<p onclick="a()">Mind <a href="javascript:b()">this</a></p><script>c()</script>')
    '<p>Mind <a rel="noopener noreferrer">this</a></p>'
    """
    return str(_cleaner().clean(html))


@cache
def _cleaner() -> Any:
    import nh3

    return nh3.Cleaner(
        tags=nh3.ALLOWED_TAGS - {"article", "area", "aside", "footer", "header", "map", "nav"},
        attributes=ATTRIBUTES,
        attribute_filter=_attribute,
        allowed_classes=CLASSES,
        filter_style_properties=STYLES,
        generic_attribute_prefixes={"aria-"},
        set_tag_attribute_values={"pre": {"tabindex": "0"}},  # code is scrolled by keyboard
        url_schemes={"http", "https", "data"},
        url_relative=lambda url: url if url.startswith("#") else None,
    )


def _attribute(_: str, name: str, value: str) -> str | None:
    """Links lead into the web or stay on the page, and no picture is fetched."""
    if name == "href":
        return value if value.startswith("#") else web(value) or None
    if name == "src":
        return value if value.startswith(PICTURES) else None
    return value
