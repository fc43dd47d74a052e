"""What an HTML validator would say first, for pages without a validator at hand."""

from __future__ import annotations

from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

VOID = {"br", "hr", "img", "input", "link", "meta"}  # of the elements that the pages use
NO_BLOCK = {"p", "h1", "h2", "h3", "h4", "a", "span", "label", "summary"}
BLOCK = {"p", "div", "ul", "ol", "dl", "table", "section", "figure", "pre", "form", "details"}


class Structure(HTMLParser):
    """Faults of a page: what is not closed, closed twice, named twice, or in the wrong place."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.open: list[str] = []
        self.names: Counter[str] = Counter()
        self.faults: list[str] = []
        self.feed(path.read_text(encoding="utf-8"))
        self.faults += [f"<{tag}> is left open" for tag in self.open]
        self.faults += [f"#{name} is there twice" for name, n in self.names.items() if n > 1]

    def handle_starttag(self, tag, attrs):
        self.names.update(value for name, value in attrs if name == "id")
        doubled = [name for name, n in Counter(name for name, _ in attrs).items() if n > 1]
        self.faults += [f"<{tag}> says {name} twice" for name in doubled]
        around = self.open[-1] if self.open else ""
        if tag in BLOCK and around in NO_BLOCK and (around, tag) != ("a", "div"):
            self.faults.append(f"<{tag}> in <{around}>")
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> closes nothing")
