"""What needs the site's own address: the list of its pages and the feed of changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from xml.sax.saxutils import escape, quoteattr

from analysis.drift.history import HistoryEntry
from analysis.site.context import Material
from analysis.site.page import Page
from analysis.site.pages import verdict_line

ATOM = "http://www.w3.org/2005/Atom"
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
HEAD = '<?xml version="1.0" encoding="utf-8"?>\n'
OUTSIDE = ("404.html", "search.html")  # no result of a search engine


def texts(material: Material, pages: Iterable[Page]) -> Iterator[tuple[str, str]]:
    """The files and their content; none without an address."""
    if material.site:
        yield "sitemap.xml", sitemap(material.site, pages)
        yield "feed.xml", feed(material)


def sitemap(site: str, pages: Iterable[Page]) -> str:
    """The pages for search engines."""
    places = (site + here(page.path) for page in pages if page.path not in OUTSIDE)
    entries = "".join(f"<url><loc>{escape(place)}</loc></url>\n" for place in places)
    return f'{HEAD}<urlset xmlns="{SITEMAP}">\n{entries}</urlset>\n'


def here(path: str) -> str:
    """A page's place in its address.

    >>> here("index.html"), here("claims/X1.html")
    ('', 'claims/X1.html')
    """
    return "" if path == "index.html" else path


def feed(material: Material) -> str:
    """Every accepted change of a verdict or an estimate as Atom, the newest first."""
    site, history = material.site, material.history()
    updated = max((each.date for each in history), default=_first_day(material))
    title = f"Audit of “{material.register.article.title}”: changes of verdicts"
    authors = material.publisher.authors if material.publisher else ()
    parts = [
        f"<title>{escape(title)}</title>",
        f"<id>{escape(site)}feed.xml</id>",
        f"<updated>{updated}T00:00:00Z</updated>",
        *(f"<author><name>{escape(each.name)}</name></author>" for each in authors),
        f'<link rel="self" href={quoteattr(site + "feed.xml")}/>',
        f"<link href={quoteattr(site + 'changes.html')}/>",
    ]
    oldest = len(history)
    parts += [_entry(site, oldest - place, each) for place, each in enumerate(history)]
    return f'{HEAD}<feed xmlns="{ATOM}">\n' + "\n".join(parts) + "\n</feed>\n"


def _entry(site: str, number: int, change: HistoryEntry) -> str:
    """A change; its `number` counts from the oldest, so that it stays when others follow."""
    link, after = f"{site}claims/{change.claim}.html", verdict_line(change.after)
    summary = f"{verdict_line(change.before)} → {after}. {change.cause}"
    return (
        f"<entry><title>{escape(change.claim)}: {escape(after)}</title>"
        f"<id>{escape(site)}changes.html#{number}</id><updated>{change.date}T00:00:00Z</updated>"
        f"<link href={quoteattr(link)}/><summary>{escape(summary)}</summary></entry>"
    )


def _first_day(material: Material) -> str:
    return material.register.article.published.isoformat()
