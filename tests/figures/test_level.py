"""Measured alternatives against a claimed number."""

from __future__ import annotations

import random

import pytest
from builders import claim, evidence, frame, run

from analysis import figures
from analysis.figures.figure import Drawing

LONG = "customs of the united kingdom of norland and its overseas territories"


def drawn(values, *, title="A made-up claim", vintage="publication", **parameters) -> Drawing:
    """`values` maps (reporter, valuation) to (value, half of the rounding)."""
    rows = [
        {"reporter": who, "valuation": how, "v": value, "source_id": f"{who}_db"}
        for (who, how), value in values.items()
    ]
    reporters = list(dict.fromkeys(who for who, _ in values))
    valuations = list(dict.fromkeys(how for _, how in values))
    where = {"reporter": "{reporter}", "valuation": "{valuation}"}
    term = {"table": "x/t", "value": "v", "where": where, "rounding": 1}
    usual = {
        "measures": [{"reporter": reporters, "valuation": valuations, "terms": [term]}],
        "claimed": 75,
        "unit": "USD billion",
        "reporter": reporters[0],
        "valuation": valuations[0],
    }
    grid = {"reporter": reporters, "valuation": valuations}
    words = {name: parameters.pop(name) for name in ("statement",) if name in parameters}
    made = claim("level", {**usual, **parameters}, grid=grid, title=title, **words)
    return figures.level(*run(made, evidence({"x/t": frame(rows)}), vintage))


def many(n_reporters: int, n_valuations: int, name: str = "office") -> dict:
    chance = random.Random(1)
    return {
        (f"{name} {i}", f"valuation_basis_{j}"): chance.uniform(70, 80)
        for i in range(n_reporters)
        for j in range(n_valuations)
    }


CASES = {
    "few": {
        "values": {("Norland", "fob"): 76, ("Sudland", "fob"): 73, ("World Desk", "fob"): 75.2}
    },
    "one": {
        "values": {("a", "fob"): 75.5},
        "comparison": "rounds_to",
        "claimed": 75.5,
        "precision": 0.1,
    },
    "none": {"values": {("a", "fob"): 75.5}, "source": "nobody"},
    "many": {"values": many(5, 6)},
    "long names": {"values": many(3, 6, LONG), "title": f"What the {LONG} says of it"},
    "long word": {"values": {("x" * 70, "fob"): 76, ("y" * 70, "fob"): 70}},
    "huge range": {"values": {("a", "fob"): 3, ("b", "fob"): 7e6, ("c", "fob"): 4e13}},
    "huge range over zero": {"values": {("a", "fob"): -3, ("b", "fob"): 7e6}},
    "negative": {
        "values": {("a", "fob"): -3, ("b", "fob"): -20},
        "claimed": -5,
        "comparison": "within",
        "precision": 3,
        "indifference_zone": 1,
    },
    "zero": {"values": {("a", "fob"): 0, ("b", "fob"): 0.2}, "claimed": 0, "comparison": "at_most"},
    "tiny": {"values": {("a", "fob"): 2e-7}, "claimed": 1e-7, "unit": "ratio of something long"},
    "latest": {"values": {("a", "fob"): 76, ("b", "fob"): 74}, "vintage": "latest"},
}


@pytest.mark.parametrize("case", CASES)
def test_every_word_has_its_place(case, misplaced):
    assert misplaced(drawn(**CASES[case])) == []


def test_the_claimed_value_comes_first_and_every_measure_once():
    data = drawn({("a", "fob"): 76, ("b", "fob"): 74, ("c", "fob"): 74}).data
    assert data["mark"].tolist() == ["claimed", "measure", "measure"]
    assert data["value"].tolist() == [75, 76, 74]  # equal results are one measure
    assert data["outcome"].tolist()[1:] == ["passes", "fails"]
    assert (data["high"] - data["low"])[1:].tolist() == [1, 1]


def test_rows_say_where_they_are_from():
    data = drawn({("a", "fob"): 76, ("b", "fob"): 74}).data
    assert data["row"].tolist()[1:] == ["x/t:2", "x/t:3"]
    assert data["source_id"].tolist()[1:] == ["a_db", "b_db"]


def test_labels_are_the_choices_that_differ():
    data = drawn({("Norland", "fob"): 76, ("Sudland", "fob"): 74}).data
    assert data["label"].tolist()[1:] == ["Norland", "Sudland"]


def test_too_many_measures_are_counted():
    drawing = drawn(many(5, 6))
    assert (drawing.data["mark"] == "measure").sum() == 12
    assert " more are in the specification curve" in words_of(drawing)


def test_the_preferred_measure_is_emphasised():
    drawing = drawn({("Norland", "fob"): 73, ("Sudland", "fob"): 78})
    assert drawing.data["group"].tolist()[1:] == ["preferred", "alternative"]
    bold = [t.get_text() for t in drawing.figure.axes[0].texts if t.get_weight() == "bold"]
    assert bold == ["Norland", "73 (72.5 to 73.5)", "needed: more than 75"] or set(bold) == {
        "Norland", "73 (72.5 to 73.5)", "needed: more than 75"
    }  # fmt: skip


def test_results_that_a_reader_cannot_tell_apart_are_one_row():
    data = drawn({("a", "x"): 76.01, ("a", "y"): 76.02, ("b", "x"): 74.99, ("b", "y"): 75.9}).data
    assert data["label"].tolist()[1:] == [
        "reporter a",
        "reporter b, valuation y",
        "reporter b, valuation x",
    ]


@pytest.mark.parametrize(
    ("statement", "label"),
    [
        ("It is above 75 billion.", "the article: more than 75"),
        ("It is large.", "needed: more than 75"),
    ],
)
def test_the_audit_s_threshold_is_not_called_the_article_s(statement, label):
    drawing = drawn({("a", "fob"): 74, ("b", "fob"): 76}, statement=statement)
    assert drawing.data["label"].iloc[0] == label
    assert label in [text.get_text() for text in drawing.figure.axes[0].texts]
    assert ("the article's number" in words_of(drawing)) == label.startswith("the article")


def test_a_value_inside_a_bound_has_no_distance_from_it():
    said = "It is above 75 billion."
    assert "the article's number" not in words_of(drawn({("a", "fob"): 76}, statement=said))
    assert "above the article's number" in words_of(
        drawn({("a", "fob"): 76}, statement=said, comparison="below")
    )


def test_a_single_measure_is_a_number_beside_the_other():
    drawing = drawn({("a", "fob"): 76})
    shown = [text.get_text() for text in drawing.figure.axes[0].texts]
    assert shown[:4] == ["Needed", "75", "USD billion", "more than 75"]
    assert shown[4:6] == ["Measured", "76"]


def test_a_tidy_frame_is_drawn_again():
    data = drawn(many(2, 3)).data
    again = figures.level(data[data["outcome"].ne("fails")])
    assert len(again.axes[0].collections) > 0


def test_nothing_found_is_said_with_what_was_searched():
    drawing = drawn({("a", "fob"): 75.5}, source="nobody")
    text = words_of(drawing)
    assert "No admissible evidence: no row for v: x/t where reporter: a, valuation: fob." in text
    assert drawing.data["mark"].tolist() == ["claimed"]
    assert "no admissible evidence" in drawing.alt


def test_a_range_of_many_sizes_has_a_logarithmic_axis():
    assert drawn(**CASES["huge range"]).figure.axes[0].get_xscale() == "log"
    assert drawn(**CASES["huge range over zero"]).figure.axes[0].get_xscale() == "linear"


def test_the_number_is_a_line_over_what_would_do():
    axes = drawn({("a", "fob"): 76, ("b", "fob"): 74}).figure.axes[0]
    lines = [c for c in axes.collections if c.get_zorder() == 3 and len(c.get_paths()) < 3]
    assert 75 in {path.vertices[0][0] for line in lines for path in line.get_paths()}
    tint = axes.patches[0].get_extents().transformed(axes.transData.inverted())
    assert (tint.x0, tint.x1) == pytest.approx((75, axes.get_xlim()[1]))


def test_words_are_made_from_the_numbers():
    drawing = drawn({("Norland", "fob"): 76, ("Sudland", "fob"): 73})
    assert drawing.alt == (
        "Dot plot of 2 measures in USD billion against the claimed more than 75 USD billion. "
        "They reach from 73 to 76. Outcomes: passes 1, fails 1. "
        "Norland: 76 (75.5 to 76.5) (passes); Sudland: 73 (72.5 to 73.5) (fails)."
    )


def words_of(drawing: Drawing) -> str:
    return " ".join(" ".join(text.get_text().split()) for text in drawing.figure.texts)


def test_one_recipe_for_several_areas_has_a_row_for_each(misplaced):
    rows = [{"area": area, "pct": pct} for area, pct in (("north", 60.0), ("south", 40.0))]
    term = {"table": "x/t", "value": "pct", "where": {"area": "{area}"}}
    areas = {"area": ["north", "south", "west"]}
    parameters = {"measures": [{"terms": [term]}], "claimed": 50, "unit": "percent"}
    made = claim("level", {**parameters, "needed": 1, "across": areas})
    drawing = figures.level(*run(made, evidence({"x/t": frame(rows)})))
    data = drawing.data[drawing.data["mark"] == "measure"]
    assert dict(zip(data["label"], data["outcome"], strict=True)) == {
        "north": "passes", "south": "fails",
    }  # fmt: skip
    assert drawing.summary == (
        "Measured: 1 (1 to 2) of 3 by area. No row for pct: x/t where area: west. "
        "Needed: at least 1 of 3 by area, each more than 50 percent."
    )
    assert "North: 60 (passes); south: 40 (fails)" in drawing.alt
    assert misplaced(drawing) == []
