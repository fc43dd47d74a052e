"""How objects show themselves in a notebook: valid, escaped, accessible, the same every time."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser

import builders
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.data.tables import Archive
from analysis.display_hook import as_html
from analysis.figures.palette import OUTCOMES, VERDICTS
from analysis.methods.estimate import Citation, Estimate, no_evidence
from analysis.notebook import (
    display,  # noqa: F401 - registers
    html,
)
from analysis.verdicts import rules as verdicts
from analysis.verdicts.sweep import Curve

VOID = {"br", "img"}
MEASURE = {"terms": [{"table": "t", "value": "value", "where": {"year": 2023}}]}
LEVEL = {"measures": [MEASURE], "claimed": 10, "unit": "t"}
FAMILIES = [
    {"year": 2023, "value": 12.0, "source_id": "a"},
    {"year": 2023, "value": 14.0, "source_id": "b"},
]


class Page(HTMLParser):
    """Elements and texts of a piece of HTML; whatever is not closed in order is a failure."""

    def __init__(self, text):
        super().__init__()
        self.open, self.elements, self.words = [], [], []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)

    @property
    def text(self):
        return " ".join(" ".join(self.words).split())

    def of(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]


def objects():
    claim = builders.claim("level", LEVEL, grid={"summary": ["median", "lowest"]})
    known = builders.evidence(t=builders.frame(FAMILIES))
    _, estimate, curve, _ = builders.run(claim, known)
    judgement = verdicts.judge(claim, curve)
    unsupported = verdicts.judge(claim, Curve(()))
    return {
        "claim": claim,
        "untestable": replace(claim, checkable="no", reason="N2", why="It lies ahead."),
        "pending": replace(claim, pending="no data yet"),
        "estimate": estimate,
        "no estimate": no_evidence("no row for t", "t"),
        "curve": curve,
        "no curve": Curve(()),
        "judgement": judgement,
        "verdict": judgement.publication,
        "unsupported": unsupported,
    }


OBJECTS = objects()
every_object = pytest.mark.parametrize("name", OBJECTS)


@every_object
def test_in_a_console_it_takes_three_lines_at_most(name):
    text = repr(OBJECTS[name])
    assert text.startswith(type(OBJECTS[name]).__name__)
    assert len(text) <= 240
    assert "\n" not in text


def shown(value):
    return Page(value._repr_html_())


@every_object
def test_it_is_whole_html_and_the_same_every_time(name):
    assert shown(OBJECTS[name]).text
    assert OBJECTS[name]._repr_html_() == objects()[name]._repr_html_()


@every_object
def test_every_column_and_row_of_a_table_has_a_header_and_the_table_a_caption(name):
    page = shown(OBJECTS[name])
    assert {head.get("scope") for head in page.of("th")} <= {"col", "row"}
    assert len(page.of("caption")) == len(page.of("table"))


@every_object
def test_it_sets_no_colour_of_text_but_white_on_a_badge(name):
    """Lab's themes decide: text that is black on dark cannot be read."""
    for _, attributes in shown(OBJECTS[name]).elements:
        rules = dict(
            rule.split(":", 1) for rule in (attributes.get("style") or "").split(";") if rule
        )
        if "color" in rules:
            assert rules["color"] == "#fff"
            assert rules["background"] in {
                mark.colour for mark in (*VERDICTS.values(), *OUTCOMES.values())
            }


@every_object
def test_it_needs_nothing_from_outside(name):
    markup = OBJECTS[name]._repr_html_()
    assert "http" not in markup
    assert "<script" not in markup


def test_what_is_not_registered_is_left_to_its_repr():
    assert as_html(object()) is None


def test_a_claim_shows_rule_readings_and_choices():
    text = shown(OBJECTS["claim"]).text
    for part in ("T1. Something is as it is.", "It must be so.", "as it says", "median, lowest"):
        assert part in text
    assert "Testable if" not in text


def test_a_claim_that_is_not_testable_says_why():
    assert "a forecast or a possibility. It lies ahead." in shown(OBJECTS["untestable"]).text


def test_an_estimate_shows_value_interval_and_every_row():
    text = shown(OBJECTS["estimate"]).text
    assert text.startswith("13 (12 to 14) t 2 observations: source families: a, b")
    assert "t:2 a a 4 value" in text
    assert "t:3 b b 4 value" in text


def test_many_rows_are_counted_and_not_all_shown():
    rows = tuple(
        Citation(table="t", row=n, source_id="a", family="a", grade=4) for n in range(2, 102)
    )
    page = shown(Estimate(value=1.0, citations=rows))
    assert "the first 12 of 100" in page.text
    assert len(page.of("tr")) == 13


def test_no_estimate_says_what_was_looked_for():
    assert shown(OBJECTS["no estimate"]).text == "No admissible evidence Looked for: no row for t"


def test_a_curve_counts_outcomes_by_reading_and_vintage():
    text = shown(OBJECTS["curve"]).text
    assert text.startswith("4 trials, and 8 more without one source family each")
    assert "literal publication 2 0 0 0 12 to 13" in text


def test_a_judgement_shows_both_vintages_in_words():
    page = shown(OBJECTS["judgement"])
    assert "at publication latest finding Measured 13 t (12 to 14); the criterion is" in page.text
    assert "verdict ✔ supported ✔ supported" in page.text
    assert "2: 100% pass, 0% fail, 0% unclear" in page.text


def test_a_table_shows_where_its_rows_come_from(project):
    table = Archive.read(project).load("trade/flows")
    text = shown(table).text
    assert "trade/flows: Goods trade of two countries" in text
    assert "nor_customs" in text
    assert f"of {len(table.frame)} rows" in text
    assert "USD million" in text


def test_a_table_that_scrolls_can_be_reached_by_keyboard(project):
    page = shown(Archive.read(project).load("trade/flows"))
    assert any(each.get("tabindex") == "0" and each.get("aria-label") for each in page.of("div"))


def test_evidence_lists_its_tables(project):
    from analysis.data.evidence import load_evidence

    evidence = load_evidence(project, ["maps/strait", "trade/flows"])
    assert "Goods trade of two countries" in shown(evidence).text
    assert "maps/strait" in shown(evidence).text


def saying(words):
    return replace(OBJECTS["claim"], statement=words, rule=words, tables=(words,))


@given(st.text(min_size=1))
def test_no_text_can_become_markup(words):
    assert shown(saying(words)).elements == shown(saying("words")).elements


def test_no_text_of_an_object_is_a_formula_in_a_notebook():
    for name, value in OBJECTS.items():
        assert as_html(value).startswith('<div class="mathjax_ignore '), name


@given(st.lists(st.lists(st.text(), min_size=2, max_size=2)))
def test_a_table_has_its_rows_and_no_other(rows):
    cells = [[html.text(cell) for cell in row] for row in rows]
    page = Page(html.table(["a", "b"], cells, caption="c", numeric=(1,)))
    assert len(page.of("tr")) == len(rows) + 1
