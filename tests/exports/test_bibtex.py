import re
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from analysis.data.sources import Source, Sources
from analysis.exports import bibtex
from analysis.project import Project

PROJECT = Project(Path(__file__).parents[2])
WORDS = {name.removesuffix("{}"): sign for sign, name in bibtex.ESCAPES.items()}
SPOKEN = re.compile("|".join(re.escape(name) + r"(?:\{\})?" for name in WORDS))
TEXTS = st.text(st.characters(blacklist_categories=["Cs", "Cc"]), min_size=1, max_size=40)


def source(**changes):
    known = {
        "source_id": "a_1",
        "publisher": "A press",
        "title": "A title",
        "url": "https://example.org/a_1",
        "published": "2024-12-10",
        "retrieved": "2026-11",
        "licence": "open",
        "quality": "report",
        "family": "a",
        "note": None,
    }
    return Source(**{**known, **changes})


def printed(text):
    """What TeX would print."""
    return SPOKEN.sub(lambda match: WORDS[match[0].removesuffix("{}")], text)


def depths(text):
    """How many braces are open after each sign; one behind a backslash is none to TeX alone."""
    depth = 0
    for sign in text:
        depth += (sign == "{") - (sign == "}")
        yield depth


@given(TEXTS)
def test_what_is_printed_is_what_was_meant(text):
    assert printed(bibtex.escape(text)) == " ".join(text.split())


@given(title=TEXTS, url=TEXTS, note=TEXTS)
def test_no_text_ends_an_entry_before_its_end(title, url, note):
    entry = bibtex.entry(source(title=title, url=url, note=note)).rstrip("\n")
    found = list(depths(entry))
    first = entry.index("{")
    assert min(found[first:-1]) > 0
    assert found[-1] == 0


def test_an_entry_tells_what_is_known_and_nothing_else():
    assert bibtex.entry(source(published="2024-12")) == (
        "@misc{a_1,\n"
        "  author = {{A press}},\n"
        "  title = {{A title}},\n"
        "  year = {2024},\n"
        "  month = dec,\n"
        "  url = {https://example.org/a_1},\n"
        "  urldate = {2026-11},\n"
        "  note = {terms: open; kind: report},\n"
        "}\n"
    )
    bare = bibtex.entry(source(published=None, retrieved=None, url=None, licence=None))
    assert re.findall(r"(?m)^  (\w+) =", bare) == ["author", "title", "note"]


def test_every_source_of_this_audit_has_one_entry():
    text = bibtex.files(PROJECT)[bibtex.FILE].decode()
    keys = re.findall(r"(?m)^@misc\{(.+),$", text)
    assert keys == sorted(Sources.read(PROJECT))
