"""The figure of lists: places with what is open, items left out, and a checklist."""

from __future__ import annotations

from dataclasses import replace

import pytest
from builders import claim, evidence, frame, run

from analysis import figures

LONG = "polyacetals and other polyethers in primary forms"
LIST = {
    "part": "goods",
    "table": "t/goods",
    "value": "pct",
    "percent": True,
    "by": "code",
    "where": {},
}


def goods(**shares: float) -> evidence:
    return evidence({"t/goods": frame([{"code": c, "pct": pct} for c, pct in shares.items()])})


def named(**changes):
    usual = {
        "asks": "precision",
        "claimed": 0.7,
        "k": 3,
        "lists": [LIST],
        "named": {LONG: {"HS": ["a"]}, "jets": {"HS": ["z"]}, "tiny": {"HS": ["d"]}},
        "classification": "HS",
    }
    return claim("ranking", {**usual, **changes})


def placed():
    pairs = [{"part": f"the place of {of} among the partners", "of": of} for of in "bd"]
    return claim("ranking", {"asks": "place", "claimed": 2, "lists": [LIST], "pairs": pairs})


def listed(n: int = 12):
    members = [f"member {i}" for i in range(n)]
    parameters = {
        "asks": "listed",
        "claimed": 2,
        "members": members,
        "must": ["India"],
        "table": "t/list",
        "by": "who",
        "status": "in_force",
    }
    return claim("ranking", parameters)


CHECKS = evidence(
    {
        "t/list": frame(
            [
                {"who": who, "in_force": status, "kind": "treaty", "signed_on": "2018"}
                for who, status in [("India", "yes"), ("member 1", "yes"), ("member 2", "unclear")]
            ]
        )
    }
)
NASTY = {
    "whole": (named(), goods(a=50, b=30, c=15, d=5)),
    "open": (named(), goods(a=50, d=0.001)),
    "empty": (named(), goods(b=50)),
    "marginal": (named(asks="marginal", claimed=0), goods(a=50, b=30, c=15, d=5)),
    "places": (placed(), goods(a=50, b=30, d=0.5)),
    "checklist": (listed(), CHECKS),
}


@pytest.mark.parametrize("name", NASTY)
def test_every_word_has_its_place(name, misplaced):
    drawing = figures.ranking(*run(*NASTY[name]))
    assert misplaced(drawing) == []
    assert drawing.svg() == figures.ranking(*run(*NASTY[name])).svg()


def test_the_plotted_places_and_the_alt_text():
    drawing = figures.ranking(*run(*NASTY["whole"]))
    rows = drawing.data.set_index("label")
    assert (rows.loc[LONG, "value"], rows.loc[LONG, "share"]) == (1, 50)
    assert rows.loc["tiny", "outcome"] == "below the top 3"
    assert rows.loc["code b", "outcome"] == "left out by the claim"
    assert f"{LONG.capitalize()}: 50 %, rank 1 (in the top 3)" in drawing.alt


def test_an_item_without_a_row_may_have_any_rank():
    drawing = figures.ranking(*run(*NASTY["open"]))
    jets = drawing.data.set_index("label").loc["jets"]
    assert jets["outcome"] == jets["text"] == "not in the table"
    assert jets["high"] == 100
    assert jets["share"] != jets["share"]  # it is not known
    hatched = [bar.get_width() for bar in drawing.figure.axes[0].patches if bar.get_hatch()]
    assert max(hatched) == 50  # it may be as large as the largest


def test_a_checklist_says_what_it_found_for_each_member():
    drawing = figures.ranking(*run(*NASTY["checklist"]))
    found = drawing.data.set_index("label")["outcome"]
    assert found["India"] == "yes"
    assert found["member 2"] == "unclear"
    assert found["member 3"] == "none found"


@pytest.mark.parametrize(
    ("comparison", "claimed", "which"),
    [
        ("at_most", "rank 2 or better", "rank 4, the worse of the two"),
        ("at_least", "rank 2 or worse", "rank 2, the better of the two"),
        ("equals", "rank exactly 2", "rank 4, the farther of the two"),
    ],
)
def test_the_words_of_a_place_are_those_of_its_comparison(comparison, claimed, which, misplaced):
    made = placed()
    made = replace(made, parameters={**made.parameters, "comparison": comparison})
    drawing = figures.ranking(*run(made, goods(a=50, b=30, c=15, d=5)))
    assert drawing.summary == f"Measured: {which}. Needed: {claimed}."
    assert claimed in drawing.alt
    assert misplaced(drawing) == []


@pytest.mark.parametrize("name", NASTY)
def test_a_tidy_frame_is_drawn_again(name):
    made = figures.ranking(*run(*NASTY[name]))
    again = figures.ranking(made.data)
    assert again.axes[0].get_xlim() == made.axes[0].get_xlim()
    assert again.axes[0].get_xlabel() == made.axes[0].get_xlabel()
    assert len(again.axes[0].texts) == len(made.axes[0].texts)
    if len(made.data) > 1:
        fewer = figures.ranking(made.data.iloc[:-1])
        assert len(fewer.axes[0].texts) == len(made.axes[0].texts) - 2
